//! Connections to one database, and the check of what it is before the first is used.

use std::path::PathBuf;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::future::{FutureExt as _, try_join};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::migrate::{KNOWN, version};
use super::{DatabaseError, StepError, scope::Bounds};
use sync::ids::ServerPin;

/// Connections of one server at one time.
const CONNECTIONS_MAX: usize = 16;
/// For a connection to be made, and for one to become free.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
/// For a whole transaction: longer than a statement may take.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(45);
/// After which a connection that says nothing is asked whether it is there, and given up.
const SILENCE: Duration = Duration::from_secs(15);
/// Names of regions are noted by one at a time; the number is ours alone ("FCSB").
const BESIDE_LOCK: i64 = 0x4643_5342;
/// What each connection is set to: a lock is waited for two seconds, a statement takes thirty, and
/// what was begun and left is ended. Outside a transaction there is no clinic, whatever the address or
/// the role says.
const SETTINGS: &str = "-c search_path=fieldchart -c lock_timeout=2000 -c statement_timeout=30000 \
     -c idle_in_transaction_session_timeout=30000 -c synchronous_commit=on \
     -c app.clinic= -c app.name=";

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// `postgresql://USER@HOST/NAME`, or the words of libpq.
    pub(crate) url: String,
    /// PEM of the authority that vouches for its certificate.
    pub(crate) authority: Option<PathBuf>,
}

impl Address {
    /// Where it is, for people: the name of the database and its hosts, and nothing of who gets in.
    pub(crate) fn told(&self) -> String {
        let Ok(config) = self.url.parse::<Config>() else { return "PostgreSQL".to_owned() };
        let mut hosts: Vec<String> = config.get_hosts().iter().map(host).collect();
        if hosts.is_empty() {
            hosts.extend(config.get_hostaddrs().iter().map(ToString::to_string));
        }
        let ports = config.get_ports();
        for (at, host) in hosts.iter_mut().enumerate() {
            // One port alone is that of every host.
            if let Some(port) = ports.get(at).or(ports.first()) {
                host.push_str(&format!(":{port}"));
            }
        }
        let name = config.get_dbname().or(config.get_user()).unwrap_or_default();
        format!("PostgreSQL, database {name} at {}", hosts.join(", "))
    }
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

/// A database that servers share.
#[derive(Debug)]
pub(crate) struct Database {
    pool: Pool,
}

impl Database {
    /// Connects, and sees that the tables are of this release and that this role is held to one
    /// clinic at a time.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(crate) async fn open(address: &Address) -> Result<Self, DatabaseError> {
        let database = Self { pool: pool(address)? };
        let client = database.pool.get().await?;
        check_version(&client).await?;
        check_role(&client).await?;
        check_forced(&client).await?;
        drop(client);
        Ok(database)
    }

    /// Sees that the servers of this database have one key; the first one's is it.
    ///
    /// # Errors
    /// [`DatabaseError::OtherKey`], and what the database said.
    pub(crate) async fn check_pin(&self, pin: &ServerPin) -> Result<(), DatabaseError> {
        let client = self.pool.get().await?;
        let keep = "INSERT INTO server (one, pin) VALUES (true, $1) ON CONFLICT DO NOTHING";
        client.execute(keep, &[&pin.as_bytes().as_slice()]).await?;
        let row = client.query_one("SELECT pin FROM server", &[]).await?;
        let kept: &[u8] = row.try_get(0)?;
        if kept == pin.as_bytes() { Ok(()) } else { Err(DatabaseError::OtherKey) }
    }

    /// Sees that it is the database of this region; the first server's word is it. One that is no
    /// region's is for servers without regions.
    ///
    /// # Errors
    /// [`DatabaseError::OtherRegion`], and what the database said.
    pub(crate) async fn check_region(&self, region: Option<&str>) -> Result<(), DatabaseError> {
        let client = self.pool.get().await?;
        if let Some(name) = region {
            let keep = "INSERT INTO region (one, name) VALUES (true, $1) ON CONFLICT DO NOTHING";
            client.execute(keep, &[&name]).await?;
        }
        let row = client.query_opt("SELECT name FROM region", &[]).await?;
        let kept: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
        if kept.as_deref() == region {
            return Ok(());
        }
        let told = |name: Option<&str>| {
            name.map_or_else(|| "no region".to_owned(), |name| format!("the region {name}"))
        };
        Err(DatabaseError::OtherRegion { asked: told(region), found: told(kept.as_deref()) })
    }

    /// Sees that every region is named that was ever served beside this one, but for those `without`
    /// which somebody says to do; with `keep`, forgets these and notes those that are named.
    ///
    /// # Errors
    /// [`DatabaseError::LeftOut`], and what the database said.
    pub(crate) async fn check_beside(
        &self,
        (named, without): (&[&str], &[String]),
        keep: bool,
    ) -> Result<(), DatabaseError> {
        let mut client = self.pool.get().await?;
        let step = client.transaction().await?;
        // Of two servers that start with other names one is told.
        step.execute("SELECT pg_advisory_xact_lock($1)", &[&BESIDE_LOCK]).await?;
        for row in step.query("SELECT name FROM beside ORDER BY name", &[]).await? {
            let name: String = row.try_get(0)?;
            if !named.contains(&name.as_str()) && !without.contains(&name) {
                return Err(DatabaseError::LeftOut { name });
            }
        }
        if keep {
            step.execute("DELETE FROM beside WHERE name <> ALL ($1)", &[&named]).await?;
            let note = "INSERT INTO beside SELECT unnest($1::text[]) ON CONFLICT DO NOTHING";
            step.execute(note, &[&named]).await?;
        }
        Ok(step.commit().await?)
    }

    /// Whether a clinic was ever founded here. Row-level security shows this role no clinic that it
    /// does not name; but a table that never had a row has no page.
    ///
    /// # Errors
    /// What the database said.
    pub(crate) async fn has_clinics(&self) -> Result<bool, DatabaseError> {
        let client = self.pool.get().await?;
        let sql = "SELECT pg_relation_size('clinic') > 0";
        Ok(client.query_one(sql, &[]).await?.try_get(0)?)
    }

    /// Does `step` in one transaction, or not at all.
    pub(super) async fn transact<T>(
        &self,
        bounds: Bounds,
        step: impl AsyncFnOnce(&Client) -> Result<T, StepError>,
    ) -> Result<T, StepError> {
        let held = Held(Some(self.pool.get().await?));
        timeout(TRANSACTION_TIMEOUT, held.transact(&bounds, step))
            .await
            .unwrap_or(Err(StepError::Late))
    }
}

/// A connection in the middle of a transaction. Whatever cuts it short there, a lost connection, a
/// panic, the time, ends the connection too: nobody else gets a transaction that was begun for another
/// clinic. What a step refuses is rolled back first.
struct Held(Option<Client>);

impl Held {
    async fn transact<T>(
        mut self,
        Bounds { begin, writes }: &Bounds,
        step: impl AsyncFnOnce(&Client) -> Result<T, StepError>,
    ) -> Result<T, StepError> {
        let client = self.0.as_ref().ok_or(StepError::Late)?;
        // The first statement follows at once, and the database does one after the other. Where no
        // transaction began there is no clinic either, and row-level security shows it nothing.
        let begun = async { client.batch_execute(begin).await.map_err(StepError::from) };
        let ((), done) = try_join(begun, async { Ok(step(client).await) }).await?;
        match &done {
            Err(_) => client.batch_execute("ROLLBACK").await?,
            Ok(_) if *writes => client.batch_execute("COMMIT").await?,
            // Polled once it is said; what comes next on this connection waits its turn.
            Ok(_) => client.batch_execute("COMMIT").now_or_never().transpose().map(drop)?,
        }
        // Back to the others.
        drop(self.0.take());
        done
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

/// How to connect: with TLS where an authority is named.
pub(super) fn config(
    address: &Address,
) -> Result<(Config, Option<MakeRustlsConnect>), DatabaseError> {
    let mut config: Config = address.url.parse().map_err(DatabaseError::Address)?;
    // What the address asks for stays; of two settings of one name the later holds.
    let options = config.get_options().map(|theirs| format!("{theirs} {SETTINGS}"));
    config
        .options(options.unwrap_or_else(|| SETTINGS.to_owned()))
        .application_name("fieldchart-sync")
        .connect_timeout(CONNECT_TIMEOUT)
        // A database that is gone without a word is noticed soon, and a standby is none.
        .tcp_user_timeout(SILENCE)
        .keepalives_idle(SILENCE)
        .keepalives_interval(SILENCE / 3)
        .keepalives_retries(3)
        .target_session_attrs(TargetSessionAttrs::ReadWrite);
    let Some(path) = &address.authority else {
        if matches!(config.get_ssl_mode(), SslMode::Require) {
            return Err(DatabaseError::NoAuthority);
        }
        config.ssl_mode(SslMode::Disable);
        return Ok((config, None));
    };
    config.ssl_mode(SslMode::Require);
    let unusable =
        |error: Box<dyn std::error::Error + Send + Sync>| DatabaseError::Certificates(error);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|it| unusable(Box::new(it)))? {
        let certificate = certificate.map_err(|it| unusable(Box::new(it)))?;
        roots.add(certificate).map_err(|it| unusable(Box::new(it)))?;
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| unusable(Box::new(it)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((config, Some(MakeRustlsConnect::new(tls))))
}

fn pool(address: &Address) -> Result<Pool, DatabaseError> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match config(address)? {
        (config, Some(tls)) => Manager::from_config(config, tls, recycling),
        (config, None) => Manager::from_config(config, NoTls, recycling),
    };
    Pool::builder(manager)
        .max_size(CONNECTIONS_MAX)
        .wait_timeout(Some(TURN_TIMEOUT))
        .create_timeout(Some(CONNECT_TIMEOUT))
        .recycle_timeout(Some(CONNECT_TIMEOUT))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| DatabaseError::Unreachable(Box::new(error)))
}

async fn check_version(client: &Client) -> Result<(), DatabaseError> {
    let found = version(&***client).await?;
    match found.cmp(&KNOWN) {
        std::cmp::Ordering::Less => Err(DatabaseError::Older { found, known: KNOWN }),
        std::cmp::Ordering::Greater => Err(DatabaseError::Newer { found, known: KNOWN }),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

/// A role that owns a table can switch its policies off, and one above them is not held by them.
async fn check_role(client: &Client) -> Result<(), DatabaseError> {
    let sql = "SELECT current_user::text, EXISTS (
                   SELECT FROM pg_roles r
                   WHERE (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole)
                   AND pg_has_role(r.oid, 'MEMBER')
               ) OR EXISTS (
                   SELECT FROM pg_class c WHERE c.relnamespace = 'fieldchart'::regnamespace
                   AND pg_has_role(c.relowner, 'MEMBER')
               ) OR EXISTS (
                   SELECT FROM pg_namespace n WHERE n.nspname = 'fieldchart'
                   AND pg_has_role(n.nspowner, 'MEMBER')
               )";
    let row = client.query_one(sql, &[]).await?;
    if row.try_get(1)? { Err(DatabaseError::TooMighty { role: row.try_get(0)? }) } else { Ok(()) }
}

async fn check_forced(client: &Client) -> Result<(), DatabaseError> {
    let sql = "SELECT relname::text FROM pg_class
               WHERE relnamespace = 'fieldchart'::regnamespace AND relkind IN ('r', 'p')
               AND NOT (relrowsecurity AND relforcerowsecurity)
               ORDER BY relname LIMIT 1";
    match client.query_opt(sql, &[]).await? {
        Some(row) => Err(DatabaseError::NotForced { table: row.try_get(0)? }),
        None => Ok(()),
    }
}
