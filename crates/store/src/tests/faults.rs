//! What damage, rollback and a full disk do: told, never silent, nothing acknowledged lost.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PAGE: usize = 4096;

/// A closed store of some charts.
fn closed() -> (tempfile::TempDir, PathBuf) {
    let kept = new_store();
    let records = (1..=8).map(|n| begin(n, &thirty_entries(n)).1).collect();
    kept.store.commit(Commit::local(records)).unwrap();
    let path = kept.path();
    (kept.close(), path)
}

fn database(dir: &Path) -> PathBuf {
    dir.join(DATABASE_FILE)
}

/// Goes on with what is there, by decision.
fn accept_loss(dir: &Path) -> Store {
    let decision = audit(AuditAction::Maintain, patient_id(1));
    Store::find(dir, keys()).unwrap().accept_loss(decision).unwrap()
}

/// Opens and checks to the end; any error or finding is a detection.
fn is_detected(dir: &Path) -> bool {
    let check = || Store::open(dir, keys())?.check(Some(actor(60)));
    !check().is_ok_and(|report| report.is_whole())
}

#[test]
fn what_cannot_be_opened_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("nowhere");
    assert!(matches!(Store::open(&nowhere, keys()), Err(StoreError::NotFound)));
    assert!(!nowhere.exists(), "opening makes nothing");

    let (_keep, path) = closed();
    assert!(Store::exists(&path));
    assert!(matches!(Store::create(&path, keys()), Err(StoreError::AlreadyExists)));
    let wrong = StoreKeys::new([9; 32], [8; 32]);
    assert!(matches!(Store::open(&path, wrong), Err(StoreError::WrongKeyOrDamaged)));
    let wrong_anchor = StoreKeys::new([7; 32], [1; 32]);
    assert!(matches!(Store::open(&path, wrong_anchor), Err(StoreError::Damaged(_))));

    let open = Store::open(&path, keys()).unwrap();
    assert!(matches!(Store::open(&path, keys()), Err(StoreError::Locked)));
    let words = StoreError::Locked.to_string();
    assert!(words.contains("another Fieldchart is using this store"), "{words}");
    drop(open);
    assert_whole(&Store::open(&path, keys()).unwrap());
}

#[test]
fn a_new_store_is_never_made_over_anything() {
    for name in [DATABASE_FILE, ANCHOR_FILE, "fieldchart.db-wal"] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), b"").unwrap();
        assert!(matches!(Store::create(dir.path(), keys()), Err(StoreError::AlreadyExists)));
    }
    // What a crash left of an unfinished one is no store.
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("fieldchart.new"), b"half").unwrap();
    assert!(!Store::exists(dir.path()));
    assert_whole(&Store::create(dir.path(), keys()).unwrap());
}

#[cfg(unix)]
#[test]
fn a_new_folder_is_the_owners_alone_and_an_old_one_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let new = dir.path().join("new");
    Store::create(&new, keys()).unwrap();
    assert_eq!(mode(&new), 0o700);
    let old = dir.path().join("old");
    fs::create_dir(&old).unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o755)).unwrap();
    Store::create(&old, keys()).unwrap();
    assert_eq!(mode(&old), 0o755);
}

#[test]
fn a_newer_store_is_left_as_it_is() {
    let (_keep, path) = closed();
    let store = Store::open(&path, keys()).unwrap();
    store.tamper("PRAGMA user_version = 99").unwrap();
    store.close().unwrap();
    let before = fs::read(database(&path)).unwrap();
    let error = Store::open(&path, keys()).unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 99, .. }), "{error}");
    assert_eq!(fs::read(database(&path)).unwrap(), before);
}

#[test]
fn every_flipped_bit_is_detected() {
    let (_keep, path) = closed();
    let whole = fs::read(database(&path)).unwrap();
    let pages = whole.len() / PAGE;
    for round in 0..40 {
        let at = (round * pages / 40) * PAGE + (round * 997 + 13) % PAGE;
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (round % 8);
        fs::write(database(&path), flipped).unwrap();
        assert!(is_detected(&path), "bit flipped at {at}");
    }
    fs::write(database(&path), &whole).unwrap();
    assert!(!is_detected(&path));
}

#[test]
fn a_file_cut_short_is_detected() {
    let (_keep, path) = closed();
    let whole = fs::read(database(&path)).unwrap();
    for cut in [0, 100, PAGE, PAGE * 3, whole.len() - PAGE, whole.len() - 1] {
        fs::write(database(&path), &whole[..cut]).unwrap();
        assert!(is_detected(&path), "cut to {cut} bytes");
    }
}

/// What is shown beside an entry of who else holds it, and decides nothing.
const SHOWN_ALONE: &str = "unacknowledged";

#[test]
fn every_replayed_page_is_detected_or_changes_nothing() {
    let (_keep, path) = closed();
    let old = fs::read(database(&path)).unwrap();
    let store = Store::open(&path, keys()).unwrap();
    let (mut chart, record) = begin(20, &thirty_entries(20));
    store.commit(Commit::local(vec![record])).unwrap();
    edit(&store, &mut chart, 20, ChartEdit::RecordAllergy(allergy(20_900, "Latex")));
    let stored = store.document(chart_name(3)).unwrap().unwrap();
    let mut third = chart::ChartDocument::load(patient_id(3), stored.stored(), actor(5)).unwrap();
    edit(
        &store,
        &mut third,
        3,
        ChartEdit::RecordMedication(medication(3004, "Amlodipine", "10", "1")),
    );
    store.close().unwrap();
    let new = fs::read(database(&path)).unwrap();
    let truth = everything(&path);

    let changed: Vec<usize> = (0..old.len() / PAGE)
        .filter(|page| old[page * PAGE..][..PAGE] != new[page * PAGE..][..PAGE])
        .collect();
    assert!(changed.len() > 5, "{changed:?}");
    let mut detected = 0;
    for page in &changed {
        let mut replayed = new.clone();
        replayed[page * PAGE..][..PAGE].copy_from_slice(&old[page * PAGE..][..PAGE]);
        fs::write(database(&path), replayed).unwrap();
        if is_detected(&path) {
            detected += 1;
        } else {
            let unseen = everything(&path);
            let tables = truth.iter().filter(|(name, rows)| unseen.get(*name) != Some(*rows));
            let tables = tables.map(|(name, _)| name).filter(|name| *name != SHOWN_ALONE);
            let tables: Vec<_> = tables.collect();
            assert!(tables.is_empty(), "page {page} of {tables:?} was put back unseen");
        }
        // The check may have written the log back: begin again from the same files.
        fs::write(database(&path), &new).unwrap();
    }
    assert!(detected > 3, "{detected} of {}", changed.len());
}

/// Every row of every table of ours.
fn everything(dir: &Path) -> BTreeMap<String, Vec<String>> {
    let store = Store::open(dir, keys()).unwrap();
    store
        .read(|r| {
            let text = "SELECT name FROM pragma_table_list WHERE schema = 'main'
                        AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'";
            let names: Vec<String> = sql::all(&r.db, text, [], |row| row.get(0))?;
            let mut tables = BTreeMap::new();
            for name in names {
                let mut statement = r.db.prepare(&format!("SELECT * FROM {name}"))?;
                let columns = statement.column_count();
                let read = |row: &rusqlite::Row<'_>| {
                    let cell = |column| Ok(format!("{:?}", row.get_ref(column)?));
                    (0..columns).map(cell).collect::<rusqlite::Result<Vec<_>>>()
                };
                let rows: Vec<Vec<String>> =
                    statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
                tables.insert(name, rows.into_iter().map(|row| row.join("|")).collect());
            }
            Ok(tables)
        })
        .unwrap()
}

/// The files of a store as a power cut after `commits` would leave them.
fn after_power_cut(commits: u64) -> (tempfile::TempDir, PathBuf) {
    let (keep, path) = closed();
    let store = Store::open(&path, keys()).unwrap();
    for n in 0..commits {
        store.commit(Commit::local(vec![begin(100 + n, &thirty_entries(100 + n)).1])).unwrap();
    }
    let cut = keep.path().join("cut");
    copy_dir(&path, &cut);
    drop(store);
    (keep, cut)
}

#[test]
fn a_lost_or_damaged_log_is_told_and_never_silent() {
    const COMMITS: u64 = 10;
    let (keep, cut) = after_power_cut(COMMITS);
    let log = cut.join("fieldchart.db-wal");
    let whole = fs::read(&log).unwrap();
    let database_before = fs::read(database(&cut)).unwrap();
    let check = |damaged: Option<Vec<u8>>, what: &str| {
        let dir = keep.path().join("damaged");
        drop(fs::remove_dir_all(&dir));
        fs::create_dir_all(&dir).unwrap();
        fs::write(database(&dir), &database_before).unwrap();
        fs::copy(cut.join(ANCHOR_FILE), dir.join(ANCHOR_FILE)).unwrap();
        if let Some(bytes) = damaged {
            fs::write(dir.join("fieldchart.db-wal"), bytes).unwrap();
        }
        let error = Store::open(&dir, keys()).map(|_| ()).unwrap_err();
        assert!(
            matches!(error, StoreError::MissingCommits { acknowledged, found } if found < acknowledged),
            "{what}: {error}"
        );
    };
    check(None, "deleted");
    check(Some(Vec::new()), "emptied");
    check(Some(whole[..whole.len() - 1].to_vec()), "one byte short");
    for round in 0..30 {
        let at = 40 + (round * (whole.len() - 41)) / 30;
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (round % 8);
        check(Some(flipped), &format!("bit flipped at {at}"));
    }
    let store = Store::open(&cut, keys()).unwrap();
    assert_eq!(store.counts().unwrap().commits, 1 + COMMITS);
    assert_whole(&store);
}

#[test]
fn an_old_copy_of_the_file_is_told_and_can_be_gone_on_with() {
    let (keep, path) = closed();
    let old = keep.path().join("old");
    copy_dir(&path, &old);
    let store = Store::open(&path, keys()).unwrap();
    store.commit(Commit::local(vec![begin(50, &thirty_entries(50)).1])).unwrap();
    store.close().unwrap();

    // Its own anchor goes with it: a restored copy is whole, and syncs what it lacks.
    assert_whole(&Store::open(&old, keys()).unwrap());
    // Without: acknowledged commits are missing.
    fs::copy(database(&old), database(&path)).unwrap();
    let error = Store::open(&path, keys()).unwrap_err();
    assert!(matches!(error, StoreError::MissingCommits { acknowledged: 2, found: 1 }), "{error}");
    // Writing past the loss does not hide it.
    let branch = accept_loss(&old);
    for n in 60..63 {
        branch.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])).unwrap();
    }
    branch.close().unwrap();
    let other = keep.path().join("other");
    copy_dir(&path, &other);
    fs::copy(database(&old), database(&other)).unwrap();
    let error = Store::open(&other, keys()).unwrap_err();
    assert!(matches!(error, StoreError::MissingCommits { .. }), "{error}");

    // Finding it and asking who is there decides nothing.
    drop(Store::find(&path, keys()).unwrap().people().unwrap());
    let error = Store::open(&path, keys()).unwrap_err();
    assert!(matches!(error, StoreError::MissingCommits { .. }), "{error}");
    let store = accept_loss(&path);
    let rows = store.audit_span(None, AuditSpan::Before(1 << 40), 1).unwrap();
    assert_eq!(rows[0].event.action, AuditAction::Maintain, "its row is there with the anchor");
    store.close().unwrap();
    assert_whole(&Store::open(&path, keys()).unwrap());
}

#[test]
fn another_branch_of_as_many_commits_is_told() {
    let (keep, path) = closed();
    let branch = keep.path().join("branch");
    copy_dir(&path, &branch);
    for (dir, bytes) in [(&path, b"here"), (&branch, b"else")] {
        let store = Store::open(dir, keys()).unwrap();
        let row = NamedRow { name: "device/keys".into(), bytes: bytes.to_vec() };
        store.put_named(&[row]).unwrap();
        store.close().unwrap();
    }
    fs::copy(database(&branch), database(&path)).unwrap();
    let error = Store::open(&path, keys()).unwrap_err();
    assert!(matches!(error, StoreError::MissingCommits { acknowledged: 2, found: 2 }), "{error}");
}

#[test]
fn an_anchor_that_lags_is_no_loss_and_one_that_is_gone_is_told() {
    let (_keep, path) = closed();
    let old = fs::read(path.join(ANCHOR_FILE)).unwrap();
    let store = Store::open(&path, keys()).unwrap();
    store.commit(Commit::local(vec![begin(50, &thirty_entries(50)).1])).unwrap();
    store.close().unwrap();
    fs::write(path.join(ANCHOR_FILE), old).unwrap();
    let store = Store::open(&path, keys()).unwrap();
    assert_eq!(store.counts().unwrap().commits, 2);
    assert_whole(&store);
    store.close().unwrap();

    fs::remove_file(path.join(ANCHOR_FILE)).unwrap();
    assert!(matches!(Store::open(&path, keys()), Err(StoreError::Damaged("its anchor"))));
    accept_loss(&path).close().unwrap();
    assert_whole(&Store::open(&path, keys()).unwrap());
}

#[test]
fn a_full_database_keeps_what_was_acknowledged() {
    let kept = new_store();
    kept.store.cap_pages(60);
    let acknowledged = fill(&kept.store);
    assert!(acknowledged > 1);
    assert_eq!(kept.store.counts().unwrap().patients, acknowledged);
    assert!(!kept.store.find_patients("okello", 100).unwrap().is_empty());
    kept.store.cap_pages(1000);
    kept.store.commit(Commit::local(vec![begin(999, &thirty_entries(999)).1])).unwrap();
    assert_whole(&kept.store);
}

/// Commits until the disk is full; returns how many were acknowledged.
fn fill(store: &Store) -> u64 {
    for n in 1..10_000 {
        match store.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])) {
            Ok(_) => {}
            Err(StoreError::DiskFull) => return n - 1,
            Err(error) => panic!("after {} commits: {error}", n - 1),
        }
    }
    panic!("the disk is never full");
}

/// Fills a disk to its last byte.
fn take_what_is_left(dir: &Path) {
    let mut rest = fs::File::options().append(true).create(true).open(dir.join("rest")).unwrap();
    let mut piece = vec![1; 64 * 1024];
    while !piece.is_empty() {
        if std::io::Write::write_all(&mut rest, &piece).is_err() {
            piece.truncate(piece.len() / 2);
        }
    }
}

/// A small disk of its own, where the system lets us make one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(dir: &Path, options: &str) -> Option<Self> {
        let mut mount = Command::new("mount");
        let done = mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir).output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(dir.to_owned()));
        }
        eprintln!("skipped: a small disk can only be made by root");
        None
    }

    fn remount(&self, options: &str) {
        let mut mount = Command::new("mount");
        let done = mount.args(["-o", options]).arg(&self.0).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

#[test]
fn a_full_disk_keeps_what_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(dir.path(), "size=4m") else { return };
    let path = dir.path().join("store");
    let store = Store::create(&path, keys()).unwrap();
    let reserve = dir.path().join("reserve");
    fs::write(&reserve, vec![1; 400_000]).unwrap();
    let acknowledged = fill(&store);
    assert!(acknowledged > 1);
    assert_eq!(store.counts().unwrap().patients, acknowledged);
    // Not a byte is left: nothing is recorded, and charts are read, with their audit rows.
    take_what_is_left(dir.path());
    let again = || store.commit(Commit::local(vec![begin(990, &thirty_entries(990)).1]));
    assert!(matches!(again(), Err(StoreError::DiskFull)));
    let reading = || store.record_audit(&[audit(AuditAction::Read, patient_id(1))]);
    let rows = store.counts().unwrap().audit;
    (0..5).for_each(|_| reading().unwrap());
    assert_eq!(store.counts().unwrap().audit, rows + 5);
    assert!(store.chart(patient_id(1), Newest::ALL).unwrap().is_some());
    assert!(!store.find_patients("okello", 100).unwrap().is_empty());
    drop(store);
    let store = Store::open(&path, keys()).unwrap();
    assert_eq!(store.counts().unwrap().patients, acknowledged);
    drop(store);
    // Without that room an opening says what is wrong, or opens what can be read.
    fs::remove_file(path.join("fieldchart.reserve")).unwrap_or_default();
    take_what_is_left(dir.path());
    match Store::open(&path, keys()) {
        Ok(store) => assert_eq!(store.counts().unwrap().patients, acknowledged),
        Err(error) => assert!(matches!(error, StoreError::DiskFull), "{error:?}"),
    }
    fs::remove_file(&reserve).unwrap();
    fs::remove_file(dir.path().join("rest")).unwrap();
    let store = Store::open(&path, keys()).unwrap();
    assert!(path.join("fieldchart.reserve").exists(), "kept again where there is room");
    store.commit(Commit::local(vec![begin(999, &thirty_entries(999)).1])).unwrap();
    assert_whole(&store);
    drop(store);
    drop(disk);
}

#[test]
fn a_disk_that_cannot_be_written_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(dir.path(), "size=4m") else { return };
    let path = dir.path().join("store");
    Store::create(&path, keys()).unwrap().close().unwrap();
    disk.remount("remount,ro");
    assert!(matches!(Store::open(&path, keys()), Err(StoreError::ReadOnlyDisk)));
    let new = dir.path().join("new");
    assert!(matches!(Store::create(&new, keys()), Err(StoreError::ReadOnlyDisk)));
    disk.remount("remount,rw");
    assert_whole(&Store::open(&path, keys()).unwrap());
}

#[test]
fn a_disk_that_fails_is_told_as_that_and_a_failed_sync_is_not_tried_again() {
    use rusqlite::ffi::{Error, SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE};
    let check = |store: &Store, code: i32, is_full: bool, is_tried_again: bool| {
        let tried = std::cell::Cell::new(0);
        let written = store.write_with_reserve(|_| -> Result<(), StoreError> {
            tried.set(tried.get() + 1);
            Err(rusqlite::Error::SqliteFailure(Error::new(code), None).into())
        });
        let error = written.unwrap_err();
        let want = if is_full { "DiskFull" } else { "DiskFailed" };
        assert!(format!("{error:?}").starts_with(want), "{code}: {error:?}");
        assert_eq!(tried.get() > 1, is_tried_again, "{code}: {}", tried.get());
    };
    let kept = new_store();
    check(&kept.store, SQLITE_IOERR_WRITE, false, false);
    check(&kept.store, SQLITE_IOERR_FSYNC, false, false);
    kept.store.commit(Commit::local(vec![begin(1, &thirty_entries(1)).1])).unwrap();
    assert_whole(&kept.store);
    assert!(!kept.path().join("fieldchart.probe").exists());

    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(dir.path(), "size=4m") else { return };
    let store = Store::create(&dir.path().join("store"), keys()).unwrap();
    take_what_is_left(dir.path());
    check(&store, SQLITE_IOERR_FSYNC, true, false);
    check(&store, SQLITE_FULL, true, true);
    drop(store);
    drop(disk);
}
