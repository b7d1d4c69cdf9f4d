//! How far this computer holds each lane: only what its device signed counts.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::{BTreeMap, BTreeSet};
use store::{HaveRow, Receipt, SELF};
use sync::{
    check::{QuarantineReason, Signers, check_origin},
    codec::Canonical as _,
    envelope::Envelope,
    have::{Have, Lane, Position},
    ids::{DeviceId, EnvelopeId},
    log::LaneCounts,
    membership::Members,
};

use super::{floor, keys::Keys, names, seal::envelope_row};

/// Envelopes of a lane that are read at a time.
const LANE_PAGE: u32 = 64;

/// What a peer is known to hold; [`SELF`] is this computer.
///
/// # Errors
/// The store's.
pub(super) fn have_of<H: Host>(session: &Session<'_, H>, peer: &str) -> Result<Have, ApiError> {
    let held = session.open.store.have(peer).told()?;
    let position = |row: HaveRow| {
        let lane = Lane { device: DeviceId(row.device), generation: row.generation };
        (lane, Position { counter: row.counter, id: EnvelopeId(row.id) })
    };
    Ok(held.into_iter().map(position).collect())
}

/// An envelope, and whether it is of this clinic and of the device it names. Verifying a signature
/// is the dearest of all checks, and is done here alone.
#[derive(Clone, Copy)]
pub(super) struct Arrived<'e> {
    /// The envelope.
    pub(super) envelope: &'e Envelope,
    /// Why it is not, if so.
    pub(super) origin: Result<(), QuarantineReason>,
}

impl<'e> Arrived<'e> {
    /// One envelope.
    pub(super) fn of(envelope: &'e Envelope, signers: &mut Signers<'_>) -> Self {
        Self { envelope, origin: signers.check_origin(envelope) }
    }
}

/// Of the envelopes that came those that are not here, each once, and where one came with a
/// signature that holds and one that does not, the former: an id does not name the signature.
///
/// # Errors
/// The store's.
pub(super) fn unmet<'e, H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    envelopes: &'e [Envelope],
) -> Result<Vec<Arrived<'e>>, ApiError> {
    let mut signers = Signers::of(&keys.members);
    let mut new: Vec<Arrived<'_>> = Vec::new();
    let mut places: BTreeMap<EnvelopeId, usize> = BTreeMap::new();
    for envelope in envelopes {
        if let Some(twin) = places.get(&envelope.id()).and_then(|place| new.get_mut(*place)) {
            let again = Arrived::of(envelope, &mut signers);
            if again.origin.is_ok() {
                *twin = again;
            }
        } else if !session.open.store.knows_envelope(&envelope.id().0).told()? {
            places.insert(envelope.id(), new.len());
            new.push(Arrived::of(envelope, &mut signers));
        }
    }
    Ok(new)
}

/// Puts envelopes into the receipt as held, tells how far each lane is held now, and answers the
/// lanes that turn out to be forked. What its device did not sign is not held, and neither is what
/// a device not known yet may have signed: that counts when it is looked at again. A server could
/// else fill a lane with what it made up, and what its device seals later would be the fork.
///
/// # Errors
/// The store's.
pub(super) fn note_held<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    have: &mut Have,
    arrived: &[Arrived<'_>],
    receipt: &mut Receipt,
) -> Result<Vec<Lane>, ApiError> {
    let genuine = arrived.iter().filter(|arrived| arrived.origin.is_ok());
    let mut genuine: Vec<&Envelope> = genuine.map(|arrived| arrived.envelope).collect();
    genuine.sort_by_key(|envelope| (envelope.header().lane(), envelope.position()));
    let (mut grown, mut looked_from) = (BTreeSet::new(), BTreeMap::new());
    let mut beyond = BTreeSet::new();
    for lane in genuine.iter().map(|envelope| envelope.header().lane()).collect::<BTreeSet<_>>() {
        if close_gap(session, &keys.members, have, lane)? {
            grown.insert(lane);
        }
        looked_from.insert(lane, have.counter(lane));
        if first_after(session, lane, have.counter(lane))?.is_some() {
            beyond.insert(lane);
        }
    }
    let mut forks = BTreeSet::new();
    for envelope in genuine {
        let (lane, position) = (envelope.header().lane(), envelope.position());
        // What stands between may be here: one chart that was fetched comes before the rest. Where
        // nothing has come since it was looked for, it is not.
        let from = have.counter(lane);
        if position.counter > from.saturating_add(1) && looked_from.insert(lane, from) != Some(from)
        {
            if close_gap(session, &keys.members, have, lane)? {
                grown.insert(lane);
            }
            looked_from.insert(lane, have.counter(lane));
        }
        let is_known = session.open.store.knows_envelope(&envelope.id().0).told()?;
        let is_beside = !is_known && position.counter <= have.counter(lane);
        // What a floor covers was never here: it may still come, as in a file.
        if is_beside && !floor::base(session)?.covers(lane, position) {
            forks.insert(lane);
        }
        if is_next(have, envelope) {
            // Another of its counter may have come before what stands between.
            let first = match beyond.contains(&lane) {
                true => first_after(session, lane, have.counter(lane))?,
                false => None,
            };
            if first.is_some_and(|it| it.counter == position.counter && it.id != position.id) {
                forks.insert(lane);
            }
            have.set(lane, position);
            grown.insert(lane);
        }
        receipt.envelopes.push(envelope_row(envelope));
    }
    for lane in &grown {
        close_gap(session, &keys.members, have, *lane)?;
    }
    let here = |lane| Some(have_row(SELF, lane, have.get(lane)?));
    receipt.have.extend(grown.into_iter().filter_map(here));
    note_forks(session, forks, receipt)
}

/// Counts what came before what stands before it; answers whether there was any.
///
/// # Errors
/// The store's.
pub(super) fn close_gap<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    have: &mut Have,
    lane: Lane,
) -> Result<bool, ApiError> {
    let before = have.counter(lane);
    loop {
        let from = have.counter(lane);
        let store = &session.open.store;
        let rows = store.envelopes(&lane.device.0, lane.generation, from, LANE_PAGE).told()?;
        for envelope in rows.iter().filter_map(|row| Envelope::from_bytes(&row.bytes).ok()) {
            if is_next(have, &envelope) && check_origin(&envelope, members).is_ok() {
                have.set(lane, envelope.position());
            }
        }
        if have.counter(lane) == from {
            return Ok(from > before);
        }
    }
}

/// The first envelope of a lane that is here after a counter.
fn first_after<H: Host>(
    session: &Session<'_, H>,
    lane: Lane,
    counter: u64,
) -> Result<Option<Position>, ApiError> {
    let store = &session.open.store;
    let rows = store.envelopes(&lane.device.0, lane.generation, counter, 1).told()?;
    Ok(rows.first().map(|row| Position { counter: row.counter, id: EnvelopeId(row.id) }))
}

/// Whether an envelope is what comes next in its lane. Of a device that begins more lanes than it may
/// have, what comes is taken in all the same, but told to nobody: they could not read it.
fn is_next(have: &Have, envelope: &Envelope) -> bool {
    let lane = envelope.header().lane();
    let held = have.counter(lane);
    envelope.position().counter == held.saturating_add(1)
        && (held > 0 || LaneCounts::of(have).may_begin(lane.device))
}

/// Notes lanes as forked; answers those that were not yet.
fn note_forks<H: Host>(
    session: &Session<'_, H>,
    forks: BTreeSet<Lane>,
    receipt: &mut Receipt,
) -> Result<Vec<Lane>, ApiError> {
    let mut told = Vec::new();
    for lane in forks {
        receipt.named.push(names::fork_row(lane));
        if session.open.store.named(&names::fork_name(lane)).told()?.is_none() {
            told.push(lane);
        }
        // Which of the two a peer holds is not known.
        receipt.unseen.push((lane.device.0, lane.generation));
    }
    Ok(told)
}

/// How far a peer holds a lane, as it is kept; [`SELF`] is this computer.
pub(super) fn have_row(peer: &str, lane: Lane, position: Position) -> HaveRow {
    HaveRow {
        peer: peer.to_owned(),
        device: lane.device.0,
        generation: lane.generation,
        counter: position.counter,
        id: position.id.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::keys::DeviceSigner;
    use sync::{
        envelope::{Header, Kind},
        ids::{ClinicId, DocTag, Salt},
        limits::OWN_GENERATIONS_MAX,
    };
    use vault::{DeviceKeys, random::FixedEntropy};

    fn first_in(lane: Lane) -> Envelope {
        let header = Header {
            clinic: ClinicId([1; 16]),
            kind: Kind::Change,
            doc_tag: DocTag([7; 32]),
            device: lane.device,
            generation: lane.generation,
            counter: 1,
            prev_id: EnvelopeId::NONE,
            key_epoch: 1,
            salt: Salt([7; 32]),
            padded_len: 0,
        };
        let signer = DeviceSigner(DeviceKeys::make(&mut FixedEntropy::new(7)));
        Envelope::sign(header, vec![7; sync::limits::TAG_BYTES], &signer)
    }

    #[test]
    fn what_is_told_of_lanes_can_be_read_by_the_others() {
        let lane = |number, generation| Lane { device: DeviceId([number; 16]), generation };
        let position = Position { counter: 1, id: EnvelopeId([7; 32]) };
        let share = u32::try_from(OWN_GENERATIONS_MAX).unwrap();
        let mut have: Have = (1..share).map(|number| (lane(1, number), position)).collect();
        assert!(is_next(&have, &first_in(lane(1, share))));
        have.set(lane(1, share), position);
        assert!(!is_next(&have, &first_in(lane(1, share + 1))));
        assert!(is_next(&have, &first_in(lane(2, 1))));
    }
}
