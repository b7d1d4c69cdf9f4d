//! A line of a list: what it is, what more there is to say, who wrote it, what can be done.

use crate::components::{Tone, notice, quiet_button};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::sections::ChartPart;
use crate::words::Written;
use api::ChartView;
use clinical::{EntryKind, EntryRef, display};
use leptos::prelude::*;

/// A line of a chart's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The entry.
    pub entry: EntryRef,
    /// What it is, in bold.
    pub label: String,
    /// What more there is to say, joined by an em dash.
    pub details: Vec<String>,
    /// Who wrote it.
    pub written: Option<Written>,
    /// It was recorded by mistake.
    pub mistaken: bool,
}

/// Draws a line with what can be done to any entry, after `actions` of its own.
pub(super) fn line(part: ChartPart, line: Line, actions: AnyView) -> AnyView {
    let entry = line.entry;
    let whole = whole_text(&line);
    let (for_history, for_withdrawal) = (whole.clone(), whole);
    let about = |key| tf(key, &[("what", &line.label)]);
    let history = quiet_button(t("line.history"), about("line.history-of"), move || {
        part.open(|subject| Sheet::History(subject, entry, for_history.clone()));
    });
    let withdraw = (!line.mistaken).then(|| {
        quiet_button(t("line.withdraw"), about("line.withdraw-of"), move || {
            part.open(|subject| Sheet::Withdraw(subject, entry, for_withdrawal.clone()));
        })
    });
    view! {
        <li class="line" class:mistaken=line.mistaken>
            {text(&line.label, &line.details)}
            {written(line.written)}
            <div class="line-actions">{actions} {history} {withdraw}</div>
        </li>
    }
    .into_any()
}

/// A line of the past, without anything to do.
pub(super) fn past_line(line: Line) -> AnyView {
    let note = line.mistaken.then(|| view! { <span class="hint">{t("line.mistaken")}</span> });
    view! {
        <li class="line" class:mistaken=line.mistaken>
            {text(&line.label, &line.details)} {note} {written(line.written)}
        </li>
    }
    .into_any()
}

/// The name in bold and what follows it; a line breaks between the parts, never within one.
pub(super) fn text(label: &str, details: &[String]) -> AnyView {
    let details = details
        .iter()
        .map(|part| view! { "\u{a0}— " <span class="whole"><bdi>{detail(part)}</bdi></span> })
        .collect_view();
    view! { <p class="line-text"><b><bdi>{label.to_owned()}</bdi></b>{details}</p> }.into_any()
}

/// One part of a line; a dose is bold, as the name is (MEDi).
pub(super) fn detail(part: &str) -> AnyView {
    match display::announced_dose(part) {
        Some(dose) => {
            let announced = part.strip_suffix(dose).unwrap_or_default().to_owned();
            view! { {announced} <b>{dose.to_owned()}</b> }.into_any()
        }
        None => part.to_owned().into_any(),
    }
}

/// Who wrote it.
pub(super) fn written(written: Option<Written>) -> Option<AnyView> {
    let written = written?;
    let values =
        [("who", written.who.as_str()), ("when", &written.when), ("device", &written.device)];
    let line = view! { <p class="written">{tf("written.by", &values)}</p> };
    Some(line.into_any())
}

/// How many entries of a kind there are beyond the `shown` ones; none when all are.
pub(super) fn beyond(view: &ChartView, kind: EntryKind, shown: usize) -> u64 {
    let all = view.counts.iter().find(|(counted, _)| *counted == kind).map_or(0, |(_, all)| *all);
    u64::from(all).saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX))
}

/// How many entries of a kind cannot be shown, or not wholly. Of a disputed one its card tells it.
pub(super) fn unreadable(view: &ChartView, kind: EntryKind) -> u64 {
    let entries = view.chart.unreadable_undisputed().filter(|entry| entry.kind == kind);
    u64::try_from(entries.count()).unwrap_or(u64::MAX)
}

/// That some cannot be shown, in words.
pub(super) fn not_shown(unreadable: u64) -> Option<AnyView> {
    (unreadable > 0).then(|| {
        notice(Tone::Warning, tn("line.unreadable", unreadable), t("chart.unreadable.help"), None)
    })
}

/// What is not listed, in words.
pub(super) fn more(beyond: u64) -> Option<AnyView> {
    (beyond > 0).then(|| view! { <p class="hint">{tn("line.more", beyond)}</p> }.into_any())
}

fn whole_text(line: &Line) -> String {
    let parts = Some(&line.label).into_iter().chain(&line.details);
    parts.cloned().collect::<Vec<_>>().join(" — ")
}
