//! Today: who waits, who is with a clinician, who has gone; and checking in.

mod model;

use super::shown::shown;
use crate::backend::{ask_for, question, remote, reply_of, touch};
use crate::components::{Icon, Press, Tone, button, chip, empty, icon, quiet_button, walk_rows};
use crate::forms::{chart_topics, failure_notice};
use crate::frame::{Done, Frame, Route, Sheet, Subject};
use crate::host::{clock, focus};
use crate::i18n::{line as line_of, t, tf, tn};
use crate::markup::prelude::*;
use crate::sections::patient_box;
use crate::words::date;
use api::{ApiError, CancelEncounter, Command, ErrorCode, GetToday, SeePatient, TodayView, Topic};
use clinical::{EncounterId, EntryKind, EntryRef, PartialDate, PatientDraft, PatientId};
use model::{Clock, Column, Row, Wait, rows};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    frame: Frame,
    failure: RwSignal<Option<ApiError>>,
}

/// The page.
pub(crate) fn today(frame: Frame) -> AnyView {
    let desk = Desk { frame, failure: RwSignal::new(None) };
    let visits = remote(|| Some(GetToday {}), |topic| topic == Topic::Today);
    Effect::new(move |_| {
        frame.minute.track();
        let listed = untrack(|| visits.ready()).map(|view| view.day);
        // Past midnight it is another day.
        if listed.is_some_and(|day| day != PartialDate::from_date(clock::today())) {
            visits.refetch();
        }
    });
    let day = Memo::new(move |_| visits.ready().map(|view| date(&view.day)));
    let list = shown(visits, move |view| {
        // How long somebody has waited is told anew every minute.
        frame.minute.track();
        keep_focus();
        board(desk, &view)
    });
    focus_first();
    let register = move || frame.open(Sheet::Register(PatientDraft::default()));
    let arrived = move |subject: Subject| frame.open(Sheet::CheckIn(subject));
    view! {
        <div class="today" data-testid="today">
            <header class="today-head">
                <h1>{t("today.title")} " " <span class="today-day">{move || day.get()}</span></h1>
                <div class="today-arrive">{patient_box("arrive", t("today.arrive"), arrived)}</div>
                {button(Press::Plain, t("find.new"), register)}
            </header>
            {move || desk.failure.get().map(|error| failure_notice(&error, None))}
            {list}
        </div>
    }
    .into_any()
}

/// Lines that are drawn anew leave the keyboard where it was.
fn keep_focus() {
    let held = focus::active().map(|element| element.id());
    if let Some(id) = held.filter(|id| id.starts_with(ROW_ID)) {
        focus::to_id(&id);
    }
}

/// What the ids of lines begin with.
const ROW_ID: &str = "visit-";

/// Whoever comes to the page stands at the one who has waited longest.
fn focus_first() {
    focus::to_selector(".today .row");
}

fn board(desk: Desk, view: &TodayView) -> AnyView {
    let clock = Clock { now: clock::now(), today: clock::today(), local: clock::local };
    let list = |column, mark, title, nothing| {
        column_view(desk, mark, title, nothing, column, rows(view, column, clock))
    };
    let left = rows(view, Column::LeftOpen, clock);
    let left = (!left.is_empty())
        .then(|| column_view(desk, "left-open", t("today.left"), "", Column::LeftOpen, left));
    let more = (view.more > 0).then(|| view! { <p class="hint">{tn("today.more", view.more)}</p> });
    view! {
        <div class="board" on:keydown=|event| walk_rows(&event)>
            <div>
                {list(Column::Waiting, "waiting", t("today.waiting"), t("today.waiting.none"))}
                {left}
            </div>
            {list(Column::With, "with", t("today.with"), t("today.with.none"))}
            {list(Column::Gone, "gone", t("today.gone"), t("today.gone.none"))}
        </div>
        {more}
    }
    .into_any()
}

fn column_view(
    desk: Desk,
    mark: &'static str,
    title: &'static str,
    nothing: &'static str,
    column: Column,
    rows: Vec<Row>,
) -> AnyView {
    let heading = format!("heading-{mark}");
    let labelled = heading.clone();
    let count = rows.len();
    let none = rows.is_empty().then(|| empty(nothing));
    let rows = rows.into_iter().map(|row| line(desk, column, row)).collect_view();
    view! {
        <section class="board-column" data-testid=mark aria-labelledby=labelled>
            <h2 id=heading>{title} " " <span class="count">{count}</span></h2>
            {none}
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

fn line(desk: Desk, column: Column, row: Row) -> AnyView {
    let shown = Shown::of(&row);
    let id = format!("{ROW_ID}{}", row.encounter);
    let gone = row.name.clone();
    let leave = (column == Column::Waiting).then(|| {
        let (label, shown) = (tf("today.leave-of", &[("name", &gone)]), shown.clone());
        quiet_button(t("today.leave"), label, move || leave(desk, &shown, &gone))
    });
    let mistake = mistake(desk, &row);
    let mark = |is_so: bool, text| is_so.then(|| chip(Tone::Warning, text));
    let unsigned = mark(row.unsigned, t("today.unsigned"));
    let disputed = mark(row.disputed, t("today.disputed"));
    let doubled = mark(row.doubled, t("today.doubled"));
    let patient = row.patient;
    let open = move || open(desk, column, &shown);
    let label = row.identity.filter(|_| !desk.frame.is_clinical()).map(|identity| {
        let whom = Subject { patient, identity, has_allergies: false, heads: None };
        let whole = tf("label.of", &[("what", &row.name)]);
        let print = move || desk.frame.open(Sheet::Label(whom.clone()));
        quiet_button(t("label.print"), whole, print)
    });
    let (wait, picture) = match row.wait {
        Wait::Fair => ("wait", None),
        Wait::Long => ("wait long", None),
        Wait::TooLong => ("wait too-long", Some(icon(Icon::Alert))),
    };
    let reason =
        row.reason.map(|reason| view! { <span class="row-reason"><bdi>{reason}</bdi></span> });
    let with = row.with.map(|with| view! { <span class="row-with"><bdi>{with}</bdi></span> });
    let body = view! {
        <b class="row-name"><bdi>{row.name}</bdi></b>
        <span class=wait>{picture}{row.when}</span>
        <span class="row-about"><bdi>{row.about}</bdi></span>
        {with}
        {reason}
    };
    let main = if desk.frame.is_clinical() {
        view! {
            <button type="button" id=id class="row" on:click=move |_| open()>{body}</button>
        }
        .into_any()
    } else {
        view! { <div id=id class="row" tabindex="0">{body}</div> }.into_any()
    };
    let more = view! { {disputed} {doubled} {unsigned} {label} {leave} {mistake} };
    view! { <li class="visit-row">{main} <div class="row-more">{more}</div></li> }.into_any()
}

/// A visit as it stood on the list.
#[derive(Clone)]
struct Shown {
    patient: PatientId,
    encounter: EncounterId,
    disputed: bool,
    seen: Option<String>,
}

impl Shown {
    fn of(row: &Row) -> Self {
        let seen = Some(row.heads.clone());
        Self { patient: row.patient, encounter: row.encounter, disputed: row.disputed, seen }
    }
}

/// Of two visits of one patient that go on, the way to say which was a mistake.
fn mistake(desk: Desk, row: &Row) -> Option<AnyView> {
    let identity = row.identity.clone().filter(|_| row.doubled && !row.disputed)?;
    if !desk.frame.is_clinical() {
        return None;
    }
    let entry = EntryRef::new(EntryKind::Encounter, row.encounter.uuid());
    let said = Some(&row.when).into_iter().chain(&row.reason).chain(&row.with);
    let what = line_of(&said.cloned().collect::<Vec<_>>(), " — ");
    let heads = Some(row.heads.clone());
    let subject = Subject { patient: row.patient, identity, has_allergies: false, heads };
    let label = tf("line.withdraw-of", &[("what", &what)]);
    Some(quiet_button(t("line.withdraw"), label, move || {
        desk.frame.open(Sheet::Withdraw(subject.clone(), entry, what.clone()));
    }))
}

/// Goes to a visit, and begins to see who waits; of who has gone, or where people disagree on it, to
/// the chart.
fn open(desk: Desk, column: Column, shown: &Shown) {
    let Shown { patient, encounter, disputed, seen } = shown.clone();
    let frame = desk.frame;
    match column {
        _ if disputed => frame.go(Route::Chart(patient)),
        Column::Gone => frame.go(Route::Chart(patient)),
        Column::Waiting | Column::With | Column::LeftOpen => {
            send(desk, &SeePatient { patient, encounter, seen }, move || {
                touch(&chart_topics(patient));
                frame.go(Route::Visit(patient, encounter));
            });
        }
    }
}

/// Who waited has gone unseen. Who comes back is checked in again.
fn leave(desk: Desk, shown: &Shown, name: &str) {
    let Shown { patient, encounter, seen, .. } = shown.clone();
    let text = tf("today.left-done", &[("name", name)]);
    send(desk, &CancelEncounter { patient, encounter, seen }, move || {
        touch(&chart_topics(patient));
        desk.frame.tell(Done { text, next: None });
        focus_first();
    });
}

fn send<C: Command<Reply = ()> + 'static>(desk: Desk, command: &C, done: impl FnOnce() + 'static) {
    let heed = move |answer| match reply_of::<()>(answer) {
        Ok(()) => {
            desk.failure.try_set(None);
            done();
        }
        Err(error) => {
            if error.code == ErrorCode::Changed {
                // What it is by now stands in its place.
                touch(&[Topic::Today]);
            }
            desk.failure.try_set(Some(error));
        }
    };
    ask_for(question(command), Box::new(heed));
}
