//! Wrapped keys of documents, by the place at which they came.

use std::collections::BTreeSet;

use deadpool_postgres::Client;
use futures_util::future::try_join;
use sync::ids::{DeviceId, DocTag};
use sync::log::HeldKeys;
use sync::wire::{KeysPage, KeysPlaced, WrappedKey};

use super::clinic::Clinic;
use super::{StepError, array, from_sql, to_sql};
use crate::log::KeptKey as _;
use crate::quota::{Quota, Usage};

/// The clinic's row is locked.
pub(super) async fn put(
    db: &Client,
    clinic: &Clinic,
    (by, keys): (DeviceId, &[WrappedKey]),
    default: Quota,
) -> Result<KeysPlaced, StepError> {
    let mut held = held(db, clinic, by, keys).await?;
    let erased = erased(db, clinic, keys).await?;
    let (mut head, mut bytes) = (clinic.keys_head, clinic.bytes);
    let (mut places, mut tags, mut wrapped) = (Vec::new(), Vec::new(), Vec::new());
    for key in keys {
        if erased.contains(&key.doc_tag) {
            continue;
        }
        if held.takes(key) {
            head = head.saturating_add(1);
            bytes = bytes.saturating_add(key.kept_bytes());
            places.push(to_sql(head)?);
            tags.push(key.doc_tag.as_bytes().as_slice());
            wrapped.push(key.wrapped.as_slice());
        }
    }
    if places.is_empty() {
        return Ok(placed(clinic, head));
    }
    if !Quota::of(clinic.quota, default).allows(Usage { bytes, envelopes: 0 }) {
        return Err(StepError::OverQuota);
    }
    let id = clinic.id.as_bytes().as_slice();
    let insert = db
        .prepare_cached(
            "INSERT INTO wrapped_key (clinic, device, place, doc_tag, wrapped)
             SELECT $1, $2, * FROM unnest($3::bigint[], $4::bytea[], $5::bytea[])",
        )
        .await?;
    let brought_by = by.as_bytes().as_slice();
    db.execute(&insert, &[&id, &brought_by, &places, &tags, &wrapped]).await?;
    let update =
        db.prepare_cached("UPDATE clinic SET keys_head = $2, bytes = $3 WHERE clinic = $1").await?;
    db.execute(&update, &[&id, &to_sql(head)?, &to_sql(bytes)?]).await?;
    Ok(placed(clinic, head))
}

/// The places up to the last one now.
pub(super) const fn placed(clinic: &Clinic, head: u64) -> KeysPlaced {
    KeysPlaced { before: clinic.keys_head, after: head }
}

pub(super) async fn page(
    db: &Client,
    clinic: &Clinic,
    after: u64,
    max: usize,
) -> Result<KeysPage, StepError> {
    let head = clinic.keys_head;
    let after = after.min(head);
    let mut page = KeysPage { keys: Vec::new(), end: after, head };
    if max == 0 || after == head {
        return Ok(page);
    }
    let find = db
        .prepare_cached(
            "SELECT place, doc_tag, wrapped FROM wrapped_key
             WHERE clinic = $1 AND place > $2 ORDER BY place LIMIT $3",
        )
        .await?;
    let limit = i64::try_from(max).unwrap_or(i64::MAX);
    let id = clinic.id.as_bytes().as_slice();
    for row in db.query(&find, &[&id, &to_sql(after)?, &limit]).await? {
        page.end = from_sql(row.try_get(0)?)?;
        let doc_tag = DocTag(array(row.try_get(1)?)?);
        page.keys.push(WrappedKey { doc_tag, wrapped: row.try_get(2)? });
    }
    if page.keys.len() < max {
        // Nothing is left but places whose keys were erased.
        page.end = head;
    }
    Ok(page)
}

/// Takes every key of some documents away and notes them as erased. The clinic's row is locked.
pub(super) async fn erase(db: &Client, clinic: &Clinic, tags: &[DocTag]) -> Result<u64, StepError> {
    let id = clinic.id.as_bytes().as_slice();
    let tags: Vec<&[u8]> = tags.iter().map(|tag| tag.as_bytes().as_slice()).collect();
    let delete = db
        .prepare_cached(
            "DELETE FROM wrapped_key WHERE clinic = $1 AND doc_tag = ANY($2)
             RETURNING doc_tag, wrapped",
        )
        .await?;
    let (mut gone, mut bytes) = (0_u64, clinic.bytes);
    for row in db.query(&delete, &[&id, &tags]).await? {
        let key = WrappedKey { doc_tag: DocTag(array(row.try_get(0)?)?), wrapped: row.try_get(1)? };
        gone = gone.saturating_add(1);
        bytes = bytes.saturating_sub(key.kept_bytes());
    }
    let note = db
        .prepare_cached(
            "INSERT INTO erased (clinic, doc_tag) SELECT $1, * FROM unnest($2::bytea[])
             ON CONFLICT DO NOTHING",
        )
        .await?;
    db.execute(&note, &[&id, &tags]).await?;
    let update = db.prepare_cached("UPDATE clinic SET bytes = $2 WHERE clinic = $1").await?;
    db.execute(&update, &[&id, &to_sql(bytes)?]).await?;
    Ok(gone)
}

async fn erased(
    db: &Client,
    clinic: &Clinic,
    keys: &[WrappedKey],
) -> Result<BTreeSet<DocTag>, StepError> {
    let find = db
        .prepare_cached("SELECT doc_tag FROM erased WHERE clinic = $1 AND doc_tag = ANY($2)")
        .await?;
    let tags: Vec<&[u8]> = keys.iter().map(|key| key.doc_tag.as_bytes().as_slice()).collect();
    let rows = db.query(&find, &[&clinic.id.as_bytes().as_slice(), &tags]).await?;
    rows.iter().map(|row| Ok(DocTag(array(row.try_get(0)?)?))).collect()
}

/// How many keys of each epoch a device has brought of the documents whose keys come, and which of
/// these are there.
async fn held<'k>(
    db: &Client,
    clinic: &Clinic,
    by: DeviceId,
    keys: &'k [WrappedKey],
) -> Result<HeldKeys<'k>, StepError> {
    // As [`WrappedKey::epoch`] reads it.
    let count = db
        .prepare_cached(
            "SELECT doc_tag, epoch, count(*) FROM (
                 SELECT doc_tag, substring(wrapped
                     FROM CASE WHEN substring(wrapped FOR 1) = '\\x02' THEN 6 ELSE 2 END
                     FOR 4) AS epoch
                 FROM wrapped_key WHERE clinic = $1 AND doc_tag = ANY($2) AND device = $3
             ) AS held GROUP BY doc_tag, epoch",
        )
        .await?;
    let find = db
        .prepare_cached(
            "SELECT doc_tag, wrapped FROM wrapped_key
             WHERE clinic = $1 AND doc_tag = ANY($2) AND wrapped = ANY($3)",
        )
        .await?;
    let mut held = HeldKeys::before(by, keys);
    let documents = held.documents();
    let id = clinic.id.as_bytes().as_slice();
    let tags: Vec<&[u8]> = documents.iter().map(|tag| tag.as_bytes().as_slice()).collect();
    let wrapped: Vec<&[u8]> = keys.iter().map(|key| key.wrapped.as_slice()).collect();
    let brought_by = by.as_bytes().as_slice();
    let (counts, known) = try_join(
        db.query(&count, &[&id, &tags, &brought_by]),
        db.query(&find, &[&id, &tags, &wrapped]),
    )
    .await?;
    for row in counts {
        let epoch: &[u8] = row.try_get(1)?;
        let epoch = epoch.try_into().ok().map(u32::from_be_bytes);
        let many = usize::try_from(row.try_get::<_, i64>(2)?).unwrap_or(usize::MAX);
        held.count(DocTag(array(row.try_get(0)?)?), epoch, many);
    }
    for row in known {
        let doc_tag = DocTag(array(row.try_get(0)?)?);
        held.know(&WrappedKey { doc_tag, wrapped: row.try_get(1)? });
    }
    Ok(held)
}
