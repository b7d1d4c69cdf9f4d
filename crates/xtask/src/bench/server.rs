//! `cargo xtask bench server`: what the sync server costs on PostgreSQL, in a section of its own of
//! docs/BENCHMARKS.md.

use std::fs;

use crate::cargo::cargo;
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::test::{POSTGRES, Postgres};
use crate::{say, setup};

const BEGIN: &str = "<!-- the server: written by cargo xtask bench server -->";
const END: &str = "<!-- end of the server -->\n";

/// What stands below it: its own section stands above.
const BELOW: &str = "\n## Long runs\n";

/// Builds the measuring program of package `sync-server` for release, runs it against a PostgreSQL
/// that waits for its disk, and puts the rows on the page.
pub(crate) fn bench(places: &Places) -> Outcome {
    setup::setup(places)?;
    let folder = std::env::temp_dir().join(format!("fieldchart-pgb-{}", std::process::id()));
    let words =
        ["bench", "--package", "sync-server", "--features", "measure", "--bench", "figures"];
    say::doing("building the server for release");
    cargo(places).args(words).args(["--no-run"]).show()?;
    let database = Postgres::start_durable(&folder)?;
    say::doing("measuring the server");
    let told = cargo(places).args(words).set(POSTGRES, database.address()).answer()?;
    let rows: Vec<&str> = told.lines().filter(|line| line.starts_with("| ")).collect();
    if rows.is_empty() {
        return Err(Failure::Answer { program: "the measuring program" });
    }
    rows.iter().for_each(|row| say::tell(row));
    let path = places.root().join("docs").join("BENCHMARKS.md");
    let page = fs::read_to_string(&path).at(&path)?;
    let placed = section_in(&page, &section(places, &rows), (BEGIN, END));
    let placed = placed.ok_or_else(|| {
        Failure::Missing("docs/BENCHMARKS.md has no section for long runs".to_owned())
    })?;
    fs::write(&path, placed).at(&path)
}

fn section(places: &Places, rows: &[&str]) -> String {
    format!(
        "{BEGIN}
## The server on PostgreSQL

{}, commit {}. {}. PostgreSQL as its package sets it up, waiting for the disk at each commit \
(`fsync` and `synchronous_commit` on), on the same machine as the server and the devices that push. \
The middle of five runs, with the least and the most; envelopes are signed before the clock starts.

| measured | figure | target | |
|---|---|---|---|
{}
{END}",
        crate::soak::today(),
        crate::soak::commit(places),
        machine(),
        rows.join("\n"),
    )
}

/// The processor, and how busy it was.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split_whitespace().take(3).collect();
    let kernel = Program::new("uname").args(["-sr"]).answer().unwrap_or_default();
    let load = if load.is_empty() { "not told".to_owned() } else { load.join(" ") };
    format!("{cores} cores, {}, load over 1, 5, 15 minutes at the end {load}", kernel.trim())
}

/// A page with a section that begins and ends with some lines: in the place of the one before, or
/// above the long runs.
pub(super) fn section_in(page: &str, section: &str, (begin, end): (&str, &str)) -> Option<String> {
    if let Some((before, rest)) = page.split_once(begin) {
        let (_, after) = rest.split_once(end)?;
        return Some(format!("{before}{section}{after}"));
    }
    let (before, after) = page.split_once(BELOW)?;
    Some(format!("{before}\n{section}{BELOW}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_replaced_and_nothing_else() {
        let of = |text: &str| format!("{BEGIN}\n{text}\n{END}");
        let page = format!("# Figures\n{BELOW}\n- soak: fine\n");
        let placed = |page: &str, section: &str| section_in(page, section, (BEGIN, END));
        let first = placed(&page, &of("one")).unwrap();
        assert!(first.starts_with("# Figures\n") && first.ends_with("- soak: fine\n"), "{first}");
        let second = placed(&first, &of("two")).unwrap();
        assert_eq!(second, first.replace("one", "two"));
        assert_eq!(placed("nothing", &of("one")), None);
    }
}
