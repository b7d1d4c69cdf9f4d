//! What the section of problems shows.

use crate::i18n::tf;
use crate::sections::lines::{self, Line};
use crate::words::{self, People};
use api::ChartView;
use clinical::{
    Condition, ConditionClinicalStatus, ConditionId, EntryKind, EntryRef, VerificationStatus,
};

/// The problems of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problems {
    /// What is there now, the newest first.
    pub lines: Vec<(ConditionId, Line)>,
    /// What is over or was recorded by mistake.
    pub past: Vec<Line>,
    /// How many cannot be shown, or not wholly.
    pub unreadable: u64,
}

/// Reads the problems of a chart.
pub(super) fn problems(view: &ChartView, people: &People<'_>) -> Problems {
    let mut all: Vec<&Condition> = view.chart.conditions.iter().collect();
    all.sort_by(|a, b| b.onset.cmp(&a.onset).then_with(|| b.id.cmp(&a.id)));
    let withdrawn = |c: &Condition| view.chart.is_withdrawn(EntryKind::Condition, c.id.uuid());
    let (now, past): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| c.holds() && !withdrawn(c));
    let line = |condition: &Condition| line(view, people, condition);
    Problems {
        lines: now.into_iter().map(|condition| (condition.id, line(condition))).collect(),
        past: past.into_iter().map(line).collect(),
        unreadable: lines::unreadable(view, EntryKind::Condition),
    }
}

fn line(view: &ChartView, people: &People<'_>, condition: &Condition) -> Line {
    let entry = EntryRef::new(EntryKind::Condition, condition.id.uuid());
    let mut details = Vec::new();
    let status = condition.clinical_status.filter(|s| *s != ConditionClinicalStatus::Active);
    details.extend(status.map(|status| words::problem_status(status).to_owned()));
    let since = condition.onset.as_ref().map(words::date);
    details.extend(since.map(|date| tf("problem.since", &[("date", &date)])));
    let until = condition.abatement.as_ref().map(words::date);
    details.extend(until.map(|date| tf("problem.until", &[("date", &date)])));
    details.extend(condition.note.clone());
    details.extend(lines::reason(view, entry));
    Line {
        entry,
        label: condition.code.label().to_owned(),
        details,
        written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
        mistaken: condition.verification_status == VerificationStatus::EnteredInError
            || view.chart.is_withdrawn(EntryKind::Condition, entry.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, uuid};
    use clinical::ConditionDraft;

    #[test]
    fn problems_of_now_come_newest_first() {
        let problem = |n: u8, what: &str, onset: &str, status| {
            let draft = ConditionDraft {
                problem: what.into(),
                onset: onset.into(),
                clinical_status: Some(status),
                ..ConditionDraft::default()
            };
            draft.complete(ConditionId::from_uuid(uuid(n))).unwrap()
        };
        use ConditionClinicalStatus::{Active, Relapse, Resolved};
        let mut view = chart_view();
        view.chart.conditions = vec![
            problem(1, "Hypertension", "2010", Active),
            problem(2, "Asthma", "2020-03", Relapse),
            problem(3, "Malaria", "2021", Resolved),
        ];
        let model = problems(&view, &people(&view));
        let labels: Vec<_> = model.lines.iter().map(|(_, line)| line.label.as_str()).collect();
        assert_eq!(labels, ["Asthma", "Hypertension"]);
        assert_eq!(model.lines[0].1.details, ["relapse", "since Mar-2020"]);
        assert_eq!(model.past[0].label, "Malaria");
    }
}
