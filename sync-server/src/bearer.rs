//! The caller of a request, by its token.

use std::time::Instant;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sync::ids::Token;
use sync::wire::{Frame, Principal, RefusalCode};

use crate::accept::Peer;
use crate::asked::Asked;
use crate::auth::{Caller, name_of};
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::refuse::Refuse;
use crate::state::Shared;

/// A caller and the frame it sent.
pub(crate) struct Signed<T> {
    pub(crate) caller: Caller,
    pub(crate) frame: T,
}

/// A frame, and its caller where a token came with it that still holds.
pub(crate) struct MaybeSigned<T> {
    pub(crate) caller: Option<Caller>,
    pub(crate) frame: T,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refuse;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refuse> {
        caller(parts, app).await
    }
}

impl<T: Frame> FromRequest<Shared> for Signed<T> {
    type Rejection = Refuse;

    /// Reads the body in any case: who is still sending would not hear a refusal.
    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refuse> {
        let (parts, body) = request.into_parts();
        let caller = caller(&parts, app).await;
        let frame = Asked::from_request(Request::from_parts(parts, body), app).await;
        Ok(Self { caller: caller?, frame: frame?.0 })
    }
}

impl<T: Frame> FromRequest<Shared> for MaybeSigned<T> {
    type Rejection = Refuse;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refuse> {
        let (parts, body) = request.into_parts();
        let caller = known_caller(&parts, app).await;
        let Asked(frame) = Asked::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { caller: caller?, frame })
    }
}

async fn caller(parts: &Parts, app: &Shared) -> Result<Caller, Refuse> {
    let token = token(parts).ok_or(RefusalCode::NotAuthenticated)?;
    let caller = match app.auth.caller(&token, now_ms()) {
        Some(caller) => caller,
        None => granted_elsewhere(token, parts.extensions.get().copied(), app).await?,
    };
    let key = match caller.principal {
        Principal::Device(device) => device.0.to_vec(),
        Principal::Invite(key) => key.0.to_vec(),
    };
    app.rates.caller.take(key, Instant::now()).map_err(Refuse::wait)?;
    Ok(caller)
}

/// The caller, or nobody where there is no token that holds; what could not be asked is no answer.
async fn known_caller(parts: &Parts, app: &Shared) -> Result<Option<Caller>, Refuse> {
    match caller(parts, app).await {
        Ok(caller) => Ok(Some(caller)),
        Err(Refuse(refusal)) if refusal.code == RefusalCode::NotAuthenticated => Ok(None),
        Err(refused) => Err(refused),
    }
}

/// The caller of a token that another server of the same shelf granted.
async fn granted_elsewhere(
    token: Token,
    peer: Option<Peer>,
    app: &Shared,
) -> Result<Caller, Refuse> {
    if !app.clinics.shelf().is_shared() {
        return Err(RefusalCode::NotAuthenticated.into());
    }
    // A token that nobody granted costs a question to the database.
    if let Some(Peer(peer)) = peer {
        app.rates.stranger.take(peer, Instant::now()).map_err(Refuse::wait)?;
    }
    app.work(move |app| {
        let kept = app.clinics.shelf().token(name_of(&token)).map_err(refusal)?;
        let now_ms = now_ms();
        let holds = |caller: &Caller| now_ms < caller.expires_at_ms;
        let caller = kept.filter(holds).ok_or(RefusalCode::NotAuthenticated)?;
        app.auth.remember(&token, caller, now_ms)?;
        Ok(caller)
    })
    .await
}

fn token(parts: &Parts) -> Option<Token> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    hexadecimal(header.strip_prefix("Bearer ")?.as_bytes()).map(Token)
}

/// Reads 64 hexadecimal digits, small ones.
pub(crate) fn hexadecimal(digits: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().try_fold(0, |sum, digit| Some(sum * 16 + nibble(*digit)?))?;
    }
    Some(bytes)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
