//! The words of the measurement of sync.

use clap::{Args, ValueEnum, value_parser};
use std::path::PathBuf;

/// A step, where it is done and with how much.
#[derive(Debug, Clone, Args)]
pub(crate) struct BenchArguments {
    /// The step.
    pub(crate) step: BenchStep,
    /// The folder of the device's store; beside it is what the devices tell each other.
    pub(crate) folder: PathBuf,
    /// The server, as `HOST:PORT`.
    pub(crate) server: String,
    /// How many charts there are.
    pub(crate) charts: u32,
    /// How many of them are edited.
    pub(crate) edited: u32,
    /// Entries of a chart.
    #[arg(long, default_value_t = 30, value_parser = value_parser!(u32).range(1..=30))]
    pub(crate) entries: u32,
    /// Edits have ids that say nothing, as those that the product draws.
    #[arg(long)]
    pub(crate) drawn: bool,
    /// How far the clock of this computer is behind.
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub(crate) ago: u32,
    /// The edits go out in so many exchanges.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    pub(crate) exchanges: u32,
    /// Which of the exchanges this is, from 0.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) exchange: u32,
    /// So many edits of a chart are made together; the others in later exchanges.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(u32).range(1..=10))]
    pub(crate) together: u32,
}

/// Steps of the measurement of sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchStep {
    /// The first device gives every chart to an empty server.
    Seed,
    /// An empty device gets every chart.
    Bootstrap,
    /// It learns that nothing changed.
    Idle,
    /// The first device gives small edits.
    EditPush,
    /// The second one records something of its own, and exchanges nothing.
    EditAway,
    /// The second one gets the edits, and gives what it recorded.
    Pull,
}
