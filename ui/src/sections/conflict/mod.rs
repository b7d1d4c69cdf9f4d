//! What two people wrote without knowing of each other: side by side, until one side is chosen.

mod item;
mod model;
mod picked;
mod piece;

use super::lines;
use crate::backend::{call, touch};
use crate::components::{
    Icon, Press, Tone, button, chip, icon, link_button, toggle_button, unbroken,
};
use crate::forms::{chart_topics, failure_notice};
use crate::frame::{Done, Frame, Next, Route};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{ApiError, Decide};
use clinical::{EntryKind, PatientId, display::tall_man};
pub(crate) use item::{conflict_item, who_listed};
use leptos::task::spawn_local;
pub(crate) use model::{Dispute, Side, disputed_names, disputes_of};
use model::{dispute, with_reason};
pub(crate) use picked::Picked;
use piece::Piece;

/// The card. `whose` is shown where the card stands outside its chart.
///
/// A number chooses a side and moves the keyboard to the button that confirms it: no single key
/// decides anything.
pub(crate) fn conflict_card(frame: Frame, dispute: &Dispute, whose: Option<Whose>) -> AnyView {
    let choosing = Choosing::on(frame, dispute);
    let count = dispute.sides.len();
    let heed = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let number = event.key().parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        if let Some(at) = number.filter(|at| *at < count) {
            event.prevent_default();
            choosing.choose(at);
        }
    };
    let base = dispute.base.clone().map(|base| {
        view! { <div class="base"><span class="hint">{t("conflict.base")}</span> {whole(&base.0, false, base.1)}</div> }
    });
    let unseen = dispute.unseen.then(|| view! { <p><b>{t("conflict.unseen")}</b></p> });
    let sides = dispute.sides.iter().enumerate().map(|(at, one)| side(at, one.clone(), choosing));
    let hint = if dispute.entry.kind == EntryKind::Encounter {
        "conflict.hint-visit"
    } else {
        match dispute.by_one {
            Some(author) if author == frame.session.with_value(|session| session.person) => {
                "conflict.hint-you"
            }
            Some(_) => "conflict.hint-one",
            None => "conflict.hint",
        }
    };
    let name = tf("conflict.name", &[("what", &dispute.title)]);
    let (of_whom, of_confirming) = (dispute.patient, dispute.clone());
    let told = whose.as_ref().map(|whose| (whose.name.clone(), whose.born.clone()));
    view! {
        <section
            class="conflict-card"
            data-testid="conflict-card"
            data-entry=dispute.entry.id.to_string()
            tabindex="0"
            role="group"
            aria-label=name
            on:keydown=heed
        >
            <div class="conflict-head">
                {icon(Icon::Conflict)}
                <b>{t("conflict.title")}</b>
                <span><bdi>{tall_man(&dispute.title).into_owned()}</bdi></span>
            </div>
            {whose.map(|whose| whose_line(frame, of_whom, whose))}
            {base}
            {unseen}
            <p><b>{t(hint)}</b></p>
            <div class="sides">{sides.collect_view()}</div>
            {move || confirming(frame, &of_confirming, told.clone(), choosing)}
            {move || choosing.failure.get().map(|error| failure_notice(&error, None))}
            <p class="hint">
                {move || choosing.chosen.get().is_none().then(|| t("conflict.unchosen"))}
            </p>
        </section>
    }
    .into_any()
}

/// Whose dispute it is, and what must be known of them before it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whose {
    /// The name.
    pub name: String,
    /// The birth date with the age.
    pub born: String,
    /// Birth date and age, sex, number.
    pub facts: String,
    /// The allergies, or their state.
    pub allergies: String,
    /// Allergies are known: they stand out.
    pub has_allergies: bool,
}

fn whose_line(frame: Frame, patient: PatientId, whose: Whose) -> AnyView {
    let tone = if whose.has_allergies { Tone::Critical } else { Tone::Plain };
    let name = view! { <b><bdi>{whose.name}</bdi></b> };
    view! {
        <p class="conflict-whose">
            {link_button(name.into_any(), move || frame.go(Route::Chart(patient)))}
            " "
            <bdi>{unbroken(&whose.facts)}</bdi>
            " "
            {chip(tone, whose.allergies)}
        </p>
    }
    .into_any()
}

/// Which side is about to be decided for.
#[derive(Clone, Copy)]
struct Choosing {
    frame: Frame,
    /// What the card is known by.
    card: StoredValue<String>,
    failure: RwSignal<Option<ApiError>>,
    chosen: RwSignal<Option<usize>>,
    /// The id of the one button that decides.
    confirm_id: StoredValue<String>,
}

impl Choosing {
    /// Begins where the same card was left, when the chart was written meanwhile; the keyboard
    /// stays at the button that confirms.
    fn on(frame: Frame, dispute: &Dispute) -> Self {
        let card = picked::card(dispute);
        let confirm_id = format!("confirm-{}", dispute.id);
        let chosen = frame.picked.with_value(|picked| picked.on(&card));
        let is_there = focus::active().is_some_and(|element| element.id() == confirm_id);
        if chosen.is_some() && is_there {
            focus::to_id(&confirm_id);
        }
        Self {
            frame,
            card: StoredValue::new(card),
            failure: RwSignal::new(None),
            chosen: RwSignal::new(chosen),
            confirm_id: StoredValue::new(confirm_id),
        }
    }

    /// Chooses a side; the keyboard goes to the button that confirms it.
    fn choose(self, at: usize) {
        self.put(Some(at));
        focus::to_id(&self.confirm_id.get_value());
    }

    fn put(self, side: Option<usize>) {
        let card = self.card.get_value();
        self.frame.picked.update_value(|picked| picked.put(&card, side));
        self.chosen.set(side);
    }
}

fn side(at: usize, side: Side, choosing: Choosing) -> AnyView {
    let label = tf("conflict.choose", &[("what", &side.spoken())]);
    let is_chosen = move || choosing.chosen.get() == Some(at);
    let hold = toggle_button(t("conflict.holds"), label, is_chosen, move || choosing.choose(at));
    view! {
        <div class="side" class:chosen=is_chosen>
            {over(&side)}
            {whole(&side.label, side.renamed, going_on(side.pieces))}
            {lines::written(Some(side.written))}
            <div class="choice">
                <kbd aria-hidden="true">{at + 1}</kbd>
                {hold}
            </div>
        </div>
    }
    .into_any()
}

/// That a side ends it, and why, before what it ends.
fn over(side: &Side) -> Option<AnyView> {
    let ended = side.pieces.iter().filter(|piece| piece.ends);
    let chips = ended.map(|piece| chip(Tone::Warning, piece.words.clone())).collect::<Vec<_>>();
    let reason = side.reason.clone().map(|reason| view! { " " <bdi>{reason}</bdi> });
    (!chips.is_empty()).then(|| view! { <p class="side-over">{chips} {reason}</p> }.into_any())
}

/// What a side says but that it is over.
fn going_on(pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.into_iter().filter(|piece| !piece.ends).collect()
}

/// What is about to be decided, the button that does, and the way back.
fn confirming(
    frame: Frame,
    dispute: &Dispute,
    whose: Option<(String, String)>,
    choosing: Choosing,
) -> Option<AnyView> {
    let side = dispute.sides.get(choosing.chosen.get()?)?;
    let what = tf("conflict.confirm", &[("what", &side.written_out())]);
    let of_whom = whose.or_else(|| {
        let line = frame.subject.get_untracked()?.line(clock::today());
        Some((line.name, line.born))
    });
    let (name, born) = of_whom.unwrap_or_default();
    let who = view! { <p><b><bdi>{name.clone()}</bdi></b> " " <bdi>{unbroken(&born)}</bdi></p> };
    let said = decided(&side.written_out(), &(name, born));
    let (patient, conflict, change) = (dispute.patient, dispute.id.clone(), side.change.clone());
    let command = Decide { patient, conflict, change, seen: Some(dispute.heads.clone()) };
    let confirm = move |_| {
        decide(frame, command.clone(), said.clone(), choosing.failure);
    };
    let back = button(Press::Plain, t("form.cancel"), move || choosing.put(None));
    Some(
        view! {
            <div class="confirm" role="group" aria-label=what>
                {who}
                <p><bdi>{unbroken(&tall_man(&what))}</bdi></p>
                <div class="actions">
                    <button type="button" class="button main" id=choosing.confirm_id.get_value() on:click=confirm>
                        {t("conflict.record")}
                    </button>
                    {back}
                </div>
            </div>
        }
        .into_any(),
    )
}

/// What was decided, and for whom: two identifiers, as wherever something is told as done.
fn decided(what: &str, (name, born): &(String, String)) -> String {
    let what = tf("conflict.decided", &[("what", &tall_man(what))]);
    tf("done.to", &[("what", &what), ("name", name), ("born", born)])
}

/// A side on one line, as the lists of a chart would show it.
fn whole(label: &str, renamed: bool, pieces: Vec<Piece>) -> AnyView {
    let label = tall_man(label).into_owned();
    let name = if renamed { view! { <mark>{label}</mark> }.into_any() } else { label.into_any() };
    lines::joined(name, pieces.into_iter().map(|one| piece(&one)))
}

fn piece(piece: &Piece) -> AnyView {
    let words = lines::detail(&piece.words);
    let words = if piece.differs { view! { <mark>{words}</mark> }.into_any() } else { words };
    let name = piece.name.map(|name| view! { <span class="hint">{name}</span> " " });
    view! { {name} {words} }.into_any()
}

fn decide(frame: Frame, command: Decide, said: String, failure: RwSignal<Option<ApiError>>) {
    let patient = command.patient;
    spawn_local(async move {
        match call(&command).await {
            Ok(()) => {
                // The card goes; the keyboard must not go with it.
                focus::to_id("main");
                touch(&chart_topics(patient));
                // Decided in a list, it is out of sight.
                let is_away = frame.route.get_untracked().patient() != Some(patient);
                frame.tell(Done { text: said, next: is_away.then_some(Next::Chart(patient)) });
            }
            Err(error) => drop(failure.try_set(Some(error))),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_told_with_two_identifiers() {
        let whose = ("OKELLO, Grace".to_owned(), "14-Mar-1980 (46y)".to_owned());
        let said = "Decided: amLODIPine — DOSE 5 mg — OKELLO, Grace, born 14-Mar-1980 (46y)";
        assert_eq!(decided("amlodipine — DOSE 5 mg", &whose), said);
    }
}
