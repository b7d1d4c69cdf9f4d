//! A line of a list: what it is, what more there is to say, who wrote it, what can be done.

use crate::components::{Tone, measured, notice, quiet_button, unbroken};
use crate::frame::Sheet;
use crate::host::focus;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::sections::{ChartPart, whereabouts::only_here};
use crate::words::{Written, announced_dose};
use api::ChartView;
use clinical::{EntryKind, EntryRef};

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

/// Draws a line with what can be done to any entry, after `own`.
pub(super) fn line(part: ChartPart, line: Line, own: AnyView) -> AnyView {
    flagged(part, None, line, own)
}

/// The same, with what must be seen first before its name.
pub(super) fn flagged(part: ChartPart, flag: Option<AnyView>, line: Line, own: AnyView) -> AnyView {
    let actions = actions(part, &line, own);
    let flag = flag.map(|flag| view! { <p class="flag">{flag}</p> });
    view! {
        <li class="line" class:mistaken=line.mistaken data-entry=line.entry.id.to_string() tabindex="-1">
            {flag}
            {text(&line.label, &line.details)}
            {written(line.written)}
            {only_here(part, line.entry)}
            {actions}
        </li>
    }
    .into_any()
}

/// What can be done to an entry: `own`, its history, and that it was a mistake.
pub(super) fn actions(part: ChartPart, line: &Line, own: AnyView) -> AnyView {
    let (entry, whole) = (line.entry, whole_text(line));
    let withdraw = (!line.mistaken).then(|| {
        let whole_name = tf("line.withdraw-of", &[("what", &line.label)]);
        quiet_button(t("line.withdraw"), whole_name, move || {
            part.open(|subject| Sheet::Withdraw(subject, entry, whole.clone()));
        })
    });
    view! { <div class="line-actions">{own} {history(part, line)} {withdraw}</div> }.into_any()
}

/// The way to what an entry has been.
fn history(part: ChartPart, line: &Line) -> AnyView {
    let (entry, whole) = (line.entry, whole_text(line));
    let whole_name = tf("line.history-of", &[("what", &line.label)]);
    quiet_button(t("line.history"), whole_name, move || {
        part.open(|subject| Sheet::History(subject, entry, whole.clone()));
    })
}

/// Leads to what shows an entry: its line, or the card while it is disputed.
pub(super) fn lead_to(entry: EntryRef) {
    focus::to_first(&format!("main [data-entry='{}']", entry.id));
}

/// A line of the past: there is nothing to do but read what it was.
pub(super) fn past_line(part: ChartPart, line: Line) -> AnyView {
    let history = history(part, &line);
    let note = line.mistaken.then(|| view! { <span class="hint">{t("line.mistaken")}</span> });
    view! {
        <li class="line" class:mistaken=line.mistaken>
            {text(&line.label, &line.details)} {note} {written(line.written)}
            <div class="line-actions">{history}</div>
        </li>
    }
    .into_any()
}

/// The name in bold and what follows it.
pub(super) fn text(label: &str, details: &[String]) -> AnyView {
    joined(label.to_owned().into_any(), details.iter().map(|part| detail(part)))
}

/// What leads each part after the name. A line breaks before it and never after it: the dash
/// stays with what it belongs to.
const LEAD: &str = "—\u{a0}";

/// A name and what follows it, each part led by its dash and whole as long as a line holds it.
pub(super) fn joined(name: AnyView, parts: impl Iterator<Item = AnyView>) -> AnyView {
    let parts = parts.map(led).collect_view();
    view! { <p class="line-text"><b><bdi>{name}</bdi></b>{parts}</p> }.into_any()
}

/// One part with the dash that leads it.
pub(super) fn led(part: AnyView) -> AnyView {
    view! { " " <span class="whole">{LEAD}<bdi>{part}</bdi></span> }.into_any()
}

/// One part of a line; a dose is bold, as the name is (MEDi).
pub(super) fn detail(part: &str) -> AnyView {
    match announced_dose(part) {
        Some(dose) => {
            let announced = part.strip_suffix(dose).unwrap_or_default().to_owned();
            view! { {announced} <b>{measured(dose)}</b> }.into_any()
        }
        None => measured(part),
    }
}

/// Why an entry was ended or marked as a mistake, in words.
pub(super) fn reason(view: &ChartView, entry: EntryRef) -> Option<String> {
    let reason = view.chart.reason_of(entry)?;
    Some(tf("line.reason", &[("reason", &reason.text)]))
}

/// Who wrote it.
pub(super) fn written(written: Option<Written>) -> Option<AnyView> {
    let written = written?;
    let values =
        [("who", written.who.as_str()), ("when", &written.when), ("device", &written.device)];
    let line = view! { <p class="written">{unbroken(&tf("written.by", &values))}</p> };
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

/// That changes of the chart were set aside, of which some may belong here; nothing where none were.
pub(super) fn kept_apart(part: ChartPart) -> AnyView {
    let aside = part.set_aside();
    let said =
        move || (aside.get() > 0).then(|| view! { <p class="hint">{t("line.kept-apart")}</p> });
    said.into_any()
}

/// What is not listed, in words.
pub(super) fn more(beyond: u64) -> Option<AnyView> {
    (beyond > 0).then(|| view! { <p class="hint">{tn("line.more", beyond)}</p> }.into_any())
}

/// A line in one text.
pub(super) fn whole_text(line: &Line) -> String {
    let parts = Some(&line.label).into_iter().chain(&line.details);
    crate::i18n::line(&parts.cloned().collect::<Vec<_>>(), " — ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_before_a_dash_and_never_after_it() {
        assert!(LEAD.starts_with('—') && LEAD.ends_with('\u{a0}'));
        // The browser breaks around such a box, not within it while it fits.
        let css = include_str!("../../../assets/styles/kit.css");
        let (_, rule) = css.split_once("\n.whole {").unwrap();
        let (rule, _) = rule.split_once('}').unwrap();
        assert!(rule.contains("display: inline-block"), "{rule}");
        // A box of its own does not take its parent's line through it.
        let css = include_str!("../../../assets/styles/chart.css");
        assert!(css.contains(".mistaken .line-text .whole"));
    }
}
