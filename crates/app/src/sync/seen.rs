//! Alarms of what was taken in, kept with it: the end of an exchange notes them with the others, and a
//! death before that loses none.

use crate::{error::ToldResult, hex::hex, host::Host, open::Session};
use api::{ApiError, SyncAlarm};
use sha2::{Digest as _, Sha256};
use store::NamedRow;
use sync::session::Alarm;

use super::{alarms::told_all, keys::internal, names};

/// Where alarms are kept with what they were seen at: of one kind there is one.
///
/// # Errors
/// The store's.
pub(super) fn seen_rows<H: Host>(
    session: &Session<'_, H>,
    alarms: &[Alarm],
) -> Result<Vec<NamedRow>, ApiError> {
    let row = |alarm: &SyncAlarm| {
        let kind = serde_json::to_vec(&alarm.alarm).map_err(|error| internal(&error))?;
        let bytes = serde_json::to_vec(alarm).map_err(|error| internal(&error))?;
        let digest: [u8; 32] = Sha256::digest(&kind).into();
        let short = hex(digest.get(..16).unwrap_or_default());
        Ok(NamedRow { name: format!("{}{short}", names::SEEN), bytes })
    };
    told_all(session, alarms)?.iter().map(row).collect()
}

/// The alarms that are kept so, and the names of their rows.
///
/// # Errors
/// The store's.
pub(super) fn seen<H: Host>(
    session: &Session<'_, H>,
) -> Result<(Vec<SyncAlarm>, Vec<String>), ApiError> {
    let rows = session.open.store.named_with_prefix(names::SEEN).told()?;
    let alarms = rows.iter().filter_map(|row| serde_json::from_slice(&row.bytes).ok()).collect();
    Ok((alarms, rows.into_iter().map(|row| row.name).collect()))
}
