//! Words for the person at the terminal: the one place of this crate that prints.

use std::io::Write;

/// Tells a result, on standard output.
pub(crate) fn tell(line: &str) {
    // A closed pipe must not end a task half way.
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Tells what is being done now, on standard error, where cargo tells its progress too.
pub(crate) fn doing(what: &str) {
    complain(&format!("xtask: {what}"));
}

/// Says what is wrong, on standard error.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
