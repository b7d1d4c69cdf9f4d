//! What operators let clinics have. The servers' role reads it; the owner of the tables writes it.

use deadpool_postgres::Client as Pooled;
use tokio_postgres::{Client, Row};

use sync::ids::ClinicId;

use super::{DatabaseError, StepError, from_sql};
use crate::quota::Quota;

/// Keeps it, or forgets what was kept, as the owner.
pub(crate) async fn set(
    owner: &Client,
    clinic: ClinicId,
    quota: Option<Quota>,
) -> Result<(), DatabaseError> {
    // The owner is held by row-level security too.
    let scope = format!("BEGIN; SET LOCAL app.clinic = '{clinic}'");
    owner.batch_execute(&scope).await?;
    let id = clinic.as_bytes().as_slice();
    match quota {
        None => owner.execute("DELETE FROM quota WHERE clinic = $1", &[&id]).await?,
        Some(Quota { bytes_max, envelopes_max, devices_max }) => {
            let [bytes, envelopes, devices] =
                [bytes_max, envelopes_max, devices_max].map(u64::cast_signed);
            let sql = "INSERT INTO quota VALUES ($1, $2, $3, $4) ON CONFLICT (clinic) DO UPDATE SET
                bytes_max = excluded.bytes_max, envelopes_max = excluded.envelopes_max,
                devices_max = excluded.devices_max";
            owner.execute(sql, &[&id, &bytes, &envelopes, &devices]).await?
        }
    };
    owner.batch_execute("COMMIT").await?;
    Ok(())
}

pub(super) async fn find(db: &Pooled, clinic: ClinicId) -> Result<Option<Quota>, StepError> {
    let sql = "SELECT bytes_max, envelopes_max, devices_max FROM quota WHERE clinic = $1";
    let find = db.prepare_cached(sql).await?;
    let row = db.query_opt(&find, &[&clinic.as_bytes().as_slice()]).await?;
    Ok(row.map(|row| of_row(&row, 0)).transpose()?.flatten())
}

/// From three columns, the first of which is `at`; all are NULL where nothing was decided.
pub(super) fn of_row(row: &Row, at: usize) -> Result<Option<Quota>, StepError> {
    let Some(bytes_max) = row.try_get::<_, Option<i64>>(at)? else { return Ok(None) };
    Ok(Some(Quota {
        bytes_max: from_sql(bytes_max)?,
        envelopes_max: from_sql(row.try_get(at + 1)?)?,
        devices_max: from_sql(row.try_get(at + 2)?)?,
    }))
}
