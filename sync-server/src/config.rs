//! What the command line says.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Carries sealed envelopes between the devices of clinics, and can open none of them.
#[derive(Clone, Debug, Parser)]
#[command(name = "fieldchart-sync", version, about)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    /// Something else than serving.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Option<Config>,
}

/// What the program does beside serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// Makes or renews the tables of a PostgreSQL, as their owner, and ends.
    Migrate {
        /// The database, as its owner connects to it.
        #[arg(long, value_name = "URL", env = "FIELDCHART_OWNER_URL", hide_env_values = true)]
        database_url: String,
        /// PEM of the authority that vouches for the database; the connection then has TLS.
        #[arg(long, value_name = "FILE")]
        database_ca: Option<PathBuf>,
        /// The role the servers connect as. It is there already, and owns nothing.
        #[arg(long, value_name = "ROLE")]
        app_role: String,
    },
}

/// How to serve.
#[derive(Clone, Debug, Args)]
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
    /// Keeps the log in this PostgreSQL, which several servers may share, as
    /// postgresql://USER@HOST/NAME; `migrate` makes its tables.
    #[arg(long, value_name = "URL", env = "FIELDCHART_DATABASE_URL", hide_env_values = true)]
    #[arg(conflicts_with = "memory")]
    pub database_url: Option<String>,
    /// PEM of the authority that vouches for the database; the connection then has TLS.
    #[arg(long, value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
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
        let cli = Cli::try_parse_from(["fieldchart-sync", "--data", "d"]).unwrap();
        let config = cli.serve.unwrap();
        assert_eq!(config.listen, "127.0.0.1:7443".parse().unwrap());
    }
}
