//! Writing a bundle.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, code_of, signed_out},
    host::Host,
    open::Session,
    permit::Permit,
    sync::{
        carried::Tell,
        exchange::Desk,
        files::{Documents, put_on_stick},
        held::have_of,
        judging::judge_the_rest,
        keys::{self, Keys, clinic_of},
        part::{Part, Readers},
        peer::Peer,
        turn::SyncTurn,
        wishes,
    },
};
use api::{ApiError, BundleWritten, FileAct, FileProgress, Origin, Topic};
use clinical::DeviceId;
use std::{
    fs::File,
    io::{self, BufWriter},
    path::{Path, PathBuf},
};
use sync::{
    bundle::{BundleHead, BundleWriter},
    have::Have,
    ids::DeviceId as Device,
    limits::{MESSAGE_BYTES_MAX, PUSH_BATCH_ENVELOPES},
    session::{Limit, Outgoing},
    wire::Brief,
};

/// How much is read at a time.
const LIMIT: Limit = Limit { envelopes: PUSH_BATCH_ENVELOPES, bytes: MESSAGE_BYTES_MAX };

/// A bundle to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBundle {
    /// A file that is not there yet.
    pub out: PathBuf,
    /// For which computer: what it is known to hold is left out. Everything when `None`.
    pub only_for: Option<DeviceId>,
}

impl<H: Host> App<H> {
    /// Seals what waits and writes all that is held here, or what one computer lacks, into a new
    /// file. `progress` is told of how many batches of how many were written.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; `not-found` of a computer the clinic does not know;
    /// `already-exists`, `disk-full` and the like: then there is no file; the store's.
    pub fn write_bundle(
        &self,
        write: &NewBundle,
        progress: impl FnMut(u64, u64),
    ) -> Result<BundleWritten, ApiError> {
        self.write_bundle_with((write, Documents::Wanted), progress)
    }

    /// The same, and writes documents beside it.
    ///
    /// # Errors
    /// As there.
    pub fn write_bundle_with(
        &self,
        write: (&NewBundle, Documents),
        mut progress: impl FnMut(u64, u64),
    ) -> Result<BundleWritten, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Host };
        let permit = session.permit_other(OtherDeed::WriteBundle)?;
        let mut told = |act, far: FileProgress| {
            if act == FileAct::WriteBundle {
                progress(far.count, far.count_of.unwrap_or_default());
            }
            Ok(())
        };
        self::write(&session, &permit, write, &mut told)
    }
}

/// Writes a bundle, as [`App::write_bundle`] does, until `progress` ends it.
///
/// # Errors
/// As there; those of `progress`, and then there is no file.
pub(super) fn write<H: Host, C>(
    session: &Session<'_, H>,
    permit: &Permit<C>,
    (write, documents): (&NewBundle, Documents),
    progress: &mut Tell<'_>,
) -> Result<BundleWritten, ApiError> {
    let turn = SyncTurn::wait(session);
    judge_the_rest(session)?;
    let keys = Keys::load(session)?;
    let reader = write.only_for.map(|device| Device(*device.uuid().as_bytes()));
    if reader.is_some_and(|reader| keys.members.device(reader).is_none()) {
        return Err(crate::error::not_found("computer"));
    }
    let peer = reader.map_or(Peer::Anyone, Peer::Computer);
    let name = peer.name();
    let mut desk = Desk::new(session, peer, keys)?;
    if session.open.store.counts().told()?.outbox > 0 || !wishes::due(session)?.is_empty() {
        desk.alone(Desk::seal_all)?;
    }
    desk.tend_erasing()?;
    desk.tend_belated()?;
    // Nothing leaves without its row.
    session.audit(permit, None)?;
    let lacks = match reader {
        Some(_) => have_of(session, &name)?,
        None => Have::new(),
    };
    let mut written =
        into_file(session.host, &write.out, |file| fill(&mut desk, &lacks, file, progress))?;
    // The record first: it is not held up by what there may be no room for; and no exchange is.
    drop(turn);
    written.documents = put_on_stick(session, &write.out, documents, progress)?;
    session.tell(vec![Topic::Sync]);
    Ok(written)
}

/// Why a bundle was not written.
enum Unwritten {
    File(io::Error),
    Store(ApiError),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<ApiError> for Unwritten {
    fn from(error: ApiError) -> Self {
        Self::Store(error)
    }
}

/// Writes what a reader lacks that holds `lacks` already.
fn fill<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    held: &Have,
    file: &File,
    progress: &mut Tell<'_>,
) -> Result<u64, Unwritten> {
    let beyond = desk.have.beyond(held);
    let all = beyond.iter().map(|lane| lane.through.saturating_sub(lane.after)).sum();
    let mut writer = BundleWriter::begin(BufWriter::new(file), &head(desk))?;
    writer.members(&keys::entries(desk.session())?)?;
    let mut after: Option<Brief> = None;
    let (mut done, mut bytes) = (0_u64, 0_u64);
    loop {
        let outgoing: Outgoing = desk.load_for_file(held.clone(), after, LIMIT)?;
        let Some(last) = outgoing.envelopes.last() else { break };
        after = Some(Brief { lane: last.header().lane(), position: last.position() });
        done = done.saturating_add(u64::try_from(outgoing.envelopes.len()).unwrap_or(u64::MAX));
        let lengths = outgoing.envelopes.iter().map(|one| one.encoded_len());
        bytes = lengths
            .fold(bytes, |sum, one| sum.saturating_add(u64::try_from(one).unwrap_or(u64::MAX)));
        writer.envelopes(outgoing)?;
        let (count, count_of) = (done.min(all), Some(all));
        progress(FileAct::WriteBundle, FileProgress { count, count_of, bytes, bytes_of: None })?;
    }
    let (envelopes, file) = writer.end(desk.keys.signer.as_ref())?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(envelopes)
}

fn head<H: Host>(desk: &Desk<'_, '_, H>) -> BundleHead {
    BundleHead {
        clinic: clinic_of(desk.session()),
        device: desk.keys.device,
        made_at_ms: desk.session().host.now().unix_ms(),
        members: desk.keys.members.head(),
        have: desk.have.clone(),
    }
}

/// Fills a new file.
fn into_file<H: Host>(
    host: &H,
    out: &Path,
    fill: impl FnOnce(&File) -> Result<u64, Unwritten>,
) -> Result<BundleWritten, ApiError> {
    let write = || {
        let part = Part::create(host, out, Readers::Anyone)?;
        let envelopes = fill(part.file())?;
        let bytes = part.name(out)?;
        let file = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(BundleWritten { file, envelopes, bytes, documents: None })
    };
    write().map_err(|unwritten| match unwritten {
        Unwritten::File(error) => cannot_write(out, &error),
        Unwritten::Store(error) => error,
    })
}

fn cannot_write(out: &Path, error: &io::Error) -> ApiError {
    let detail = format!(
        "No bundle was written, and nothing was lost: {} cannot be written ({error}).",
        out.display()
    );
    ApiError::new(code_of(error), detail)
}
