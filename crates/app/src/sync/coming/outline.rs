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
    left::{Later, Left, Outlook},
    membership::{Members, Role},
    payload::{Outline, Planned},
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

    /// What pages hold of those with which work goes on and that are not here, in bytes.
    fn first_bytes(&self, here: &BTreeSet<u64>) -> u64 {
        let last = self.counter.saturating_add(u64::from(self.outline.first()));
        let first = (self.counter.saturating_add(1)..=last).zip(self.outline.follow());
        page_bytes(first, here)
    }

    /// What comes next, where those are here: nothing where all of them are.
    fn outlook(&self, here: &BTreeSet<u64>) -> Option<Outlook> {
        match self.first_bytes(here) {
            0 => self.later().map(Outlook::Later),
            bytes => Some(Outlook::First { bytes }),
        }
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
    let followed = next.outline.at().mark.seq;
    store.forget_elsewhere(|place| place >= followed).told()?;
    let bytes = store.named(names::OUTLINE_NEXT).told()?.unwrap_or_default();
    store.put_named(&[NamedRow { name: names::OUTLINE.to_owned(), bytes }]).told()?;
    store.remove_named(names::OUTLINE_NEXT).told()?;
    store.remove_named(names::NEXT_FROM).told()
}

/// What pages hold of the envelopes of an outline that are not here, in bytes: one more for each, for
/// what kind of item it is.
pub(super) fn page_bytes<'a>(
    planned: impl Iterator<Item = (u64, &'a Planned)>,
    here: &BTreeSet<u64>,
) -> u64 {
    let lacking = planned.filter(|(counter, _)| !here.contains(counter));
    lacking.map(|(_, one)| u64::from(one.bytes).saturating_add(1)).sum()
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

/// What is known of what comes next while the server's log is read to its end: the packs with which
/// work goes on; once they are here, the names of the others.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn outlook<H: Host>(
    session: &Session<'_, H>,
) -> Result<Option<Outlook>, ApiError> {
    let next = outlined_under(session, names::OUTLINE_NEXT)?;
    let Some(outlined) = next.map_or_else(|| outlined(session), |next| Ok(Some(next)))? else {
        return Ok(None);
    };
    Ok(outlined.outlook(&outlined.here(session)?))
}

/// Whether the packs with which work goes on are here, of the floor that what is not here is fetched by;
/// it is not known before its outline came.
///
/// # Errors
/// The store's.
pub(super) fn firsts_are_here<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let Some(outlined) = outlined(session)? else { return Ok(false) };
    Ok(outlined.first_bytes(&outlined.here(session)?) == 0)
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
    use sync::ids::LogEpoch;

    fn outlined(first: u32, follow: usize) -> Outlined {
        let at = Cursor::start(LogEpoch([1; 16]));
        let outline = Outline::new(at, first, vec![Planned { charts: 1, bytes: 9 }; follow]);
        let lane = Lane { device: DeviceId([2; 16]), generation: 3 };
        Outlined { lane, counter: 10, outline: outline.unwrap() }
    }

    #[test]
    fn the_first_come_first_and_then_the_names_of_the_rest() {
        let check = |first: u32, here: &[u64], expected: Option<Outlook>| {
            let here = here.iter().copied().collect();
            assert_eq!(outlined(first, 4).outlook(&here), expected, "{first} {here:?}");
        };
        let rest = |first: u32| outlined(first, 4).later().map(Outlook::Later);
        let bytes = |bytes| Some(Outlook::First { bytes });
        check(0, &[], rest(0));
        check(2, &[], bytes(20));
        check(2, &[11], bytes(10));
        check(2, &[12, 13, 14], bytes(10));
        check(2, &[11, 12], rest(2));
        check(4, &[11, 12, 13], bytes(10));
        check(4, &[11, 12, 13, 14], None);
    }
}
