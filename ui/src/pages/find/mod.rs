//! Finding a patient: one box, live results, arrow keys and Enter.

mod model;

use super::shown::shown;
use crate::backend::remote;
use crate::components::{Icon, Press, Tone, button, chip, icon};
use crate::frame::{Frame, Route, Sheet};
use crate::host::{clock, focus};
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::sections::subject_of;
use crate::words::identity_line;
use api::{FindPatients, PatientHit, Topic};
use clinical::PatientId;
use model::{Entered, Known, entered, matched, moved, names_of, position};

/// So many results are shown.
const HITS_MAX: u32 = 30;

/// The page.
pub(crate) fn find(frame: Frame) -> AnyView {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(None);
    let hits = remote(
        move || Some(FindPatients { query: query.get(), limit: HITS_MAX }),
        |topic| topic == Topic::Patients,
    );
    let register = move || frame.open(Sheet::Register(names_of(&query.get_untracked())));
    focus::to_id("find-box");
    Effect::new(move |_| {
        let found = hits.ready().unwrap_or_default();
        let at = is_looked_for(query, chosen).then(|| position(&found, chosen.get()));
        frame.pointed.set(at.and_then(|at| found.get(at)).map(subject_of));
    });
    on_cleanup(move || drop(frame.pointed.try_set(None)));
    let heading = move || {
        let count = hits.ready().map_or(0, |hits| hits.len());
        if query.with(String::is_empty) {
            t("find.recent").to_owned()
        } else {
            tn("find.count", u64::try_from(count).unwrap_or_default())
        }
    };
    let list = shown(hits, move |found| {
        if found.is_empty() { nothing(query) } else { results(frame, query, chosen, found) }
    });
    view! {
        <h1 class="only-heard">{t("find.title")}</h1>
        <div class="find-bar">
            {icon(Icon::Find)}
            {find_box(frame, query, chosen, hits)}
            {button(Press::Plain, t("check-in.title"), move || check_in(frame))}
            {button(Press::Main, t("find.new"), register)}
        </div>
        <h2 class="find-heading"><span role="status">{heading}</span></h2>
        {list}
    }
    .into_any()
}

fn find_box(
    frame: Frame,
    query: RwSignal<String>,
    chosen: RwSignal<Option<PatientId>>,
    hits: crate::backend::Remote<Vec<PatientHit>>,
) -> AnyView {
    // Enter was pressed before the answer to what was typed has come.
    let hurried = RwSignal::new(false);
    let enter = move || {
        let found = untrack(|| hits.ready()).unwrap_or_default();
        let settled = untrack(|| hits.is_settled());
        let at = position(&found, chosen.get_untracked());
        let led = entered(&found, at, settled, untrack(|| is_looked_for(query, chosen)));
        hurried.set(led == Entered::Wait);
        if let Entered::Open(hit) = led {
            open_hit(frame, hit);
        }
    };
    Effect::new(move |_| {
        if hits.is_settled() && hurried.get_untracked() {
            enter();
        }
    });
    let type_in = move |event| {
        hurried.set(false);
        chosen.set(None);
        query.set(event_target_value(&event));
    };
    let heed = move |event: web_sys::KeyboardEvent| {
        let found = untrack(|| hits.ready()).unwrap_or_default();
        if event.key() == "Enter" {
            event.prevent_default();
            enter();
            return;
        }
        let at = position(&found, chosen.get_untracked());
        let at_first = !untrack(|| is_looked_for(query, chosen)) && event.key() == "ArrowDown";
        let next = if at_first { Some(0) } else { moved(&event.key(), at, found.len()) };
        if let Some(at) = next {
            event.prevent_default();
            chosen.set(found.get(at).map(|hit| hit.patient));
        }
    };
    let active = move || {
        let found = hits.ready().filter(|found| !found.is_empty())?;
        if !is_looked_for(query, chosen) {
            return None;
        }
        Some(option_id(position(&found, chosen.get())))
    };
    let expanded = move || hits.ready().is_some_and(|hits| !hits.is_empty()).to_string();
    view! {
        <input
            id="find-box"
            data-testid="find-box"
            type="text"
            dir="auto"
            role="combobox"
            autocomplete="off"
            spellcheck="false"
            aria-label=t("find.label")
            aria-autocomplete="list"
            aria-controls="find-results"
            aria-expanded=expanded
            aria-activedescendant=active
            placeholder=t("find.placeholder")
            on:input=type_in
            on:keydown=heed
        />
    }
    .into_any()
}

/// Whether something is typed, or somebody was chosen by the arrows.
fn is_looked_for(query: RwSignal<String>, chosen: RwSignal<Option<PatientId>>) -> bool {
    chosen.get().is_some() || query.with(|query| !query.trim().is_empty())
}

fn results(
    frame: Frame,
    query: RwSignal<String>,
    chosen: RwSignal<Option<PatientId>>,
    hits: Vec<PatientHit>,
) -> AnyView {
    let held = hits.clone();
    let at_chosen =
        Memo::new(move |_| is_looked_for(query, chosen).then(|| position(&held, chosen.get())));
    let options = hits.into_iter().enumerate().map(|(at, hit)| option(frame, at_chosen, at, hit));
    view! {
        <ul
            id="find-results"
            class="find-results"
            data-testid="find-results"
            role="listbox"
            aria-label=t("find.results")
        >
            {options.collect_view()}
        </ul>
    }
    .into_any()
}

fn option(frame: Frame, chosen: Memo<Option<usize>>, at: usize, hit: PatientHit) -> AnyView {
    let line = identity_line(&hit.identity, clock::today());
    let known = Known::of(&hit.identity);
    let place = [hit.city.clone(), hit.phone.clone()].into_iter().flatten();
    let place = place.map(|part| view! { <bdi class="whole">{part}</bdi> " " }).collect_view();
    let selected = move || (chosen.get() == Some(at)).to_string();
    let why = matched(&hit.matched).map(|why| view! { <span class="hint">{why}</span> });
    let died = hit.deceased.then(|| chip(Tone::Plain, t("banner.deceased")));
    view! {
        <li
            id=option_id(at)
            role="option"
            class="hit"
            aria-selected=selected
            on:click=move |_| open_hit(frame, &hit)
        >
            <b class="hit-name"><bdi>{line.name}</bdi></b>
            <span class="hit-born" class:missing=!known.born><bdi>{known.born_words(line.born)}</bdi></span>
            <span class:missing=!known.sex>{known.sex_words(line.sex)}</span>
            <span class="hit-number"><bdi>{known.number_words(line.number)}</bdi></span>
            <span class="hit-place">{place}</span>
            <span>{died} {why}</span>
        </li>
    }
    .into_any()
}

fn option_id(at: usize) -> String {
    format!("hit-{at}")
}

fn nothing(query: RwSignal<String>) -> AnyView {
    let text = query.with(|query| {
        if query.is_empty() {
            t("find.empty").to_owned()
        } else {
            tf("find.nothing", &[("query", query)])
        }
    });
    view! { <div id="find-results" data-testid="find-results"><p class="empty">{text}</p></div> }
        .into_any()
}

/// Opens the chart; reception, who sees none, gets the patient's own data.
pub(crate) fn open_hit(frame: Frame, hit: &PatientHit) {
    if frame.is_clinical() {
        frame.go(Route::Chart(hit.patient));
    } else {
        frame.open(Sheet::Amend(subject_of(hit), model::draft_of(hit)));
    }
}

/// Checks in who is pointed at; nobody is where nothing is typed, and then the day asks who.
fn check_in(frame: Frame) {
    match frame.pointed.get_untracked() {
        Some(subject) => frame.open(Sheet::CheckIn(subject)),
        None => frame.go(Route::Today),
    }
}
