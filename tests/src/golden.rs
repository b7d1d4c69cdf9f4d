//! Answers made fit for goldens: what differs from run to run gets a name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value;

/// The length of what begins a text, if it has a certain shape.
type Shape = fn(&str) -> Option<usize>;

/// Names what differs from run to run: ids, changes, times, codes, folders.
///
/// The same id gets the same name within one text, so a golden still shows what refers to what.
#[derive(Debug, Default)]
pub struct Golden {
    known: BTreeMap<String, String>,
    names: BTreeMap<String, usize>,
}

impl Golden {
    /// Names nothing but the shapes it knows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a text of this run a name.
    pub fn name(mut self, text: &str, name: &str) -> Self {
        self.known.insert(text.to_owned(), format!("<{name}>"));
        self
    }

    /// A JSON answer, one member a line.
    pub fn json(self, value: &Value) -> String {
        let pretty = serde_json::to_string_pretty(value).expect("JSON is written");
        self.text(&pretty)
    }

    /// A text for people.
    pub fn text(mut self, text: &str) -> String {
        let mut named = text.to_owned();
        // The longer first: a short one may stand in it.
        let mut known: Vec<_> = self.known.iter().collect();
        known.sort_by_key(|(found, _)| Reverse(found.len()));
        for (found, name) in known {
            named = named.replace(found.as_str(), name);
        }
        let mut out = String::new();
        let mut rest = named.as_str();
        while let Some(first) = rest.chars().next() {
            let begins = !out.ends_with(|last: char| last.is_ascii_alphanumeric());
            let taken = if begins { self.shape(rest) } else { None };
            let (name, length) = taken.unwrap_or((first.to_string(), first.len_utf8()));
            out.push_str(&name);
            rest = rest.split_at(length).1;
        }
        out
    }

    /// What begins here and is to be named: its name, and its length.
    fn shape(&mut self, text: &str) -> Option<(String, usize)> {
        let shapes: [(&str, Shape); 4] =
            [("id", uuid), ("change", change), ("time", moment), ("time", milliseconds)];
        for (kind, shape) in shapes {
            if let Some(length) = shape(text) {
                let (found, _) = text.split_at(length);
                let name = match kind {
                    "time" => "<time>".to_owned(),
                    _ => self.numbered(kind, found),
                };
                return Some((name, length));
            }
        }
        day(text).map(|length| ("<day>".to_owned(), length))
    }

    fn numbered(&mut self, kind: &str, found: &str) -> String {
        if let Some(name) = self.known.get(found) {
            return name.clone();
        }
        let number = self.names.entry(kind.to_owned()).or_default();
        *number += 1;
        let name = format!("<{kind} {number}>");
        self.known.insert(found.to_owned(), name.clone());
        name
    }
}

/// The length of what `pattern` describes at the start: `x` a hex digit, `9` a digit, others
/// themselves. It must end there.
fn matches(text: &str, pattern: &str) -> Option<usize> {
    let mut letters = text.chars();
    let fits = pattern.chars().all(|want| {
        letters.next().is_some_and(|found| match want {
            'x' => found.is_ascii_hexdigit() && !found.is_ascii_uppercase(),
            '9' => found.is_ascii_digit(),
            other => found == other,
        })
    });
    let ends = letters.next().is_none_or(|next| !next.is_ascii_alphanumeric());
    (fits && ends).then_some(pattern.len())
}

fn uuid(text: &str) -> Option<usize> {
    matches(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
}

fn change(text: &str) -> Option<usize> {
    matches(text, &"x".repeat(64))
}

fn moment(text: &str) -> Option<usize> {
    let shapes = [
        "9999-99-99T99:99:99.999Z",
        "9999-99-99T99:99:99Z",
        "9999-99-99T99:99:99+99:99",
        "9999-99-99T99:99:99-99:99",
    ];
    shapes.iter().find_map(|shape| matches(text, shape))
}

/// Milliseconds since the epoch of these years.
fn milliseconds(text: &str) -> Option<usize> {
    matches(text, "9999999999999").filter(|_| text.starts_with(['1', '2']))
}

/// A day of these years; those of invented lives lie before.
fn day(text: &str) -> Option<usize> {
    matches(text, "9999-99-99").filter(|_| text > "2026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_and_what_refers_is_seen() {
        let one = "01a20b86-cd54-7fb1-ad84-eec229487454";
        let two = "01a20b86-cbf1-73b7-99e6-f627c690bdd9";
        let change = "ab".repeat(32);
        let check = |text: String, want: &str| {
            assert_eq!(Golden::new().name("/tmp/x", "folder").text(&text), want);
        };
        let codes = Golden::new().name("4Q", "code").name("ZK4Q-", "code");
        assert_eq!(codes.text("ZK4Q-4Q"), "<code><code>", "a short one may stand in a longer");
        check(format!("{one} {two} {one}"), "<id 1> <id 2> <id 1>");
        check(format!("medication/{one}:{change}"), "medication/<id 1>:<change 1>");
        check(
            "2026-11-24T09:30:00.123Z 2026-11-24T23:30:00+05:45 2026-11-24 1980-03-14 1795500000000"
                .to_owned(),
            "<time> <time> <day> 1980-03-14 <time>",
        );
        check(
            "/tmp/x/a.json 500 +256 700 123456".to_owned(),
            "<folder>/a.json 500 +256 700 123456",
        );
    }
}
