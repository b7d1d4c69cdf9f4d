//! When something of each computer last came here, whichever way it took.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::{DeviceId, Instant};
use std::collections::{BTreeMap, BTreeSet};
use store::NamedRow;
use uuid::Uuid;

use super::{held::Arrived, names};

/// Where it is kept that something came now of the computers whose signature it bears.
pub(super) fn heard_rows(arrived: &[Arrived<'_>], now: Instant) -> Vec<NamedRow> {
    let genuine = arrived.iter().filter(|one| one.origin.is_ok());
    let devices: BTreeSet<[u8; 16]> = genuine.map(|one| one.envelope.header().device.0).collect();
    let row = |device| NamedRow {
        name: format!("{}{}", names::HEARD_FROM, Uuid::from_bytes(device)),
        bytes: now.unix_ms().to_be_bytes().to_vec(),
    };
    devices.into_iter().map(row).collect()
}

/// When something of each computer last came here, by this computer's clock.
///
/// # Errors
/// The store's.
pub(super) fn heard_from<H: Host>(
    session: &Session<'_, H>,
) -> Result<BTreeMap<DeviceId, Instant>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::HEARD_FROM).told()?;
    let read = |row: NamedRow| {
        let id = Uuid::try_parse(row.name.strip_prefix(names::HEARD_FROM)?).ok()?;
        let at = i64::from_be_bytes(row.bytes.try_into().ok()?);
        Some((DeviceId::from_uuid(id), Instant::from_unix_ms(at)))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
