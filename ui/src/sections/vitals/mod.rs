//! The vital signs, and the other findings.

mod model;

use super::{ChartPart, lines, whereabouts::only_here};
use crate::components::{
    Press, Tone, button, card, empty, notice, past, quiet_button, table, unbroken,
};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use model::{Measured, Sign, Value, Vitals, results as read_results, vitals as read};
pub(crate) use model::{jumps_from, last_signs, signs_of, weights};

/// The section of vital signs: of each sign the last value, two before it and the way to correct
/// it; what else can be done stands with every value, folded away.
pub(crate) fn vitals(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let add = button(Press::Plain, t("vitals.new"), move || part.open(Sheet::Vitals));
    let unfolded = RwSignal::new(false);
    let body = move || model.get().map(|model| draw(part, unfolded, model));
    card("vitals", t("vitals.title"), add, body.into_any())
}

/// Vital signs on a line, name and value.
pub(crate) fn signs_line(signs: Vec<(String, String)>) -> AnyView {
    let one = |(name, value): (String, String)| {
        view! { <li><span>{name}</span> " " <b><bdi>{unbroken(&value)}</bdi></b></li> }
    };
    view! { <ul class="visit-signs">{signs.into_iter().map(one).collect_view()}</ul> }.into_any()
}

/// The section of other findings; not there when there are none.
pub(crate) fn results(part: ChartPart) -> AnyView {
    let model = part.model(read_results);
    let body = move || {
        let lines = model.get().filter(|lines| !lines.is_empty())?;
        let lines = lines.into_iter().map(|line| lines::line(part, line, ().into_any()));
        let list = view! { <ul class="lines">{lines.collect_view()}</ul> };
        Some(card("results", t("results.title"), ().into_any(), list.into_any()))
    };
    body.into_any()
}

fn draw(part: ChartPart, unfolded: RwSignal<bool>, model: Vitals) -> AnyView {
    let all = tn("vitals.all", u64::try_from(model.all.len()).unwrap_or_default());
    let every = past(unfolded, all, model.all, move |measured| {
        lines::line(part, measured.line.clone(), correct(part, measured))
    });
    if model.signs.is_empty() {
        return view! { {empty(t("vitals.empty"))} {every} }.into_any();
    }
    let rows = model.signs.into_iter().map(|sign| row(part, sign)).collect();
    let heads = [t("vitals.sign"), t("vitals.last"), t("vitals.before")];
    view! {
        {table("signs", t("vitals.title"), &heads, rows)}
        {every}
    }
    .into_any()
}

fn row(part: ChartPart, sign: Sign) -> AnyView {
    let before = sign.before.into_iter().map(|earlier| value(earlier, false)).collect_view();
    let cells = match sign.last.doubt.clone() {
        // Both values have the width of the card.
        Some(doubt) => {
            let rivals = one_must_go(part, doubt, sign.rivals);
            view! { <td colspan="2">{rivals} <div class="before">{before}</div></td> }.into_any()
        }
        None => {
            let by = sign.last.by.clone();
            let correct = correct(part, &sign.measured);
            let entry = sign.measured.line.entry;
            view! {
                <td>
                    {value(sign.last, true)}
                    <div class="act"><p class="written">{by}</p> {correct}</div>
                    {only_here(part, entry)}
                </td>
                <td class="before">{before}</td>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{sign.name}</th>
            {cells}
        </tr>
    }
    .into_any()
}

/// Values that two computers recorded in the place of the same one: none of them is the last, and
/// each can be marked as a mistake.
fn one_must_go(part: ChartPart, doubt: String, rivals: Vec<Measured>) -> AnyView {
    let lines = rivals.into_iter().map(|measured| {
        let own = correct(part, &measured);
        lines::line(part, measured.line, own)
    });
    view! {
        {notice(Tone::Warning, doubt, t("vitals.twice.help"), None)}
        <ul class="lines">{lines.collect_view()}</ul>
    }
    .into_any()
}

/// The way to another value.
fn correct(part: ChartPart, measured: &Measured) -> AnyView {
    let label = lines::whole_text(&measured.line);
    let whole_name = tf("vitals.correct-of", &[("what", &measured.line.label)]);
    let button = measured.correction.clone().map(|(id, draft)| {
        quiet_button(t("vitals.correct"), whole_name, move || {
            part.open(|subject| Sheet::Correction(subject, id, draft.clone(), label.clone()));
        })
    });
    button.into_any()
}

/// A value and its day, on a line of their own: a day must never stand beside another value.
fn value(value: Value, is_last: bool) -> AnyView {
    let text = view! { <bdi dir="ltr">{value.text}</bdi> };
    let text = if is_last { view! { <b>{text}</b> }.into_any() } else { text.into_any() };
    view! {
        <p class="measured number">
            <span class="whole">{text}</span>
            " "
            <small class="whole"><bdi>{value.when}</bdi></small>
            {value.doubt.map(|doubt| view! { " " <small>{doubt}</small> })}
            {value.jump.map(|jump| view! { " " <span class="fault">{jump}</span> })}
        </p>
    }
    .into_any()
}
