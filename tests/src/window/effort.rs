//! What a task costs the hands: keys and clicks, counted in the page as they arrive.

use std::cell::Cell;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::Window;

/// Counts every key that goes down (each key of a chord is one) and every press of the pointer.
const COUNT: &str = "
    const count = window.effort ??= (() => {
      const count = { keys: 0, clicks: 0 };
      addEventListener('keydown', (e) => { count.keys += e.isTrusted && !e.repeat ? 1 : 0; }, true);
      addEventListener('pointerdown', (e) => { count.clicks += e.isTrusted ? 1 : 0; }, true);
      return count;
    })();
    count.keys = 0;
    count.clicks = 0;";

/// A task that is being done.
#[derive(Debug)]
pub struct Effort<'a> {
    window: &'a Window,
    data: Cell<u64>,
    decisions: Cell<u64>,
}

/// What a task has cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Keys that are no data: to move, to choose, to confirm. Each key of a chord is one.
    pub keys: u64,
    /// Keys that are data.
    pub data: u64,
    /// Presses of the pointer.
    pub clicks: u64,
    /// Screens to take in and decisions to make, by the one who wrote the task down.
    pub decisions: u64,
}

impl Window {
    /// Begins to count.
    pub fn effort(&self) -> Effort<'_> {
        self.ask(COUNT, &[]);
        Effort { window: self, data: Cell::new(0), decisions: Cell::new(0) }
    }
}

impl Effort<'_> {
    /// Types what has to be said whatever the program.
    pub fn data(&self, text: &str) {
        self.data.set(self.data.get() + u64::try_from(text.chars().count()).unwrap_or_default());
        self.window.keys(text);
    }

    /// Presses a key.
    pub fn key(&self, key: Key) {
        self.window.key(key);
    }

    /// Presses a chord with Ctrl.
    pub fn ctrl(&self, key: char) {
        self.window.shortcut(Key::Control, key);
    }

    /// A screen was taken in, or a decision made.
    pub fn decide(&self) {
        self.decisions.set(self.decisions.get() + 1);
    }

    /// What it has cost.
    pub fn spent(self) -> Spent {
        let count = self.window.ask("return window.effort;", &[]);
        let counted = |of: &str| count.get(of).and_then(Value::as_u64).unwrap_or_default();
        assert_ne!(count, json!(null), "the page was loaded anew while it counted");
        let (keys, data) = (counted("keys"), self.data.get());
        assert!(keys >= data, "{keys} keys came, {data} of them data: some were lost");
        Spent {
            keys: keys - data,
            data,
            clicks: counted("clicks"),
            decisions: self.decisions.get(),
        }
    }
}

impl Spent {
    /// Seconds by the keystroke-level model of Card, Moran and Newell: 0.28 s a key (a typist of 40
    /// words a minute), 1.30 s to point and press, 1.35 s for each decision. What the program takes
    /// to answer is left out.
    pub fn seconds(self) -> f64 {
        let times = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        times(self.keys + self.data) * 0.28
            + times(self.clicks) * 1.30
            + times(self.decisions) * 1.35
    }
}
