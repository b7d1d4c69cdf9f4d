//! Typing faster than the program, and closing what was half typed.

use fantoccini::key::Key;
use tests::scene::Scene;

use crate::acts;

/// Enter opens whom the words name, never whom the words before the last key had found.
#[test]
fn whoever_types_fast_lands_in_the_right_chart() {
    let scene = Scene::new("hurry");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.press("Patients");
    acts::register(&window, "Diallo", "Awa", "1990");
    for family in ["Okello", "Diallo", "Okello"] {
        window.press("Patients");
        let words = format!("{}{}", family.to_lowercase(), char::from(Key::Return));
        window.type_into("Find a patient by name", &words);
        window.see_part("banner", &family.to_uppercase());
    }
}

/// A form that is covered by another or closed keeps what was typed until it is recorded or
/// discarded.
#[test]
fn a_half_typed_form_is_there_again() {
    let scene = Scene::new("half-typed");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.press("Add an allergy");
    window.fill("Substance", "penicillin");
    window.choose("How dangerous", "high risk");
    window.key(Key::F2);
    window.see("Systolic");
    window.key(Key::Escape);
    window.see_in("Substance", "penicillin");
    window.key(Key::Escape);
    window.see_no("How dangerous");
    window.press("Add an allergy");
    window.see("What you typed before is here again");
    window.see_in("How dangerous", "high");
    window.picture("half-typed");
    window.must_be_accessible("a form with what was typed before");
    window.press("Discard it");
    window.see_no("How dangerous");
    window.press("Add an allergy");
    window.see("How dangerous");
    window.see_no("What you typed before is here again");
    assert_eq!(window.value("Substance"), "");
}
