//! What was altered on its way waits for nothing once the whole has come.

use std::collections::BTreeSet;

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use store::QuarantineRow;
use sync::{check::QuarantineReason, codec::Canonical as _, envelope::Envelope};

use super::held::Arrived;

/// Rows read at a time: as many as are kept whole of what nobody sealed.
const PAGE: u32 = 64;

/// A place in a lane.
type Place = ([u8; 16], u32, u64);

/// The ids of what was set aside because its signature is not its computer's, and stands at a place for
/// which what that computer did sign has come. Only of what is kept whole is the place known.
///
/// # Errors
/// The store's.
pub(super) fn made_good<H: Host>(
    session: &Session<'_, H>,
    arrived: &[Arrived<'_>],
) -> Result<Vec<[u8; 32]>, ApiError> {
    let signed = arrived.iter().filter(|one| one.origin.is_ok());
    let come: BTreeSet<Place> = signed.map(|one| place(one.envelope)).collect();
    let mut good = Vec::new();
    let (reasons, mut after) = ([QuarantineReason::BadSignature.code()], 0);
    loop {
        let page = session.open.store.quarantine(&reasons, after, PAGE).told()?;
        let Some(end) = page.end else { return Ok(good) };
        after = end;
        let is_come = |row: &&QuarantineRow| {
            Envelope::from_bytes(&row.bytes).is_ok_and(|envelope| come.contains(&place(&envelope)))
        };
        good.extend(page.rows.iter().filter(is_come).map(|row| row.envelope));
    }
}

fn place(envelope: &Envelope) -> Place {
    let header = envelope.header();
    (header.device.0, header.generation, header.counter)
}
