//! How a command fails: one line on standard error, and the exit code.

use crate::output::{harmless, json};
use api::{ApiError, ErrorCode};
use std::process::ExitCode;

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was tried and failed: exit code 1.
    Failed(ApiError),
    /// It was not understood: exit code 2.
    Usage(String),
}

impl Failure {
    /// The command was carried out, and its answer could not be written.
    pub(crate) fn untold() -> Self {
        let detail = "It was done, but the answer could not be written. A recovery code that was \
                      told with it is lost: make another by `recovery replace`.";
        Self::Failed(ApiError::new(ErrorCode::DiskFull, detail))
    }

    /// Tells it on standard error, as JSON where that was asked for.
    #[allow(clippy::print_stderr, reason = "this is where the command line speaks")]
    pub(crate) fn tell(self, as_json: bool) -> ExitCode {
        let (code, text, error) = match self {
            Self::Failed(error) => (ExitCode::FAILURE, error.to_string(), error),
            Self::Usage(text) => {
                let error = ApiError::new(ErrorCode::Invalid, text.as_str());
                (ExitCode::from(2), text, error)
            }
        };
        if as_json {
            eprintln!("{}", json(&error));
        } else {
            eprintln!("fieldchart: {}", harmless(&text));
        }
        code
    }
}
