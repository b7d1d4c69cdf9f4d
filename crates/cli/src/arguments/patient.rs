//! The words for two charts of one person.

use clap::Subcommand;

/// What to do with two charts of one person.
#[derive(Debug, Subcommand)]
pub(crate) enum PatientCommand {
    /// Shows two charts as one from now on, on every computer of the clinic. Nothing is copied, and
    /// `patient separate` undoes it. Without --yes it shows the two side by side and changes nothing.
    Merge {
        /// The id of the chart to go on with: new entries go there.
        id: String,
        /// The id of the other.
        other: String,
        /// Both were looked at: they are one person.
        #[arg(long)]
        yes: bool,
    },
    /// Shows a chart by itself again, with what was written to it before and since.
    Separate {
        /// The id of one of the charts of the person.
        id: String,
        /// The id of the chart that is taken out.
        other: String,
    },
}
