//! The words about paper.

use clap::{Args, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;

/// Printing.
#[derive(Debug, Subcommand)]
pub(crate) enum PrintCommand {
    /// Medicines to be handed out: those named, or all that were ordered in a visit.
    Prescription {
        #[command(flatten)]
        how: PrintArguments,
        /// A medicine's id; several are given one by one.
        #[arg(long = "medication", value_name = "ID", required_unless_present = "visit")]
        medications: Vec<String>,
        /// The visit's id.
        #[arg(long, value_name = "ID")]
        visit: Option<String>,
    },
    /// What a visit came to.
    Summary {
        #[command(flatten)]
        how: PrintArguments,
        /// The visit's id.
        #[arg(long, value_name = "ID")]
        visit: String,
    },
    /// That somebody cannot work or go to school.
    SickNote {
        #[command(flatten)]
        how: PrintArguments,
        /// The first day: `2026-11-27`.
        #[arg(long, value_name = "DAY")]
        from: String,
        /// The last day.
        #[arg(long, value_name = "DAY")]
        until: String,
        /// Anything else that is to be said.
        #[arg(long, default_value = "")]
        remark: String,
    },
    /// A letter to a colleague.
    Referral {
        #[command(flatten)]
        how: PrintArguments,
        /// To whom.
        #[arg(long)]
        to: String,
        /// It cannot wait.
        #[arg(long)]
        urgent: bool,
        /// Why.
        #[arg(long)]
        situation: String,
        /// What went before.
        #[arg(long, default_value = "")]
        background: String,
        /// What is thought of it.
        #[arg(long, default_value = "")]
        assessment: String,
        /// What is asked for.
        #[arg(long, default_value = "")]
        recommendation: String,
    },
    /// Labels of who somebody is.
    Label {
        #[command(flatten)]
        how: PrintArguments,
        /// How many.
        #[arg(long, default_value_t = 1, value_parser = value_parser!(u32).range(1..=50))]
        copies: u32,
    },
    /// A sheet that was printed on this computer, once more, marked as a copy.
    Copy {
        /// Its number.
        serial: String,
        /// Into this new file instead of to the printer.
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
}

/// Whose sheet, and how it is printed.
#[derive(Debug, Args)]
pub(crate) struct PrintArguments {
    /// Whose.
    #[arg(long, value_name = "ID")]
    pub(crate) patient: String,
    /// On what; on what the clinic prints such sheets on, when left out.
    #[arg(long, value_enum, ignore_case = true)]
    pub(crate) paper: Option<PaperWord>,
    /// In which language; in the clinic's, when left out.
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// Into this new file instead of to the printer. What is there is never written over.
    #[arg(long, value_name = "PATH", conflicts_with = "preview")]
    pub(crate) out: Option<PathBuf>,
    /// Prints nothing: tells what is to be looked at before it is printed.
    #[arg(long)]
    pub(crate) preview: bool,
}

/// Papers by their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperWord {
    /// 210 by 297 mm.
    A4,
    /// 148 by 210 mm.
    A5,
    /// 215.9 by 279.4 mm.
    Letter,
    /// A roll 80 mm wide.
    #[value(name = "roll-80")]
    Roll80,
}

/// What was printed.
#[derive(Debug, Subcommand)]
pub(crate) enum SheetsCommand {
    /// Lists what was printed on this computer, the newest first.
    List {
        /// About one patient alone.
        #[arg(long, value_name = "ID")]
        patient: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Tells whether a sheet is one of the clinic's: by what its square code holds, or its number.
    Verify {
        /// The code, or the number.
        code: String,
    },
}

/// What the clinic's paper says.
#[derive(Debug, Subcommand)]
pub(crate) enum LetterheadCommand {
    /// Shows it.
    Show,
    /// Says it anew, read as JSON from standard input: what is left out is not said.
    Set,
    /// Says what stands beside a person's name.
    Person {
        /// The name they sign in with, or their id.
        #[arg(value_name = "NAME|ID")]
        who: String,
        /// The number they are registered with.
        #[arg(long, default_value = "")]
        registration: String,
        /// What they are qualified as: `MBChB`.
        #[arg(long, default_value = "")]
        qualification: String,
    },
}
