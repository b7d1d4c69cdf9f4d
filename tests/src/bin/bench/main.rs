//! The product's figures, measured in one run and written into docs/BENCHMARKS.md.
//!
//! `cargo xtask bench` builds for release and runs this. The population, the import and the peers
//! lie in `bench` of the target directory; what took long to make is used again by the next run.
//!
//! | variable | meaning | else |
//! |---|---|---|
//! | `FIELDCHART_BENCH_PATIENTS` | how many patients | 100,000 |
//! | `FIELDCHART_BENCH_ONLY` | names of measures, parted by commas: these alone, told and not written down | all |
//! | `FIELDCHART_BENCH_APART` | `1`: what was measured alone is written below the last whole run | not written |
//! | `FIELDCHART_BENCH_FHIR` | a folder of FHIR bundles to import | `../shared/data/interop/synthea-r4-2019` |
//! | `FIELDCHART_BENCH_PEERS` | the folder with the peers' programs | `../shared/judges` |
//! | `FIELDCHART_WASM_BYTES` | the size of the window's module, as `cargo xtask bench` found it | not measured |
//! | `FIELDCHART_SCREEN` | the file in which a virtual display keeps what it shows | start and memory are not measured |
//! | `FIELDCHART_APP`, `FIELDCHART_BARE` | the release app, and the bare page's program | the same |
#![allow(clippy::print_stderr, reason = "whoever waits is told what goes on")]

#[cfg(target_os = "linux")]
mod bare_tcp;
mod chart;
mod clock;
mod desk;
mod hands;
mod import;
mod launch;
#[cfg(target_os = "linux")]
mod line;
mod machine;
mod outcome;
mod page;
mod paper;
mod peers;
mod places;
mod population;
mod row;
mod save;
mod screen;
mod search;
mod today;
mod tree;
mod unlock;
mod usable;
mod visit;
mod window;

use outcome::Outcome;
use places::Places;
use row::Row;
use std::process::ExitCode;

/// One measure: its name, and what takes it.
type Measure = (&'static str, fn(&Places) -> Outcome<Vec<Row>>);

/// In the order they are told. The population comes first: the others use it.
const MEASURES: &[Measure] = &[
    ("population", population::measure),
    ("search", search::measure),
    ("chart", chart::measure),
    ("save", save::measure),
    ("unlock", unlock::measure),
    ("today", today::measure),
    ("paper", paper::measure),
    ("import", import::measure),
    ("usable", usable::measure),
    ("visit", visit::measure),
    ("opening", window::measure),
    ("opening", hands::opening),
    ("typing", hands::typing),
    ("day", hands::day),
    #[cfg(target_os = "linux")]
    ("line", line::measure),
];

fn main() -> ExitCode {
    match asked() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, unless it was started as one end of a transfer.
fn asked() -> Outcome {
    #[cfg(target_os = "linux")]
    if let [_, word, rest @ ..] = std::env::args().collect::<Vec<_>>().as_slice()
        && word == bare_tcp::WORD
    {
        return bare_tcp::end(rest);
    }
    run()
}

fn run() -> Outcome {
    let places = Places::find()?;
    let only = std::env::var("FIELDCHART_BENCH_ONLY").ok();
    let asked = |name: &str| only.as_ref().is_none_or(|only| only.split(',').any(|o| o == name));
    let begun = machine::Load::now();
    let mut rows = Vec::new();
    for (name, measure) in MEASURES.iter().filter(|(name, _)| asked(name)) {
        eprintln!("measuring: {name}");
        let before = clock::Usage::now();
        let mut found = measure(&places)?;
        let others = clock::Usage::now().others_percent_since(&before);
        found.iter_mut().for_each(|row| row.others_percent = row.others_percent.or(others));
        found.iter().for_each(|row| eprintln!("{}", row.to_markdown()));
        rows.extend(found);
    }
    let apart = std::env::var("FIELDCHART_BENCH_APART").is_ok_and(|value| value == "1");
    match only {
        None => page::write(&places, &rows, &begun)?,
        Some(only) if apart => page::write_apart(&places, &only, &rows, &begun)?,
        Some(_) => return Ok(()),
    }
    eprintln!("written: {}", places.page().display());
    Ok(())
}
