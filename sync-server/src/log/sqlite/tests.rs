//! The suites on a file, and what only a file can do.

use sync::fixtures::{clinic, device, run};
use sync::limits::PAGE_ITEMS_MAX;
use tempfile::TempDir;

use super::*;
use crate::log::suite::{CLINICS, shelf_in};
use crate::operate::Listed;

/// A shelf with its folder, which goes with it.
#[derive(Debug)]
struct Kept {
    shelf: SqliteShelf,
    folder: TempDir,
}

shelf_in!(Kept);

impl crate::log::suite::Operated for Kept {
    fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>) {
        Beside::to_decide(&self.shelf.path).unwrap().set_quota(clinic, quota).unwrap();
    }

    fn usage(&self, clinic: ClinicId) -> Usage {
        listed(&self.shelf, clinic).usage
    }
}

fn usage(shelf: &SqliteShelf, number: u8) -> Usage {
    listed(shelf, clinic(number)).usage
}

/// As an operator sees a clinic.
fn listed(shelf: &SqliteShelf, clinic: ClinicId) -> Listed {
    Beside::to_read(&shelf.path).unwrap().list(Some(clinic)).unwrap().remove(0)
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
    let text = open(&path).unwrap_err();
    assert!(matches!(text, OpenError::Malformed(_)), "{text:?}");
}

/// What lies beside the log of a folder.
fn beside_log(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut names: Vec<_> = names.filter(|it| it.starts_with(FILE) && it != FILE).collect();
    names.sort();
    names
}

#[test]
fn the_file_alone_has_everything_after_the_end() {
    let Kept { shelf, folder } = make(&CLINICS);
    shelf.append(clinic(1), &run(1, 1, 5)).unwrap();
    // Readers stay open between reads, and are gone before the writer.
    let bounds = shelf.floor(clinic(1)).unwrap();
    assert!(!lock(&shelf.readers).is_empty());
    assert_eq!(beside_log(folder.path()).len(), 2);
    drop(shelf);
    assert_eq!(beside_log(folder.path()), Vec::<String>::new());
    let copy = TempDir::new().unwrap();
    fs::copy(folder.path().join(FILE), copy.path().join(FILE)).unwrap();
    assert_eq!(open(&copy.path().join(FILE)).unwrap().floor(clinic(1)).unwrap(), bounds);
}

/// Where another program has the file open, the log of writes stays, and everything is in the file.
#[test]
fn the_file_alone_has_everything_also_where_another_has_it_open() {
    let Kept { shelf, folder } = make(&CLINICS);
    let path = folder.path().join(FILE);
    let other = Beside::to_read(&path).unwrap();
    shelf.append(clinic(1), &run(1, 1, 5)).unwrap();
    assert_eq!(other.list(Some(clinic(1))).unwrap()[0].usage.envelopes, 5);
    let bounds = shelf.floor(clinic(1)).unwrap();
    drop(shelf);
    let copy = TempDir::new().unwrap();
    fs::copy(&path, copy.path().join(FILE)).unwrap();
    assert_eq!(open(&copy.path().join(FILE)).unwrap().floor(clinic(1)).unwrap(), bounds);
    drop(other);
    assert_eq!(beside_log(folder.path()), Vec::<String>::new());
}

#[test]
fn a_command_changes_nothing_but_what_it_decides() {
    let kept = make(&CLINICS);
    let path = kept.shelf.path.clone();
    let mut read = Beside::to_read(&path).unwrap();
    assert!(read.set_quota(clinic(1), Some(Quota::NONE)).is_err());
    assert_eq!(listed(&kept.shelf, clinic(1)).quota, None);
    let version = |version: i64| {
        let db = &lock(&kept.shelf.writer).db;
        db.pragma_update(None, "user_version", version).unwrap();
        let older = |opened: Result<Beside, OpenError>| match opened {
            Err(OpenError::Older { found, known: 7 }) => {
                assert_eq!(i64::try_from(found), Ok(version));
            }
            other => panic!("{version}: {other:?}"),
        };
        older(Beside::to_read(&path));
        older(Beside::to_decide(&path));
        let kept: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(kept, version, "it was brought on");
    };
    version(6);
    version(1);
    lock(&kept.shelf.writer).db.pragma_update(None, "user_version", 8).unwrap();
    let newer = Beside::to_read(&path).unwrap_err();
    assert!(matches!(newer, OpenError::Newer { found: 8, known: 7 }), "{newer:?}");
    let absent = kept.folder.path().join("absent");
    assert!(Beside::to_read(&absent).is_err() && !absent.exists());
}

/// Of a clinic one limit is decided: the others are what they are for all, also after these change.
#[test]
fn what_was_not_decided_stays_what_it_is_for_all() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(FILE);
    let decided = Quota { bytes_max: 500, ..Quota::UNDECIDED };
    for (envelopes_max, devices_max) in [(3, 40), (5, 7)] {
        let default = Quota { bytes_max: 9, envelopes_max, devices_max };
        let shelf = SqliteShelf::open(&path, default).unwrap();
        shelf.found(clinic(1), LogEpoch([1; 16]), &[]).unwrap();
        let mut operator = Beside::to_decide(&path).unwrap();
        assert_eq!(operator.default_quota(), Some(default));
        operator.set_quota(clinic(1), Some(decided)).unwrap();
        assert_eq!(listed(&shelf, clinic(1)).quota, Some(decided));
        assert_eq!(shelf.quota(clinic(1)).unwrap(), Quota { bytes_max: 500, ..default });
        assert_eq!(shelf.quota(clinic(2)).unwrap(), default);
        let one_more = run(1, 1, envelopes_max + 1);
        let refused = shelf.write(|db| {
            let found = shelf.find(db, clinic(1))?;
            assert_eq!(found.quota.envelopes_max, envelopes_max);
            append::append(db, &found, &one_more)
        });
        assert!(matches!(refused, Err(LogError::OverQuota)), "{refused:?}");
    }
}

#[test]
fn a_folder_that_is_served_is_no_copy_any_more() {
    let folder = TempDir::new().unwrap();
    let mark = folder.path().join(MARK);
    fs::write(&mark, "a copy").unwrap();
    drop(Beside::to_copy(&make(&[]).shelf.path).unwrap());
    assert!(mark.exists());
    open(&folder.path().join(FILE)).unwrap();
    assert!(!mark.exists());
}

#[test]
fn a_full_disk_and_a_file_that_cannot_be_written_to_are_told_apart() {
    let failed = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
    let told = |code| OpenError::from(failed(code)).to_string();
    assert!(told(ffi::SQLITE_FULL).contains("is full; make room"));
    assert!(told(ffi::SQLITE_READONLY).contains("cannot be written to"));
    assert!(told(ffi::SQLITE_CANTOPEN).contains("cannot be used"));
    for damage in [ffi::SQLITE_NOTADB, ffi::SQLITE_CORRUPT] {
        assert!(told(damage).contains("is damaged; put it back from a copy"), "{damage}");
    }
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
