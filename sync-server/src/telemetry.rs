//! What the process says: log lines to standard error, one line to standard output.
//!
//! Log lines name endpoints, statuses, sizes and times. They name no document tag, no clinic and
//! no token: a tag stands for one patient.

use std::error::Error;
use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;
use crate::server::Server;

/// Starts the log; `FIELDCHART_LOG` chooses the level (`info` when unset).
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_env("FIELDCHART_LOG").unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second start in one process keeps the first log.
    let started = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was already started");
    }
}

/// Writes the one line that scripts wait for: `listening on https://HOST:PORT pin sha256:…`.
pub fn announce(server: &Server) {
    let mut out = io::stdout().lock();
    let line = format!("listening on https://{} pin sha256:{}", server.address(), server.pin());
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::warn!("nobody reads standard output");
    }
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

/// Returns when the process is asked to end, by an interrupt or by SIGTERM.
pub async fn stop_asked_for() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if interrupt.await.is_err() {
        tracing::warn!("signals cannot be heard");
        std::future::pending::<()>().await;
    }
}
