//! The stretch of the server's log of which only names were read, and what to know for fetching it
//! or one chart of it.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::PatientId;
use store::NamedRow;
use sync::{
    codec::Canonical as _,
    have::{Have, Lane, Position},
    ids::{DeviceId, EnvelopeId},
    left::{Fetching, Left, Only},
};

use super::{
    super::names,
    outline::{Outlined, outlined, outlined_under, page_bytes},
};

/// The stretch of the server's log of which only names were read.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn left<H: Host>(session: &Session<'_, H>) -> Result<Option<Left>, ApiError> {
    let kept = session.open.store.named(names::LEFT).told()?;
    Ok(kept.and_then(|bytes| Left::from_bytes(&bytes).ok()))
}

/// Notes it.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn note_left<H: Host>(
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
pub(in crate::sync) fn fetching<H: Host>(session: &Session<'_, H>) -> Result<Fetching, ApiError> {
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
        bytes = bytes.saturating_add(page_bytes(counters.zip(outlined.outline.follow()), &here));
    }
    begun.iter().for_each(|(lane, held)| skip.set(lane, held));
    Ok(Fetching { skip, bytes, only: None })
}

/// What to know for fetching one chart of what was left; `None` where it is not known where it is.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn fetching_one<H: Host>(
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

/// The lane of the envelopes of one chart that was left, with the counter before the first and that
/// of the last; `None` where it is not known where it is.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn stretch_of<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<Option<(Lane, u64, u64)>, ApiError> {
    let Some(Fetching { skip, only: Some(only), .. }) = fetching_one(session, patient)? else {
        return Ok(None);
    };
    Ok(Some((only.lane, skip.counter(only.lane), only.through)))
}
