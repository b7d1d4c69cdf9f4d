//! What this computer holds and a peer lacks.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use sync::{
    codec::Canonical as _,
    envelope::Envelope,
    have::{Have, Lane},
    limits::FORKS_PER_COUNTER_MAX,
    session::Limit,
    wire::Brief,
};

use super::{keys::device_of, names};

/// What is known of a peer.
pub(super) struct Peer<'a> {
    /// What it says that it holds.
    pub(super) have: &'a Have,
    /// What it acknowledged of this computer's, where it is to be given nothing else.
    pub(super) acknowledged: Option<&'a Have>,
}

/// The first envelopes held here that a peer lacks, after one that was given before.
///
/// # Errors
/// The store's.
pub(super) fn lacking<H: Host>(
    session: &Session<'_, H>,
    have: &Have,
    peer: &Peer<'_>,
    after: Option<Brief>,
    limit: Limit,
) -> Result<Vec<Envelope>, ApiError> {
    let own = device_of(session);
    let mut envelopes: Vec<Envelope> = Vec::new();
    let mut bytes = 0;
    for (lane, _) in have.iter() {
        let is_past = after.is_some_and(|after| lane < after.lane);
        if is_past || (peer.acknowledged.is_some() && lane.device != own) {
            continue;
        }
        let resumed = after.filter(|after| after.lane == lane);
        for envelope in of_lane(session, peer, lane, resumed, limit)? {
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
    peer: &Peer<'_>,
    lane: Lane,
    resumed: Option<Brief>,
    limit: Limit,
) -> Result<Vec<Envelope>, ApiError> {
    let all_after = match peer.acknowledged {
        Some(acknowledged) => peer.have.counter(lane).min(acknowledged.counter(lane)),
        None if is_in_line(session, peer.have, lane)? => peer.have.counter(lane),
        None => 0,
    };
    // One with the counter of the last may follow it, by id.
    let from = resumed.map_or(0, |last| last.position.counter.saturating_sub(1));
    // More than the limit, so that those given before do not hide those that come.
    let rows = limit.envelopes.saturating_add(2 * FORKS_PER_COUNTER_MAX);
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    let found = lane_after(session, lane, all_after.max(from), rows)?;
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
        Some(at) => store.knows_envelope(&at.id.0).told()?,
        None => true,
    };
    Ok(is_held && store.named(&names::fork_name(lane)).told()?.is_none())
}
