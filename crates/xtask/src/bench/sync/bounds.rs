//! What was asked of sync, beside what was measured.

use super::figures::{Figures, Row};

/// A figure of a step.
type Figure = fn(&Row) -> f64;

/// Ours at most so many times PouchDB's.
struct Bound {
    step: &'static str,
    what: &'static str,
    figure: Figure,
    unit: &'static str,
    at_most: Option<f64>,
}

const fn bound(
    step: &'static str,
    (what, unit): (&'static str, &'static str),
    figure: Figure,
    at_most: Option<f64>,
) -> Bound {
    Bound { step, what, figure, unit, at_most }
}

const WALL: (&str, &str) = ("time", "s");
const CLIENT_CPU: (&str, &str) = ("processor of the device", "s");
const SERVER_CPU: (&str, &str) = ("processor of the server", "s");
const UP: (&str, &str) = ("bytes up", "KiB");
const DOWN: (&str, &str) = ("bytes down", "KiB");
const PEAK: (&str, &str) = ("memory of the device", "MiB");

const BOUNDS: [Bound; 21] = [
    bound("W0", WALL, |row| row.wall_s, None),
    bound("W0", UP, |row| row.up_kib, None),
    bound("W0", SERVER_CPU, |row| row.server_cpu_s, None),
    bound("W2", WALL, |row| row.wall_s, Some(0.7)),
    bound("W2", DOWN, |row| row.down_kib, Some(1.0)),
    bound("W2", CLIENT_CPU, |row| row.client_cpu_s, None),
    bound("W2", SERVER_CPU, |row| row.server_cpu_s, None),
    bound("W2", PEAK, |row| row.client_peak_mib, None),
    bound("W3", WALL, |row| row.wall_s, Some(0.25)),
    bound("W3", ("bytes both ways, TLS and challenge included", "KiB"), Row::both_kib, None),
    bound("W1 push", WALL, |row| row.wall_s, Some(0.1)),
    bound("W1 push", UP, |row| row.up_kib, Some(0.2)),
    bound("W1 push", CLIENT_CPU, |row| row.client_cpu_s, None),
    bound("W1 push", SERVER_CPU, |row| row.server_cpu_s, Some(0.05)),
    bound("W1 push", PEAK, |row| row.client_peak_mib, None),
    bound("W1 pull", WALL, |row| row.wall_s, Some(0.8)),
    bound("W1 pull", ("bytes both ways", "KiB"), Row::both_kib, Some(0.8)),
    bound("W1 pull", DOWN, |row| row.down_kib, None),
    bound("W1 pull", CLIENT_CPU, |row| row.client_cpu_s, None),
    bound("W1 pull", SERVER_CPU, |row| row.server_cpu_s, None),
    bound("W1 pull", PEAK, |row| row.client_peak_mib, None),
];

/// What a reconnection at which nothing changed may put on the wire, in KiB.
const IDLE_KIB_MAX: f64 = 4.0;
/// How much of the memory of PouchDB's server ours may have.
const SERVER_MEMORY_MAX: f64 = 0.25;
/// How many times quicker than automerge-repo each step must be.
const QUICKER_MIN: f64 = 5.0;

/// The lines of the table: beside PouchDB, by themselves, beside automerge-repo.
pub(super) fn lines(figures: &Figures, charts: u32, (few, small): (u32, u32)) -> Vec<String> {
    let mut lines: Vec<String> =
        BOUNDS.iter().filter_map(|bound| beside_pouchdb(figures, charts, bound)).collect();
    lines.extend(server_memory(figures, charts));
    lines.extend(idle(figures, charts, small));
    let steps = ["W0", "W2", "W3", "W1 push", "W1 pull"];
    lines.extend(steps.iter().filter_map(|step| beside_automerge(figures, few, step)));
    lines
}

fn beside_pouchdb(figures: &Figures, charts: u32, bound: &Bound) -> Option<String> {
    let Bound { step, what, figure, unit, at_most } = bound;
    let ours = figure(figures.step("ours", charts, step)?);
    let theirs = figure(figures.step("pouchdb", charts, step)?);
    let what = format!("{step}, {what}");
    let asked = at_most.map(|most| (format!("≤ {most} x"), ours / theirs <= most));
    Some(line(&what, (ours, theirs), unit, asked))
}

fn server_memory(figures: &Figures, charts: u32) -> Option<String> {
    let ours = figures.server_peak_mib("ours", charts)?;
    let theirs = figures.server_peak_mib("pouchdb", charts)?;
    let asked = (format!("≤ {SERVER_MEMORY_MAX} x"), ours / theirs <= SERVER_MEMORY_MAX);
    Some(line("memory of the server, the most in any step", (ours, theirs), "MiB", Some(asked)))
}

/// A reconnection at which nothing changed costs the same however large the clinic is.
fn idle(figures: &Figures, charts: u32, small: u32) -> Option<String> {
    let large = figures.step("ours", charts, "W3")?.both_kib();
    let little = figures.step("ours", small, "W3")?.both_kib();
    let holds = large <= IDLE_KIB_MAX && (large - little).abs() <= 0.1;
    Some(format!(
        "| W3, bytes both ways at {charts} and at {small} charts | {} and {} KiB | | | ≤ \
         {IDLE_KIB_MAX} KiB, equal | {} |",
        short(large),
        short(little),
        told(holds)
    ))
}

fn beside_automerge(figures: &Figures, few: u32, step: &str) -> Option<String> {
    let ours = figures.step("ours", few, step)?.wall_s;
    let theirs = figures.step("automerge-repo", few, step)?.wall_s;
    let asked = (format!("{QUICKER_MIN} x quicker"), ours * QUICKER_MIN <= theirs);
    let what = format!("{step} at {few} charts beside automerge-repo, time");
    Some(line(&what, (ours, theirs), "s", Some(asked)))
}

fn line(
    what: &str,
    (ours, theirs): (f64, f64),
    unit: &str,
    asked: Option<(String, bool)>,
) -> String {
    let (asked, holds) = match asked {
        Some((asked, holds)) => (asked, told(holds)),
        None => (String::new(), ""),
    };
    let ratio = ours / theirs;
    let ratio = if ratio.is_finite() { short(ratio) } else { String::new() };
    format!(
        "| {what} | {} {unit} | {} {unit} | {ratio} | {asked} | {holds} |",
        short(ours),
        short(theirs)
    )
}

const fn told(holds: bool) -> &'static str {
    if holds { "holds" } else { "**misses**" }
}

/// A number with as many digits as say something.
fn short(number: f64) -> String {
    if number.abs() >= 100.0 {
        format!("{number:.0}")
    } else if number.abs() >= 10.0 {
        format!("{number:.1}")
    } else if number.abs() >= 0.1 {
        format!("{number:.2}")
    } else {
        format!("{number:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::sync::figures::tests::line as told_line;

    #[test]
    fn each_bound_is_held_against_what_was_measured() {
        let step = |engine: &'static str, charts, step: &str, wall_s, down_kib| {
            let (name, row) = Row::read(&told_line(step, wall_s, down_kib)).unwrap();
            ((engine, charts, name), vec![row])
        };
        let measured = [
            step("ours", 100, "W1 pull", 0.5, 75.0),
            step("pouchdb", 100, "W1 pull", 1.0, 90.0),
            step("ours", 100, "W3 idle reconnect", 0.5, 1.0),
            step("ours", 10, "W3 idle reconnect", 0.5, 1.0),
            step("ours", 20, "W2 bootstrap", 0.5, 1.0),
            step("automerge-repo", 20, "W2 bootstrap", 2.0, 1.0),
        ];
        let lines = lines(&Figures::of(measured.into()), 100, (20, 10));
        let find = |start: &str| lines.iter().find(|line| line.starts_with(start)).unwrap();
        assert_eq!(
            find("| W1 pull, time"),
            "| W1 pull, time | 0.50 s | 1.00 s | 0.50 | ≤ 0.8 x | holds |"
        );
        assert!(find("| W1 pull, bytes both").ends_with("| 0.84 | ≤ 0.8 x | **misses** |"));
        assert!(find("| memory of the server").ends_with("| 1.00 | ≤ 0.25 x | **misses** |"));
        assert!(find("| W3, bytes both ways at 100 and at 10").ends_with("| holds |"));
        assert!(find("| W2 at 20 charts").ends_with("| 0.25 | 5 x quicker | **misses** |"));
    }
}
