//! The page `docs/EFFORT.md`, as the figures of this run make it.

use std::fmt::Write as _;
use std::path::Path;

use tests::window::Spent;

use super::budget::Done;

/// The page in the tree says the same, or is written anew where that is asked for.
pub(super) fn hold(done: &[Done]) {
    let page = page(done);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/EFFORT.md");
    if std::env::var_os("FIELDCHART_WRITE_EFFORT").is_some() {
        return std::fs::write(&path, page).expect("the page is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, page, "docs/EFFORT.md tells other figures");
}

fn page(done: &[Done]) -> String {
    let figures: String = done.iter().map(figures_of).collect();
    let traces: String = done.iter().map(traces_of).collect();
    format!("{HEAD}{figures}{}{TRACES}{traces}{FOOT}", sums(done))
}

fn figures_of((task, by_keys, by_mouse): &Done) -> String {
    let [openmrs, openemr] = task.others;
    let other =
        |(clicks, keys, seconds): (u64, u64, f64)| format!("{clicks} / {keys} / {seconds:.1}");
    let mut line = String::new();
    writeln!(
        line,
        "| {} | {} ({}) | {} | {:.1} | {} ({}) | {:.1} | {} | {} | {:.2} |",
        task.name,
        by_keys.keys,
        task.keys_max,
        by_keys.data,
        by_keys.seconds(),
        by_mouse.clicks,
        task.presses_max,
        by_mouse.seconds(),
        other(openmrs),
        other(openemr),
        by_keys.seconds() / openmrs.2,
    )
    .expect("a text takes what is written");
    line
}

/// All tasks together.
fn sums(done: &[Done]) -> String {
    let keys: f64 = done.iter().map(|(_, by_keys, _)| by_keys.seconds()).sum();
    let mouse: f64 = done.iter().map(|(_, _, by_mouse)| by_mouse.seconds()).sum();
    let [openmrs, openemr] =
        [0, 1].map(|which| done.iter().map(|(task, ..)| task.others[which].2).sum::<f64>());
    format!(
        "| all of them | | | {keys:.1} | | {mouse:.1} | {openmrs:.1} s | {openemr:.1} s | {:.2} |\n",
        keys / openmrs
    )
}

fn traces_of((task, by_keys, by_mouse): &Done) -> String {
    let name = task.name;
    trace_of(name, "keys", by_keys) + &trace_of(name, "mouse", by_mouse)
}

fn trace_of(name: &str, way: &str, spent: &Spent) -> String {
    let Spent { keys, data, clicks, decisions, homings, trace } = spent;
    let (all, seconds) = (keys + data, spent.seconds());
    format!(
        "| {name} | {way} | {all} | {clicks} | {homings} | {decisions} | {seconds:.1} | `{trace}` |\n"
    )
}

const HEAD: &str = "# What a task costs the hands

Counted in the real window by an end-to-end test (`tests/e2e/effort.rs`), which fails when a task
costs more than its budget (in brackets; the table is `tests/e2e/effort-budgets.tsv`), when it does
not end in what it is for, on screen and on paper, or when this page says something else. Keys are
those that are no data: to move, to choose, to confirm; each key of a chord is one. Seconds are those
of the keystroke-level model of Card, Moran and Newell; what a program takes to answer is left out.
OpenMRS 3 and OpenEMR: clicks / keys / seconds of the same model over what their own end-to-end tests
and forms ask for. Nobody was watched: these are models of all three.

| task | keys | data | seconds by keys | clicks by mouse | seconds by mouse | OpenMRS 3 | OpenEMR | by keys to OpenMRS 3 |
|---|---|---|---|---|---|---|---|---|
";

const TRACES: &str = "
## The operators

Each task as a sequence of operators, in the order in which they arrived in the window. `K` a key
(0.28 s, a typist of 40 words a minute), in brackets where it is data; `P` to point at something
(1.10 s); `BB` to press the button and let it go (0.20 s); `H` the hand goes from the keyboard to the
mouse or back (0.40 s); `M` a screen is taken in, or a decision made (1.35 s): set by whoever wrote
the task down, at most 3 of them, of a visit 6.

| task | by | K | P BB | H | M | seconds | operators |
|---|---|---|---|---|---|---|---|
";

const FOOT: &str = "
After a change that costs more or less: `FIELDCHART_WRITE_EFFORT=1` beside the test writes this page
anew.
";
