//! Recording in a chart, and what a power cut leaves of it.

use fantoccini::key::Key;
use tests::process::wait_for;
use tests::scene::Scene;
use tests::window::Window;

use crate::acts;

/// What was typed and shown as kept is there after a power cut, also one that comes within a
/// second of the last key; of what was typed last of all, a moment may be missing.
#[test]
fn a_note_survives_a_power_cut_while_it_is_typed() {
    let scene = Scene::new("power-cut");
    let mut window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    let mut typed = Vec::new();
    // A busy machine may show it late: then it is tried again.
    for words in ["Coughs since Monday; ", "no fever; ", "sleeps well; ", "eats; ", "drinks; "] {
        window.press("Write the note");
        window.ask(NOTE_THE_LAST_KEY, &[]);
        window.type_into("Subjective", words);
        typed.push(words);
        let age_ms = age_when_kept(&window);
        window.type_into("Subjective", "and");
        window = window.kill().open_again();
        acts::sign_in(&window);
        acts::open_chart(&window, "Okello");
        window.press("Write the note");
        typed.iter().for_each(|words| window.see_in("Subjective", words.trim_end()));
        if age_ms < 1000.0 {
            window.picture("after-the-cut");
            return;
        }
        window.key(Key::Escape);
    }
    panic!("nothing was kept within a second of the last key");
}

/// Remembers when the last key was pressed into a field.
const NOTE_THE_LAST_KEY: &str = "
    document.addEventListener('input', () => { window.lastKey = performance.now(); }, true);";

/// Waits until the note says that it is kept: how many milliseconds after the last key it does.
fn age_when_kept(window: &Window) -> f64 {
    let ask = "
        const state = document.querySelector('[data-testid=saved-state]')?.innerText ?? '';
        return state.includes('Kept on this computer') ? performance.now() - window.lastKey : null";
    wait_for("the note to be kept", || window.ask(ask, &[]).as_f64())
}

/// An antibiotic the patient must not have is not recorded without a word.
#[test]
fn an_allergy_speaks_up_against_a_prescription() {
    let scene = Scene::new("allergy-check");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    acts::record_allergy(&window, "penicillin", ["rash", "as a child"]);
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
