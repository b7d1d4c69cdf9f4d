//! A challenge for anyone, a token for who signed it.

use axum::extract::State;
use sync::ids::Token;
use sync::wire::{Challenge, ChallengeRequest, RefusalCode, TokenGrant, TokenRequest};

use crate::asked::Asked;
use crate::auth::name_of;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::random;
use crate::refuse::{Refuse, Reply};
use crate::state::Shared;

pub(crate) async fn challenge(
    State(app): State<Shared>,
    Asked(request): Asked<ChallengeRequest>,
) -> Result<Reply<Challenge>, Refuse> {
    Ok(Reply(app.auth.challenge(request, random::bytes()?, now_ms())))
}

pub(crate) async fn token(
    State(app): State<Shared>,
    Asked(request): Asked<TokenRequest>,
) -> Result<Reply<TokenGrant>, Refuse> {
    let grant = app.work(move |app| {
        let now_ms = now_ms();
        let key = app.clinics.key_of(request.clinic, request.principal, now_ms)?;
        let token = Token(random::bytes()?);
        let name = name_of(&token);
        app.auth.grant(&request, &key, token, now_ms, |caller, spent| {
            let kept = app.clinics.shelf().keep_token(name, caller, spent, now_ms);
            if kept.map_err(refusal)? { Ok(()) } else { Err(RefusalCode::NotAuthenticated) }
        })
    });
    Ok(Reply(grant.await?))
}
