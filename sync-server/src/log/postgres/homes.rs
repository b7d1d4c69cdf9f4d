//! Which clinics a database is for.

use deadpool_postgres::Client as Pooled;
use sync::ids::ClinicId;
use tokio_postgres::Client;

use super::{DatabaseError, StepError};
use crate::log::Home;

const FIND: &str = "SELECT EXISTS (SELECT FROM clinic WHERE clinic = $1),
    EXISTS (SELECT FROM placed WHERE clinic = $1)";

pub(super) async fn find(db: &Pooled, clinic: ClinicId) -> Result<Home, StepError> {
    let find = db.prepare_cached(FIND).await?;
    let row = db.query_one(&find, &[&clinic.as_bytes().as_slice()]).await?;
    Ok(told(row.try_get(0)?, row.try_get(1)?))
}

/// The same, as the owner of the tables.
pub(super) async fn find_as_owner(owner: &Client, clinic: ClinicId) -> Result<Home, DatabaseError> {
    begin(owner, clinic).await?;
    let row = owner.query_one(FIND, &[&clinic.as_bytes().as_slice()]).await?;
    owner.batch_execute("COMMIT").await?;
    Ok(told(row.try_get(0)?, row.try_get(1)?))
}

/// Places a clinic here, or takes it away.
pub(super) async fn place(
    owner: &Client,
    clinic: ClinicId,
    here: bool,
) -> Result<(), DatabaseError> {
    begin(owner, clinic).await?;
    let sql = if here {
        "INSERT INTO placed (clinic) VALUES ($1) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM placed WHERE clinic = $1"
    };
    owner.execute(sql, &[&clinic.as_bytes().as_slice()]).await?;
    owner.batch_execute("COMMIT").await?;
    Ok(())
}

/// The owner is held by row-level security too.
async fn begin(owner: &Client, clinic: ClinicId) -> Result<(), DatabaseError> {
    owner.batch_execute(&format!("BEGIN; SET LOCAL app.clinic = '{clinic}'")).await?;
    Ok(())
}

const fn told(founded: bool, placed: bool) -> Home {
    match (founded, placed) {
        (true, _) => Home::Founded,
        (false, true) => Home::Placed,
        (false, false) => Home::Elsewhere,
    }
}
