//! A store that an older version left is brought to today's form with all that is in it.

use super::{fixtures::*, forms::everything};
use crate::{connection::Purpose, *};
use chart::{Actor, ChartDocument};
use rusqlite::{Connection, params_from_iter, types::Value};
use tempfile::TempDir;

/// Copies a store as the version that knew no form after `form` would have left it: the columns it
/// did not know are not there, nor are marks and words that only came with them.
fn as_left_by(form: u32, today: &TempDir) -> TempDir {
    let older = tempfile::tempdir().unwrap();
    let dir = older.path().join("store");
    copy_dir(&today.path().join("store"), &dir);
    std::fs::remove_file(dir.join(DATABASE_FILE)).unwrap();
    let from = today.path().join("store").join(DATABASE_FILE);
    let from = connection::open(&from, &keys(), Purpose::Read).unwrap();
    let mut to = connection::open(&dir.join(DATABASE_FILE), &keys(), Purpose::Create).unwrap();
    to.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    migrations::steps(&mut to, 0, form).unwrap();
    for table in tables(&to) {
        copy(&from, &to, &table);
    }
    to.execute_batch(
        "DELETE FROM entry_mark WHERE mark > 2;
         INSERT INTO patient_search (rowid, tokens) SELECT chart, 'older' FROM patient;",
    )
    .unwrap();
    if columns(&to, "state").contains(&"projections".to_owned()) {
        to.execute_batch("UPDATE state SET projections = 0").unwrap();
    }
    to.close().unwrap();
    older
}

fn names(db: &Connection, text: &str) -> Vec<String> {
    let mut statement = db.prepare(text).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn tables(db: &Connection) -> Vec<String> {
    let text = "SELECT name FROM pragma_table_list
                WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'";
    names(db, text)
}

fn columns(db: &Connection, table: &str) -> Vec<String> {
    names(db, &format!("SELECT name FROM pragma_table_info('{table}')"))
}

fn copy(from: &Connection, to: &Connection, table: &str) {
    let columns = columns(to, table);
    let marks = vec!["?"; columns.len()].join(", ");
    let list = columns.join(", ");
    let mut read = from.prepare(&format!("SELECT {list} FROM {table}")).unwrap();
    let mut write =
        to.prepare(&format!("INSERT OR REPLACE INTO {table} ({list}) VALUES ({marks})")).unwrap();
    let mut rows = read.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let values = (0..columns.len()).map(|column| row.get::<_, Value>(column).unwrap());
        write.execute(params_from_iter(values)).unwrap();
    }
}

#[test]
fn a_store_of_every_older_form_is_opened_and_made_again() {
    let kept = everything();
    let digest = kept.store.projection_digest().unwrap();
    let chart = kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap().chart;
    assert_eq!((chart.withdrawn.len(), chart.reasons.len(), chart.conflicts.len()), (1, 2, 1));
    let today = kept.close();
    for form in 1..migrations::known() {
        let older = as_left_by(form, &today);
        let dir = older.path().join("store");
        let store = Store::open(&dir, keys()).unwrap();
        // It is read before it is made again where the disk has no room for that.
        let before = store.chart(patient_id(1), Newest::ALL).unwrap().unwrap().chart;
        assert_eq!(before.medications, chart.medications, "form {form}");
        assert_eq!((before.withdrawn.len(), before.reasons.len()), (1, 0), "form {form}");
        assert!(store.wants_rebuild().unwrap(), "form {form}");
        assert_ne!(store.projection_digest().unwrap(), digest, "form {form}");

        let rebuilt = store.rebuild(actor(9), &mut |_| {}).unwrap();
        assert_eq!((rebuilt.documents, rebuilt.unchanged), (4, false), "form {form}");
        assert_eq!(store.projection_digest().unwrap(), digest, "form {form}");
        assert_eq!(store.chart(patient_id(1), Newest::ALL).unwrap().unwrap().chart, chart);
        assert_whole(&store);
        goes_on(&store);
        store.close().unwrap();
        let again = Store::open(&dir, keys()).unwrap();
        assert!(!again.wants_rebuild().unwrap(), "once is enough, form {form}");
        assert_whole(&again);
    }
}

/// The next entry is taken as in any other store.
fn goes_on(store: &Store) {
    let document = store.document(chart_name(1)).unwrap().unwrap();
    let mut chart =
        ChartDocument::load(patient_id(1), document.stored(), Actor::from_random([8; 16])).unwrap();
    let allergy = chart::ChartEdit::RecordAllergy(allergy(1099, "Latex"));
    edit(store, &mut chart, 1, allergy);
    assert_eq!(store.find_patients("okello", 5).unwrap().len(), 1);
}
