//! Two processes, and processes that are killed: the child is this test binary itself.

use super::fixtures::*;
use crate::*;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The folder a child works in; without it the child's test works alone.
const DIR: &str = "FIELDCHART_STORE_TEST_DIR";
/// Rounds of killing; a long run does so many times more.
const ROUNDS: u64 = 20;

fn child(test: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("tests::processes::{test}"), "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Commits one chart after another and says so after each; alone it commits three.
#[test]
fn commits_until_killed() {
    let own = tempfile::tempdir().unwrap();
    let given = std::env::var_os(DIR).map(std::path::PathBuf::from);
    let (dir, commits) = match &given {
        Some(dir) => (dir.clone(), u64::MAX),
        None => {
            Store::create(&own.path().join("store"), keys()).unwrap().close().unwrap();
            (own.path().join("store"), 3)
        }
    };
    let store = Store::open(&dir, keys()).unwrap();
    let begun = store.counts().unwrap().patients;
    for n in 0..commits {
        let n = begun + n + 1;
        store.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])).unwrap();
        println!("\nacknowledged {n}");
    }
    assert_eq!(store.counts().unwrap().patients, 3);
}

#[test]
fn kill_9_loses_nothing_that_was_acknowledged_soak() {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u64>().ok());
    let rounds = ROUNDS * times.unwrap_or(1);
    let kept = new_store();
    let path = kept.path();
    let _dir = kept.close();
    let mut extra = 0;
    for round in 0..rounds {
        let mut child = child("commits_until_killed", &path);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = 0;
        let told = lines.map_while(Result::ok);
        for n in told.filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u64>().ok()) {
            acknowledged = n;
            if n % 7 >= round % 7 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&path, keys()).unwrap();
        let found = store.counts().unwrap();
        assert!(acknowledged > 0, "round {round}: the child did nothing");
        assert!(found.patients >= acknowledged, "round {round}: {found:?} of {acknowledged}");
        assert_eq!(found.patients, found.commits, "round {round}: whole commits only");
        assert_eq!(store.verify_audit().unwrap(), None, "round {round}");
        extra += u64::from(found.patients > acknowledged);
        store.close().unwrap();
    }
    println!("soak: {rounds} killed in commits, {extra} with more than was acknowledged");
    assert_whole(&Store::open(&path, keys()).unwrap());
}

/// Opens the store and says what came of it.
#[test]
fn tells_what_opening_gives() {
    let Some(dir) = std::env::var_os(DIR).map(std::path::PathBuf::from) else {
        let kept = new_store();
        assert!(matches!(Store::open(&kept.path(), keys()), Err(StoreError::Locked)));
        return;
    };
    match Store::open(&dir, keys()) {
        Ok(_) => println!("\nopening: open"),
        Err(error) => println!("\nopening: {error}"),
    }
}

#[test]
fn a_second_process_is_told_so() {
    let told = |dir: &Path| {
        let output = child("tells_what_opening_gives", dir).wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().find_map(|line| line.strip_prefix("opening: ").map(str::to_owned)).unwrap()
    };
    let kept = new_store();
    assert_eq!(told(&kept.path()), StoreError::Locked.to_string());
    let path = kept.path();
    let _dir = kept.close();
    assert_eq!(told(&path), "open");
}

#[test]
fn many_threads_read_while_one_writes() {
    let kept = new_store();
    let store = &kept.store;
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let counts = store.counts().unwrap();
                    assert_eq!(counts.patients, counts.commits);
                    store.find_patients("okel", 5).unwrap();
                }
            });
        }
        for n in 1..=20 {
            store.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])).unwrap();
        }
    });
    assert_eq!(store.counts().unwrap().patients, 20);
}
