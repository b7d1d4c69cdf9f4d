//! What the program says outside its window: log lines on standard error, without patient data.

use std::io::Write;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

/// The version of the program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Starts the log; `FIELDCHART_LOG` chooses what is written, warnings by default.
pub(crate) fn start() {
    let chosen = EnvFilter::try_from_env("FIELDCHART_LOG");
    let filter = chosen.unwrap_or_else(|_| EnvFilter::new("warn,desktop=info,app=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first log.
    drop(log.try_init());
    std::panic::set_hook(Box::new(|panic| {
        // Only the place: the message may quote what was typed.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic was caught");
    }));
}

/// Prints a line and ends well.
pub(crate) fn say(line: &str) -> ExitCode {
    drop(writeln!(std::io::stdout(), "{line}"));
    ExitCode::SUCCESS
}

/// Prints a line on standard error.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
