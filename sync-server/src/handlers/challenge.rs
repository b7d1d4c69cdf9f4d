//! A challenge for anyone, a token for who signed it.

use axum::extract::State;
use sync::ids::Token;
use sync::wire::{Challenge, ChallengeRequest, TokenGrant, TokenRequest};

use crate::asked::Asked;
use crate::auth::{Caller, name_of};
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
        let grant = app.auth.grant(&request, &key, Token(random::bytes()?), now_ms)?;
        let TokenRequest { clinic, principal, .. } = request;
        let caller = Caller { clinic, principal, expires_at_ms: grant.expires_at_ms };
        let name = name_of(&grant.token);
        app.clinics.shelf().keep_token(name, &caller, now_ms).map_err(refusal)?;
        Ok(grant)
    });
    Ok(Reply(grant.await?))
}
