//! Paper from the window: what is printed, what stands of it in the chart, printed again; and the
//! label at the desk.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD, list, number, text};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;
use crate::printer::Printer;

fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    window.picture(page);
    window.picture_in(Scheme::Dark, page);
}

/// Prints what the form says once it is drawn.
fn print(window: &Window, printer: &Printer, says: &str) {
    window.see_count(".paper-page", 1);
    window.submit("Print");
    let text = printer.prints(says);
    assert!(text.contains("OKELLO, Grace"), "{says}: {text}");
    window.see_part("done", "Given to the printer");
}

#[test]
fn what_is_printed_stands_in_the_chart_and_is_printed_again() {
    let scene = Scene::new("paper-window");
    let printer = Printer::on(&scene);
    let computer = Computer::founded(&scene, "a");
    let grace = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417",
    }));
    let on = Some(grace.as_str());
    let visit =
        text(&computer.record("encounter", on, &json!({ "reason": "headache" })), "/entries/0/id");
    let order = json!({
        "medication": "amlodipine", "dose": "5", "unit": "mg", "route": "oral", "frequency": "1",
        "durationDays": "30", "encounter": visit,
    });
    computer.record("medication", on, &order);

    let window = printer.open(&scene);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("OKELLO, Grace");
    window.see_part("visit-page", "Vital signs");
    // Of a visit it is what was ordered in it, and a choice is seen at once.
    window.shortcut(Key::Control, 'p');
    window.see("What");
    judge(&window, "prescription");
    print(&window, &printer, "DOSE 5 mg");
    window.choose("What", "Visit summary");
    print(&window, &printer, "headache");
    window.choose("What", "Sick note");
    window.see_count(".paper-page", 0);
    window.fill("First day", "27-Nov-2026");
    window.fill("Last day", "01-Dec-2026");
    window.press("Show it");
    print(&window, &printer, "01-Dec-2026");
    window.choose("What", "Referral letter");
    window.fill("To whom", "Cardiology, Lira");
    window.fill("Situation", "Headache for a month.");
    window.press("Show it");
    print(&window, &printer, "Cardiology, Lira");
    judge(&window, "referral");
    window.key(Key::Escape);

    window.press("Whole chart");
    window.see_part("documents", "Referral letter");
    let kinds = window.texts("[data-testid=documents] .line-text b");
    // The fourth is folded away, and is drawn when it is unfolded.
    assert_eq!(kinds, ["Referral letter", "Sick note", "Visit summary"]);
    window.see_part("documents", "1 earlier document");
    judge(&window, "documents");
    window.press("Show: Referral letter");
    window.see_count("[data-testid=document] .paper-page", 1);
    judge(&window, "a-document");
    window.press_near("which copy it is", "Print again");
    window.see_part("done", "Copy 2 of");
    window.see_part("documents", "Printed again by");
    assert!(printer.prints("COPY 2").contains("Cardiology, Lira"));
    window.key(Key::Escape);
    judge(&window, "a-copy");
    drop(window.kill());

    let sheets = list(&computer.json(&["sheets", "list", "--patient", &grace]), "");
    let copies: Vec<u64> = sheets.iter().map(|sheet| number(sheet, "/copies")).collect();
    assert_eq!(copies, [2, 1, 1, 1], "what was printed is kept, and nothing else");
}

#[test]
fn the_desk_prints_a_label_and_sees_nothing_clinical() {
    let scene = Scene::new("paper-desk");
    let printer = Printer::on(&scene);
    let computer = Computer::founded(&scene, "a");
    computer.add_person("rose", "reception", "Rose Akello", acts::PASSWORD);

    let window = printer.open(&scene);
    window.see("Sign in");
    window.press("rose");
    acts::enter(&window, acts::PASSWORD, "Lakeside");
    window.shortcut(Key::Control, 'n');
    window.see_focus("#patient-family");
    let tab = char::from(Key::Tab);
    window.keys(&format!("Okello{tab}Grace{tab}f{tab}1980-03-14"));
    let (control, shift) = (char::from(Key::Control), char::from(Key::Shift));
    window.keys(&format!("{control}{shift}{}{shift}{control}", char::from(Key::Return)));
    window.see_part("waiting", "OKELLO, Grace");
    window.see_part("done", "Print a label");
    judge(&window, "checked-in");

    // By the key: it is drawn as it will come out, and Enter prints it.
    window.shortcut(Key::Control, 'p');
    window.see_focus("#label-copies");
    window.see_count(".paper-page", 1);
    judge(&window, "label");
    window.keys("0");
    window.key(Key::Return);
    window.see_refusal();
    window.see("Please print between 1 and 50");
    window.fill("How many", "2");
    window.key(Key::Return);
    window.see_part("done", "Given to the printer");
    let text = printer.prints("OKELLO, Grace");
    assert!(text.contains("14-Mar-1980"), "{text}");
    window.key(Key::Escape);

    // It is offered beside the line of who waits, and with who a patient is; no chart is.
    window.press("Print a label: OKELLO, Grace");
    window.see_focus("#label-copies");
    window.key(Key::Escape);
    window.press("Patients");
    window.fill("Find a patient by name", "okello");
    window.press("OKELLO");
    window.see("Check who it is");
    window.press("Print a label");
    window.see_focus("#label-copies");
    for clinical in ["Allergies", "Medicines", "Prescription", "Printed documents"] {
        window.see_no(clinical);
    }
}
