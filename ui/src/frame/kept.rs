//! What was typed into forms before it was recorded: there again after another page, a lock, a crash
//! and somebody else's turn, for whoever typed it.

use crate::backend::{ask_for, question, reply_of};
use crate::reading::read;
use api::{KeepForm, KeptForm, ListKeptForms};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// Drafts by the form they were typed into, as the shell keeps them.
#[derive(Debug, Default)]
pub(crate) struct Kept(BTreeMap<String, String>);

impl Kept {
    /// The draft of a form, when one was kept; one that cannot be read is none.
    pub(crate) fn get<D: DeserializeOwned>(&self, form: &str) -> Option<D> {
        read(self.0.get(form)?)
    }

    /// Keeps the draft of a form until it is recorded or given up, here and in the shell; `None`
    /// forgets it.
    pub(crate) fn put<D: Serialize>(&mut self, form: &str, draft: Option<&D>) {
        let body = draft.and_then(|draft| serde_json::to_string(draft).ok());
        if self.stand(form, body.clone()) {
            tell(form, body);
        }
    }

    /// Forgets what was kept of a form: it was recorded.
    pub(crate) fn forget(&mut self, form: &str) {
        if self.stand(form, None) {
            tell(form, None);
        }
    }

    /// Takes in what the shell has kept; what was typed meanwhile is newer.
    fn take(&mut self, kept: Vec<KeptForm>) {
        for KeptForm { form, body } in kept {
            self.0.entry(form).or_insert(body);
        }
    }

    /// Whether that is another than before.
    fn stand(&mut self, form: &str, body: Option<String>) -> bool {
        if self.0.get(form) == body.as_ref() {
            return false;
        }
        match body {
            Some(body) => drop(self.0.insert(form.to_owned(), body)),
            None => drop(self.0.remove(form)),
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

/// Has the shell keep a form. What it cannot keep stays in the window.
fn tell(form: &str, body: Option<String>) {
    // Nothing to tell where there is no shell.
    if cfg!(target_family = "wasm") {
        let keep = KeepForm { form: form.to_owned(), body };
        ask_for(question(&keep), Box::new(drop));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_gets_its_own_draft_back() {
        let mut kept = Kept::default();
        kept.put("allergy a", Some(&"penicillin".to_owned()));
        kept.put("allergy b", Some(&"latex".to_owned()));
        assert_eq!(kept.get::<String>("allergy a").as_deref(), Some("penicillin"));
        assert_eq!(kept.get::<String>("allergy c"), None);
        assert_eq!(
            kept.get::<Vec<u32>>("allergy a"),
            None,
            "another kind of draft is none of ours"
        );
        kept.put::<String>("allergy a", None);
        assert_eq!(kept.get::<String>("allergy a"), None);
        assert_eq!(kept.get::<String>("allergy b").as_deref(), Some("latex"));
        kept.forget("allergy b");
        assert_eq!(kept.get::<String>("allergy b"), None);
    }

    #[test]
    fn what_was_typed_meanwhile_is_newer_than_what_was_kept() {
        let mut kept = Kept::default();
        kept.put("allergy a", Some(&"latex".to_owned()));
        let old = |form: &str| KeptForm { form: form.into(), body: "\"penicillin\"".into() };
        kept.take(vec![old("allergy a"), old("allergy b")]);
        assert_eq!(kept.get::<String>("allergy a").as_deref(), Some("latex"));
        assert_eq!(kept.get::<String>("allergy b").as_deref(), Some("penicillin"));
        assert!(!kept.stand("allergy b", Some("\"penicillin\"".into())), "nothing new to keep");
    }
}
