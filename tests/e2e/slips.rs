//! What a tired hand does by mistake: it is held back, and what was done is seen.

use std::process::Command;

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::computer::{Computer, PASSWORD, text};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;
use crate::prepared::Disputed;

/// Two patients of one clinic.
fn clinic(name: &str) -> (Scene, Computer, [String; 2]) {
    let scene = Scene::new(name);
    let computer = Computer::founded(&scene, "a");
    let person = |family: &str, given: &str, born: &str| {
        let draft = json!({ "family": family, "given": given, "gender": "female", "birthDate": born,
            "identifier": format!("CLN-{family}") });
        computer.register(&draft)
    };
    let patients = [person("Okello", "Grace", "1980-03-14"), person("Nabirye", "Ruth", "1980")];
    (scene, computer, patients)
}

/// A picture by day and by night of a page that axe finds nothing wrong with.
fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    window.picture(page);
    window.picture_in(Scheme::Dark, page);
}

#[test]
fn a_medicine_is_not_taken_without_its_dose_nor_past_its_alert() {
    let (scene, computer, [grace, _]) = clinic("slips-medicine");
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");

    // Silence over a list that nobody asked about is no all-clear.
    acts::add_medicine(&window);
    window.fill("Medicine", "artemether");
    window.see("Allergies not recorded");
    window.see_no("No alert found");
    window.key(Key::Return);
    window.see("No dose");
    window.key(Key::Return);
    window.see("Record without a dose");
    judge(&window, "no-dose");
    assert!(medicines(&window).contains("No current medicines"), "{}", medicines(&window));
    window.press("Record without a dose");
    window.see_part("done", "artemether");
    window.see_part("done", "OKELLO, Grace");
    window.see_part("medications", "no dose recorded");
    drop(window.kill());

    let on = Some(grace.as_str());
    computer.record("allergy", on, &json!({ "substance": "penicillin", "criticality": "high" }));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    acts::add_medicine(&window);
    for (medicine, said) in [
        ("paracetamol", "No alert found for recorded allergies"),
        ("lumefantrine", "Not in the list that is checked: lumefantrine"),
    ] {
        window.fill("Medicine", medicine);
        window.fill("Dose", "10000.0");
        window.fill("Unit", "IU");
        window.see(said);
    }
    window.see("10,000 units");
    window.picture("not-in-the-list");
    window.fill("Medicine", "amoxicillin");
    window.fill("Dose", "500.0");
    window.fill("Unit", "mg");
    window.fill("Note", "Tolerated last year.");
    window.see("Record despite the advice");
    judge(&window, "alert-in-the-form");
    // However long the form is, what is typed into is in sight.
    let covered = window.ask_later(COVERED, &[]);
    assert_eq!(covered, json!([]), "the foot lies over a field");

    // Without a reason nothing is recorded, and the reason has the keyboard.
    window.submit("Record despite the advice");
    window.see("Please give the reason");
    let focused = window.ask("return document.activeElement.id", &[]);
    assert_eq!(focused, json!("medication-why"));
    window.picture("reason-missing");
    // What would stop the order wants words beside the reason that is chosen.
    window.choose("Why is it right despite this?", "tolerated before");
    window.submit("Record despite the advice");
    window.see_focus("#medication-why-words");
    window.keys("graded challenge");
    window.submit("Record despite the advice");
    window.see_part("done", "amoxicillin — DOSE 500 mg");
    let noted =
        "note: Despite the alert: tolerated before – graded challenge. Tolerated last year.";
    window.see_part("medications", noted);
    window.see_part("medications", "500 mg");
    judge(&window, "alert-on-the-chart");
    let first = window.texts("[data-testid=medications] .medicines > li");
    assert!(first[0].contains("amoxicillin") && first[0].contains("Alert"), "{first:?}");

    // The alert leads to its medicine, and to its end.
    let said = window.texts(".advice-about");
    assert!(
        said.iter().any(|it| {
            it.contains("amoxicillin — DOSE 500 mg") && it.contains("alert: tolerated before")
        }),
        "{said:?}"
    );
    window.press("Show amoxicillin in the list");
    let focused = window.ask("return document.activeElement.innerText", &[]);
    assert!(focused.as_str().is_some_and(|it| it.contains("amoxicillin")), "{focused:?}");
    window.press("Stop amoxicillin");
    window.see("Stop this medicine");
    window.submit("Stop this medicine");
    window.see_part("done", "The medicine is stopped. amoxicillin — DOSE 500 mg — how often is not recorded — OKELLO, Grace");
    window.see_count(".advice-about", 0);
    window.picture("stopped");
}

/// The fields of the open form that lie under something when they have the keyboard.
const COVERED: &str = "
    const done = arguments[arguments.length - 1];
    const drawn = () =>
      new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    const look = async () => {
      const fields = document.querySelectorAll('.sheet .form-fields :is(input, select, textarea)');
      const covered = fields.length < 10 ? ['too few fields: ' + fields.length] : [];
      for (const field of fields) {
        field.focus();
        await drawn();
        const box = field.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (top !== field) { covered.push(field.id); }
      }
      return covered;
    };
    look().then(done, (error) => done([String(error)]));";

fn medicines(window: &Window) -> String {
    window.text_of("medications").unwrap_or_default()
}

#[test]
fn a_form_waits_at_its_patient_and_a_stray_enter_opens_nobody() {
    let (scene, computer, [grace, ruth]) = clinic("slips-patient");
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    acts::add_medicine(&window);
    window.fill("Medicine", "ibuprofen");
    window.fill("Dose", "400");

    window.press("Patients");
    window.see("Seen last");
    window.ask("document.getElementById('find-box').focus()", &[]);
    window.key(Key::Return);
    window.fill("Find a patient by name", "nobody");
    window.see("Nobody found");
    assert_eq!(window.text_of("banner"), None, "Enter in an empty find opens nobody");

    acts::open_chart(&window, "Nabirye");
    window.see("A form waits unrecorded: Add a medicine — OKELLO, Grace");
    assert!(!window.offers("Record medicine"), "no form is live beside another chart");
    window.key(Key::Return);
    judge(&window, "a-form-waits");
    window.press("Go there: OKELLO, Grace");
    window.see_part("banner", "OKELLO");
    window.see_in("Medicine", "ibuprofen");
    window.see_in("Dose", "400");
    window.see_no("A form waits unrecorded");
    window.fill("Unit", "mg");
    window.submit("Record medicine");
    window.see_part("medications", "ibuprofen");
    drop(window.kill());
    let medicines = |patient: &str| list(&computer.json(&["chart", patient]));
    assert_eq!((medicines(&grace), medicines(&ruth)), (1, 0));
}

fn list(chart: &Value) -> usize {
    chart.pointer("/chart/medications").and_then(Value::as_array).map_or(0, Vec::len)
}

#[test]
fn another_dose_is_looked_at_like_a_new_medicine() {
    let (scene, computer, [grace, _]) = clinic("slips-dose");
    let order = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
    computer.record("medication", Some(&grace), &order);
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Change the dose of amlodipine");
    window.see("From now on");
    window.fill("Dose", "50");
    window.see("amlodipine: 10 times the usual dose of an adult, 5 mg. Is it meant?");
    judge(&window, "ten-times-the-dose");
    window.submit("Record despite the advice");
    window.choose("Why is it right despite this?", "tolerated before");
    window.submit("Record despite the advice");
    window.see_no("From now on");
    // Whoever opens the chart next is told as loudly.
    window.see_part("medications", "50 mg");
    window.see("amlodipine: 10 times the usual dose of an adult, 5 mg. Is it meant?");
    window.see("Despite the alert: tolerated before.");
    judge(&window, "a-dose-that-was-meant");
    // A new patient is not mistaken for the one whose chart is on screen.
    window.shortcut(Key::Control, 'n');
    window.see("This registers somebody new, and not OKELLO, Grace");
    judge(&window, "somebody-new");
}

#[test]
fn no_single_key_decides() {
    let clinic = Disputed::new("slips-decision");
    let window = clinic.open();
    window.press("Inbox");
    window.see_count("main .conflict-card", 1);
    for known in ["OKELLO, Grace", "14-Mar-1980", "Female", "CLN-88417", "penicillin"] {
        window.see_part("conflict-card", known);
    }
    for known in ["raised", "Female", "CLN-88417", "amoxicillin — DOSE 500 mg", "rash"] {
        window.see_part("tasks", known);
    }
    window.press("Done…");
    window.see_part("tasks", "Still taken: amoxicillin — DOSE 500 mg — 3 times daily");
    judge(&window, "a-task-while-it-is-taken");
    window.press("Stop amoxicillin");
    window.see("Stop this medicine");
    window.key(Key::Escape);
    // What is picked stays picked while the chart is written beside it.
    acts::open_chart(&window, "Okello");
    window.press("Keep this one: amlodipine, 5 mg");
    window.see("About to decide");
    window.press("Add vital signs");
    window.fill("Weight", "70");
    window.submit("Record vital signs");
    window.see_part("vitals", "70 kg");
    window.see("to keep this one: amLODIPine — DOSE 5 mg");
    window.press("Inbox");
    window.see_count("main .conflict-card", 1);
    window.see("Nothing is chosen yet");
    window.ask("document.querySelector('.conflict-card').focus()", &[]);
    window.keys("2");
    window.see("About to decide");
    window.see_no("Nothing is chosen yet");
    judge(&window, "about-to-decide");
    window.see_count("main .conflict-card", 1);
    window.key(Key::Return);
    window.see("Nothing to decide");
    window.see_part("done", "OKELLO, Grace, born 14-Mar-1980");
    window.picture("decided");

    // Why a task was closed is seen afterwards, by whoever opens the chart.
    window.press("Done…");
    window.fill("Why is it right all the same?", "tolerated in 2024");
    window.submit("Record as done");
    window.see_part("done", "Task done: tolerated in 2024 — OKELLO, Grace, born 14-Mar-1980");
    acts::open_chart(&window, "Okello");
    window.see("Why is it right all the same? — “tolerated in 2024” (Dr Ana Reyes");
    window.see_part("settled", "Reason: tolerated in 2024");
    judge(&window, "a-task-that-was-closed");
}

/// What makes a desktop speak French, also where no French locale is installed: the plain one
/// under a French name.
fn french(scene: &Scene) -> Vec<(&'static str, String)> {
    let locales = scene.folder().join("locales");
    std::fs::create_dir_all(&locales).expect("a folder");
    let plain = ["-r", "/usr/lib/locale/C.utf8"];
    let copied = Command::new("cp").args(plain).arg(locales.join("fr_FR.UTF-8")).status();
    assert!(copied.is_ok_and(|status| status.success()), "a locale");
    let fr = || "fr_FR.UTF-8".to_owned();
    let place = locales.to_string_lossy().into_owned();
    vec![("LANGUAGE", "fr".to_owned()), ("LANG", fr()), ("LC_ALL", fr()), ("LOCPATH", place)]
}

#[test]
fn a_french_window_speaks_french_of_doses_and_advice() {
    let (scene, computer, [grace, _]) = clinic("slips-french");
    let on = Some(grace.as_str());
    computer.record("allergy", on, &json!({ "substance": "penicillin", "criticality": "high" }));
    let order = json!({ "medication": "amoxicillin", "dose": "1000.0", "unit": "mg",
        "route": "oral", "frequency": "1", "period": "8", "periodUnit": "h", "durationDays": "7" });
    let medicine = text(&computer.record("medication", on, &order), "/entries/0/id");
    assert!(!medicine.is_empty());
    let window = scene.open_with("a", french(&scene));
    window.fill("Mot de passe", PASSWORD);
    window.submit("Se connecter");
    window.see("Lakeside");
    window.press("Patients");
    window.fill("Chercher un patient", "Okello");
    window.press("OKELLO");
    for words in [
        "voie orale",
        "toutes les 8 heures",
        "pendant 7 jours",
        "une allergie est notée",
        "14-mars-1980",
    ] {
        window.see(words);
    }
    let said = window.text();
    for english in ["every 8", "for 7 days", "an allergy to", "oral —", "14-Mar"] {
        assert!(!said.contains(english), "{english} in {said}");
    }
    judge(&window, "french-chart");
    window.press("Ajouter un médicament");
    window.press("Tous les champs");
    window.fill("Médicament", "amoxicillin");
    window.see("Pour toutes les alertes ci-dessus");
    window.fill("Dose", "500");
    window.fill("Unité", "mg");
    window.fill("Prises", "1");
    window.fill("par période de", "8");
    window.see("Choisissez heures ou jours");
    window.picture("french-alert");
    window.key(Key::Escape);
    window.press("Patients");
    window.press("Nouveau patient");
    window.fill("Naissance", "4/3/1980");
    window.picture("french-date");
    let tongue = "return [document.documentElement.lang, document.documentElement.dir].join(' ')";
    assert_eq!(window.ask(tongue, &[]), "fr ltr");
}

/// Whoever is registered a second time is seen while it is typed; the first Enter registers nobody
/// who is most likely known.
#[test]
fn nobody_is_registered_twice_unseen() {
    let (scene, _computer, _patients) = clinic("twice");
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    let begin = || {
        window.press("New patient");
        window.fill("Family name", "Okelo");
        window.fill("Given names", "Grace");
        window.fill("Born", "14/3/1980");
        window.see("1 patient may be the same person");
        window.see("same birth date · similar name");
        window.fill("Number", "CLN-Okello");
        window.see("same number");
    };
    begin();
    judge(&window, "perhaps-known");
    window.submit("Register");
    window.see("This is most likely a patient you have");
    judge(&window, "most-likely-known");
    window.press("OKELLO, Grace");
    window.see_part("banner", "OKELLO");
    // What was typed of somebody who is known is given up.
    window.press("Patients");
    begin();
    window.key(Key::Return);
    window.see("This is most likely a patient you have");
    window.press("Register all the same");
    window.see_part("banner", "OKELO");
}
