//! Is the store whole? Pages, structure, audit chain, record, anchor, and the projections.

use crate::{
    anchor::Mark,
    audit,
    error::Result,
    rebuild,
    sql::{all, one},
    store::Store,
    tables::{document, erased, sheet, state},
    tally::Tally,
};
use chart::Actor;
use rusqlite::{Connection, Row};

/// Findings of one kind that are kept: the first tell enough.
const FINDINGS_MAX: usize = 100;

/// What a check found. All empty and true is a whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Pages whose seal does not hold.
    pub damaged_pages: Vec<String>,
    /// What is wrong with the structure of the database.
    pub broken_structure: Vec<String>,
    /// The first audit row that was altered, removed or put in.
    pub audit_broken_at: Option<u64>,
    /// Documents and changes are all there, and no others.
    pub record_whole: bool,
    /// The anchor agrees with the database.
    pub anchor_agrees: bool,
    /// Rows that belong to nothing.
    pub stray_rows: u64,
    /// The projections are what the record makes of itself; `None` when that was not asked.
    pub projections_true: Option<bool>,
    /// Commits so far.
    pub commits: u64,
    /// Audit rows.
    pub audit_rows: u64,
}

impl CheckReport {
    /// Whether nothing was found.
    pub fn is_whole(&self) -> bool {
        self.damaged_pages.is_empty()
            && self.broken_structure.is_empty()
            && self.audit_broken_at.is_none()
            && self.record_whole
            && self.anchor_agrees
            && self.stray_rows == 0
            && self.projections_true != Some(false)
    }
}

impl Store {
    /// Checks the whole store. With an `actor` indexes are compared with their tables, every
    /// document is opened and the projections are compared with what they should be, which takes
    /// minutes on a large store and writes nothing.
    ///
    /// # Errors
    /// [`crate::StoreError`] when the check itself cannot go on, as over a damaged page.
    pub fn check(&self, actor: Option<Actor>) -> Result<CheckReport> {
        // What is in the log has no seal that is checked: first it goes back into the file.
        self.rest()?;
        let (anchored, anchor_lags) = self.anchored()?;
        let mut report = self.read(|r| check_database(&r.db, actor.is_some()))?;
        report.anchor_agrees = self.read(|r| {
            let mark = state::read(&r.db)?;
            Ok(anchored.is_some_and(|anchored| agrees(&anchored, &mark, anchor_lags)))
        })?;
        if let Some(actor) = actor {
            let rebuilt = self.try_out(|tx| rebuild::rebuild(tx, actor, &mut |_| {}))?;
            report.projections_true = Some(rebuilt.unchanged);
        }
        Ok(report)
    }

    /// Walks the audit chain: the first row that was altered, removed or put in, if any.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn verify_audit(&self) -> Result<Option<u64>> {
        self.read(|r| {
            let mark = state::read(&r.db)?;
            audit::verify(&r.db, mark.audit_seq, &mark.audit_head)
        })
    }
}

fn agrees(anchored: &Mark, mark: &Mark, lags: bool) -> bool {
    anchored == mark || (lags && anchored.sequence < mark.sequence)
}

fn check_database(db: &Connection, deep: bool) -> Result<CheckReport> {
    let mark = state::read(db)?;
    Ok(CheckReport {
        damaged_pages: texts(db, "PRAGMA cipher_integrity_check")?,
        broken_structure: structure(db, deep)?,
        audit_broken_at: audit::verify(db, mark.audit_seq, &mark.audit_head)?,
        record_whole: tally(db)? == mark.tally,
        anchor_agrees: false,
        stray_rows: stray_rows(db)?,
        projections_true: None,
        commits: mark.sequence,
        audit_rows: mark.audit_seq,
    })
}

fn structure(db: &Connection, deep: bool) -> Result<Vec<String>> {
    // A connection keeps the structure of the index of words as it last saw it. A search looks
    // whether that is today's; the check alone does not, and would find what was written since broken.
    one(db, "SELECT rowid FROM patient_search WHERE patient_search MATCH 'a' LIMIT 1", [], |_| {
        Ok(())
    })?;
    let text = if deep { "PRAGMA integrity_check" } else { "PRAGMA quick_check" };
    let mut found = texts(db, text)?;
    found.retain(|line| line != "ok");
    Ok(found)
}

/// The first lines of a pragma's answer; all rows are read.
fn texts(db: &Connection, text: &str) -> Result<Vec<String>> {
    let mut lines: Vec<String> = all(db, text, [], |row| row.get(0))?;
    lines.truncate(FINDINGS_MAX);
    Ok(lines)
}

/// What the tally counts of a row, as the table's own file does.
struct Counted {
    kind: &'static [u8],
    name: Vec<u8>,
    rest: Option<Vec<u8>>,
}

type Read<'a> = &'a dyn Fn(&Row<'_>) -> rusqlite::Result<Counted>;

/// Counts the record anew.
fn tally(db: &Connection) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut add = |text: &str, read: Read<'_>| -> Result<()> {
        let mut statement = db.prepare(text)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Counted { kind, name, rest } = read(row)?;
            match &rest {
                None => tally.add(&[kind, &name]),
                Some(rest) => tally.add(&[kind, &name, rest]),
            }
        }
        Ok(())
    };
    let ord = |row: &Row<'_>| row.get::<_, i64>(0).map(|ord| ord.to_be_bytes().to_vec());
    add("SELECT document, digest FROM snapshot", &|row| {
        Ok(Counted { kind: b"snapshot", name: ord(row)?, rest: Some(row.get(1)?) })
    })?;
    add("SELECT document, hash FROM change", &|row| {
        Ok(Counted { kind: b"change", name: ord(row)?, rest: Some(row.get(1)?) })
    })?;
    add("SELECT change FROM outbox", &|row| {
        Ok(Counted { kind: b"outbox", name: ord(row)?, rest: None })
    })?;
    add("SELECT id FROM envelope", &|row| {
        Ok(Counted { kind: b"envelope", name: row.get(0)?, rest: None })
    })?;
    add("SELECT name, bytes FROM named", &|row| {
        let name: String = row.get(0)?;
        Ok(Counted { kind: b"named", name: name.into_bytes(), rest: Some(row.get(1)?) })
    })?;
    add("SELECT digest FROM blob", &|row| {
        Ok(Counted { kind: b"blob", name: row.get(0)?, rest: None })
    })?;
    erased::count_all(db, &mut tally)?;
    sheet::count_all(db, &mut tally)?;
    document::count_all(db, &mut tally)?;
    Ok(tally)
}

fn stray_rows(db: &Connection) -> Result<u64> {
    let text = "SELECT (SELECT count(*) FROM patient WHERE chart NOT IN (SELECT ord FROM document))
                     + (SELECT count(*) FROM outbox WHERE change NOT IN (SELECT ord FROM change))
                     + (SELECT count(*) FROM draft WHERE document NOT IN (SELECT ord FROM document))";
    crate::sql::count(db, text, [])
}
