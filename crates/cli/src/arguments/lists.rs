//! The words about lists, and what is decided or closed in them.

use clap::{Args, Subcommand, value_parser};

/// Which page of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// At most so many.
    #[arg(long, default_value_t = 100, value_parser = value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// Goes on where another page ended, as it told.
    #[arg(long, value_name = "END")]
    pub(crate) after: Option<String>,
}

/// Deciding.
#[derive(Debug, Subcommand)]
pub(crate) enum ConflictAction {
    /// Decides a conflict for one of its versions.
    Resolve {
        /// Whose chart.
        #[arg(long)]
        patient: String,
        /// Which conflict, as it is listed.
        #[arg(long)]
        conflict: String,
        /// The change of the version that holds, as it is listed: its first eight signs or more.
        #[arg(long)]
        change: String,
        /// The heads of the chart as it was listed: refused where a version came since.
        #[arg(long, value_name = "HEADS")]
        seen: Option<String>,
    },
}

/// Closing a task.
#[derive(Debug, Subcommand)]
pub(crate) enum TaskAction {
    /// Closes a task.
    Settle {
        /// Whose chart.
        #[arg(long)]
        patient: String,
        /// Which task.
        #[arg(long)]
        task: String,
        /// What was done.
        #[arg(long, default_value = "")]
        outcome: String,
        /// The heads of the chart as it was listed: refused where the task was raised since.
        #[arg(long, value_name = "HEADS")]
        seen: Option<String>,
    },
}
