//! What the command line says.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Carries sealed envelopes between the devices of clinics, and can open none of them.
#[derive(Clone, Debug, Parser)]
#[command(name = "fieldchart-sync", version, about)]
pub struct Config {
    /// Folder of the server's key and log; made at the first start.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address to listen at; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Keeps the log in memory only: it is gone when the server stops. For trials.
    #[arg(long)]
    pub memory: bool,
    /// Takes no clinics that are not here yet.
    #[arg(long)]
    pub no_new_clinics: bool,
    /// How log lines are written, to standard error.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object a line for collectors.
    Json,
}
