//! Calling another computer of the clinic where it answered: the one door to the local network.

use crate::{host::Host, open::Session};
use api::ApiError;
use sync::{
    carrier::Carrier,
    ids::{DeviceId, VerifyKey},
    session::Failure,
    wire::Principal,
};

use super::keys::{Keys, clinic_of};

/// A computer that answered, and proved to be one of the clinic.
pub(super) struct Neighbour {
    /// Which.
    pub(super) device: DeviceId,
    /// The way to it.
    pub(super) carrier: Box<dyn Carrier>,
    /// What was known of the clinic when it was called.
    pub(super) keys: Keys,
}

/// Calls the computer that answers at `address`; one that does not is forgotten until it is met again.
///
/// # Errors
/// The store's; inside, what the network did.
pub(super) fn call<H: Host>(
    session: &Session<'_, H>,
    address: &str,
) -> Result<Result<Neighbour, Failure>, ApiError> {
    let keys = Keys::load(session)?;
    let known: Vec<VerifyKey> = keys.members.staying().map(|(_, it)| it.sign_key).collect();
    let met = match session.host.connect_peer(address, keys.signer.clone(), known) {
        Ok((key, carrier)) => keys.device_of_key(&key).map(|device| (device, carrier)),
        Err(failure) => {
            session.open.store.turns().forget_neighbour(address);
            return Ok(Err(failure));
        }
    };
    let Some((device, mut carrier)) = met else { return Ok(Err(Failure::Untrusted)) };
    carrier.identify(clinic_of(session), Principal::Device(keys.device), keys.signer.clone());
    Ok(Ok(Neighbour { device, carrier, keys }))
}
