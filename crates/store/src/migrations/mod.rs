//! The numbered steps from an empty file to today's form.
//!
//! A step only adds, is embedded as SQL text, imports no living types, and runs in one
//! transaction with its number. The number of the form is the database's `user_version`.

use crate::error::{Result, StoreError};
use rusqlite::Connection;

/// `FCHT`: marks the file as ours.
const APPLICATION_ID: i32 = 0x4643_4854;

struct Migration {
    number: u32,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: include_str!("0001_first.sql") },
    Migration { number: 2, sql: include_str!("0002_reason.sql") },
    Migration { number: 3, sql: include_str!("0003_projections.sql") },
    Migration { number: 4, sql: include_str!("0004_corrections.sql") },
    Migration { number: 5, sql: include_str!("0005_tasks.sql") },
    Migration { number: 6, sql: include_str!("0006_weights.sql") },
    Migration { number: 7, sql: include_str!("0007_today.sql") },
    Migration { number: 8, sql: include_str!("0008_paper.sql") },
    Migration { number: 9, sql: include_str!("0009_forms.sql") },
    Migration { number: 10, sql: include_str!("0010_passing_on.sql") },
    Migration { number: 11, sql: include_str!("0011_serving.sql") },
    Migration { number: 12, sql: include_str!("0012_sealed.sql") },
    Migration { number: 13, sql: include_str!("0013_whereabouts.sql") },
    Migration { number: 14, sql: include_str!("0014_erased.sql") },
    Migration { number: 15, sql: include_str!("0015_documents.sql") },
    Migration { number: 16, sql: include_str!("0016_shared.sql") },
    Migration { number: 17, sql: include_str!("0017_elsewhere.sql") },
    Migration { number: 18, sql: include_str!("0018_partly.sql") },
    Migration { number: 19, sql: include_str!("0019_links.sql") },
    Migration { number: 20, sql: include_str!("0020_server.sql") },
];

/// The number of the form this version writes.
pub(crate) fn known() -> u32 {
    MIGRATIONS.last().map_or(0, |last| last.number)
}

/// Brings the file to today's form; a file of a newer form is left as it is.
pub(crate) fn run(connection: &mut Connection) -> Result<()> {
    let found = number(connection)?;
    if found > known() {
        return Err(StoreError::NewerSchema { found, known: known() });
    }
    steps(connection, found, known())
}

/// Takes the steps after one form up to another.
pub(crate) fn steps(connection: &mut Connection, after: u32, last: u32) -> Result<()> {
    let is_asked = |migration: &&Migration| after < migration.number && migration.number <= last;
    for migration in MIGRATIONS.iter().filter(is_asked) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(None, "user_version", migration.number)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
    }
    Ok(())
}

fn number(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> String {
        let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|row| row.unwrap()).collect::<Vec<_>>().join(";\n")
    }

    #[test]
    fn twice_applied_is_once_applied() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        let once = schema(&connection);
        run(&mut connection).unwrap();
        assert_eq!(schema(&connection), once);
        assert_eq!(number(&connection).unwrap(), known());
        insta::assert_snapshot!("schema", once);
    }

    #[test]
    fn numbers_rise_by_one_and_tables_are_strict() {
        let numbers: Vec<u32> = MIGRATIONS.iter().map(|migration| migration.number).collect();
        let want: Vec<u32> = (1..=known()).collect();
        assert_eq!(numbers, want);
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        let sql = "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0
                   AND schema = 'main' AND name NOT LIKE 'sqlite_%'";
        let lax: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(lax, 0);
        let sql = "SELECT count(*) FROM pragma_table_list t, pragma_table_info(t.name) c
                   WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'
                   AND c.\"notnull\" = 0 AND c.pk = 0";
        let nullable: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(nullable, 0);
    }

    #[test]
    fn a_step_that_fails_leaves_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        // One of the step's tables is in the way: the step must not be half done.
        connection.execute_batch("CREATE TABLE named (x INTEGER NOT NULL) STRICT").unwrap();
        assert!(run(&mut connection).is_err());
        assert_eq!(number(&connection).unwrap(), 0);
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |r| r.get(0))
            .unwrap();
        assert_eq!(tables, 1);
    }

    #[test]
    fn a_newer_form_is_left_as_it_is() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", known() + 1).unwrap();
        let error = run(&mut connection).unwrap_err();
        assert!(matches!(error, StoreError::NewerSchema { found, known: k } if found == k + 1));
        assert_eq!(schema(&connection), "");
    }
}
