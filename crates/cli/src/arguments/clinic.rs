//! The words about a clinic: making or joining one, its computers, its people, its recovery.

use std::net::SocketAddr;

use clap::{ArgGroup, Args, Subcommand, ValueEnum, value_parser};

use super::HoldWord;

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
    /// Where the room is: a server, `https://host:port` with its pin or without, or a computer of the
    /// clinic, `host:port`.
    #[arg(long, requires = "room")]
    pub(crate) server: Option<String>,
}

/// Where a computer that is let in comes to, where the clinic has no server.
#[derive(Debug, Args)]
pub(crate) struct LetInAt {
    /// Where this computer listens for it meanwhile, where no server is set; port 0 is any that is
    /// free. Of an address of all networks, the one by which this computer goes out is told.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "0.0.0.0:7444")]
    pub(crate) listen: SocketAddr,
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
        #[command(flatten)]
        at: LetInAt,
    },
    /// Makes a code another computer can join with, once.
    Code {
        /// Draws it as a square code too, for a camera. JSON has the code alone.
        #[arg(long)]
        qr: bool,
        #[command(flatten)]
        at: LetInAt,
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
