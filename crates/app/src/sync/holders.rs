//! Who else holds what is here: what people ask before they close a laptop.

use crate::{host::Host, open::Session};
use api::{ApiError, Holder, HolderView};
use clinical::DeviceId;
use store::SELF;
use sync::{
    have::{Have, Missing},
    ids::DeviceId as Device,
};
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
    let mut met = Vec::new();
    for (peer, who) in others(session, &keys)? {
        let noted = have_of(session, &peer.name())?;
        if !noted.is_empty() {
            met.push(HolderView { who, lacks: lacks(here, &noted) });
        }
    }
    Ok(met)
}

/// The other computers of the clinic, by name.
///
/// # Errors
/// The store's.
pub(super) fn others<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
) -> Result<Vec<(Peer, Holder)>, ApiError> {
    let names = device_names(session)?;
    let other = |device: Device| {
        let id = DeviceId::from_uuid(Uuid::from_bytes(device.0));
        (names.get(&id).cloned(), id, device)
    };
    let staying = keys.members.staying().filter(|(_, member)| !member.is_kit);
    let others = staying.map(|(device, _)| device);
    let mut others: Vec<_> = others.filter(|it| *it != keys.device).map(other).collect();
    others.sort();
    let view = |(name, device, peer)| (Peer::Computer(peer), Holder::Computer { device, name });
    Ok(others.into_iter().map(view).collect())
}

fn lacks(here: &Have, noted: &Have) -> u64 {
    let count = |missing: &Missing| missing.through.saturating_sub(missing.after);
    here.beyond(noted).iter().map(count).sum()
}
