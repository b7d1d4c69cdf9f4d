//! People with much in their charts, so that a clinic of a few has several packs.

use std::fmt::Write as _;

use serde_json::json;

/// So many charts of some 16 KiB each are three packs.
pub const THREE_PACKS: usize = 90;

/// So many people, each with a document that nothing can press together, as FHIR in NDJSON.
pub fn people(count: usize) -> String {
    let mut state = 7_u32;
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let place = usize::try_from(state >> 26).unwrap_or_default();
        letters.get(place).map_or('A', |letter| char::from(*letter))
    };
    let mut lines = String::new();
    for n in 0..count {
        let data: String = std::iter::repeat_with(&mut letter).take(16_000).collect();
        let patient = json!({
            "resourceType": "Patient", "id": format!("p{n}"), "birthDate": "1988-03-04",
            "name": [{ "family": "Okello", "given": [format!("No{n}")] }],
        });
        let document = json!({
            "resourceType": "DocumentReference", "id": format!("d{n}"), "status": "current",
            "subject": { "reference": format!("Patient/p{n}") },
            "content": [{ "attachment": { "contentType": "application/pdf", "data": data } }],
        });
        let _ = writeln!(lines, "{patient}\n{document}");
    }
    lines
}
