//! Exchanging with another computer of the clinic over the LAN.

use crate::{
    App,
    audit::OtherDeed,
    error::signed_out,
    host::Host,
    open::Session,
    people::part_with_removed,
    sync::{
        erasing,
        exchange::Desk,
        failure::told_failure,
        judging::judge_the_rest,
        keys::{self, Keys},
        mending::{May, mend_list},
        neighbour::{self, Neighbour},
        peer::Peer,
        state::keep_alarms,
        turn::SyncTurn,
    },
};
use api::{ApiError, Origin};
use clinical::DeviceId;
use serde::Serialize;
use sync::session::{Alarm, Failure};
use uuid::Uuid;

/// An exchange with another computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetPeer {
    /// The computer.
    pub device: DeviceId,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Envelopes it took in.
    pub sent: u64,
    /// Envelopes that came.
    pub received: u64,
}

impl<H: Host> App<H> {
    /// Exchanges everything with the computer of this clinic that answers at `address`
    /// (`host:port`). It blocks.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; `unreachable`, `untrusted` and the like: what came before is
    /// kept; the store's.
    pub fn meet_peer(&self, address: &str) -> Result<MetPeer, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync)?;
        let called = neighbour::call(&session, address)?.map_err(|it| told_failure(&it))?;
        let Neighbour { device, mut carrier, keys } = called;
        // This computer itself has no more than it has.
        if device != keys.device {
            open.store.turns().met_neighbour(address);
        }
        // Only now: one that does not answer holds up no other exchange.
        let _turn = SyncTurn::wait(&session);
        judge_the_rest(&session)?;
        let mut desk = Desk::new(&session, Peer::Computer(device), keys)?;
        let mut exchanged = desk.run(carrier.as_mut())?;
        if exchanged.summary.failure == Some(Failure::MembershipForked)
            && mend_list(&session, carrier.as_mut(), May::Follow)?
        {
            desk = Desk::new(&session, Peer::Computer(device), Keys::load(&session)?)?;
            exchanged = exchanged.mended(desk.run(carrier.as_mut())?);
        }
        let exchanged = desk.tend_erased(carrier.as_mut(), exchanged)?;
        erasing::sweep(&session);
        keep_alarms(&session, &worth_telling(exchanged.alarms))?;
        part_with_removed(&session)?;
        if let Some(failure) = &exchanged.summary.failure {
            return Err(told_failure(failure));
        }
        let (sent, received) = (exchanged.summary.pushed, exchanged.summary.received);
        let device = DeviceId::from_uuid(Uuid::from_bytes(device.0));
        let name = keys::device_names(&session)?.remove(&device);
        Ok(MetPeer { device, name, sent, received })
    }
}

/// That a computer of the clinic was put back from a copy is told by itself; and whether this one
/// was removed the clinic's list of computers says, and no other computer.
fn worth_telling(alarms: Vec<Alarm>) -> Vec<Alarm> {
    let is_told = |alarm: &Alarm| !matches!(alarm, Alarm::LogReplaced { .. } | Alarm::Revoked);
    alarms.into_iter().filter(is_told).collect()
}
