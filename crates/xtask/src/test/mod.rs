//! `cargo xtask test`: sets up, builds, and runs every suite, each against its budget.

mod counts;
mod postgres;
mod runner;
mod suite;
mod table;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

pub(crate) use counts::Counts;
pub(crate) use postgres::Postgres;
pub(crate) use runner::Runner;

use crate::cargo::{build_programs, cargo};
use crate::dist;
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::Heard;
use crate::session::Session;
use crate::window::{self, Front, Profile};
use crate::{say, setup};
use suite::Suite;
use table::Table;

/// Seconds each step before the suites may take on two cores, warm and cold.
const SET_UP_S: [u64; 2] = [20, 400];
const WINDOW_S: [u64; 2] = [90, 600];
const BUILD_S: [u64; 2] = [420, 1500];

/// Runs every test; the counts are the last line.
pub(crate) fn test(places: &Places) -> Outcome {
    let warm = fs::exists(warm_mark(places)).unwrap_or(false);
    let temper = if warm { "warm" } else { "cold: this is the first build here" };
    say::tell(&format!("target directory {} is {temper}", places.target().display()));
    let mut table = Table::new(warm);
    let wasm = table.step("set-up", SET_UP_S, || setup::setup(places))?;
    table.step("window (wasm)", WINDOW_S, || {
        window::build(places, &wasm, Profile::Dev, &[Front::Window])
    })?;
    table.step("build", BUILD_S, || build_all(places))?;
    let mark = warm_mark(places);
    fs::write(&mark, "").at(&mark)?;
    run_suites(places, &mut table)?;
    table.tell();
    match table.counts().failed {
        0 => Ok(()),
        failed => Err(Failure::Tests { failed }),
    }
}

/// Runs the window tests against the programs as they are given to users, which hold no gallery and
/// check less.
pub(crate) fn test_release(places: &Places) -> Outcome {
    let wasm = setup::setup(places)?;
    window::build(places, &wasm, Profile::Release, &[Front::Window])?;
    dist::build(places)?;
    build_programs(places)?;
    let programs = program_paths(|name| places.profile_binary("release", name));
    let counts = Counts::of(&run_suite(places, &Suite::window(), &programs)?);
    say::tell(&counts.to_string());
    match counts.failed {
        0 => Ok(()),
        failed => Err(Failure::Tests { failed }),
    }
}

/// Builds what the tests and the window tests run.
fn build_all(places: &Places) -> Outcome {
    say::doing("building the programs and the tests");
    build_programs(places)?;
    Runner::find().build(places)
}

fn run_suites(places: &Places, table: &mut Table) -> Outcome {
    let programs = program_paths(|name| places.binary(name));
    for suite in Suite::all() {
        if suite.needs_session && !cfg!(target_os = "linux") {
            say::tell("the window tests run on Linux alone: they speak WebKitGTK's WebDriver");
            continue;
        }
        table.suite(&suite, || run_suite(places, &suite, &programs))?;
    }
    Ok(())
}

fn run_suite(places: &Places, suite: &Suite, programs: &[(String, OsString)]) -> Outcome<Heard> {
    say::doing(&format!("{}: {}", suite.name, suite.what));
    let session = session_for(suite)?;
    let variables = session.as_ref().map(Session::variables).unwrap_or_default();
    let database = database_for(suite)?;
    let database = database.as_ref().map(|it| (POSTGRES.to_owned(), it.address().into()));
    let runner = suite.program(Runner::find(), cargo(places));
    runner.set_all(variables).set_all(programs).set_all(&database).listen()
}

/// Where the tests of the server read where a PostgreSQL is.
pub(crate) const POSTGRES: &str = "FIELDCHART_TEST_POSTGRES";

/// A short folder, for its socket's path.
fn database_for(suite: &Suite) -> Outcome<Option<Postgres>> {
    let folder = std::env::temp_dir().join(format!("fieldchart-pg-{}", std::process::id()));
    suite.needs_database.then(|| Postgres::start(&folder)).transpose()
}

fn session_for(suite: &Suite) -> Outcome<Option<Session>> {
    suite.needs_session.then(|| Session::start(&session_home())).transpose()
}

/// Short, since a socket's path has about a hundred characters at most.
pub(crate) fn session_home() -> PathBuf {
    std::env::temp_dir().join(format!("fieldchart-{}", std::process::id()))
}

/// Where the window tests find what they start.
pub(crate) fn program_paths(place: impl Fn(&str) -> PathBuf) -> Vec<(String, OsString)> {
    [
        ("FIELDCHART_APP", "fieldchart-desktop"),
        ("FIELDCHART_CLI", "fieldchart"),
        ("FIELDCHART_SYNC", "fieldchart-sync"),
    ]
    .map(|(variable, name)| (variable.to_owned(), place(name).into_os_string()))
    .into()
}

/// Stands once everything was built here: from then on a run is warm.
fn warm_mark(places: &Places) -> PathBuf {
    places.target().join("fieldchart-warm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fit_into_the_whole() {
        let suites = Suite::all();
        let parts = suites.iter().map(|suite| suite.budget_s).chain([SET_UP_S, WINDOW_S, BUILD_S]);
        let sum = parts.fold([0, 0], |[warm, cold], part| [warm + part[0], cold + part[1]]);
        let [warm, cold] = table::ALL_S;
        assert!(sum[0] <= warm && sum[1] <= cold, "{sum:?} of {:?}", table::ALL_S);
    }
}
