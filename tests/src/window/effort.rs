//! What a task costs the hands: keys and presses as they arrive in the page, and in which order.

use std::cell::RefCell;
use std::fmt::Write as _;

use super::Window;
use crate::process::wait_for;
use fantoccini::key::Key;

/// Notes every key that goes down (each key of a chord is one) and every press of the pointer.
const COUNT: &str = "
    const effort = window.effort ??= (() => {
      const effort = { trace: '' };
      addEventListener('keydown', (e) => { if (e.isTrusted && !e.repeat) effort.trace += 'K'; }, true);
      addEventListener('pointerdown', (e) => { if (e.isTrusted) effort.trace += 'P'; }, true);
      return effort;
    })();
    effort.trace = '';";

/// A task that is being done.
#[derive(Debug)]
pub struct Effort<'a> {
    window: &'a Window,
    marks: RefCell<Vec<Mark>>,
}

/// What only who wrote the task down knows of what arrives in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// From this place on so many keys are data.
    Data(usize, usize),
    /// At this place a screen is taken in, or a decision made.
    Decision(usize),
}

/// What a task has cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// Keys that are no data: to move, to choose, to confirm. Each key of a chord is one.
    pub keys: u64,
    /// Keys that are data.
    pub data: u64,
    /// Presses of the pointer: each is pointed, pressed and let go.
    pub clicks: u64,
    /// Screens to take in and decisions to make, by the one who wrote the task down.
    pub decisions: u64,
    /// How often the hand goes from the keyboard to the pointer or back.
    pub homings: u64,
    /// The operators in their order, runs as one, data in brackets.
    pub trace: String,
}

impl Window {
    /// Begins to count.
    pub fn effort(&self) -> Effort<'_> {
        self.ask(COUNT, &[]);
        Effort { window: self, marks: RefCell::new(Vec::new()) }
    }
}

impl Effort<'_> {
    /// Types what has to be said whatever the program.
    pub fn data(&self, text: &str) {
        let (at, count) = (self.events().len(), text.chars().count());
        self.marks.borrow_mut().push(Mark::Data(at, count));
        self.window.keys(text);
        let all_came = || (self.events().len() >= at + count).then_some(());
        wait_for(&format!("every key of {text:?} to arrive"), all_came);
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
        self.marks.borrow_mut().push(Mark::Decision(self.events().len()));
    }

    /// What it has cost.
    pub fn spent(self) -> Spent {
        let events = self.events();
        spent(&events, &self.marks.into_inner())
    }

    /// What has arrived in the page: `K` and `P`.
    fn events(&self) -> String {
        let trace = self.window.ask("return window.effort?.trace ?? null;", &[]);
        let trace = trace.as_str().map(str::to_owned);
        trace.expect("the page was loaded anew while it counted")
    }
}

/// Adds up what arrived.
fn spent(events: &str, marks: &[Mark]) -> Spent {
    let is_data = |at: usize| {
        marks
            .iter()
            .any(|mark| matches!(mark, Mark::Data(from, n) if (*from..from + n).contains(&at)))
    };
    let mut spent =
        Spent { keys: 0, data: 0, clicks: 0, decisions: 0, homings: 0, trace: String::new() };
    let mut operators: Vec<&str> = Vec::new();
    let mut hand = events.chars().next();
    for (at, event) in events.chars().map(Some).chain([None]).enumerate() {
        let decided = marks.iter().filter(|mark| **mark == Mark::Decision(at)).count();
        operators.extend(std::iter::repeat_n("M", decided));
        spent.decisions += u64::try_from(decided).unwrap_or_default();
        let Some(event) = event else { break };
        if hand != Some(event) {
            hand = Some(event);
            spent.homings += 1;
            operators.push("H");
        }
        let (operator, count) = match event {
            'P' => ("P BB", &mut spent.clicks),
            _ if is_data(at) => ("[K]", &mut spent.data),
            _ => ("K", &mut spent.keys),
        };
        *count += 1;
        operators.push(operator);
    }
    spent.trace = runs(&operators);
    spent
}

/// Operators in their order, those that follow themselves counted: `2K M [6K]`.
fn runs(operators: &[&str]) -> String {
    let mut trace = String::new();
    for run in operators.chunk_by(|one, next| one == next && *one != "P BB") {
        let (operator, count) = (run.first().copied().unwrap_or_default(), run.len());
        let many = if count > 1 { count.to_string() } else { String::new() };
        let said = match operator.strip_prefix('[') {
            Some(inner) => format!("[{many}{inner}"),
            None => format!("{many}{operator}"),
        };
        let blank = if trace.is_empty() { "" } else { " " };
        write!(trace, "{blank}{said}").expect("a text takes what is written");
    }
    trace
}

impl Spent {
    /// Seconds by the keystroke-level model of Card, Moran and Newell: K 0.28 s (a typist of 40 words
    /// a minute), P 1.10 s to point, BB 0.20 s to press and let go, H 0.40 s from one device to the
    /// other, M 1.35 s to take in or decide. What the program takes to answer is left out.
    pub fn seconds(&self) -> f64 {
        let times = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        times(self.keys + self.data) * 0.28
            + times(self.clicks) * (1.10 + 0.20)
            + times(self.homings) * 0.40
            + times(self.decisions) * 1.35
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_becomes_operators_in_their_order() {
        let check = |events: &str, marks: &[Mark], trace: &str, counts: [u64; 5], seconds: f64| {
            let it = spent(events, marks);
            assert_eq!(it.trace, trace);
            let counted = [it.keys, it.data, it.clicks, it.decisions, it.homings];
            assert_eq!(counted, counts, "{trace}");
            assert!((it.seconds() - seconds).abs() < 0.001, "{trace}: {}", it.seconds());
        };
        check("", &[], "", [0, 0, 0, 0, 0], 0.0);
        let marks = [Mark::Decision(2), Mark::Data(2, 3), Mark::Decision(6), Mark::Decision(6)];
        check("KKKKKK", &marks, "2K M [3K] K 2M", [3, 3, 0, 3, 0], 6.0 * 0.28 + 3.0 * 1.35);
        // The hand goes from the pointer to the keyboard and back; where it begins costs nothing.
        let marks = [Mark::Data(1, 2)];
        check("PKKPP", &marks, "P BB H [2K] H P BB P BB", [0, 2, 3, 0, 2], 0.56 + 3.9 + 0.8);
        let half = [Mark::Data(0, 1), Mark::Data(2, 1)];
        check("KKK", &half, "[K] K [K]", [1, 2, 0, 0, 0], 0.84);
    }
}
