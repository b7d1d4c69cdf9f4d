//! How a command fails: one line on standard error, and the exit code.

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
                eprintln!("{}", serde_json::to_string(error).unwrap_or_default());
                ExitCode::FAILURE
            }
            Self::Failed(error, false) => {
                eprintln!("fieldchart: {error}");
                ExitCode::FAILURE
            }
            Self::Usage(text) => {
                eprintln!("fieldchart: {text}");
                ExitCode::from(2)
            }
        }
    }
}
