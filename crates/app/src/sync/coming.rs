//! How much of the clinic's record is here, while the rest still comes: what was left for later of
//! the floor this computer began at, and since when it is known that nothing is missing.
//!
//! `coming` is noted before the first page of a log is asked for, and goes when everything was
//! taken in. Where the log is read from a floor, an outline tells what the floor's packs hold.

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, Coming, FloorView};
use std::collections::BTreeSet;
use store::NamedRow;
use sync::{
    codec::Canonical as _,
    cursor::Cursor,
    envelope::Envelope,
    have::{Have, Lane, Position},
    ids::{DeviceId, EnvelopeId},
    left::{Fetching, Later, Left},
    membership::{Members, Role},
    payload::Outline,
};

use super::{floor, names};

/// The first byte of an outline as it is kept.
const VERSION: u8 = 1;

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
/// the log from.
///
/// # Errors
/// The store's.
pub(super) fn outline_row<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    (envelope, outline): (&Envelope, &Outline),
) -> Result<Option<NamedRow>, ApiError> {
    let (header, by) = (envelope.header(), envelope.header().device);
    let may = members.device(by).is_some_and(|maker| maker.role == Role::Admin);
    if !may || !is_begun_at(session, outline.at())? {
        return Ok(None);
    }
    let place = [&header.generation.to_be_bytes()[..], &header.counter.to_be_bytes()].concat();
    let bytes = [&[VERSION][..], by.as_bytes(), &place, &outline.to_bytes()].concat();
    Ok(Some(NamedRow { name: names::OUTLINE.to_owned(), bytes }))
}

/// Whether the server's log is read from a place on, and nothing is known yet of what stands before.
fn is_begun_at<H: Host>(session: &Session<'_, H>, at: Cursor) -> Result<bool, ApiError> {
    let jumped = floor::jumped(session)?;
    let place = |at: Cursor| (at.log_epoch, at.mark.seq);
    Ok(jumped.is_some_and(|jumped| place(jumped) == place(at)))
}

/// The outline that is kept. One that cannot be read is as none.
fn outlined<H: Host>(session: &Session<'_, H>) -> Result<Option<Outlined>, ApiError> {
    let kept = session.open.store.named(names::OUTLINE).told()?;
    let Some(kept) = kept.as_deref().and_then(read) else { return Ok(None) };
    Ok(if is_begun_at(session, kept.outline.at())? { Some(kept) } else { None })
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
    let Some(outlined) = outlined(session)? else { return Ok(None) };
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
    let Some(outlined) = outlined(session)? else { return Ok(Fetching { skip, bytes: u64::MAX }) };
    let here = outlined.here(session)?;
    let counters = outlined.counter.saturating_add(1)..;
    let held = counters.clone().take_while(|counter| here.contains(counter)).last();
    skip.set(outlined.lane, named(held.unwrap_or(outlined.counter)));
    let lacking = counters.zip(outlined.outline.follow()).filter(|(at, _)| !here.contains(at));
    // One more each, for what kind of item it is.
    let bytes = lacking.map(|(_, planned)| u64::from(planned.bytes).saturating_add(1)).sum();
    Ok(Fetching { skip, bytes })
}

/// Forgets what is known of what comes, once everything was taken in: the log was read to its end,
/// nothing was left of it, and what stands before it is vouched for.
///
/// # Errors
/// The store's.
pub(super) fn settle<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let store = &session.open.store;
    let comes = store.named(names::COMING).told()?.is_some();
    if !comes || left(session)?.is_some() || floor::jumped(session)?.is_some() {
        return Ok(());
    }
    store.remove_named(names::COMING).told()?;
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
pub(super) fn coming<H: Host>(session: &Session<'_, H>) -> Result<Option<Coming>, ApiError> {
    if is_all_here(session)? {
        return Ok(None);
    }
    let goes_on = left(session)?.is_some();
    let Some(outlined) = outlined(session)? else {
        let charts = session.open.store.counts().told()?.patients;
        return Ok(Some(Coming { charts, goes_on, ..Coming::default() }));
    };
    let here = outlined.here(session)?;
    let mut coming = Coming { goes_on, charts_of: Some(0), bytes_of: Some(0), ..Coming::default() };
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
