//! The server of the measurement of sync against other engines, as the measuring program asks for
//! one: a folder is all it is told, and one line with its port is all it answers.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::{Config, LogFormat};
use crate::front::{Front, Place};
use crate::server::{ServeError, Server};
use crate::telemetry::stop_asked_for;

/// The name of the file, beside the server's folder, from which devices learn the server's pin.
const PIN_FILE: &str = "bench-server.pin";

/// Why nothing is measured.
#[derive(Debug, Error)]
pub enum BenchError {
    /// The server.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Where it is could not be told.
    #[error("the port or the pin could not be told")]
    Tell(#[from] io::Error),
}

/// Serves from `folder` at an address, as it would anybody, until it is asked to end.
///
/// # Errors
/// [`BenchError`].
pub async fn bench_serve(folder: &Path, listen: SocketAddr) -> Result<(), BenchError> {
    let server = Server::start(&config(folder, listen)).await?;
    let beside = folder.parent().unwrap_or(Path::new("")).join(PIN_FILE);
    fs::write(beside, format!("sha256:{}", server.pin()))?;
    let port = match server.place() {
        Place::Tcp(address) => address.port(),
        Place::Unix(_) => 0,
    };
    writeln!(io::stdout(), "{{\"port\":{port}}}").and_then(|()| io::stdout().flush())?;
    stop_asked_for().await;
    server.stop().await;
    Ok(())
}

fn config(folder: &Path, listen: SocketAddr) -> Config {
    Config {
        data: PathBuf::from(folder),
        listen,
        front: Front::default(),
        memory: false,
        database_url: None,
        region: Vec::new(),
        without_region: Vec::new(),
        default_region: None,
        blobs: Vec::new(),
        database_ca: None,
        no_new_clinics: false,
        quota_bytes: None,
        quota_envelopes: None,
        quota_devices: None,
        log_format: LogFormat::Text,
    }
}
