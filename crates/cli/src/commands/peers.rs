//! The other computers of the clinic on the local network.

use super::{Desk, show};
use crate::failure::Failure;
use api::{ApiError, ErrorCode};
use host::{Bell, Exchange, Lan, LanSettings, Pace};
use serde::Serialize;
use std::{net::SocketAddr, sync::Arc, thread, time::Duration};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

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
pub(super) fn serve(desk: Desk, listen: SocketAddr, peers: &[String]) -> Result<(), Failure> {
    desk.sign_in()?;
    let Desk { app, output, .. } = desk;
    let failed = |what: &str| {
        let detail = format!("Nothing is served: {what}. Nothing was lost.");
        Failure::Failed(ApiError::new(ErrorCode::Internal, detail))
    };
    if !app.is_on_lan() {
        return Err(failed("the local network is switched off on this computer"));
    }
    let app = Arc::new(app);
    let discovers = !listen.ip().is_loopback();
    let settings = LanSettings { listen, discovers, peers: peers.to_vec() };
    let (bell, lan_bell) = (Bell::default(), Bell::default());
    let exchange = Exchange::keep_going(app.clone(), &bell, Pace::default());
    let _exchange = exchange.map_err(|error| failed(&error.to_string()))?;
    let lan = Lan::keep_going(app, &lan_bell, settings);
    let lan = lan.map_err(|error| failed(&error.to_string()))?;
    let Some(address) = lan.serves_within(PATIENCE) else {
        return Err(failed(&format!("{listen} cannot be listened at")));
    };
    let served = Served { address: address.to_string() };
    output.answer(&served, |served| format!("serving at {}\n", served.address));
    loop {
        thread::park();
    }
}
