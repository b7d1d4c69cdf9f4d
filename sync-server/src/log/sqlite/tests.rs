//! The suites on a file, and what only a file can do.

use sync::fixtures::{clinic, device, run};
use sync::limits::PAGE_ITEMS_MAX;
use tempfile::TempDir;

use super::*;
use crate::log::suite::{CLINICS, shelf_in};

/// A shelf with its folder, which goes with it.
#[derive(Debug)]
struct Kept {
    shelf: SqliteShelf,
    folder: TempDir,
}

shelf_in!(Kept);

impl crate::log::suite::Operated for Kept {
    fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>) {
        self.shelf.set_quota(clinic, quota).unwrap();
    }

    fn usage(&self, clinic: ClinicId) -> Usage {
        self.shelf.list(Some(clinic)).unwrap()[0].usage
    }
}

fn usage(shelf: &SqliteShelf, number: u8) -> Usage {
    shelf.list(Some(clinic(number))).unwrap()[0].usage
}

fn open(path: &Path) -> Result<SqliteShelf, OpenError> {
    SqliteShelf::open(path, Quota::NONE)
}

fn make(clinics: &[(ClinicId, LogEpoch)]) -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let shelf = open(&folder.path().join(FILE)).unwrap();
    for (clinic, log_epoch) in clinics {
        assert!(shelf.found(*clinic, *log_epoch, &[]).unwrap());
    }
    Kept { shelf, folder }
}

sync::envelope_log_suite!(make);
sync::floor_suite!(make);
sync::key_table_suite!(make);
sync::erasing_suite!(make);
crate::log::suite::shelf_suite!(make);

#[test]
fn everything_is_there_after_opening_again() {
    let kept = make(&CLINICS);
    kept.append(clinic(1), &run(1, 1, 5)).unwrap();
    let (bounds, have) = (kept.floor(clinic(1)).unwrap(), kept.have(clinic(1)).unwrap());
    let Kept { shelf, folder } = kept;
    drop(shelf);
    let again = open(&folder.path().join(FILE)).unwrap();
    assert_eq!(again.floor(clinic(1)).unwrap(), bounds);
    assert_eq!(again.have(clinic(1)).unwrap(), have);
}

#[test]
fn a_newer_or_foreign_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        let error = open(&path).unwrap_err();
        assert!(fs::read(&path).unwrap() == before, "{name} was written to");
        error
    };
    let newer = refused("newer", "PRAGMA application_id = 1178817356; PRAGMA user_version = 99");
    assert!(matches!(newer, OpenError::Newer { found: 99, known: 7 }), "{newer:?}");
    let foreign = refused("foreign", "CREATE TABLE theirs (x)");
    assert!(matches!(foreign, OpenError::Foreign), "{foreign:?}");
    let path = folder.path().join("text");
    fs::write(&path, vec![b'x'; 8192]).unwrap();
    assert!(matches!(open(&path), Err(OpenError::Unusable(_))));
}

#[test]
fn a_full_disk_and_a_file_that_cannot_be_written_to_are_told_apart() {
    let failed = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
    let told = |code| OpenError::from(failed(code)).to_string();
    assert!(told(ffi::SQLITE_FULL).contains("is full; make room"));
    assert!(told(ffi::SQLITE_READONLY).contains("cannot be written to"));
    assert!(told(ffi::SQLITE_NOTADB).contains("cannot be used"));
}

#[test]
fn a_full_disk_takes_nothing_and_harms_nothing() {
    let kept = make(&CLINICS);
    kept.append(clinic(1), &run(1, 1, 3)).unwrap();
    lock(&kept.shelf.writer).db.execute_batch("PRAGMA max_page_count = 1").unwrap();
    let more = run(2, 1, 2000);
    assert!(matches!(kept.append(clinic(1), &more), Err(LogError::Full)));
    assert_eq!(kept.floor(clinic(1)).unwrap().head.seq, 3);
    lock(&kept.shelf.writer).db.execute_batch("PRAGMA max_page_count = 1000000").unwrap();
    kept.append(clinic(1), &more).unwrap();
    assert_eq!(kept.floor(clinic(1)).unwrap().head.seq, 2003);
}

#[test]
fn a_missing_row_is_damage_and_not_a_short_log() {
    let kept = make(&CLINICS);
    kept.append(clinic(1), &run(1, 1, 3)).unwrap();
    lock(&kept.shelf.writer).db.execute("DELETE FROM envelope WHERE seq = 2", []).unwrap();
    let nothing = Have::new();
    let query =
        PageQuery { after: 0, skip: &nothing, items_max: PAGE_ITEMS_MAX, bytes_max: usize::MAX };
    assert!(matches!(kept.page(clinic(1), &query), Err(LogError::Damaged(_))));
}

#[test]
fn a_torn_log_is_not_opened() {
    for torn in ["DELETE FROM envelope WHERE seq = 3", "UPDATE clinic SET chain = zeroblob(32)"] {
        let kept = make(&CLINICS);
        kept.append(clinic(1), &run(1, 1, 3)).unwrap();
        open(&kept.folder.path().join(FILE)).unwrap();
        lock(&kept.shelf.writer).db.execute(torn, []).unwrap();
        let opened = open(&kept.folder.path().join(FILE));
        assert!(matches!(opened, Err(OpenError::Damaged)), "{torn}");
    }
}

#[test]
fn an_erased_key_leaves_its_place_empty() {
    let kept = make(&CLINICS);
    let key = |n| WrappedKey { doc_tag: DocTag([n; 32]), wrapped: vec![n; 60] };
    kept.put_keys(clinic(1), device(1), &[key(1), key(2), key(3)]).unwrap();
    lock(&kept.shelf.writer).db.execute("DELETE FROM wrapped_key WHERE place >= 2", []).unwrap();
    let page = kept.keys(clinic(1), 0, 9).unwrap();
    assert_eq!((page.keys, page.end, page.head), (vec![key(1)], 3, 3));
    kept.put_keys(clinic(1), device(1), &[key(4)]).unwrap();
    let page = kept.keys(clinic(1), 1, 1).unwrap();
    assert_eq!((page.keys, page.end, page.head), (vec![key(4)], 4, 4));
}

#[test]
fn commits_are_synced() {
    let kept = make(&CLINICS);
    let writer = lock(&kept.shelf.writer);
    let ask = |name: &str| -> String {
        writer
            .db
            .query_row(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(ask("synchronous"), "2");
}

/// What was kept before anything was counted is counted when the file is opened.
#[test]
fn a_file_of_the_first_release_is_counted() {
    let kept = make(&CLINICS);
    let (sent, key) = (run(1, 1, 5), WrappedKey { doc_tag: DocTag([1; 32]), wrapped: vec![1; 60] });
    kept.append(clinic(1), &sent).unwrap();
    kept.put_keys(clinic(1), device(1), &[key]).unwrap();
    let before = usage(&kept.shelf, 1);
    assert!(before.bytes > 92 && before.envelopes == 5, "{before:?}");
    let first = "DROP TABLE erased; DROP TABLE cold_envelope; ALTER TABLE clinic DROP COLUMN cold;
        ALTER TABLE wrapped_key DROP COLUMN device;
        DROP TABLE room_message; DROP TABLE room; DROP TABLE blob; DROP TABLE quota;
        ALTER TABLE clinic DROP COLUMN bytes; PRAGMA user_version = 1";
    lock(&kept.shelf.writer).db.execute_batch(first).unwrap();
    let again = open(&kept.folder.path().join(FILE)).unwrap();
    assert_eq!(usage(&again, 1), before);
    assert_eq!(usage(&again, 2), Usage::default());
}

#[test]
fn the_schema() {
    let kept = make(&[]);
    let writer = lock(&kept.shelf.writer);
    let mut find =
        writer.db.prepare("SELECT sql FROM sqlite_schema WHERE sql <> '' ORDER BY name").unwrap();
    let sql: Vec<String> =
        find.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in sql.iter().filter(|sql| sql.starts_with("CREATE TABLE")) {
        assert!(table.contains("STRICT"), "{table}");
        let columns =
            table.lines().filter(|line| line.contains(" BLOB") || line.contains(" INTEGER"));
        for column in columns.filter(|column| !column.contains("clinic_no  INTEGER PRIMARY KEY")) {
            assert!(column.contains("NOT NULL"), "{column}");
        }
    }
    insta::assert_snapshot!(sql.join(";\n"));
}

#[test]
fn a_disk_that_fails_is_not_told_as_full_and_the_writer_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let shelf = open(&folder.path().join(FILE)).unwrap();
    let failed = |code: i32| {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        shelf.write(|_| Err::<(), _>(StepError::Sqlite(error))).unwrap_err()
    };
    for code in [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC] {
        let error = failed(code);
        assert!(matches!(error, LogError::Append(_)), "{code}: {error:?}");
        assert!(lock(&shelf.writer).spoilt, "{code}");
        shelf.write(|_| Ok(())).unwrap();
        assert!(!lock(&shelf.writer).spoilt, "{code}");
    }
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
        let error = failed(code);
        assert!(matches!(error, LogError::Full), "{code}: {error:?}");
        assert!(!lock(&shelf.writer).spoilt, "{code}");
    }
    assert!(!folder.path().join("probe").exists());
}
