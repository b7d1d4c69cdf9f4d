//! Files that carry the record from computer to computer.

use super::{Desk, chart::by_the_clock, parse, places::unwritten, show};
use crate::{failure::Failure, terminal::Progress};
use api::{ApiError, BundleEnded, ErrorCode};
use app::{Documents, NewBundle};
use std::path::Path;

/// Writes a file for other computers.
pub(super) fn write(
    desk: &Desk,
    (out, documents): (&Path, Option<u32>),
    only_for: Option<&str>,
) -> Result<(), Failure> {
    desk.sign_in()?;
    let only_for = only_for.map(parse).transpose()?;
    let write = NewBundle { out: out.to_owned(), only_for };
    let progress = Progress::new("writing");
    let watch = |done, all| progress.at(done, all);
    let what = (&write, which(documents));
    let written = desk.app.write_bundle_with(what, watch);
    let written = written.map_err(|error| desk.failed(unwritten(error, out)))?;
    drop(progress);
    desk.output.answer(&written, |written| show::bundle_written(written, out));
    Ok(())
}

/// Takes in a file that another computer wrote. It fails where the file could not be read to its
/// end; what came before is taken in.
pub(super) fn read(desk: &Desk, file: &Path, documents: Option<u32>) -> Result<(), Failure> {
    desk.sign_in()?;
    let progress = Progress::new("taking in");
    let watch = |done, all| progress.at(done, all);
    let what = (file, which(documents));
    let taken = desk.app.read_bundle_with(what, watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    by_the_clock(desk, |clock| {
        desk.output.answer(&taken, |taken| show::bundle_taken(taken, clock));
    });
    let Some(why) = why_not_whole(taken.ended) else { return Ok(()) };
    let detail = format!("{}: {why} What came before is taken in, and kept.", file.display());
    Err(desk.failed(ApiError::new(ErrorCode::UnreadableFile, detail)))
}

/// Which documents go along, up to how many MB.
fn which(documents: Option<u32>) -> Documents {
    documents.map_or(Documents::Wanted, |mb| Documents::UpTo(u64::from(mb) * 1_000_000))
}

const fn why_not_whole(ended: BundleEnded) -> Option<&'static str> {
    match ended {
        BundleEnded::Whole => None,
        BundleEnded::CutOff => Some("it is cut off. Copy it again and take it in once more."),
        BundleEnded::Damaged => Some("it is damaged. Copy it again and take it in once more."),
        BundleEnded::Altered => Some("it is not what its computer wrote. Have it written anew."),
        BundleEnded::MembersContradict => Some(
            "its list of the clinic's computers is another than the one here. Ask an administrator.",
        ),
        BundleEnded::Unreadable => Some("it cannot be read on. Plug it in again, or copy it anew."),
        BundleEnded::Stopped => Some("it was stopped. Take it in once more."),
    }
}
