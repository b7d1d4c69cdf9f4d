//! What was written in a field, as one reads it: whole, and each part by its name.

use super::{as_written, date, line_of, part_name, part_words};
use crate::i18n;
use crate::reading::read;
use clinical::{
    AllergyIntolerance, Composition, EntryValue, Identity, MedicationOrder, Observation, Part,
    PartialDate,
};
use serde_json::Value;

/// What a change wrote: the words that need no name, and the others by theirs. Of what this
/// version does not know, everything as it is kept.
pub(crate) fn history_value(json: &str) -> (String, Vec<(String, String)>) {
    if let Some(value) = read_together(json) {
        return by_parts(&value);
    }
    if let Some(finding) = read::<Observation>(json) {
        return of_finding(&finding);
    }
    if let Some(note) = read::<Composition>(json) {
        return of_note(note);
    }
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Object(members)) => {
            let shown = members.iter().filter(|(name, _)| !is_id(name));
            let named = shown.map(|(name, value)| (member(name), plain(value)));
            (String::new(), named.collect())
        }
        Ok(value) => (plain(&value), Vec::new()),
        Err(_) => (json.to_owned(), Vec::new()),
    }
}

/// The name of a field that was written; as it is kept where it has none.
pub(crate) fn history_field(field: &str) -> String {
    let known = i18n::find(&format!("history.field.{field}"));
    known.map_or_else(|| field.to_owned(), str::to_owned)
}

/// The values that are decided on as one.
fn read_together(json: &str) -> Option<EntryValue> {
    if let Some(order) = read::<MedicationOrder>(json) {
        return Some(EntryValue::Medication(order));
    }
    if let Some(allergy) = read::<AllergyIntolerance>(json) {
        return Some(EntryValue::Allergy(allergy));
    }
    read::<Identity>(json).map(EntryValue::Identity)
}

#[allow(clippy::wildcard_enum_match_arm, reason = "the other parts are told alike")]
fn by_parts(value: &EntryValue) -> (String, Vec<(String, String)>) {
    let (mut whole, mut named) = (Vec::new(), Vec::new());
    for part in value.parts() {
        if let Some(line) = line_of(&part) {
            whole.extend(line);
            continue;
        }
        match part {
            Part::Medicine(_) | Part::Substance(_) | Part::Name(_) => whole.push(part_words(&part)),
            part if part.is_empty() || part.is_usual() => {}
            part => named.push((part_name(&part).to_owned(), part_words(&part))),
        }
    }
    (i18n::line(&whole, " — "), named)
}

fn of_finding(finding: &Observation) -> (String, Vec<(String, String)>) {
    let whole = format!("{} — {}", finding.code.label(), finding.value_label());
    let when = finding.effective.as_ref().map(|date| (member("effective"), as_written(date)));
    let note = finding.note.clone().map(|note| (member("note"), note));
    (whole, when.into_iter().chain(note).collect())
}

fn of_note(note: Composition) -> (String, Vec<(String, String)>) {
    let title = note_title(&note);
    let parts = note.section.into_iter();
    (title, parts.map(|part| (member(part.code.code()), part.text)).collect())
}

/// What a note is called.
pub(crate) fn note_title(note: &Composition) -> String {
    note.own_title().unwrap_or(i18n::t("note.title")).to_owned()
}

/// Ids say nothing to people.
fn is_id(name: &str) -> bool {
    matches!(name, "id" | "encounter" | "subject")
}

fn member(name: &str) -> String {
    let known = i18n::find(&format!("history.member.{name}"));
    known.map_or_else(|| name.to_owned(), str::to_owned)
}

/// A value in words: codes by their names, days as days, concepts by their labels.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => plain_text(text),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(members) => of_members(members),
        Value::Bool(yes) => i18n::t(if *yes { "people.yes" } else { "people.no" }).to_owned(),
        Value::Null => i18n::t("choice.none").to_owned(),
        Value::Number(number) => number.to_string(),
    }
}

fn plain_text(text: &str) -> String {
    if let Some(known) = i18n::find(&format!("history.code.{text}")) {
        return known.to_owned();
    }
    // A year alone may as well be a number of something else.
    let day = text.parse::<PartialDate>().ok().filter(|day| day.month().is_some());
    day.map_or_else(|| text.to_owned(), |day| date(&day))
}

fn of_members(members: &serde_json::Map<String, Value>) -> String {
    if let Some(Value::String(text)) = members.get("text") {
        return text.clone();
    }
    if let (Some(value), Some(unit)) = (members.get("value"), members.get("unit")) {
        return format!("{}\u{a0}{}", plain(value), plain(unit));
    }
    let pairs = members.iter().filter(|(name, _)| !is_id(name));
    let pairs = pairs.map(|(name, value)| format!("{}: {}", member(name), plain(value)));
    pairs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> String {
        let (whole, named) = history_value(json);
        let whole = (!whole.is_empty()).then_some(whole);
        let named = named.into_iter().map(|(name, words)| format!("{name}: {words}"));
        whole.into_iter().chain(named).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn what_was_written_can_be_read_whole() {
        let check = |json: &str, want: &str| assert_eq!(read(json), want);
        check(
            r#"{"medication":{"text":"x"},"dosage":[{"dose":{"value":"5","unit":"mg"}}],"status":"active","form":{"text":"tablet"},"strength":[{"value":"5","unit":"mg"}],"dispense":{"quantity":{"value":"30","unit":"tablets"},"repeats":2}}"#,
            "x — 5\u{a0}mg tablet — DOSE 5\u{a0}mg — QUANTITY 30\u{a0}tablets — 2 repeats",
        );
        check(
            r#"{"medication":{"text":"amlodipine"},"dosage":[{"dose":{"value":"5","unit":"mg"}}],"status":"active"}"#,
            "amlodipine — DOSE 5\u{a0}mg",
        );
        check(
            r#"{"name":[{"family":"Okello","given":["Grace"]}],"gender":"female","birthDate":"1980-03-14"}"#,
            "OKELLO, Grace | Sex: Female | Born: 14-Mar-1980",
        );
        check(r#""resolved""#, "resolved");
        check("[1]", "1");
        check("not JSON", "not JSON");
    }

    #[test]
    fn an_allergy_is_shown_with_its_note() {
        let draft = clinical::AllergyDraft {
            substance: "penicillin".into(),
            note: "as a child".into(),
            ..clinical::AllergyDraft::default()
        };
        let id = clinical::AllergyIntoleranceId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let json = serde_json::to_string(&draft.complete(id).unwrap()).unwrap();
        assert_eq!(read(&json), "penicillin | Note: as a child");
        let json = json.replace("\"active\"", "\"resolved\"");
        assert_eq!(read(&json), "penicillin | Status: resolved | Note: as a child");
    }

    #[test]
    fn a_finding_and_a_note_are_read_as_people_read_them() {
        let values = [("weight".to_owned(), "70.50".to_owned())].into();
        let draft = clinical::VitalsDraft { values, encounter: None };
        let id = || clinical::ObservationId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let taken = "2026-11-24T23:30:00+13:00".parse().unwrap();
        let finding = draft.complete(id, &taken).unwrap().remove(0);
        let json = serde_json::to_string(&finding).unwrap();
        assert_eq!(read(&json), "Body weight — 70.50\u{a0}kg | When: 24-Nov-2026 23:30");
        let id = clinical::uuid_v7(1, [0; 10]);
        let json = format!(
            r#"{{"id":"{id}","draft":"{id}","title":"Visit note","author":"{id}","signedAt":0,
                "section":[{{"code":"plan","text":"Rest."}}],"heads":["00"]}}"#
        );
        assert_eq!(read(&json), "Visit note | Plan: Rest.");
    }

    #[test]
    fn members_and_codes_have_names() {
        let about = r#"{"authoredOn":"2026-11-24","intent":"order","note":"with food"}"#;
        assert_eq!(read(about), "Day: 24-Nov-2026 | Kind: prescribed here | Note: with food");
        let whom = r#"[{"name":{"text":"Mary"},"relationship":{"text":"mother"},"telecom":[{"system":"phone","value":"0700"}]}]"#;
        assert_eq!(
            read(whom),
            "Name: Mary, Relationship: mother, Telephone: Kind: telephone, Value: 0700"
        );
        let state = r#"{"clinicalStatus":"active","code":{"text":"Hypertension"},"id":"x"}"#;
        assert_eq!(read(state), "Status: active | What: Hypertension");
        assert_eq!(read(r#"{"of":{"unit":"kg","value":"5"},"x":1.50}"#), "of: 5\u{a0}kg | x: 1.50");
    }
}
