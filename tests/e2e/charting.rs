//! Recording in a chart, and what a power cut leaves of it.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::process::wait_for;
use tests::scene::Scene;
use tests::window::{Scheme, Window};

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
    acts::add_medicine(&window);
    window.fill("Medicine", "amoxicillin");
    window.fill("Dose", "500");
    window.fill("Unit", "mg");
    window.fill("Route", "oral");
    window.fill("Times", "3");
    window.see("Record despite the advice");
    window.see("penicillin");
    window.picture("advice");
    window.must_be_accessible("advice");

    // A number alone is no period: hours or days are chosen, and nobody guesses.
    window.fill("in every", "8");
    window.choose("Why is it right despite this?", "tolerated before");
    window.submit("Record despite the advice");
    window.see("Please correct this");
    window.see("Choose hours or days: a number alone does not say which");
    window.picture("no-period");
    window.must_be_accessible("no period");
    window.choose("Hours or days", "hours");
    window.see("every 8 hours");
    window.see("That is 9 times in 24 hours.");
    window.picture("nine-a-day");
}

/// The window's clock goes on by three days.
const THREE_DAYS_ON: &str = "
    const now = Date.now;
    Date.now = () => now.call(Date) + 3 * 24 * 60 * 60 * 1000;";

/// Whoever writes the note sees that the words in it are of another day, and can begin today's.
#[test]
fn a_draft_of_another_day_is_not_taken_for_todays() {
    let scene = Scene::new("old-draft");
    let computer = Computer::founded(&scene, "a");
    let patient = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "2021-03-14",
    }));
    let note = json!({ "section": "plan", "text": "Rest and fluids." });
    computer.record("note", Some(&patient), &note);
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Write the note");
    window.see("Draft begun");
    window.see_no("Begin today’s note");
    window.key(Key::Escape);

    window.ask(THREE_DAYS_ON, &[]);
    window.press("Write the note");
    window.see("by Dr Ana Reyes");
    window.see("Begin today’s note");
    window.must_be_accessible("a draft of another day");
    window.picture("another-day");
    window.picture_in(Scheme::Dark, "another-day");
    window.press("Go on with this draft");
    window.see_no("Begin today’s note");
    window.see_in("Plan", "Rest and fluids.");
    window.key(Key::Escape);
    window.press("Write the note");
    window.press("Begin today’s note");
    window.see_no("Begin today’s note");
    assert_eq!(window.value("Plan"), "");
    window.type_into("Plan", "Come back in a week.");
    window.see_part("saved-state", "Kept on this computer");
    window.key(Key::Escape);
    window.see_count("[data-testid=notes] .line", 2);
    window.press("Write the note");
    window.see_in("Plan", "Come back in a week.");
    window.key(Key::Escape);

    // Of a child the weight is missed where the dose is written.
    acts::add_medicine(&window);
    window.fill("Medicine", "paracetamol");
    window.see_part("weight", "No weight recorded");
    window.press("Add vital signs");
    window.fill("Weight", "14.2");
    window.submit("Record vital signs");
    window.see_part("vitals", "14.2");
    window.fill("Dose", "250");
    window.see_part("weight", "Last weight 14.2 kg");
    window.picture("weight");
    window.key(Key::Escape);

    // That there are none is the first thing to say, and the keyboard does not begin there.
    window.press("Add an allergy");
    let first = "const box = document.querySelector('.sheet .form-fields input');
        return [box.type, document.activeElement.id];";
    assert_eq!(window.ask(first, &[]), json!(["checkbox", "allergy-substance"]));
    window.picture("no-allergies-first");
}

/// One sentence is read while it is typed; Enter has it checked, and Enter again records it. What is
/// taken now stands below it, and a key renews it.
#[test]
fn a_prescription_is_one_sentence_and_a_renewal_one_key() {
    let scene = Scene::new("sentence");
    let computer = Computer::founded(&scene, "a");
    computer.register(&json!({ "family": "Okello", "given": "Grace", "gender": "female" }));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    // That there are none is said where it is asked, and taken back as anything is.
    window.press("There are no known allergies");
    window.see_part("allergies", "No known allergies");
    window.shortcut(Key::Control, 'z');
    window.see_part("allergies", "Allergies not recorded");
    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    window.keys("amlo 5 od 30 xyzzy");
    window.see("Not understood, kept as words of the instruction: “");
    window.picture("not-understood");
    window.must_be_accessible("a sentence");
    // What several products fit is chosen from, by the arrows.
    window.fill("Prescription in one line", "amlo od 30");
    window.see("How strong?");
    window.see("amLODIPine 5 mg tablet");
    window.must_be_accessible("a choice of products");
    window.picture("choice");
    window.key(Key::Down);
    window.key(Key::Down);
    window.key(Key::Return);
    window.see("5 mg tablet — DOSE 5 mg");
    window.see("QUANTITY 30 tablets");
    window.see_no("How strong?");
    // The same draft is behind the fields.
    window.press("All fields");
    window.see_in("Dose", "5");
    window.fill("Instruction", "at HS");
    window.see("“HS” may be misread. Better: at bedtime");
    window.picture("fields");
    window.must_be_accessible("all fields");
    window.fill("Instruction", "");
    window.ask("document.getElementById('prescription-sentence').focus()", &[]);
    window.key(Key::Return);
    window.see("Checked. Enter records: amLODIPine");
    assert!(window.text_of("medications").is_some_and(|it| it.contains("No current medicines")));
    window.key(Key::Return);
    window.see_part("done", "The medicine is recorded. amLODIPine — 5 mg tablet — DOSE 5 mg");
    window.see_part("medications", "amLODIPine");

    window.key(Key::F4);
    window.see_part("current", "amLODIPine");
    window.must_be_accessible("what is taken now");
    window.picture("current");
    window.key(Key::Down);
    window.keys("r");
    window.see("in the place of the one above");
    window.must_be_accessible("a renewal");
    window.key(Key::Return);
    window.see_part("done", "The medicine is renewed. amLODIPine");
    window.key(Key::Escape);
    window.see_part("medications", "1 past medicine");
    window.see_count("[data-testid=medications] ul.medicines > li", 1);
    // Taken back, the line that was renewed goes on.
    window.press("Undo");
    window.see_part("done", "Taken back: The medicine is renewed. amLODIPine");
    window.see_count("[data-testid=medications] ul.medicines > li", 1);
    window.see_part("medications", "amLODIPine");
}
