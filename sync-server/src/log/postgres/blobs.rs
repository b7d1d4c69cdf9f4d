//! Which blobs a clinic keeps.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use sync::ids::BlobId;

use super::clinic::Clinic;
use super::{StepError, array, from_sql, to_sql};
use crate::quota::{Quota, Usage};

/// Counts a blob once. The clinic's row is locked.
pub(super) async fn keep(
    db: &Client,
    clinic: &Clinic,
    (id, bytes): (BlobId, u64),
    default: Quota,
) -> Result<(), StepError> {
    let of = clinic.id.as_bytes().as_slice();
    let keep = db
        .prepare_cached(
            "INSERT INTO blob (clinic, id, bytes) VALUES ($1, $2, $3)
             ON CONFLICT (clinic, id) DO NOTHING",
        )
        .await?;
    let id = id.as_bytes().as_slice();
    if db.execute(&keep, &[&of, &id, &to_sql(bytes)?]).await? == 0 {
        return Ok(());
    }
    let sum = clinic.bytes.saturating_add(bytes);
    if !Quota::of(clinic.quota, default).allows(Usage { bytes: sum, envelopes: 0 }) {
        return Err(StepError::OverQuota);
    }
    let count = db.prepare_cached("UPDATE clinic SET bytes = $2 WHERE clinic = $1").await?;
    db.execute(&count, &[&of, &to_sql(sum)?]).await?;
    Ok(())
}

/// How many bytes each of some blobs has, of those that are kept, in the order asked.
pub(super) async fn find(
    db: &Client,
    clinic: &Clinic,
    ids: &[BlobId],
) -> Result<Vec<(BlobId, u64)>, StepError> {
    let find =
        db.prepare_cached("SELECT id, bytes FROM blob WHERE clinic = $1 AND id = ANY($2)").await?;
    let asked: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes().as_slice()).collect();
    let mut kept = BTreeMap::new();
    for row in db.query(&find, &[&clinic.id.as_bytes().as_slice(), &asked]).await? {
        kept.insert(BlobId(array(row.try_get(0)?)?), from_sql(row.try_get(1)?)?);
    }
    Ok(ids.iter().filter_map(|id| Some((*id, *kept.get(id)?))).collect())
}
