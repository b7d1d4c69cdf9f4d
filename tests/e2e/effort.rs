//! What the tasks of a day cost the hands, by keys alone and by the mouse alone, held to a budget
//! and written to `docs/EFFORT.md` beside what other systems ask for.

use std::fmt::Write as _;
use std::path::Path;

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Spent, Window};

use crate::acts;

/// A task, and what it may cost.
struct Task {
    name: &'static str,
    /// Keys that are no data, by keys alone.
    keys_max: u64,
    /// Presses, by the mouse alone.
    clicks_max: u64,
    /// Clicks, keys that are no data, and seconds of OpenMRS 3 and of OpenEMR.
    others: [(u64, u64, f64); 2],
}

/// The figures of the others are of a model: what their own end-to-end tests do and what their forms
/// ask for, each key and press at the times of the same model; no person was watched.
const REGISTER: Task = Task {
    name: "register a patient",
    keys_max: 10,
    clicks_max: 6,
    others: [(7, 2, 25.2), (11, 2, 32.3)],
};
const FIND: Task = Task {
    name: "find a patient and open the chart",
    keys_max: 9,
    clicks_max: 2,
    others: [(2, 9, 9.0), (3, 6, 9.5)],
};
const VISIT: Task = Task {
    name: "a follow-up visit: vital signs, note, diagnosis, prescription, signature",
    keys_max: 33,
    clicks_max: 10,
    others: [(34, 22, 120.7), (40, 25, 127.9)],
};
const RENEW: Task = Task {
    name: "renew a prescription",
    keys_max: 5,
    clicks_max: 2,
    others: [(4, 0, 9.7), (7, 0, 17.2)],
};
const WALK_IN: Task = Task {
    name: "check a walk-in patient in",
    keys_max: 11,
    clicks_max: 3,
    others: [(11, 9, 22.1), (11, 6, 19.9)],
};

/// What a task has cost by each way.
type Done = (Task, Spent, Spent);

#[test]
fn no_task_costs_more_than_its_budget() {
    let scene = Scene::new("effort");
    let computer = Computer::founded(&scene, "a");
    for (family, given) in [("Okello", "Grace"), ("Reyes", "Juan"), ("Diallo", "Awa")] {
        let born = "1980-03-14";
        let patient =
            computer.register(&json!({ "family": family, "given": given, "birthDate": born }));
        let on = Some(patient.as_str());
        let order = json!({
            "medication": "metformin", "dose": "500", "unit": "mg", "frequency": "2",
            "route": "oral",
        });
        computer.record("medication", on, &order);
        computer.record("condition", on, &json!({ "problem": "Type 2 diabetes" }));
    }
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.see("Nobody waits");
    let done = [
        (REGISTER, register_by_keys(&window), register_by_mouse(&window)),
        (FIND, find_by_keys(&window), find_by_mouse(&window)),
        (WALK_IN, walk_in_by_keys(&window), walk_in_by_mouse(&window)),
        (VISIT, visit_by_keys(&window), visit_by_mouse(&window)),
        (RENEW, renew_by_keys(&window), renew_by_mouse(&window)),
    ];
    let over: Vec<String> = done.iter().flat_map(over_budget).collect();
    assert!(over.is_empty(), "{}", over.join("\n"));
    hold_page(&page(&done));
}

fn over_budget((task, by_keys, by_mouse): &Done) -> Vec<String> {
    let mut over = Vec::new();
    if by_keys.keys > task.keys_max || by_keys.clicks > 0 {
        over.push(format!("{}, by keys: {by_keys:?}, at most {}", task.name, task.keys_max));
    }
    if by_mouse.clicks > task.clicks_max {
        over.push(format!("{}, by mouse: {by_mouse:?}, at most {}", task.name, task.clicks_max));
    }
    over
}

fn today(window: &Window) {
    window.press("Today");
    window.see_part("today", "Waiting");
}

fn register_by_keys(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    effort.ctrl('n');
    window.see("Family name");
    effort.decide();
    effort.data("Akello");
    effort.key(Key::Tab);
    effort.data("Mary");
    effort.key(Key::Tab);
    effort.data("f");
    effort.key(Key::Tab);
    effort.data("1988");
    effort.key(Key::Tab);
    effort.data("0700123456");
    effort.key(Key::Tab);
    effort.data("Lira");
    effort.decide();
    effort.ctrl(char::from(Key::Return));
    window.see_part("banner", "AKELLO");
    effort.spent()
}

fn register_by_mouse(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    window.press("New patient");
    window.see("Family name");
    effort.decide();
    // The line of the family name has the keyboard; each other line is pressed.
    effort.data("Auma");
    window.press_field("Given names");
    effort.data("Rose");
    window.press_field("Born");
    effort.data("1975");
    window.press_field("Telephone");
    effort.data("0700654321");
    window.press_field("Village or town");
    effort.data("Gulu");
    effort.decide();
    window.submit("Register");
    window.see_part("banner", "AUMA");
    effort.spent()
}

fn find_by_keys(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    effort.ctrl('k');
    window.see_focus("#palette-line");
    window.keys("okell");
    effort.decide();
    window.see_part("palette", "OKELLO");
    effort.key(Key::Return);
    window.see_part("banner", "OKELLO");
    effort.spent()
}

fn find_by_mouse(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    window.press("Find a patient");
    effort.data("okell");
    effort.decide();
    window.see_part("palette", "OKELLO");
    window.press("OKELLO, Grace");
    window.see_part("banner", "OKELLO");
    effort.spent()
}

fn walk_in_by_keys(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    effort.ctrl('i');
    window.see_focus("#arrive");
    window.keys("okell");
    effort.decide();
    window.see("OKELLO, Grace");
    effort.key(Key::Return);
    window.see_focus("#arrival-reason");
    effort.decide();
    effort.key(Key::Return);
    window.see_part("waiting", "OKELLO, Grace");
    effort.spent()
}

fn walk_in_by_mouse(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    window.press_field("Who has come");
    effort.data("reyes");
    effort.decide();
    window.press("REYES, Juan");
    window.see("May be left out");
    effort.decide();
    window.submit("Check in");
    window.see_part("waiting", "REYES, Juan");
    effort.spent()
}

/// The data of the visit, the same by both ways.
const SIGNS: [&str; 3] = ["138", "86", "72"];
const NOTE: [&str; 4] = [
    "headache in the mornings for a week, takes her tablets",
    "alert, no oedema, heart regular",
    "pressure still too high",
    "start amlodipine, less salt, again in two weeks",
];
const DIAGNOSIS: &str = "essential hypertension";
const ORDER: &str = "amlo 5 od 30";

fn visit_by_keys(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    effort.ctrl('0');
    window.see_focus(".today .row");
    effort.key(Key::Return);
    window.see_focus("#visit-reason");
    effort.decide();
    effort.data("headache");
    effort.key(Key::Tab);
    write_signs(&effort);
    effort.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    effort.decide();
    for (at, text) in NOTE.iter().enumerate() {
        if at > 0 {
            effort.key(Key::Tab);
        }
        effort.data(text);
    }
    effort.ctrl('d');
    window.see_focus("[id^=problem-]");
    effort.decide();
    effort.data(DIAGNOSIS);
    window.see("I10");
    effort.key(Key::Return);
    effort.ctrl(char::from(Key::Return));
    window.see_part("problems", "hypertension");
    effort.key(Key::F4);
    window.see_focus("#prescription-sentence");
    effort.decide();
    effort.data(ORDER);
    window.see("30 tablets");
    effort.key(Key::Return);
    window.see("Checked. Enter records");
    effort.key(Key::Return);
    window.see_part("medications", "amLODIPine");
    effort.decide();
    effort.ctrl(char::from(Key::Return));
    window.see_part("finish", NOTE[0]);
    window.see_focus("#finish-act");
    effort.decide();
    effort.ctrl(char::from(Key::Return));
    window.see_part("gone", "OKELLO, Grace");
    effort.spent()
}

fn write_signs(effort: &tests::window::Effort<'_>) {
    for (at, value) in SIGNS.iter().enumerate() {
        if at > 0 {
            effort.key(Key::Tab);
        }
        effort.data(value);
    }
}

fn visit_by_mouse(window: &Window) -> Spent {
    today(window);
    let effort = window.effort();
    window.press_near("Waiting", "REYES, Juan");
    window.see_part("visit-page", "Vital signs");
    effort.decide();
    effort.data("headache");
    window.press_field("Systolic");
    // From one small line to the next the hand on the keyboard goes by Tab.
    write_signs(&effort);
    window.submit("Record vital signs");
    window.see_part("visit-signs", "138/86 mmHg");
    effort.decide();
    for (at, text) in NOTE.iter().enumerate() {
        if at > 0 {
            effort.key(Key::Tab);
        }
        effort.data(text);
    }
    window.press("Add a problem");
    window.see_focus("[id^=problem-]");
    effort.decide();
    effort.data(DIAGNOSIS);
    window.press("Essential (primary) hypertension");
    window.submit("Record problem");
    window.see_part("problems", "hypertension");
    window.press("Add a medicine");
    window.see_focus("#prescription-sentence");
    effort.decide();
    effort.data(ORDER);
    window.see("30 tablets");
    window.submit("Record medicine");
    window.see_part("medications", "amLODIPine");
    effort.decide();
    window.press("Sign and finish");
    window.see_part("finish", NOTE[0]);
    effort.decide();
    window.press_near("Prescribed in this visit", "Sign and finish");
    window.see_part("gone", "REYES, Juan");
    effort.spent()
}

fn renew_by_keys(window: &Window) -> Spent {
    acts::open_chart(window, "Diallo");
    let effort = window.effort();
    effort.key(Key::F4);
    window.see_focus("#prescription-sentence");
    effort.decide();
    effort.key(Key::Down);
    window.keys("r");
    window.see_focus(".sheet button[type=submit]");
    effort.decide();
    effort.key(Key::Return);
    window.see_part("done", "metFORMIN");
    effort.spent()
}

fn renew_by_mouse(window: &Window) -> Spent {
    acts::open_chart(window, "Reyes");
    let effort = window.effort();
    effort.decide();
    window.press("Renew");
    effort.decide();
    window.submit("Renew");
    window.see_part("done", "amLODIPine");
    effort.spent()
}

/// The page as it should stand.
fn page(done: &[Done]) -> String {
    let mut page = String::from(HEAD);
    for (task, by_keys, by_mouse) in done {
        let [openmrs, openemr] = task.others;
        let other =
            |(clicks, keys, seconds): (u64, u64, f64)| format!("{clicks} / {keys} / {seconds:.1}");
        let line = writeln!(
            page,
            "| {} | {} ({}) | {} | {:.1} | {} ({}) | {:.1} | {} | {} | {:.2} |",
            task.name,
            by_keys.keys,
            task.keys_max,
            by_keys.data,
            by_keys.seconds(),
            by_mouse.clicks,
            task.clicks_max,
            by_mouse.seconds(),
            other(openmrs),
            other(openemr),
            by_keys.seconds() / openmrs.2,
        );
        line.expect("a text takes what is written");
    }
    page.push_str(FOOT);
    page
}

const HEAD: &str = "# What a task costs the hands

Counted in the real window by an end-to-end test (`tests/e2e/effort.rs`), which fails when a task
costs more than its budget (in brackets) or when this page says something else. Keys are those that
are no data: to move, to choose, to confirm; each key of a chord is one. Seconds are those of the
keystroke-level model (0.28 s a key, 1.30 s to point and press, 1.35 s a decision; Card, Moran and
Newell); what a program takes to answer is left out. OpenMRS 3 and OpenEMR: clicks / keys / seconds of
the same model over what their own end-to-end tests and forms ask for. Nobody was watched: these are
models of all three.

| task | keys | data | seconds by keys | clicks by mouse | seconds by mouse | OpenMRS 3 | OpenEMR | by keys to OpenMRS 3 |
|---|---|---|---|---|---|---|---|---|
";

const FOOT: &str = "
After a change that costs more or less: `FIELDCHART_WRITE_EFFORT=1` beside the test writes this page
anew.
";

/// The page in the tree says the same, or is written anew where that is asked for.
fn hold_page(page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/EFFORT.md");
    if std::env::var_os("FIELDCHART_WRITE_EFFORT").is_some() {
        return std::fs::write(&path, page).expect("the page is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, page, "docs/EFFORT.md tells other figures");
}
