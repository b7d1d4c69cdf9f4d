//! The screens of a task under way: a visit from its beginning to its end, what lies over a page,
//! and the ways to begin.

use fantoccini::key::Key;
use serde_json::json;
use tests::golden::Golden;
use tests::scene::Scene;

use super::{judge, judge_naming};
use crate::acts;
use crate::prepared::Disputed;

#[test]
fn a_visit_and_its_end_have_one_shape_and_are_heard_in_words() {
    let clinic = Disputed::new("screens-visit");
    let window = clinic.open();
    acts::check_in(&window, "okello", "OKELLO, Grace", "headache");
    judge(&window, "today-waiting");
    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_focus("#vitals-systolic");
    window.see_part("note-draft", "Subjective");
    judge(&window, "visit-opened");
    let tab = char::from(Key::Tab);
    window.press_field("Systolic");
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    window.keys(&format!("Headache in the mornings.{tab}Alert.{tab}Better.{tab}Go on."));
    window.see_part("saved-state", "Kept on this computer");
    judge(&window, "visit-written");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache in the mornings.");
    window.see_focus("#finish-act");
    judge(&window, "finish");
}

#[test]
fn what_lies_over_a_page_has_one_shape_and_is_heard_in_words() {
    let clinic = Disputed::new("screens-over");
    let window = clinic.open();
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    judge(&window, "palette");
    window.fill("Patient, page or deed", "okello");
    window.see_part("palette", "OKELLO, Grace");
    judge(&window, "palette-patients");
    window.fill("Patient, page or deed", "#heart attack");
    window.see_part("palette", "I21");
    judge(&window, "palette-codes");
    // The list goes first, then the line.
    window.key(Key::Escape);
    window.see_count("#palette-line[aria-expanded=false]", 1);
    window.key(Key::Escape);
    window.see_count("[data-testid=palette]", 0);
    acts::open_chart(&window, "Okello");
    window.shortcut(Key::Control, 'p');
    // Nothing is printed of a medicine that is disputed, and neither side stands there as what holds.
    window.see("Not listed until somebody has decided in the chart: Medicine: amLODIPine");
    // What an alert speaks against is printed by whoever chooses it.
    window.see_count(".paper-page", 0);
    window.ask("document.querySelector('input[type=checkbox][id^=print-]').click()", &[]);
    window.see_count(".paper-page", 1);
    assert!(!window.offers("amLODIPine — DOSE"), "a disputed medicine is offered");
    judge(&window, "print");
    window.key(Key::Escape);
    window.press("Patient label");
    window.see_count(".paper-page", 1);
    judge(&window, "label");
    window.key(Key::Escape);
    window.press("Show the keys");
    window.see("Show these keys");
    judge(&window, "keys");
}

#[test]
fn the_page_of_the_sync_has_one_shape_and_is_heard_in_words() {
    let clinic = Disputed::new("screens-sync");
    let window = clinic.open();
    acts::sync(&window);
    window.see_part("sync-page", "Nothing going on");
    // What another run counts and is called otherwise.
    let facts = window.texts(".facts dd");
    let [.., counts, address, _held] = &facts[..] else { panic!("facts of the sync: {facts:?}") };
    let pin = window.texts(".pin summary code").concat();
    let card = window.dispatch("get-card", &json!({})).unwrap();
    let [number, card] = ["number", "card"].map(|name| card[name].as_str().unwrap().to_owned());
    let whole = clinic.server.address().split_once('#').map_or("", |(_, pin)| pin);
    let named = Golden::new().name(counts, "counts").name(address, "server");
    let named = named.name(&pin, "pin").name(whole, "whole pin");
    judge_naming(&window, "sync", named.name(&number, "number").name(&card, "card"));
}

#[test]
fn the_ways_to_begin_have_one_shape_and_are_heard_in_words() {
    let scene = Scene::new("screens-begin");
    let window = scene.open_with("a", vec![("HOSTNAME", "Maternity desk".to_owned())]);
    window.see("Welcome to Fieldchart");
    judge(&window, "first-run");
    for (way, screen) in [
        ("Create a clinic", "create-clinic"),
        ("Join a clinic", "join-clinic"),
        ("Try it out", "try-it-out"),
    ] {
        window.press(way);
        judge(&window, screen);
    }
    acts::create_clinic(&window, None);
    let code = acts::shown_code(&window);
    let named = code.split_inclusive('-').fold(Golden::new(), |named, it| named.name(it, "code"));
    judge_naming(&window, "recovery-code", named);
}
