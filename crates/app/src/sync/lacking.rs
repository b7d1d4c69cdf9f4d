//! What this computer holds and a peer lacks.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::BTreeSet;
use store::NamedRow;
use sync::{
    codec::Canonical as _,
    envelope::Envelope,
    have::{Have, Lane, Position},
    ids::EnvelopeId,
    limits::FORKS_PER_COUNTER_MAX,
    session::{Lacking, Limit},
    wire::Brief,
};

use super::{floor::base, keys::device_of, names};

/// For so long a lane is not given again of which a peer did not take something, in milliseconds.
const NOT_TAKEN_MS: i64 = 24 * 60 * 60 * 1000;

/// What is known of a peer, and what it is to be given.
pub(super) struct Wanted<'a> {
    /// Which envelopes it is to be given.
    pub(super) lacking: &'a Lacking,
    /// What it acknowledged or was seen to hold.
    pub(super) noted: &'a Have,
    /// Lanes of others of which it did not take something lately.
    pub(super) not_taken: &'a BTreeSet<Lane>,
    /// Whether it takes an envelope before those that stand before it, as who reads a file does.
    pub(super) takes_gaps: bool,
}

/// The first envelopes held here that a peer lacks, after one that was given before.
///
/// # Errors
/// The store's.
pub(super) fn held_and_lacking<H: Host>(
    session: &Session<'_, H>,
    have: &Have,
    peer: &Wanted<'_>,
    after: Option<Brief>,
    limit: Limit,
) -> Result<Vec<Envelope>, ApiError> {
    let mut envelopes: Vec<Envelope> = Vec::new();
    let mut bytes = 0;
    for (lane, here) in have.iter() {
        if after.is_some_and(|after| lane < after.lane) || peer.not_taken.contains(&lane) {
            continue;
        }
        let Some(held_there) = held_there(session, peer, lane, here)? else { continue };
        let resumed = after.filter(|after| after.lane == lane);
        let given = of_lane(session, lane, held_there, resumed, limit)?;
        let next = match resumed {
            Some(last) => last.position.counter.saturating_add(1),
            None => peer.next(lane, held_there),
        };
        for envelope in given.into_iter().take_while(peer.unbroken(next)) {
            if envelopes.len() >= limit.envelopes || bytes >= limit.bytes {
                return Ok(envelopes);
            }
            bytes += envelope.encoded_len();
            envelopes.push(envelope);
        }
        if envelopes.len() >= limit.envelopes {
            break;
        }
    }
    Ok(envelopes)
}

/// Where it is kept that a peer did not take an envelope, where another computer sealed it: its lane is
/// left to that computer for a day. Given again with every exchange, all of the lane would be.
///
/// # Errors
/// The store's.
pub(super) fn not_taken_row<H: Host>(
    session: &Session<'_, H>,
    peer: &str,
    id: EnvelopeId,
) -> Result<Option<NamedRow>, ApiError> {
    let kept = session.open.store.envelope(&id.0).told()?;
    let kept = kept.and_then(|row| Envelope::from_bytes(&row.bytes).ok());
    let lane = kept.map(|envelope| envelope.header().lane());
    let of_another = lane.filter(|lane| lane.device != device_of(session));
    let bytes = session.host.now().unix_ms().to_be_bytes().to_vec();
    Ok(of_another.map(|lane| NamedRow { name: names::not_taken_name(peer, lane), bytes }))
}

/// The lanes of others of which a peer did not take something within a day.
///
/// # Errors
/// The store's.
pub(super) fn not_taken<H: Host>(
    session: &Session<'_, H>,
    peer: &str,
    have: &Have,
) -> Result<BTreeSet<Lane>, ApiError> {
    let rows = session.open.store.named_with_prefix(&names::not_taken_prefix(peer)).told()?;
    let now_ms = session.host.now().unix_ms();
    let since = |row: &NamedRow| {
        let at_ms = i64::from_be_bytes(row.bytes.as_slice().try_into().ok()?);
        Some(now_ms.saturating_sub(at_ms))
    };
    let is_late = |row: &NamedRow| since(row).is_some_and(|ms| (0..NOT_TAKEN_MS).contains(&ms));
    let late: BTreeSet<String> = rows.into_iter().filter(is_late).map(|row| row.name).collect();
    if late.is_empty() {
        return Ok(BTreeSet::new());
    }
    let lanes = have.iter().map(|(lane, _)| lane);
    Ok(lanes.filter(|lane| late.contains(&names::not_taken_name(peer, *lane))).collect())
}

impl Wanted<'_> {
    /// The counter that the peer takes next of a lane.
    fn next(&self, lane: Lane, held_there: u64) -> u64 {
        let says = match self.lacking {
            Lacking::Own(says) | Lacking::All(says) => says.counter(lane),
            Lacking::Others => self.noted.counter(lane),
        };
        held_there.max(says).saturating_add(1)
    }

    /// Whether the peer can take one after the other of what it is given of a lane: what stands before
    /// one, at the beginning or in the midst, may be covered by a floor here, and not held.
    fn unbroken(&self, mut next: u64) -> impl FnMut(&Envelope) -> bool {
        let takes_gaps = self.takes_gaps;
        move |envelope| {
            let counter = envelope.header().counter;
            let is_taken = takes_gaps || counter <= next;
            next = next.max(counter.saturating_add(1));
            is_taken
        }
    }
}

/// The counter up to which a peer holds a lane of which it is to be given more.
fn held_there<H: Host>(
    session: &Session<'_, H>,
    peer: &Wanted<'_>,
    lane: Lane,
    here: Position,
) -> Result<Option<u64>, ApiError> {
    let is_own = lane.device == device_of(session);
    let noted = peer.noted.counter(lane);
    Ok(match peer.lacking {
        Lacking::Own(_) if lane.is_unmet() => is_own.then_some(noted),
        Lacking::Own(says) => is_own.then(|| says.counter(lane).min(noted)),
        Lacking::All(says) if is_in_line(session, says, lane)? => Some(says.counter(lane)),
        Lacking::All(_) => Some(0),
        Lacking::Others if is_own || noted >= here.counter => None,
        Lacking::Others if is_in_line(session, peer.noted, lane)? => Some(noted),
        Lacking::Others => Some(0),
    })
}

/// Envelopes of a lane after a counter.
///
/// # Errors
/// The store's.
pub(super) fn lane_after<H: Host>(
    session: &Session<'_, H>,
    lane: Lane,
    after: u64,
    limit: u32,
) -> Result<Vec<Envelope>, ApiError> {
    let Lane { device, generation } = lane;
    let rows = session.open.store.envelopes(&device.0, generation, after, limit).told()?;
    Ok(rows.iter().filter_map(|row| Envelope::from_bytes(&row.bytes).ok()).collect())
}

/// The first envelopes of a lane that a peer lacks, after one that was given before.
fn of_lane<H: Host>(
    session: &Session<'_, H>,
    lane: Lane,
    held_there: u64,
    resumed: Option<Brief>,
    limit: Limit,
) -> Result<Vec<Envelope>, ApiError> {
    // One with the counter of the last may follow it, by id.
    let from = resumed.map_or(0, |last| last.position.counter.saturating_sub(1));
    // More than the limit, so that those given before do not hide those that come.
    let rows = limit.envelopes.saturating_add(2 * FORKS_PER_COUNTER_MAX);
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    let found = lane_after(session, lane, held_there.max(from), rows)?;
    let is_next = |e: &Envelope| resumed.is_none_or(|last| e.position() > last.position);
    Ok(found.into_iter().filter(is_next).collect())
}

/// Whether what a peer holds of a lane is the beginning of what is held here.
fn is_in_line<H: Host>(
    session: &Session<'_, H>,
    peer: &Have,
    lane: Lane,
) -> Result<bool, ApiError> {
    let store = &session.open.store;
    let is_held = match peer.get(lane) {
        Some(at) => store.knows_envelope(&at.id.0).told()? || base(session)?.covers(lane, at),
        None => true,
    };
    Ok(is_held && store.named(&names::fork_name(lane)).told()?.is_none())
}
