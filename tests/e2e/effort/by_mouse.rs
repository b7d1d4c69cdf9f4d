//! The tasks by the mouse, with the keyboard for what has to be said.

use fantoccini::key::Key;
use tests::window::{Spent, Window};

use super::{DIAGNOSIS, NOTE, ORDER, must_be_printed, today, write_signs};
use crate::acts;
use crate::printer::Printer;

pub(super) fn register(window: &Window) -> Spent {
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

pub(super) fn find(window: &Window) -> Spent {
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

pub(super) fn walk_in(window: &Window) -> Spent {
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

pub(super) fn visit(window: &Window, printer: &Printer) -> Spent {
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
    must_be_printed(window, printer, "REYES, Juan");
    effort.spent()
}

pub(super) fn renew(window: &Window) -> Spent {
    acts::open_chart(window, "Reyes");
    let effort = window.effort();
    effort.decide();
    window.press("Renew");
    effort.decide();
    window.submit("Renew");
    window.see_part("done", "amLODIPine");
    effort.spent()
}
