//! The computer's printer: a file is spooled, handed over, and gone again.
//!
//! What takes it is what the system has: `lp` (CUPS) on Linux and macOS, the print verb of the
//! program that opens PDFs on Windows. Where none takes it, it is opened in the system's viewer, so
//! that nobody stands there without their sheet.

mod hand_over;
mod spool;

use api::PrintOutcome;
use app::PrintJob;
use clinical::Instant;
use spool::Spool;
use std::path::{Path, PathBuf};

/// Where sheets go.
#[derive(Debug, Clone)]
pub(crate) enum Printer {
    /// To the system's printer, by way of a folder that is nobody else's.
    System(Spool),
    /// Into a file that is not there yet.
    File(PathBuf),
}

impl Printer {
    /// The printer of a computer whose store is in this folder. What an earlier start of the program
    /// left in the spool is removed.
    pub(crate) fn of_store(store: &Path, now: Instant) -> Self {
        let spool = Spool::of_store(store);
        spool.sweep(now);
        Self::System(spool)
    }

    /// Hands a file over.
    pub(crate) fn print(&self, job: &PrintJob<'_>, now: Instant) -> PrintOutcome {
        match self {
            Self::File(path) => match spool::write_new(path, job.pdf) {
                Ok(()) => PrintOutcome::File,
                Err(error) => untold(&error),
            },
            Self::System(spool) => {
                spool.sweep(now);
                match spool.put(job) {
                    Ok(spooled) => hand_over::hand_over(job, spooled),
                    Err(error) => untold(&error),
                }
            }
        }
    }
}

/// The answer says that it went nowhere; the log says why, and nothing of whose it is.
fn untold(error: &std::io::Error) -> PrintOutcome {
    tracing::warn!(kind = ?error.kind(), "a sheet could not be written for the printer");
    PrintOutcome::Nowhere
}
