//! What the measuring program tells, and the medians of it.

use std::collections::BTreeMap;

use serde_json::Value;

/// One step of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) wall_s: f64,
    pub(super) client_cpu_s: f64,
    pub(super) client_peak_mib: f64,
    pub(super) server_cpu_s: f64,
    pub(super) server_peak_mib: f64,
    pub(super) up_kib: f64,
    pub(super) down_kib: f64,
    /// Bytes of the bodies of HELLO, where they were counted: the least and the most.
    pub(super) hello: Option<(u32, u32)>,
    /// How often one went there and back at most, where it was counted.
    pub(super) trips: Option<u32>,
    pub(super) ok: bool,
}

/// Engine, charts and step.
pub(super) type Key = (&'static str, u32, String);

/// Each figure's median over the runs.
#[derive(Debug)]
pub(super) struct Figures {
    rounds: usize,
    /// With how many runs there were.
    rows: BTreeMap<Key, (usize, Row)>,
}

impl Row {
    /// Reads a line of the measuring program: the step's short name with its figures. Lines that are
    /// no step are none.
    pub(super) fn read(line: &str) -> Option<(String, Self)> {
        let told: Value = serde_json::from_str(line).ok()?;
        let step = match told.get("step")?.as_str()? {
            "W1 push" => "W1 push",
            "W1 pull" => "W1 pull",
            step => step.split(' ').next()?,
        };
        let number = |name: &str| told.get(name)?.as_f64();
        let note = told.get("note").and_then(Value::as_str).unwrap_or_default();
        let hello = number_after(note, "hello bodies ");
        let row = Self {
            wall_s: number("wall_s")?,
            client_cpu_s: number("client_cpu_s")?,
            client_peak_mib: number("client_peak_mib")?,
            server_cpu_s: number("server_cpu_s")?,
            server_peak_mib: number("server_peak_mib")?,
            up_kib: number("up_kib")?,
            down_kib: number("down_kib")?,
            hello: hello.map(|bytes| (bytes, bytes)),
            trips: number_after(note, "round trips "),
            ok: told.get("ok")?.as_bool()?,
        };
        Some((step.to_owned(), row))
    }

    /// What went either way.
    pub(super) const fn both_kib(&self) -> f64 {
        self.up_kib + self.down_kib
    }

    fn median(rows: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(rows.iter().map(figure).collect());
        Self {
            wall_s: of(|row| row.wall_s),
            client_cpu_s: of(|row| row.client_cpu_s),
            client_peak_mib: of(|row| row.client_peak_mib),
            server_cpu_s: of(|row| row.server_cpu_s),
            server_peak_mib: of(|row| row.server_peak_mib),
            up_kib: of(|row| row.up_kib),
            down_kib: of(|row| row.down_kib),
            hello: rows
                .iter()
                .filter_map(|row| row.hello)
                .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1))),
            trips: rows.iter().filter_map(|row| row.trips).max(),
            ok: rows.iter().all(|row| row.ok),
        }
    }
}

impl Figures {
    /// The medians of what was measured in so many rounds.
    pub(super) fn of(rows: BTreeMap<Key, Vec<Row>>, rounds: usize) -> Self {
        let median = |rows: Vec<Row>| (rows.len(), Row::median(&rows));
        Self { rounds, rows: rows.into_iter().map(|(key, rows)| (key, median(rows))).collect() }
    }

    /// A step of an engine, where it was measured.
    pub(super) fn step(&self, engine: &'static str, charts: u32, step: &str) -> Option<&Row> {
        self.rows.get(&(engine, charts, step.to_owned())).map(|(_, row)| row)
    }

    /// Of how many runs the medians of a step are, where they are fewer than there were rounds.
    pub(super) fn fewer(&self, engine: &'static str, charts: u32, step: &str) -> Option<usize> {
        let (runs, _) = self.rows.get(&(engine, charts, step.to_owned()))?;
        (*runs < self.rounds).then_some(*runs)
    }

    /// The most memory an engine's server had in any step, and of how many runs the medians are
    /// where they are fewer than there were rounds.
    pub(super) fn server_peak(
        &self,
        engine: &'static str,
        charts: u32,
    ) -> Option<(f64, Option<usize>)> {
        let of_engine =
            self.rows.iter().filter(|((name, of, _), _)| (*name, *of) == (engine, charts));
        let peaks = of_engine.map(|(_, (runs, row))| (row.server_peak_mib, *runs));
        let (most, runs) = peaks.reduce(|all, one| (all.0.max(one.0), all.1.min(one.1)))?;
        Some((most, (runs < self.rounds).then_some(runs)))
    }
}

/// The number that stands in a note after some words.
fn number_after(note: &str, words: &str) -> Option<u32> {
    let (_, rest) = note.split_once(words)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The middle one; of an even number the lower of the two.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len().saturating_sub(1) / 2;
    figures.get(middle).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A line of the measuring program.
    pub(crate) fn line(step: &str, wall_s: f64, down_kib: f64) -> String {
        format!(
            r#"{{"peer":"x","step":"{step}","wall_s":{wall_s},"client_cpu_s":1,"client_peak_mib":20,
            "server_cpu_s":0.5,"server_peak_mib":40,"up_kib":2.5,"down_kib":{down_kib},
            "connections":1,"ok":true}}"#
        )
    }

    #[test]
    fn steps_are_read_and_their_medians_taken() {
        let read = |step: &str, wall_s, down_kib| Row::read(&line(step, wall_s, down_kib)).unwrap();
        let (step, row) = read("W3 idle reconnect", 0.25, 3.5);
        assert_eq!((step.as_str(), row.wall_s, row.both_kib()), ("W3", 0.25, 6.0));
        assert_eq!(read("W1 pull", 1.0, 1.0).0, "W1 pull");
        assert_eq!(Row::read(r#"{"peer":"x","step":"disk","a_mib":1}"#), None);
        assert_eq!(Row::read("> peer-bench"), None);
        let rows = [4.0, 1.0, 9.0].map(|wall_s| read("W2 bootstrap", wall_s, 1.0).1).to_vec();
        let figures = Figures::of([(("ours", 7, "W2".to_owned()), rows)].into(), 4);
        assert_eq!(figures.step("ours", 7, "W2").unwrap().wall_s, 4.0);
        assert_eq!(figures.step("ours", 8, "W2"), None);
        assert_eq!(figures.server_peak("ours", 7), Some((40.0, Some(3))));
        assert_eq!(figures.fewer("ours", 7, "W2"), Some(3));
        assert_eq!(figures.fewer("ours", 8, "W2"), None);
    }

    #[test]
    fn what_was_counted_is_read_from_the_note() {
        let noted = |note: &str| {
            let line =
                line("W3 idle", 1.0, 1.0).replace(r#""ok""#, &format!(r#""note":"{note}","ok""#));
            let (_, row) = Row::read(&line).unwrap();
            (row.hello, row.trips)
        };
        assert_eq!(noted("hello bodies 231 bytes, round trips 4"), (Some((231, 231)), Some(4)));
        assert_eq!(noted("local edits 0.10 s"), (None, None));
        let rows = [231, 232, 231].map(|bytes| {
            let hello = Some((bytes, bytes));
            Row { hello, trips: Some(bytes), ..Row::read(&line("W3 idle", 1.0, 1.0)).unwrap().1 }
        });
        let row = Row::median(&rows);
        assert_eq!((row.hello, row.trips), (Some((231, 232)), Some(232)));
    }
}
