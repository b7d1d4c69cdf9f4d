//! How much of the clinic's record is here, while the rest still comes: what was left for later of
//! the floor this computer began at, and since when it is known that nothing is missing.
//!
//! `coming` is noted before the first page of a log is asked for, and goes when everything was
//! taken in. Where the log is read from a floor, an outline tells what the floor's packs hold.

mod elsewhere;
mod left;
mod outline;

pub(super) use elsewhere::{list_people, listed, see_wholes};
pub(super) use left::{fetching, fetching_one, left, note_left, stretch_of};
pub(super) use outline::{follow_floor, outline_rows, outlook};

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, Coming, FloorView};
use store::NamedRow;
use sync::{codec::Canonical as _, cursor::Cursor};

use super::{floor, hold::holds_a_part, names};
use outline::outlined;

/// That the record is about to come.
pub(super) fn coming_row() -> NamedRow {
    NamedRow { name: names::COMING.to_owned(), bytes: Vec::new() }
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
    store.settle_all_elsewhere().told()?;
    store.remove_named(names::OUTLINE).told()
}

/// Whether all of the record that the server was seen to hold has come here at least once.
///
/// # Errors
/// The store's.
pub(super) fn has_whole_record<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(session.open.store.named(names::COMING).told()?.is_none())
}

/// How much is here; `None` once all of it is.
///
/// # Errors
/// The store's.
pub(crate) fn coming<H: Host>(session: &Session<'_, H>) -> Result<Option<Coming>, ApiError> {
    if has_whole_record(session)? {
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
