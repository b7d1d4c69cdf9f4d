//! Serving other computers of the clinic over the LAN: the server's answers, over this store. Who
//! asks was proved by TLS.

mod log;
mod newcomer;
mod read;

pub use newcomer::LanCallers;

use crate::{
    App,
    audit::OtherDeed,
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{
        erasing,
        exchange::Desk,
        floor,
        keys::{self, Keys, clinic_of, device_of},
        lacking::lane_after,
        lan::is_lan_off,
        met::{note_met, was_met},
        peer::Peer,
        state::keep_alarms,
        turn::SyncTurn,
        wishes,
    },
};
use api::{ApiError, Origin, Topic};
use std::sync::Arc;
use sync::{
    ids::{ClinicId, DeviceId, VerifyKey},
    limits::BLOB_PART_BYTES_MAX,
    log::LogError,
    membership::SignedEntry,
    serve,
    signing::Signer,
    wire::{
        BlobPart, BlobPartRequest, BlobsHeld, BlobsRequest, Frame, HelloRequest, Item, KeysRequest,
        LaneRequest, LogVerdict, MembersPage, MembersPush, MembersReply, MembersRequest,
        PullRequest, PushRequest, Refusal, RefusalCode, Verdict, path,
    },
};

use log::ServedLog;

/// What the hint of a clinic is derived of, for ever.
const HINT_WORD: &str = "lan-hint";
/// Enough to tell clinics apart; nobody without the clinic's keys can tell which it is.
const HINT_BYTES: usize = 8;

/// Envelopes of a lane that are read for one answer: packs are large, and a frame holds few.
const LANE_ROWS: u32 = 4;

/// How a computer shows itself to others of its clinic.
#[derive(Clone)]
pub struct LanIdentity {
    /// Signs with the computer's key.
    pub signer: Arc<dyn Signer + Send + Sync>,
    /// Equal for all computers of the clinic, and nothing to anybody else.
    pub hint: String,
}

impl<H: Host> App<H> {
    /// With what this computer proves to others of the clinic who it is, and how they know that it
    /// is one of theirs; `None` while nobody is signed in.
    pub fn lan_identity(&self) -> Option<LanIdentity> {
        let open = self.opened()?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let keys = Keys::load(&session).ok()?;
        let clinic = clinic_of(&session);
        let hint = keys.clinic_keys.doc_tag_key().derive_doc_tag(HINT_WORD, &clinic.0);
        let hint = crate::hex::hex(hint.get(..HINT_BYTES)?);
        Some(LanIdentity { signer: keys.signer, hint })
    }

    /// Answers a frame that the computer with this key sent to one of the paths of the protocol:
    /// with a frame, or with why not.
    ///
    /// # Errors
    /// [`Refusal`]: nothing was done.
    pub fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> Result<Vec<u8>, Refusal> {
        let open = self.opened().ok_or(Refusal::of(RefusalCode::Unavailable))?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let unavailable = |_: ApiError| Refusal::of(RefusalCode::Unavailable);
        let _permit = session.permit_other(OtherDeed::Sync).map_err(unavailable)?;
        if is_lan_off(&session).map_err(unavailable)? {
            return Err(Refusal::of(RefusalCode::Unavailable));
        }
        // Before who belongs to the clinic is read: nobody is removed in between.
        let alone = takes_in(path).then(|| open.store.turns().take_in_beside());
        let keys = Keys::load(&session).map_err(unavailable)?;
        let device = keys.device_of_key(caller).ok_or(Refusal::of(RefusalCode::UnknownDevice))?;
        let answered = Answering { session: &session, keys, device }.answer(path, frame);
        open.store.turns().asked_by(device, session.host.now());
        drop(alone);
        // What it told may be for this computer to enter.
        if path == path::PUSH && answered.is_ok() {
            wishes::enter_here(&session).map_err(failed)?;
        }
        answered
    }

    /// Whether the computer of this id was given all there is here, over the local network, and has asked
    /// for nothing more for so many milliseconds.
    ///
    /// # Errors
    /// `signed-out`; the store's.
    pub fn is_served(&self, device: clinical::DeviceId, quiet_ms: i64) -> Result<bool, ApiError> {
        self.with_session(Origin::Sync, |session| {
            let device = DeviceId(*device.uuid().as_bytes());
            let Some(asked) = session.open.store.turns().last_asked_by(device) else {
                return Ok(false);
            };
            let is_quiet = asked.unix_ms().saturating_add(quiet_ms) < session.host.now().unix_ms();
            Ok(is_quiet && was_met(session, device)?)
        })
    }
}

/// One request of another computer.
struct Answering<'a, 's, H> {
    session: &'a Session<'s, H>,
    keys: Keys,
    device: DeviceId,
}

impl<H: Host> Answering<'_, '_, H> {
    fn answer(self, path: &str, frame: &[u8]) -> Result<Vec<u8>, Refusal> {
        match path {
            path::HELLO => self.hello(&read(frame)?),
            path::PULL => self.pull(&read(frame)?),
            path::PUSH => self.push(&read(frame)?),
            path::KEYS => self.keys_page(&read(frame)?),
            path::MEMBERS => self.members(read(frame)?),
            path::MEMBERS_PUSH => self.members_push(&read(frame)?),
            path::LANE => self.lane(&read(frame)?),
            path::BLOBS => self.blobs(&read(frame)?),
            path::BLOB_PART => self.blob_part(read(frame)?),
            _ => Err(Refusal::of(RefusalCode::NotFound)),
        }
    }

    fn hello(self, request: &HelloRequest) -> Result<Vec<u8>, Refusal> {
        if request.device != self.device {
            return Err(Refusal::of(RefusalCode::UnknownDevice));
        }
        let (session, device) = (self.session, self.device);
        session.open.store.turns().serve_anew(device);
        // Before more is sealed: what it has read is all there was.
        if is_another(session, device) {
            read::note_read(session, device, request.cursor).map_err(failed)?;
        }
        self.seal_waiting()?;
        let head = self.keys.members.head();
        let now_ms = session.host.now().unix_ms();
        let log = self.log()?;
        let reply = serve::hello(&log, request, head, now_ms).map_err(|error| refused(&error))?;
        let has_read_all = request.cursor.is_some_and(|cursor| cursor.mark.seq == reply.head);
        if has_read_all && reply.log == LogVerdict::Same {
            note(session, device, (0, 0))?;
        }
        Ok(reply.to_frame())
    }

    /// Seals what waits, what was erased here, and what came in belatedly, so that it travels by being
    /// asked for: this computer may reach nobody itself. Where an exchange goes on, that one seals.
    fn seal_waiting(&self) -> Result<(), Refusal> {
        let waits = self.session.open.store.counts().told().map_err(failed)?.outbox > 0;
        let waits = waits || !wishes::due(self.session).map_err(failed)?.is_empty();
        let waits = waits || erasing::is_due(self.session).map_err(failed)?;
        let waits = waits || floor::is_belated_due(self.session).map_err(failed)?;
        let turn = if waits { SyncTurn::take(self.session) } else { None };
        let Some(_turn) = turn else { return Ok(()) };
        let keys = Keys::load(self.session).map_err(failed)?;
        let peer = Peer::Computer(self.device);
        let mut desk = Desk::new(self.session, peer, keys).map_err(failed)?;
        desk.alone(Desk::seal_some).map_err(failed)?;
        match desk.tend_erasing() {
            Ok(true) => erasing::sweep(self.session),
            Ok(false) => {}
            // It is done with the next exchange: what is here is given all the same.
            Err(error) => tracing::warn!(code = ?error.code, "what was erased could not be told"),
        }
        if let Err(error) = desk.tend_belated() {
            tracing::warn!(code = ?error.code, "what came in belatedly could not be sealed");
        }
        Ok(())
    }

    fn pull(self, request: &PullRequest) -> Result<Vec<u8>, Refusal> {
        let (session, device, head) = (self.session, self.device, self.keys.members.head());
        let page = serve::pull(&self.log()?, request, head).map_err(|error| refused(&error))??;
        let sent = page.items.iter().filter(|item| matches!(item, Item::Whole(_))).count();
        let carried = (u64::try_from(sent).unwrap_or(u64::MAX), 0);
        // Where it asks for no more, it has what comes behind.
        let asked = usize::try_from(request.items).unwrap_or(usize::MAX);
        if page.end.seq >= page.head || page.items.len() >= asked {
            note(session, device, carried)?;
        } else {
            session.open.store.turns().served(device, carried);
        }
        Ok(page.to_frame())
    }

    /// A stretch of a lane, as far as it is here: who asks takes it for no more than that.
    fn lane(self, request: &LaneRequest) -> Result<Vec<u8>, Refusal> {
        self.check(request.clinic)?;
        let LaneRequest { clinic, lane, after, through } = *request;
        let mut envelopes = lane_after(self.session, lane, after, LANE_ROWS).map_err(failed)?;
        envelopes.retain(|envelope| envelope.header().counter <= through);
        let outgoing = self.desk()?.with_keys(envelopes).map_err(failed)?;
        Ok(serve::lane(clinic, outgoing).to_frame())
    }

    fn keys_page(self, request: &KeysRequest) -> Result<Vec<u8>, Refusal> {
        Ok(serve::keys(&self.log()?, request).map_err(|error| refused(&error))?.to_frame())
    }

    fn push(self, request: &PushRequest) -> Result<Vec<u8>, Refusal> {
        let (session, device) = (self.session, self.device);
        let members = self.keys.members.clone();
        let log = self.log()?;
        let reply =
            serve::push(&log, &members, device, request).map_err(|error| refused(&error))??;
        keep_alarms(session, &log.into_alarms()).map_err(failed)?;
        let is_news =
            |verdict: &Verdict| matches!(verdict, Verdict::Stored { .. } | Verdict::Forked { .. });
        let received = reply.verdicts.iter().filter(|verdict| is_news(verdict)).count();
        if received > 0 {
            note(session, device, (0, u64::try_from(received).unwrap_or(u64::MAX)))?;
        }
        Ok(reply.to_frame())
    }

    fn members(self, request: MembersRequest) -> Result<Vec<u8>, Refusal> {
        let entries = keys::entries(self.session).map_err(failed)?;
        let head = self.keys.members.head();
        Ok(MembersPage { entries: page_of(&entries, request.from).to_vec(), head }.to_frame())
    }

    fn members_push(self, push: &MembersPush) -> Result<Vec<u8>, Refusal> {
        let session = self.session;
        let entries = keys::entries(session).map_err(failed)?;
        let known = (&self.keys.members, entries.as_slice());
        let outcome = serve::members_from_device(known, push);
        let mut reply: MembersReply = outcome.reply;
        if !outcome.append.is_empty() {
            let mut desk = self.desk()?;
            let stored = desk.take_members(&outcome.append).map_err(failed)?;
            reply.head = stored.map_err(|_| Refusal::of(RefusalCode::Malformed))?;
            crate::people::part_with_removed(session).map_err(failed)?;
            session.tell(vec![Topic::Sync]);
        }
        Ok(reply.to_frame())
    }
}

/// Sealed bytes of files, as they lie here: whoever gets them holds them against their name.
impl<H: Host> Answering<'_, '_, H> {
    /// Which of some are here.
    fn blobs(self, request: &BlobsRequest) -> Result<Vec<u8>, Refusal> {
        self.check(request.clinic)?;
        let files = self.session.open.store.files();
        let ids = request.ids.iter().copied().filter(|id| files.has(&id.0)).collect();
        Ok(BlobsHeld { ids }.to_frame())
    }

    fn blob_part(self, request: BlobPartRequest) -> Result<Vec<u8>, Refusal> {
        self.check(request.clinic)?;
        let files = self.session.open.store.files();
        let part = files.part_from(&request.id.0, request.from, BLOB_PART_BYTES_MAX);
        let part = part.map_err(|error| {
            tracing::warn!(kind = ?error.kind(), "a file that is here cannot be read");
            Refusal::of(RefusalCode::Unavailable)
        })?;
        let (bytes, part) = part.ok_or(Refusal::of(RefusalCode::NotFound))?;
        if part.is_empty() {
            return Err(Refusal::of(RefusalCode::Malformed));
        }
        Ok(BlobPart { bytes, part }.to_frame())
    }

    fn check(&self, clinic: ClinicId) -> Result<(), Refusal> {
        let is_ours = clinic == clinic_of(self.session);
        if is_ours { Ok(()) } else { Err(Refusal::of(RefusalCode::UnknownClinic)) }
    }
}

impl<'a, 's, H: Host> Answering<'a, 's, H> {
    fn log(self) -> Result<ServedLog<'a, 's, H>, Refusal> {
        Ok(ServedLog::new(self.session, self.desk()?))
    }

    fn desk(self) -> Result<Desk<'a, 's, H>, Refusal> {
        Desk::new(self.session, Peer::Computer(self.device), self.keys).map_err(failed)
    }
}

/// As much of the list from a place on as goes into one answer.
fn page_of(entries: &[SignedEntry], from: u32) -> &[SignedEntry] {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let wanted = entries.get(from..).unwrap_or_default();
    wanted.get(..serve::members_page_len(wanted)).unwrap_or_default()
}

/// Notes that something went to a computer or came from it, and tells who shows how it stands.
fn note<H: Host>(
    session: &Session<'_, H>,
    device: DeviceId,
    carried: (u64, u64),
) -> Result<(), Refusal> {
    if !is_another(session, device) {
        return Ok(());
    }
    let went = session.open.store.turns().served(device, carried);
    if note_met(session, device, Ok(went)).map_err(failed)? {
        session.tell(vec![Topic::Sync]);
    }
    Ok(())
}

/// Whether a caller is another computer than this one. Who comes with this computer's own key is a copy
/// of it, which may have its work from here; what it holds is not what another computer holds.
fn is_another<H: Host>(session: &Session<'_, H>, device: DeviceId) -> bool {
    device != device_of(session)
}

/// Whether something of what is sent to a path is kept.
fn takes_in(path: &str) -> bool {
    [path::PUSH, path::MEMBERS_PUSH].contains(&path)
}

fn read<T: Frame>(frame: &[u8]) -> Result<T, Refusal> {
    T::from_frame(frame).map_err(|_| Refusal::of(RefusalCode::Malformed))
}

fn failed(_: ApiError) -> Refusal {
    Refusal::of(RefusalCode::Unavailable)
}

fn refused(error: &LogError) -> Refusal {
    Refusal::of(match error {
        LogError::UnknownClinic => RefusalCode::UnknownClinic,
        LogError::Busy => RefusalCode::Busy,
        LogError::Full => RefusalCode::Full,
        LogError::OverQuota => RefusalCode::OverQuota,
        LogError::Damaged(_) => RefusalCode::Damaged,
        LogError::Append(_) | LogError::Read(_) => RefusalCode::Unavailable,
    })
}
