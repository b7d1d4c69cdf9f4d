//! A database for one test, in the throw-away cluster of the test command.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, NoTls};

/// Where the test command says that its cluster is, as its superuser.
const CLUSTER: &str = "FIELDCHART_TEST_POSTGRES";
/// The role of the servers.
const APP: &str = "fieldchart_app";

/// A database with the tables of this release; it goes when dropped.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    pub(crate) async fn make() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let made = Self { name: format!("t{}_{number}", std::process::id()) };
        let admin = connect(&cluster(), "postgres").await;
        admin.batch_execute(&format!("CREATE DATABASE {}", made.name)).await.unwrap();
        let role = "DO $$ BEGIN CREATE ROLE fieldchart_app LOGIN NOSUPERUSER NOBYPASSRLS;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
        admin.batch_execute(role).await.unwrap();
        let owner = format!("{} dbname={}", cluster(), made.name);
        let done = sync_server::migrate(&owner, None, APP).await.unwrap();
        assert_eq!((done.from, done.to), (0, 1));
        let again = sync_server::migrate(&owner, None, APP).await.unwrap();
        assert_eq!((again.from, again.to), (1, 1), "twice is once");
        made
    }

    /// The database as a server is told of it.
    pub(crate) fn url(&self) -> String {
        format!("{} dbname={}", as_app(), self.name)
    }

    /// Does what the owner of the cluster alone may.
    pub(crate) async fn as_owner(&self, sql: &str) {
        let owner = connect(&cluster(), &self.name).await;
        owner.batch_execute(&format!("SET search_path = fieldchart; {sql}")).await.unwrap();
    }

    /// A connection as the servers' role, without a server.
    pub(crate) async fn as_server(&self) -> Client {
        let client = connect(&as_app(), &self.name).await;
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

fn cluster() -> String {
    std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!(
            "`cargo xtask test` starts a PostgreSQL for this test; to run it alone, name one in \
             {CLUSTER}, as \"host=/run/postgresql user=postgres\""
        )
    })
}

fn as_app() -> String {
    let words: Vec<String> = cluster()
        .split(' ')
        .map(|word| if word.starts_with("user=") { format!("user={APP}") } else { word.to_owned() })
        .collect();
    words.join(" ")
}

async fn connect(cluster: &str, name: &str) -> Client {
    let config: Config = format!("{cluster} dbname={name}").parse().unwrap();
    let (client, connection) = config.connect(NoTls).await.unwrap();
    drop(tokio::spawn(async move { drop(connection.await) }));
    client
}
