//! The forty planted words are in no row of a server's PostgreSQL: every table is read as its bytes.
//! Where the test command's cluster is not there, this is told as skipped.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use std::path::Path;
use std::process::Command;
use tests::programs;
use tests::scene::Scene;

use crate::story::plant_and_look;

const OWNER: &str = "fieldchart_owner";
const APP: &str = "fieldchart_app";

/// A database of the test command's cluster, with the server's tables; it goes when it goes.
struct Database {
    cluster: String,
    name: String,
}

impl Database {
    fn make() -> Option<Self> {
        let Ok(cluster) = std::env::var("FIELDCHART_TEST_POSTGRES") else {
            println!("skipped: `cargo xtask test` starts a PostgreSQL for this test");
            return None;
        };
        let made = Self { cluster, name: format!("planted_{}", std::process::id()) };
        for role in [OWNER, APP] {
            made.ask(
                "postgres",
                &format!(
                    "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS;
                     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                ),
            );
        }
        made.ask("postgres", &format!("CREATE DATABASE {} OWNER {OWNER}", made.name));
        let mut migrate = Command::new(programs::sync_server());
        migrate.args(["migrate", "--app-role", APP]).env("FIELDCHART_OWNER_URL", made.url(OWNER));
        assert!(migrate.output().unwrap().status.success(), "the tables are made");
        Some(made)
    }

    /// The database as a role is told of it.
    fn url(&self, role: &str) -> String {
        let words = self.cluster.split(' ');
        let words = words.map(|word| match word.starts_with("user=") {
            true => format!("user={role}"),
            false => word.to_owned(),
        });
        let words: Vec<String> = words.chain([format!("dbname={}", self.name)]).collect();
        words.join(" ")
    }

    /// What a statement answers to the owner of the cluster, as it comes.
    fn ask(&self, database: &str, sql: &str) -> Vec<u8> {
        let to = format!("{} dbname={database}", self.cluster);
        let output = Command::new("psql").args(["-X", "-q", "-A", "-t", "-c", sql, &to]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Writes every table into a folder, as the bytes of its values.
    fn write_to(&self, folder: &Path) {
        let list = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        let tables = String::from_utf8(self.ask(&self.name, list)).unwrap();
        let mut bytes = 0;
        for table in tables.lines().filter(|line| !line.is_empty()) {
            let copy = format!("COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)");
            let rows = self.ask(&self.name, &copy);
            bytes += rows.len();
            std::fs::write(folder.join(format!("{table}.rows")), rows).unwrap();
        }
        assert!(bytes > 20_000, "only {bytes} bytes of rows in {tables}");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let gone = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let to = format!("{} dbname=postgres", self.cluster);
        // What cannot be dropped goes with the cluster.
        drop(Command::new("psql").args(["-X", "-q", "-c", &gone, &to]).output());
    }
}

#[test]
fn forty_planted_words_are_in_no_row_of_a_database() {
    let Some(database) = Database::make() else { return };
    let scene = Scene::new("planted-postgres");
    let with = format!("FIELDCHART_DATABASE_URL={}", database.url(APP));
    let started = scene.server().stop().emptied().try_start_through(&["env".to_owned(), with]);
    let server = started.unwrap();
    plant_and_look(&scene, server, &|folder| database.write_to(folder));
}
