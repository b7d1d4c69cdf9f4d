//! Who else holds what is here: what people ask before they close a laptop.

use crate::{host::Host, open::Session};
use api::{ApiError, Holder, HolderView, MetView};
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
    met::met,
    peer::Peer,
    server::Server,
};

/// Who else holds the record.
#[derive(Default)]
pub(super) struct Holders {
    /// The server, where one is set, and each computer of the clinic that was met with no server
    /// between.
    pub(super) all: Vec<HolderView>,
    /// Whether the clinic has other computers than this one, met or not.
    pub(super) has_others: bool,
    /// What no other computer was seen to hold.
    pub(super) only_here: u64,
}

/// Tells who holds how much; the server was met as `by_server` says, and nobody has the `unsealed`
/// changes.
///
/// # Errors
/// The store's.
pub(super) fn holders<H: Host>(
    session: &Session<'_, H>,
    (server, by_server): (Option<&Server>, MetView),
    unsealed: u64,
) -> Result<Holders, ApiError> {
    let here = have_of(session, SELF)?;
    let mut holders = Holders::default();
    if let Some(server) = server {
        let noted = have_of(session, &Peer::server(server).name())?;
        let lacks = lacks(&here, &noted);
        holders.all.push(HolderView { who: Holder::Server, lacks, met: by_server });
    }
    add_computers(session, &here, &mut holders)?;
    let unsealed_too = |lacks: &mut u64| *lacks = lacks.saturating_add(unsealed);
    holders.all.iter_mut().for_each(|holder| unsealed_too(&mut holder.lacks));
    unsealed_too(&mut holders.only_here);
    Ok(holders)
}

fn add_computers<H: Host>(
    session: &Session<'_, H>,
    here: &Have,
    holders: &mut Holders,
) -> Result<(), ApiError> {
    // How the sync stands is told also where the keys cannot be read.
    let Ok(keys) = Keys::load(session) else { return Ok(()) };
    let mut anywhere = Have::new();
    for (peer, who) in others(session, &keys)? {
        holders.has_others = true;
        let noted = have_of(session, &peer.name())?;
        let met = match peer {
            Peer::Computer(device) => met(session, device)?,
            Peer::Server(_) | Peer::Anyone => MetView::default(),
        };
        for (lane, position) in noted.iter() {
            if position.counter > anywhere.counter(lane) {
                anywhere.set(lane, position);
            }
        }
        if !noted.is_empty() || met != MetView::default() {
            holders.all.push(HolderView { who, lacks: lacks(here, &noted), met });
        }
    }
    holders.only_here = lacks(here, &anywhere);
    Ok(())
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
