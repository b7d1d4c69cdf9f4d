//! JSON on standard input: taken, or told what is wrong with it and where.
//!
//! What stands there is never told: it may be somebody's name, and errors are kept in logs. Told is
//! what was asked for, and the names of fields, of which a name that is not ours only where it is a
//! plain word.

use super::strict::ambiguous;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

/// No word of ours is longer.
const WORD_LEN_MAX: usize = 32;

/// How serde begins what it says of a value; behind `, expected ` stands what it asked for.
const ASKED: [&str; 5] = [
    "invalid type: ",
    "invalid value: ",
    "invalid length ",
    "unknown field `",
    "unknown variant `",
];

/// What a text says, each thing once.
///
/// # Errors
/// A sentence that says what is wrong and where.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    if let Some(why) = ambiguous(text) {
        return Err(format!("Standard input {why}; nothing was saved."));
    }
    answer(text)
}

/// What the program itself answered before: its lists are lists.
///
/// # Errors
/// As [`read`].
pub(super) fn answer<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| misread(&place(error.path()), error.inner()))?;
    reader.end().map_err(|error| misread("", &error))?;
    Ok(value)
}

/// The names that lead to a place: `dosage.dose`. Empty for the whole.
pub(super) fn place(path: &Path) -> String {
    let mut place = String::new();
    for segment in path {
        match segment {
            Segment::Map { key } => place = member(&place, key),
            Segment::Seq { index } => place.push_str(&format!("[{index}]")),
            // The word of a value, or nothing that is known.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    place
}

fn member(place: &str, name: &str) -> String {
    let is_word = |name: &str| {
        name.len() <= WORD_LEN_MAX
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|sign| sign.is_ascii_alphabetic())
    };
    let name = if is_word(name) { name } else { "…" };
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

fn misread(place: &str, error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Data => "not what was asked for",
        Category::Syntax => "not JSON",
        Category::Eof => "cut short",
        Category::Io => "not to be read",
    };
    let (line, column) = (error.line(), error.column());
    let at = match place {
        "" => format!("line {line}, column {column}"),
        place => format!("`{place}`, line {line}, column {column}"),
    };
    let why = if error.is_data() { asked(place, &error.to_string()) } else { None };
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    format!("Standard input is {what} at {at}{why}; nothing was saved.")
}

/// What of an error's text is ours: the field that is missing, or what was asked for.
fn asked(place: &str, text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("missing field `") {
        let name = member(place, rest.split('`').next()?);
        return Some(format!("the field `{name}` is missing"));
    }
    ASKED.iter().find(|begins| text.starts_with(**begins))?;
    let (_, asked) = text.rsplit_once(", expected ")?;
    let asked = asked.rsplit_once(" at line ").map_or(asked, |(asked, _)| asked);
    let asked = if asked.starts_with("struct ") || asked == "a map" { "an object" } else { asked };
    let unknown = if text.starts_with("unknown field") { "there is no such field; " } else { "" };
    Some(format!("{unknown}expected {asked}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{
        notes::NoteInput,
        record::{DosageInput, WithdrawalInput},
    };
    use clinical::{PatientDraft, VitalsDraft};

    fn told<T: DeserializeOwned>(text: &str) -> String {
        let why = read::<T>(text).err().unwrap_or_default();
        for theirs in ["Okello", "0772", "pill"] {
            assert!(!why.contains(theirs), "{text} is quoted: {why}");
        }
        why
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_place_and_not_quoted() {
        let check = |why: String, want: &str| assert!(why.contains(want), "{want}: {why}");
        let patient = told::<PatientDraft>;
        check(
            patient(r#""Okello""#),
            "not what was asked for at line 1, column 8: expected an obj",
        );
        check(patient("{\n\"family\": 772}"), "at `family`, line 2, column 13: expected a string;");
        check(patient(r#"{"family": {"Okello": 1}}"#), "at `family`, line 1");
        check(
            patient(r#"{"Okello": 1, "family": 2}"#),
            "at `…`, line 1, column 9: there is no such",
        );
        check(patient(r#"{"0772555": 1}"#), "at `…`, line 1");
        check(patient(r#"{"famly": "Okello"}"#), "at `famly`, line 1, column 8: there is no such");
        check(patient(r#"{"famly": "Okello"}"#), "expected one of `family`, `given`");
        check(patient(r#"{"gender": "Okello"}"#), "at `gender`, line 1");
        check(patient(r#"{"gender": "Okello, expected `Okello`"}"#), "expected one of `male`");
        check(patient(r#"{"family": Okello}"#), "not JSON at");
        check(patient(r#"{"family": "Okello"#), "cut short at");
        check(patient(r#"{"family": "Okello"} {}"#), "not JSON at line 1");
        check(patient(r#"{"family": ["Okello"]}"#), "a list at `family`");
        check(patient(r#"["Okello"]"#), "has a list where");
        check(
            patient(r#"{"family": "Okello", "family": "a"}"#),
            "two values under the name `family`",
        );

        let dosage = told::<DosageInput>;
        let id = "01a20b86-0000-7000-8000-000000000000";
        check(dosage("{}"), "line 1, column 2: the field `medication` is missing;");
        check(dosage(&format!(r#"{{"medication": "{id}"}}"#)), "the field `dosage` is missing");
        check(dosage(r#"{"medication": "pill/1"}"#), "at `medication`, line 1, column 24: exp");
        check(
            dosage(r#"{"dosage": {"dose": 500}}"#),
            "at `dosage.dose`, line 1, column 23: expected a",
        );
        check(dosage(r#"{"dosage": {"dosis": "5"}}"#), "at `dosage.dosis`, line 1");
        check(dosage(r#"{"dosage": {"asNeeded": "Okello"}}"#), "`dosage.asNeeded`");
        check(told::<VitalsDraft>(r#"{"values": {"weight": 70}}"#), "at `values.weight`, line 1");
        check(told::<VitalsDraft>(r#"{"values": {"Okello": 70}}"#), "at `values.…`, line 1");
        check(told::<NoteInput>(r#"{"section": "plan"}"#), "the field `text` is missing");
        check(told::<NoteInput>(r#"{"section": "Okello"}"#), "expected one of `subjective`, `obj");
        check(told::<WithdrawalInput>(r#"{"kind": "Okello"}"#), "expected one of `patient`, `all");
        check(told::<PatientDraft>("null"), "line 1, column 4: expected an object");
    }

    #[test]
    fn what_can_be_read_is() {
        let read = read::<PatientDraft>("{\"family\": \"Okello\"}\n").unwrap();
        assert_eq!(read, PatientDraft { family: "Okello".into(), ..PatientDraft::default() });
    }
}
