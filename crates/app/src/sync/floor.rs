//! Floors: a place in the server's log up to which everything is covered by packs that come after
//! it, so that a computer that joins begins there. One computer makes it, another finds it to be so,
//! and whoever knows both tells the server (`docs/decisions/0031-floors.md`).

mod belated;
mod make;
mod verify;
mod weight;

pub(super) use belated::{Belated, is_belated_due};
pub use make::FloorMade;
pub(super) use make::{make_floor, seal_whole};
pub(super) use verify::is_so;
pub(super) use weight::bytes_since;

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::BTreeSet;
use store::NamedRow;
use sync::{
    check::{Awaits, QuarantineReason},
    codec::Canonical as _,
    cursor::Cursor,
    floor::{Base, is_vouched_for},
    have::Have,
    ids::{DeviceId, EnvelopeId},
    membership::{Members, Role},
    payload::Floor,
};

use super::{coming::coming_row, names, quarantine::left};

/// The first byte of a floor as it is kept.
const VERSION: u8 = 1;

/// A floor that is known here.
pub(super) struct Known {
    /// The envelope that says it.
    pub(super) id: EnvelopeId,
    /// Whose.
    pub(super) by: DeviceId,
    /// What it says.
    pub(super) floor: Floor,
    /// The other computers that found it to be so, each with the envelope that says it.
    pub(super) countersigned: Vec<(DeviceId, EnvelopeId)>,
}

/// What counts as held though it is not here. One that cannot be read is as none.
///
/// # Errors
/// The store's.
pub(super) fn base<H: Host>(session: &Session<'_, H>) -> Result<Base, ApiError> {
    let kept = session.open.store.named(names::BASE).told()?;
    let have = kept.and_then(|bytes| Have::from_bytes(&bytes).ok());
    Ok(have.map(Base::of).unwrap_or_default())
}

/// Where that is kept.
pub(super) fn base_row(base: &Base) -> NamedRow {
    NamedRow { name: names::BASE.to_owned(), bytes: base.have().to_bytes() }
}

/// The place from which the server's log is read without knowing yet that it is a floor.
///
/// # Errors
/// The store's.
pub(super) fn jumped<H: Host>(session: &Session<'_, H>) -> Result<Option<Cursor>, ApiError> {
    let kept = session.open.store.named(names::JUMPED).told()?;
    Ok(kept.and_then(|bytes| Cursor::from_bytes(&bytes).ok()))
}

/// Notes that place. Of another one than before, what was said of charts that are elsewhere holds no
/// more: they are in other packs now, as those of a server's log that was put back.
///
/// # Errors
/// The store's.
pub(super) fn note_jump<H: Host>(session: &Session<'_, H>, at: Cursor) -> Result<(), ApiError> {
    if jumped(session)? != Some(at) {
        session.open.store.forget_elsewhere(|_| false).told()?;
    }
    let row = NamedRow { name: names::JUMPED.to_owned(), bytes: at.to_bytes() };
    session.open.store.put_named(&[row, coming_row()]).told()
}

/// Notes that the place the server's log was read from is a floor.
///
/// # Errors
/// The store's.
pub(super) fn note_proven<H: Host>(session: &Session<'_, H>, at: Cursor) -> Result<(), ApiError> {
    let row = NamedRow { name: names::BEGUN_AT.to_owned(), bytes: at.to_bytes() };
    session.open.store.put_named(&[row]).told()?;
    session.open.store.remove_named(names::JUMPED).told()
}

/// Whether two computers vouch for that place, whatever of its packs is here.
///
/// # Errors
/// The store's.
pub(super) fn is_vouched_at<H: Host>(
    session: &Session<'_, H>,
    at: Cursor,
) -> Result<bool, ApiError> {
    Ok(known(session)?.iter().any(|known| known.floor.at() == at && known.is_vouched_for()))
}

/// Where a floor is kept that came, or was made here; none where its computer may make none.
pub(super) fn floor_row(
    members: &Members,
    id: EnvelopeId,
    by: DeviceId,
    floor: &Floor,
) -> Option<NamedRow> {
    let may = members.device(by).is_some_and(|maker| maker.role == Role::Admin);
    let bytes = [&[VERSION][..], by.as_bytes(), &floor.to_bytes()].concat();
    may.then(|| NamedRow { name: format!("{}{id}", names::FLOORS), bytes })
}

/// Where it is kept that a computer found a floor to be so.
pub(super) fn countersign_row(floor: EnvelopeId, by: DeviceId, id: EnvelopeId) -> NamedRow {
    let name = format!("{}{floor}/{by}", names::COUNTERSIGNS);
    NamedRow { name, bytes: id.0.to_vec() }
}

/// The floors that are known here, the last place last. One that cannot be read is as none.
///
/// # Errors
/// The store's.
pub(super) fn known<H: Host>(session: &Session<'_, H>) -> Result<Vec<Known>, ApiError> {
    let store = &session.open.store;
    let mut all = Vec::new();
    for row in store.named_with_prefix(names::FLOORS).told()? {
        let Some((id, by, floor)) = read(&row) else { continue };
        let prefix = format!("{}{id}/", names::COUNTERSIGNS);
        let rows = store.named_with_prefix(&prefix).told()?;
        let countersigned = rows.iter().filter_map(|row| read_countersign(&prefix, row)).collect();
        all.push(Known { id, by, floor, countersigned });
    }
    all.sort_by_key(|known| (known.floor.at().mark.seq, known.id));
    Ok(all)
}

fn read(row: &NamedRow) -> Option<(EnvelopeId, DeviceId, Floor)> {
    let id = id_of_hex(row.name.strip_prefix(names::FLOORS)?)?;
    let (version, rest) = row.bytes.split_first()?;
    let (by, floor) = rest.split_first_chunk::<16>().filter(|_| *version == VERSION)?;
    Some((EnvelopeId(id), DeviceId(*by), Floor::from_bytes(floor).ok()?))
}

fn read_countersign(prefix: &str, row: &NamedRow) -> Option<(DeviceId, EnvelopeId)> {
    let by = id_of_hex(row.name.strip_prefix(prefix)?)?;
    Some((DeviceId(by), EnvelopeId(row.bytes.as_slice().try_into().ok()?)))
}

fn id_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    crate::hex::bytes_of_hex(text)?.try_into().ok()
}

impl Known {
    /// Whether two computers vouch for it.
    pub(super) fn is_vouched_for(&self) -> bool {
        let by: BTreeSet<_> = self.countersigned.iter().map(|(device, _)| *device).collect();
        is_vouched_for(self.by, &by)
    }

    /// Whether two computers vouch for it, and all that covers the log was taken in here.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn is_proven<H: Host>(&self, session: &Session<'_, H>) -> Result<bool, ApiError> {
        if !self.is_vouched_for() {
            return Ok(false);
        }
        for id in self.floor.covered_by() {
            let store = &session.open.store;
            if !store.knows_envelope(&id.0).told()? || store.is_set_aside(&id.0).told()? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Where it is kept what a computer told that it saw of the server's log.
pub(super) fn read_by_row((device, saw): &(DeviceId, Cursor)) -> NamedRow {
    NamedRow { name: format!("{}{device}", names::READ_BY), bytes: saw.to_bytes() }
}

/// What such a row says.
pub(super) fn read_by(row: &NamedRow) -> Option<(DeviceId, Cursor)> {
    let device = id_of_hex(row.name.strip_prefix(names::READ_BY)?)?;
    Some((DeviceId(device), Cursor::from_bytes(&row.bytes).ok()?))
}

/// Whether something is set aside that may still come in, and that nobody left aside for good: what
/// it holds would be in no pack.
///
/// # Errors
/// The store's.
pub(super) fn waits<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let store = &session.open.store;
    let may_come_in = |reason: &str| {
        let reason = QuarantineReason::from_code(reason);
        reason.is_none_or(|reason| reason.awaits() != Awaits::Nothing)
    };
    let aside = store.set_aside_reasons().told()?;
    let mut waiting: u64 =
        aside.iter().filter(|(reason, _)| may_come_in(reason)).map(|(_, count)| count).sum();
    if waiting == 0 {
        return Ok(false);
    }
    for envelope in left(session)?.keys() {
        let is_of_them =
            store.set_aside_one(envelope).told()?.is_some_and(|row| may_come_in(&row.reason));
        waiting = waiting.saturating_sub(u64::from(is_of_them));
    }
    Ok(waiting > 0)
}
