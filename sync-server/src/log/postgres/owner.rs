//! What is done as the owner of the tables, beside the servers: the operator's decisions.

use sync::ids::ClinicId;
use tokio_postgres::{Client, NoTls};

use super::migrate::{KNOWN, version};
use super::pool::{Address, config};
use super::{DatabaseError, array, from_sql, homes, quotas};
use crate::log::Home;
use crate::operate::Listed;
use crate::quota::{Quota, Usage};

/// A connection as the owner.
pub(crate) struct Owner(Client);

impl Owner {
    /// Connects, and sees that the tables are of this release.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn connect(address: &Address) -> Result<Self, DatabaseError> {
        let client = connect(address).await?;
        match version(&client).await? {
            KNOWN => Ok(Self(client)),
            found if found > KNOWN => Err(DatabaseError::Newer { found, known: KNOWN }),
            found => Err(DatabaseError::Older { found, known: KNOWN }),
        }
    }

    /// Lets a clinic have so much, or what every clinic may have by default.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn set_quota(
        &self,
        clinic: ClinicId,
        quota: Option<Quota>,
    ) -> Result<(), DatabaseError> {
        quotas::set(&self.0, clinic, quota).await
    }

    /// Whether this database is the clinic's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn home(&self, clinic: ClinicId) -> Result<Home, DatabaseError> {
        homes::find_as_owner(&self.0, clinic).await
    }

    /// Places a clinic here that is still to come, or takes it away.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn place(&self, clinic: ClinicId, here: bool) -> Result<(), DatabaseError> {
        homes::place(&self.0, clinic, here).await
    }

    /// One clinic with what it has and may have, or all of them: of all, a role that is held by
    /// row-level security sees none, and is told.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn list(
        &self,
        clinic: Option<ClinicId>,
    ) -> Result<Vec<Listed>, DatabaseError> {
        let scope = clinic.map(|clinic| clinic.to_string()).unwrap_or_default();
        if clinic.is_none() && !self.sees_all().await? {
            return Err(DatabaseError::SeesNone);
        }
        self.0.batch_execute(&format!("BEGIN; SET LOCAL app.clinic = '{scope}'")).await?;
        let sql = "SELECT clinic, coalesce(bytes, 0), coalesce(head, 0),
                bytes_max, envelopes_max, devices_max
            FROM clinic FULL JOIN quota USING (clinic)
            WHERE $1::bytea IS NULL OR clinic = $1 ORDER BY clinic";
        let id = clinic.as_ref().map(|clinic| clinic.as_bytes().as_slice());
        let rows = self.0.query(sql, &[&id]).await?;
        self.0.batch_execute("COMMIT").await?;
        let listed = rows.iter().map(|row| {
            let usage =
                Usage { bytes: from_sql(row.try_get(1)?)?, envelopes: from_sql(row.try_get(2)?)? };
            let quota = quotas::of_row(row, 3)?;
            Ok(Listed { clinic: ClinicId(array(row.try_get(0)?)?), usage, quota })
        });
        listed.collect::<Result<_, super::StepError>>().map_err(|_| DatabaseError::Damaged)
    }

    async fn sees_all(&self) -> Result<bool, DatabaseError> {
        let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
        Ok(self.0.query_one(sql, &[]).await?.try_get(0)?)
    }
}

/// One connection, which ends when it is dropped.
pub(super) async fn connect(address: &Address) -> Result<Client, DatabaseError> {
    let (client, connection) = match config(address)? {
        (config, Some(tls)) => {
            let (client, connection) = config.connect(tls).await?;
            (client, tokio::spawn(async move { drop(connection.await) }))
        }
        (config, None) => {
            let (client, connection) = config.connect(NoTls).await?;
            (client, tokio::spawn(async move { drop(connection.await) }))
        }
    };
    drop(connection);
    Ok(client)
}
