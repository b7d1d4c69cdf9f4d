//! What a command answers: JSON for programs, lines for people.

use serde::Serialize;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Something of an answer could not be written.
static UNTOLD: AtomicBool = AtomicBool::new(false);

/// Where answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// As JSON.
    pub(crate) json: bool,
}

impl Output {
    /// Answers with a value: as JSON, or as the lines `text` makes of it. Whoever stops reading
    /// (`| head`) has had enough.
    pub(crate) fn answer<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        let answer = if self.json { json(value) } else { harmless(&text(value)) };
        let answer = answer.trim_end();
        if !answer.is_empty() {
            let mut out = io::stdout().lock();
            let written = writeln!(out, "{answer}").and_then(|()| out.flush());
            let is_lost = written.is_err_and(|error| error.kind() != ErrorKind::BrokenPipe);
            UNTOLD.fetch_or(is_lost, Ordering::Relaxed);
        }
    }
}

/// Whether every answer was written, or read by nobody: a code that is told once and was not is
/// lost.
pub(crate) fn all_told() -> bool {
    !UNTOLD.load(Ordering::Relaxed)
}

/// A value as JSON on one line. What would steer a terminal is escaped: the value is the same.
pub(crate) fn json(value: &impl Serialize) -> String {
    let plain = serde_json::to_string(value).unwrap_or_default();
    let escaped = |c: char| {
        if steers(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
    };
    if plain.contains(steers) { plain.chars().map(escaped).collect() } else { plain }
}

/// Text without what would steer a terminal or turn its reading order round: control characters
/// but for the end of a line, and the marks of direction that Unicode calls bidirectional.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A value on one line: what people wrote begins no line of its own.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}

fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_does_not_steer_a_terminal() {
        let check = |text: &str, want: &str| assert_eq!(harmless(text), want);
        check("Okello\u{1b}[2J, Amina", "Okello\u{fffd}[2J, Amina");
        check("\u{9b}31m \r \u{7f}", "\u{fffd}31m \u{fffd} \u{fffd}");
        check("10\u{202e} gm 5\u{202c}", "10\u{fffd} gm 5\u{fffd}");
        check("Okel\u{200b}lo\u{200f}", "Okel\u{fffd}lo\u{fffd}");
        check("علی\u{200c}رضا", "علی\u{200c}رضا");
        check("Нгуен, 陈, أمينة\n  5\u{a0}mg", "Нгуен, 陈, أمينة\n  5\u{a0}mg");
    }

    #[test]
    fn json_escapes_it_and_keeps_the_value() {
        let value = "Okello\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\nأمينة";
        let written = json(&value);
        assert_eq!(written, r#""Okello\u001b[2J\u009b31m\u202e\u007f\nأمينة""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), value);
    }

    #[test]
    fn a_value_begins_no_line() {
        assert_eq!(
            on_one_line("Latex\n\nNo known allergies\r\n x"),
            "Latex  No known allergies  x"
        );
    }
}
