//! What the tasks of a day cost the hands, by keys alone and by the mouse alone, held to a budget
//! and written to `docs/EFFORT.md` beside what other systems ask for.

mod budget;
mod by_keys;
mod by_mouse;
mod page;

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Effort, Window};

use crate::acts;
use crate::printer::Printer;
use budget::{Done, over, tasks};

#[test]
fn no_task_costs_more_than_its_budget() {
    let scene = Scene::new("effort");
    let printer = Printer::on(&scene);
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
    let window = printer.open(&scene);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.see("Nobody waits");
    // In the order of the table.
    let spent = [
        (by_keys::register(&window), by_mouse::register(&window)),
        (by_keys::find(&window), by_mouse::find(&window)),
        (by_keys::walk_in(&window), by_mouse::walk_in(&window)),
        (by_keys::visit(&window, &printer), by_mouse::visit(&window, &printer)),
        (by_keys::renew(&window), by_mouse::renew(&window)),
    ];
    let tasks = tasks();
    assert_eq!(tasks.len(), spent.len(), "each task of the table is done");
    let done =
        tasks.into_iter().zip(spent).map(|(task, (by_keys, by_mouse))| (task, by_keys, by_mouse));
    let done: Vec<Done> = done.collect();
    let over: Vec<String> = done.iter().flat_map(over).collect();
    assert!(over.is_empty(), "{}", over.join("\n"));
    page::hold(&done);
}

fn today(window: &Window) {
    window.press("Today");
    window.see_part("today", "Waiting");
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

fn write_signs(effort: &Effort<'_>) {
    for (at, value) in SIGNS.iter().enumerate() {
        if at > 0 {
            effort.key(Key::Tab);
        }
        effort.data(value);
    }
}

/// The visit ends on paper as well: what was ordered in it came out of the printer.
fn must_be_printed(window: &Window, printer: &Printer, name: &str) {
    window.see_part("gone", name);
    window.see_part("done", "Given to the printer");
    let page = printer.prints(name);
    for words in ["DOSE 5 mg", "30 tablets", "Dr Ana Reyes"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
