//! The main screens: the same in three sizes, by day and by night and from both sides, and what is
//! heard of each by whoever does not see it.

mod sheets;

use std::collections::BTreeSet;

use fantoccini::key::Key;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tests::golden::Golden;
use tests::window::{Scheme, Window};

use crate::prepared::Disputed;
use crate::{acts, sight};

/// The commonest laptop of a clinic, one of an eighth more zoom, a large screen.
const SIZES: [[u32; 2]; 3] = [[1366, 768], [1024, 768], [1920, 1080]];

/// Where each part of the page lies: from the side its lines begin.
const SHAPE: &str = include_str!("screens/shape.js");
/// What a screen reader is told, a line for each thing, further in within what holds it.
const HEARD: &str = include_str!("screens/heard.js");

#[test]
fn every_screen_has_one_shape_and_is_heard_in_words() {
    let clinic = Disputed::new("screens");
    let window = clinic.scene.open("a");
    window.see("Sign in");
    judge(&window, "sign-in");
    acts::enter(&window, tests::computer::PASSWORD, "Lakeside");
    window.see("Nobody waits");
    judge(&window, "today");
    sight::the_search_stands_still(&window);
    window.press("Patients");
    window.fill("Find a patient by name", "okello");
    window.see("OKELLO, Grace");
    judge(&window, "find");
    window.press("OKELLO");
    window.see_part("medications", "amLODIPine");
    judge(&window, "chart");
    window.press("Add a medicine");
    window.see("Close");
    judge(&window, "prescribe");
    window.key(Key::Escape);
    window.shortcut(Key::Control, 'n');
    window.see("Close");
    judge(&window, "register");
    window.key(Key::Escape);
    for (link, screen) in [
        ("Inbox", "inbox"),
        ("People", "people"),
        ("Letterhead", "letterhead"),
        ("Account", "account"),
        ("Log", "audit"),
        ("Import", "import"),
    ] {
        window.press(link);
        judge(&window, screen);
    }
}

/// Holds what is heard of a screen, and its shape in every size: night changes nothing but colours,
/// and what is read from the right is the mirror of what is read from the left.
fn judge(window: &Window, screen: &str) {
    judge_naming(window, screen, Golden::new());
}

/// The same of a screen with texts of this run, which have names.
fn judge_naming(window: &Window, screen: &str, named: Golden) {
    window.see_settled();
    window.must_be_accessible(screen);
    let heard = window.ask(HEARD, &[]);
    let heard = named.text(heard.as_str().unwrap_or_default());
    let heard = if screen == "audit" { each_row_once(&heard) } else { heard };
    assert_snapshot!(format!("heard-{screen}"), heard);
    for [width, height] in SIZES {
        window.resize(width, height);
        let shape =
            |direction: &str, scheme: &str| window.ask(SHAPE, &[json!(direction), json!(scheme)]);
        let page = format!("{screen}-{width}x{height}");
        let must_be_alike = |direction: &str, scheme: &str, how: &str| {
            let moved = || moved(&shape("ltr", "light"), &shape(direction, scheme), &page);
            // The chip says another thing when an exchange ends or a minute is over.
            let moved =
                (0..SHAPES_TIMES).map(|_| moved()).find(Vec::is_empty).unwrap_or_else(moved);
            assert!(moved.is_empty(), "{page} {how}: {moved:#?}");
        };
        shape("ltr", "light");
        sight::nothing_is_cut_off(window, &page);
        must_be_alike("ltr", "dark", "by night");
        must_be_alike("rtl", "light", "from the right");
        sight::nothing_is_cut_off(window, &format!("{page} from the right"));
        if [width, height] == SIZES[1] {
            window.picture_in(Scheme::Dark, &format!("{page}-rtl"));
        }
        window.ask(SHAPE, &[json!("ltr"), json!("")]);
        if [width, height] == SIZES[0] {
            window.picture(&page);
        }
    }
    let [width, height] = SIZES[0];
    window.resize(width, height);
}

/// A row without how often it was done on end: that is a matter of what came between.
fn without_times(line: &str) -> String {
    let Some((before, _)) = line.split_once(" times, first ") else { return line.to_owned() };
    let before = before.trim_end_matches(|one: char| one.is_ascii_digit()).trim_end();
    format!("{before}\"")
}

/// What is heard, every kind of row counted once and in the order of its words: two readings that a
/// page asks for together reach the log in either order, and a slow hand searches more often.
fn each_row_once(heard: &str) -> String {
    let mut said = String::new();
    let mut rows = BTreeSet::new();
    let mut row: Option<(usize, String)> = None;
    for line in heard.lines().map(without_times) {
        let line = line.as_str();
        let depth = line.len() - line.trim_start().len();
        let is_within = row.as_ref().is_some_and(|(outer, _)| depth > *outer);
        if !is_within {
            rows.extend(row.take().map(|(_, words)| words));
        }
        match &mut row {
            Some((_, words)) => *words += &format!("{line}\n"),
            None if line.trim() == "row" => row = Some((depth, format!("{line}\n"))),
            None => {
                said.extend(std::mem::take(&mut rows));
                said += &format!("{line}\n");
            }
        }
    }
    rows.extend(row.map(|(_, words)| words));
    said.extend(rows);
    said
}

/// So often two shapes are taken that are to be alike.
const SHAPES_TIMES: usize = 2;

/// The parts that do not lie where they lie in the other picture, to the width of a line.
fn moved(one: &Value, other: &Value, page: &str) -> Vec<(Value, Value)> {
    let parts = |shape: &Value| shape.as_array().cloned().unwrap_or_default();
    let (one, other) = (parts(one), parts(other));
    assert!(one.len() > 3, "{page}: a page has parts");
    let names = |parts: &[Value]| parts.iter().map(|part| part["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other), "{page}");
    let far = |a: &Value, b: &Value| {
        ["from", "top", "width", "height"].iter().any(|side| {
            let [a, b] = [a, b].map(|part| part[*side].as_f64().unwrap_or(f64::MAX));
            (a - b).abs() > 2.0
        })
    };
    one.into_iter().zip(other).filter(|(a, b)| far(a, b)).collect()
}
