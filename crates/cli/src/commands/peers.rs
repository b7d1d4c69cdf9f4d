//! The other computers of the clinic on the local network.

use super::{Desk, show};
use crate::failure::Failure;
use api::{ApiError, DeviceView, ErrorCode};
use app::{App, Host as _};
use clinical::Instant;
use host::{Bell, Computer, Exchange, Lan, LanSettings, Pace};
use serde::Serialize;
use std::{net::SocketAddr, sync::Arc, thread, time::Duration};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks whether somebody came in.
const LOOK: Duration = Duration::from_millis(250);
/// Who came in and has asked for nothing so long has what there is, in milliseconds.
const QUIET_MS: i64 = 2000;

/// Where this computer answers.
#[derive(Debug, Serialize)]
struct Served {
    address: String,
}

/// Exchanges with one computer.
pub(super) fn meet(desk: &Desk, address: &str) -> Result<(), Failure> {
    desk.sign_in()?;
    let met = desk.app.meet_peer(address).map_err(|error| desk.failed(error))?;
    desk.app.fetch_files_nearby().map_err(|error| desk.failed(error))?;
    desk.output.answer(&met, show::met_peer);
    Ok(())
}

/// Serves and exchanges until the program is ended.
pub(super) fn serve(desk: &Desk, listen: SocketAddr, peers: &[String]) -> Result<(), Failure> {
    desk.sign_in()?;
    let served = Serving::begin(desk, listen, peers)?;
    let told = Served { address: served.address.to_string() };
    desk.output.answer(&told, |told| format!("serving at {}\n", told.address));
    loop {
        thread::park();
    }
}

/// This computer as it serves the others; it ends when this is dropped.
pub(super) struct Serving {
    _exchange: Exchange,
    _lan: Lan,
    address: SocketAddr,
}

impl Serving {
    /// Serves whoever is signed in; tells where once it does.
    pub(super) fn begin(
        desk: &Desk,
        listen: SocketAddr,
        peers: &[String],
    ) -> Result<Self, Failure> {
        let app = &desk.app;
        let failed = |what: &str| {
            let detail = format!("Nothing is served: {what}. Nothing was lost.");
            Failure::Failed(ApiError::new(ErrorCode::Internal, detail))
        };
        if !app.is_on_lan() {
            return Err(failed("the local network is switched off on this computer"));
        }
        let discovers = !listen.ip().is_loopback();
        let settings = LanSettings { listen, discovers, peers: peers.to_vec() };
        let (bell, lan_bell) = (Bell::default(), Bell::default());
        let exchange =
            Exchange::keep_going(Arc::<App<Computer>>::clone(app), &bell, Pace::default());
        let exchange = exchange.map_err(|error| failed(&error.to_string()))?;
        let lan = Lan::keep_going(Arc::<App<Computer>>::clone(app), &lan_bell, settings);
        let lan = lan.map_err(|error| failed(&error.to_string()))?;
        let Some(address) = lan.serves_within(PATIENCE) else {
            return Err(failed(&format!("{listen} cannot be listened at")));
        };
        Ok(Self { _exchange: exchange, _lan: lan, address })
    }

    /// Does what lets somebody in; where no server is set this computer serves meanwhile, so that who is
    /// let in comes to itself.
    pub(super) fn where_needed<T>(
        desk: &Desk,
        listen: SocketAddr,
        work: impl Fn() -> Result<T, ApiError>,
    ) -> Result<(T, Option<Self>), Failure> {
        let is_off = std::env::var("FIELDCHART_LAN").is_ok_and(|lan| lan.trim() == "off");
        match work() {
            Ok(done) => Ok((done, None)),
            Err(error) if is_alone(&error) && !is_off && desk.app.is_on_lan() => {
                let serving = Self::begin(desk, listen, &[])?;
                let done = work().map_err(|error| desk.failed(error))?;
                Ok((done, Some(serving)))
            }
            Err(error) => Err(desk.failed(error)),
        }
    }

    /// Goes on until one that was let in has the record: it was met since, and asks for nothing more.
    /// Answers it, or nothing where that has not come about by a time.
    pub(super) fn until_joined(
        &self,
        desk: &Desk,
        before: &[DeviceView],
        ends_at: Instant,
    ) -> Result<Option<DeviceView>, Failure> {
        while desk.app.host().now() < ends_at {
            thread::sleep(LOOK);
            let devices = desk.call(api::ListDevices {})?;
            let is_new = |one: &&DeviceView| before.iter().all(|known| known.id != one.id);
            let Some(new) = devices.iter().find(is_new) else { continue };
            if desk.app.is_served(new.id, QUIET_MS).map_err(|error| desk.failed(error))? {
                return Ok(Some(new.clone()));
            }
        }
        Ok(None)
    }
}

/// Whether there is no server, and nobody serves here.
fn is_alone(error: &ApiError) -> bool {
    error.findings.iter().any(|finding| finding.code == "not-reached")
}
