//! The other side of a session: what a server, or a desktop that serves others, answers.
//!
//! Pure but for the log. Who asks was proved before: see [`crate::wire::TokenRequest`].

use crate::check::before_storing;
use crate::cursor::Cursor;
use crate::envelope::{Envelope, Kind};
use crate::have::Have;
use crate::ids::{ClinicId, DeviceId};
use crate::limits::{
    KEYS_PAGE_MAX, MEMBERSHIP_ENTRY_BYTES_MAX, MEMBERSHIP_PAGE_ENTRIES_MAX, PAGE_BYTES_MAX,
    PAGE_ITEMS_MAX,
};
use crate::log::{EnvelopeLog, ErasingTable, FloorLog, KeyTable, LogError, PageQuery, Standing};
use crate::membership::{EntryBody, EntryError, Members, MembersHead, Role, SignedEntry};
use crate::session::{Outgoing, fitting};
use crate::wire::{
    ErasePut, FloorPut, FloorStored, HelloReply, HelloRequest, KeysErased, KeysPage, KeysRequest,
    LogVerdict, MembersPush, MembersReply, MembersVerdict, OwnVerdict, PullPage, PullRequest,
    PushReply, PushRequest, Refusal, RefusalCode, Verdict, WrappedKey,
};

/// Answers a HELLO at `now_ms` of the server's clock.
///
/// # Errors
/// [`LogError`].
pub fn hello<L: EnvelopeLog + ?Sized>(
    log: &L,
    request: &HelloRequest,
    members: MembersHead,
    now_ms: i64,
) -> Result<HelloReply, LogError> {
    let read = request.cursor.map_or(0, |cursor| cursor.mark.seq);
    let Standing { bounds, have, at, keys_head } = log.standing(request.clinic, read)?;
    let own = own_verdict(request, &have);
    // The log has the cursor's place with the cursor's chain.
    let is_same = |cursor: Cursor| (cursor.log_epoch, cursor.mark) == (bounds.log_epoch, at);
    let log_verdict = match request.cursor {
        Some(cursor) if is_same(cursor) => LogVerdict::Same,
        Some(_) | None => LogVerdict::Other { log_epoch: bounds.log_epoch, have },
    };
    Ok(HelloReply {
        log: log_verdict,
        head: bounds.head.seq,
        floor: bounds.floor.seq,
        keys_head,
        own,
        members: (request.members != members).then_some(members),
        now_ms,
    })
}

fn own_verdict(request: &HelloRequest, have: &Have) -> OwnVerdict {
    let held: Vec<_> = have
        .of_device(request.device)
        .iter()
        .filter(|(lane, _)| !lane.is_unmet())
        .map(|(lane, position)| (lane.generation, position))
        .collect();
    if held.last().copied() == request.own { OwnVerdict::Same } else { OwnVerdict::Held(held) }
}

/// Answers a PUSH of a device: keys first, then every envelope whose device belongs to the clinic and signed
/// it. One with a key of an epoch that has not begun, or of none, is refused as a whole: a device
/// gives its list before it gives what is sealed under it, and what comes so would fill the places
/// of the keys that are to come.
///
/// # Errors
/// [`LogError`]; then no envelope was appended.
pub fn push<L: EnvelopeLog + KeyTable + ?Sized>(
    log: &L,
    members: &Members,
    by: DeviceId,
    request: &PushRequest,
) -> Result<Result<PushReply, Refusal>, LogError> {
    let has_begun = |key: &WrappedKey| key.epoch().is_some_and(|epoch| epoch <= members.epoch());
    if !request.keys.iter().all(has_begun) {
        return Ok(Err(Refusal::of(RefusalCode::Malformed)));
    }
    let keys = match &request.keys[..] {
        [] => None,
        keys => Some(log.put_keys(request.clinic, by, keys)?),
    };
    let checked = before_storing(&request.envelopes, members);
    let good: Vec<_> = request
        .envelopes
        .iter()
        .zip(&checked)
        .filter(|(_, checked)| checked.is_ok())
        .map(|(envelope, _)| envelope.clone())
        .collect();
    let mut stored = log.append(request.clinic, &good)?.into_iter();
    let verdicts = checked
        .into_iter()
        .filter_map(|checked| match checked {
            Ok(()) => stored.next(),
            Err(refused) => Some(Verdict::Refused(refused)),
        })
        .collect();
    Ok(Ok(PushReply { verdicts, keys }))
}

fn at_most(asked: u32, max: usize) -> usize {
    usize::try_from(asked).map_or(max, |asked| asked.min(max))
}

/// Answers a PULL, or refuses it when the log has another life by now.
///
/// # Errors
/// [`LogError`].
pub fn pull<L: EnvelopeLog + ?Sized>(
    log: &L,
    request: &PullRequest,
    members: MembersHead,
) -> Result<Result<PullPage, Refusal>, LogError> {
    let query = PageQuery {
        after: request.after,
        skip: &request.skip,
        items_max: at_most(request.items, PAGE_ITEMS_MAX),
        bytes_max: at_most(request.bytes, PAGE_BYTES_MAX),
    };
    let page = log.page(request.clinic, &query)?;
    if page.log_epoch != request.log_epoch {
        return Ok(Err(Refusal::of(RefusalCode::OtherLog)));
    }
    Ok(Ok(PullPage {
        log_epoch: page.log_epoch,
        start: page.start,
        items: page.items,
        end: page.end,
        head: page.head,
        keys_head: page.keys_head,
        members,
    }))
}

/// Raises the floor of a log to a place that two devices vouch for, by envelopes that stand in it
/// after the place. What they say is sealed: the device that asks has read it. Refuses what is not
/// in the log so.
///
/// # Errors
/// [`LogError`].
pub fn raise_floor<L: FloorLog + ?Sized>(
    log: &L,
    members: &Members,
    request: &FloorPut,
) -> Result<Result<FloorStored, Refusal>, LogError> {
    let nothing = Have::new();
    let query = PageQuery::of_none(request.mark.seq, &nothing);
    let snapshot = log.find_envelope(request.clinic, request.snapshot)?;
    let countersign = log.find_envelope(request.clinic, request.countersign)?;
    let stands = log.page(request.clinic, &query)?.start == request.mark;
    let (Some(snapshot), Some(countersign), true) = (snapshot, countersign, stands) else {
        return Ok(Err(Refusal::of(RefusalCode::NotFound)));
    };
    if !vouch(members, request.mark.seq, &snapshot, &countersign) {
        return Ok(Err(Refusal::of(RefusalCode::Malformed)));
    }
    log.raise_floor(request.clinic, request.mark, request.cold)?;
    Ok(Ok(FloorStored { floor: log.floor(request.clinic)?.floor.seq }))
}

/// Whether two envelopes with their places are by an administrator's device and by another, each of
/// its kind, both after a place.
fn vouch(
    members: &Members,
    after: u64,
    (snapshot_at, snapshot): &(u64, Envelope),
    (countersign_at, countersign): &(u64, Envelope),
) -> bool {
    let (snapshot, countersign) = (snapshot.header(), countersign.header());
    let by_admin = members.device(snapshot.device).is_some_and(|maker| maker.role == Role::Admin);
    by_admin
        && (snapshot.kind, countersign.kind) == (Kind::Snapshot, Kind::Countersign)
        && snapshot.device != countersign.device
        && *snapshot_at > after
        && *countersign_at > after
}

/// Takes away the keys of documents that an administrator's device says are erased, by a notice of
/// its that stands in the log. What the notice says is sealed: the device that asks, an
/// administrator's too, has read it. Refuses what is not so.
///
/// # Errors
/// [`LogError`].
pub fn erase_keys<L: FloorLog + ErasingTable + ?Sized>(
    log: &L,
    members: &Members,
    asks: DeviceId,
    request: &ErasePut,
) -> Result<Result<KeysErased, Refusal>, LogError> {
    let Some((_, notice)) = log.find_envelope(request.clinic, request.notice)? else {
        return Ok(Err(Refusal::of(RefusalCode::NotFound)));
    };
    let is_admin = |device| members.device(device).is_some_and(|device| device.role == Role::Admin);
    let notice = notice.header();
    if notice.kind != Kind::Notice || !is_admin(notice.device) || !is_admin(asks) {
        return Ok(Err(Refusal::of(RefusalCode::Malformed)));
    }
    Ok(Ok(KeysErased { gone: log.erase_keys(request.clinic, &request.tags)? }))
}

/// Answers a request for a stretch of a lane: what is there of it, as much as fits a frame.
pub fn lane(clinic: ClinicId, outgoing: Outgoing) -> PushRequest {
    let nothing = PushRequest { clinic, keys: Vec::new(), envelopes: Vec::new() };
    fitting(clinic, outgoing).next().unwrap_or(nothing)
}

/// Answers a request for wrapped keys.
///
/// # Errors
/// [`LogError`].
pub fn keys<L: KeyTable + ?Sized>(log: &L, request: &KeysRequest) -> Result<KeysPage, LogError> {
    log.keys(request.clinic, request.after, KEYS_PAGE_MAX)
}

/// How many of `entries`, which start at the place asked for, go into one page.
pub fn members_page_len(entries: &[SignedEntry]) -> usize {
    let mut bytes: usize = 0;
    entries
        .iter()
        .take(MEMBERSHIP_PAGE_ENTRIES_MAX)
        .take_while(|entry| {
            bytes = bytes.saturating_add(entry.encoded_len());
            bytes <= PAGE_BYTES_MAX
        })
        .count()
}

/// What to do about pushed membership entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersOutcome {
    /// To be answered once `append` is durable.
    pub reply: MembersReply,
    /// To be appended to the clinic's membership log, as one durable whole.
    pub append: Vec<SignedEntry>,
    /// The state after it; `None` when the clinic is still unknown.
    pub members: Option<Members>,
}

/// Judges entries that an active device of the clinic brings. Nothing is held against the clock: joins
/// are brought on long after their invites have ended, after a restore or from one computer to another,
/// and the clock of who answers may be years off.
pub fn members_from_device(
    known: (&Members, &[SignedEntry]),
    push: &MembersPush,
) -> MembersOutcome {
    members_push(Some(known), push, false, i64::MIN)
}

/// Judges entries pushed by somebody who may be nobody yet, at `now_ms` of the server's clock. `known`
/// is the clinic's membership with its entries, `None` for a clinic that is not known; it is founded
/// when `open`.
pub fn members_push(
    known: Option<(&Members, &[SignedEntry])>,
    push: &MembersPush,
    open: bool,
    now_ms: i64,
) -> MembersOutcome {
    let (mut members, entries) = match known {
        Some((members, entries)) => (Some(members.clone()), entries),
        None => (None, [].as_slice()),
    };
    let mut append = Vec::new();
    let mut verdict = MembersVerdict::Stored;
    for entry in &push.entries {
        match take_entry(&mut members, entries, push, entry, open, now_ms) {
            Ok(Taken::Known) => {}
            Ok(Taken::New) => append.push(entry.clone()),
            Err(refusal) => {
                verdict = refusal;
                break;
            }
        }
    }
    let head = members.as_ref().map_or(MembersHead::EMPTY, Members::head);
    MembersOutcome { reply: MembersReply { verdict, head }, append, members }
}

enum Taken {
    Known,
    New,
}

fn take_entry(
    members: &mut Option<Members>,
    entries: &[SignedEntry],
    push: &MembersPush,
    entry: &SignedEntry,
    open: bool,
    now_ms: i64,
) -> Result<Taken, MembersVerdict> {
    if entry.entry().clinic != push.clinic {
        return Err(MembersVerdict::Refused(EntryError::Clinic));
    }
    check_size(entry)?;
    let Some(state) = members else {
        if !open {
            return Err(MembersVerdict::Closed);
        }
        *members = Some(Members::found(entry).map_err(MembersVerdict::Refused)?);
        return Ok(Taken::New);
    };
    let index = usize::try_from(entry.entry().index).unwrap_or(usize::MAX);
    match entries.get(index) {
        Some(known) if known.hash() == entry.hash() => return Ok(Taken::Known),
        Some(_) => return Err(MembersVerdict::Stale),
        None => {}
    }
    check_join_is_in_time(state, entry, now_ms)?;
    state.apply(entry).map_err(MembersVerdict::Refused)?;
    Ok(Taken::New)
}

fn check_size(entry: &SignedEntry) -> Result<(), MembersVerdict> {
    if entry.encoded_len() > MEMBERSHIP_ENTRY_BYTES_MAX {
        return Err(MembersVerdict::Refused(EntryError::Limit));
    }
    Ok(())
}

/// A join tells its own time; here the server's clock counts too.
fn check_join_is_in_time(
    members: &Members,
    entry: &SignedEntry,
    now_ms: i64,
) -> Result<(), MembersVerdict> {
    let EntryBody::Join(_) = entry.entry().body else { return Ok(()) };
    let expired = members
        .open_invite(&entry.entry().author)
        .is_some_and(|invite| invite.expires_at_ms < now_ms);
    if expired { Err(MembersVerdict::Refused(EntryError::Expired)) } else { Ok(()) }
}
