//! Rooms in which two computers meet.

use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::RoomId;
use sync::limits::OPEN_ROOMS_MAX;
use sync::wire::{RoomMessage, RoomPut, RoomStored, RoomVerdict};

use super::StepError;
use crate::log::Room;

pub(super) fn open(
    db: &Connection,
    clinic: i64,
    room: &Room,
    now_ms: i64,
) -> Result<RoomVerdict, StepError> {
    db.execute("DELETE FROM room WHERE ends_at_ms <= ?1", [now_ms])?;
    let id = room.id.as_bytes();
    let found = db
        .query_row("SELECT clinic_no, ends_at_ms FROM room WHERE id = ?1", [id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get(1)?))
        })
        .optional()?;
    match found {
        Some((owner, ends_at_ms)) if owner == clinic => {
            return Ok(RoomVerdict::Open { ends_at_ms });
        }
        Some(_) => return Ok(RoomVerdict::Taken),
        None => {}
    }
    let count = "SELECT count(*) FROM room WHERE clinic_no = ?1";
    let others: i64 = db.query_row(count, [clinic], |row| row.get(0))?;
    if usize::try_from(others).unwrap_or(usize::MAX) >= OPEN_ROOMS_MAX {
        return Ok(RoomVerdict::TooMany);
    }
    db.execute(
        "INSERT INTO room (id, clinic_no, ends_at_ms) VALUES (?1, ?2, ?3)",
        params![id, clinic, room.ends_at_ms],
    )?;
    Ok(RoomVerdict::Open { ends_at_ms: room.ends_at_ms })
}

pub(super) fn put(
    db: &Connection,
    put: &RoomPut,
    now_ms: i64,
) -> Result<Option<RoomStored>, StepError> {
    if !is_open(db, put.room, now_ms)? {
        return Ok(None);
    }
    let RoomMessage { place, bytes } = &put.message;
    let kept = db.execute(
        "INSERT INTO room_message (room, place, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (room, place) DO NOTHING",
        params![put.room.as_bytes(), place, bytes],
    )?;
    if kept > 0 {
        return Ok(Some(RoomStored::Kept));
    }
    let same: bool = db.query_row(
        "SELECT bytes = ?3 FROM room_message WHERE room = ?1 AND place = ?2",
        params![put.room.as_bytes(), place, bytes],
        |row| row.get(0),
    )?;
    Ok(Some(if same { RoomStored::Kept } else { RoomStored::Taken }))
}

pub(super) fn messages(
    db: &Connection,
    room: RoomId,
    now_ms: i64,
) -> Result<Option<Vec<RoomMessage>>, StepError> {
    if !is_open(db, room, now_ms)? {
        return Ok(None);
    }
    let mut read =
        db.prepare_cached("SELECT place, bytes FROM room_message WHERE room = ?1 ORDER BY place")?;
    let messages = read.query_map([room.as_bytes()], |row| {
        Ok(RoomMessage { place: row.get(0)?, bytes: row.get(1)? })
    })?;
    Ok(Some(messages.collect::<Result<_, _>>()?))
}

fn is_open(db: &Connection, room: RoomId, now_ms: i64) -> Result<bool, StepError> {
    let find = "SELECT EXISTS (SELECT 1 FROM room WHERE id = ?1 AND ends_at_ms > ?2)";
    Ok(db.query_row(find, params![room.as_bytes(), now_ms], |row| row.get(0))?)
}
