//! The tasks by keys alone.

use fantoccini::key::Key;
use tests::window::{Spent, Window};

use super::{DIAGNOSIS, NOTE, ORDER, must_be_printed, today, write_signs};
use crate::acts;
use crate::printer::Printer;

pub(super) fn register(window: &Window) -> Spent {
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

pub(super) fn find(window: &Window) -> Spent {
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

pub(super) fn walk_in(window: &Window) -> Spent {
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

pub(super) fn visit(window: &Window, printer: &Printer) -> Spent {
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
    must_be_printed(window, printer, "OKELLO, Grace");
    effort.spent()
}

pub(super) fn renew(window: &Window) -> Spent {
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
