//! The gauge in the page: how long it is from a key that goes down to the frame that shows what it
//! changed.

use crate::{
    clock::{Spread, Took},
    outcome::Outcome,
    row::ms,
};
use ::tests::window::Window;
use serde_json::{Value, json};
use std::time::Duration;

/// A gauge in the page of a window. A page that is loaded anew has none.
pub(super) struct Gauge<'a> {
    window: &'a Window,
}

/// One key: how long until the page was changed, and until that was painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Press {
    changed: Duration,
    pub(super) painted: Duration,
    /// Until the last question it led to was answered; nothing where it led to none.
    answered: Duration,
    /// What was asked about was under way meanwhile.
    pub(super) during: bool,
}

/// When a key came: before a command was sent, while it was under way, after its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    Before,
    During,
    After,
}

impl<'a> Gauge<'a> {
    /// Puts a gauge into the page, which measures each key to the last thing it changed.
    pub(super) fn on(window: &'a Window) -> Self {
        window.ask(include_str!("gauge.js"), &[]);
        let gauge = Self { window };
        gauge.begin(false);
        gauge
    }

    /// Forgets the keys so far; from now on each is measured to its first change, a letter in a
    /// field, or else to its last.
    pub(super) fn begin(&self, first: bool) {
        self.window.ask("window.gauge.begin(arguments[0])", &[json!(first)]);
    }

    /// Presses keys, and measures the last one once the page has come to rest for `quiet`.
    pub(super) fn press(&self, keys: &str, quiet: Duration) -> Outcome<Press> {
        self.window.keys(keys);
        let quiet_ms = json!(quiet.as_secs_f64() * 1000.0);
        Press::read(&self.window.ask_later("window.gauge.rest(...arguments)", &[quiet_ms]))
    }

    /// How the last key met the nth time this command was sent after the key before it.
    pub(super) fn met(&self, command: &str, nth: usize) -> Met {
        let script = "return window.gauge.met(...arguments)";
        let met = self.window.ask(script, &[json!(command), json!(nth)]);
        match met.as_str() {
            Some("during") => Met::During,
            Some("after") => Met::After,
            _ => Met::Before,
        }
    }

    /// All keys since it began; `during` are those that came while the command was under way.
    pub(super) fn presses(&self, command: &str) -> Outcome<Vec<Press>> {
        let all = self.window.ask("return window.gauge.during(arguments[0])", &[json!(command)]);
        all.as_array().into_iter().flatten().map(Press::read).collect()
    }
}

impl Press {
    fn read(value: &Value) -> Outcome<Self> {
        let at = |place: usize| -> Outcome<Duration> {
            let told = value.get(place).and_then(Value::as_f64);
            let told = told.ok_or_else(|| format!("the gauge says {value}"))?;
            Ok(Duration::try_from_secs_f64(told.max(0.0) / 1000.0)?)
        };
        let during = value.get(3).and_then(Value::as_bool).unwrap_or_default();
        Ok(Self { changed: at(0)?, painted: at(1)?, answered: at(2)?, during })
    }
}

/// The times of a measure, until painted.
pub(super) fn painted(presses: &[Press]) -> Spread {
    spread(presses, |press| press.painted)
}

/// `p50 21.0 ms, p95 30.1 ms, slowest 41.0 ms; until the page was changed p50 1.0 ms, p95 2.0 ms`, and
/// where there were questions, until they were answered.
pub(super) fn told(presses: &[Press]) -> String {
    let (painted, changed) = (painted(presses), spread(presses, |press| press.changed));
    let [p50, p95, slowest] = [50, 95, 100].map(|percent| ms(painted.at(percent).wall));
    let (answered, until) = (spread(presses, |press| press.answered), |of: &Spread| {
        format!("p50 {}, p95 {}", ms(of.at(50).wall), ms(of.at(95).wall))
    });
    let changed = until(&changed);
    let answers = match answered.at(95).wall {
        Duration::ZERO => String::new(),
        _ => format!("; until the program had answered {}", until(&answered)),
    };
    format!(
        "p50 {p50}, p95 {p95}, slowest {slowest}; until the page was changed {changed}{answers}"
    )
}

fn spread(presses: &[Press], of: impl Fn(&Press) -> Duration) -> Spread {
    presses.iter().map(|press| Took { wall: of(press), cpu: Duration::ZERO }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_says_is_read() {
        let press = Press::read(&json!([1.5, 20.25, 0.75, true])).unwrap();
        assert_eq!((press.changed.as_micros(), press.painted.as_micros()), (1500, 20_250));
        assert!(press.during && !Press::read(&json!([0, 17, 0])).unwrap().during);
        for bad in [json!(null), json!([1]), json!(["1", "2"])] {
            assert!(Press::read(&bad).is_err(), "{bad}");
        }
        let said = told(&[press, Press::read(&json!([0.5, 10, 0.5])).unwrap()]);
        let want = "p50 10.0 ms, p95 10.0 ms, slowest 20.2 ms; until the page was changed p50 0.5 ms, \
                    p95 0.5 ms; until the program had answered p50 0.5 ms, p95 0.5 ms";
        assert_eq!(said, want);
    }
}
