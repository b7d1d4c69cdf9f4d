//! What the rules found and somebody closed: who, when and why. It stays to be found here.

use super::{ChartPart, lines, lines::Line};
use crate::components::card;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::{self, People, Written};
use api::ChartView;
use clinical::{DetectedIssue, EntryKind, EntryRef, Task, TaskStatus};
use std::cmp::Reverse;

/// So many are listed.
const LISTED_MAX: usize = 20;

/// The section; not there while nothing was closed.
pub(crate) fn settled(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let body = move || {
        let lines = model.get().filter(|lines| !lines.is_empty())?;
        let lines = lines.into_iter().map(|line| lines::past_line(part, line)).collect_view();
        let list = view! { <ul class="lines">{lines}</ul> };
        Some(card("settled", t("settled.title"), ().into_any(), list.into_any()))
    };
    body.into_any()
}

/// Why an issue may stand, where somebody has closed its task, and who said so when.
pub(super) fn answer_to(
    view: &ChartView,
    people: &People<'_>,
    issue: &DetectedIssue,
) -> Option<(String, Written)> {
    let mut subject = issue.subject.clone();
    subject.sort();
    let is_of_it = |task: &&Task| task.rule == issue.rule && task.subject == subject;
    let (_, reason, written) = closed(view, people).find(|(task, ..)| is_of_it(task))?;
    Some((reason.to_owned(), written?))
}

/// The closed tasks of a chart, the one closed last first.
fn read(view: &ChartView, people: &People<'_>) -> Vec<Line> {
    let mut all: Vec<_> = closed(view, people).collect();
    let at = |task: &Task| view.chart.stamp_of(entry(task)).map(|stamp| stamp.at);
    all.sort_by_key(|(task, ..)| Reverse((at(task), task.id)));
    let line = |(task, reason, written): (&Task, &str, Option<Written>)| Line {
        entry: entry(task),
        label: words::said(task.said.as_ref(), &task.detail),
        details: vec![tf("settled.reason", &[("reason", reason)])],
        written,
        mistaken: false,
    };
    all.into_iter().take(LISTED_MAX).map(line).collect()
}

fn closed<'a>(
    view: &'a ChartView,
    people: &People<'_>,
) -> impl Iterator<Item = (&'a Task, &'a str, Option<Written>)> {
    let done = view.chart.tasks.iter().filter(|task| task.status == TaskStatus::Completed);
    done.filter_map(move |task| {
        let reason = task.outcome.as_deref()?;
        let written = view.chart.stamp_of(entry(task)).map(|stamp| people.written(stamp));
        Some((task, reason, written))
    })
}

fn entry(task: &Task) -> EntryRef {
    EntryRef::new(EntryKind::Task, task.id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{AlertTier, TaskId};

    #[test]
    fn what_was_closed_says_who_when_and_why_and_stands_with_its_alert() {
        let entry = |n| EntryRef::new(EntryKind::Medication, uuid(n));
        let task = |n, status, outcome: Option<&str>| Task {
            id: TaskId::from_uuid(uuid(n)),
            rule: "drug-allergy".into(),
            tier: AlertTier::Block,
            subject: vec![entry(n), entry(n + 1)],
            detail: format!("task {n}"),
            status,
            outcome: outcome.map(str::to_owned),
            settled_tier: None,
            said: None,
        };
        let mut view = chart_view();
        view.chart.tasks = vec![
            task(20, TaskStatus::Requested, None),
            task(30, TaskStatus::Completed, Some("tolerated in 2024")),
            task(40, TaskStatus::Cancelled, None),
            task(50, TaskStatus::Completed, Some("stopped")),
        ];
        let of_task = |n| EntryRef::new(EntryKind::Task, uuid(n));
        let later = clinical::Stamp { at: clinical::Instant::from_unix_ms(7), ..stamp() };
        view.chart.stamps = vec![(of_task(30), later), (of_task(50), stamp())];
        let lines = read(&view, &people(&view));
        let shown: Vec<_> =
            lines.iter().map(|line| (line.label.as_str(), line.details[0].as_str())).collect();
        let want = [("task 30", "Reason: tolerated in 2024"), ("task 50", "Reason: stopped")];
        assert_eq!(shown, want);
        assert_eq!(lines[0].written.as_ref().unwrap().who, "Dr Amina");

        let issue = |rule: &str, subject| DetectedIssue {
            rule: rule.into(),
            tier: AlertTier::Block,
            subject,
            detail: String::new(),
            source: String::new(),
            said: None,
        };
        let answer = |rule, subject| {
            answer_to(&view, &people(&view), &issue(rule, subject)).map(|(reason, _)| reason)
        };
        let both = vec![entry(31), entry(30)];
        assert_eq!(answer("drug-allergy", both.clone()).as_deref(), Some("tolerated in 2024"));
        assert_eq!(answer("duplicate-medication", both), None);
        assert_eq!(answer("drug-allergy", vec![entry(30)]), None);
        assert_eq!(answer("drug-allergy", vec![entry(20), entry(21)]), None, "it is open");
    }
}
