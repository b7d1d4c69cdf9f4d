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
    check(&[], "the log file is damaged; put it back from a copy");
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

/// A server whose files are limited as a shell does it, and what it logs.
#[cfg(unix)]
fn limited(data: &std::path::Path, ulimit: &str) -> (Process, std::process::ChildStderr) {
    let mut child = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit {ulimit} && exec \"$0\" \"$@\"")])
        .args([env!("CARGO_BIN_EXE_fieldchart-sync"), "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = child.stderr.take().unwrap();
    (Process::of(child), stderr)
}

#[cfg(target_os = "linux")]
#[test]
fn it_opens_as_many_files_as_the_system_lets_it_and_warns_of_few() {
    let folder = tempdir().unwrap();
    for ulimit in ["-S -n 256", "-n 600"] {
        let (mut server, mut stderr) = limited(folder.path(), ulimit);
        let limits = fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
        let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
        let [soft, hard]: [u64; 2] =
            [3, 4].map(|at| files.split_whitespace().nth(at).unwrap().parse().unwrap());
        assert_eq!(soft, hard, "{ulimit}");
        assert!(server.terminate().success());
        let log = common::read_all(&mut stderr);
        let is_told = log.contains(&format!("this process may open {hard} files"));
        assert_eq!(is_told, hard < 8704, "{ulimit}: {log}");
    }
}

/// Connections that find no file handle wait, and the log says why, once.
#[cfg(unix)]
#[tokio::test]
async fn too_many_open_files_are_told_once_and_waited_out() {
    use std::io::{BufRead as _, Read as _};

    let folder = tempdir().unwrap();
    let (mut server, stderr) = limited(folder.path(), "-n 64");
    let mut stderr = std::io::BufReader::new(stderr);
    let address = ("127.0.0.1", server.port());
    let mut held = Vec::new();
    for _ in 0..80 {
        held.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    let mut log = String::new();
    while !log.contains("a connection could not be taken") {
        assert!(stderr.read_line(&mut log).unwrap() > 0, "{log}");
    }
    // Meanwhile it tries again some times; who waits hears nothing, and is not turned away.
    let last = held.last_mut().unwrap();
    let mut byte = [0; 1];
    let heard = tokio::io::AsyncReadExt::read(last, &mut byte);
    assert!(tokio::time::timeout(Duration::from_millis(500), heard).await.is_err());
    drop(held);
    let health = common::raw::page(folder.path(), &server, "/healthz").await;
    assert!(health.ends_with("ok\n"), "{health}");
    assert!(server.terminate().success());
    stderr.read_to_string(&mut log).unwrap();
    assert_eq!(log.matches("a connection could not be taken").count(), 1, "{log}");
    assert!(log.contains("too many files are open: let the process open more"), "{log}");
}
