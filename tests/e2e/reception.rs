//! The desk in the window: reception sees no way to what is clinical, no key and no line of the
//! palette leads there, and whatever the window sends, the table of roles decides.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::computer::{Computer, PASSWORD, list, text};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;

/// What stands in the chart and in no page of reception.
const OF_THE_CHART: [&str; 5] = ["penicillin", "amLODIPine", "amlodipine", "Hypertension", "150"];
/// What is pressed to see or write a chart, or to run the clinic.
const CLINICAL: [&str; 16] = [
    "Add an allergy",
    "Add a problem",
    "Add a medicine",
    "Add vital signs",
    "Vital signs",
    "Write the note",
    "Begin a visit",
    "Whole chart",
    "Sign and finish",
    "Renew",
    "Print…",
    "Inbox",
    "Import",
    "People",
    "Letterhead",
    "Log",
];
/// Commands that work before anyone is signed in, or end the session.
const DOOR: [&str; 16] = [
    "get-status",
    "create-clinic",
    "create-demonstration",
    "join-clinic",
    "resume-joining",
    "enter-room",
    "get-entrance",
    "answer-entrance",
    "leave-room",
    "join-admitted",
    "read-invitation",
    "sign-in",
    "recover-access",
    "recover-clinic",
    "lock",
    "speak",
];

struct Desk {
    scene: Scene,
    computer: Computer,
    patient: String,
    window: Window,
}

/// A patient with a chart who waits, and the window of reception.
fn desk(name: &str) -> Desk {
    let scene = Scene::new(name);
    let computer = Computer::founded(&scene, "a");
    let patient = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417",
    }));
    let on = Some(patient.as_str());
    let order = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
    computer.record("allergy", on, &json!({ "substance": "penicillin" }));
    computer.record("condition", on, &json!({ "problem": "Hypertension" }));
    computer.record("medication", on, &order);
    computer.record("vitals", on, &json!({ "values": { "systolic": "150", "diastolic": "95" } }));
    computer.add_person("rose", "reception", "Rose Akello", acts::PASSWORD);
    let window = scene.open("a");
    window.see("Sign in");
    window.press("rose");
    acts::enter(&window, acts::PASSWORD, "Lakeside");
    Desk { scene, computer: computer.used_by("ana"), patient, window }
}

/// Nothing clinical is said or offered.
fn must_be_a_desk(window: &Window, page: &str) {
    window.see_settled();
    let said = window.text();
    for word in OF_THE_CHART {
        assert!(!said.contains(word), "{page} tells {word}: {said}");
    }
    for way in CLINICAL {
        assert!(!window.offers(way), "{page} offers {way:?}");
    }
}

#[test]
fn reception_sees_no_way_to_what_is_clinical() {
    let Desk { window, .. } = &desk("reception-ways");
    acts::check_in(window, "okello", "OKELLO, Grace", "headache");
    must_be_a_desk(window, "the day");
    let rail = window.texts(".rail-link");
    assert_eq!(rail.len(), 4, "Today, Patients, Sync, Account: {rail:?}");
    for page in ["Today", "Patients", "Sync", "Account"] {
        window.press(page);
        must_be_a_desk(window, page);
    }
    window.press("Patients");
    window.fill("Find a patient by name", "okello");
    window.press("OKELLO");
    window.see("Check who it is");
    must_be_a_desk(window, "who it is");
    window.must_be_accessible("who it is, at the desk");
    window.picture("who-it-is");
    window.key(Key::Escape);
    window.see_count(".sheet", 0);

    // The keys of charts do nothing: the first sheet that opens is that of the keys, which has none
    // of them.
    for key in [Key::F2, Key::F3, Key::F4] {
        window.key(key);
    }
    window.shortcut(Key::Control, 'd');
    window.shortcut(Key::Control, 'z');
    window.see_count(".sheet", 0);
    window.press("Show the keys");
    window.see("Show these keys");
    window.see_count(".sheet", 1);
    let keys = window.texts(".keys dt");
    for of_chart in ["F2", "F3", "F4", "Ctrl+D", "Ctrl+Z", "Ctrl+M"] {
        assert!(!keys.iter().any(|key| key == of_chart), "{of_chart} in {keys:?}");
    }
    window.picture("keys");
    window.key(Key::Escape);

    // The palette has what the desk does, and nobody's chart and no code.
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    window.keys(">");
    window.see_part("palette", "Check a patient in");
    let deeds = window.texts("[data-testid=palette] [role=option]").join("; ");
    for clinical in ["Vital signs", "Note of", "New medicine", "New problem", "Take back"] {
        assert!(!deeds.contains(clinical), "{clinical} in {deeds}");
    }
    window.must_be_accessible("the palette at the desk");
    window.picture("palette");
    window.picture_in(Scheme::Dark, "palette");
    window.fill("Patient, page or deed", "#hypertension");
    window.see_part("palette", "Nothing is found");
    window.fill("Patient, page or deed", "okello");
    window.see_part("palette", "OKELLO, Grace");
    window.key(Key::Return);
    window.see("Check who it is");
    must_be_a_desk(window, "who was chosen in the palette");
    window.key(Key::Escape);
    // Nor is a line of the day a way into a visit.
    window.press("Today");
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.shortcut(Key::Control, '0');
    window.see_part("waiting", "OKELLO, Grace");
    window.see_count("[data-testid=visit-page]", 0);
    must_be_a_desk(window, "the day, after Enter");
}

/// Sends a command as the window does, and gives what becomes of it: `done`, or the code of the
/// refusal.
fn sent(window: &Window, name: &str, payload: &Value) -> String {
    match window.dispatch(name, payload) {
        Ok(_) => "done".to_owned(),
        Err(refusal) => refusal["code"].as_str().map_or(refusal.to_string(), str::to_owned),
    }
}

#[test]
fn every_command_of_the_window_is_held_to_the_table_of_roles() {
    let Desk { scene: _scene, computer, patient, window } = desk("reception-commands");
    let names = api::command_names();
    let names: Vec<&str> = names.into_iter().filter(|name| !DOOR.contains(name)).collect();
    let mut refused = 0;
    for name in &names {
        // Who may not is refused before anything is read of what was sent.
        let is_refused = sent(&window, name, &json!({})) == "not-permitted";
        assert_eq!(is_refused, !app::may(clinical::Role::Reception, name), "{name}");
        if is_refused {
            assert_eq!(
                sent(&window, name, &json!({ "patient": patient })),
                "not-permitted",
                "{name}"
            );
            refused += 2;
        }
    }
    assert!(refused > 80, "only {refused} of {} commands were refused", names.len());
    // As whole as a form would send it.
    let allergy = json!({ "patient": patient, "draft": { "substance": "latex" } });
    assert_eq!(sent(&window, "record-allergy", &allergy), "not-permitted");
    drop(window.kill());

    let chart = computer.chart(&patient);
    let allergies = list(&chart, "/chart/allergies");
    assert_eq!(allergies.len(), 1, "nothing was added: {chart}");
    let rows = list(&computer.json(&["audit", "--limit", "500"]), "/rows");
    let is_refused =
        |row: &&Value| text(row, "/name") == "Rose Akello" && text(row, "/outcome") == "refused";
    assert_eq!(rows.iter().filter(is_refused).count(), refused + 1, "each leaves a row");
    computer.with_password(PASSWORD).must_be_sound();
}
