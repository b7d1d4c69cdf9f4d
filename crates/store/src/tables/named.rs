//! Small named values: sealed keys, membership entries, settings of this computer.

use crate::{
    erase::is_key_of_erased,
    error::Result,
    sql::{all, one, run},
    transaction::Tx,
};
use rusqlite::Connection;

/// One named value. Names are paths such as `device/keys` or `membership/00000007`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRow {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Keeps a value in the place of the one of its name. The same again is nothing to write.
pub(crate) fn put(tx: &mut Tx<'_>, row: &NamedRow) -> Result<()> {
    match find(tx.db, &row.name)? {
        Some(before) if before == row.bytes => return Ok(()),
        Some(before) => take(tx, &row.name, &before)?,
        None => {}
    }
    // By whatever way it comes: what opens an erased chart is kept no more.
    if is_key_of_erased(tx.db, &row.name)? {
        return Ok(());
    }
    tx.mark.tally.add(&[b"named", row.name.as_bytes(), &row.bytes]);
    let text = "INSERT INTO named (name, bytes) VALUES (?1, ?2)";
    run(tx.db, text, (&row.name, &row.bytes))?;
    Ok(())
}

pub(crate) fn remove(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    find(tx.db, name)?.map_or(Ok(()), |bytes| take(tx, name, &bytes))
}

fn take(tx: &mut Tx<'_>, name: &str, bytes: &[u8]) -> Result<()> {
    run(tx.db, "DELETE FROM named WHERE name = ?1", [name])?;
    tx.mark.tally.subtract(&[b"named", name.as_bytes(), bytes]);
    Ok(())
}

pub(crate) fn find(db: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    one(db, "SELECT bytes FROM named WHERE name = ?1", [name], |row| row.get(0))
}

/// The values whose names begin with a prefix, by name. Both ends are told: there is a name for each
/// key of each document, and every one after the prefix would be looked at.
const WITH_PREFIX: &str =
    "SELECT name, bytes FROM named WHERE name >= ?1 AND name < ?1 || char(0x10ffff) ORDER BY name";

/// The values whose names begin with `prefix`, by name.
pub(crate) fn with_prefix(db: &Connection, prefix: &str) -> Result<Vec<NamedRow>> {
    all(db, WITH_PREFIX, [prefix], |row| Ok(NamedRow { name: row.get(0)?, bytes: row.get(1)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands after the prefix is as much as the clinic has documents.
    #[test]
    fn names_after_the_prefix_are_not_looked_at() {
        let mut db = Connection::open_in_memory().unwrap();
        crate::migrations::run(&mut db).unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {WITH_PREFIX}");
        let plan: String = db.query_row(&plan, ["sync/key/"], |row| row.get(3)).unwrap();
        assert_eq!(plan, "SEARCH named USING PRIMARY KEY (name>? AND name<?)");
    }
}
