//! How a command fails: one line on standard error, and the exit code.

use crate::output::{harmless, json};
use api::ApiError;
use std::process::ExitCode;

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was tried and failed: exit code 1.
    Failed(ApiError, bool),
    /// It was not understood: exit code 2.
    Usage(String),
}

impl Failure {
    /// Tells it on standard error, as JSON where that was asked for.
    #[allow(clippy::print_stderr, reason = "this is where the command line speaks")]
    pub(crate) fn tell(&self) -> ExitCode {
        match self {
            Self::Failed(error, true) => {
                eprintln!("{}", json(error));
                ExitCode::FAILURE
            }
            Self::Failed(error, false) => {
                eprintln!("fieldchart: {}", harmless(&error.to_string()));
                ExitCode::FAILURE
            }
            Self::Usage(text) => {
                eprintln!("fieldchart: {}", harmless(text));
                ExitCode::from(2)
            }
        }
    }
}
