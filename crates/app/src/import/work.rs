//! The import at work: it ends whatever happens, and outlives nobody's session.

use super::{batch::Batch, files::Found, holder::Holder, name_of, progress::Watch};
use crate::host::Host;
use api::{ApiError, ErrorCode, Topic};
use interchange::{Import, Options};
use std::{
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Reads every file. What cannot be read or written is reported; the rest is taken in. However it
/// ends, a panic included, it has ended then.
pub(super) fn run<H: Host>(holder: &Holder<'_, H>, files: &[Found], mut watch: Watch<'_>) {
    let worked = catch_unwind(AssertUnwindSafe(|| work(holder, files, &mut watch)));
    if worked.is_err() {
        let detail = "The import broke off. What came until then is kept.";
        watch.fail(ApiError::new(ErrorCode::Internal, detail));
    }
    watch.over();
    holder.tell(vec![Topic::Import, Topic::Patients]);
}

fn work<H: Host>(holder: &Holder<'_, H>, files: &[Found], watch: &mut Watch<'_>) {
    let today = holder.with(|session| Ok(session.today())).unwrap_or_default();
    let mut import = Import::new(Options { today, ..Options::default() });
    let mut batch = Batch::new(holder);
    for found in files {
        watch.file_begun(found.len());
        if let Err(error) = read(&mut import, found, &mut batch, watch) {
            watch.fail(error);
            break;
        }
        watch.file_done();
        holder.tell(vec![Topic::Import]);
    }
    let report = import.finish(&mut |taken| batch.take(taken, watch));
    if let Err(error) = batch.finish(watch) {
        watch.fail(error);
    }
    let tidied = holder.with(|session| {
        if let Err(error) = session.open.store.optimize() {
            tracing::debug!(%error, "the search index was not tidied");
        }
        Ok(())
    });
    if tidied.is_err() {
        tracing::debug!("nobody is signed in to tidy the search index");
    }
    watch.report(files, &report, batch.tally());
}

fn read<H: Host>(
    import: &mut Import,
    found: &Found,
    batch: &mut Batch<'_, '_, H>,
    watch: &mut Watch<'_>,
) -> Result<(), ApiError> {
    let name = name_of(&found.path);
    if let Some(error) = &found.unread {
        watch.unreadable(&name, "folder", error);
        import.pass_over();
        return Ok(());
    }
    let file = match std::fs::File::open(&found.path) {
        Ok(file) => file,
        Err(error) => {
            watch.unreadable(&name, "file", &error);
            import.pass_over();
            return Ok(());
        }
    };
    let mut input = BufReader::with_capacity(1 << 20, file);
    let outcome = import.read(&name, &mut input, &mut |taken| batch.take(taken, watch));
    match outcome {
        Ok(()) => Ok(()),
        Err(interchange::ImportError::Stopped) => Err(batch.stopped()),
        Err(interchange::ImportError::Read(error)) => {
            watch.unreadable(&name, "file", &error);
            Ok(())
        }
    }
}
