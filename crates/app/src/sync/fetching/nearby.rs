//! Asking the computers on the local network for one chart.
//!
//! What they give counts as no more than it is: envelopes of one lane, each signed by its device. Who
//! holds a part itself gives what it has of them, and nobody is taken for one that holds the whole.

use super::{
    super::{
        coming,
        exchange::Desk,
        keys::{Keys, clinic_of},
        lan::is_lan_off,
        neighbour::{self, Neighbour},
        peer::Peer,
        state::keep_alarms,
    },
    is_here,
};
use crate::{host::Host, open::Session};
use api::ApiError;
use clinical::PatientId;
use sync::{
    carrier::Carrier,
    check::Signers,
    envelope::Envelope,
    have::Lane,
    ids::DeviceId,
    wire::{LaneRequest, PushRequest},
};

/// Fetches a chart from the computers that were met, the last first; answers whether all of it is
/// here by then.
///
/// # Errors
/// The store's.
pub(super) fn fetch<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<bool, ApiError> {
    if is_lan_off(session)? {
        return Ok(false);
    }
    let nearby: Vec<String> = session.open.store.turns().neighbours().clone();
    for address in nearby {
        let Some(stretch) = coming::stretch_of(session, patient)? else { return Ok(false) };
        let Ok(Neighbour { device, mut carrier, .. }) = neighbour::call(session, &address)? else {
            continue;
        };
        fetch_from(session, (device, carrier.as_mut()), stretch)?;
        if is_here(session, patient)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes in what one gives of a stretch. One that gives nothing, or anything else, is asked no more.
fn fetch_from<H: Host>(
    session: &Session<'_, H>,
    (device, carrier): (DeviceId, &mut dyn Carrier),
    (lane, mut after, through): (Lane, u64, u64),
) -> Result<(), ApiError> {
    let clinic = clinic_of(session);
    while after < through {
        let asked = LaneRequest { clinic, lane, after, through };
        let Ok(given) = carrier.lane(&asked) else { return Ok(()) };
        // Others have taken something in meanwhile, or do now: one after the other.
        let _alone = session.open.store.turns().take_in_beside();
        let keys = Keys::load(session)?;
        let mut signers = Signers::of(&keys.members);
        let is_wanted = |envelope: &Envelope| {
            let (header, at) = (envelope.header(), envelope.header().counter);
            let is_of_it = header.lane() == lane && after < at && at <= through;
            is_of_it && signers.check_origin(envelope).is_ok()
        };
        if given.clinic != clinic || !given.envelopes.iter().all(is_wanted) {
            return Ok(());
        }
        let counters = given.envelopes.iter().map(|envelope| envelope.header().counter);
        let Some(last) = counters.max() else { return Ok(()) };
        let PushRequest { keys: wrapped, envelopes, .. } = given;
        let mut desk = Desk::new(session, Peer::Computer(device), keys)?;
        desk.take_keys(&wrapped)?;
        desk.take_envelopes(&envelopes)?;
        coming::see_wholes(session)?;
        keep_alarms(session, &desk.alarms)?;
        after = last;
    }
    Ok(())
}
