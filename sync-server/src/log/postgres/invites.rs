//! Blobs that wait for a device with a code.

use deadpool_postgres::Client;
use sync::ids::InviteId;
use sync::wire::InvitePut;

use super::StepError;
use super::clinic::Clinic;
use crate::log::{INVITE_FETCHES_MAX, Put, has_room_beside};

/// The clinic's row is locked: two servers count its invites one after the other.
pub(super) async fn put(
    db: &Client,
    clinic: &Clinic,
    invite: &InvitePut,
    now_ms: i64,
) -> Result<Put, StepError> {
    let (clinic, id) = (clinic.id.as_bytes().as_slice(), invite.id.as_bytes().as_slice());
    let end =
        db.prepare_cached("DELETE FROM invite WHERE clinic = $1 AND expires_at_ms <= $2").await?;
    db.execute(&end, &[&clinic, &now_ms]).await?;
    let count = db
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(blob)), 0) FROM invite
             WHERE clinic = $1 AND id <> $2",
        )
        .await?;
    let row = db.query_one(&count, &[&clinic, &id]).await?;
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let (others, bytes) = (size(row.try_get(0)?), size(row.try_get(1)?));
    if !has_room_beside(others, bytes, invite) {
        return Ok(Put::TooMany);
    }
    let keep = db
        .prepare_cached(
            "INSERT INTO invite (id, clinic, expires_at_ms, fetches_left, blob)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET
                 expires_at_ms = excluded.expires_at_ms,
                 fetches_left = excluded.fetches_left,
                 blob = excluded.blob
             WHERE invite.clinic = excluded.clinic",
        )
        .await?;
    let fetches = i32::try_from(INVITE_FETCHES_MAX).unwrap_or(1);
    let kept =
        db.execute(&keep, &[&id, &clinic, &invite.expires_at_ms, &fetches, &invite.blob]).await?;
    Ok(if kept == 0 { Put::Taken } else { Put::Kept })
}

pub(super) async fn fetch(
    db: &Client,
    id: InviteId,
    now_ms: i64,
) -> Result<Option<Vec<u8>>, StepError> {
    let id = id.as_bytes().as_slice();
    let find = db
        .prepare_cached(
            "SELECT blob, fetches_left FROM invite WHERE id = $1 AND expires_at_ms > $2 FOR UPDATE",
        )
        .await?;
    let Some(row) = db.query_opt(&find, &[&id, &now_ms]).await? else { return Ok(None) };
    let fetches_left: i32 = row.try_get(1)?;
    let count = if fetches_left > 1 {
        "UPDATE invite SET fetches_left = fetches_left - 1 WHERE id = $1"
    } else {
        "DELETE FROM invite WHERE id = $1"
    };
    db.execute(&db.prepare_cached(count).await?, &[&id]).await?;
    Ok(Some(row.try_get(0)?))
}

pub(super) async fn is_there(db: &Client, id: InviteId, now_ms: i64) -> Result<bool, StepError> {
    let find = db
        .prepare_cached("SELECT EXISTS (SELECT FROM invite WHERE id = $1 AND expires_at_ms > $2)")
        .await?;
    Ok(db.query_one(&find, &[&id.as_bytes().as_slice(), &now_ms]).await?.try_get(0)?)
}
