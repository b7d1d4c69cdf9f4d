//! What the system said, in plain words: what is wrong and what to do. The system's own words
//! follow after a colon, for who knows them.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::path::Path;

/// Why a folder cannot be used.
#[allow(clippy::wildcard_enum_match_arm, reason = "the system's errors are an open list")]
pub(crate) fn of_folder(path: &Path, error: &Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied => format!(
            "this user may not write in the data folder {path}; give it to the user the server \
             runs as, or choose another with --data"
        ),
        ErrorKind::ReadOnlyFilesystem => format!(
            "the data folder {path} is on a disk that cannot be written to; choose another with \
             --data"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => format!(
            "the disk of the data folder {path} is full; make room and start again, nothing was \
             lost"
        ),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            format!("the data folder {path} is a file, or lies in one; choose another with --data")
        }
        _ => format!("the data folder {path} cannot be used"),
    }
}

/// Why an address cannot be listened at.
#[allow(clippy::wildcard_enum_match_arm, reason = "the system's errors are an open list")]
pub(crate) fn of_address(address: &SocketAddr, error: &Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "another program listens at {address} already; end it, or choose another address with \
             --listen"
        ),
        ErrorKind::AddrNotAvailable => format!(
            "this computer does not have the address {}; choose one it has with --listen",
            address.ip()
        ),
        ErrorKind::PermissionDenied => format!(
            "this user may not listen at {address}; ports below 1024 are not for everyone, choose \
             a higher one with --listen"
        ),
        _ => format!("the server cannot listen at {address}"),
    }
}

/// Why a socket cannot be listened at.
#[allow(clippy::wildcard_enum_match_arm, reason = "the system's errors are an open list")]
pub(crate) fn of_socket(path: &Path, error: &Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "another program listens at {path} already, or a file is there; end it, or choose \
             another path with --behind-proxy"
        ),
        ErrorKind::PermissionDenied => format!(
            "this user may not make {path}; give its folder to the user the server runs as, or \
             choose another path with --behind-proxy"
        ),
        ErrorKind::NotFound => format!("the folder of {path} is not there; make it first"),
        _ => format!("the server cannot listen at {path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_becomes_plain_words() {
        let folder = |kind: ErrorKind, expected: &str| {
            let words = of_folder(Path::new("/srv/sync"), &kind.into());
            assert!(words.contains(expected) && words.contains("/srv/sync"), "{kind}: {words}");
        };
        folder(ErrorKind::PermissionDenied, "may not write");
        folder(ErrorKind::ReadOnlyFilesystem, "cannot be written to");
        folder(ErrorKind::StorageFull, "is full; make room");
        folder(ErrorKind::QuotaExceeded, "is full; make room");
        folder(ErrorKind::NotADirectory, "is a file");
        folder(ErrorKind::AlreadyExists, "is a file");
        folder(ErrorKind::Interrupted, "cannot be used");
        let socket = |kind: ErrorKind, expected: &str| {
            let words = of_socket(Path::new("/run/sync"), &kind.into());
            assert!(words.contains(expected) && words.contains("/run/sync"), "{kind}: {words}");
        };
        socket(ErrorKind::AddrInUse, "another program listens");
        socket(ErrorKind::PermissionDenied, "may not make");
        socket(ErrorKind::NotFound, "make it first");
        socket(ErrorKind::Interrupted, "cannot listen");
        let address = |kind: ErrorKind, expected: &str| {
            let words = of_address(&"192.0.2.1:443".parse().unwrap(), &kind.into());
            assert!(words.contains(expected) && words.contains("192.0.2.1"), "{kind}: {words}");
        };
        address(ErrorKind::AddrInUse, "another program listens");
        address(ErrorKind::AddrNotAvailable, "does not have the address");
        address(ErrorKind::PermissionDenied, "ports below 1024");
        address(ErrorKind::Interrupted, "cannot listen");
    }
}
