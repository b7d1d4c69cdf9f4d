//! Taking a bundle in.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::Host,
    open::Session,
    people::part_with_removed,
    permit::Permit,
    sync::{
        carried::Tell,
        erasing,
        exchange::Desk,
        files::{Documents, take_from_stick},
        held::have_row,
        keys::{self, Keys, clinic_of},
        peer::Peer,
        state::keep_alarms,
        turn::SyncTurn,
    },
};
use api::{ApiError, BundleEnded, BundleTaken, ErrorCode, FileAct, FileProgress, Origin, Topic};
use clinical::{DeviceId, Instant};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};
use sync::{
    bundle::{Block, BundleEnd, BundleError, BundleHead, BundleReader},
    envelope::Envelope,
    membership::SignedEntry,
    session::{Alarm, Failure},
};
use uuid::Uuid;

impl<H: Host> App<H> {
    /// Takes a bundle in, as far as it can be read, and of the documents beside it those that are
    /// kept on this computer; twice is the same as once. `progress` is told of how many bytes of how
    /// many were read.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; `unreadable-file` of one that is not there, is no bundle, of
    /// a newer form or of another clinic: nothing was taken in; the store's.
    pub fn read_bundle(
        &self,
        file: &Path,
        progress: impl FnMut(u64, u64),
    ) -> Result<BundleTaken, ApiError> {
        self.read_bundle_with((file, Documents::Wanted), progress)
    }

    /// The same, with other documents.
    ///
    /// # Errors
    /// As there.
    pub fn read_bundle_with(
        &self,
        file: (&Path, Documents),
        mut progress: impl FnMut(u64, u64),
    ) -> Result<BundleTaken, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let permit = session.permit_other(OtherDeed::ReadBundle)?;
        let mut told = |act, far: FileProgress| {
            if act == FileAct::ReadBundle {
                progress(far.bytes, far.bytes_of.unwrap_or_default());
            }
            Ok(())
        };
        read(&session, &permit, file, &mut told)
    }
}

/// Takes a bundle in, as [`App::read_bundle`] does, until `progress` ends it.
///
/// # Errors
/// As there.
pub(super) fn read<H: Host, C>(
    session: &Session<'_, H>,
    permit: &Permit<C>,
    (file, documents): (&Path, Documents),
    progress: &mut Tell<'_>,
) -> Result<BundleTaken, ApiError> {
    let turn = SyncTurn::wait(session);
    let failed = |error: io::Error| cannot_read(file, &error);
    // Opening something else than a file may wait for ever.
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("it is no file")));
    }
    let input = File::open(file).map_err(failed)?;
    let bytes = input.metadata().map_err(failed)?.len();
    let reader = BundleReader::begin(BufReader::new(input));
    let reader = reader.map_err(|error| not_ours(file, &error))?;
    if reader.head().clinic != clinic_of(session) {
        return Err(of_another_clinic(file));
    }
    session.audit(permit, None)?;
    let keys = Keys::load(session)?;
    let peer = Peer::Computer(reader.head().device);
    let desk = Desk::new(session, peer, keys)?;
    let mut told = |count, done| {
        let far = FileProgress { count, count_of: None, bytes: done, bytes_of: Some(bytes) };
        progress(FileAct::ReadBundle, far)
    };
    let mut taken = Taking { desk, reader, new: 0, set_aside: 0 }.run(&mut told)?;
    part_with_removed(session)?;
    erasing::sweep(session);
    // A large one is in no exchange's way.
    drop(turn);
    if taken.ended != BundleEnded::Stopped {
        taken.documents = take_from_stick(session, file, documents, progress)?;
    }
    session.tell(vec![Topic::Sync]);
    Ok(taken)
}

/// A bundle being taken in.
struct Taking<'a, 's, H, R> {
    desk: Desk<'a, 's, H>,
    reader: BundleReader<R>,
    new: u64,
    /// Of the new ones, how many were set aside.
    set_aside: u64,
}

impl<H: Host, R: Read> Taking<'_, '_, H, R> {
    /// `progress` is told of how many batches and bytes were read, and may end it.
    fn run(
        mut self,
        progress: &mut dyn FnMut(u64, u64) -> Result<(), ApiError>,
    ) -> Result<BundleTaken, ApiError> {
        let ended = loop {
            let block = match self.reader.next_block() {
                Ok(block) => block,
                Err(error) => break ended_by(&error),
            };
            if let Some(ended) = self.take(block)? {
                break ended;
            }
            if progress(self.reader.envelopes(), self.reader.bytes()).is_err() {
                break BundleEnded::Stopped;
            }
        };
        let session = self.desk.session();
        keep_alarms(session, &self.desk.alarms)?;
        let BundleHead { device, made_at_ms, .. } = *self.reader.head();
        let device = DeviceId::from_uuid(Uuid::from_bytes(device.0));
        Ok(BundleTaken {
            device,
            name: keys::device_names(session)?.remove(&device),
            made_at: Instant::from_unix_ms(made_at_ms),
            envelopes: self.reader.envelopes(),
            new: self.new,
            set_aside: self.set_aside,
            ended,
            documents: None,
        })
    }

    /// Takes a block in; answers how the bundle ended, where it does.
    fn take(&mut self, block: Block) -> Result<Option<BundleEnded>, ApiError> {
        match block {
            Block::Members(entries) => self.take_members(&entries),
            Block::Envelopes { keys, envelopes } => {
                let session = self.desk.session();
                let (new, aside) = self.desk.alone(|desk| {
                    let before = aside(session, &envelopes)?;
                    // Nobody has said yet that the file is a computer's of this clinic.
                    let tags: BTreeSet<_> =
                        envelopes.iter().map(|envelope| envelope.header().doc_tag).collect();
                    let of_them: Vec<_> =
                        keys.iter().filter(|key| tags.contains(&key.doc_tag)).cloned().collect();
                    desk.take_keys(&of_them)?;
                    let new = desk.take_envelopes(&envelopes)?;
                    Ok((new, aside(session, &envelopes)?.saturating_sub(before)))
                })?;
                self.new = self.new.saturating_add(new);
                self.set_aside = self.set_aside.saturating_add(aside);
                Ok(None)
            }
            Block::End(end) => Ok(Some(self.end(&end)?)),
        }
    }

    /// Takes the entries in that are not here; those that are must be the same.
    fn take_members(&mut self, entries: &[SignedEntry]) -> Result<Option<BundleEnded>, ApiError> {
        // What nobody signed is no list of anybody's.
        if !entries.iter().all(SignedEntry::is_signed) {
            return Ok(Some(BundleEnded::Damaged));
        }
        let here = keys::entries(self.desk.session())?;
        let known = |entry: &SignedEntry| {
            usize::try_from(entry.entry().index).ok().and_then(|index| here.get(index))
        };
        let contradicts =
            |entry: &&SignedEntry| known(entry).is_some_and(|known| known.hash() != entry.hash());
        let new: Vec<_> = entries.iter().filter(|entry| known(entry).is_none()).cloned().collect();
        let is_forked = entries.iter().any(|entry| contradicts(&entry));
        if is_forked
            || (!new.is_empty() && self.desk.alone(|desk| desk.take_members(&new))?.is_err())
        {
            self.desk.alarms.push(Alarm::Distrusted(Failure::MembershipForked));
            return Ok(Some(BundleEnded::MembersContradict));
        }
        Ok(None)
    }

    /// What the writer says it holds counts once it is proven that the writer says so.
    fn end(&self, end: &BundleEnd) -> Result<BundleEnded, ApiError> {
        let head = self.reader.head();
        let device = self.desk.keys.members.device(head.device);
        if !device.is_some_and(|device| end.is_signed_by(&device.sign_key)) {
            return Ok(BundleEnded::Altered);
        }
        let peer = Peer::Computer(head.device).name();
        let rows: Vec<_> = head.have.iter().map(|(lane, at)| have_row(&peer, lane, at)).collect();
        self.desk.session().open.store.replace_have(&peer, &rows).told()?;
        Ok(BundleEnded::Whole)
    }
}

/// How many of some envelopes are set aside here.
fn aside<H: Host>(session: &Session<'_, H>, envelopes: &[Envelope]) -> Result<u64, ApiError> {
    let store = &session.open.store;
    envelopes.iter().try_fold(0, |count, envelope| {
        Ok(count + u64::from(store.is_set_aside(&envelope.id().0).told()?))
    })
}

const fn ended_by(error: &BundleError) -> BundleEnded {
    match error {
        BundleError::CutOff => BundleEnded::CutOff,
        BundleError::NotABundle | BundleError::Newer(_) | BundleError::Damaged(_) => {
            BundleEnded::Damaged
        }
        BundleError::Altered => BundleEnded::Altered,
        BundleError::File(_) => BundleEnded::Unreadable,
    }
}

fn cannot_read(file: &Path, error: &io::Error) -> ApiError {
    let detail = format!("Nothing was taken in: {} cannot be read ({error}).", file.display());
    ApiError::new(ErrorCode::UnreadableFile, detail)
}

fn not_ours(file: &Path, error: &BundleError) -> ApiError {
    let why = match error {
        BundleError::File(error) => return cannot_read(file, error),
        BundleError::NotABundle => {
            "is no file that another computer of the clinic wrote".to_owned()
        }
        BundleError::Newer(_) => {
            "was written by a newer Fieldchart: update this computer".to_owned()
        }
        BundleError::CutOff => "is cut off at its beginning: copy it again".to_owned(),
        BundleError::Damaged(_) | BundleError::Altered => {
            "is damaged at its beginning: copy it again".to_owned()
        }
    };
    ApiError::new(
        ErrorCode::UnreadableFile,
        format!("Nothing was taken in: {} {why}.", file.display()),
    )
}

fn of_another_clinic(file: &Path) -> ApiError {
    let detail = format!("Nothing was taken in: {} belongs to another clinic.", file.display());
    ApiError::new(ErrorCode::UnreadableFile, detail)
}
