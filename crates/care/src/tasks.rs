//! Issues that someone must look at, as tasks that every device raises alike.

use clinical::{AlertTier, DetectedIssue, EntryRef, Task, TaskId, TaskStatus, uuid_v8};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Whether an issue of this tier becomes a task: one that needs a reason does.
pub fn is_task(tier: AlertTier) -> bool {
    tier.needs_reason()
}

/// The id of the task a rule raises about some entries: a version 8 UUID of
/// SHA-256(rule ‖ 0x00 ‖ sorted subjects, each `kind/uuid` ‖ 0x00), so that two devices that find
/// the same raise one task.
pub fn task_id(rule: &str, subject: &[EntryRef]) -> TaskId {
    let mut sorted = subject.to_vec();
    sorted.sort();
    sorted.dedup();
    let mut hash = Sha256::new();
    hash.update(rule.as_bytes());
    hash.update([0]);
    for entry in sorted {
        hash.update(entry.to_string().as_bytes());
        hash.update([0]);
    }
    let mut first = [0; 16];
    for (byte, digest) in first.iter_mut().zip(hash.finalize()) {
        *byte = digest;
    }
    TaskId::from_uuid(uuid_v8(first))
}

/// The task of an issue, requested.
pub fn task_of(issue: &DetectedIssue) -> Task {
    let mut subject = issue.subject.clone();
    subject.sort();
    subject.dedup();
    Task {
        id: task_id(&issue.rule, &subject),
        rule: issue.rule.clone(),
        tier: issue.tier,
        subject,
        detail: issue.detail.clone(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: issue.said.clone(),
    }
}

/// The tasks to write so that the chart's tasks are those of its issues: new ones and cancelled
/// ones whose issue is back as requested; requested ones whose tier or words changed as they are
/// now; requested ones whose issue is gone as cancelled. What a person completed stays so while
/// its issue is no louder than it was then: a louder one raises the task again. Sorted by id; nothing when nothing has changed, so that writing them settles the chart.
///
/// Only tasks of this crate's rules are cancelled: a task of a rule this version does not know
/// is left alone.
pub fn settle(tasks: &[Task], issues: &[DetectedIssue]) -> Vec<Task> {
    let due: BTreeMap<TaskId, Task> = issues
        .iter()
        .filter(|issue| is_task(issue.tier))
        .map(task_of)
        .map(|task| (task.id, task))
        .collect();
    let known: BTreeMap<TaskId, &Task> = tasks.iter().map(|task| (task.id, task)).collect();
    let raised = due.values().filter(|task| is_news(task, known.get(&task.id).copied()));
    let gone = known.values().filter(|task| {
        task.status == TaskStatus::Requested && is_ours(task) && !due.contains_key(&task.id)
    });
    let cancelled = gone.map(|task| Task { status: TaskStatus::Cancelled, ..(*task).clone() });
    let mut settled: Vec<Task> = raised.cloned().chain(cancelled).collect();
    settled.sort_by_key(|task| task.id);
    settled
}

fn is_news(due: &Task, known: Option<&Task>) -> bool {
    match known.map(|task| task.status) {
        None | Some(TaskStatus::Cancelled) => true,
        Some(TaskStatus::Requested) => {
            known.is_some_and(|task| (task.tier, &task.detail) != (due.tier, &due.detail))
        }
        Some(TaskStatus::Completed) => known.is_some_and(|task| is_louder(due.tier, task)),
    }
}

/// Whether a tier is louder than the one a person saw when they closed the task. The loudest tier
/// comes first; what was closed before that was kept is held against the task's own.
fn is_louder(tier: AlertTier, closed: &Task) -> bool {
    tier < closed.settled_tier.unwrap_or(closed.tier)
}

fn is_ours(task: &Task) -> bool {
    let rules = [
        crate::DRUG_ALLERGY,
        crate::CONTRADICTION,
        crate::DUPLICATE_MEDICATION,
        crate::OPEN_VISITS,
    ];
    rules.contains(&task.rule.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{allergy, chart, dangerous, medication},
        review,
    };
    use clinical::EntryKind;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_of_rule_and_subjects_in_any_order() {
        let entry = |kind, id: u8| EntryRef::new(kind, clinical::uuid_v7(1, [id; 10]));
        let (a, m) = (entry(EntryKind::Allergy, 1), entry(EntryKind::Medication, 2));
        let id = task_id("drug-allergy", &[a, m]);
        // For ever: a device of the first release must raise the same task.
        assert_eq!(id.to_string(), "59a31d17-f3df-86fc-9dcb-df058ea82381");
        assert_eq!(id.uuid().get_version_num(), 8);
        assert_eq!(id, task_id("drug-allergy", &[m, a, m]));
        for other in [task_id("drug", &[a, m]), task_id("drug-allergy", &[a])] {
            assert_ne!(id, other);
        }
    }

    #[test]
    fn tasks_follow_their_issues() {
        let quiet =
            review(&chart(vec![allergy(1, "amoxicillin")], vec![medication(2, "cefalexin")]));
        assert_eq!((quiet.len(), settle(&[], &quiet)), (1, Vec::new()));

        let issues =
            review(&chart(vec![allergy(1, "penicillin")], vec![medication(2, "amoxicillin")]));
        let raised = settle(&[], &issues);
        assert_eq!(raised.iter().map(|t| t.status).collect::<Vec<_>>(), [TaskStatus::Requested]);
        assert_eq!(settle(&raised, &issues), Vec::new());

        let louder_issues =
            review(&chart(vec![dangerous(1, "penicillin")], vec![medication(2, "amoxicillin")]));
        let [louder] = settle(&raised, &louder_issues).try_into().unwrap();
        assert_eq!((louder.id, louder.tier), (raised[0].id, AlertTier::Block));

        let cancelled = settle(&raised, &[]);
        assert_eq!(cancelled[0].status, TaskStatus::Cancelled);
        assert_eq!(settle(&cancelled, &[]), Vec::new());
        assert_eq!(settle(&cancelled, &issues), raised);

        let done = vec![Task { status: TaskStatus::Completed, ..raised[0].clone() }];
        assert_eq!(settle(&done, &issues), Vec::new());
        assert_eq!(settle(&done, &[]), Vec::new());

        let seen = Task { settled_tier: Some(AlertTier::Interrupt), ..done[0].clone() };
        let [again] = settle(std::slice::from_ref(&seen), &louder_issues).try_into().unwrap();
        assert_eq!((again.id, again.tier), (seen.id, AlertTier::Block));
        assert_eq!((again.status, again.settled_tier), (TaskStatus::Requested, None));
        // Another device raised the tier before it knew that the task was closed at the lower one.
        let crossed = Task { tier: AlertTier::Block, ..seen };
        assert_eq!(settle(&[crossed], &louder_issues), std::slice::from_ref(&again));
        let settled = |tier| Task {
            status: TaskStatus::Completed,
            settled_tier: Some(tier),
            ..again.clone()
        };
        assert_eq!(settle(&[settled(AlertTier::Block)], &louder_issues), Vec::new());
        assert_eq!(settle(&[settled(AlertTier::Block)], &issues), Vec::new());

        let foreign = vec![Task { rule: "rule-of-a-newer-version".into(), ..raised[0].clone() }];
        assert_eq!(settle(&foreign, &[]), Vec::new());
    }

    proptest! {
        #[test]
        fn settling_twice_writes_once(
            allergies in proptest::collection::vec((0_u8..4, 0_usize..4), 0..5),
            medications in proptest::collection::vec((0_u8..4, 0_usize..4), 0..5),
            gone in any::<bool>(),
        ) {
            let names = ["penicillin", "amoxicillin", "co-amoxiclav", "aspirin"];
            let issues = review(&chart(
                allergies.iter().map(|(id, name)| allergy(*id, names[*name])).collect(),
                medications.iter().map(|(id, name)| medication(*id, names[*name])).collect(),
            ));
            let tasks = settle(&[], &issues);
            let later = if gone { Vec::new() } else { issues };
            let mut held: BTreeMap<TaskId, Task> =
                tasks.into_iter().map(|task| (task.id, task)).collect();
            let update = settle(&held.values().cloned().collect::<Vec<_>>(), &later);
            held.extend(update.into_iter().map(|task| (task.id, task)));
            let held: Vec<Task> = held.into_values().collect();
            prop_assert_eq!(settle(&held, &later), Vec::new());
        }
    }
}
