//! A clinic's row.

use deadpool_postgres::Client;
use sync::cursor::Mark;
use sync::ids::{Chain, ClinicId, LogEpoch};
use sync::log::Bounds;
use tokio_postgres::Row;

use super::{StepError, array, from_sql, quotas};
use crate::quota::Quota;

/// A clinic's row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clinic {
    pub(super) id: ClinicId,
    pub(super) bounds: Bounds,
    pub(super) keys_head: u64,
    /// How many membership entries it has.
    pub(super) members: usize,
    /// Of everything it keeps.
    pub(super) bytes: u64,
    /// What its operator decided for it.
    pub(super) quota: Option<Quota>,
    /// Whether the database has another life than the one in which this life of the log began.
    pub(super) outlived: bool,
}

const FIND: &str = "SELECT log_epoch, head, chain, floor, floor_chain, keys_head, members,
        life <> this_life(), bytes, bytes_max, envelopes_max, devices_max
    FROM clinic LEFT JOIN quota USING (clinic) WHERE clinic = $1";
const LOCK: &str = "SELECT log_epoch, head, chain, floor, floor_chain, keys_head, members,
        life <> this_life(), bytes, bytes_max, envelopes_max, devices_max
    FROM clinic LEFT JOIN quota USING (clinic) WHERE clinic = $1 FOR UPDATE OF clinic";

impl Clinic {
    pub(super) async fn find(db: &Client, clinic: ClinicId) -> Result<Self, StepError> {
        Self::select(db, clinic, FIND).await
    }

    /// Keeps the row for this transaction: nobody else appends until it ends. A log that its
    /// database outlived begins another life.
    pub(super) async fn lock(db: &Client, clinic: ClinicId) -> Result<Self, StepError> {
        let found = Self::select(db, clinic, LOCK).await?;
        if !found.outlived {
            return Ok(found);
        }
        let renew = db
            .prepare_cached(
                "UPDATE clinic SET log_epoch = uuid_send(gen_random_uuid()), life = this_life()
                 WHERE clinic = $1",
            )
            .await?;
        db.execute(&renew, &[&clinic.as_bytes().as_slice()]).await?;
        tracing::warn!("the database was restored or promoted: a clinic's log begins another life");
        Self::find(db, clinic).await
    }

    async fn select(db: &Client, clinic: ClinicId, sql: &str) -> Result<Self, StepError> {
        let find = db.prepare_cached(sql).await?;
        let row = db.query_opt(&find, &[&clinic.as_bytes().as_slice()]).await?;
        Self::of_row(clinic, &row.ok_or(StepError::UnknownClinic)?)
    }

    fn of_row(id: ClinicId, row: &Row) -> Result<Self, StepError> {
        let bounds = Bounds {
            log_epoch: LogEpoch(array(row.try_get(0)?)?),
            head: mark(row.try_get(1)?, row.try_get(2)?)?,
            floor: mark(row.try_get(3)?, row.try_get(4)?)?,
        };
        let members: i32 = row.try_get(6)?;
        Ok(Self {
            id,
            bounds,
            keys_head: from_sql(row.try_get(5)?)?,
            members: usize::try_from(members).map_err(|_| StepError::Damaged)?,
            outlived: row.try_get(7)?,
            bytes: from_sql(row.try_get(8)?)?,
            quota: quotas::of_row(row, 9)?,
        })
    }
}

/// A place with the chain up to it.
pub(super) fn mark(seq: i64, chain: &[u8]) -> Result<Mark, StepError> {
    Ok(Mark { seq: from_sql(seq)?, chain: Chain(array(chain)?) })
}
