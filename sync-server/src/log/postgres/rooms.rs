//! Rooms in which two computers meet.

use deadpool_postgres::Client;
use sync::ids::RoomId;
use sync::limits::OPEN_ROOMS_MAX;
use sync::wire::{RoomMessage, RoomPut, RoomStored, RoomVerdict};

use super::StepError;
use super::clinic::Clinic;
use crate::log::Room;

/// The clinic's row is locked: two servers count its rooms one after the other.
pub(super) async fn open(
    db: &Client,
    clinic: &Clinic,
    room: &Room,
    now_ms: i64,
) -> Result<RoomVerdict, StepError> {
    let (clinic, id) = (clinic.id.as_bytes().as_slice(), room.id.as_bytes().as_slice());
    clear(db, clinic, now_ms).await?;
    let find = db.prepare_cached("SELECT clinic = $2, ends_at_ms FROM room WHERE id = $1").await?;
    if let Some(row) = db.query_opt(&find, &[&id, &clinic]).await? {
        let (ours, ends_at_ms): (bool, i64) = (row.try_get(0)?, row.try_get(1)?);
        // One of another clinic that has ended is that clinic's to clear away.
        return Ok(if ours { RoomVerdict::Open { ends_at_ms } } else { RoomVerdict::Taken });
    }
    let count = db.prepare_cached("SELECT count(*) FROM room WHERE clinic = $1").await?;
    let others: i64 = db.query_one(&count, &[&clinic]).await?.try_get(0)?;
    if usize::try_from(others).unwrap_or(usize::MAX) >= OPEN_ROOMS_MAX {
        return Ok(RoomVerdict::TooMany);
    }
    let keep = db
        .prepare_cached(
            "INSERT INTO room (id, clinic, ends_at_ms) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO NOTHING",
        )
        .await?;
    let kept = db.execute(&keep, &[&id, &clinic, &room.ends_at_ms]).await?;
    let ends_at_ms = room.ends_at_ms;
    Ok(if kept == 0 { RoomVerdict::Taken } else { RoomVerdict::Open { ends_at_ms } })
}

/// Drops the clinic's rooms that have ended.
async fn clear(db: &Client, clinic: &[u8], now_ms: i64) -> Result<(), StepError> {
    let messages = db
        .prepare_cached(
            "DELETE FROM room_message WHERE clinic = $1
             AND room IN (SELECT id FROM room WHERE clinic = $1 AND ends_at_ms <= $2)",
        )
        .await?;
    db.execute(&messages, &[&clinic, &now_ms]).await?;
    let rooms =
        db.prepare_cached("DELETE FROM room WHERE clinic = $1 AND ends_at_ms <= $2").await?;
    db.execute(&rooms, &[&clinic, &now_ms]).await?;
    Ok(())
}

pub(super) async fn put(
    db: &Client,
    put: &RoomPut,
    now_ms: i64,
) -> Result<Option<RoomStored>, StepError> {
    let room = put.room.as_bytes().as_slice();
    if !is_open(db, room, now_ms).await? {
        return Ok(None);
    }
    let RoomMessage { place, bytes } = &put.message;
    let place = i16::from(*place);
    let keep = db
        .prepare_cached(
            "INSERT INTO room_message (room, place, clinic, bytes)
             SELECT id, $2, clinic, $3 FROM room WHERE id = $1
             ON CONFLICT (room, place) DO NOTHING",
        )
        .await?;
    if db.execute(&keep, &[&room, &place, bytes]).await? > 0 {
        return Ok(Some(RoomStored::Kept));
    }
    let find = db
        .prepare_cached("SELECT bytes = $3 FROM room_message WHERE room = $1 AND place = $2")
        .await?;
    let same: bool = db.query_one(&find, &[&room, &place, bytes]).await?.try_get(0)?;
    Ok(Some(if same { RoomStored::Kept } else { RoomStored::Taken }))
}

pub(super) async fn messages(
    db: &Client,
    room: RoomId,
    now_ms: i64,
) -> Result<Option<Vec<RoomMessage>>, StepError> {
    let room = room.as_bytes().as_slice();
    if !is_open(db, room, now_ms).await? {
        return Ok(None);
    }
    let read = db
        .prepare_cached("SELECT place, bytes FROM room_message WHERE room = $1 ORDER BY place")
        .await?;
    let mut messages = Vec::new();
    for row in db.query(&read, &[&room]).await? {
        let place: i16 = row.try_get(0)?;
        let place = u8::try_from(place).map_err(|_| StepError::Damaged)?;
        messages.push(RoomMessage { place, bytes: row.try_get(1)? });
    }
    Ok(Some(messages))
}

async fn is_open(db: &Client, room: &[u8], now_ms: i64) -> Result<bool, StepError> {
    let find = db
        .prepare_cached("SELECT EXISTS (SELECT FROM room WHERE id = $1 AND ends_at_ms > $2)")
        .await?;
    Ok(db.query_one(&find, &[&room, &now_ms]).await?.try_get(0)?)
}
