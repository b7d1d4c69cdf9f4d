//! Signatures on notes hold for ever, also those of versions that knew less of a note.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

use clinical::{Composition, PractitionerId};

/// As it was signed before a note named those who wrote along. Never written again, nor is the
/// other: both were signed apart from this program, on what is documented to be covered.
const NOTE_V1: &str = include_str!("golden/note_v1.json");
/// With every field there is.
const NOTE_WITH_CONTRIBUTORS_V1: &str = include_str!("golden/note_with_contributors_v1.json");

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn holds(note: &Composition) -> bool {
    let signature = note.signature.as_ref().unwrap();
    let key = bytes(&signature.public_key).try_into().unwrap();
    let mark = bytes(&signature.signature).try_into().unwrap();
    vault::user_keys::verify(&key, &app::signed_bytes(note), &mark)
}

#[test]
fn a_note_that_was_signed_once_stays_signed() {
    let check = |json: &str, contributors: usize| {
        let note: Composition = serde_json::from_str(json).unwrap();
        assert_eq!(note.contributors.len(), contributors);
        assert_eq!(serde_json::to_string(&note).unwrap(), json.trim_end(), "stored as it was");
        assert!(holds(&note));
        let mut others = vec![note.clone(); 4];
        others[0].title.push('.');
        others[1].contributors.push(PractitionerId::from_uuid(note.id.uuid()));
        others[2].section.pop();
        others[3].replaces = Some(note.draft);
        assert!(others.iter().all(|other| !holds(other)), "what is altered is not what was signed");
    };
    check(NOTE_V1, 0);
    check(NOTE_WITH_CONTRIBUTORS_V1, 2);
}
