//! What is stored of the record stays readable for ever, and is written the same for ever.
//!
//! A file beside this one is never written again. A field that comes later is optional, is left
//! out where it is empty, and gets a golden of its own; a new form gets a new version of the
//! document and new files (`FIELDCHART_NEW_GOLDEN=1` writes those that are missing).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod codes;
mod entries;
mod stored;

use chart::{Actor, ChartDocument, ClinicDocument, DraftDocument, Stored};
use serde::Serialize;
use std::{fs, path::Path};

/// Reads a golden file; where it is missing and new ones are asked for, writes `made` first.
fn golden(name: &str, made: impl FnOnce() -> String) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("FIELDCHART_NEW_GOLDEN").is_some() {
        fs::write(&path, made()).unwrap();
    }
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The bytes of a document as an earlier version saved it.
fn saved(name: &str, made: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let line = |chunk: &[u8]| chunk.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let hex = || made().chunks(48).map(|chunk| line(chunk) + "\n").collect::<String>();
    let digits: Vec<u32> = golden(name, hex).chars().filter_map(|sign| sign.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// Fails at the first line that differs: the whole of two charts would be read by nobody.
fn assert_same(name: &str, found: &str, want: &str) {
    for (number, (found, want)) in (1..).zip(found.lines().zip(want.lines())) {
        assert_eq!(found, want, "{name}, line {number}");
    }
    assert_eq!(found.lines().count(), want.lines().count(), "{name}: lines");
}

/// What an earlier version saved reads as it did.
fn check_read(name: &str, read: &impl Serialize) {
    let found = serde_json::to_string_pretty(read).unwrap() + "\n";
    assert_same(name, &found, &golden(name, || found.clone()));
}

/// Today's writer stores, value for value, what an earlier version stored.
fn check_written(name: &str, earlier: &[u8], today: &[u8]) {
    let want = golden(name, || stored::values(earlier));
    assert_same(name, &stored::values(earlier), &want);
    assert_same(name, &stored::values(today), &want);
}

const fn snapshot(bytes: &[u8]) -> Stored<'_> {
    Stored { snapshot: Some(bytes), loose: &[] }
}

const READER: Actor = Actor::from_random([9; 16]);

fn chart_v1() -> Vec<u8> {
    saved("chart_v1.hex", || entries::chart().save())
}

fn clinic_v1() -> Vec<u8> {
    saved("clinic_v1.hex", || entries::clinic().save())
}

fn draft_v1() -> Vec<u8> {
    saved("draft_v1.hex", || entries::draft().save())
}

#[test]
fn a_chart_of_the_first_form_reads_as_it_did() {
    let bytes = chart_v1();
    let mut document =
        ChartDocument::load(entries::patient_id(), snapshot(&bytes), READER).unwrap();
    let chart = document.read();
    assert_eq!(chart.unreadable, []);
    check_read("chart_v1.json", &chart);
    // Whoever adds a kind adds it to a golden.
    assert!(chart.patient.is_some());
    let counts = [
        chart.allergies.len(),
        chart.conditions.len(),
        chart.encounters.len(),
        chart.medications.len(),
        chart.observations.len(),
        chart.compositions.len(),
        chart.tasks.len(),
        chart.sources.len(),
        chart.conflicts.len(),
        chart.withdrawn.len(),
        chart.reasons.len(),
    ];
    assert_eq!(counts, [1, 1, 1, 1, 7, 2, 2, 1, 1, 2, 2]);
}

#[test]
fn a_chart_is_written_as_the_first_form_was() {
    check_written("chart_v1.txt", &chart_v1(), &entries::chart().save());
    assert_eq!(
        entries::chart().read().compositions,
        ChartDocument::load(entries::patient_id(), snapshot(&chart_v1()), READER)
            .unwrap()
            .read()
            .compositions
    );
}

#[test]
fn whom_to_reach_about_a_patient_reads_and_is_written_as_it_was() {
    let bytes = saved("chart_v1_contact.hex", || entries::chart_with_contact().save());
    let mut document =
        ChartDocument::load(entries::patient_id(), snapshot(&bytes), READER).unwrap();
    let chart = document.read();
    check_read("chart_v1_contact.json", &chart.patient);
    assert_eq!(chart.patient.map(|patient| patient.contact), Some(entries::contact()));
    check_written("chart_v1_contact.txt", &bytes, &entries::chart_with_contact().save());
}

/// What a prescription holds since: the product, the supply, the line it renews.
#[test]
fn a_prescription_is_written_and_read_as_it_was() {
    let made = entries::prescription();
    let want = golden("prescription_v2.json", || serde_json::to_string_pretty(&made).unwrap());
    check_read("prescription_v2.json", &made);
    assert_eq!(serde_json::from_str::<clinical::MedicationRequest>(&want).unwrap(), made);
    // What has none of it is written as the first form was.
    let bare = serde_json::to_string(&entries::medication(clinical::MedicationStatus::Active));
    let bare = bare.unwrap();
    for later in ["form", "strength", "dispense", "prior"] {
        assert!(!bare.contains(&format!("\"{later}\"")), "{bare}");
    }
}

#[test]
fn a_clinic_of_the_first_form_reads_as_it_did() {
    let bytes = clinic_v1();
    let mut document =
        ClinicDocument::load(entries::clinic_id(), snapshot(&bytes), READER).unwrap();
    let clinic = document.read();
    assert_eq!(clinic.unreadable, 0);
    check_read("clinic_v1.json", &(&clinic.name, &clinic.people, &clinic.sources));
}

#[test]
fn a_clinic_is_written_as_the_first_form_was() {
    check_written("clinic_v1.txt", &clinic_v1(), &entries::clinic().save());
}

#[test]
fn a_draft_of_the_first_form_reads_as_it_did() {
    let bytes = draft_v1();
    let mut document = DraftDocument::load(entries::draft_id(), snapshot(&bytes), READER).unwrap();
    let mut read = document.read().unwrap();
    // It was stored from the first and is read since.
    check_read("draft_v1_begun.json", &read.begun.take());
    check_read("draft_v1.json", &read);
}

#[test]
fn a_draft_is_written_as_the_first_form_was() {
    check_written("draft_v1.txt", &draft_v1(), &entries::draft().save());
}

#[test]
fn what_the_paper_says_reads_and_is_written_as_it_was() {
    let bytes = saved("clinic_v1_paper.hex", || entries::clinic_with_paper().save());
    let mut document =
        ClinicDocument::load(entries::clinic_id(), snapshot(&bytes), READER).unwrap();
    let clinic = document.read();
    check_read("clinic_v1_paper.json", &(&clinic.letterhead, &clinic.people));
    check_written("clinic_v1_paper.txt", &bytes, &entries::clinic_with_paper().save());
    // Who says it again changes nothing.
    let said = chart::ClinicEdit::SayLetterhead(Box::new(clinic.letterhead));
    assert_eq!(document.apply(&[said], entries::later()).unwrap().changes, []);
}
