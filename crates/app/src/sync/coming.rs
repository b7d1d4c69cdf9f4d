//! How much of the clinic's record is here, while the rest still comes: what was left for later of
//! the floor this computer began at, and since when it is known that nothing is missing.
//!
//! `coming` is noted before the first page of a log is asked for, and goes when everything was
//! taken in. Where the log is read from a floor, an outline tells what the floor's packs hold.

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, Coming, FloorView};
use clinical::{Identity, PatientId};
use std::collections::BTreeSet;
use store::{Elsewhere, ElsewhereRow, NamedRow};
use sync::{
    codec::Canonical as _,
    cursor::{Cursor, Mark},
    envelope::Envelope,
    have::{Have, Lane, Position},
    ids::{DeviceId, EnvelopeId},
    left::{Fetching, Later, Left, Only},
    limits::PERSON_BYTES_MAX,
    membership::{Members, Role},
    payload::{Listed, Outline, People},
};
use uuid::Uuid;

use super::{floor, hold::holds_a_part, names};

/// The first byte of an outline as it is kept.
const VERSION: u8 = 1;

/// Names of one person that are listed, and numbers.
const NAMES_LISTED: usize = 3;
const NUMBERS_LISTED: usize = 3;

/// An outline that is heeded, and where it stands.
struct Outlined {
    lane: Lane,
    counter: u64,
    outline: Outline,
}

impl Outlined {
    /// Which of the envelopes that follow are here, by counter.
    fn here<H: Host>(&self, session: &Session<'_, H>) -> Result<BTreeSet<u64>, ApiError> {
        let follow = u64::try_from(self.outline.follow().len()).unwrap_or(u64::MAX);
        let bounds = (self.counter, self.counter.saturating_add(follow));
        let lane = (&self.lane.device.0, self.lane.generation);
        let counters = session.open.store.envelope_counters(lane, bounds).told()?;
        Ok(counters.into_iter().collect())
    }

    /// How many of the envelopes of a chart are here, and how many there are.
    fn held<H: Host>(
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

    fn later(&self) -> Option<Later> {
        Later::of(self.lane, self.counter, &self.outline)
    }

    /// Whether those are here with which work goes on.
    fn is_usable(&self, here: &BTreeSet<u64>) -> bool {
        let last = self.counter.saturating_add(u64::from(self.outline.first()));
        let first = here.iter().take_while(|counter| **counter <= last).count();
        u32::try_from(first).is_ok_and(|first| first >= self.outline.first())
    }
}

/// That the record is about to come.
pub(super) fn coming_row() -> NamedRow {
    NamedRow { name: names::COMING.to_owned(), bytes: Vec::new() }
}

/// Where an outline is kept: one by an administrator's computer, of the place this computer reads
/// the log from; where a part is held, also one of a later place, with the place of the log at which
/// the page began that it `came` in.
///
/// # Errors
/// The store's.
pub(super) fn outline_rows<H: Host>(
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
fn outlined<H: Host>(session: &Session<'_, H>) -> Result<Option<Outlined>, ApiError> {
    outlined_under(session, names::OUTLINE)
}

fn outlined_under<H: Host>(
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
pub(super) fn follow_floor<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
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
pub(super) fn later<H: Host>(session: &Session<'_, H>) -> Result<Option<Later>, ApiError> {
    let next = outlined_under(session, names::OUTLINE_NEXT)?;
    let Some(outlined) = next.map_or_else(|| outlined(session), |next| Ok(Some(next)))? else {
        return Ok(None);
    };
    let Some(later) = outlined.later() else { return Ok(None) };
    Ok(outlined.is_usable(&outlined.here(session)?).then_some(later))
}

/// The stretch of the server's log of which only names were read.
///
/// # Errors
/// The store's.
pub(super) fn left<H: Host>(session: &Session<'_, H>) -> Result<Option<Left>, ApiError> {
    let kept = session.open.store.named(names::LEFT).told()?;
    Ok(kept.and_then(|bytes| Left::from_bytes(&bytes).ok()))
}

/// Notes it.
///
/// # Errors
/// The store's.
pub(super) fn note_left<H: Host>(
    session: &Session<'_, H>,
    left: Option<Left>,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    let Some(left) = left else { return store.remove_named(names::LEFT).told() };
    let row = NamedRow { name: names::LEFT.to_owned(), bytes: left.to_bytes() };
    store.put_named(&[row]).told()
}

/// What to know for fetching it: what of it is here already, and how much is not.
///
/// # Errors
/// The store's.
pub(super) fn fetching<H: Host>(session: &Session<'_, H>) -> Result<Fetching, ApiError> {
    let named = |counter| Position { counter, id: EnvelopeId::NONE };
    let ends = session.open.store.envelope_ends().told()?;
    let lane = |(device, generation)| Lane { device: DeviceId(device), generation };
    let mut skip: Have =
        ends.into_iter().map(|(device, of, end)| (lane((device, of)), named(end))).collect();
    let (now, next) = (outlined(session)?, outlined_under(session, names::OUTLINE_NEXT)?);
    if now.is_none() {
        return Ok(Fetching { skip, bytes: u64::MAX, only: None });
    }
    let (mut bytes, mut begun) = (0_u64, Have::new());
    for outlined in now.into_iter().chain(next) {
        let here = outlined.here(session)?;
        let counters = outlined.counter.saturating_add(1)..;
        let held = counters.clone().take_while(|counter| here.contains(counter)).last();
        let held = held.unwrap_or(outlined.counter);
        let before = begun.get(outlined.lane).map_or(u64::MAX, |at| at.counter);
        begun.set(outlined.lane, named(held.min(before)));
        let lacking = counters.zip(outlined.outline.follow()).filter(|(at, _)| !here.contains(at));
        // One more each, for what kind of item it is.
        let lacks: u64 = lacking.map(|(_, it)| u64::from(it.bytes).saturating_add(1)).sum();
        bytes = bytes.saturating_add(lacks);
    }
    begun.iter().for_each(|(lane, held)| skip.set(lane, held));
    Ok(Fetching { skip, bytes, only: None })
}

/// What to know for fetching one chart of what was left; `None` where it is not known where it is.
///
/// # Errors
/// The store's.
pub(super) fn fetching_one<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<Option<Fetching>, ApiError> {
    let Some(at) = session.open.store.elsewhere(patient).told()? else { return Ok(None) };
    let now = outlined(session)?;
    let next = outlined_under(session, names::OUTLINE_NEXT)?;
    let all: Vec<Outlined> = now.into_iter().chain(next).collect();
    let is_of_it = |one: &&Outlined| one.outline.at().mark.seq == at.place;
    let Some(outlined) = all.iter().find(is_of_it) else { return Ok(None) };
    let Fetching { mut skip, .. } = fetching(session)?;
    let counter = |follows: u32| outlined.counter.saturating_add(u64::from(follows));
    skip.set(outlined.lane, Position { counter: counter(at.first), id: EnvelopeId::NONE });
    let (first, last) = (usize::try_from(at.first).ok(), usize::try_from(at.last).ok());
    let wanted =
        first.zip(last).and_then(|(first, last)| outlined.outline.follow().get(first..=last));
    let largest = wanted.unwrap_or_default().iter().map(|it| it.bytes).max().unwrap_or_default();
    let through = counter(at.last).saturating_add(1);
    let over = all.iter().filter_map(Outlined::later).collect();
    let only = Some(Only { lane: outlined.lane, through, over });
    Ok(Some(Fetching { skip, bytes: u64::from(largest).saturating_add(1), only }))
}

/// Lists who is in the packs of a floor that may be left, as a computer says: whoever is not here is
/// found by it.
///
/// # Errors
/// The store's.
pub(super) fn list_people<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    (by, people): (DeviceId, &People),
) -> Result<(), ApiError> {
    if is_all_here(session)? || which(session, (members, by), people.at())?.is_none() {
        return Ok(());
    }
    let place = people.at().mark.seq;
    let outlined = outlined_at(session, place)?;
    let mut rows: Vec<_> = people.people().iter().filter_map(elsewhere_row).collect();
    for row in rows.iter_mut().filter(|row| row.first < row.last) {
        let at = Elsewhere { place, first: row.first, last: row.last };
        let (here, all) = match &outlined {
            Some(outlined) => outlined.held(session, at)?,
            None => (0, 1),
        };
        let is_begun = here > 0 || session.open.store.patient(row.patient).told()?.is_none();
        row.partly = here < all && is_begun;
    }
    session.open.store.list_elsewhere(place, &rows).told()
}

/// Counts as here the charts of which a part was and now all is.
///
/// # Errors
/// The store's.
pub(super) fn see_wholes<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    for (patient, at) in session.open.store.partly_elsewhere().told()? {
        let Some(outlined) = outlined_at(session, at.place)? else { continue };
        let (here, all) = outlined.held(session, at)?;
        if here == all {
            session.open.store.settle_elsewhere(patient).told()?;
        }
    }
    Ok(())
}

/// The outline of a place that what is not here may be fetched by.
fn outlined_at<H: Host>(
    session: &Session<'_, H>,
    place: u64,
) -> Result<Option<Outlined>, ApiError> {
    let is_it = |one: &Outlined| one.outline.at().mark.seq == place;
    match outlined(session)?.filter(is_it) {
        Some(outlined) => Ok(Some(outlined)),
        None => Ok(outlined_under(session, names::OUTLINE_NEXT)?.filter(is_it)),
    }
}

/// Somebody as listed; `None` where what is said of them cannot be read.
fn elsewhere_row(listed: &Listed) -> Option<ElsewhereRow> {
    let identity = serde_json::from_slice(&listed.about).ok()?;
    let patient = PatientId::from_uuid(Uuid::from_bytes(listed.id));
    let (first, last) = (listed.first, listed.last);
    Some(ElsewhereRow { patient, first, last, partly: false, identity })
}

/// Somebody as who makes a floor lists them; `None` where there is no room for who they are.
pub(super) fn listed(patient: PatientId, of: (u32, u32), identity: &Identity) -> Option<Listed> {
    let identity = Identity {
        name: identity.name.iter().take(NAMES_LISTED).cloned().collect(),
        identifier: identity.identifier.iter().take(NUMBERS_LISTED).cloned().collect(),
        ..identity.clone()
    };
    let about = serde_json::to_vec(&identity).ok().filter(|it| it.len() <= PERSON_BYTES_MAX)?;
    Some(Listed { id: patient.uuid().into_bytes(), first: of.0, last: of.1, about })
}

/// Forgets what is known of what comes, once everything was taken in: the log was read to its end,
/// nothing was left of it, and what stands before it is vouched for.
///
/// # Errors
/// The store's.
pub(super) fn settle<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let store = &session.open.store;
    let comes = store.named(names::COMING).told()?.is_some();
    // All of it came by another way, as by a stick: what else was left is fetched too.
    if left(session)?.is_some() && floor::jumped(session)?.is_none() {
        store.remove_named(names::HOLD).told()?;
    }
    if !comes || left(session)?.is_some() || floor::jumped(session)?.is_some() {
        return Ok(());
    }
    store.remove_named(names::COMING).told()?;
    // What was chosen for a part says nothing any more.
    store.remove_named(names::HOLD).told()?;
    store.remove_named(names::OUTLINE_NEXT).told()?;
    store.remove_named(names::NEXT_FROM).told()?;
    store.forget_elsewhere_before(u64::MAX).told()?;
    store.remove_named(names::OUTLINE).told()
}

/// Whether all of the record that the server was seen to hold has come here at least once.
///
/// # Errors
/// The store's.
pub(super) fn is_all_here<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(session.open.store.named(names::COMING).told()?.is_none())
}

/// How much is here; `None` once all of it is.
///
/// # Errors
/// The store's.
pub(crate) fn coming<H: Host>(session: &Session<'_, H>) -> Result<Option<Coming>, ApiError> {
    if is_all_here(session)? {
        return Ok(None);
    }
    let by_choice = holds_a_part(session)?;
    let goes_on = left(session)?.is_some() && !by_choice;
    let stands = Coming { goes_on, by_choice, ..Coming::default() };
    let Some(outlined) = outlined(session)? else {
        let charts = session.open.store.counts().told()?.patients;
        return Ok(Some(Coming { charts, ..stands }));
    };
    let here = outlined.here(session)?;
    let mut coming = Coming { charts_of: Some(0), bytes_of: Some(0), ..stands };
    for (counter, planned) in (outlined.counter.saturating_add(1)..).zip(outlined.outline.follow())
    {
        let (charts, bytes) = (u64::from(planned.charts), u64::from(planned.bytes));
        coming.charts_of = coming.charts_of.map(|all| all.saturating_add(charts));
        coming.bytes_of = coming.bytes_of.map(|all| all.saturating_add(bytes));
        if here.contains(&counter) {
            coming.charts = coming.charts.saturating_add(charts);
            coming.bytes = coming.bytes.saturating_add(bytes);
        }
    }
    let (listed, absent) =
        if by_choice { session.open.store.elsewhere_counts().told()? } else { (0, 0) };
    if listed > 0 {
        // Whoever was registered since counts too.
        coming.listed = true;
        coming.charts = session.open.store.counts().told()?.patients;
        coming.charts_of = Some(coming.charts.saturating_add(absent));
    }
    Ok(Some(coming))
}

/// The floor that this computer read the server's log from, where it did.
///
/// # Errors
/// The store's.
pub(super) fn begun_at<H: Host>(session: &Session<'_, H>) -> Result<Option<FloorView>, ApiError> {
    if let Some(jumped) = floor::jumped(session)? {
        return Ok(Some(FloorView { place: jumped.mark.seq, proven: false }));
    }
    let kept = session.open.store.named(names::BEGUN_AT).told()?;
    let kept = kept.and_then(|bytes| Cursor::from_bytes(&bytes).ok());
    Ok(kept.map(|at| FloorView { place: at.mark.seq, proven: true }))
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
