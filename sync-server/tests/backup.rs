//! A copy that the program makes of the folder of a server that runs: whole, and a folder to start on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{Process, World, copy_folder, fails, founder, read_log};
use link::Courier;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use sync::envelope::Envelope;
use sync::fixtures::run;
use sync::ids::BlobId;
use tempfile::tempdir;
use tokio::task::yield_now;

/// What the program says, and whether it was done.
fn backup(data: &Path, to: &Path) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldchart-sync"));
    command.args(["backup", "--data"]).arg(data).arg("--to").arg(to);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

fn backed_up(data: &Path, to: &Path) -> String {
    let (done, told) = backup(data, to);
    assert!(done, "{told}");
    told
}

fn sealed(number: usize) -> (BlobId, Vec<u8>) {
    let bytes: Vec<u8> = number.to_le_bytes().repeat(512);
    (BlobId(Sha256::digest(&bytes).into()), bytes)
}

/// Pushes two envelopes and a blob, one after the other, until the server is gone.
async fn push_on(
    world: Arc<World>,
    mut courier: Courier,
    sent: Arc<Vec<Envelope>>,
    told: Arc<AtomicUsize>,
) {
    for (number, pair) in sent.chunks(2).enumerate() {
        let (id, bytes) = sealed(number);
        if courier.push(&world.push(pair)).await.is_err()
            || courier.put_blob(id, bytes.into()).await.is_err()
        {
            return;
        }
        told.store(number + 1, Ordering::SeqCst);
    }
}

/// The names of the blobs that the log of a folder names, and their paths in it.
fn named(data: &Path) -> Vec<(String, PathBuf)> {
    let log = Connection::open(data.join("log.sqlite3")).unwrap();
    let mut find = log
        .prepare(
            "SELECT lower(hex(clinic)), lower(hex(id)) FROM blob JOIN clinic USING (clinic_no)",
        )
        .unwrap();
    let of = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let rows: Vec<_> = find.query_map([], of).unwrap().map(Result::unwrap).collect();
    let path = |clinic: &str, id: &str| {
        let first: String = id.chars().take(2).collect();
        data.join("blobs").join(clinic).join(first).join(id)
    };
    rows.into_iter().map(|(clinic, id)| (id.clone(), path(&clinic, &id))).collect()
}

/// A copy has all that was acknowledged before it began, and every blob that its log names.
fn check_blobs(copy: &Path, at_least: usize) {
    let named = named(copy);
    assert!(named.len() >= at_least, "{} of {at_least}", named.len());
    for (id, path) in named {
        let bytes = fs::read(&path).unwrap();
        assert_eq!(BlobId(Sha256::digest(bytes).into()).to_string(), id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_made_under_load_is_a_folder_to_start_on() {
    let (folder, place) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, copy) = (folder.path(), place.path().join("copy"));
    let server = Process::start(data);
    let (world, mut courier) = founder(&server).await;
    let (world, sent) = (Arc::new(world), Arc::new(run(1, 1, 4000)));
    // A reader that stays open: the log of writes is not cut meanwhile.
    courier.hello(&world.hello(1)).await.unwrap();
    let told = Arc::<AtomicUsize>::default();
    let pushing =
        tokio::spawn(push_on(Arc::clone(&world), courier, Arc::clone(&sent), Arc::clone(&told)));
    let mut at_least = 0;
    for round in 0..3 {
        while told.load(Ordering::SeqCst) < at_least + 10 {
            yield_now().await;
        }
        at_least = told.load(Ordering::SeqCst);
        let (from, to) = (data.to_owned(), copy.clone());
        let words = tokio::task::spawn_blocking(move || backed_up(&from, &to)).await.unwrap();
        assert!(words.contains("the log is copied: "), "{words}");
        assert!(words.contains("blobs copied: ") && !words.contains("not in the"), "{words}");
        assert!(round == 0 || !words.contains("there before: 0"), "{words}");
        check_blobs(&copy, at_least);
    }
    assert!(!pushing.is_finished(), "nothing was pushed beside the copies");
    server.kill();
    pushing.await.unwrap();
    let again = Process::start(&copy);
    assert_eq!(again.server.pin(), Process::start(data).server.pin());
    let mut courier = world.courier(again.client(), 1);
    let (_, got) = read_log(&world, &mut courier).await;
    assert!(got.len() >= at_least * 2, "{} of {}", got.len(), at_least * 2);
    assert_eq!(got, sent[..got.len()]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_its_owners_alone_and_has_the_key_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, place) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, copy) = (folder.path(), place.path().join("copy"));
    let server = Process::start(data);
    let (_, mut courier) = founder(&server).await;
    let (id, bytes) = sealed(1);
    courier.put_blob(id, bytes.into()).await.unwrap();
    backed_up(data, &copy);
    let key = |folder: &Path| fs::read(folder.join("identity.pem")).unwrap();
    assert_eq!(key(data), key(&copy));
    let (_, blob) = named(&copy).remove(0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&copy), 0o700);
    for path in [copy.join("identity.pem"), copy.join("log.sqlite3"), blob] {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let left = fs::read_dir(&copy).unwrap().map(|it| it.unwrap().file_name());
    let mut left: Vec<_> = left.map(|name| name.into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left, ["COPY.txt", "blobs", "identity.pem", "lock", "log.sqlite3"]);
}

/// Where something else lies nothing is changed, not even by a lock.
#[tokio::test]
async fn a_folder_that_is_no_copy_of_this_server_is_left_as_it_is() {
    let (folder, place) = (tempdir().unwrap(), tempdir().unwrap());
    let data = folder.path();
    let mut server = Process::start(data);
    founder(&server).await;
    let refused = |from: &Path, to: &Path, words: &str| {
        let before = fs::read_dir(to).unwrap().count();
        let (done, told) = backup(from, to);
        assert!(!done && told.contains(words), "{told}");
        assert_eq!(fs::read_dir(to).unwrap().count(), before);
    };
    let theirs = place.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    fs::write(theirs.join("letter.txt"), "mine").unwrap();
    refused(data, &theirs, "neither empty nor a copy of this server");
    let (other, copy) = (place.path().join("other"), place.path().join("copy"));
    drop(Process::start(&other));
    backed_up(&other, &copy);
    refused(data, &copy, "neither empty nor a copy of this server");
    // Itself, and what was a copy until it was served: its log may be newer than the one to come.
    refused(data, data, "neither empty nor a copy of this server");
    let own = place.path().join("own");
    backed_up(data, &own);
    backed_up(data, &own);
    drop(Process::start(&own));
    refused(data, &own, "neither empty nor a copy of this server");
    refused(&theirs, &place.path().join("own"), "is no data folder of a server");
    // As on a disk that is not mounted.
    let (done, told) = backup(data, &place.path().join("not-mounted/copies"));
    assert!(!done && told.contains("Is the disk mounted?"), "{told}");
    assert!(!place.path().join("not-mounted").exists());
    assert!(server.terminate().success());
    backed_up(data, &place.path().join("of-one-that-ended"));
    assert!(!data.join("log.sqlite3-wal").exists());
}

/// Documents that are elsewhere, or a log that is, are not passed over in silence.
#[tokio::test]
async fn what_a_copy_lacks_is_said() {
    let (folder, place) = (tempdir().unwrap(), tempdir().unwrap());
    let data = folder.path();
    let server = Process::start(data);
    let (_, mut courier) = founder(&server).await;
    for number in 0..3 {
        let (id, bytes) = sealed(number);
        courier.put_blob(id, bytes.into()).await.unwrap();
    }
    let [(_, gone), (_, changed), _] = &named(data)[..] else { panic!("three were put") };
    fs::remove_file(gone).unwrap();
    fs::write(changed, vec![0; 4096]).unwrap();
    let copy = place.path().join("copy");
    let (done, told) = backup(data, &copy);
    assert!(!done && told.contains("the copy is not whole"), "{told}");
    assert!(
        told.contains("blobs copied: 1, 4096 bytes; there before: 0; not in the folder: 2"),
        "{told}"
    );
    assert!(told.contains("FIELDCHART_BLOBS"), "{told}");
    let there = |path: &Path| copy.join(path.strip_prefix(data).unwrap()).exists();
    assert!(!there(gone) && !there(changed));
    server.kill();
    let bare = place.path().join("bare");
    fs::create_dir(&bare).unwrap();
    fs::copy(data.join("identity.pem"), bare.join("identity.pem")).unwrap();
    // As a server of a database leaves it, which is not to start without its address.
    fs::write(bare.join("log-in-database"), "it is").unwrap();
    let copy = place.path().join("of-bare");
    let told = backed_up(&bare, &copy);
    assert!(told.contains("there is no log in the folder") && told.contains("pg_dump"), "{told}");
    assert!(copy.join("log-in-database").exists());
    let (_, told) = fails(&copy, &[]);
    assert!(told.contains("the log of this server lies in a database"), "{told}");
}

/// What an earlier copy left half done, or another program beside it, is not taken for the new log's.
#[tokio::test]
async fn a_copy_goes_on_where_an_earlier_one_was_cut_off() {
    let (folder, place) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, copy) = (folder.path(), place.path().join("copy"));
    let server = Process::start(data);
    let (world, mut courier) = founder(&server).await;
    let sent = run(1, 1, 3);
    courier.push(&world.push(&sent)).await.unwrap();
    backed_up(data, &copy);
    for name in ["log.sqlite3.new", "log.sqlite3.new-journal", "log.sqlite3-wal", "log.sqlite3-shm"]
    {
        fs::write(copy.join(name), vec![7; 5000]).unwrap();
    }
    backed_up(data, &copy);
    for end in ["-wal", "-shm", ".new", ".new-journal"] {
        assert!(!copy.join(format!("log.sqlite3{end}")).exists(), "{end} is left");
    }
    copy_folder(&copy, &place.path().join("restored"));
    let again = Process::start(&place.path().join("restored"));
    let mut courier = world.courier(again.client(), 1);
    assert_eq!(read_log(&world, &mut courier).await.1, sent);
    // A log that is damaged takes no copy's place.
    drop(server);
    let whole = fs::read(copy.join("log.sqlite3")).unwrap();
    let log = Connection::open(data.join("log.sqlite3")).unwrap();
    log.execute("DELETE FROM envelope WHERE seq = 3", []).unwrap();
    drop(log);
    let (done, told) = backup(data, &copy);
    assert!(!done && told.contains("the log file is damaged"), "{told}");
    assert!(fs::read(copy.join("log.sqlite3")).unwrap() == whole);
}
