//! What was altered on its way is let go of once the whole is here.

use std::collections::BTreeSet;

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use store::{QuarantineRow, Receipt};
use sync::{
    check::{QuarantineReason, check_origin},
    codec::Canonical as _,
    envelope::Envelope,
    membership::Members,
};

use super::held::Arrived;

/// Rows read at a time: as many as are kept whole of what nobody sealed.
const PAGE: u32 = 64;
/// The reason of what was altered.
const ALTERED: &str = QuarantineReason::BadSignature.code();

/// A place in a lane.
type Place = ([u8; 16], u32, u64);

/// Lets go of what was, or is about to be, set aside because its signature is not its computer's, and
/// stands at a place for which what that computer did sign is here. The place is known only of what is
/// kept whole. Whoever altered it is told by nothing afterwards: it reached the record in no way.
///
/// # Errors
/// The store's.
pub(super) fn let_go<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    arrived: &[Arrived<'_>],
    receipt: &mut Receipt,
) -> Result<(), ApiError> {
    if arrived.is_empty() {
        return Ok(());
    }
    let signed = arrived.iter().filter(|one| one.origin.is_ok());
    let come: BTreeSet<Place> = signed.map(|one| place(one.envelope)).collect();
    let is_here = |row: &QuarantineRow| -> Result<bool, ApiError> {
        let Ok(envelope) = Envelope::from_bytes(&row.bytes) else { return Ok(false) };
        let at = place(&envelope);
        Ok(come.contains(&at) || is_held(session, members, at)?)
    };
    let mut stays = Vec::new();
    for row in std::mem::take(&mut receipt.quarantine) {
        if row.reason != ALTERED || !is_here(&row)? {
            stays.push(row);
        }
    }
    receipt.quarantine = stays;
    let mut after = 0;
    loop {
        let page = session.open.store.quarantine(&[ALTERED], after, PAGE).told()?;
        let Some(end) = page.end else { return Ok(()) };
        after = end;
        for row in page.rows {
            if is_here(&row)? {
                receipt.released.push(row.envelope);
            }
        }
    }
}

/// Whether the store holds what the computer of a place did sign for it.
fn is_held<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    at: Place,
) -> Result<bool, ApiError> {
    let (device, generation, counter) = at;
    let before = counter.saturating_sub(1);
    let rows = session.open.store.envelopes(&device, generation, before, 1).told()?;
    let mut held = rows.iter().filter_map(|row| Envelope::from_bytes(&row.bytes).ok());
    Ok(held.any(|envelope| place(&envelope) == at && check_origin(&envelope, members).is_ok()))
}

fn place(envelope: &Envelope) -> Place {
    let header = envelope.header();
    (header.device.0, header.generation, header.counter)
}
