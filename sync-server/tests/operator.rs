//! What an operator decides with the program, while a server runs on the same log.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::database::TestDatabase;
use crate::common::raw::page;
use crate::common::{Process, World, at_free_port, command, founder, read_all, refused};
use rusqlite::Connection;
use sync::fixtures::run;
use sync::wire::{LogVerdict, RefusalCode};
use tempfile::tempdir;
use tokio::time::sleep;

/// What the program says to an operator; the exit code where it says no.
pub(crate) fn operate(arguments: &[&str]) -> Result<String, (i32, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldchart-sync"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    if output.status.success() {
        return Ok(told);
    }
    Err((output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap()))
}

fn words(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// Two envelopes are allowed, three are refused, and three again when the operator allows them.
async fn check_quota(server: &Process, data: &Path, kept: &[&str]) {
    let (mut world, mut courier) = founder(server).await;
    let id = world.clinic.to_string();
    let quota = |more: &[&str]| operate(&[&["quota", &id], kept, more].concat()).unwrap();
    assert!(quota(&[]).contains("envelopes 0; quota by default"));
    let told = quota(&["--quota-envelopes", "2", "--quota-devices", "2"]);
    assert!(told.ends_with("; quota bytes none, envelopes 2, devices 2\n"), "{told}");
    let sent = run(1, 1, 3);
    courier.push(&world.push(&sent[..2])).await.unwrap();
    assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::OverQuota);
    let counters = page(data, server, "/metrics").await;
    for line in ["quota_refusals_total 1\n", "clinics_over_quota 1\n"] {
        assert!(counters.contains(line), "{counters}");
    }
    assert!(!counters.contains(&id), "{counters}");
    // What is held is known, and who leaves may.
    courier.push(&world.push(&sent[..2])).await.unwrap();
    assert!(page(data, server, "/metrics").await.contains("clinics_over_quota 0\n"));
    world.join(2, -60_000);
    courier.members_push(world.entries.clone()).await.unwrap();
    let two = world.entries.clone();
    world.join(3, -60_000);
    let third = courier.members_push(world.entries.clone()).await;
    assert_eq!(refused(third), RefusalCode::OverQuota);
    world.entries = two;
    world.revoke(2);
    courier.members_push(world.entries.clone()).await.unwrap();
    world.join(3, -60_000);
    courier.members_push(world.entries.clone()).await.unwrap();
    let told = quota(&["--quota-envelopes", "3"]);
    assert!(told.ends_with("; quota bytes none, envelopes 3, devices 2\n"), "{told}");
    courier.push(&world.push(&sent)).await.unwrap();
    assert!(quota(&["--default"]).contains("envelopes 3; quota by default"));
    courier.push(&world.push(&run(1, 1, 9))).await.unwrap();
}

#[tokio::test]
async fn an_operator_says_what_a_clinic_may_have_while_the_server_runs() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    check_quota(&server, folder.path(), &["--data", &words(folder.path())]).await;
    let listed = operate(&["clinics", "--data", &words(folder.path())]).unwrap();
    assert!(listed.starts_with(&"01".repeat(16)) && listed.lines().count() == 1, "{listed}");
}

#[tokio::test]
async fn an_operator_says_it_to_a_database_as_the_owner_of_its_tables() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    check_quota(&server, folder.path(), &["--database-url", &database.owner_url()]).await;
    let listed = operate(&["clinics", "--database-url", &database.admin_url()]).unwrap();
    assert!(listed.starts_with(&"01".repeat(16)) && listed.lines().count() == 1, "{listed}");
    // The servers' role decides nothing, and sees no list.
    let id = "01".repeat(16);
    let as_server = ["quota", &id, "--quota-bytes", "1", "--database-url", &database.url()];
    let (code, told) = operate(&as_server).unwrap_err();
    assert!(code == 1 && told.contains("permission denied"), "{told}");
    for url in [database.url(), database.owner_url()] {
        let (_, told) = operate(&["clinics", "--database-url", &url]).unwrap_err();
        assert!(told.contains("sees no list"), "{told}");
    }
}

#[tokio::test]
async fn what_every_clinic_may_have_is_said_at_the_start() {
    let folder = tempdir().unwrap();
    for kept in [&["--memory"][..], &[]] {
        let arguments = [kept, &["--quota-envelopes", "2"]].concat();
        let server = Process::start_with(folder.path(), &arguments);
        let (world, mut courier) = founder(&server).await;
        let other = World::found(2);
        let mut others = other.courier(server.client(), 1);
        others.members_push(other.entries.clone()).await.unwrap();
        let sent = run(1, 1, 3);
        assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::OverQuota);
        courier.push(&world.push(&sent[..2])).await.unwrap();
        others.push(&other.push(&[])).await.unwrap();
    }
}

#[test]
fn an_operator_who_is_mistaken_is_told() {
    let folder = tempdir().unwrap();
    let (id, data) = ("01".repeat(16), words(folder.path()));
    let check = |arguments: &[&str], words: &str| {
        let (_, told) = operate(arguments).unwrap_err();
        assert!(told.contains(words), "{told}");
    };
    check(&["quota", &id, "--data", &data], "there is no log of a server in this folder");
    assert!(!folder.path().join("log.sqlite3").exists());
    check(&["quota", "somewhere", "--data", &data], "32 hexadecimal digits");
    check(&["quota", &id, "--data", &data, "--quota-bytes", "much"], "a number, as 500 or 20G");
    check(
        &["quota", &id, "--data", &data, "--default", "--quota-bytes", "1"],
        "cannot be used with",
    );
}

/// A log that has lost a row of its midst is told as damaged to whoever reads it, and to operators.
#[tokio::test]
async fn a_damaged_log_is_told_as_that_by_name() {
    let folder = tempdir().unwrap();
    let server = Process::start_with(folder.path(), &[]);
    let (world, mut courier) = founder(&server).await;
    courier.push(&world.push(&run(1, 1, 3))).await.unwrap();
    let LogVerdict::Other { log_epoch, .. } = courier.hello(&world.hello(1)).await.unwrap().log
    else {
        panic!("nothing was read of it yet");
    };
    assert!(page(folder.path(), &server, "/healthz").await.ends_with("ok\n"));
    assert!(page(folder.path(), &server, "/metrics").await.contains("log_damaged 0\n"));
    let log = Connection::open(folder.path().join("log.sqlite3")).unwrap();
    log.execute("DELETE FROM envelope WHERE seq = 2", []).unwrap();
    let told = refused(courier.pull(&world.pull(log_epoch, 0)).await);
    assert_eq!(told, RefusalCode::Damaged);
    let health = page(folder.path(), &server, "/healthz").await;
    assert!(
        health.starts_with("HTTP/1.1 200") && health.ends_with("put the log back from a copy\n"),
        "{health}"
    );
    assert!(page(folder.path(), &server, "/metrics").await.contains("log_damaged 1\n"));
}

/// Reads a page until it has what is waited for.
async fn comes(server: &Process, data: &Path, path: &str, expected: &str) {
    // Longer than a busy machine takes, and never waited for where things work.
    for _ in 0..600 {
        if page(data, server, path).await.contains(expected) {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} never had {expected:?}");
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_told_where_servers_are_watched() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    for (may, health, gauge) in [
        (true, "HTTP/1.1 200", "databases_unreachable 0\n"),
        (false, "HTTP/1.1 503", "databases_unreachable 1\n"),
        (true, "HTTP/1.1 200", "databases_unreachable 0\n"),
    ] {
        database.let_in(may).await;
        comes(&server, folder.path(), "/healthz", health).await;
        comes(&server, folder.path(), "/metrics", gauge).await;
    }
}

#[tokio::test]
async fn refusals_are_told_a_line_each_kind_and_name_nobody() {
    let folder = tempdir().unwrap();
    let mut command = command(folder.path());
    let command = command.args(at_free_port(&["--no-new-clinics"])).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut server = Process::of(child);
    let world = World::found(1);
    let mut courier = world.courier(server.client(), 1);
    for _ in 0..5 {
        let told = refused(courier.hello(&world.hello(1)).await);
        assert_eq!(told, RefusalCode::UnknownClinic);
    }
    server.terminate();
    let told = read_all(&mut stderr);
    let lines: Vec<_> = told.lines().filter(|line| line.contains("refused")).collect();
    assert_eq!(lines.len(), 1, "{told}");
    assert!(lines[0].contains("WARN") && lines[0].contains("a clinic that is not here"), "{told}");
    assert!(!told.contains(&world.clinic.to_string()), "{told}");
}

/// What the environment says of serving is there for the server; the operator's other words work beside it.
#[tokio::test]
async fn the_servers_environment_keeps_nobody_from_operating() {
    let folder = tempdir().unwrap();
    drop(Process::start(folder.path()));
    for (name, value) in [
        ("FIELDCHART_DATABASE_URL", "postgresql://x@127.0.0.1/y"),
        ("FIELDCHART_REGIONS", "eu=postgresql://x@127.0.0.1/y"),
        ("FIELDCHART_DEFAULT_REGION", "eu"),
        ("FIELDCHART_BLOBS", "s3://bucket/folder"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fieldchart-sync"));
        command.args(["clinics", "--data", &words(folder.path())]).env(name, value);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
    }
}
