//! What a visit comes to at the server: the batches that the product seals of it, and their bytes.
//! With these a clinic's day is reckoned in docs/OPERATIONS.md.

use crate::{
    outcome::Outcome,
    places::Places,
    row::{Row, real},
};
use ::tests::{
    computer::{Computer, text},
    pictures::Pictures,
    programs,
    server::SyncServer,
};
use serde_json::{Value, json};
use std::process::Command;

/// Visits of each way of sending.
const VISITS: u32 = 4;
/// What is recorded in a visit.
const ENTRIES: u32 = 12;

/// Records visits of twelve entries; sends each entry by itself, as a window does when people type
/// (what is recorded within 1.5 s goes together), and then each visit as a whole, as after a while
/// without a network.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let folder = places.own("visit");
    drop(std::fs::remove_dir_all(&folder));
    let data = folder.join("server");
    let server = SyncServer::start(&data, Pictures::of_test("bench-visit"));
    let a = Computer::new("a", folder.join("a"));
    a.found_clinic(Some(server.address()));
    let people: Vec<String> =
        (0..VISITS * 2).map(|at| a.register(&json!({ "family": format!("Okello{at}") }))).collect();
    a.json(&["sync"]);
    let (one_by_one, together) = people.split_at(people.len() / 2);
    let mut rows = Vec::new();
    for (people, each, how) in [
        (one_by_one, true, "each entry sent as it is recorded"),
        (together, false, "each visit sent at its end"),
    ] {
        let before = kept(&data)?;
        for person in people {
            visit(&a, person, each);
        }
        let after = kept(&data)?;
        let of_visit = |after: u64, before: u64| real(after - before) / f64::from(VISITS);
        let (envelopes, bytes) = (of_visit(after.1, before.1), of_visit(after.0, before.0));
        rows.push(Row::plain(
            format!("a visit of {ENTRIES} entries at the server, {how}"),
            format!(
                "{envelopes:.1} envelopes, {bytes:.0} bytes, {:.0} bytes each",
                bytes / envelopes
            ),
        ));
    }
    Ok(rows)
}

/// A visit of one person.
fn visit(on: &Computer, person: &str, each: bool) {
    let send = || {
        if each {
            on.json(&["sync"]);
        }
    };
    let record = |kind: &str, draft: &Value| {
        let told = on.record(kind, Some(person), draft);
        send();
        told
    };
    let begun = record("encounter", &json!({ "reason": "Fever and headache for three days" }));
    let values = json!({ "systolic": "132", "diastolic": "84", "heartRate": "96" });
    record("vitals", &json!({ "values": values }));
    record("vitals", &json!({ "values": { "temperature": "38.6" } }));
    record("allergy", &json!({ "substance": "penicillin", "reaction": "rash" }));
    record("condition", &json!({ "problem": "Malaria" }));
    record("condition", &json!({ "problem": "Essential hypertension", "onset": "2019" }));
    let dose = |name: &str, dose: &str| json!({ "medication": name, "dose": dose, "unit": "mg", "frequency": "2" });
    record("medication", &dose("artemether-lumefantrine", "80"));
    record("medication", &dose("paracetamol", "1000"));
    let note = |section: &str, words: &str| json!({ "section": section, "text": words });
    record("note", &note("subjective", "Three days of fever, headache, no vomiting, drinks well."));
    record("note", &note("plan", "Artemether-lumefantrine for three days, back if no better."));
    record("signature", &json!({}));
    record("departure", &json!({ "encounter": text(&begun, "/entries/0/id") }));
    on.json(&["sync"]);
}

/// The bytes and envelopes that the server keeps of its one clinic.
fn kept(data: &std::path::Path) -> Outcome<(u64, u64)> {
    let output =
        Command::new(programs::sync_server()).arg("clinics").arg("--data").arg(data).output()?;
    let told = String::from_utf8(output.stdout)?;
    counts(&told).ok_or_else(|| format!("the server keeps {told:?}").into())
}

/// The counts in the line of a clinic.
fn counts(line: &str) -> Option<(u64, u64)> {
    let (_, rest) = line.split_once("has bytes ")?;
    let (bytes, rest) = rest.split_once(", envelopes ")?;
    Some((bytes.parse().ok()?, rest.split(';').next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn the_line_of_a_clinic_is_read() {
        let line = "abab has bytes 7125, envelopes 23; quota by default\n";
        assert_eq!(counts(line), Some((7125, 23)));
        assert_eq!(counts("nothing"), None);
    }
}
