//! Which envelopes of a computer that was removed are its own: those that its cut follows from.
//!
//! Whoever has the keys of a computer that was removed can seal another envelope at any counter up to
//! the cut. The cut names the last that counts, and each names the one before it: what is not in that
//! chain waits for a person, as does what comes after the cut. Where the chain is not here yet, all of
//! it waits, and is looked at again when the last has come and whatever stands between.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    check::QuarantineReason,
    codec::Canonical as _,
    envelope::Envelope,
    have::{Lane, Position},
    ids::EnvelopeId,
};

use super::{floor, held::Arrived, keys::Keys};

/// The chains that were followed so far.
#[derive(Default)]
pub(super) struct Cuts {
    chains: BTreeMap<Lane, Chain>,
    /// What covers a log, by floors that are kept here: whoever said so, said it in its own lane.
    covering: Option<BTreeSet<EnvelopeId>>,
}

/// What a lane's cut follows from, as far as it was followed back.
struct Chain {
    own: BTreeSet<EnvelopeId>,
    /// The one before them.
    next: Position,
    /// Whether that one is not here.
    ends: bool,
}

impl Cuts {
    /// Whether the last that counts of a lane is among what came and was judged, or what stands
    /// between while the last is here already: what waited for it may come in.
    pub(super) fn came(&self, keys: &Keys, arrived: &[Arrived<'_>]) -> bool {
        let is_last = |envelope: &Envelope| {
            keys.members.cut(envelope.header().lane()) == Some(envelope.position())
        };
        let is_between = |envelope: &Envelope| {
            let chain = self.chains.get(&envelope.header().lane());
            chain.is_some_and(|chain| chain.own.contains(&envelope.id()))
        };
        let genuine = arrived.iter().filter(|one| one.origin.is_ok());
        genuine.map(|one| one.envelope).any(|one| is_last(one) || is_between(one))
    }

    /// What came, where it is another's than its computer's: told as after the cut. `with` is what
    /// came beside it, which the store does not hold yet.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn judge<'e, H: Host>(
        &mut self,
        session: &Session<'_, H>,
        keys: &Keys,
        (one, with): (Arrived<'e>, &[Arrived<'e>]),
    ) -> Result<Arrived<'e>, ApiError> {
        let (lane, position) = (one.envelope.header().lane(), one.envelope.position());
        let cut = keys.members.cut(lane).filter(|cut| position.counter <= cut.counter);
        let Some(cut) = cut.filter(|_| one.origin.is_ok()) else { return Ok(one) };
        if self.follow(session, (lane, cut), position, with)?
            || self.covers(session, position.id)?
        {
            return Ok(one);
        }
        Ok(Arrived { origin: Err(QuarantineReason::AfterCut), ..one })
    }

    /// Whether a cut follows from an envelope.
    fn follow<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        (lane, cut): (Lane, Position),
        from: Position,
        with: &[Arrived<'_>],
    ) -> Result<bool, ApiError> {
        let begun = || Chain { own: BTreeSet::new(), next: cut, ends: false };
        let chain = self.chains.entry(lane).or_insert_with(begun);
        while !chain.ends && chain.next.counter >= from.counter {
            let beside = with.iter().find(|one| one.envelope.id() == chain.next.id);
            let before = match beside {
                Some(one) => Some(one.envelope.header().prev_id),
                None => prev_of(session, chain.next.id)?,
            };
            match before {
                Some(id) => {
                    chain.own.insert(chain.next.id);
                    chain.next = Position { counter: chain.next.counter.saturating_sub(1), id };
                    chain.ends = chain.next.counter == 0;
                }
                None => chain.ends = true,
            }
        }
        Ok(chain.own.contains(&from.id))
    }

    fn covers<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        id: EnvelopeId,
    ) -> Result<bool, ApiError> {
        let covering = match self.covering.take() {
            Some(covering) => covering,
            None => {
                let known = floor::known(session)?;
                known.iter().flat_map(|known| known.floor.covered_by()).copied().collect()
            }
        };
        Ok(self.covering.insert(covering).contains(&id))
    }
}

/// What an envelope that is here names as the one before it.
fn prev_of<H: Host>(
    session: &Session<'_, H>,
    id: EnvelopeId,
) -> Result<Option<EnvelopeId>, ApiError> {
    let kept = session.open.store.envelope(&id.0).told()?;
    let envelope = kept.and_then(|row| Envelope::from_bytes(&row.bytes).ok());
    Ok(envelope.map(|envelope| envelope.header().prev_id))
}
