//! Recording in a chart, and what a power cut leaves of it.

use tests::scene::Scene;

use crate::acts::{self, Dosage};

/// What was typed and shown as kept is there after a power cut, and what was typed last also,
/// but for a moment.
#[test]
fn a_note_survives_a_power_cut_while_it_is_typed() {
    let scene = Scene::new("power-cut");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.press("Write the note");
    window.type_into("Subjective", "Coughs since Monday; ");
    window.see_part("saved-state", "Kept on this computer");
    window.type_into("Subjective", "no fever");
    let window = window.kill().open_again();
    acts::sign_in(&window);
    acts::open_chart(&window, "Okello");
    window.press("Write the note");
    window.see_in("Subjective", "Coughs since Monday;");
    window.picture("after-the-cut");
}

#[test]
fn every_page_of_a_chart_is_accessible() {
    let scene = Scene::new("charting");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    window.press("New patient");
    window.must_be_accessible("new patient");
    window.key(fantoccini::key::Key::Escape);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.must_be_accessible("an empty chart");
    window.picture("empty-chart");
    acts::record_allergy(&window, "penicillin");
    let dosage = Dosage { dose: "5", unit: "mg", times: "1" };
    acts::record_medicine(&window, "amlodipine", &dosage);
    for (open, page) in [
        ("Add an allergy", "a new allergy"),
        ("Add a medicine", "a new medicine"),
        ("Vital signs", "vital signs"),
        ("Write the note", "the note"),
    ] {
        window.press(open);
        window.must_be_accessible(page);
        window.picture(&page.replace(' ', "-"));
        window.key(fantoccini::key::Key::Escape);
    }
    window.must_be_accessible("a chart");
    window.picture("chart");
    for page in ["Tasks", "To decide", "Import", "People", "Sync"] {
        window.press(page);
        window.must_be_accessible(page);
        window.picture(&page.to_lowercase().replace(' ', "-"));
    }
}

/// An antibiotic the patient must not have is not recorded without a word.
#[test]
fn an_allergy_speaks_up_against_a_prescription() {
    let scene = Scene::new("allergy-check");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    acts::record_allergy(&window, "penicillin");
    window.press("Add a medicine");
    window.fill("Medicine", "amoxicillin");
    window.fill("Dose", "500");
    window.fill("Unit", "mg");
    window.fill("Route", "oral");
    window.fill("Times", "3");
    window.see("Record despite the advice");
    window.see("penicillin");
    window.picture("advice");
    window.must_be_accessible("advice");
}
