//! How many files the process may have open: each connection is one.

use std::io;

use crate::limits::CONNECTIONS_MAX;

/// Open beside connections: the log and its readers, the database, blobs on their way.
const OTHERS_MAX: usize = 512;

/// Raises the limit as far as the system lets the process, and warns where it stays below what all the
/// connections take.
pub(crate) fn raise() {
    let needed = CONNECTIONS_MAX.saturating_add(OTHERS_MAX);
    if let Some(limit) = raised().filter(|limit| is_short(*limit, needed)) {
        tracing::warn!(
            "this process may open {limit} files and takes {CONNECTIONS_MAX} connections, for which it \
             needs {needed}: let it open more, with systemd by LimitNOFILE, or by ulimit -n"
        );
    }
}

/// Why a connection could not be taken, in words.
pub(crate) fn why(error: &io::Error) -> &'static str {
    match exhausted(error) {
        Some(Exhausted::Process) => {
            "too many files are open: let the process open more, with systemd by LimitNOFILE, or by \
             ulimit -n"
        }
        Some(Exhausted::System) => "the whole system has too many files open",
        None => "the system did not hand it over",
    }
}

/// Whose files are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exhausted {
    Process,
    System,
}

fn is_short(limit: u64, needed: usize) -> bool {
    usize::try_from(limit).is_ok_and(|limit| limit < needed)
}

/// The limit as it is then; `None` where there is none.
#[cfg(unix)]
fn raised() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: maximum, maximum };
    // Where the system does not let it, what was is enough for what was.
    if current != maximum && setrlimit(Resource::Nofile, raised).is_ok() {
        maximum
    } else {
        current
    }
}

#[cfg(not(unix))]
const fn raised() -> Option<u64> {
    None
}

#[cfg(unix)]
fn exhausted(error: &io::Error) -> Option<Exhausted> {
    use rustix::io::Errno;

    match Errno::from_io_error(error)? {
        Errno::MFILE => Some(Exhausted::Process),
        Errno::NFILE => Some(Exhausted::System),
        _ => None,
    }
}

#[cfg(not(unix))]
const fn exhausted(_error: &io::Error) -> Option<Exhausted> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_used_up_are_told_as_that() {
        for (number, told) in [
            (rustix::io::Errno::MFILE, Some(Exhausted::Process)),
            (rustix::io::Errno::NFILE, Some(Exhausted::System)),
            (rustix::io::Errno::CONNABORTED, None),
        ] {
            assert_eq!(exhausted(&number.into()), told, "{number}");
        }
        assert!(why(&rustix::io::Errno::MFILE.into()).starts_with("too many files are open"));
        assert_eq!(exhausted(&io::Error::other("none of the system's")), None);
    }

    #[test]
    fn a_limit_is_short_below_what_is_needed() {
        for (limit, told) in [(0, true), (99, true), (100, false), (u64::MAX, false)] {
            assert_eq!(is_short(limit, 100), told, "{limit}");
        }
    }
}
