//! Where a window can be led: the pages of the rail, and the forms of a chart.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::Computer;
use tests::window::Window;

/// The pages of the rail, as an administrator has it.
pub const PAGES: [&str; 9] =
    ["Today", "Patients", "Inbox", "Import", "People", "Letterhead", "Log", "Sync", "Account"];

/// The forms of a chart that [`fill_chart`] has filled: what opens each, and what it is. The last
/// two leave nothing to do for those before them.
const FORMS: [(&str, &str); 12] = [
    ("Add an allergy", "a new allergy"),
    ("Add a medicine", "a new medicine"),
    ("Add a problem", "a new problem"),
    ("Vital signs", "vital signs"),
    ("Write the note", "the note"),
    ("Change the dose of amlodipine", "another dose"),
    ("It is over… Hypertension", "the end of a problem"),
    ("Begin a visit", "a visit that begins"),
    ("History of penicillin", "a history"),
    ("Stop amlodipine", "the end of a medicine"),
    ("penicillin was recorded by mistake", "a mistake"),
    ("New patient", "a new patient"),
];

/// An allergy, a problem and a medicine.
pub fn fill_chart(computer: &Computer, patient: &str) {
    let on = Some(patient);
    computer.record("allergy", on, &json!({ "substance": "penicillin", "note": "as a child" }));
    computer.record("condition", on, &json!({ "problem": "Hypertension" }));
    let order = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
    computer.record("medication", on, &order);
}

/// Opens each page of the rail in turn, to be looked at.
pub fn pages(window: &Window, mut look: impl FnMut(&str)) {
    for page in PAGES {
        window.press(page);
        look(page);
    }
}

/// Opens each form of the chart on screen in turn, to be looked at, and closes what is open
/// afterwards.
pub fn forms(window: &Window, mut look: impl FnMut(&str)) {
    for (open, form) in FORMS {
        if form == "a new patient" {
            window.press("Patients");
        }
        window.press(open);
        window.see("Close");
        look(form);
        window.key(Key::Escape);
    }
}
