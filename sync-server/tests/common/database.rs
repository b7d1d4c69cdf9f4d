//! A database for one test, in the throw-away cluster of the test command.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, NoTls};

/// Where the test command says that its cluster is, as its superuser.
const CLUSTER: &str = "FIELDCHART_TEST_POSTGRES";
/// The newest version of the tables.
const VERSION: i32 = 12;
/// The role that owns the tables; row-level security holds it too.
const OWNER: &str = "fieldchart_owner";
/// The role of the servers.
const APP: &str = "fieldchart_app";

/// A database with the tables of this release; it goes when dropped.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// One without any tables.
    pub(crate) async fn empty() -> Self {
        Self::named(&format!("OWNER {OWNER}")).await
    }

    /// A copy of another, to which nobody is connected.
    pub(crate) async fn copy_of(other: &Self) -> Self {
        Self::named(&format!("TEMPLATE {} OWNER {OWNER}", other.name)).await
    }

    async fn named(made: &str) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let database = Self { name: format!("t{}_{number}", std::process::id()) };
        let admin = connect(&cluster(), "postgres").await;
        for role in [OWNER, APP] {
            let role = format!(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS;
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            admin.batch_execute(&role).await.unwrap();
        }
        let make = format!("CREATE DATABASE {} {made}", database.name);
        admin.batch_execute(&make).await.unwrap();
        database
    }

    pub(crate) async fn make() -> Self {
        let made = Self::empty().await;
        let owner = made.owner_url();
        let done = sync_server::migrate(&owner, None, APP).await.unwrap();
        assert_eq!((done.from, done.to), (0, VERSION));
        let again = sync_server::migrate(&owner, None, APP).await.unwrap();
        assert_eq!((again.from, again.to), (VERSION, VERSION), "twice is once");
        made
    }

    /// The database as a server is told of it.
    pub(crate) fn url(&self) -> String {
        format!("{} dbname={}", cluster_as(APP), self.name)
    }

    /// The database as the owner of its tables is told of it.
    pub(crate) fn owner_url(&self) -> String {
        format!("{} dbname={}", cluster_as(OWNER), self.name)
    }

    /// The database as a role that sees every row.
    pub(crate) fn admin_url(&self) -> String {
        format!("{} dbname={}", cluster(), self.name)
    }

    /// Lets nobody in any more, and whoever is there go; or lets them in again.
    pub(crate) async fn let_in(&self, may: bool) {
        let admin = connect(&cluster(), "postgres").await;
        let name = &self.name;
        let allow = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {may}");
        admin.batch_execute(&allow).await.unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        if !may {
            admin.execute(end, &[name]).await.unwrap();
        }
    }

    /// Does what the owner of the cluster alone may.
    pub(crate) async fn as_owner(&self, sql: &str) {
        self.admin().await.batch_execute(sql).await.unwrap();
    }

    /// A connection as the owner of the cluster.
    pub(crate) async fn admin(&self) -> Client {
        let owner = connect(&cluster(), &self.name).await;
        owner.batch_execute("SET search_path = fieldchart").await.unwrap();
        owner
    }

    /// A connection as the servers' role, without a server.
    pub(crate) async fn as_server(&self) -> Client {
        let client = connect(&cluster_as(APP), &self.name).await;
        client.batch_execute("SET search_path = fieldchart").await.unwrap();
        client
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop_it = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // On a thread of its own: the test may be in a runtime. The cluster goes with the test
        // command, and with it what was not dropped.
        let dropping = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let admin = connect(&cluster(), "postgres").await;
                let _dropped = admin.batch_execute(&drop_it).await;
            });
        });
        let _ended = dropping.join();
    }
}

pub(crate) fn cluster() -> String {
    std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!(
            "`cargo xtask test` starts a PostgreSQL for this test; to run it alone, name one in \
             {CLUSTER}, as \"host=/run/postgresql user=postgres\""
        )
    })
}

fn cluster_as(role: &str) -> String {
    let words: Vec<String> = cluster()
        .split(' ')
        .map(
            |word| if word.starts_with("user=") { format!("user={role}") } else { word.to_owned() },
        )
        .collect();
    words.join(" ")
}

async fn connect(cluster: &str, name: &str) -> Client {
    let config: Config = format!("{cluster} dbname={name}").parse().unwrap();
    let (client, connection) = config.connect(NoTls).await.unwrap();
    drop(tokio::spawn(async move { drop(connection.await) }));
    client
}
