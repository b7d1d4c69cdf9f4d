//! The vital signs, and the other findings.

mod model;

use super::{ChartPart, lines};
use crate::components::{Press, button, card, empty};
use crate::frame::Sheet;
use crate::i18n::t;
use leptos::prelude::*;
use model::{Sign, Value, results as read_results, vitals as read};

/// The section of vital signs: the last values of each, newest first.
pub(crate) fn vitals(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let add = button(Press::Plain, t("vitals.new"), move || part.open(Sheet::Vitals));
    let body = move || model.get().map(draw);
    card("vitals", t("vitals.title"), add, body.into_any())
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

fn draw(signs: Vec<Sign>) -> AnyView {
    if signs.is_empty() {
        return empty(t("vitals.empty"));
    }
    let rows = signs.into_iter().map(row).collect_view();
    view! {
        <table class="signs">
            <thead>
                <tr>
                    <th scope="col">{t("vitals.sign")}</th>
                    <th scope="col">{t("vitals.last")}</th>
                    <th scope="col">{t("vitals.before")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(sign: Sign) -> AnyView {
    let before = sign.before.into_iter().map(|earlier| value(earlier, false)).collect_view();
    view! {
        <tr>
            <th scope="row">{sign.name}</th>
            <td>{value(sign.last, true)}</td>
            <td>{before}</td>
        </tr>
    }
    .into_any()
}

/// A value and its day, on a line of their own: a day must never stand beside another value.
fn value(value: Value, is_last: bool) -> AnyView {
    let text = view! { <bdi dir="ltr">{value.text}</bdi> };
    let text = if is_last { view! { <b>{text}</b> }.into_any() } else { text.into_any() };
    view! {
        <p class="measured number">
            <span class="whole">{text}</span>
            " "
            <small class="whole"><bdi dir="ltr">{value.when}</bdi></small>
        </p>
    }
    .into_any()
}
