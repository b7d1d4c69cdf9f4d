//! The words on the command line.

mod bench;
mod clinic;
mod deciding;
mod document;
mod lists;
mod paper;
mod patient;
mod record;
mod sharing;
mod travel;

use clap::{Parser, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;

pub(crate) use bench::{BenchArguments, BenchStep};
pub(crate) use clinic::{
    ClinicCommand, CopyWord, DeviceCommand, JoinFrom, RecoveryCommand, RoleWord, UserCommand,
};
pub(crate) use deciding::{DecidingArguments, Switch};
pub(crate) use document::{CategoryWord, DocumentCommand};
pub(crate) use lists::{ConflictAction, PageArguments, TaskAction};
pub(crate) use paper::{LetterheadCommand, PaperWord, PrintArguments, PrintCommand, SheetsCommand};
pub(crate) use patient::PatientCommand;
pub(crate) use record::{ExportArguments, ExportFormat, RecordKind};
pub(crate) use sharing::{GroundWord, ShareCommand};
pub(crate) use travel::{BundleArguments, HoldWord};

/// Fieldchart without a window: the same record, for administrators and scripts.
///
/// The password comes from FIELDCHART_PASSWORD or is asked for. Exit codes: 0 done, 1 failed,
/// 2 not understood.
#[derive(Debug, Parser)]
#[command(name = "fieldchart", version)]
pub(crate) struct Arguments {
    /// The folder of the clinic's store; else FIELDCHART_STORE, else `fieldchart` in the system's
    /// folder for programs' data.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Who signs in; else FIELDCHART_USER; may be left out when one person can.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Answers as JSON, one value on one line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes or joins a clinic.
    #[command(subcommand)]
    Clinic(ClinicCommand),
    /// The clinic's computers.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// The clinic's people.
    #[command(subcommand)]
    User(UserCommand),
    /// Takes in FHIR R4 files and folders (Bundle JSON, NDJSON).
    Import {
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Writes the record of one patient or of all.
    Export(ExportArguments),
    /// Finds patients by name, phone, number or birth date.
    Find {
        /// What to look for; all are listed, up to the limit, when left out.
        query: Vec<String>,
        /// At most so many: 100 or fewer.
        #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(1..=100))]
        limit: u32,
    },
    /// Shows a chart.
    Chart {
        /// The patient's id.
        id: String,
        /// Shows what this entry has been instead: `medication/0190...`.
        #[arg(long, value_name = "ENTRY")]
        history: Option<String>,
        /// Ends the line of each entry with its id, and tells the heads for `--seen`. JSON has them
        /// anyway.
        #[arg(long, conflicts_with = "history")]
        ids: bool,
    },
    /// Shows two charts of one person as one, or separates them again.
    #[command(subcommand)]
    Patient(PatientCommand),
    /// Erases one chart, here and on every computer of the clinic. Asks for its number, on the
    /// terminal or standard input. Paper, exports, and copies of stores and sticks are not erased.
    Erase {
        /// Whose chart.
        #[arg(long, value_name = "ID")]
        patient: String,
        /// On what ground: it stays, so that nothing of the chart is to stand in it.
        #[arg(long)]
        ground: String,
    },
    /// Lists the charts that were erased, and what does not hold of it yet.
    Erased,
    /// Gives one chart to another clinic, or takes one in.
    #[command(subcommand)]
    Share(ShareCommand),
    /// Lists when charts passed from one clinic to another.
    Shared,
    /// Records something, read as JSON from standard input.
    Record {
        /// What it is.
        kind: RecordKind,
        /// Whose chart (not for a new patient).
        #[arg(long, value_name = "ID")]
        patient: Option<String>,
    },
    /// Lists what must be decided, or decides it.
    #[command(args_conflicts_with_subcommands = true)]
    Conflicts {
        #[command(flatten)]
        page: PageArguments,
        #[command(subcommand)]
        action: Option<ConflictAction>,
    },
    /// Lists the tasks that wait, the most pressing first, or closes one.
    #[command(args_conflicts_with_subcommands = true)]
    Tasks {
        #[command(flatten)]
        page: PageArguments,
        #[command(subcommand)]
        action: Option<TaskAction>,
    },
    /// Files in a chart: letters, photos and scans.
    #[command(subcommand)]
    Document(DocumentCommand),
    /// Prints a sheet about a patient: it gets a number and is kept.
    #[command(subcommand)]
    Print(PrintCommand),
    /// What was printed on this computer.
    #[command(subcommand)]
    Sheets(SheetsCommand),
    /// What the clinic's paper says.
    #[command(subcommand)]
    Letterhead(LetterheadCommand),
    /// Exchanges with the server.
    Sync {
        /// Sets the server first: `https://host:port#sha256:…`, or as it prints it.
        #[arg(long)]
        server: Option<String>,
        /// The computer is lost which keeps the clinic's list of computers: this one brings it to the
        /// clinic's first server.
        #[arg(long, requires = "server")]
        keeper_lost: bool,
        /// Shows how it stands and exchanges nothing.
        #[arg(long)]
        status: bool,
        /// Says first how much of the record this computer holds: all of it, or what is in use
        /// (charts touched in 90 days and those opened here); the rest stays at the server.
        #[arg(long)]
        hold: Option<HoldWord>,
        /// Exchanges with another computer of the clinic on the local network instead, which serves
        /// there: `HOST:PORT`.
        #[arg(long, value_name = "HOST:PORT", conflicts_with_all = ["server", "status"])]
        peer: Option<String>,
        /// Lists what was set aside, and why, and exchanges nothing.
        #[arg(long, conflicts_with_all = ["server", "status", "peer"])]
        quarantine: bool,
        /// Seals all that is here whole, so that computers that join later begin there instead of
        /// at the start of the server's log: once a second computer has found it to be so.
        #[arg(
            long,
            conflicts_with_all = ["server", "status", "peer", "quarantine", "bundle_in", "bundle_out"]
        )]
        make_floor: bool,
        #[command(flatten)]
        bundle: BundleArguments,
        #[command(flatten)]
        deciding: DecidingArguments,
    },
    /// Serves the other computers of the clinic on the local network, and exchanges with them and
    /// the server, until it is ended: a hub without a window.
    Serve {
        /// Where to listen; port 0 is any that is free.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "0.0.0.0:7444")]
        listen: std::net::SocketAddr,
        /// Another computer to exchange with, beside those that are found: `HOST:PORT`.
        #[arg(long, value_name = "HOST:PORT")]
        peer: Vec<String>,
    },
    /// Shows who did what on this computer, the newest rows last. The reading is audited.
    Audit {
        /// With one patient's chart alone.
        #[arg(long, value_name = "ID")]
        patient: Option<String>,
        /// At most so many rows.
        #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(1..))]
        limit: u32,
        /// The rows after this one instead of the newest.
        #[arg(long, value_name = "SEQ")]
        after: Option<u64>,
    },
    /// The recovery code of this computer.
    #[command(subcommand)]
    Recovery(RecoveryCommand),
    /// Checks the store: pages, audit chain, counts, anchor.
    Check {
        /// Opens a store of which acknowledged entries or the anchor are missing, and goes on
        /// with what is there. Only an admin may, and it is audited.
        #[arg(long)]
        accept_loss: bool,
    },
    /// Makes every projection and the search index again from the record.
    Rebuild,
    /// Makes a demonstration clinic of invented people, or adds people to one.
    Demo {
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(1..))]
        patients: u32,
    },
    /// Answers clinical cases from outside by the code the application uses: no store is opened and
    /// nobody signs in.
    ClinicalCheck {
        /// What is checked.
        suite: Suite,
        /// The cases; `-` for standard input.
        input: PathBuf,
    },
    /// Writes the pages of the manual, for `man`, into a folder that is there.
    Manual {
        /// The folder.
        folder: PathBuf,
    },
    /// Does a step of the measurement of sync in a folder of its own, and answers one JSON line.
    #[command(hide = true)]
    BenchSync(BenchArguments),
    /// Writes what goes out of a clinic of invented people into a folder, a file for each envelope.
    #[command(hide = true)]
    BenchSamples {
        /// The folder.
        folder: PathBuf,
    },
    /// Tells the version.
    Version,
}

/// Clinical cases that can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Diagnoses by what clinicians type: JSON Lines of `{"case", "query"}`.
    IcdSearch,
}
