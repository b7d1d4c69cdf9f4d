//! The pages of the rail, and the palette.

use fantoccini::key::Key;
use serde_json::json;

use super::{ALL, Hand, Typed};
use crate::prepared::Disputed;
use crate::walk;

/// Every text field of the pages.
const FIELDS: [&str; 22] = [
    "arrive",
    "credentials-qualification",
    "credentials-registration",
    "find-box",
    "given-path",
    "import-paths",
    "letterhead-address",
    "letterhead-footer",
    "letterhead-name",
    "letterhead-registration",
    "letterhead-telephone",
    "own-password-again",
    "own-password-now",
    "own-password-password",
    "palette-line",
    "person-name",
    "person-password",
    "person-userName",
    "recovery-code-password",
    "recovery-kit-password",
    "server-server",
    "task-outcome",
];

#[test]
fn no_word_typed_into_a_page_does_anything() {
    let clinic = Disputed::new("hostile-pages");
    let window = clinic.open();
    let mut hand = Hand::at(&window);
    walk::pages(&window, |page| match page {
        "Today" | "Patients" => {
            hand.types(page, &ALL);
        }
        "Inbox" => {
            window.press("Done… with the task about OKELLO");
            hand.types(page, &Typed { send: true, ..ALL });
            window.see_part("done", "Task done");
        }
        "Import" => {
            let keep = [("import-paths", "../../../../etc/passwd")];
            hand.types(page, &Typed { keep: &keep, send: true, ..ALL });
        }
        "People" => {
            let keep = [("person-userName", "rose"), ("person-password", "four quiet blue lamps")];
            hand.records(page, &keep, "person-name", "people-page");
        }
        "Letterhead" => {
            hand.types(page, &Typed { send: true, hasty: true, ..ALL });
            window.press("Change what stands beside Dr Ana Reyes");
            let into = "[id^=credentials]";
            let stands = hand.types("who signs", &Typed { into, ..ALL });
            window.submit("Save");
            let word = stands.get("credentials-qualification").and_then(|word| word.as_str());
            window.see_part("letterhead-page", word.unwrap_or("nothing stood there"));
            hand.still("who signs");
        }
        "Sync" | "Account" => {
            hand.types(page, &Typed { send: true, ..ALL });
        }
        "Log" => hand.still(page),
        _ => panic!("{page} is a page of its own: say what is typed there"),
    });
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    hand.types("the palette", &Typed { into: "#palette-line", ..ALL });
    window.key(Key::Escape);
    hand.must_have_met(&FIELDS);
    the_probe_sees(&hand);
}

/// The probe sees what it is there for, or all of this would prove nothing.
fn the_probe_sees(hand: &Hand<'_>) {
    let seen = hand.window.ask_later(
        "const done = arguments[arguments.length - 1];
         const put = (html) => document.body.insertAdjacentHTML('beforeend', html);
         put('<img src=x onerror=\"window.__hit=1\">');
         put('<iframe srcdoc=\"x\"></iframe><a href=\"javascript:0\">x</a>');
         console.error('oh');
         setTimeout(() => { window.__hit = 2; alert(1); }, 100);
         setTimeout(() => done(probe.seen.map((one) => one.split(':')[0])), 600);",
        &[],
    );
    let kinds = seen.as_array().cloned().unwrap_or_default();
    for kind in [
        "a handler",
        "an element",
        "an address",
        "error",
        "held back",
        "the console",
        "something ran",
        "alert",
    ] {
        assert!(kinds.contains(&json!(kind)), "no {kind:?} among {kinds:?}");
    }
}
