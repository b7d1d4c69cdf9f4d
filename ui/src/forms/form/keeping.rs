//! What was typed and not recorded is kept: over a pause, a lock, another form, a crash.

use super::{Form, Home};
use crate::frame::Frame;
use crate::markup::prelude::*;
use api::KeepForm;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Display, rc::Rc, time::Duration};

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// A form that begins with what was typed into it before it was closed or covered unrecorded,
    /// else with `blank`. `of` tells it from forms of the same name: whose chart, which entry.
    pub(crate) fn kept(frame: Frame, name: &'static str, of: impl Display, blank: D) -> Self
    where
        D: PartialEq + Serialize + DeserializeOwned,
    {
        Self::kept_beside(frame, name, of, move || blank.clone())
    }

    /// The same, beside what the chart says whenever it is asked: that is nothing to keep.
    pub(crate) fn kept_beside(
        frame: Frame,
        name: &'static str,
        of: impl Display,
        stands: impl Fn() -> D + 'static,
    ) -> Self
    where
        D: PartialEq + Serialize + DeserializeOwned,
    {
        let key = format!("{name} {of}");
        let begun = stands();
        let waiting = frame.kept.try_update_value(|kept| kept.open::<D>(&key)).flatten();
        let waiting = waiting.filter(|waiting| *waiting != begun);
        let over = StoredValue::new(false);
        let home =
            Home { frame, restored: waiting.is_some(), over, key: StoredValue::new(key.clone()) };
        let form = Self { home: Some(home), ..Self::new(name, waiting.unwrap_or(begun)) };
        let put = move || {
            let is_over = over.try_get_value().unwrap_or(true);
            let typed = form.draft.try_get_untracked();
            let typed = typed.filter(|typed| !is_over && *typed != stands());
            frame.kept.try_update_value(|kept| kept.put(&key, typed.as_ref())).flatten()
        };
        let put: Rc<dyn Fn() -> Option<KeepForm>> = Rc::new(put);
        let later = Rc::clone(&put);
        let keep: Rc<dyn Fn()> = Rc::new(move || frame.keep_form(later()));
        keep_on_pause(form.draft, keep);
        // A form that cannot be kept is told, and holds up no note that is signed beside it.
        frame.keepers.join(Rc::new(move || {
            let keep = put();
            Box::pin(async move {
                frame.form_kept(keep).await;
                Ok(())
            })
        }));
        form
    }

    /// What was typed is given up: nothing of it is kept.
    pub(crate) fn give_up(self) {
        if let Some(home) = self.home {
            home.over.try_set_value(true);
        }
    }

    /// What was recorded is over, and the form stays: what is typed from now on is new.
    pub(crate) fn go_on(self) {
        if let Some(home) = self.home {
            home.over.try_set_value(false);
        }
    }

    /// Whether the form began with what was typed before and not recorded.
    pub(crate) fn is_restored(self) -> bool {
        self.home.is_some_and(|home| home.restored)
    }
}

/// Calls `keep` when typing pauses and when the form goes: the same for every draft, so that it is in
/// the module once.
fn keep_on_pause<D: Send + Sync + 'static>(draft: RwSignal<D>, keep: Rc<dyn Fn()>) {
    let typed = Box::new(move || draft.track());
    keep_when(typed, keep);
}

/// After such a pause what was typed survives a crash.
const KEEP_AFTER: Duration = Duration::from_millis(400);

fn keep_when(typed: Box<dyn Fn()>, keep: Rc<dyn Fn()>) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    };
    let (later, last) = (StoredValue::new_local(keep.clone()), StoredValue::new_local(keep));
    Effect::new(move |drawn: Option<()>| {
        typed();
        if drawn.is_some() {
            stop();
            let keep = move || later.try_with_value(|keep| keep()).unwrap_or_default();
            timer.set_value(set_timeout_with_handle(keep, KEEP_AFTER).ok());
        }
    });
    on_cleanup(move || {
        stop();
        last.try_with_value(|keep| keep());
    });
}
