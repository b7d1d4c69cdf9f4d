//! The floor of a log, and the bytes of what stands below it.

use deadpool_postgres::Client;
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::ids::EnvelopeId;

use super::clinic::Clinic;
use super::{StepError, from_sql, to_sql};

/// Places whose bytes are moved in one transaction: others write in between.
const MOVED_AT_A_TIME: i64 = 512;

pub(super) async fn find(
    db: &Client,
    clinic: &Clinic,
    id: EnvelopeId,
) -> Result<Option<(u64, Envelope)>, StepError> {
    let find = db
        .prepare_cached(
            "SELECT envelope.seq, coalesce(cold_envelope.bytes, envelope.bytes)
             FROM envelope LEFT JOIN cold_envelope USING (clinic, seq)
             WHERE envelope.clinic = $1 AND id = $2",
        )
        .await?;
    let asked = (clinic.id.as_bytes().as_slice(), id.as_bytes().as_slice());
    let Some(row) = db.query_opt(&find, &[&asked.0, &asked.1]).await? else { return Ok(None) };
    Ok(Some((from_sql(row.try_get(0)?)?, Envelope::from_bytes(row.try_get(1)?)?)))
}

/// Done by who holds the clinic's row.
pub(super) async fn raise(db: &Client, clinic: &Clinic, floor: Mark) -> Result<(), StepError> {
    let raise = db
        .prepare_cached(
            "UPDATE clinic SET floor = $2, floor_chain = $3
             WHERE clinic = $1 AND floor < $2 AND head >= $2",
        )
        .await?;
    let (seq, chain) = (to_sql(floor.seq)?, floor.chain.as_bytes().as_slice());
    db.execute(&raise, &[&clinic.id.as_bytes().as_slice(), &seq, &chain]).await?;
    Ok(())
}

/// Moves the bytes of the next places below the floor; answers whether there are more.
pub(super) async fn make_cold(db: &Client) -> Result<bool, StepError> {
    let step = db.prepare_cached("SELECT make_cold($1)").await?;
    Ok(db.query_one(&step, &[&MOVED_AT_A_TIME]).await?.try_get(0)?)
}
