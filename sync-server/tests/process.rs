//! How the process starts, what it says, and how it ends.

use crate::common;
use std::fs;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::{Process, at_free_port, command, fails, founder};
use link::LinkError;
use rusqlite::Connection;
use sync::fixtures::run;
use tempfile::tempdir;

#[tokio::test]
async fn it_says_where_it_listens_in_one_line() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let port = server.port();
    let pin = server.server.pin();
    let line = format!("listening on https://127.0.0.1:{port} pin sha256:{pin}\n");
    assert_eq!(server.announced, line);
    let others = format!("--listen 0.0.0.0:{port}");
    assert!(server.reach.contains("only this computer") && server.reach.contains(&others));
}

#[tokio::test]
async fn it_ends_well_when_asked_to() {
    let folder = tempdir().unwrap();
    let mut server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let mut listening = courier.wake().await.unwrap();
    assert_eq!(listening.next().await.unwrap(), 0);
    courier.push(&world.push(&run(1, 1, 1))).await.unwrap();
    let asked = Instant::now();
    assert!(server.terminate().success());
    assert!(asked.elapsed() < Duration::from_secs(8), "open connections were waited for");
    let ended = loop {
        if let Err(error) = listening.next().await {
            break error;
        }
    };
    assert!(matches!(ended, LinkError::Interrupted), "{ended:?}");
    assert!(matches!(courier.hello(&world.hello(1)).await, Err(LinkError::Unreachable)));
}

#[test]
fn one_folder_one_server() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (code, told) = fails(folder.path(), &[]);
    assert_eq!(code, 1);
    let path = folder.path().display();
    assert_eq!(told, format!("fieldchart-sync: another server uses the data folder {path}\n"));
    server.kill();
    Process::start(folder.path());
}

#[test]
fn what_it_cannot_use_it_names_and_leaves_alone() {
    let folder = tempdir().unwrap();
    let data = folder.path();
    Process::start(data).kill();
    let identity = data.join("identity.pem");
    let pem = fs::read(&identity).unwrap();
    let check = |arguments: &[&str], words: &str| {
        let (code, told) = fails(data, arguments);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("PRIVATE KEY"), "{told}");
    };
    fs::write(&identity, &pem[..pem.len() / 2]).unwrap();
    check(&[], "identity.pem is damaged");
    assert_eq!(fs::read(&identity).unwrap(), pem[..pem.len() / 2]);
    fs::remove_file(&identity).unwrap();
    check(&[], "identity.pem is missing");
    assert!(!identity.exists());
    fs::write(&identity, &pem).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    check(&["--listen", &address], &format!("another program listens at {address} already"));
    // An address for documentation: no computer has it.
    check(&["--listen", "192.0.2.1:8443"], "does not have the address 192.0.2.1");
    let log = data.join("log.sqlite3");
    let newer = Connection::open(&log).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let kept = fs::read(&log).unwrap();
    check(&[], "written by a newer release (version 99)");
    assert_eq!(fs::read(&log).unwrap(), kept, "it is left as it is");
    fs::write(data.join("log.sqlite3"), vec![7; 9000]).unwrap();
    for beside in ["log.sqlite3-wal", "log.sqlite3-shm"] {
        // They may be there or not.
        let _gone = fs::remove_file(data.join(beside));
    }
    check(&[], "the log file cannot be used");
}

#[test]
fn a_clinic_s_own_folder_is_refused() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("fieldchart.db"), b"theirs").unwrap();
    let (code, told) = fails(folder.path(), &[]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("holds a clinic's record of this computer"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_none_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for data in [file.path().to_owned(), file.path().join("data")] {
        let (code, told) = fails(&data, &[]);
        assert_eq!(code, 1, "{told}");
        let words = format!("fieldchart-sync: the data folder {} is a file", data.display());
        assert!(told.starts_with(&words) && told.lines().count() == 1, "{told}");
    }
}

/// A user who may do everything may write everywhere: then there is nothing to see.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.path().join("tried"), b"").is_ok() {
        return;
    }
    let (code, told) = fails(folder.path(), &[]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("this user may not write in the data folder"), "{told}");
}

#[test]
fn wrong_arguments_are_told() {
    let folder = tempdir().unwrap();
    let (_, told) = fails(folder.path(), &["--listen", "7443"]);
    assert!(told.contains("0.0.0.0:7443 to be reached from the whole network"), "{told}");
    for arguments in [&["--listen", "nowhere"][..], &["--log-format", "xml"], &["--what"]] {
        let (code, told) = fails(folder.path(), arguments);
        assert_eq!(code, 2);
        assert!(told.contains("error:"), "{told}");
    }
}

#[tokio::test]
async fn its_log_names_no_patient_device_or_token() {
    let folder = tempdir().unwrap();
    let mut child = command(folder.path())
        .args(at_free_port(&["--log-format", "json"]))
        .env("FIELDCHART_LOG", "sync_server=trace")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut server = Process::of(child);
    let (world, mut courier) = founder(&server).await;
    courier.push(&world.push(&run(1, 1, 3))).await.unwrap();
    courier.push(&world.push(&run(9, 1, 3))).await.unwrap();
    assert!(server.terminate().success());
    let log = common::read_all(&mut stderr);
    assert!(log.contains("\"endpoint\":\"/v1/push\""), "{log}");
    assert!(log.lines().all(|line| line.starts_with('{')), "{log}");
    // Document tag, clinic and device of the fixtures; and nothing as long as a token.
    for name in ["0707070707", "0101010101", "7, 7, 7", "1, 1, 1"] {
        assert!(!log.contains(name), "{log}");
    }
    let longest = log.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    assert!(longest < Some(32), "{log}");
}
