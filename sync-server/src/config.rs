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
    /// Address to listen at. 127.0.0.1 is reached from this computer alone, 0.0.0.0 from the whole
    /// network; port 0 takes a free one, another at each start.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7443")]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Computers keep the address they were told: a restart must find the server where it was.
    #[test]
    fn it_listens_at_the_same_place_after_a_restart() {
        let config = Config::try_parse_from(["fieldchart-sync", "--data", "d"]).unwrap();
        assert_eq!(config.listen, "127.0.0.1:7443".parse().unwrap());
    }
}
