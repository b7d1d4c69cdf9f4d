//! Tokens that any of several servers granted, by their digest.

use deadpool_postgres::Client;
use sync::codec::Canonical;
use sync::ids::ClinicId;
use sync::wire::Principal;

use super::{StepError, array};
use crate::auth::{Caller, TOKENS_PER_CALLER_MAX};
use crate::log::Spent;

/// How long after its end a challenge is remembered: the clocks of servers may differ by less.
const SPENT_MS: i64 = 10 * 60 * 1000;

/// Spends a challenge; `false` where it was spent before.
pub(super) async fn spend(
    db: &Client,
    clinic: ClinicId,
    spent: Spent,
    now_ms: i64,
) -> Result<bool, StepError> {
    let clinic = clinic.as_bytes().as_slice();
    let end = db.prepare_cached("DELETE FROM spent WHERE clinic = $1 AND ends_at_ms <= $2").await?;
    db.execute(&end, &[&clinic, &now_ms.saturating_sub(SPENT_MS)]).await?;
    let keep = db
        .prepare_cached(
            "INSERT INTO spent (clinic, nonce, ends_at_ms) VALUES ($1, $2, $3)
             ON CONFLICT (clinic, nonce) DO NOTHING",
        )
        .await?;
    let nonce = spent.nonce.as_bytes().as_slice();
    Ok(db.execute(&keep, &[&clinic, &nonce, &spent.ends_at_ms]).await? == 1)
}

/// Keeps a token; those of the clinic that have ended go, and the caller's oldest beyond a few.
pub(super) async fn keep(
    db: &Client,
    name: [u8; 32],
    caller: &Caller,
    now_ms: i64,
) -> Result<(), StepError> {
    let clinic = caller.clinic.as_bytes().as_slice();
    let end =
        db.prepare_cached("DELETE FROM token WHERE clinic = $1 AND expires_at_ms <= $2").await?;
    db.execute(&end, &[&clinic, &now_ms]).await?;
    let keep = db
        .prepare_cached(
            "INSERT INTO token (name, clinic, principal, expires_at_ms) VALUES ($1, $2, $3, $4)",
        )
        .await?;
    let principal = caller.principal.to_bytes();
    db.execute(&keep, &[&name.as_slice(), &clinic, &principal, &caller.expires_at_ms]).await?;
    let few = db
        .prepare_cached(
            "DELETE FROM token WHERE clinic = $1 AND name IN (
                 SELECT name FROM token WHERE clinic = $1 AND principal = $2
                 ORDER BY expires_at_ms DESC, name OFFSET $3)",
        )
        .await?;
    let max = i64::try_from(TOKENS_PER_CALLER_MAX).unwrap_or(i64::MAX);
    db.execute(&few, &[&clinic, &principal, &max]).await?;
    Ok(())
}

pub(super) async fn find(db: &Client, name: [u8; 32]) -> Result<Option<Caller>, StepError> {
    let find = db
        .prepare_cached("SELECT clinic, principal, expires_at_ms FROM token WHERE name = $1")
        .await?;
    let Some(row) = db.query_opt(&find, &[&name.as_slice()]).await? else { return Ok(None) };
    Ok(Some(Caller {
        clinic: ClinicId(array(row.try_get(0)?)?),
        principal: Principal::from_bytes(row.try_get(1)?)?,
        expires_at_ms: row.try_get(2)?,
    }))
}
