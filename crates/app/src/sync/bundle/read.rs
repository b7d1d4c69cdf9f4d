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
        mending::{Mended, mend_with, wrap_here},
        peer::Peer,
        server::server_of,
        state::keep_alarms,
        turn::SyncTurn,
        wishes::enter_here,
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
    membership::{Members, SignedEntry},
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
    let is_own = reader.head().device == keys.device;
    let peer = Peer::Computer(reader.head().device);
    let desk = Desk::new(session, peer, keys)?;
    let mut told = |count, done| {
        let far = FileProgress { count, count_of: None, bytes: done, bytes_of: Some(bytes) };
        progress(FileAct::ReadBundle, far)
    };
    let list = Listed::of(desk.keys.members.clone());
    let taking = Taking { desk, reader, list, is_apart: false, new: 0, set_aside: 0 };
    let mut taken = taking.run(&mut told)?;
    part_with_removed(session)?;
    if server_of(session)?.is_none() {
        wrap_here(session)?;
    }
    if taken.ended == BundleEnded::Whole && !is_own {
        enter_here(session)?;
    }
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
    /// The list of computers, as far as it was read.
    list: Listed,
    /// It is no continuation of this computer's, nor this computer's of it.
    is_apart: bool,
    new: u64,
    /// Of the new ones, how many were set aside.
    set_aside: u64,
}

/// A list of computers that is read entry by entry: one that breaks its rules is let go of, so that
/// nobody fills the memory with what no computer of the clinic signed.
struct Listed {
    own: Members,
    state: Option<Members>,
    entries: Vec<SignedEntry>,
    is_broken: bool,
}

impl Listed {
    const fn of(own: Members) -> Self {
        Self { own, state: None, entries: Vec::new(), is_broken: false }
    }

    /// Takes the next entries in; whether they follow those before.
    fn take(&mut self, entries: Vec<SignedEntry>) -> bool {
        for entry in entries {
            if self.is_broken {
                break;
            }
            let is_next = match &mut self.state {
                Some(members) => members.apply(&entry).is_ok(),
                None => {
                    self.state = Members::found(&entry).ok().filter(|it| self.is_ours(it));
                    self.state.is_some()
                }
            };
            self.is_broken = !is_next;
            self.entries.push(entry);
        }
        if self.is_broken {
            self.entries.clear();
        }
        !self.is_broken
    }

    fn is_ours(&self, members: &Members) -> bool {
        let own = &self.own;
        (members.clinic(), members.founding_key()) == (own.clinic(), own.founding_key())
    }
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
        let is_list = matches!(block, Block::Members(_));
        if self.is_apart && !is_list && !self.is_mended()? {
            return Ok(Some(self.contradicts()));
        }
        match block {
            Block::Members(entries) => self.take_members(entries),
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
    fn take_members(&mut self, entries: Vec<SignedEntry>) -> Result<Option<BundleEnded>, ApiError> {
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
        self.is_apart |= entries.iter().any(|entry| contradicts(&entry));
        let follows = self.list.take(entries);
        if !self.is_apart && !new.is_empty() {
            self.is_apart = self.desk.alone(|desk| desk.take_members(&new))?.is_err();
        }
        // One that breaks its rules is nobody's.
        Ok((self.is_apart && !follows).then(|| self.contradicts()))
    }

    fn contradicts(&mut self) -> BundleEnded {
        self.desk.alarms.push(Alarm::Distrusted(Failure::MembershipForked));
        BundleEnded::MembersContradict
    }

    /// Goes over to the file's list of computers, which was read to its end, where that may be. Of who
    /// goes over to this computer's by itself, what it wrote is taken in by this one's.
    fn is_mended(&mut self) -> Result<bool, ApiError> {
        let session = self.desk.session();
        match mend_with(session, std::mem::take(&mut self.list.entries))? {
            Mended::No => return Ok(false),
            Mended::Follows => {}
            Mended::Over => {
                let peer = Peer::Computer(self.reader.head().device);
                let alarms = std::mem::take(&mut self.desk.alarms);
                self.desk = Desk::new(session, peer, Keys::load(session)?)?;
                self.desk.alarms = alarms;
                self.desk.alarms.push(Alarm::MembersMended);
            }
        }
        self.is_apart = false;
        Ok(true)
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
