//! The tasks of the workspace: `cargo xtask run | test | ci | fix | ui | bench | dist | soak |
//! fuzz`.

mod bench;
mod cargo;
mod ci;
mod dist;
mod failure;
mod fix;
mod fuzz;
mod places;
mod program;
mod run;
mod say;
mod session;
mod setup;
mod soak;
mod test;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use failure::Outcome;
use places::Places;

const USAGE: &str = "\
usage: cargo xtask TASK

  run              set up, build, and open the app with a demonstration clinic;
                   without a display: play the two-window story and leave screenshots
  test             set up, and run every test
  test --release   run the window's tests against the programs as they are given to users
  ci               formatting, lints, and every test
  fix              format, and apply what the lints can repair
  ui [--release]   build the window's wasm into ui/dist
  bench            measure the product, into docs/BENCHMARKS.md
  bench server     measure the sync server on PostgreSQL, into its section there
  bench sync [ROUNDS [CHARTS]]
                   measure sync beside other engines, into its section there; they are fetched by
                   npm, and FIELDCHART_SYNC_PEERS names their folder
  dist             build what is given to users
  dist FOLDER      pack the programs in FOLDER alone, into a Debian package beside them
  soak [TIMES [AFTER]]
                   the long runs, TIMES times as long as in a test run (else 100), dated in
                   docs/BENCHMARKS.md; the histories after those of AFTER such runs, so that
                   one long run can be done in parts
  fuzz [SECONDS]   try made-up bytes on what reads bytes from outside, for so many seconds in all
                   (else 60), of which each target has its share

FIELDCHART_WASM=distribution builds the wasm target from the distribution's packages
(rustc-web) instead of asking rustup for it.";

/// A task, as named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Task {
    Run,
    Test { release: bool },
    Ci,
    Fix,
    Ui { release: bool },
    Bench,
    BenchServer,
    BenchSync { rounds: u32, charts: u32 },
    Dist { packed: Option<PathBuf> },
    Soak { times: u32, after: u32 },
    Fuzz { seconds: u32 },
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(task) = Task::read(&words) else {
        say::complain(USAGE);
        return ExitCode::from(2);
    };
    match Places::find().and_then(|places| task.perform(&places)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::complain(&format!("xtask: {failure}"));
            ExitCode::FAILURE
        }
    }
}

impl Task {
    fn read(words: &[String]) -> Option<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["run"] => Some(Self::Run),
            ["test"] => Some(Self::Test { release: false }),
            ["test", "--release"] => Some(Self::Test { release: true }),
            ["ci"] => Some(Self::Ci),
            ["fix"] => Some(Self::Fix),
            ["ui"] => Some(Self::Ui { release: false }),
            ["ui", "--release"] => Some(Self::Ui { release: true }),
            ["bench"] => Some(Self::Bench),
            ["bench", "server"] => Some(Self::BenchServer),
            ["bench", "sync", sizes @ ..] => Self::bench_sync(sizes),
            ["dist"] => Some(Self::Dist { packed: None }),
            ["dist", folder] => Some(Self::Dist { packed: Some(PathBuf::from(folder)) }),
            ["soak", sizes @ ..] => Self::soak(sizes),
            ["fuzz"] => Some(Self::Fuzz { seconds: fuzz::SECONDS }),
            ["fuzz", seconds] => Self::fuzz(seconds),
            _ => None,
        }
    }

    fn soak(sizes: &[&str]) -> Option<Self> {
        let (times, after) = match sizes {
            [] => (soak::TIMES, 0),
            [times] => (times.parse().ok()?, 0),
            [times, after] => (times.parse().ok()?, after.parse().ok()?),
            _ => return None,
        };
        Some(Self::Soak { times, after })
    }

    fn fuzz(seconds: &str) -> Option<Self> {
        let seconds = seconds.parse().ok().filter(|seconds| *seconds > 0)?;
        Some(Self::Fuzz { seconds })
    }

    fn bench_sync(sizes: &[&str]) -> Option<Self> {
        let size = |text: &str| text.parse().ok().filter(|size| *size > 0);
        let (rounds, charts) = match sizes {
            [] => (bench::sync::ROUNDS, bench::sync::CHARTS),
            [rounds] => (size(rounds)?, bench::sync::CHARTS),
            [rounds, charts] => (size(rounds)?, size(charts)?),
            _ => return None,
        };
        Some(Self::BenchSync { rounds, charts })
    }

    fn perform(self, places: &Places) -> Outcome {
        match self {
            Self::Run => run::run(places),
            Self::Test { release: false } => test::test(places),
            Self::Test { release: true } => test::test_release(places),
            Self::Ci => ci::ci(places),
            Self::Fix => fix::fix(places),
            Self::Ui { release } => window::ui(places, window::Profile::of(release)),
            Self::Bench => bench::bench(places),
            Self::BenchServer => bench::server::bench(places),
            Self::BenchSync { rounds, charts } => bench::sync::bench(places, rounds, charts),
            Self::Dist { packed: None } => dist::dist(places),
            Self::Dist { packed: Some(programs) } => dist::pack(places, &programs),
            Self::Soak { times, after } => soak::soak(places, times, after),
            Self::Fuzz { seconds } => fuzz::fuzz(places, seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_task_is_read_and_nothing_else() {
        let check = |line: &str, expected: Option<Task>| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(Task::read(&words), expected, "{line}");
        };
        check("run", Some(Task::Run));
        check("test", Some(Task::Test { release: false }));
        check("test --release", Some(Task::Test { release: true }));
        check("ui", Some(Task::Ui { release: false }));
        check("ui --release", Some(Task::Ui { release: true }));
        check("bench", Some(Task::Bench));
        check("bench server", Some(Task::BenchServer));
        check("bench sync", Some(Task::BenchSync { rounds: 5, charts: 5000 }));
        check("bench sync 3", Some(Task::BenchSync { rounds: 3, charts: 5000 }));
        check("bench sync 1 200", Some(Task::BenchSync { rounds: 1, charts: 200 }));
        check("bench sync 0", None);
        check("bench sync 1 2 3", None);
        check("dist", Some(Task::Dist { packed: None }));
        check("dist built", Some(Task::Dist { packed: Some("built".into()) }));
        check("soak", Some(Task::Soak { times: 100, after: 0 }));
        check("soak 3", Some(Task::Soak { times: 3, after: 0 }));
        check("soak 3 30", Some(Task::Soak { times: 3, after: 30 }));
        check("soak long", None);
        check("soak 3 later", None);
        check("soak 1 2 3", None);
        check("fuzz", Some(Task::Fuzz { seconds: 60 }));
        check("fuzz 3600", Some(Task::Fuzz { seconds: 3600 }));
        check("fuzz 0", None);
        check("fuzz frame", None);
        check("fuzz 1 2", None);
        check("", None);
        check("test --debug", None);
        check("runs", None);
    }
}
