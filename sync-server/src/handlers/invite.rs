//! Sealed blobs that wait for a device with a code.

use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use sync::limits::INVITE_LIFE_MS_MAX;
use sync::wire::{InviteBlob, InviteGet, InvitePut, InviteStored, RefusalCode};

use crate::accept::Peer;
use crate::asked::Asked;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::log::Put;
use crate::refuse::{Refuse, Reply};
use crate::state::Shared;

pub(crate) async fn put(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<InvitePut>,
) -> Result<Reply<InviteStored>, Refuse> {
    let stored = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        if frame.clinic != caller.clinic {
            return Err(RefusalCode::UnknownDevice);
        }
        let now_ms = now_ms();
        let last_ms = now_ms.saturating_add(INVITE_LIFE_MS_MAX);
        let invite = InvitePut { expires_at_ms: frame.expires_at_ms.min(last_ms), ..frame };
        match app.clinics.shelf().put_invite(&invite, now_ms).map_err(refusal)? {
            Put::Kept => Ok(InviteStored),
            Put::TooMany => Err(RefusalCode::TooManyInvites),
            // Nobody meets another's place by chance.
            Put::Taken => Err(RefusalCode::Malformed),
        }
    });
    Ok(Reply(stored.await?))
}

/// Open to anyone who knows the id, hence slow for an address that guesses.
pub(crate) async fn get(
    State(app): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    Asked(request): Asked<InviteGet>,
) -> Result<Reply<InviteBlob>, Refuse> {
    app.rates.invite.take(peer, Instant::now()).map_err(Refuse::wait)?;
    let blob = app.work(move |app| {
        let blob = app.clinics.shelf().fetch_invite(request.id, now_ms()).map_err(refusal)?;
        blob.map(|blob| InviteBlob { blob }).ok_or(RefusalCode::NotFound)
    });
    Ok(Reply(blob.await?))
}
