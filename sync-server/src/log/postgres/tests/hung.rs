//! A database that hangs holds its connections open and says nothing: a server notices by itself.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::*;

/// Counts how often the database was reached.
#[derive(Default)]
struct Reached(AtomicUsize);

impl Ear for Reached {
    fn heard(&self, _: ClinicId, _: u64) {}

    fn missed(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Reached {
    async fn times(&self, times: usize) {
        let begun = Instant::now();
        while self.0.load(Ordering::SeqCst) < times {
            assert!(begun.elapsed() < Duration::from_secs(60), "not reached {times} times");
            tokio::task::yield_now().await;
        }
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
    let (bell, reached) = (Bell::with_sign_after(Duration::from_millis(200)), Reached::default());
    database.run(async {
        let looked_at = async {
            reached.times(1).await;
            // It has told something, so that its process is known by it.
            bell.ring(clinic(1), 1);
            bell.silent().await;
            assert!(!bell.is_lost());
            let stopped = Stopped::listener(&database).await;
            reached.times(2).await;
            assert!(!bell.is_lost(), "the new connection is served");
            drop(stopped);
        };
        tokio::select! {
            () = bell.run(&address, &reached) => panic!("it never ends"),
            () = looked_at => {}
        }
    });
}
