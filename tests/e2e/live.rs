//! What others write appears where it is looked at: on the chart that is open and on the day's list,
//! without a key, another page or a reload, and whatever is typed meanwhile stays.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::computer::{Computer, PASSWORD, text};
use tests::process::wait_for;
use tests::scene::Scene;
use tests::server::SyncServer;
use tests::window::Window;

use crate::acts;

/// Two computers of a clinic that have met, with one patient, and Rose who works at both.
struct Clinic {
    scene: Scene,
    here: Computer,
    there: Computer,
    patient: String,
    _server: SyncServer,
}

impl Clinic {
    fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let server = scene.server();
        let here = Computer::of(&scene, "a");
        here.found_clinic(Some(server.address()));
        let person = json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" });
        let patient = here.register(&person);
        here.add_person("rose", "clinician", "Rose Akello", acts::PASSWORD);
        let here = here.used_by("ana");
        here.json(&["sync"]);
        let there = Computer::of(&scene, "b");
        there.join(&text(&here.json(&["device", "code"]), "/code"));
        there.json(&["sync"]);
        // She signs in here too, as the one she is there.
        there.add_person("rose", "clinician", "Rose Akello", acts::PASSWORD);
        let there = there.used_by("rose").with_password(acts::PASSWORD);
        there.json(&["sync"]);
        Self { scene, here, there, patient, _server: server }
    }

    /// The window of this computer, with nobody's hand on it from now on but for what `act` does.
    fn open(&self, act: impl Fn(&Window)) -> Window {
        let window = self.scene.open("a");
        window.see("Sign in");
        window.press("ana");
        acts::enter(&window, PASSWORD, "Lakeside");
        act(&window);
        window.ask(WATCH, &[]);
        window
    }

    /// Rose records something at the other computer, which meets the server.
    fn recorded_there(&self, kind: &str, draft: &Value) {
        self.there.record(kind, Some(&self.patient), draft);
        self.there.json(&["sync"]);
    }
}

/// Counts what a hand does to the page, as long as it is this page.
const WATCH: &str = "
    window.hands = 0;
    for (const kind of ['keydown', 'pointerdown', 'wheel']) {
      addEventListener(kind, () => { window.hands += 1; }, true);
    }";

/// Fails where somebody has pressed anything since, or the page was loaded anew.
fn must_be_untouched(window: &Window) {
    assert_eq!(window.ask("return window.hands ?? 'loaded anew'", &[]), json!(0));
}

#[test]
fn an_open_chart_shows_what_is_recorded_elsewhere() {
    let clinic = Clinic::new("live-chart");
    let window = clinic.open(|window| {
        acts::open_chart(window, "Okello");
        window.see("Allergies not recorded");
        window.press("Add a problem");
        window.see_focus("#problem-problem");
        window.keys("raised pressu");
    });
    // Nobody changes this computer's record behind its window: another program is not let in.
    let behind = clinic.here.refused(&["chart", &clinic.patient]);
    assert_eq!(behind, "store-in-use");

    clinic.recorded_there("allergy", &json!({ "substance": "penicillin", "reaction": "rash" }));
    for (part, words) in
        [("allergies", "penicillin"), ("allergies", "Rose Akello"), ("banner", "penicillin")]
    {
        window.see_part(part, words);
    }
    window.see_no("Allergies not recorded");
    let signs = json!({ "values": { "systolic": "150", "diastolic": "95" } });
    clinic.recorded_there("vitals", &signs);
    window.see_part("vitals", "150/95 mmHg");
    // The rule that a merge sets off speaks up as well, and the inbox counts what it asks.
    let order = json!({ "medication": "amoxicillin", "dose": "500", "unit": "mg" });
    clinic.recorded_there("medication", &order);
    window.see_part("medications", "amoxicillin");
    window.see("an allergy to penicillin is recorded");
    window.see_count(".rail-link .badge", 1);
    window.picture("shown");
    must_be_untouched(&window);
    window.see_focus("#problem-problem");
    assert_eq!(window.value("Problem"), "raised pressu", "what is typed meanwhile stays");
}

#[test]
fn what_another_writes_in_an_open_note_is_marked_until_it_was_seen() {
    let clinic = Clinic::new("live-note");
    let window = clinic.open(|window| {
        acts::open_chart(window, "Okello");
        window.press("Write the note");
        window.type_into("Plan", "Rest at home.");
        window.see("Kept on this computer");
    });
    let there = &clinic.there;
    let draft = wait_for("the draft to be there", || {
        there.json(&["sync"]);
        let chart = there.json(&["chart", &clinic.patient]);
        let draft = chart.pointer("/drafts/0").cloned()?;
        (draft.pointer("/sections/plan") == Some(&json!("Rest at home."))).then_some(draft)
    });
    let text = "Rest at home. Fluids.";
    let note = json!({ "draft": draft["id"], "section": "plan", "text": text });
    clinic.recorded_there("note", &note);
    window.see_part("tracked", "Changed by Rose Akello since you last wrote here");
    window.see_part("tracked", "Fluids.");
    assert_eq!(window.value("Plan"), text);
    window.picture("tracked");
    must_be_untouched(&window);
    window.press("Seen");
    window.see_no("since you last wrote here");
}

#[test]
fn the_days_list_shows_who_is_checked_in_elsewhere() {
    let clinic = Clinic::new("live-today");
    let window = clinic.open(|window| window.see("Nobody waits"));
    let desk = clinic.scene.open("b");
    desk.see("Sign in");
    desk.press("rose");
    acts::enter(&desk, acts::PASSWORD, "Lakeside");
    acts::check_in(&desk, "okello", "OKELLO, Grace", "headache");
    window.see_part("waiting", "OKELLO, Grace");
    window.see_part("waiting", "headache");
    window.see_no("Nobody waits");

    desk.shortcut(Key::Control, '0');
    desk.see_focus(".today .row");
    desk.key(Key::Return);
    desk.see_part("visit-page", "Vital signs");
    window.see_part("with", "OKELLO, Grace");
    window.see_part("with", "Rose Akello");
    window.see("Nobody waits");
    window.picture("shown");

    // The other way round, while both go on: what stands at the desk is as fresh.
    must_be_untouched(&window);
    window.press_near("With a clinician", "OKELLO, Grace");
    window.see_part("visit-page", "Vital signs");
    window.fill("Systolic", "138");
    window.fill("Diastolic", "86");
    window.submit("Record vital signs");
    window.see_part("visit-signs", "138/86 mmHg");
    desk.see_part("visit-signs", "138/86 mmHg");
}
