//! Blobs that wait for a device with a code.

use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::InviteId;
use sync::wire::InvitePut;

use super::StepError;
use crate::log::{INVITE_FETCHES_MAX, Put, has_room_beside};

pub(super) fn put(
    db: &Connection,
    clinic: i64,
    invite: &InvitePut,
    now_ms: i64,
) -> Result<Put, StepError> {
    db.execute("DELETE FROM invite WHERE expires_at_ms <= ?1", [now_ms])?;
    let (others, bytes): (i64, i64) = db.query_row(
        "SELECT count(*), coalesce(sum(length(blob)), 0) FROM invite
         WHERE clinic_no = ?1 AND id <> ?2",
        params![clinic, invite.id.as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    if !has_room_beside(size(others), size(bytes), invite) {
        return Ok(Put::TooMany);
    }
    let kept = db.execute(
        "INSERT INTO invite (id, clinic_no, expires_at_ms, fetches_left, blob)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET
             expires_at_ms = excluded.expires_at_ms,
             fetches_left = excluded.fetches_left,
             blob = excluded.blob
         WHERE clinic_no = excluded.clinic_no",
        params![
            invite.id.as_bytes(),
            clinic,
            invite.expires_at_ms,
            INVITE_FETCHES_MAX,
            invite.blob
        ],
    )?;
    Ok(if kept == 0 { Put::Taken } else { Put::Kept })
}

pub(super) fn fetch(
    db: &Connection,
    id: InviteId,
    now_ms: i64,
) -> Result<Option<Vec<u8>>, StepError> {
    let found = db
        .query_row(
            "SELECT blob, fetches_left FROM invite WHERE id = ?1 AND expires_at_ms > ?2",
            params![id.as_bytes(), now_ms],
            |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)),
        )
        .optional()?;
    let Some((blob, fetches_left)) = found else { return Ok(None) };
    let sql = if fetches_left > 1 {
        "UPDATE invite SET fetches_left = fetches_left - 1 WHERE id = ?1"
    } else {
        "DELETE FROM invite WHERE id = ?1"
    };
    db.execute(sql, [id.as_bytes()])?;
    Ok(Some(blob))
}
