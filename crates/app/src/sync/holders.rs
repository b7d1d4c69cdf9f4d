//! Who else holds what is here: what people ask before they close a laptop.

use crate::{host::Host, open::Session};
use api::{ApiError, Holder, HolderView};
use clinical::DeviceId;
use store::SELF;
use sync::have::{Have, Missing};
use uuid::Uuid;

use super::{
    held::have_of,
    keys::{Keys, device_names},
    peer::Peer,
    server::Server,
};

/// The server, where one is set, and each computer of the clinic that was met with no server
/// between; nobody has the `unsealed` changes.
///
/// # Errors
/// The store's.
pub(super) fn holders<H: Host>(
    session: &Session<'_, H>,
    server: Option<&Server>,
    unsealed: u64,
) -> Result<Vec<HolderView>, ApiError> {
    let here = have_of(session, SELF)?;
    let mut holders = Vec::new();
    if let Some(server) = server {
        let noted = have_of(session, &Peer::server(server).name())?;
        holders.push(HolderView { who: Holder::Server, lacks: lacks(&here, &noted) });
    }
    holders.extend(computers(session, &here)?);
    holders.iter_mut().for_each(|holder| holder.lacks = holder.lacks.saturating_add(unsealed));
    Ok(holders)
}

fn computers<H: Host>(session: &Session<'_, H>, here: &Have) -> Result<Vec<HolderView>, ApiError> {
    // How the sync stands is told also where the keys cannot be read.
    let Ok(keys) = Keys::load(session) else { return Ok(Vec::new()) };
    let names = device_names(session)?;
    let mut met = Vec::new();
    for (device, _) in keys.members.active().filter(|(device, _)| *device != keys.device) {
        let noted = have_of(session, &Peer::Computer(device).name())?;
        if noted.is_empty() {
            continue;
        }
        let device = DeviceId::from_uuid(Uuid::from_bytes(device.0));
        let name = names.get(&device).cloned();
        met.push((name, device, lacks(here, &noted)));
    }
    met.sort();
    let view = |(name, device, lacks)| HolderView { who: Holder::Computer { device, name }, lacks };
    Ok(met.into_iter().map(view).collect())
}

fn lacks(here: &Have, noted: &Have) -> u64 {
    let count = |missing: &Missing| missing.through.saturating_sub(missing.after);
    here.beyond(noted).iter().map(count).sum()
}
