//! The words on the command line.

mod deciding;
mod document;
mod paper;
mod patient;
mod sharing;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;

pub(crate) use deciding::{DecidingArguments, Switch};
pub(crate) use document::{CategoryWord, DocumentCommand};
pub(crate) use paper::{LetterheadCommand, PaperWord, PrintArguments, PrintCommand, SheetsCommand};
pub(crate) use patient::PatientCommand;
pub(crate) use sharing::{GroundWord, ShareCommand};

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
        /// What to look for.
        query: Vec<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(1..))]
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
    BenchSync {
        /// The step.
        step: BenchStep,
        /// The folder of the device's store; beside it is what the devices tell each other.
        folder: PathBuf,
        /// The server, as `HOST:PORT`.
        server: String,
        /// How many charts there are.
        charts: u32,
        /// How many of them are edited.
        edited: u32,
    },
    /// Writes what goes out of a clinic of invented people into a folder, a file for each envelope.
    #[command(hide = true)]
    BenchSamples {
        /// The folder.
        folder: PathBuf,
    },
    /// Tells the version.
    Version,
}

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
    /// The second one gets them.
    Pull,
}

/// Clinical cases that can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Diagnoses by what clinicians type: JSON Lines of `{"case", "query"}`.
    IcdSearch,
}

/// Making or joining a clinic.
#[derive(Debug, Subcommand)]
pub(crate) enum ClinicCommand {
    /// Makes a clinic and its first person. The recovery code is told once.
    Create {
        /// The clinic's name.
        #[arg(long)]
        name: String,
        /// The name the first person signs in with.
        #[arg(long)]
        admin: String,
        /// The first person's name to show; the one above when left out.
        #[arg(long)]
        full_name: Option<String>,
        /// A name for this computer; its own when left out.
        #[arg(long)]
        device_name: Option<String>,
        /// The sync server: `https://host:port#sha256:…`, or as it prints it.
        #[arg(long)]
        server: Option<String>,
    },
    /// Joins a clinic by the code of one of its computers, or in a room that one of them opened. The
    /// recovery code is told once. A joining that was cut off is brought to its end by the same code,
    /// or by `--room` again.
    Join {
        #[command(flatten)]
        from: JoinFrom,
        /// A name for this computer; its own when left out.
        #[arg(long)]
        device_name: Option<String>,
        /// How much of the record this computer holds: what is in use, for a small disk or a slow
        /// line; the rest stays at the server. `sync --hold` changes it.
        #[arg(long, default_value = "all")]
        hold: HoldWord,
    },
    /// Makes a new key for what the clinic's computers seal from now on; removes nobody. What was
    /// sealed before stays readable. Codes for other computers that are open end with it.
    RotateKeys,
    /// Makes the clinic's recovery kit: a code on paper that brings the clinic back where every
    /// computer is lost. It takes the place of the one before, and a new key is made with it. The
    /// code is told once.
    RecoveryKit,
    /// Makes this computer one of a clinic that may have no other left, by its recovery kit. The
    /// code comes from the terminal or `FIELDCHART_RECOVERY_CODE`.
    Recover {
        /// The clinic's id, as it stands on the paper.
        #[arg(long)]
        clinic: String,
        /// The sync server, as it stands on the paper: `https://host:port#sha256:...`.
        #[arg(long)]
        server: String,
        /// Whom to sign in as; who made the kit when left out.
        #[arg(long = "as", value_name = "USER")]
        user_name: Option<String>,
        /// A name for this computer; its own when left out.
        #[arg(long)]
        device_name: Option<String>,
    },
}

/// What a computer that joins was told.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("told").required(true).args(["code", "room"])))]
pub(crate) struct JoinFrom {
    /// The code, as `device code` made it.
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// The room, as `device admit` opened it: both computers then show a number to be compared.
    #[arg(long, value_name = "CODE", requires = "server")]
    pub(crate) room: Option<String>,
    /// Where the room is: `https://host:port`, with the server's pin or without.
    #[arg(long, requires = "room")]
    pub(crate) server: Option<String>,
}

/// The clinic's computers.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceCommand {
    /// Admits a computer by a number that both show: opens a room, tells its code, and asks whether
    /// the numbers are the same (`yes`, `no`, or the number on the other computer, on standard
    /// input). Nothing is handed over before both computers were told yes.
    Admit {
        /// How long the room stays open: at most ten minutes.
        #[arg(long, default_value_t = 600, value_parser = value_parser!(u32).range(1..=600))]
        seconds: u32,
    },
    /// Makes a code another computer can join with, once.
    Code {
        /// Draws it as a square code too, for a camera. JSON has the code alone.
        #[arg(long)]
        qr: bool,
    },
    /// Lists them.
    List,
    /// Ends the membership of one.
    Revoke {
        /// Its id.
        id: String,
    },
    /// Says what the other is, where this computer and a copy of it both go on.
    Copied {
        /// A second computer of the clinic, one that was stolen, or none: this one was put back.
        #[arg(value_enum)]
        answer: CopyWord,
        /// A name for this computer, where it gets keys of its own; its own when left out.
        #[arg(long)]
        device_name: Option<String>,
    },
}

/// What the other of two computers with the same keys is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CopyWord {
    /// A second computer of the clinic: this one gets keys of its own.
    SecondComputer,
    /// It was stolen: this one gets keys of its own, and the other is shut out.
    Stolen,
    /// There is none: this one was put back from a copy.
    PutBack,
}

/// The clinic's people.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Adds a person; the password comes from FIELDCHART_NEW_PASSWORD or is asked for.
    Add {
        /// The name to sign in with.
        user_name: String,
        /// The name to show; the one above when left out.
        #[arg(long)]
        name: Option<String>,
        /// What the person may do.
        #[arg(long, value_enum)]
        role: RoleWord,
    },
    /// Lists them.
    List,
    /// Ends a person's work at the clinic: they sign in nowhere any more.
    Remove {
        /// The name they sign in with, or their id.
        #[arg(value_name = "NAME|ID")]
        who: String,
    },
    /// Sets a new password for whoever signs in; it comes from FIELDCHART_NEW_PASSWORD or is
    /// asked for.
    Password,
}

/// The recovery code.
#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryCommand {
    /// Makes a new one, told once. The old one is dead at once.
    Replace,
    /// Sets a new password by it, on this computer. The code comes from FIELDCHART_RECOVERY_CODE
    /// or is asked for, the new password from FIELDCHART_NEW_PASSWORD or is asked for.
    Use {
        /// The name of the person whose password is set.
        user_name: String,
    },
}

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
        /// The change of the version that holds, as it is listed.
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

/// What to write, and where to.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whose").required(true).args(["patient", "all"])))]
pub(crate) struct ExportArguments {
    /// The format: one Bundle a patient, or one file a resource type.
    #[arg(long, value_enum)]
    pub(crate) format: ExportFormat,
    /// One patient.
    #[arg(long, value_name = "ID")]
    pub(crate) patient: Option<String>,
    /// The whole clinic.
    #[arg(long)]
    pub(crate) all: bool,
    /// A new file (one patient's Bundle) or folder. What is there is never written over.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
}

/// Formats to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// FHIR R4 Bundles.
    Fhir,
    /// FHIR R4 NDJSON, one file a resource type.
    Ndjson,
}

/// What can be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordKind {
    /// A new patient.
    Patient,
    /// An allergy, or that there are none.
    Allergy,
    /// A problem.
    Condition,
    /// A medicine.
    Medication,
    /// Another dosage: `{"medication": ID, ...}`.
    Dosage,
    /// The end of a medicine: `{"medication": ID, "reason": "..."}`.
    Stop,
    /// The end of a problem: `{"condition": ID, "end": "2026-11-24"}`.
    Resolution,
    /// A visit that begins now: `{"reason": "..."}`.
    Encounter,
    /// The end of a visit, now: `{"encounter": ID}`.
    Departure,
    /// Vital signs.
    Vitals,
    /// Another value of a vital sign: `{"observation": ID, "values": {...}}`.
    Correction,
    /// Text of the draft note: `{"section": "subjective", "text": "..."}`.
    Note,
    /// The signature of the draft note.
    Signature,
    /// The way back from a record: what it answered.
    Undo,
    /// That an entry was a mistake: `{"kind": "observation", "id": ID, "reason": "..."}`.
    Withdrawal,
}

/// Roles by their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleWord {
    /// Does all a clinician does, and runs the clinic: people, computers, import, export.
    Admin,
    /// Reads and writes charts, and decides conflicts.
    Clinician,
    /// Finds and registers patients, and sees no chart.
    Reception,
}

/// A file that carries the record, in place of the network.
#[derive(Debug, Args)]
pub(crate) struct BundleArguments {
    /// Writes all that is held here into a new file, as on a USB stick, for other computers of the
    /// clinic.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["server", "status", "peer", "quarantine", "bundle_in"]
    )]
    pub(crate) bundle_out: Option<PathBuf>,
    /// With `--bundle-out`: leaves out what this computer is known to hold, by its last file that
    /// was taken in here.
    #[arg(long = "for", value_name = "ID", requires = "bundle_out")]
    pub(crate) only_for: Option<String>,
    /// Takes in a file that another computer of the clinic wrote.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "status", "peer", "quarantine"])]
    pub(crate) bundle_in: Option<PathBuf>,
}
