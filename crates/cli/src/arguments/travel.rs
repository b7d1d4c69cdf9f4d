//! The words about how the record travels, and how much of it is held.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// How much of the record a computer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HoldWord {
    /// All of it.
    All,
    /// What work goes on with.
    InUse,
}

impl From<HoldWord> for api::Hold {
    fn from(word: HoldWord) -> Self {
        match word {
            HoldWord::All => Self::All,
            HoldWord::InUse => Self::InUse,
        }
    }
}

/// A file that carries the record, in place of the network.
#[derive(Debug, Args)]
pub(crate) struct BundleArguments {
    /// Writes all that is held here into a new file, as on a USB stick, for other computers of the
    /// clinic.
    #[arg(
        long,
        value_name = "FILE",
        group = "carrying",
        conflicts_with_all = ["server", "status", "peer", "quarantine", "bundle_in"]
    )]
    pub(crate) bundle_out: Option<PathBuf>,
    /// With `--bundle-out`: leaves out what this computer is known to hold, by its last file that
    /// was taken in here.
    #[arg(long = "for", value_name = "ID", requires = "bundle_out")]
    pub(crate) only_for: Option<String>,
    /// Takes in a file that another computer of the clinic wrote.
    #[arg(
        long,
        value_name = "FILE",
        group = "carrying",
        conflicts_with_all = ["server", "status", "peer", "quarantine"]
    )]
    pub(crate) bundle_in: Option<PathBuf>,
    /// Writes documents beside the file, the newest first, up to so many MB; or takes in as many of
    /// those that lie beside it, and not only those that are kept on this computer.
    #[arg(
        long,
        value_name = "MB",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "2000",
        requires = "carrying"
    )]
    pub(crate) documents: Option<u32>,
}
