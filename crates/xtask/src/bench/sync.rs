//! `cargo xtask bench sync [ROUNDS [CHARTS]]`: sync beside that of other engines, on one workload
//! and one machine, in a section of its own of docs/BENCHMARKS.md.
//!
//! The measuring program and the other engines are no part of the repository: they are programs of
//! Node, fetched with npm into a folder that `FIELDCHART_SYNC_PEERS` names.

mod bounds;
mod figures;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::server::{machine, section_in};
use crate::cargo::cargo;
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::say;
use bounds::Sizes;
use figures::{Figures, Row};

/// Runs of each engine when nothing else is asked for.
pub(crate) const ROUNDS: u32 = 5;
/// Charts when nothing else is asked for.
pub(crate) const CHARTS: u32 = 5000;

const BEGIN: &str = "<!-- sync: written by cargo xtask bench sync -->";
const END: &str = "<!-- end of sync -->\n";

/// Where the measuring program and the other engines are.
const PEERS: &str = "FIELDCHART_SYNC_PEERS";
/// As many charts as automerge-repo gets through, and edited ones of them.
const FEW: (u32, u32) = (60, 20);
/// The size whose idle reconnection must cost what that of the large clinic does.
const SMALL: (u32, u32) = (50, 10);
/// The clinics between which the server's memory may hardly grow.
const GROWING: [u32; 2] = [500, 50_000];

const SET_UP: &str = "\
FIELDCHART_SYNC_PEERS must name the folder of the measuring program: run.js, lib/ and peers/ with \
PouchDB and automerge-repo, in which `npm install` was run once. It needs Node 20 and the network, and \
is no part of building or testing Fieldchart:

  cp -r PEERS/sync-bench /tmp/sync-bench && (cd /tmp/sync-bench && npm install)
  FIELDCHART_SYNC_PEERS=/tmp/sync-bench cargo xtask bench sync";

/// An engine, and how the measuring program is told of it.
struct Engine {
    name: &'static str,
    words: Vec<String>,
}

/// Builds the command line and the server for release, runs the measuring program on them and on the
/// other engines by turns, and puts the medians on the page.
pub(crate) fn bench(places: &Places, rounds: u32, charts: u32) -> Outcome {
    let peers = std::env::var_os(PEERS).map(PathBuf::from).filter(|it| it.join("run.js").is_file());
    let peers = peers.ok_or_else(|| Failure::Missing(SET_UP.to_owned()))?;
    say::doing("building the command line and the server for release");
    let packages = ["--package", "cli", "--package", "sync-server"];
    cargo(places).args(["build", "--release"]).args(packages).show()?;
    let [ours, pouchdb, automerge, growing] = engines(places);
    let edited = charts.div_ceil(5);
    let mut rows = BTreeMap::new();
    let mut measure = |engine: &Engine, (charts, edited): (u32, u32)| -> Outcome {
        say::doing(&format!("{} with {charts} charts, {edited} of them edited", engine.name));
        let measured = run(&peers, engine, (charts, edited))?;
        for (step, row) in measured {
            rows.entry((engine.name, charts, step)).or_insert_with(Vec::new).push(row);
        }
        Ok(())
    };
    for _ in 0..rounds {
        measure(&pouchdb, (charts, edited))?;
        measure(&ours, (charts, edited))?;
        // It does not always come to its end; what came of the other runs counts.
        if let Err(failure) = measure(&automerge, FEW) {
            say::complain(&format!("xtask: {failure}"));
        }
        measure(&ours, FEW)?;
        measure(&ours, SMALL)?;
    }
    for charts in GROWING {
        if let Err(failure) = measure(&growing, (charts, charts / 100)) {
            say::complain(&format!("xtask: {failure}"));
        }
    }
    let rounds_told = usize::try_from(rounds).unwrap_or(usize::MAX);
    let sizes = Sizes { charts, few: FEW.0, small: SMALL.0, growing: GROWING };
    let lines = bounds::lines(&Figures::of(rows, rounds_told), sizes);
    lines.iter().for_each(|line| say::tell(line));
    let section = section(places, (rounds, charts, edited), &lines);
    let path = places.root().join("docs").join("BENCHMARKS.md");
    let page = fs::read_to_string(&path).at(&path)?;
    let placed = section_in(&page, &section, (BEGIN, END)).ok_or_else(|| {
        Failure::Missing("docs/BENCHMARKS.md has no section for long runs".to_owned())
    })?;
    fs::write(&path, placed).at(&path)
}

fn engines(places: &Places) -> [Engine; 4] {
    let binary = |name| places.profile_binary("release", name).display().to_string();
    let server = format!("{} bench-serve", binary("fieldchart-sync"));
    let client = format!("{} bench-sync", binary("fieldchart"));
    let ours = || ["--server-cmd", &server, "--client-cmd", &client].map(str::to_owned).to_vec();
    [
        Engine { name: "ours", words: ours() },
        Engine { name: "pouchdb", words: Vec::new() },
        Engine { name: "automerge-repo", words: Vec::new() },
        Engine { name: bounds::GROWING, words: ours() },
    ]
}

/// Measures one engine once: every step by its first word or two, `W1 push`.
fn run(peers: &Path, engine: &Engine, (charts, edited): (u32, u32)) -> Outcome<Vec<(String, Row)>> {
    let program = Program::new("node").directory(peers).args(["run.js", engine.name]);
    let sizes = [("--charts", charts), ("--edited", edited)];
    let sizes = sizes.into_iter().flat_map(|(word, size)| [word.to_owned(), size.to_string()]);
    let told = program.args(sizes).args(&engine.words).answer()?;
    let rows: Vec<_> = told.lines().filter_map(Row::read).collect();
    let unsound = rows.iter().find(|(_, row)| !row.ok);
    if let Some((step, _)) = unsound {
        let detail = format!("{} did not hold what it should after {step}", engine.name);
        return Err(Failure::Missing(detail));
    }
    if rows.is_empty() {
        return Err(Failure::Answer { program: "the measuring program" });
    }
    Ok(rows)
}

fn section(places: &Places, (rounds, charts, edited): (u32, u32, u32), lines: &[String]) -> String {
    format!(
        "{BEGIN}
## Sync beside other engines

{}, commit {}. {}. {charts} charts of 30 entries, {edited} of them edited 10 times, everything on \
one machine over loopback; the median of {rounds} runs in which the engines took turns, and of how \
many where some did not come to their end. Ours with \
SQLCipher, a wait for the disk at each commit, TLS, a challenge where no token of the last \
minutes is kept, signatures checked on both sides, lists and search index written; a bootstrap includes joining the clinic. PouchDB (LevelDB, no \
TLS, no signatures) as its package comes, gzip on responses; automerge-repo likewise, at as many \
charts as it gets through. Ids are the workload's own and compress: ids that the product draws add 9 \
to 10 bytes each.

| measured | ours | the other | ours ÷ the other | asked | |
|---|---|---|---|---|---|
{}
{END}",
        crate::soak::today(),
        crate::soak::commit(places),
        machine(),
        lines.join("\n"),
    )
}
