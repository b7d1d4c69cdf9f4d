//! What the pages of a signed-in person share.

use super::{
    Done, Route, Sheet, Subject,
    aside::parted,
    keeper::Keepers,
    kept::{Kept, fetch, tell},
};
use crate::backend::{Remote, on_carrying, on_exchanging, remote, touch};
use crate::components::Modal;
use crate::host::{clock, focus};
use crate::sections::Picked;
use api::{
    ChartView, ConflictItem, FileAct, FileProgress, GetSyncState, KeepForm, ListConflicts,
    ListTasks, Listed, Recorded, SessionView, SyncPhase, SyncProgress, SyncView, TaskItem, Topic,
    chart_topics,
};
use clinical::{Instant, PatientId, Role};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::{sync::Arc, time::Duration};
use web_sys::HtmlElement;

/// The frame of a signed-in person.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Who is signed in.
    pub session: StoredValue<SessionView>,
    /// The page.
    pub route: RwSignal<Route>,
    /// What is open beside it, the last on top.
    pub sheets: RwSignal<Vec<Sheet>>,
    /// What was opened at other patients and waits there.
    pub aside: RwSignal<Vec<Sheet>>,
    /// What was done last.
    pub done: RwSignal<Option<Done>>,
    /// Whose chart is on screen, once it is read.
    pub subject: RwSignal<Option<Subject>>,
    /// Who is pointed at in a list, where that is somebody.
    pub pointed: RwSignal<Option<Subject>>,
    /// What was said last to those who listen.
    pub said: RwSignal<String>,
    /// What was done on the way to a chart, to be said with its opening.
    on_the_way: StoredValue<Option<String>>,
    /// Told every minute: what says how old it is, or which day, is read anew.
    pub minute: RwSignal<()>,
    /// Until when the window does not lock itself, though nobody touches it: somebody is at another
    /// computer that is let in here.
    pub awake_until: RwSignal<Option<Instant>>,
    /// How the sync stands.
    pub sync: Remote<SyncView>,
    /// How far the exchange that goes on has come; none while none carries anything.
    pub exchange: RwSignal<Option<SyncProgress>>,
    /// The exchange that goes on was asked to stop.
    pub stopping: RwSignal<bool>,
    /// How far a file is that is written or read here.
    pub carrying: RwSignal<Option<(FileAct, FileProgress)>>,
    /// How much must be decided: the number alone, for a list that shows nobody.
    pub conflicts: Remote<Listed<ConflictItem>>,
    /// How much waits: the number alone.
    pub tasks: Remote<Listed<TaskItem>>,
    /// Who keeps what is being typed, before the window locks.
    pub keepers: Keepers,
    /// What was typed into forms that were closed or covered before it was recorded.
    pub kept: StoredValue<Kept>,
    /// The chart that was on screen last: a form beside it is told what it says.
    pub chart: RwSignal<Option<Arc<ChartView>>>,
    /// Vital signs are typed on the page of a visit and not recorded yet.
    pub unrecorded: RwSignal<bool>,
    /// The side of a dispute that was picked on this page.
    pub picked: StoredValue<Picked>,
    /// The palette.
    pub palette: Modal,
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
}

/// So long a window that lets a computer in stays open by itself: a room's ten minutes, and the record.
const LETTING_IN_MS: i64 = 15 * 60 * 1000;

impl Frame {
    /// Makes the frame.
    pub(crate) fn new(session: SessionView) -> Self {
        // Reception is asked nothing clinical.
        let clinical = is_clinical(session.role);
        let stopping = RwSignal::new(false);
        let sync = remote(|| Some(GetSyncState {}), |topic| topic == Topic::Sync);
        Self {
            session: StoredValue::new(session),
            route: RwSignal::new(Route::Today),
            sheets: RwSignal::new(Vec::new()),
            aside: RwSignal::new(Vec::new()),
            done: RwSignal::new(None),
            subject: RwSignal::new(None),
            pointed: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            on_the_way: StoredValue::new(None),
            minute: every_minute(),
            awake_until: RwSignal::new(None),
            sync,
            exchange: exchange(sync, stopping),
            stopping,
            carrying: carrying(),
            conflicts: remote(
                move || clinical.then_some(ListConflicts { after: None, limit: 0 }),
                |topic| topic == Topic::Conflicts,
            ),
            tasks: remote(
                move || clinical.then_some(ListTasks { after: None, limit: 0 }),
                |topic| topic == Topic::Tasks,
            ),
            keepers: Keepers::none(),
            kept: kept_before(),
            chart: RwSignal::new(None),
            unrecorded: RwSignal::new(false),
            picked: StoredValue::new(Picked::default()),
            palette: Modal::new(),
            opener: StoredValue::new_local(None),
        }
    }

    /// Keeps the window from locking itself while somebody walks to another computer that is let in
    /// here, for no longer than [`LETTING_IN_MS`] and for as long as this page shows it.
    pub(crate) fn stay_awake(self, is_letting_in: bool) {
        let until = clock::now().unix_ms().saturating_add(LETTING_IN_MS);
        self.awake_until.update(|awake| match (is_letting_in, &awake) {
            (false, _) => *awake = None,
            (true, Some(_)) => {}
            (true, None) => *awake = Some(Instant::from_unix_ms(until)),
        });
    }

    /// Whether the person may see charts.
    pub(crate) fn is_clinical(self) -> bool {
        self.session.with_value(|session| is_clinical(session.role))
    }

    /// Whether a form is open: with the page it would be gone from sight. What was typed into those
    /// that are closed is kept.
    pub(crate) fn is_typed(self) -> bool {
        let is_open = |list: RwSignal<Vec<Sheet>>| list.with_untracked(|list| !list.is_empty());
        is_open(self.sheets) || is_open(self.aside) || self.unrecorded.get_untracked()
    }

    /// Whether the person runs the clinic.
    pub(crate) fn is_admin(self) -> bool {
        self.session.with_value(|session| session.role == Role::Admin)
    }

    /// The chart of a patient as it was read last, where it is theirs.
    pub(crate) fn chart_of(self, patient: PatientId) -> Option<Arc<ChartView>> {
        self.chart.get().filter(|chart| chart.patient == patient)
    }

    /// Goes to a page. The one way to a chart: forms of other patients are put aside first, half
    /// typed as they are, so that none is live beside a chart it does not write to.
    pub(crate) fn go(self, route: Route) {
        if let Some(patient) = route.patient() {
            self.part_from_others(patient);
        }
        if self.route.get_untracked() != route {
            if route.patient().is_none() {
                self.on_the_way.set_value(None);
            }
            self.done.set(None);
            self.picked.set_value(Picked::default());
            self.route.set(route);
        }
        if !matches!(route, Route::Find | Route::Today | Route::Visit(..)) {
            focus::to_id("main");
        }
    }

    /// Goes to a page because of something that was done, which stays told there.
    pub(crate) fn leave_for(self, route: Route) {
        let done = self.done.get_untracked();
        self.go_after(route, done.as_ref().map(|done| done.text.clone()));
        self.done.set(done);
    }

    /// Goes to a page because of something that was done, and says so to those who listen.
    pub(crate) fn go_saying(self, route: Route, done: String) {
        self.go_after(route, Some(done.clone()));
        self.say(done);
    }

    /// What a chart says as it opens would take the place of what was done before that was read out:
    /// it is said behind it then.
    fn go_after(self, route: Route, done: Option<String>) {
        let opens = route.patient().is_some() && self.route.get_untracked() != route;
        self.go(route);
        self.on_the_way.set_value(done.filter(|_| opens));
    }

    /// Says that a chart is open, behind what was done on the way to it.
    pub(crate) fn say_opened(self, opened: String) {
        let mut done = None;
        self.on_the_way.update_value(|on_the_way| done = on_the_way.take());
        self.say(behind(done, opened));
    }

    fn part_from_others(self, patient: PatientId) {
        let (open, aside) = (self.sheets.get_untracked(), self.aside.get_untracked());
        let (here, away) = parted(open.clone(), aside.clone(), patient);
        if here != open {
            self.sheets.set(here);
        }
        if away != aside {
            self.aside.set(away);
        }
    }

    /// Opens something beside the page and remembers where the keyboard was.
    pub(crate) fn open(self, sheet: Sheet) {
        // Never beside the chart of somebody else.
        let elsewhere = sheet.subject().map(|subject| subject.patient);
        let here = self.route.get_untracked().patient();
        let elsewhere = elsewhere.filter(|patient| here.is_some_and(|here| here != *patient));
        if let Some(patient) = elsewhere {
            self.go(Route::Chart(patient));
        }
        let is_shown = |top: &Sheet| sheet.is_as_fresh_as(top);
        if self.sheets.with_untracked(|sheets| sheets.last().is_some_and(is_shown)) {
            return;
        }
        // What was done before is not what this one does.
        self.done.set(None);
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

    /// What closes the sheet on top, and that one alone: an answer may come when another has been
    /// opened over it, or when it waits at its patient.
    pub(crate) fn closer(self) -> impl Fn() + Clone + 'static {
        let own = self.sheets.with_untracked(|sheets| sheets.last().cloned());
        move || {
            let is_own = |sheet: &Sheet| Some(sheet) == own.as_ref();
            if self.sheets.with_untracked(|sheets| sheets.last().is_some_and(is_own)) {
                return self.close();
            }
            for list in [self.sheets, self.aside] {
                if list.with_untracked(|sheets| sheets.iter().any(is_own)) {
                    list.update(|sheets| sheets.retain(|sheet| !is_own(sheet)));
                }
            }
        }
    }

    /// What ends the form on top once it is recorded: the sheet closes, and what was done to whom
    /// is told.
    pub(crate) fn ending(self, whom: &Subject, done: &str, what: &str) -> impl FnOnce() + use<> {
        self.ending_with(Done::to(done, what, whom))
    }

    /// The same, with the line that is told.
    pub(crate) fn ending_with(self, done: Done) -> impl FnOnce() + 'static {
        let close = self.closer();
        move || {
            self.tell(done);
            close();
        }
    }

    /// The same of what can be taken back, once it is known what was written.
    pub(crate) fn recording(
        self,
        whom: &Subject,
        done: &str,
        what: &str,
    ) -> impl FnOnce(Recorded) + use<> {
        self.recording_in(self.closer(), whom, done, what)
    }

    /// The same of a sheet that was on screen when `close` was taken: what was asked meanwhile may
    /// have led elsewhere.
    pub(crate) fn recording_in<C: FnOnce()>(
        self,
        close: C,
        whom: &Subject,
        done: &str,
        what: &str,
    ) -> impl FnOnce(Recorded) + use<C> {
        let end = self.recording_on_page(whom, done, what);
        move |recorded| {
            end(recorded);
            close();
        }
    }

    /// The same of what is no sheet: nothing is closed.
    pub(crate) fn recording_on_page(
        self,
        whom: &Subject,
        done: &str,
        what: &str,
    ) -> impl FnOnce(Recorded) + use<> {
        let (patient, done) = (whom.patient, Done::to(done, what, whom));
        move |recorded| {
            touch(&chart_topics(patient));
            self.tell(done.with_undo(patient, recorded));
        }
    }

    /// Has the shell keep what was typed into a form, where there is news of it.
    pub(crate) fn keep_form(self, keep: Option<KeepForm>) {
        if keep.is_some() {
            spawn_local(self.form_kept(keep));
        }
    }

    /// The same, and waits for it; what could not be kept is told.
    pub(crate) async fn form_kept(self, keep: Option<KeepForm>) {
        let Some(keep) = keep else { return };
        if let Err(error) = tell(self.kept, keep).await {
            self.tell(Done::not_kept(&error));
        }
    }

    /// Shows what was done, and tells those who listen.
    pub(crate) fn tell(self, done: Done) {
        self.said.try_set(done.text.clone());
        self.done.try_set(Some(done));
    }

    /// Tells those who listen and do not see.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.said.try_set(text.into());
    }
}

/// What is said now, behind what nobody could have heard yet.
fn behind(before: Option<String>, now: String) -> String {
    match before {
        Some(before) => format!("{}. {now}", before.trim_end_matches('.')),
        None => now,
    }
}

/// What the person has typed and not recorded, also before the window locked or ended.
fn kept_before() -> StoredValue<Kept> {
    let kept = StoredValue::new(Kept::default());
    fetch(move |take| kept.try_update_value(|kept| take(kept)).unwrap_or_default());
    kept
}

/// How far the exchange that goes on has come, by what the shell tells. It is over once the sync is
/// heard to stand still: what comes with it is told of while it goes on.
fn exchange(sync: Remote<SyncView>, stopping: RwSignal<bool>) -> RwSignal<Option<SyncProgress>> {
    let exchange = RwSignal::new(None);
    on_exchanging(move |progress| {
        exchange.try_set(Some(progress));
    });
    Effect::new(move |_| {
        if sync.ready().is_some_and(|view| view.phase != SyncPhase::Running) {
            exchange.set(None);
            stopping.set(false);
        }
    });
    exchange
}

/// How far a file is that is written or read here, by what the shell tells.
fn carrying() -> RwSignal<Option<(FileAct, FileProgress)>> {
    let carrying = RwSignal::new(None::<(FileAct, FileProgress)>);
    on_carrying(move |act, far| {
        carrying.try_update(|now| {
            if far.is_some() || now.is_some_and(|(of, _)| of == act) {
                *now = far.map(|far| (act, far));
            }
        });
    });
    carrying
}

fn every_minute() -> RwSignal<()> {
    let minute = RwSignal::new(());
    let tell = move || minute.try_set(()).unwrap_or_default();
    let timer = set_interval_with_handle(tell, Duration::from_secs(60));
    on_cleanup(move || drop(timer.map(|timer| timer.clear())));
    minute
}

fn is_clinical(role: Role) -> bool {
    match role {
        Role::Admin | Role::Clinician => true,
        Role::Reception => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_on_the_way_to_a_chart_is_said_with_its_opening() {
        let check = |before: Option<&str>, said: &str| {
            assert_eq!(behind(before.map(str::to_owned), "Chart of Okello".to_owned()), said);
        };
        check(Some("The chart was taken in."), "The chart was taken in. Chart of Okello");
        check(Some("Registered: Okello"), "Registered: Okello. Chart of Okello");
        check(None, "Chart of Okello");
    }
}
