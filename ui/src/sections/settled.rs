//! What the rules found and somebody closed: who, when and why. It stays to be found here.

use super::{ChartPart, lines, lines::Line};
use crate::components::card;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::{self, People, Written};
use api::ChartView;
use clinical::{DetectedIssue, EntryKind, EntryRef, MedicationRequest, Task, TaskStatus};
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
    let (task, reason) = closed(view).find(|(task, _)| answers(task, issue))?;
    Some((reason.to_owned(), written(view, people, task)?))
}

/// Whether somebody has closed the task of an issue: nobody waits for an answer.
pub(crate) fn is_answered(view: &ChartView, issue: &DetectedIssue) -> bool {
    closed(view).any(|(task, _)| answers(task, issue))
}

/// Whether a closed task is about an issue, and the issue no louder than when it was closed.
fn answers(task: &Task, issue: &DetectedIssue) -> bool {
    let mut subject = issue.subject.clone();
    subject.sort();
    subject.dedup();
    // The loudest comes first.
    let is_louder = issue.tier < task.settled_tier.unwrap_or(task.tier);
    task.rule == issue.rule && task.subject == subject && !is_louder
}

/// The closed tasks of a chart, the one closed last first.
fn read(view: &ChartView, people: &People<'_>) -> Vec<Line> {
    let mut all: Vec<_> = closed(view).collect();
    let at = |task: &Task| view.chart.stamp_of(entry(task)).map(|stamp| stamp.at);
    all.sort_by_key(|(task, _)| Reverse((at(task), task.id)));
    let line = |(task, reason): (&Task, &str)| Line {
        entry: entry(task),
        label: words::said(task.said.as_ref(), &task.detail),
        details: [tf("settled.reason", &[("reason", reason)])]
            .into_iter()
            .chain(still_current(view, task))
            .collect(),
        written: written(view, people, task),
        mistaken: false,
    };
    all.into_iter().take(LISTED_MAX).map(line).collect()
}

/// Which medicines of an alert are current as before: that it was looked at stopped none of them.
fn still_current(view: &ChartView, task: &Task) -> Option<String> {
    let of =
        |medicine: &MedicationRequest| EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    let is_current = |medicine: &&MedicationRequest| {
        let (entry, chart) = (of(medicine), &view.chart);
        task.subject.contains(&entry)
            && medicine.order.holds()
            && !chart.is_withdrawn(EntryKind::Medication, entry.id)
    };
    let names = view.chart.medications.iter().filter(is_current);
    let names: Vec<_> = names.map(|medicine| words::medication_line(&medicine.order).0).collect();
    (!names.is_empty()).then(|| tf("settled.current", &[("what", &names.join(", "))]))
}

fn closed(view: &ChartView) -> impl Iterator<Item = (&Task, &str)> {
    let done = view.chart.tasks.iter().filter(|task| task.status == TaskStatus::Completed);
    done.filter_map(|task| Some((task, task.outcome.as_deref()?)))
}

fn written(view: &ChartView, people: &People<'_>, task: &Task) -> Option<Written> {
    view.chart.stamp_of(entry(task)).map(|stamp| people.written(stamp))
}

fn entry(task: &Task) -> EntryRef {
    EntryRef::new(EntryKind::Task, task.id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{AlertTier, MedicationDraft, MedicationId, MedicationStatus, TaskId};

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
        // An alert that was closed stops no medicine.
        let draft =
            MedicationDraft { medication: "Amoxicillin".into(), ..MedicationDraft::default() };
        let today = "2026-11-24".parse().unwrap();
        let mut medicine = draft.complete(MedicationId::from_uuid(uuid(50)), today).unwrap();
        view.chart.medications = vec![medicine.clone()];
        let closed = |view: &ChartView| read(view, &people(view))[1].details.clone();
        assert_eq!(closed(&view), ["Reason: stopped", "Still current: Amoxicillin"]);
        medicine.order.status = MedicationStatus::Stopped;
        view.chart.medications = vec![medicine];
        assert_eq!(closed(&view), ["Reason: stopped"]);

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
        assert!(is_answered(&view, &issue("drug-allergy", vec![entry(30), entry(31), entry(30)])));
        assert_eq!(answer("duplicate-medication", both), None);
        assert_eq!(answer("drug-allergy", vec![entry(30)]), None);
        assert_eq!(answer("drug-allergy", vec![entry(20), entry(21)]), None, "it is open");
        // What has grown louder than it was when it was closed waits for an answer again.
        let both = || issue("drug-allergy", vec![entry(30), entry(31)]);
        view.chart.tasks[1].settled_tier = Some(AlertTier::Interrupt);
        assert!(!is_answered(&view, &both()));
        assert!(is_answered(&view, &DetectedIssue { tier: AlertTier::Interrupt, ..both() }));
    }
}
