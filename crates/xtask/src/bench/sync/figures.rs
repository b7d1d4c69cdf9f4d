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
    pub(super) ok: bool,
}

/// Engine, charts and step.
pub(super) type Key = (&'static str, u32, String);

/// Each figure's median over the runs.
#[derive(Debug)]
pub(super) struct Figures(BTreeMap<Key, Row>);

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
        let row = Self {
            wall_s: number("wall_s")?,
            client_cpu_s: number("client_cpu_s")?,
            client_peak_mib: number("client_peak_mib")?,
            server_cpu_s: number("server_cpu_s")?,
            server_peak_mib: number("server_peak_mib")?,
            up_kib: number("up_kib")?,
            down_kib: number("down_kib")?,
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
            ok: rows.iter().all(|row| row.ok),
        }
    }
}

impl Figures {
    /// The medians of what was measured.
    pub(super) fn of(rows: BTreeMap<Key, Vec<Row>>) -> Self {
        Self(rows.into_iter().map(|(key, rows)| (key, Row::median(&rows))).collect())
    }

    /// A step of an engine, where it was measured.
    pub(super) fn step(&self, engine: &'static str, charts: u32, step: &str) -> Option<&Row> {
        self.0.get(&(engine, charts, step.to_owned()))
    }

    /// The most memory an engine's server had in any step.
    pub(super) fn server_peak_mib(&self, engine: &'static str, charts: u32) -> Option<f64> {
        let of_engine = self.0.iter().filter(|((name, of, _), _)| (*name, *of) == (engine, charts));
        of_engine.map(|(_, row)| row.server_peak_mib).max_by(f64::total_cmp)
    }
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
        let figures = Figures::of([(("ours", 7, "W2".to_owned()), rows)].into());
        assert_eq!(figures.step("ours", 7, "W2").unwrap().wall_s, 4.0);
        assert_eq!(figures.step("ours", 8, "W2"), None);
        assert_eq!(figures.server_peak_mib("ours", 7), Some(40.0));
    }
}
