//! The list of who was found.

use super::model::matched;
use super::open_hit;
use super::search::Search;
use crate::components::{Press, Tone, button, chip};
use crate::frame::Frame;
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::also_words;
use crate::words::{Known, either_born, identity_line};
use api::PatientHit;

/// The list, or that it is empty.
pub(super) fn results(frame: Frame, search: Search, found: Vec<PatientHit>) -> AnyView {
    let hits = search.shown(found);
    if hits.is_empty() {
        return nothing(frame, search);
    }
    let held = hits.clone();
    let at_chosen = Memo::new(move |_| search.is_looked_for().then(|| search.position(&held)));
    let options = hits.into_iter().enumerate().map(|(at, hit)| option(frame, at_chosen, at, hit));
    let go_on = move || {
        search.go_on();
        focus::to_id("find-box");
    };
    let further = search.can_go_on().then(|| button(Press::Plain, t("find.further"), go_on));
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
        <p class="actions">{further}</p>
    }
    .into_any()
}

fn option(frame: Frame, chosen: Memo<Option<usize>>, at: usize, hit: PatientHit) -> AnyView {
    let line = identity_line(&hit.identity, clock::today());
    let known = Known::of(&hit.identity);
    let either = either_born(hit.versions.iter(), clock::today());
    let (is_disputed, missing) = (either.is_some(), !known.born && either.is_none());
    let born = either.unwrap_or_else(|| known.born_words(line.born));
    let disputed = (!hit.versions.is_empty()).then(|| chip(Tone::Conflict, t("find.disputed")));
    let place = [hit.city.clone(), hit.phone.clone()].into_iter().flatten();
    let place = place.map(|part| view! { <bdi class="whole">{part}</bdi> " " }).collect_view();
    let selected = move || (chosen.get() == Some(at)).to_string();
    let why = matched(&hit.matched).map(|why| view! { <span class="hint">{why}</span> });
    let absent = hit.elsewhere.then(|| chip(Tone::Info, t("fetch.not-here")));
    let also = also_words(&hit.also).map(|also| chip(Tone::Plain, also));
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
            <span class="hit-born" class:missing=missing class:either=is_disputed><bdi>{born}</bdi></span>
            <span class:missing=!known.sex>{known.sex_words(line.sex)}</span>
            <span class="hit-number"><bdi>{known.number_words(line.number)}</bdi></span>
            <span class="hit-place">{place}</span>
            <span>{also} {absent} {disputed} {died} {why}</span>
        </li>
    }
    .into_any()
}

/// The id of a row.
pub(super) fn option_id(at: usize) -> String {
    format!("hit-{at}")
}

fn nothing(frame: Frame, search: Search) -> AnyView {
    // Nobody is invited to register who may only not have come yet.
    let comes = untrack(|| frame.sync.ready().and_then(|sync| sync.coming));
    let is_part = comes.is_some_and(|comes| comes.by_choice);
    let comes = comes.is_some();
    let text = search.query.with(|query| match (query.is_empty(), comes) {
        (true, false) => t("find.empty").to_owned(),
        (true, true) => t("coming.empty").to_owned(),
        (false, true) if is_part => tf("coming.part.nothing", &[("query", query)]),
        (false, false) => tf("find.nothing", &[("query", query)]),
        (false, true) => tf("coming.nothing", &[("query", query)]),
    });
    view! { <div id="find-results" data-testid="find-results"><p class="empty">{text}</p></div> }
        .into_any()
}
