//! Exchanging with another computer of the clinic over the LAN.

use crate::{
    App,
    audit::OtherDeed,
    error::signed_out,
    host::Host,
    open::Session,
    people::part_with_removed,
    sync::{
        coming, erasing,
        exchange::{Desk, Exchanged},
        failure::told_of_neighbour,
        join_at::let_in_by,
        joining::finish_joining,
        judging::judge_the_rest,
        keys::{self, Keys},
        mending::{Mended, mend_by, wrap_here},
        met::note_met,
        neighbour::{self, Neighbour},
        peer::Peer,
        server::server_of,
        state::{has_met_server, keep_alarms, keep_too_large},
        turn::SyncTurn,
        wishes::enter_here,
    },
};
use api::{ApiError, Origin};
use clinical::DeviceId;
use serde::Serialize;
use sync::{
    address::pin_of_key,
    carrier::Carrier,
    ids::{DeviceId as Device, VerifyKey},
    session::{Alarm, Failure},
};
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
        meet_at(&session, address)
    }
}

/// As [`App::meet_peer`].
///
/// # Errors
/// As there, but for who may.
pub(super) fn meet_at<H: Host>(
    session: &Session<'_, H>,
    address: &str,
) -> Result<MetPeer, ApiError> {
    let called = neighbour::call(session, address)?.map_err(|it| told_of_neighbour(&it))?;
    let Neighbour { device, mut carrier, keys } = called;
    // This computer itself has no more than it has.
    if device != keys.device {
        session.open.store.turns().met_neighbour(address);
    }
    // Only now: one that does not answer holds up no other exchange.
    let _turn = SyncTurn::wait(session);
    let is_other = device != keys.device;
    let went = meet_and_finish(session, (device, keys), carrier.as_mut());
    // Before the turn ends: whoever shows how it stands asks then.
    if is_other {
        note_met(session, device, went.clone())?;
    }
    let (sent, received) = went?;
    let device = DeviceId::from_uuid(Uuid::from_bytes(device.0));
    let name = keys::device_names(session)?.remove(&device);
    Ok(MetPeer { device, name, sent, received })
}

/// Exchanges everything; the key of a person who joined goes into the record once the record is here.
fn meet_and_finish<H: Host>(
    session: &Session<'_, H>,
    (device, keys): (Device, Keys),
    carrier: &mut dyn Carrier,
) -> Result<(u64, u64), ApiError> {
    let of_device = keys.members.device(device).map(|member| member.sign_key);
    let is_self = device == keys.device;
    let (mut sent, mut received) = meet(session, (device, keys), carrier)?;
    if finish_joining(session)? {
        let more = meet(session, (device, Keys::load(session)?), carrier)?;
        (sent, received) = (sent.saturating_add(more.0), received.saturating_add(more.1));
    }
    // Where no server was met, all there is is with the other computers: of one that was let in by
    // another, with that one, which another newcomer may not have all of either.
    if !has_met_server(session)? && !is_self && has_all(session, of_device)? {
        coming::settle(session)?;
    }
    Ok((sent, received))
}

/// Whether a computer has all of the record that was to come here: the one that let this one in, where it
/// is known.
fn has_all<H: Host>(session: &Session<'_, H>, key: Option<VerifyKey>) -> Result<bool, ApiError> {
    let by = let_in_by(session)?;
    Ok(by.is_none_or(|pin| key.is_some_and(|key| pin_of_key(&key) == pin)))
}

/// Exchanges everything with a computer that answered; tells how much it took in, and how much came.
fn meet<H: Host>(
    session: &Session<'_, H>,
    (device, keys): (Device, Keys),
    carrier: &mut dyn Carrier,
) -> Result<(u64, u64), ApiError> {
    judge_the_rest(session)?;
    let mut desk = Desk::new(session, Peer::Computer(device), keys)?;
    let mut exchanged = desk.run(carrier)?;
    let mut is_mended = false;
    if exchanged.summary.failure == Some(Failure::MembershipForked) {
        match mend_by(session, carrier)? {
            Mended::Over => {
                is_mended = true;
                desk = Desk::new(session, Peer::Computer(device), Keys::load(session)?)?;
                exchanged = exchanged.mended(desk.run(carrier)?);
            }
            // It calls by itself, and they exchange then.
            Mended::Follows => exchanged.alarms.retain(|it| !is_of_lists(it)),
            Mended::No => {}
        }
    }
    let Exchanged { summary, alarms, too_large } = desk.tend_erased(carrier, exchanged)?;
    erasing::sweep(session);
    let has_server = server_of(session)?.is_some();
    keep_alarms(session, &worth_telling(alarms, has_server))?;
    keep_too_large(session, too_large)?;
    part_with_removed(session)?;
    if !has_server && (is_mended || summary.received > 0) {
        wrap_here(session)?;
    }
    match &summary.failure {
        Some(failure) => Err(told_of_neighbour(failure)),
        None => {
            enter_here(session)?;
            Ok((summary.pushed, summary.received))
        }
    }
}

fn is_of_lists(alarm: &Alarm) -> bool {
    *alarm == Alarm::Distrusted(Failure::MembershipForked)
}

/// That a computer of the clinic was put back from a copy is told by itself; and whether this one
/// was removed the clinic's list of computers says, and no other computer.
/// Where there is a server, its clock says whose is wrong.
fn worth_telling(alarms: Vec<Alarm>, has_server: bool) -> Vec<Alarm> {
    let is_told = |alarm: &Alarm| {
        let is_of_server = matches!(alarm, Alarm::LogReplaced { .. } | Alarm::Revoked);
        let is_of_clocks = has_server && matches!(alarm, Alarm::ClockSkew { .. });
        !(is_of_server || is_of_clocks)
    };
    alarms.into_iter().filter(is_told).collect()
}
