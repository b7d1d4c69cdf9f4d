//! The sync use-cases. (Being written: the rest of the crate calls these functions.)

use crate::{App, host::Host, open::Session, permit::Permit};
use api::{
    ApiError, DeviceCode, DeviceView, ErrorCode, GetSyncState, JoinClinic, ListDevices,
    MakeDeviceCode, RevokeDevice, SessionView, SetServer, SyncNow, SyncView,
};
use clinical::DeviceId;
use std::collections::BTreeMap;

/// A server's address as it was checked.
pub(crate) struct Server(pub(crate) String);

/// Checks `https://host:port#pin`.
pub(crate) fn check_server(text: &str) -> Result<Server, ApiError> {
    Ok(Server(text.to_owned()))
}

/// Makes device keys, clinic keys and the founding membership entry of a new clinic; keeps them.
pub(crate) fn found_clinic<H: Host>(_session: &Session<'_, H>) -> Result<(), ApiError> {
    Ok(())
}

/// Keeps the server to sync with.
pub(crate) fn keep_server<H: Host>(_s: &Session<'_, H>, _server: &Server) -> Result<(), ApiError> {
    Ok(())
}

/// Names of the clinic's computers, for stamps.
pub(crate) fn device_names<H: Host>(
    _session: &Session<'_, H>,
) -> Result<BTreeMap<DeviceId, String>, ApiError> {
    Ok(BTreeMap::new())
}

pub(crate) fn join_clinic<H: Host>(_a: &App<H>, _c: JoinClinic) -> Result<SessionView, ApiError> {
    Err(later())
}
pub(crate) fn make_device_code<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<MakeDeviceCode>,
    _c: &MakeDeviceCode,
) -> Result<DeviceCode, ApiError> {
    Err(later())
}
pub(crate) fn list_devices<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<ListDevices>,
    _c: &ListDevices,
) -> Result<Vec<DeviceView>, ApiError> {
    Err(later())
}
pub(crate) fn revoke_device<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<RevokeDevice>,
    _c: &RevokeDevice,
) -> Result<(), ApiError> {
    Err(later())
}
pub(crate) fn set_server<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<SetServer>,
    _c: &SetServer,
) -> Result<(), ApiError> {
    Err(later())
}
pub(crate) fn get_sync_state<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<GetSyncState>,
    _c: &GetSyncState,
) -> Result<SyncView, ApiError> {
    Err(later())
}
pub(crate) fn sync_now<H: Host>(
    _s: &Session<'_, H>,
    _p: &Permit<SyncNow>,
    _c: &SyncNow,
) -> Result<SyncView, ApiError> {
    Err(later())
}
fn later() -> ApiError {
    ApiError::new(ErrorCode::Internal, "not yet")
}
