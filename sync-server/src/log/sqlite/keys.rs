//! Wrapped keys of documents, by the place at which they came.

use rusqlite::{Connection, params};
use sync::ids::{DeviceId, DocTag};
use sync::log::HeldKeys;
use sync::wire::{KeysPage, KeysPlaced, WrappedKey};

use super::{Clinic, StepError, from_sql, to_sql};
use crate::log::KeptKey as _;
use crate::quota::Usage;

pub(super) fn put(
    db: &Connection,
    clinic: &Clinic,
    by: DeviceId,
    keys: &[WrappedKey],
) -> Result<KeysPlaced, StepError> {
    let (mut head, mut bytes) = (clinic.keys_head, clinic.bytes);
    let mut known = HeldKeys::before(by, keys);
    for doc_tag in known.documents() {
        each_held(db, clinic.number, doc_tag, |wrapped, brought_by| {
            known.hold(&WrappedKey { doc_tag, wrapped }, brought_by);
        })?;
    }
    for key in keys {
        if !is_erased(db, clinic.number, key.doc_tag)? && known.takes(key) {
            head = head.saturating_add(1);
            insert(db, clinic.number, head, (by, key))?;
            bytes = bytes.saturating_add(key.kept_bytes());
        }
    }
    if head != clinic.keys_head {
        if !clinic.quota.allows(Usage { bytes, envelopes: 0 }) {
            return Err(StepError::OverQuota);
        }
        let sql = "UPDATE clinic SET keys_head = ?2, bytes = ?3 WHERE clinic_no = ?1";
        db.prepare_cached(sql)?.execute(params![clinic.number, to_sql(head)?, to_sql(bytes)?])?;
    }
    Ok(KeysPlaced { before: clinic.keys_head, after: head })
}

pub(super) fn page(
    db: &Connection,
    clinic: &Clinic,
    after: u64,
    max: usize,
) -> Result<KeysPage, StepError> {
    let head = clinic.keys_head;
    let after = after.min(head);
    let mut page = KeysPage { keys: Vec::new(), end: after, head };
    let mut find = db.prepare_cached(
        "SELECT place, doc_tag, wrapped FROM wrapped_key
         WHERE clinic_no = ?1 AND place > ?2 ORDER BY place LIMIT ?3",
    )?;
    let limit = i64::try_from(max).unwrap_or(i64::MAX);
    let mut rows = find.query(params![clinic.number, to_sql(after)?, limit])?;
    while let Some(row) = rows.next()? {
        page.end = from_sql(row.get(0)?)?;
        page.keys.push(WrappedKey { doc_tag: DocTag(row.get(1)?), wrapped: row.get(2)? });
    }
    if page.keys.len() < max {
        // Nothing is left but places whose keys were erased.
        page.end = head;
    }
    Ok(page)
}

/// Takes every key of some documents away and notes them as erased. What is freed in the file is
/// overwritten: the rest of the page would else keep it for anyone who reads the file.
pub(super) fn erase(db: &Connection, clinic: &Clinic, tags: &[DocTag]) -> Result<u64, StepError> {
    db.execute_batch("PRAGMA secure_delete = ON")?;
    let (mut gone, mut bytes) = (0_u64, clinic.bytes);
    for tag in tags {
        each_held(db, clinic.number, *tag, |wrapped, _| {
            gone = gone.saturating_add(1);
            bytes = bytes.saturating_sub(WrappedKey { doc_tag: *tag, wrapped }.kept_bytes());
        })?;
        for sql in [
            "DELETE FROM wrapped_key WHERE clinic_no = ?1 AND doc_tag = ?2",
            "INSERT OR IGNORE INTO erased (clinic_no, doc_tag) VALUES (?1, ?2)",
        ] {
            db.prepare_cached(sql)?.execute(params![clinic.number, tag.as_bytes()])?;
        }
    }
    let sql = "UPDATE clinic SET bytes = ?2 WHERE clinic_no = ?1";
    db.prepare_cached(sql)?.execute(params![clinic.number, to_sql(bytes)?])?;
    db.execute_batch("PRAGMA secure_delete = OFF")?;
    Ok(gone)
}

fn is_erased(db: &Connection, clinic: i64, doc_tag: DocTag) -> Result<bool, StepError> {
    let mut find =
        db.prepare_cached("SELECT 1 FROM erased WHERE clinic_no = ?1 AND doc_tag = ?2")?;
    Ok(find.exists(params![clinic, doc_tag.as_bytes()])?)
}

/// Reads the keys of a document one after the other: it may have many, of many epochs.
fn each_held(
    db: &Connection,
    clinic: i64,
    doc_tag: DocTag,
    mut see: impl FnMut(Vec<u8>, DeviceId),
) -> Result<(), StepError> {
    // Left to itself SQLite reads all keys of the clinic: both ways start with its number.
    let mut find = db.prepare_cached(
        "SELECT wrapped, device FROM wrapped_key INDEXED BY wrapped_key_by_document
         WHERE clinic_no = ?1 AND doc_tag = ?2",
    )?;
    let mut rows = find.query(params![clinic, doc_tag.as_bytes()])?;
    while let Some(row) = rows.next()? {
        see(row.get(0)?, DeviceId(row.get(1)?));
    }
    Ok(())
}

fn insert(
    db: &Connection,
    clinic: i64,
    place: u64,
    (by, key): (DeviceId, &WrappedKey),
) -> Result<(), StepError> {
    let mut insert = db.prepare_cached(
        "INSERT INTO wrapped_key (clinic_no, place, doc_tag, wrapped, device)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        clinic,
        to_sql(place)?,
        key.doc_tag.as_bytes(),
        key.wrapped,
        by.as_bytes()
    ])?;
    Ok(())
}
