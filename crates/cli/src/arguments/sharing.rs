//! The words about charts that pass from one clinic to another.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// One chart passes from one clinic to another, by a file that nobody else can read.
#[derive(Debug, Subcommand)]
pub(crate) enum ShareCommand {
    /// Shows this clinic's card, for other clinics to give it charts by, and its number.
    Card {
        /// Writes the card into a new file instead.
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
    /// Gives a chart to another clinic: writes it into a new file that they alone can open. What is
    /// given cannot be taken back. Asks, once for each clinic, whether their number is the same.
    Out {
        /// Whose chart.
        #[arg(long, value_name = "ID")]
        patient: String,
        /// The card of the other clinic: the code, or a file that holds it.
        #[arg(long, value_name = "CARD")]
        to: String,
        /// On what ground.
        #[arg(long, value_enum)]
        ground: GroundWord,
        /// What they are asked, in words.
        #[arg(long, default_value = "")]
        reason: String,
        /// Until when they are asked to work with it. It binds them by their word alone.
        #[arg(long, value_name = "DATE", default_value = "")]
        until: String,
        /// The new file. What is there is never written over.
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    /// Looks into a file by which another clinic gives a chart, and changes nothing.
    Look {
        /// The file.
        file: PathBuf,
    },
    /// Takes in a chart that another clinic gives: a new one, or into the one that was shared before.
    In {
        /// The file.
        file: PathBuf,
        /// Says that their number was compared and is the same.
        #[arg(long)]
        compared: bool,
        /// Takes it in as it was seen by `share look`, where entries that are here would read otherwise.
        /// Without it that is shown and asked; as JSON it is refused.
        #[arg(long, value_name = "HEADS")]
        seen: Option<String>,
    },
}

/// On what ground a chart is given, by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroundWord {
    /// The patient is referred there, or is answered to.
    Referral,
    /// The patient is treated there from now on.
    Transfer,
    /// The patient asked for it.
    Request,
}
