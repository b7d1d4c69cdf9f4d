//! What a command answers: JSON for programs, lines for people.

use clinical::signs;
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
    /// Says beside the answer what people should know; scripts ask for it.
    #[allow(clippy::print_stderr, reason = "this is where the command line speaks")]
    pub(crate) fn warn(self, text: &str) {
        if !self.json {
            eprintln!("fieldchart: {}", harmless(text));
        }
    }

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
    if !signs(&plain).any(steers) {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len());
    for (sign, hidden) in signs(&plain) {
        if steers((sign, hidden)) {
            let mut units = [0; 2];
            let units = sign.encode_utf16(&mut units).iter();
            units.for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
        } else {
            escaped.push(sign);
        }
    }
    escaped
}

/// Text without what would steer a terminal, turn its reading order round or not be seen: control
/// characters but for the end of a line, and the hidden signs.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |(sign, hidden)| {
        if steers((sign, hidden)) { char::REPLACEMENT_CHARACTER } else { sign }
    };
    signs(text).map(shown).collect()
}

/// A value on one line: what people wrote begins no line of its own.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}

fn steers((sign, hidden): (char, bool)) -> bool {
    hidden || (sign.is_control() && sign != '\n')
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
        check("O\u{ad}kello\u{3164}\u{e0041}", "O\u{fffd}kello\u{fffd}\u{fffd}");
        check("علی\u{200c}رضا", "علی\u{200c}رضا");
        check("Нгуен, 陈, أمينة\n  5\u{a0}mg", "Нгуен, 陈, أمينة\n  5\u{a0}mg");
    }

    #[test]
    fn json_escapes_it_and_keeps_the_value() {
        let value = "Okello\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\nأمينة\u{e0041}";
        let written = json(&value);
        assert_eq!(written, r#""Okello\u001b[2J\u009b31m\u202e\u007f\nأمينة\udb40\udc41""#);
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
