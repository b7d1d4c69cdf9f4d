//! What an operator decides with the program, while a server runs on the same log.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::database::TestDatabase;
use crate::common::raw::page;
use crate::common::{
    Process, World, at_free_port, command, fails, founder, read_all, read_log, refused,
};
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

/// Two envelopes are allowed, three are refused, and three again when the operator allows them. What
/// is not decided is as `rest` says.
async fn check_quota(server: &Process, data: &Path, kept: &[&str], rest: &str) {
    let (mut world, mut courier) = founder(server).await;
    let id = world.clinic.to_string();
    let quota = |more: &[&str]| operate(&[&["quota", &id], kept, more].concat()).unwrap();
    assert!(quota(&[]).contains("envelopes 0; quota by default"));
    let told = quota(&["--quota-envelopes", "2", "--quota-devices", "2"]);
    assert!(told.ends_with(&format!("; quota bytes {rest}, envelopes 2, devices 2\n")), "{told}");
    let sent = run(1, 1, 3);
    courier.push(&world.push(&sent[..2])).await.unwrap();
    assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::OverQuota);
    let counters = page(data, server, "/metrics").await;
    let lines = ["quota_refusals_total 1\n", "clinics_over_quota 1\n", "requests_failed_total 0\n"];
    for line in lines {
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
    assert!(told.ends_with(&format!("; quota bytes {rest}, envelopes 3, devices 2\n")), "{told}");
    courier.push(&world.push(&sent)).await.unwrap();
    assert!(quota(&["--default"]).contains("envelopes 3; quota by default"));
    courier.push(&world.push(&run(1, 1, 9))).await.unwrap();
}

#[tokio::test]
async fn an_operator_says_what_a_clinic_may_have_while_the_server_runs() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let kept = words(folder.path());
    check_quota(&server, folder.path(), &["--data", &kept], "none by default").await;
    let listed = operate(&["clinics", "--data", &words(folder.path())]).unwrap();
    assert!(listed.starts_with(&"01".repeat(16)) && listed.lines().count() == 1, "{listed}");
}

#[tokio::test]
async fn an_operator_says_it_to_a_database_as_the_owner_of_its_tables() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    let kept = database.owner_url();
    check_quota(&server, folder.path(), &["--database-url", &kept], "by default").await;
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

/// One limit is decided for a clinic: the others stay what the server was started with. What that is
/// is said `by_default` where the folder tells it.
async fn check_rest(server: &Process, kept: &[&str], by_default: [&str; 2]) {
    let (world, mut courier) = founder(server).await;
    let id = world.clinic.to_string();
    let quota = |more: &[&str]| operate(&[&["quota", &id], kept, more].concat()).unwrap();
    let [envelopes, devices] = by_default;
    let decided = format!("quota bytes 20000000000, envelopes {envelopes}, devices {devices}");
    let told = quota(&["--quota-bytes", "20G"]);
    assert!(told.ends_with(&format!("; {decided}\n")), "{told}");
    let sent = run(1, 1, 3);
    assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::OverQuota);
    courier.push(&world.push(&sent[..2])).await.unwrap();
    // What was decided before stays beside what is decided now.
    let decided =
        format!("quota bytes 20000000000, envelopes 2, devices {devices}; over: envelopes");
    assert!(quota(&["--quota-envelopes", "2"]).ends_with(&format!("envelopes 2; {decided}\n")));
    let told = quota(&["--quota-envelopes", "none"]);
    assert!(told.contains("quota bytes 20000000000, envelopes none, devices"), "{told}");
    courier.push(&world.push(&sent)).await.unwrap();
}

#[tokio::test]
async fn what_is_not_decided_for_a_clinic_stays_as_it_is_for_all() {
    let (folder, all) = (tempdir().unwrap(), ["--quota-envelopes", "2"]);
    let server = Process::start_with(folder.path(), &all);
    let data = words(folder.path());
    check_rest(&server, &["--data", &data], ["2 by default", "none by default"]).await;
    let (other, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let url = database.url();
    let arguments = [&all[..], &["--database-url", &url]].concat();
    let server = Process::start_with(other.path(), &arguments);
    let owner = database.owner_url();
    check_rest(&server, &["--database-url", &owner], ["by default"; 2]).await;
}

#[tokio::test]
async fn who_has_used_up_what_every_clinic_may_have_is_listed_as_that() {
    let folder = tempdir().unwrap();
    let server = Process::start_with(folder.path(), &["--quota-envelopes", "2"]);
    let (world, mut courier) = founder(&server).await;
    let other = World::found(2);
    other.courier(server.client(), 1).members_push(other.entries.clone()).await.unwrap();
    courier.push(&world.push(&run(1, 1, 2))).await.unwrap();
    let listed = operate(&["clinics", "--data", &words(folder.path())]).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    let all = "quota by default: bytes none, envelopes 2, devices none";
    assert!(lines[0].ends_with(&format!("envelopes 2; {all}; over: envelopes")), "{listed}");
    assert!(lines[1].ends_with(&format!("envelopes 0; {all}")), "{listed}");
}

/// What stands in the way of a copy of the log by itself, after the server has ended and a command
/// has looked into it.
#[tokio::test]
async fn a_folder_that_nobody_uses_has_all_of_the_log_in_one_file() {
    let folder = tempdir().unwrap();
    let data = words(folder.path());
    let mut server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let sent = run(1, 1, 3);
    courier.push(&world.push(&sent)).await.unwrap();
    let (_, read) = read_log(&world, &mut courier).await;
    assert_eq!(read, sent);
    let is_one = |when: &str| {
        for end in ["-wal", "-shm", "-journal"] {
            let path = folder.path().join(format!("log.sqlite3{end}"));
            assert!(!path.exists(), "{end} is left {when}");
        }
    };
    assert!(folder.path().join("log.sqlite3-wal").exists());
    assert!(server.terminate().success());
    is_one("by the server");
    operate(&["clinics", "--data", &data]).unwrap();
    is_one("by clinics");
    operate(&["quota", &world.clinic.to_string(), "--data", &data, "--quota-bytes", "1G"]).unwrap();
    is_one("by quota");
    let copy = tempdir().unwrap();
    for name in ["identity.pem", "log.sqlite3"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let server = Process::start(copy.path());
    let mut courier = world.courier(server.client(), 1);
    assert_eq!(read_log(&world, &mut courier).await.1, sent);
}

/// A command is not who brings a log to another version.
#[test]
fn a_log_of_another_version_is_told_to_operators_and_left_as_it_is() {
    let folder = tempdir().unwrap();
    let mut server = Process::start(folder.path());
    assert!(server.terminate().success());
    let (id, data) = ("01".repeat(16), words(folder.path()));
    let check = |version: i64, words: &str| {
        let path = folder.path().join("log.sqlite3");
        let log = Connection::open(&path).unwrap();
        log.pragma_update(None, "user_version", version).unwrap();
        drop(log);
        for task in [&["clinics"][..], &["quota", &id], &["quota", &id, "--quota-bytes", "1"]] {
            let (code, told) = operate(&[task, &["--data", &data]].concat()).unwrap_err();
            assert!(code == 1 && told.contains(words), "{version}: {told}");
        }
        let log = Connection::open(&path).unwrap();
        let kept: i64 = log.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(kept, version);
    };
    check(6, "start the server of this release on it first");
    check(99, "written by a newer release (version 99)");
}

/// What SQLite finds wrong at the start is told as what it finds wrong later.
#[tokio::test]
async fn a_log_that_is_malformed_at_the_start_is_to_be_put_back_from_a_copy() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("log.sqlite3");
    let mut server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    courier.push(&world.push(&run(1, 1, 3))).await.unwrap();
    assert!(server.terminate().success());
    let whole = fs::read(&path).unwrap();
    // No database by its first bytes; one by these whose tables are no pages.
    for (from, to) in [(0, 100), (100, whole.len())] {
        let mut bytes = whole.clone();
        bytes[from..to].fill(0x5a);
        fs::write(&path, &bytes).unwrap();
        let (code, told) = fails(folder.path(), &[]);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains("the log file is damaged; put it back from a copy"), "{told}");
    }
}

/// A key that others of the computer may read is warned of at each start, with what to do.
#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempdir().unwrap();
    Process::start(folder.path()).kill();
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path().join("identity.pem"), permissions).unwrap();
        let mut command = command(folder.path());
        let mut child = command.args(at_free_port(&[])).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        Process::of(child).terminate();
        let told = read_all(&mut stderr);
        assert_eq!(told.contains("take it from them with `chmod 600 "), warned, "{told}");
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
    check(&["clinics"], "FIELDCHART_OWNER_URL names the database");
    check(&["clinics", "--data", &data, "--database-ca", "ca.pem"], "--database-url <URL>");
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

/// What a counter says.
async fn counter(data: &Path, server: &Process, name: &str) -> u64 {
    let (page, name) = (page(data, server, "/metrics").await, format!("fieldchart_sync_{name} "));
    let told = page.lines().find_map(|line| line.strip_prefix(&name));
    told.unwrap_or_else(|| panic!("{name}: {page}")).parse().unwrap()
}

/// Everything that a server logs while something is done with it, to its end.
async fn log_of(data: &Path, arguments: &[&str], act: impl AsyncFnOnce(&Process)) -> String {
    let mut command = command(data);
    let mut child = command.args(at_free_port(arguments)).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut server = Process::of(child);
    act(&server).await;
    assert!(server.terminate().success());
    read_all(&mut stderr)
}

/// What an operator decided is no failure to be woken for; what is full is.
#[tokio::test]
async fn a_push_over_the_quota_is_told_with_its_reason_and_is_no_failure() {
    let folder = tempdir().unwrap();
    let data = folder.path();
    let told = log_of(data, &["--quota-envelopes", "2"], async |server| {
        let (world, mut courier) = founder(server).await;
        let sent = run(1, 1, 3);
        courier.push(&world.push(&sent[..2])).await.unwrap();
        let before = counter(data, server, "requests_refused_total").await;
        assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::OverQuota);
        for (name, count) in [
            ("requests_refused_total", before + 1),
            ("requests_failed_total", 0),
            ("quota_refusals_total", 1),
            ("disk_full", 0),
        ] {
            assert_eq!(counter(data, server, name).await, count, "{name}");
        }
    })
    .await;
    assert!(!told.contains("failed"), "{told}");
    let why = "why=\"a clinic has all that its operator lets it have\"";
    assert_eq!(told.matches(why).count(), 1, "{told}");
}

#[tokio::test]
async fn a_full_disk_is_a_failure_and_shown_until_something_is_written() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let data = folder.path();
    let server = Process::start_with(data, &["--database-url", &database.url()]);
    let (world, mut courier) = founder(&server).await;
    database
        .as_owner(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
             CREATE TRIGGER full_disk BEFORE INSERT ON envelope EXECUTE FUNCTION full_disk()",
        )
        .await;
    let shows = async |full: u64, failed: u64| {
        for (name, count) in [("disk_full", full), ("requests_failed_total", failed)] {
            assert_eq!(counter(data, &server, name).await, count, "{name}");
        }
    };
    shows(0, 0).await;
    let sent = run(1, 1, 2);
    assert_eq!(refused(courier.push(&world.push(&sent)).await), RefusalCode::Full);
    shows(1, 1).await;
    // Nothing is written by what only reads, or brings nothing.
    courier.hello(&world.hello(1)).await.unwrap();
    courier.push(&world.push(&[])).await.unwrap();
    shows(1, 1).await;
    database.as_owner("DROP TRIGGER full_disk ON envelope").await;
    courier.push(&world.push(&sent)).await.unwrap();
    shows(0, 1).await;
}

#[tokio::test]
async fn the_log_says_where_the_clinics_lie_and_names_no_secret() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let url = format!("{} password=hidden-word", database.url());
    let name = url.split("dbname=").nth(1).unwrap().split(' ').next().unwrap();
    let file = folder.path().join("file");
    for (data, arguments, place) in [
        (&file, &[][..], format!("the file {}", file.join("log.sqlite3").display())),
        (&file, &["--memory"], "memory".to_owned()),
        (
            &folder.path().join("shared"),
            &["--database-url", &url],
            format!("PostgreSQL, database {name} at /"),
        ),
    ] {
        let told = log_of(data, arguments, async |_| {}).await;
        assert!(told.contains(&format!("log=\"{place}")), "{place}: {told}");
        assert!(!told.contains("hidden-word"), "{told}");
    }
}

/// A log without a clinic, wherever it lies, and no clinic taken: every computer is turned away.
#[tokio::test]
async fn a_server_that_lets_nobody_in_says_so() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let file = folder.path().join("file");
    let url = database.url();
    let id = "02".repeat(16);
    let quota = |kept: &[&str]| {
        operate(&[&["quota", &id, "--quota-bytes", "1"], kept].concat()).unwrap();
    };
    for (data, kept, as_owner) in [
        (&file, &[][..], ["--data", &words(&file)]),
        (
            &folder.path().join("shared"),
            &["--database-url", &url],
            ["--database-url", &database.owner_url()],
        ),
    ] {
        let closed = [kept, &["--no-new-clinics"]].concat();
        let is_told =
            async || log_of(data, &closed, async |_| {}).await.contains("nobody is let in");
        assert!(is_told().await, "{kept:?}, at its first start");
        // A clinic for which something was decided is none yet.
        quota(&as_owner);
        assert!(is_told().await, "{kept:?}, at its second");
        let told = log_of(data, kept, async |server| drop(founder(server).await)).await;
        assert!(!told.contains("nobody is let in"), "{told}");
        assert!(!is_told().await, "{kept:?}, with a clinic");
    }
}
