//! What was typed into forms that were closed or covered before it was recorded.

use std::any::Any;
use std::collections::BTreeMap;

/// Drafts by the form they were typed into, for as long as the person is signed in.
#[derive(Default)]
pub(crate) struct Kept(BTreeMap<String, Box<dyn Any + Send + Sync>>);

impl Kept {
    /// The draft of a form, when one was kept.
    pub(crate) fn get<D: Clone + 'static>(&self, form: &str) -> Option<D> {
        self.0.get(form)?.downcast_ref::<D>().cloned()
    }

    /// Forgets what was kept of a form: it was recorded after all.
    pub(crate) fn forget(&mut self, form: &str) {
        self.0.remove(form);
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the draft of a form until it is opened again; `None` forgets it.
    pub(crate) fn put<D: Send + Sync + 'static>(&mut self, form: &str, draft: Option<D>) {
        match draft {
            Some(draft) => drop(self.0.insert(form.to_owned(), Box::new(draft))),
            None => drop(self.0.remove(form)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_gets_its_own_draft_back() {
        let mut kept = Kept::default();
        kept.put("allergy a", Some("penicillin".to_owned()));
        kept.put("allergy b", Some("latex".to_owned()));
        assert_eq!(kept.get::<String>("allergy a").as_deref(), Some("penicillin"));
        assert_eq!(kept.get::<String>("allergy c"), None);
        assert_eq!(kept.get::<u32>("allergy a"), None, "another kind of draft is none of ours");
        kept.put::<String>("allergy a", None);
        assert_eq!(kept.get::<String>("allergy a"), None);
        assert_eq!(kept.get::<String>("allergy b").as_deref(), Some("latex"));
        assert!(!kept.is_empty());
        kept.forget("allergy b");
        assert!(kept.is_empty());
        assert_eq!(kept.get::<String>("allergy b"), None);
    }
}
