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
    bound("W3", ("bytes both ways, TLS included", "KiB"), Row::both_kib, None),
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
/// How often it may go there and back, TLS and what signing in takes included.
const IDLE_TRIPS_MAX: u32 = 4;
/// The bodies of its HELLO, there and back, are shorter.
const HELLO_BYTES_BELOW: u32 = 300;
/// How much more memory the server may have for a hundred times the charts, in MiB.
const SERVER_GROWTH_MIB_MAX: f64 = 10.0;
/// How much of the memory of PouchDB's server ours may have.
const SERVER_MEMORY_MAX: f64 = 0.25;
/// How many times quicker than automerge-repo each step must be.
const QUICKER_MIN: f64 = 5.0;

/// Of how many charts each line tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Of the clinic that is measured.
    pub(super) charts: u32,
    /// As many as automerge-repo gets through.
    pub(super) few: u32,
    /// Of the clinic whose idle reconnection costs the same.
    pub(super) small: u32,
    /// Of the clinics between which the server's memory may hardly grow.
    pub(super) growing: [u32; 2],
}

/// The engine of the clinics that grow.
pub(super) const GROWING: &str = "ours, growing";

/// The lines of the table: beside PouchDB, by themselves, beside automerge-repo.
pub(super) fn lines(figures: &Figures, sizes: Sizes) -> Vec<String> {
    let mut lines: Vec<String> =
        BOUNDS.iter().map(|bound| beside_pouchdb(figures, sizes.charts, bound)).collect();
    lines.push(server_memory(figures, sizes.charts));
    lines.push(server_growth(figures, sizes));
    lines.extend(idle(figures, sizes));
    let steps = ["W0", "W2", "W3", "W1 push", "W1 pull"];
    lines.extend(steps.iter().map(|step| beside_automerge(figures, sizes.few, step)));
    lines
}

/// A figure of an engine, where there is one, and of how many runs it is the median where some failed.
type Known = Option<(f64, Option<usize>)>;

fn known(
    figures: &Figures,
    (engine, charts, step): (&'static str, u32, &str),
    of: Figure,
) -> Known {
    let row = figures.step(engine, charts, step)?;
    Some((of(row), figures.fewer(engine, charts, step)))
}

fn beside_pouchdb(figures: &Figures, charts: u32, bound: &Bound) -> String {
    let Bound { step, what, figure, unit, at_most } = bound;
    let of = |engine| known(figures, (engine, charts, step), *figure);
    let asked = at_most.map(|most| (format!("≤ {most} x"), 1.0 / most));
    line(&format!("{step}, {what}"), (of("ours"), of("pouchdb")), unit, asked)
}

fn server_memory(figures: &Figures, charts: u32) -> String {
    let of = |engine| figures.server_peak(engine, charts);
    let asked = Some((format!("≤ {SERVER_MEMORY_MAX} x"), 1.0 / SERVER_MEMORY_MAX));
    let what = "memory of the server, the most in any step";
    line(what, (of("ours"), of("pouchdb")), "MiB", asked)
}

/// A hundred times the charts take hardly more memory of the server.
fn server_growth(figures: &Figures, sizes: Sizes) -> String {
    let [less, more] = sizes.growing;
    let [small, large] = [less, more].map(|charts| figures.server_peak(GROWING, charts));
    let what = format!(
        "memory of the server at {less} and at {more} charts of 30 entries, the most in any step \
         of one run"
    );
    let measured = small.zip(large).map(|((small, _), (large, _))| {
        let figure = format!("{} and {} MiB", short(small), short(large));
        (figure, large - small <= SERVER_GROWTH_MIB_MAX)
    });
    by_itself(&what, measured, &format!("≤ + {SERVER_GROWTH_MIB_MAX} MiB"))
}

/// A reconnection at which nothing changed costs the same however large the clinic is.
fn idle(figures: &Figures, Sizes { charts, small, .. }: Sizes) -> [String; 2] {
    let [large, little] = [charts, small].map(|charts| figures.step("ours", charts, "W3"));
    let both = large.zip(little);
    let hello = both.and_then(|(large, little)| large.hello.zip(little.hello));
    let hello = hello.map(|(large, little)| {
        let range = |(least, most): (u32, u32)| {
            if least == most { least.to_string() } else { format!("{least} to {most}") }
        };
        let is_equal = large == little && large.0 == large.1;
        let figure = format!("{} and {} bytes", range(large), range(little));
        (figure, is_equal && large.1 < HELLO_BYTES_BELOW)
    });
    let wire = both.and_then(|(large, little)| {
        let [far, near] = [large, little].map(|row| row.trips);
        let (trips, kib) = (far.zip(near)?, (large.both_kib(), little.both_kib()));
        let figure = format!(
            "{} and {} KiB, {} and {} round trips",
            short(kib.0),
            short(kib.1),
            trips.0,
            trips.1
        );
        Some((figure, kib.0.max(kib.1) <= IDLE_KIB_MAX && trips.0.max(trips.1) <= IDLE_TRIPS_MAX))
    });
    let at = format!("at {charts} and at {small} charts");
    let asked = format!("< {HELLO_BYTES_BELOW} bytes, equal");
    let asked_wire = format!("≤ {IDLE_KIB_MAX} KiB, ≤ {IDLE_TRIPS_MAX} round trips");
    [
        by_itself(&format!("W3, bodies of the hello there and back {at}"), hello, &asked),
        by_itself(
            &format!(
                "W3, on the wire both ways with TLS and challenge, after TCP has opened, {at}"
            ),
            wire,
            &asked_wire,
        ),
    ]
}

fn beside_automerge(figures: &Figures, few: u32, step: &str) -> String {
    let of = |engine| known(figures, (engine, few, step), |row| row.wall_s);
    let asked = Some((format!("{QUICKER_MIN} x quicker"), QUICKER_MIN));
    let what = format!("{step} at {few} charts beside automerge-repo, time");
    line(&what, (of("ours"), of("automerge-repo")), "s", asked)
}

/// Ours beside another's; `asked` in words, and how many times ours the other's must be.
fn line(
    what: &str,
    (ours, theirs): (Known, Known),
    unit: &str,
    asked: Option<(String, f64)>,
) -> String {
    let figure = |known: Known| match known {
        None => NOT_MEASURED.to_owned(),
        Some((figure, None)) => format!("{} {unit}", short(figure)),
        Some((figure, Some(1))) => format!("{} {unit} (one run)", short(figure)),
        Some((figure, Some(runs))) => format!("{} {unit} (median of {runs})", short(figure)),
    };
    let both = ours.zip(theirs).map(|((ours, _), (theirs, _))| (ours, theirs));
    let ratio = both.map(|(ours, theirs)| ours / theirs).filter(|ratio| ratio.is_finite());
    let holds = asked
        .as_ref()
        .zip(both)
        .map_or("", |((_, times), (ours, theirs))| told(ours * times <= theirs));
    let asked = asked.map(|(asked, _)| asked).unwrap_or_default();
    let (left, right) = (figure(ours), figure(theirs));
    format!(
        "| {what} | {left} | {right} | {} | {asked} | {holds} |",
        ratio.map(short).unwrap_or_default()
    )
}

/// Ours beside nobody's.
fn by_itself(what: &str, measured: Option<(String, bool)>, asked: &str) -> String {
    let (figure, holds) = measured
        .map_or_else(|| (NOT_MEASURED.to_owned(), ""), |(figure, holds)| (figure, told(holds)));
    format!("| {what} | {figure} | | | {asked} | {holds} |")
}

/// What stands where no run came to its end.
const NOT_MEASURED: &str = "not measured";

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

    const SIZES: Sizes = Sizes { charts: 100, few: 20, small: 10, growing: [5, 50] };

    fn step(
        engine: &'static str,
        charts: u32,
        step: &str,
        (wall_s, down_kib): (f64, f64),
    ) -> (crate::bench::sync::figures::Key, Vec<Row>) {
        let (name, row) = Row::read(&told_line(step, wall_s, down_kib)).unwrap();
        ((engine, charts, name), vec![row])
    }

    fn find(lines: &[String], start: &str) -> String {
        lines.iter().find(|line| line.starts_with(start)).unwrap().clone()
    }

    #[test]
    fn each_bound_is_held_against_what_was_measured() {
        let measured = [
            step("ours", 100, "W1 pull", (0.5, 75.0)),
            step("pouchdb", 100, "W1 pull", (1.0, 90.0)),
            step("ours", 20, "W2 bootstrap", (0.5, 1.0)),
            step("automerge-repo", 20, "W2 bootstrap", (2.0, 1.0)),
        ];
        let lines = lines(&Figures::of(measured.into(), 1), SIZES);
        assert_eq!(
            find(&lines, "| W1 pull, time"),
            "| W1 pull, time | 0.50 s | 1.00 s | 0.50 | ≤ 0.8 x | holds |"
        );
        assert!(find(&lines, "| W1 pull, bytes both").ends_with("| 0.84 | ≤ 0.8 x | **misses** |"));
        assert!(
            find(&lines, "| memory of the server,").ends_with("| 1.00 | ≤ 0.25 x | **misses** |")
        );
        assert!(find(&lines, "| W2 at 20 charts").ends_with("| 0.25 | 5 x quicker | **misses** |"));
    }

    #[test]
    fn what_was_not_measured_is_said_and_so_are_fewer_runs() {
        let measured = [
            step("ours", 100, "W1 pull", (0.5, 75.0)),
            step("ours", 20, "W2 bootstrap", (0.5, 1.0)),
            step("automerge-repo", 20, "W2 bootstrap", (5.0, 1.0)),
        ];
        let mut rows: std::collections::BTreeMap<_, _> = measured.into();
        for key in [("ours", 20, "W2".to_owned()), ("automerge-repo", 20, "W2".to_owned())] {
            let runs = if key.0 == "ours" { 5 } else { 4 };
            let row = rows[&key][0];
            rows.insert(key, vec![row; runs]);
        }
        let lines = lines(&Figures::of(rows, 5), SIZES);
        assert_eq!(
            find(&lines, "| W1 pull, time"),
            "| W1 pull, time | 0.50 s (one run) | not measured |  | ≤ 0.8 x |  |"
        );
        assert_eq!(
            find(&lines, "| W2 at 20 charts"),
            "| W2 at 20 charts beside automerge-repo, time | 0.50 s | 5.00 s (median of 4) | 0.10 | 5 x \
             quicker | holds |"
        );
        for start in
            ["| W0, time", "| memory of the server at 5 and", "| W3, bodies", "| W3, on the wire"]
        {
            assert!(find(&lines, start).contains("| not measured |"), "{lines:?}");
        }
        assert_eq!(lines.len(), BOUNDS.len() + 9);
    }

    #[test]
    fn an_idle_reconnection_is_equal_to_the_byte_and_short() {
        let check = |large: (u32, u32), little: (u32, u32), trips: u32, want: [&str; 2]| {
            let row = |hello| Row {
                hello: Some(hello),
                trips: Some(trips),
                ..Row::read(&told_line("W3 idle", 0.1, 1.0)).unwrap().1
            };
            let rows = [(100, large), (10, little)]
                .map(|(charts, hello)| (("ours", charts, "W3".to_owned()), vec![row(hello)]));
            let told = idle(&Figures::of(rows.into(), 1), SIZES);
            assert!(told.iter().zip(want).all(|(line, end)| line.ends_with(end)), "{told:?}");
        };
        let (holds, misses) = ("| holds |", "| **misses** |");
        check((231, 231), (231, 231), 4, [holds, holds]);
        check((231, 231), (230, 230), 5, [misses, misses]);
        check((230, 231), (230, 231), 4, [misses, holds]);
        check((300, 300), (300, 300), 4, [misses, holds]);
    }

    #[test]
    fn a_server_may_hardly_grow() {
        let told = |more: f64| {
            let row = |server_peak_mib| Row {
                server_peak_mib,
                ..Row::read(&told_line("W0 seed", 0.1, 1.0)).unwrap().1
            };
            let rows = [(5, 30.0), (50, more)]
                .map(|(charts, peak)| ((GROWING, charts, "W0".to_owned()), vec![row(peak)]));
            server_growth(&Figures::of(rows.into(), 5), SIZES)
        };
        assert!(
            told(40.0).ends_with("| 30.0 and 40.0 MiB | | | ≤ + 10 MiB | holds |"),
            "{}",
            told(40.0)
        );
        assert!(told(41.0).ends_with("| **misses** |"));
    }
}
