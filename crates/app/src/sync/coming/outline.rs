//! What the outlines of a floor's packs tell: one is heeded from an administrator's computer, and
//! another of a later floor while a part is held, until that floor is gone over to.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::BTreeSet;
use store::{Elsewhere, NamedRow};
use sync::{
    codec::Canonical as _,
    cursor::{Cursor, Mark},
    envelope::Envelope,
    have::Lane,
    ids::DeviceId,
    left::{Later, Left},
    membership::{Members, Role},
    payload::Outline,
};

use super::{
    super::{floor, hold::holds_a_part, names},
    left::{left, note_left},
};

/// The first byte of an outline as it is kept.
const VERSION: u8 = 1;

/// An outline that is heeded, and where it stands.
pub(super) struct Outlined {
    pub(super) lane: Lane,
    pub(super) counter: u64,
    pub(super) outline: Outline,
}

impl Outlined {
    /// Which of the envelopes that follow are here, by counter.
    pub(super) fn here<H: Host>(
        &self,
        session: &Session<'_, H>,
    ) -> Result<BTreeSet<u64>, ApiError> {
        let follow = u64::try_from(self.outline.follow().len()).unwrap_or(u64::MAX);
        let bounds = (self.counter, self.counter.saturating_add(follow));
        let lane = (&self.lane.device.0, self.lane.generation);
        let counters = session.open.store.envelope_counters(lane, bounds).told()?;
        Ok(counters.into_iter().collect())
    }

    /// How many of the envelopes of a chart are here, and how many there are.
    pub(super) fn held<H: Host>(
        &self,
        session: &Session<'_, H>,
        at: Elsewhere,
    ) -> Result<(usize, usize), ApiError> {
        let before = self.counter.saturating_add(u64::from(at.first));
        let last = self.counter.saturating_add(u64::from(at.last)).saturating_add(1);
        let lane = (&self.lane.device.0, self.lane.generation);
        let here = session.open.store.envelope_counters(lane, (before, last)).told()?;
        let all = last.saturating_sub(before);
        Ok((here.len(), usize::try_from(all).unwrap_or(usize::MAX)))
    }

    pub(super) fn later(&self) -> Option<Later> {
        Later::of(self.lane, self.counter, &self.outline)
    }

    /// Whether those are here with which work goes on.
    fn is_usable(&self, here: &BTreeSet<u64>) -> bool {
        let last = self.counter.saturating_add(u64::from(self.outline.first()));
        let first = here.iter().take_while(|counter| **counter <= last).count();
        u32::try_from(first).is_ok_and(|first| first >= self.outline.first())
    }
}

/// Where an outline is kept: one by an administrator's computer, of the place this computer reads
/// the log from; where a part is held, also one of a later place, with the place of the log at which
/// the page began that it `came` in.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn outline_rows<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    (envelope, outline, came): (&Envelope, &Outline, Option<Mark>),
) -> Result<Vec<NamedRow>, ApiError> {
    let (header, by) = (envelope.header(), envelope.header().device);
    let which = which(session, (members, by), outline.at())?;
    let place = [&header.generation.to_be_bytes()[..], &header.counter.to_be_bytes()].concat();
    let bytes = [&[VERSION][..], by.as_bytes(), &place, &outline.to_bytes()].concat();
    Ok(match (which, came) {
        (Some(Which::Begun), _) => vec![NamedRow { name: names::OUTLINE.to_owned(), bytes }],
        (Some(Which::Next), Some(came)) => vec![
            NamedRow { name: names::OUTLINE_NEXT.to_owned(), bytes },
            NamedRow { name: names::NEXT_FROM.to_owned(), bytes: came.to_bytes() },
        ],
        (Some(Which::Next), None) | (None, _) => Vec::new(),
    })
}

/// Of which floor something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Of the one that what is not here is fetched by.
    Begun,
    /// Of a later one.
    Next,
}

/// Of which floor a computer says something, where it is heeded: an administrator's, of the place
/// this computer reads the log from, or of a later one while it holds a part.
///
/// # Errors
/// The store's.
pub(super) fn which<H: Host>(
    session: &Session<'_, H>,
    (members, by): (&Members, DeviceId),
    at: Cursor,
) -> Result<Option<Which>, ApiError> {
    let may = members.device(by).is_some_and(|maker| maker.role == Role::Admin);
    let Some(jumped) = floor::jumped(session)?.filter(|it| may && it.log_epoch == at.log_epoch)
    else {
        return Ok(None);
    };
    if jumped.mark.seq == at.mark.seq {
        return Ok(Some(Which::Begun));
    }
    let now = outlined(session)?.map_or(jumped.mark.seq, |now| now.outline.at().mark.seq);
    let is_next = at.mark.seq > now && holds_a_part(session)?;
    Ok(is_next.then_some(Which::Next))
}

/// The outline by which what is not here is fetched. One that cannot be read is as none.
pub(super) fn outlined<H: Host>(session: &Session<'_, H>) -> Result<Option<Outlined>, ApiError> {
    outlined_under(session, names::OUTLINE)
}

pub(super) fn outlined_under<H: Host>(
    session: &Session<'_, H>,
    name: &str,
) -> Result<Option<Outlined>, ApiError> {
    let kept = session.open.store.named(name).told()?;
    let (Some(kept), Some(jumped)) = (kept.as_deref().and_then(read), floor::jumped(session)?)
    else {
        return Ok(None);
    };
    let at = kept.outline.at();
    let is_of_it = at.log_epoch == jumped.log_epoch && at.mark.seq >= jumped.mark.seq;
    Ok(is_of_it.then_some(kept))
}

/// Goes over to a later floor, once two computers vouch for it: what is not here is fetched by its
/// packs, and those of the floor before are left for good.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn follow_floor<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let store = &session.open.store;
    let Some(next) = outlined_under(session, names::OUTLINE_NEXT)? else { return Ok(()) };
    let from = store.named(names::NEXT_FROM).told()?;
    let from = from.and_then(|bytes| Mark::from_bytes(&bytes).ok());
    let Some(from) = from.filter(|_| left(session).is_ok_and(|left| left.is_some())) else {
        return Ok(());
    };
    if !floor::is_vouched_at(session, next.outline.at())? {
        return Ok(());
    }
    let left = left(session)?.filter(|left| left.to.seq > from.seq);
    note_left(session, left.map(|left| Left { from, ..left }))?;
    store.forget_elsewhere_before(next.outline.at().mark.seq).told()?;
    let bytes = store.named(names::OUTLINE_NEXT).told()?.unwrap_or_default();
    store.put_named(&[NamedRow { name: names::OUTLINE.to_owned(), bytes }]).told()?;
    store.remove_named(names::OUTLINE_NEXT).told()?;
    store.remove_named(names::NEXT_FROM).told()
}

fn read(bytes: &[u8]) -> Option<Outlined> {
    let (version, rest) = bytes.split_first()?;
    let (by, rest) = rest.split_first_chunk::<16>().filter(|_| *version == VERSION)?;
    let (generation, rest) = rest.split_first_chunk::<4>()?;
    let (counter, rest) = rest.split_first_chunk::<8>()?;
    let lane = Lane { device: DeviceId(*by), generation: u32::from_be_bytes(*generation) };
    let outline = Outline::from_bytes(rest).ok()?;
    Some(Outlined { lane, counter: u64::from_be_bytes(*counter), outline })
}

/// Of what the names are enough while the server's log is read to its end: of the packs with which
/// no work goes on, once the others are here.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn later<H: Host>(session: &Session<'_, H>) -> Result<Option<Later>, ApiError> {
    let next = outlined_under(session, names::OUTLINE_NEXT)?;
    let Some(outlined) = next.map_or_else(|| outlined(session), |next| Ok(Some(next)))? else {
        return Ok(None);
    };
    let Some(later) = outlined.later() else { return Ok(None) };
    Ok(outlined.is_usable(&outlined.here(session)?).then_some(later))
}

/// The outline of a place that what is not here may be fetched by.
pub(super) fn outlined_at<H: Host>(
    session: &Session<'_, H>,
    place: u64,
) -> Result<Option<Outlined>, ApiError> {
    let is_it = |one: &Outlined| one.outline.at().mark.seq == place;
    match outlined(session)?.filter(is_it) {
        Some(outlined) => Ok(Some(outlined)),
        None => Ok(outlined_under(session, names::OUTLINE_NEXT)?.filter(is_it)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::{ids::LogEpoch, payload::Planned};

    fn outlined(first: u32, follow: usize) -> Outlined {
        let at = Cursor::start(LogEpoch([1; 16]));
        let outline = Outline::new(at, first, vec![Planned { charts: 1, bytes: 9 }; follow]);
        let lane = Lane { device: DeviceId([2; 16]), generation: 3 };
        Outlined { lane, counter: 10, outline: outline.unwrap() }
    }

    #[test]
    fn it_is_usable_once_the_first_are_here() {
        let check = |first: u32, here: &[u64], expected: bool| {
            let here = here.iter().copied().collect();
            assert_eq!(outlined(first, 4).is_usable(&here), expected, "{first} {here:?}");
        };
        check(0, &[], true);
        check(2, &[], false);
        check(2, &[11], false);
        check(2, &[12, 13, 14], false);
        check(2, &[11, 12], true);
        check(4, &[11, 12, 13, 14], true);
    }
}
