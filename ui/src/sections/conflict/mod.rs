//! What two people wrote without knowing of each other: side by side, until one side is chosen.

mod model;
mod piece;

use super::lines;
use crate::backend::{call, touch};
use crate::components::{Icon, icon};
use crate::forms::{chart_topics, failure_notice};
use crate::frame::{Frame, Route};
use crate::host::focus;
use crate::i18n::{t, tf};
use api::{ApiError, Decide};
use leptos::prelude::*;
use leptos::task::spawn_local;
pub(crate) use model::{Dispute, Side, dispute, disputes_of};
use piece::Piece;

/// The card. `whose` is shown where the card stands outside its chart.
pub(crate) fn conflict_card(frame: Frame, dispute: &Dispute, whose: Option<String>) -> AnyView {
    let failure = RwSignal::new(None::<ApiError>);
    let changes: Vec<String> = dispute.sides.iter().map(|side| side.change.clone()).collect();
    let of_keys = dispute.clone();
    let heed = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let number = event.key().parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        if let Some(change) = number.and_then(|at| changes.get(at)) {
            event.prevent_default();
            decide(frame, &of_keys, change.clone(), failure);
        }
    };
    let patient = dispute.patient;
    let whose = whose.map(|whose| {
        view! {
            <button type="button" class="link" on:click=move |_| frame.go(Route::Chart(patient))>
                {whose}
            </button>
        }
    });
    let base = dispute.base.clone().map(|base| {
        view! { <div class="base"><span class="hint">{t("conflict.base")}</span> {whole(base.0, false, base.1)}</div> }
    });
    let unseen = dispute.unseen.then(|| view! { <p><b>{t("conflict.unseen")}</b></p> });
    let sides = dispute
        .sides
        .iter()
        .enumerate()
        .map(|(at, one)| side(frame, dispute, at + 1, one.clone(), failure));
    let name = tf("conflict.name", &[("what", &dispute.title)]);
    view! {
        <section
            class="conflict-card"
            data-testid="conflict-card"
            tabindex="0"
            role="group"
            aria-label=name
            on:keydown=heed
        >
            <div class="conflict-head">
                {icon(Icon::Conflict)}
                <b>{t("conflict.title")}</b>
                <span><bdi>{dispute.title.clone()}</bdi></span>
                {whose}
            </div>
            {base}
            {unseen}
            <div class="sides">{sides.collect_view()}</div>
            {move || failure.get().map(|error| failure_notice(&error, None))}
            <p class="hint">{t("conflict.hint")}</p>
        </section>
    }
    .into_any()
}

fn side(
    frame: Frame,
    dispute: &Dispute,
    number: usize,
    side: Side,
    failure: RwSignal<Option<ApiError>>,
) -> AnyView {
    let of_button = dispute.clone();
    let label = tf("conflict.choose", &[("what", &side.spoken())]);
    let choose = move |_| decide(frame, &of_button, side.change.clone(), failure);
    view! {
        <div class="side">
            {whole(side.label, side.renamed, side.pieces)}
            {lines::written(Some(side.written))}
            <div class="choice">
                <kbd aria-hidden="true">{number}</kbd>
                <button type="button" class="button" aria-label=label on:click=choose>
                    {t("conflict.holds")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// A side on one line, as the lists of a chart would show it.
fn whole(label: String, renamed: bool, pieces: Vec<Piece>) -> AnyView {
    let name = if renamed { view! { <mark>{label}</mark> }.into_any() } else { label.into_any() };
    lines::joined(name, pieces.into_iter().map(piece))
}

fn piece(piece: Piece) -> AnyView {
    let words = lines::detail(&piece.words);
    let words = if piece.differs { view! { <mark>{words}</mark> }.into_any() } else { words };
    let name = piece.name.map(|name| view! { <span class="hint">{name}</span> " " });
    view! { {name} {words} }.into_any()
}

fn decide(frame: Frame, dispute: &Dispute, change: String, failure: RwSignal<Option<ApiError>>) {
    let (patient, conflict) = (dispute.patient, dispute.id.clone());
    let said = tf("conflict.decided", &[("what", &dispute.title)]);
    spawn_local(async move {
        match call(&Decide { patient, conflict, change }).await {
            Ok(()) => {
                // The card goes; the keyboard must not go with it.
                focus::to_id("main");
                touch(&chart_topics(patient));
                frame.say(said);
            }
            Err(error) => drop(failure.try_set(Some(error))),
        }
    });
}
