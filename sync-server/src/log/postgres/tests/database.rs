//! A shelf on a database of its own.

#[allow(dead_code, reason = "the tests beside this crate use the rest")]
#[path = "../../../../tests/common/database.rs"]
mod common;

use tokio::runtime::Runtime;
use tokio_postgres::Client;

use super::super::*;

/// A shelf on a database of its own, which goes with it.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) shelf: PostgresShelf,
    runtime: Runtime,
    database: common::TestDatabase,
}

impl Kept {
    pub(super) fn make() -> Self {
        let runtime = Runtime::new().unwrap();
        let database = runtime.block_on(common::TestDatabase::make());
        Self { shelf: shelf(&runtime, database.url()), runtime, database }
    }

    /// The shelf as another server has it.
    pub(super) fn other_server(&self) -> PostgresShelf {
        shelf(&self.runtime, self.database.url())
    }

    /// Waits for something in the runtime of the shelf.
    pub(super) fn run<T>(&self, wait: impl Future<Output = T>) -> T {
        self.runtime.block_on(wait)
    }

    /// Does what the owner of the cluster alone may, from within [`Self::run`].
    pub(super) async fn cut(&self, sql: &str) {
        self.database.as_owner(sql).await;
    }

    /// A connection as the owner of the cluster, from within [`Self::run`].
    pub(super) async fn admin(&self) -> Client {
        self.database.admin().await
    }

    /// Does what the owner of the cluster alone may.
    pub(super) fn as_owner(&self, sql: &str) {
        self.runtime.block_on(self.database.as_owner(sql));
    }

    /// Does what an operator does, as the owner of the tables.
    pub(super) fn as_operator<T>(&self, act: impl AsyncFnOnce(&Owner) -> T) -> T {
        let address = Address { url: self.database.owner_url(), authority: None };
        self.runtime.block_on(async { act(&Owner::connect(&address).await.unwrap()).await })
    }

    /// Brings the tables to this release, as their owner.
    pub(super) fn migrate(&self) -> Result<Migration, DatabaseError> {
        self.migrate_for("fieldchart_app")
    }

    pub(super) fn migrate_for(&self, role: &str) -> Result<Migration, DatabaseError> {
        self.runtime.block_on(migrate(&self.database.owner_url(), None, role))
    }

    /// Asks as the role of the servers, without the help of a server.
    pub(super) fn as_server<T>(&self, ask: impl AsyncFnOnce(&Client) -> T) -> T {
        self.runtime.block_on(async { ask(&self.database.as_server().await).await })
    }

    /// The same, beside a connection as the owner of the cluster.
    pub(super) fn as_both<T>(&self, ask: impl AsyncFnOnce(&Client, &Client) -> T) -> T {
        self.runtime.block_on(async {
            ask(&self.database.as_server().await, &self.database.admin().await).await
        })
    }

    /// Why a server does not start on an address.
    pub(super) fn refused(&self, url: String) -> Option<DatabaseError> {
        let address = Address { url, authority: None };
        self.runtime.block_on(Database::open(&address)).err()
    }

    pub(super) fn url(&self) -> String {
        self.database.url()
    }
}

fn shelf(runtime: &Runtime, url: String) -> PostgresShelf {
    let address = Address { url, authority: None };
    let database = runtime.block_on(Database::open(&address)).unwrap();
    PostgresShelf::new(Arc::new(database), runtime.handle().clone(), Quota::NONE)
}
