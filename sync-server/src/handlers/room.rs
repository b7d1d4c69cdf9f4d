//! Rooms in which two computers meet.

use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use sync::limits::ROOM_LIFE_S_MAX;
use sync::wire::{RefusalCode, RoomGet, RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored};

use crate::accept::Peer;
use crate::asked::Asked;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::log::Room;
use crate::refuse::{Refuse, Reply};
use crate::state::Shared;

pub(crate) async fn open(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<RoomOpen>,
) -> Result<Reply<RoomOpened>, Refuse> {
    let opened = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        if frame.clinic != caller.clinic {
            return Err(RefusalCode::UnknownDevice);
        }
        let now_ms = now_ms();
        let life_ms = i64::from(frame.life_s.min(ROOM_LIFE_S_MAX)).saturating_mul(1000);
        let room = Room {
            id: frame.room,
            clinic: frame.clinic,
            ends_at_ms: now_ms.saturating_add(life_ms),
        };
        let verdict = app.clinics.shelf().open_room(&room, now_ms).map_err(refusal)?;
        Ok(RoomOpened { verdict })
    });
    Ok(Reply(opened.await?))
}

/// Open to anyone who knows the room.
pub(crate) async fn put(
    State(app): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    Asked(request): Asked<RoomPut>,
) -> Result<Reply<RoomStored>, Refuse> {
    app.rates.room.take(peer, Instant::now()).map_err(Refuse::wait)?;
    let stored = app.work(move |app| {
        let stored = app.clinics.shelf().put_in_room(&request, now_ms()).map_err(refusal)?;
        stored.ok_or(RefusalCode::NotFound)
    });
    Ok(Reply(stored.await?))
}

/// Open to anyone who knows the room.
pub(crate) async fn get(
    State(app): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    Asked(request): Asked<RoomGet>,
) -> Result<Reply<RoomMessages>, Refuse> {
    app.rates.room.take(peer, Instant::now()).map_err(Refuse::wait)?;
    let messages = app.work(move |app| {
        let messages = app.clinics.shelf().room(request.room, now_ms()).map_err(refusal)?;
        messages.map(|messages| RoomMessages { messages }).ok_or(RefusalCode::NotFound)
    });
    Ok(Reply(messages.await?))
}
