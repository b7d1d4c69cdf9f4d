//! What one text is, what of it is kept, and what to send next: pure.

use super::fold::fold;
use std::collections::VecDeque;

/// So many texts of ours are recognised when they come back.
const SENT_MAX: usize = 16;

/// One text of the note.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// What is in the field.
    typed: String,
    /// What the shell is known to hold.
    known: String,
    /// What was sent of late, answered or not: when the shell says it again, it is late, not new.
    sent: VecDeque<String>,
    /// What the shell holds is part of the record, and not only kept on this computer.
    settled: bool,
    /// A save is under way.
    busy: bool,
}

/// A save to make.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Save {
    /// The whole text.
    pub text: String,
    /// Typing has paused.
    pub settled: bool,
}

impl Text {
    /// A text as the shell gave it: kept here for sure, part of the record perhaps not yet.
    pub(super) fn given(text: &str) -> Self {
        Self {
            typed: text.to_owned(),
            known: text.to_owned(),
            settled: text.is_empty(),
            ..Self::default()
        }
    }

    /// Someone typed.
    pub(super) fn type_in(&mut self, text: String) {
        self.settled &= text == self.typed;
        self.typed = text;
    }

    /// What is in the field.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether a save is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Whether the shell has all of it.
    pub(super) fn is_kept(&self) -> bool {
        self.typed == self.known
    }

    /// The save to make now, if any: one at a time, so that no older text overtakes a newer.
    pub(super) fn begin(&mut self, settled: bool) -> Option<Save> {
        let needed = if settled { !self.settled || !self.is_kept() } else { !self.is_kept() };
        if self.busy || !needed {
            return None;
        }
        self.busy = true;
        self.sent.push_back(self.typed.clone());
        if self.sent.len() > SENT_MAX {
            self.sent.pop_front();
        }
        Some(Save { text: self.typed.clone(), settled })
    }

    /// A save was answered.
    pub(super) fn end(&mut self, save: &Save, kept: bool) {
        self.busy = false;
        if kept {
            self.known.clone_from(&save.text);
            self.settled = save.settled && self.typed == save.text;
        }
    }

    /// The shell holds `theirs` now; the new text of the field when it changes. What the shell
    /// has from us is nothing new.
    pub(super) fn hear(&mut self, theirs: &str) -> Option<String> {
        if theirs == self.known || self.sent.iter().any(|sent| sent == theirs) {
            return None;
        }
        let folded = fold(&self.known, &self.typed, theirs);
        theirs.clone_into(&mut self.known);
        self.settled = folded == theirs;
        let changed = folded != self.typed;
        self.typed.clone_from(&folded);
        changed.then_some(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_saved_once_and_settled_once() {
        let mut text = Text::given("");
        assert_eq!(text.begin(true), None);
        text.type_in("cough".into());
        let first = text.begin(false).unwrap();
        assert_eq!(first, Save { text: "cough".into(), settled: false });
        assert_eq!(text.begin(true), None, "one at a time");
        text.end(&first, true);
        assert!(text.is_kept());
        assert_eq!(text.begin(false), None, "kept already");
        let second = text.begin(true).unwrap();
        text.end(&second, true);
        assert_eq!(text.begin(true), None, "settled already");
    }

    #[test]
    fn a_failed_save_is_made_again() {
        let mut text = Text::given("");
        text.type_in("cough".into());
        let save = text.begin(false).unwrap();
        text.end(&save, false);
        assert!(!text.is_kept());
        assert!(text.begin(false).is_some());
    }

    #[test]
    fn what_is_typed_meanwhile_is_not_taken_for_kept() {
        let mut text = Text::given("");
        text.type_in("cough".into());
        let save = text.begin(true).unwrap();
        text.type_in("cough and".into());
        text.end(&save, true);
        assert!(!text.is_kept());
        assert_eq!(text.begin(true).unwrap().text, "cough and");
    }

    #[test]
    fn text_from_elsewhere_comes_in_and_typed_text_stays() {
        let mut text = Text::given("old. ");
        assert_eq!(text.hear("old. theirs"), Some("old. theirs".into()));
        assert_eq!(text.begin(true), None, "nothing of ours to send");
        text.type_in("mine old. theirs".into());
        assert_eq!(text.hear("old. theirs!"), Some("mine old. theirs!".into()));
        assert!(text.begin(true).is_some());
    }

    #[test]
    fn a_late_answer_takes_nothing_back() {
        let mut text = Text::given("");
        for typed in ["ab", "abc"] {
            text.type_in(typed.into());
            let save = text.begin(false).unwrap();
            text.end(&save, true);
        }
        assert_eq!(text.hear("ab"), None);
        assert_eq!(text.typed(), "abc");
    }

    #[test]
    fn our_own_text_does_not_come_back_twice() {
        let mut text = Text::given("");
        text.type_in("abc".into());
        let save = text.begin(false).unwrap();
        text.type_in("abc def".into());
        assert_eq!(text.hear("abc"), None);
        text.end(&save, true);
        assert_eq!(text.hear("abc"), None);
        assert_eq!(text.typed(), "abc def");
    }
}
