//! Makes and renews the tables, as their owner: `fieldchart-sync migrate`.

use tokio_postgres::{Client, GenericClient};

use super::DatabaseError;
use super::owner::connect;
use super::pool::Address;

/// Each brings the tables to the version of its place, counted from 1.
const MIGRATIONS: [&str; 12] = [
    include_str!("../../../migrations/postgres/0001_log.sql"),
    include_str!("../../../migrations/postgres/0002_quota.sql"),
    include_str!("../../../migrations/postgres/0003_region.sql"),
    include_str!("../../../migrations/postgres/0004_spent.sql"),
    include_str!("../../../migrations/postgres/0005_blob.sql"),
    include_str!("../../../migrations/postgres/0006_room.sql"),
    include_str!("../../../migrations/postgres/0007_cold.sql"),
    include_str!("../../../migrations/postgres/0008_erased.sql"),
    include_str!("../../../migrations/postgres/0009_written.sql"),
    include_str!("../../../migrations/postgres/0010_key_by.sql"),
    include_str!("../../../migrations/postgres/0011_beside.sql"),
    include_str!("../../../migrations/postgres/0012_version.sql"),
];
/// The newest version this release knows.
pub(super) const KNOWN: i32 = 12;
/// What the servers' role may do.
const GRANTS: &str = include_str!("../../../migrations/postgres/grants.sql");
/// Only one migration at a time; the number is ours alone ("FCSL").
const LOCK: i64 = 0x4643_534c;

/// What a migration did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The version before; 0 for no tables.
    pub from: i32,
    /// The version now.
    pub to: i32,
}

/// Brings the tables of a database to this release's version, in one transaction, and lets `role`
/// use them. Doing it again changes nothing.
///
/// # Errors
/// [`DatabaseError`]; then nothing was changed.
pub async fn migrate(
    url: &str,
    authority: Option<std::path::PathBuf>,
    role: &str,
) -> Result<Migration, DatabaseError> {
    let address = Address { url: url.to_owned(), authority };
    let mut client = connect(&address).await?;
    check_server(&client).await?;
    let transaction = client.transaction().await?;
    // A migration of many rows takes its time.
    transaction
        .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    transaction
        .batch_execute(
            "CREATE SCHEMA IF NOT EXISTS fieldchart;
             CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)",
        )
        .await?;
    check_app_role(&transaction, role).await?;
    let from = version(&transaction).await?;
    if from > KNOWN {
        return Err(DatabaseError::Newer { found: from, known: KNOWN });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.batch_execute(step).await?;
    }
    transaction.execute("DELETE FROM schema_version", &[]).await?;
    transaction.execute("INSERT INTO schema_version VALUES ($1)", &[&KNOWN]).await?;
    let quoted = transaction.query_one("SELECT quote_ident($1)", &[&role]).await?;
    let quoted: String = quoted.try_get(0)?;
    transaction.batch_execute(&GRANTS.replace("{role}", &quoted)).await?;
    transaction.commit().await?;
    Ok(Migration { from, to: KNOWN })
}

/// A role of that name is there, and is no mightier than the servers may be: `public` is none, and
/// would be everybody.
async fn check_app_role(client: &impl GenericClient, role: &str) -> Result<(), DatabaseError> {
    let sql = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = $1";
    let role = role.to_owned();
    let Some(row) = client.query_opt(sql, &[&role]).await? else {
        return Err(DatabaseError::NoRole { role });
    };
    if row.try_get(0)? { Err(DatabaseError::TooMighty { role }) } else { Ok(()) }
}

/// The version of the tables; 0 where there are none.
pub(super) async fn version(client: &impl GenericClient) -> Result<i32, DatabaseError> {
    let sql = "SELECT to_regclass('fieldchart.schema_version') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let row = client.query_opt("SELECT version FROM fieldchart.schema_version", &[]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
}

async fn check_server(client: &Client) -> Result<(), DatabaseError> {
    let sql = "SELECT current_setting('server_version'),
                      current_setting('server_version_num')::integer";
    let row = client.query_one(sql, &[]).await?;
    let number: i32 = row.try_get(1)?;
    if number < 150_000 { Err(DatabaseError::OldServer { found: row.try_get(0)? }) } else { Ok(()) }
}
