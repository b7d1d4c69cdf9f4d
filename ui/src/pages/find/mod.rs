//! Finding a patient: one box, live results, arrow keys and Enter.

mod model;
mod results;
mod search;

use super::shown::shown;
use crate::components::{Icon, Press, button, icon};
use crate::frame::{Frame, Route, Sheet};
use crate::host::focus;
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use crate::sections::{coming_band, subject_of};
use api::PatientHit;
use model::{Entered, entered, names_of};
use results::{option_id, results};
use search::Search;

/// The page.
pub(crate) fn find(frame: Frame) -> AnyView {
    let search = Search::new();
    let register = move || frame.open(Sheet::Register(names_of(&search.query.get_untracked())));
    focus::to_id("find-box");
    Effect::new(move |_| {
        let found = search.found();
        let at = search.is_looked_for().then(|| search.position(&found));
        frame.pointed.set(at.and_then(|at| found.get(at)).map(subject_of));
    });
    on_cleanup(move || drop(frame.pointed.try_set(None)));
    let heading = move || {
        let count = u64::try_from(search.found().len()).unwrap_or_default();
        if search.query.with(String::is_empty) {
            t("find.recent").to_owned()
        } else {
            tn(if search.has_more() { "find.first" } else { "find.count" }, count)
        }
    };
    let list = shown(search.answer(), move |found| results(frame, search, found));
    view! {
        <h1 class="only-heard">{t("find.title")}</h1>
        <div class="find-bar">
            {icon(Icon::Find)}
            {find_box(frame, search)}
            {button(Press::Plain, t("check-in.title"), move || check_in(frame))}
            {button(Press::Main, t("find.new"), register)}
        </div>
        {coming_band(frame)}
        <h2 class="find-heading"><span role="status">{heading}</span></h2>
        {list}
    }
    .into_any()
}

fn find_box(frame: Frame, search: Search) -> AnyView {
    // Enter was pressed before the answer to what was typed has come.
    let hurried = RwSignal::new(false);
    let enter = move || {
        let (found, settled) = untrack(|| (search.found(), search.is_settled()));
        let at = untrack(|| search.position(&found));
        let led = entered(&found, at, settled, untrack(|| search.is_looked_for()));
        hurried.set(led == Entered::Wait);
        if let Entered::Open(hit) = led {
            open_hit(frame, hit);
        }
    };
    Effect::new(move |_| {
        if search.is_settled() && hurried.get_untracked() {
            enter();
        }
    });
    let type_in = move |event| {
        hurried.set(false);
        search.type_in(event_target_value(&event));
    };
    let heed = move |event: web_sys::KeyboardEvent| {
        let key = event.key();
        if key == "Enter" {
            event.prevent_default();
            enter();
        } else if search.walk(&key) {
            event.prevent_default();
        }
    };
    let active = move || {
        let found = search.found();
        let leads = !found.is_empty() && search.is_looked_for();
        leads.then(|| option_id(search.position(&found)))
    };
    let expanded = move || (!search.found().is_empty()).to_string();
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

/// Opens the chart, or asks whether to fetch one that is not on this computer; reception, who sees none, gets the patient's own data.
pub(crate) fn open_hit(frame: Frame, hit: &PatientHit) {
    if hit.elsewhere {
        frame.open(Sheet::Fetch(subject_of(hit)));
    } else if frame.is_clinical() {
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
