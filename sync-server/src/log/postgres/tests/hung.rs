//! A database that hangs holds its connections open and says nothing: a server notices by itself.

use std::process::Command;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::*;

/// Tells when the database was reached.
#[derive(Default)]
struct Reached(Notify);

impl Ear for Reached {
    fn heard(&self, _: ClinicId, _: u64) {}

    fn missed(&self) {
        self.0.notify_one();
    }
}

impl Reached {
    async fn again(&self) {
        timeout(Duration::from_secs(60), self.0.notified()).await.expect("it is not reached");
    }
}

/// The process of the database that serves who listens; it goes on when this is dropped.
struct Stopped(String);

impl Stopped {
    async fn listener(database: &Kept) -> Self {
        let sql = "SELECT pid FROM pg_stat_activity
                   WHERE datname = current_database() AND query LIKE '%pg_notify(%unnest%'
                     AND pid <> pg_backend_pid()";
        let rows = database.admin().await.query(sql, &[]).await.unwrap();
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        let stopped = Self(row.get::<_, i32>(0).to_string());
        stopped.signal("-STOP");
        stopped
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.0]).status().unwrap().success());
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

#[test]
fn who_listens_to_a_database_that_hangs_gives_it_up_and_listens_anew() {
    let database = make(&CLINICS);
    let address = Address { url: database.url(), authority: None };
    let wait = Duration::from_secs(1);
    let (bell, reached) = (Bell::that_waits((wait, wait)), Reached::default());
    database.run(async {
        let looked_at = async {
            reached.again().await;
            // It has told something, so that its process is known by it.
            bell.ring(clinic(1), 1);
            bell.silent().await;
            assert!(!bell.is_lost());
            let stopped = Stopped::listener(&database).await;
            reached.again().await;
            assert!(!bell.is_lost(), "the new connection is served");
            drop(stopped);
        };
        tokio::select! {
            () = bell.run(&address, &reached) => panic!("it never ends"),
            () = looked_at => {}
        }
    });
}
