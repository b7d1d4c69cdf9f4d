//! What the pages of a signed-in person share.

use super::{Route, Sheet, Subject, kept::Kept};
use crate::backend::{Remote, remote};
use crate::host::focus;
use api::{
    ConflictItem, GetSyncState, ListConflicts, ListTasks, Listed, SessionView, SyncView, TaskItem,
    Topic,
};
use clinical::{PatientId, Role};
use leptos::prelude::*;
use std::{pin::Pin, rc::Rc};
use web_sys::HtmlElement;

/// Keeps what has been typed and not kept yet; done when it is kept.
pub(crate) type Keeper = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

/// The frame of a signed-in person.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Who is signed in.
    pub session: StoredValue<SessionView>,
    /// The page.
    pub route: RwSignal<Route>,
    /// What is open beside it, the last on top.
    pub sheets: RwSignal<Vec<Sheet>>,
    /// Whose chart is on screen, once it is read.
    pub subject: RwSignal<Option<Subject>>,
    /// What was said last to those who listen.
    pub said: RwSignal<String>,
    /// How the sync stands.
    pub sync: Remote<SyncView>,
    /// How much must be decided: the number alone, for a list that shows nobody.
    pub conflicts: Remote<Listed<ConflictItem>>,
    /// How much waits: the number alone.
    pub tasks: Remote<Listed<TaskItem>>,
    /// Keeps what is being typed, before the window locks.
    pub keeper: StoredValue<Option<Keeper>, LocalStorage>,
    /// What was typed into forms that were closed or covered before it was recorded.
    pub kept: StoredValue<Kept>,
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Frame {
    /// Makes the frame.
    pub(crate) fn new(session: SessionView) -> Self {
        // Reception is asked nothing clinical.
        let clinical = is_clinical(session.role);
        Self {
            session: StoredValue::new(session),
            route: RwSignal::new(Route::Find),
            sheets: RwSignal::new(Vec::new()),
            subject: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            sync: remote(|| Some(GetSyncState {}), weighs_on_sync),
            conflicts: remote(
                move || clinical.then_some(ListConflicts { after: None, limit: 0 }),
                |topic| topic == Topic::Conflicts,
            ),
            tasks: remote(
                move || clinical.then_some(ListTasks { after: None, limit: 0 }),
                |topic| topic == Topic::Tasks,
            ),
            keeper: StoredValue::new_local(None),
            kept: StoredValue::new(Kept::default()),
            opener: StoredValue::new_local(None),
        }
    }

    /// Whether the person may see charts.
    pub(crate) fn is_clinical(self) -> bool {
        self.session.with_value(|session| is_clinical(session.role))
    }

    /// Whether the person runs the clinic.
    pub(crate) fn is_admin(self) -> bool {
        self.session.with_value(|session| session.role == Role::Admin)
    }

    /// Goes to a page.
    pub(crate) fn go(self, route: Route) {
        if self.route.get_untracked() != route {
            self.route.set(route);
        }
        if route != Route::Find {
            focus::to_id("main");
        }
    }

    /// Goes to a patient: the chart, or for reception who it is.
    pub(crate) fn go_to_chart(self, patient: PatientId) {
        self.go(Route::Chart(patient));
    }

    /// Opens something beside the page and remembers where the keyboard was.
    pub(crate) fn open(self, sheet: Sheet) {
        if self.sheets.with_untracked(|sheets| sheets.last() == Some(&sheet)) {
            return;
        }
        if self.sheets.with_untracked(Vec::is_empty) {
            self.opener.set_value(focus::active());
        }
        // One of a kind: what is opened again comes to the top.
        self.sheets.update(|sheets| {
            sheets.retain(|open| *open != sheet);
            sheets.push(sheet);
        });
    }

    /// Closes what was opened last; the keyboard goes back to where it was.
    pub(crate) fn close(self) {
        self.sheets.update(|sheets| {
            sheets.pop();
        });
        if self.sheets.with_untracked(Vec::is_empty) {
            self.opener.with_value(|opener| focus::give_back(opener.as_ref()));
        }
    }

    /// Tells those who listen and do not see.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.said.try_set(text.into());
    }
}

fn is_clinical(role: Role) -> bool {
    match role {
        Role::Admin | Role::Clinician => true,
        Role::Reception => false,
    }
}

/// Every write leaves something to send.
fn weighs_on_sync(topic: Topic) -> bool {
    match topic {
        Topic::Sync | Topic::Chart(_) | Topic::Patients | Topic::Import | Topic::Draft(_) => true,
        Topic::Tasks | Topic::Conflicts | Topic::People | Topic::Session => false,
    }
}
