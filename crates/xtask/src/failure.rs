//! What can go wrong in a task.

use std::path::{Path, PathBuf};

/// What a task ends with.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a task did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A program is not there or may not be run.
    #[error("`{program}` could not be started: {source}")]
    Start { program: String, source: std::io::Error },
    /// A program ran and did not succeed.
    #[error("`{program}` did not succeed")]
    Ended { program: String },
    /// A program did not become ready in its time.
    #[error("{what} was not ready within {limit_s} s")]
    Late { what: &'static str, limit_s: u64 },
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// A program answered something we cannot read.
    #[error("{program} answered something unexpected")]
    Answer { program: &'static str },
    /// The wasm module could not be made ready for the window.
    #[error("the window's wasm could not be bound: {reason}")]
    Bind { reason: String },
    /// The wasm module is larger than a window may be.
    #[error(
        "the window's wasm has {bytes} bytes of {limit}: docs/decisions/0017-views-of-one-type.md"
    )]
    Heavy { bytes: u64, limit: u64 },
    /// A fuzz target broke at an input.
    #[error(
        "the fuzz target `{target}` broke at the input {}: `{} {}` plays it again, and the next \
         `cargo xtask fuzz` begins with it",
        input.display(),
        program.display(),
        input.display()
    )]
    Broken { target: String, input: PathBuf, program: PathBuf },
    /// Tests ran and some failed.
    #[error("{failed} failed")]
    Tests { failed: u64 },
    /// The machine lacks something that only its owner can add.
    #[error("{0}")]
    Missing(String),
}

/// Turns an I/O result into one that names the file.
pub(crate) trait At<T> {
    /// Names the file or folder the operation was about.
    fn at(self, path: &Path) -> Outcome<T>;
}

impl<T> At<T> for Result<T, std::io::Error> {
    fn at(self, path: &Path) -> Outcome<T> {
        self.map_err(|source| Failure::File { path: path.to_path_buf(), source })
    }
}
