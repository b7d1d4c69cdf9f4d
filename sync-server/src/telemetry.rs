//! What the process says: log lines to standard error; where it listens, and who can reach it there,
//! to standard output.
//!
//! Log lines name endpoints, statuses, sizes and times. They name no document tag, no clinic and
//! no token: a tag stands for one patient.

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::LogFormat;
use crate::front::Place;
use crate::log::postgres::Migration;
use crate::server::Server;

/// What chooses the level.
const LEVEL: &str = "FIELDCHART_LOG";

/// Starts the log; `FIELDCHART_LOG` chooses the level: `error`, `warn`, `info`, `debug`, or filters of
/// `tracing`; `info` when it is unset, or says none of these.
pub fn start(format: LogFormat) {
    let asked = std::env::var(LEVEL).unwrap_or_default();
    let chosen = filter(&asked);
    let is_odd = chosen.is_none() && !asked.is_empty();
    let filter = chosen.unwrap_or_else(|| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second start in one process keeps the first log.
    let started = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was already started");
    }
    if is_odd {
        tracing::warn!(
            "{LEVEL} names no level: it may be error, warn, info or debug; this is info"
        );
    }
}

/// The filter that somebody asks for. A word alone that is no level would silence everything.
fn filter(asked: &str) -> Option<EnvFilter> {
    let is_level = |word: &str| !word.is_empty() && word.parse::<LevelFilter>().is_ok();
    let is_one = asked.split(',').all(|part| is_level(part.trim()) || part.contains('='));
    is_one.then(|| EnvFilter::try_new(asked).ok())?
}

/// Writes the one line that scripts wait for, `listening on https://HOST:PORT pin sha256:…`, and
/// for people a second one where that address does not serve other computers as it stands. Behind a
/// proxy the first says `http://HOST:PORT` or `unix:PATH`, and the pin is that of the proxy.
pub fn announce(server: &Server) {
    let mut out = io::stdout().lock();
    let scheme = match (server.is_behind_proxy(), server.place()) {
        (_, Place::Unix(_)) => "",
        (true, Place::Tcp(_)) => "http://",
        (false, Place::Tcp(_)) => "https://",
    };
    let line = format!("listening on {scheme}{} pin sha256:{}", server.place(), server.pin());
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::warn!("nobody reads standard output");
    }
    if let Some(reach) = reach_of(server) {
        // Scripts have had their line and may read no more.
        drop(writeln!(out, "{reach}").and_then(|()| out.flush()));
    }
}

/// Writes what a migration did.
pub fn migrated(done: Migration) {
    let Migration { from, to } = done;
    let line = if from == to {
        format!("the tables were of version {to} already")
    } else {
        format!("the tables were of version {from} and are of version {to} now")
    };
    // Without standard output there is nobody to tell.
    drop(writeln!(io::stdout(), "{line}"));
}

fn reach_of(server: &Server) -> Option<String> {
    match server.place() {
        Place::Tcp(address) if !server.is_behind_proxy() => reach(*address),
        Place::Tcp(_) | Place::Unix(_) => Some(
            "a proxy ends TLS before it with the key of that pin; give computers the proxy's \
             address with it"
                .to_owned(),
        ),
    }
}

/// What people must know of an address before others can use it.
fn reach(address: SocketAddr) -> Option<String> {
    let (ip, port) = (address.ip(), address.port());
    if ip.is_loopback() {
        return Some(format!(
            "only this computer can reach it there; `--listen 0.0.0.0:{port}` opens it to others"
        ));
    }
    ip.is_unspecified().then(|| {
        format!("others reach it by an address of this computer: write that in the place of {ip}")
    })
}

/// Writes why the process ends, cause by cause, in one line.
pub fn complain(error: &dyn Error, format: LogFormat) {
    let mut line = format!("fieldchart-sync: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        line.push_str(": ");
        line.push_str(&inner.to_string());
        cause = inner.source();
    }
    match format {
        LogFormat::Json => tracing::error!("{line}"),
        // Without standard error there is nobody to tell.
        LogFormat::Text => drop(writeln!(io::stderr(), "{line}")),
    }
}

/// Ends when the process is asked to end, by an interrupt or by SIGTERM; it listens for that from the
/// call on, so that nobody who was told of the server comes too early.
pub fn stop_asked_for() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let signals = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt()).and_then(|it| Ok((it, signal(SignalKind::terminate())?)))
    };
    async move {
        #[cfg(unix)]
        if let Ok((mut interrupt, mut terminate)) = signals {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        if tokio::signal::ctrl_c().await.is_err() {
            tracing::warn!("signals cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_not_taken_for_a_filter() {
        let check = |asked: &str, is_one: bool| {
            assert_eq!(filter(asked).is_some(), is_one, "{asked:?}");
        };
        check("", false);
        check("warning", false);
        check("a b c", false);
        check("warn", true);
        check("DEBUG", true);
        check("info,sync_server=debug", true);
        check("info,verbose", false);
    }

    #[test]
    fn who_can_reach_an_address_is_said() {
        let check = |address: &str, said: Option<&str>| {
            let reach = reach(address.parse().unwrap());
            assert_eq!(reach.is_some(), said.is_some(), "{address}: {reach:?}");
            let told = reach.unwrap_or_default();
            assert!(told.contains(said.unwrap_or_default()), "{address}: {told}");
        };
        check("127.0.0.1:7443", Some("only this computer can reach it"));
        check("127.0.0.1:7443", Some("--listen 0.0.0.0:7443"));
        check("[::1]:7443", Some("only this computer"));
        check("0.0.0.0:7443", Some("in the place of 0.0.0.0"));
        check("[::]:7443", Some("in the place of ::"));
        check("192.168.1.5:7443", None);
    }
}
