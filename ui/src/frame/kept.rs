//! What was typed into forms before it was recorded: there again after another page, a lock, a crash
//! and somebody else's turn, for whoever typed it.

use crate::backend::{ask_for, call, question, reply_of};
use crate::reading::read;
use api::{ApiError, KeepForm, KeptForm, ListKeptForms};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// Drafts by the form they were typed into, as the shell keeps them.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    all: BTreeMap<String, String>,
    /// Forms whose newest draft the shell could not keep: it is asked again.
    refused: BTreeSet<String>,
    /// The shell has said what it keeps.
    is_told: bool,
    /// Forms that were opened before it said so: they show nothing of what it keeps, and closing
    /// them gives up nothing of it.
    unaware: BTreeSet<String>,
}

impl Kept {
    /// The draft a form begins with, when one was kept; one that cannot be read is none.
    pub(crate) fn open<D: DeserializeOwned>(&mut self, form: &str) -> Option<D> {
        if self.is_told || self.all.contains_key(form) {
            self.unaware.remove(form);
        } else {
            self.unaware.insert(form.to_owned());
        }
        read(self.all.get(form)?)
    }

    /// Keeps the draft of a form until it is recorded or given up; `None` forgets it. What the shell
    /// is to be told, where that is news to it.
    #[must_use]
    pub(crate) fn put<D: Serialize>(&mut self, form: &str, draft: Option<&D>) -> Option<KeepForm> {
        let body = draft.and_then(|draft| serde_json::to_string(draft).ok());
        match body {
            Some(_) => drop(self.unaware.remove(form)),
            None if self.unaware.contains(form) => return None,
            None => {}
        }
        self.stand(form, body.clone()).then(|| KeepForm { form: form.to_owned(), body })
    }

    /// Forgets what was kept of a form: it was recorded. What the shell is to be told.
    #[must_use]
    pub(crate) fn forget(&mut self, form: &str) -> Option<KeepForm> {
        self.put::<()>(form, None)
    }

    /// Whether the shell has all that was typed.
    pub(super) fn is_safe(&self) -> bool {
        self.refused.is_empty()
    }

    /// Whether the shell kept what it was told of a form.
    fn settle(&mut self, form: &str, is_kept: bool) {
        if is_kept {
            self.refused.remove(form);
        } else {
            self.refused.insert(form.to_owned());
        }
    }

    /// Takes in what the shell has kept; what was typed meanwhile is newer.
    fn take(&mut self, kept: Vec<KeptForm>) {
        self.is_told = true;
        for KeptForm { form, body } in kept {
            self.all.entry(form).or_insert(body);
        }
    }

    /// Whether that is another than before.
    fn stand(&mut self, form: &str, body: Option<String>) -> bool {
        if self.all.get(form) == body.as_ref() {
            return self.refused.contains(form);
        }
        match body {
            Some(body) => drop(self.all.insert(form.to_owned(), body)),
            None => drop(self.all.remove(form)),
        }
        true
    }
}

/// Asks the shell for what was kept, and hands it to `heed`.
pub(super) fn fetch(heed: impl FnOnce(&dyn Fn(&mut Kept)) + 'static) {
    let answered = move |answer| {
        // Without an answer nothing is there again; what is typed from now on is kept all the same.
        let kept: Vec<KeptForm> = reply_of(answer).unwrap_or_default();
        heed(&move |all: &mut Kept| all.take(kept.clone()));
    };
    ask_for(question(&ListKeptForms {}), Box::new(answered));
}

/// Has the shell keep a form.
///
/// # Errors
/// Why it could not: what was typed is in the window alone, and is told to be.
pub(super) async fn tell(kept: StoredValue<Kept>, keep: KeepForm) -> Result<(), ApiError> {
    // Nothing to tell where there is no shell.
    if !cfg!(target_family = "wasm") {
        return Ok(());
    }
    let answer = call(&keep).await.map(drop);
    kept.try_update_value(|kept| kept.settle(&keep.form, answer.is_ok()));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_gets_its_own_draft_back() {
        let mut kept = Kept::default();
        let told = kept.put("allergy a", Some(&"penicillin".to_owned())).unwrap();
        assert_eq!(
            (told.form.as_str(), told.body.as_deref()),
            ("allergy a", Some("\"penicillin\""))
        );
        assert!(kept.put("allergy b", Some(&"latex".to_owned())).is_some());
        assert_eq!(kept.open::<String>("allergy a").as_deref(), Some("penicillin"));
        assert_eq!(kept.open::<String>("allergy c"), None);
        assert_eq!(
            kept.open::<Vec<u32>>("allergy a"),
            None,
            "another kind of draft is none of ours"
        );
        assert!(kept.put::<String>("allergy a", None).is_some());
        assert_eq!(kept.open::<String>("allergy a"), None);
        assert_eq!(kept.open::<String>("allergy b").as_deref(), Some("latex"));
        assert_eq!(kept.forget("allergy b").unwrap().body, None);
        assert_eq!(kept.open::<String>("allergy b"), None);
    }

    #[test]
    fn what_was_typed_meanwhile_is_newer_than_what_was_kept() {
        let mut kept = Kept::default();
        assert!(kept.put("allergy a", Some(&"latex".to_owned())).is_some());
        let old = |form: &str| KeptForm { form: form.into(), body: "\"penicillin\"".into() };
        kept.take(vec![old("allergy a"), old("allergy b")]);
        assert_eq!(kept.open::<String>("allergy a").as_deref(), Some("latex"));
        assert_eq!(kept.open::<String>("allergy b").as_deref(), Some("penicillin"));
        let again =
            |kept: &mut Kept| kept.put("allergy b", Some(&"penicillin".to_owned())).is_some();
        assert!(!again(&mut kept), "nothing new to keep");
        kept.settle("allergy b", false);
        assert!(!kept.is_safe(), "and whoever locks is told");
        assert!(again(&mut kept), "what could not be kept is tried again");
        kept.settle("allergy b", true);
        assert!(!again(&mut kept));
    }

    #[test]
    fn a_form_opened_before_the_answer_gives_up_nothing_it_did_not_show() {
        let old = || vec![KeptForm { form: "allergy a".into(), body: "\"penicillin\"".into() }];
        let mut kept = Kept::default();
        assert_eq!(kept.open::<String>("allergy a"), None, "not told yet");
        kept.take(old());
        assert_eq!(kept.put::<String>("allergy a", None), None, "closed as it was opened");
        assert_eq!(kept.open::<String>("allergy a").as_deref(), Some("penicillin"));
        assert!(kept.put::<String>("allergy a", None).is_some(), "seen, and given up");

        let mut kept = Kept::default();
        assert_eq!(kept.open::<String>("allergy a"), None);
        assert!(kept.put("allergy a", Some(&"latex".to_owned())).is_some());
        kept.take(old());
        assert!(kept.put::<String>("allergy a", None).is_some(), "what was typed here is given up");
    }
}
