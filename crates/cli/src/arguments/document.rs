//! The words about files in a chart.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// Files in a chart.
#[derive(Debug, Subcommand)]
pub(crate) enum DocumentCommand {
    /// Puts a file into a chart: JPEG, PNG, PDF or plain text, at most 62 MB.
    Add {
        /// The file.
        file: PathBuf,
        /// Whose chart.
        #[arg(long, value_name = "ID")]
        patient: String,
        /// What it is called; after the file, when left out.
        #[arg(long)]
        title: Option<String>,
        /// What it is.
        #[arg(long, value_enum, default_value = "other")]
        category: CategoryWord,
    },
    /// Lists the files of a chart, and where their bytes are.
    List {
        /// Whose chart.
        #[arg(long, value_name = "ID")]
        patient: String,
    },
    /// Writes a file of a chart into a new file; it is fetched from the server where it is not here.
    Save {
        /// Which: its id, bare or as `document/0190...`.
        document: String,
        /// Whose chart.
        #[arg(long, value_name = "ID")]
        patient: String,
        /// The new file. What is there is never written over.
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    /// Says that the files of a chart, or of all, are fetched to this computer by themselves.
    Keep {
        /// Whose chart.
        #[arg(long, value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
        patient: Option<String>,
        /// Of all charts.
        #[arg(long)]
        all: bool,
        /// Not any more. What is here stays.
        #[arg(long)]
        off: bool,
    },
}

/// What a file is, by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CategoryWord {
    /// A letter from or to somebody.
    Letter,
    /// What a laboratory found.
    Laboratory,
    /// What an examination with pictures found.
    Imaging,
    /// A photograph.
    Photo,
    /// A consent that was signed.
    Consent,
    /// Anything else.
    Other,
}
