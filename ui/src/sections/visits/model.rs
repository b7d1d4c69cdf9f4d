//! What the section of visits shows.

use crate::i18n::{t, tf};
use crate::sections::conflict::{Dispute, disputes_of};
use crate::sections::lines::{self, Line, beyond};
use crate::words::{self, People};
use api::ChartView;
use clinical::{
    Encounter, EncounterId, EncounterStatus, EntryKind, EntryRef, PartialDate, display,
};

/// So many visits are listed.
const VISITS_MAX: usize = 20;

/// The visits of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visits {
    /// What two people wrote of one without knowing of each other.
    pub disputes: Vec<Dispute>,
    /// Newest first.
    pub visits: Vec<Visit>,
    /// How many there are besides.
    pub more: u64,
}

/// A visit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// What is shown of it.
    pub line: Line,
    /// Its id while it goes on.
    pub open: Option<EncounterId>,
}

/// Reads the visits of a chart.
pub(super) fn visits(view: &ChartView, people: &People<'_>) -> Visits {
    let mut all: Vec<&Encounter> = view.chart.encounters.iter().collect();
    let start = |visit: &Encounter| visit.start.as_ref().and_then(PartialDate::unix_ms);
    all.sort_by(|a, b| start(b).cmp(&start(a)).then_with(|| b.id.cmp(&a.id)));
    let newest = all.into_iter().take(VISITS_MAX);
    let visits: Vec<Visit> = newest
        .map(|visit| {
            let line = line(view, people, visit);
            Visit { line, open: view.chart.goes_on(visit).then_some(visit.id) }
        })
        .collect();
    let disputes = disputes(view, people);
    Visits { disputes, more: beyond(view, EntryKind::Encounter, visits.len()), visits }
}

/// The disputes of the visits, each named by its day and all reasons that were written.
pub(super) fn disputes(view: &ChartView, people: &People<'_>) -> Vec<Dispute> {
    let named = |dispute: Dispute| {
        let is_it = |visit: &&Encounter| visit.id.uuid() == dispute.entry.id;
        let Some(visit) = view.chart.encounters.iter().find(is_it) else { return dispute };
        let day = visit.start.as_ref().map(|start| people.day(start));
        let day = day.unwrap_or_else(|| t("identity.not-known").to_owned());
        let reasons = display::labels(&visit.reason);
        let what = if reasons.is_empty() { t("visit.no-reason") } else { &reasons };
        Dispute { title: tf("visit.of", &[("day", &day), ("what", what)]), ..dispute }
    };
    disputes_of(view, people, EntryKind::Encounter).into_iter().map(named).collect()
}

fn line(view: &ChartView, people: &People<'_>, visit: &Encounter) -> Line {
    let entry = EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let day = visit.start.as_ref().map(|start| people.day(start));
    let mut details = vec![words::class(visit.class).to_owned()];
    details.extend(visit.kind.iter().map(|kind| kind.label().to_owned()));
    details.extend(visit.reason.iter().map(|reason| reason.label().to_owned()));
    details.retain(|detail| !detail.is_empty());
    details.extend(visit.status.is_open().then(|| t("visit.open").to_owned()));
    details.extend(lines::reason(view, entry));
    Line {
        entry,
        label: day.unwrap_or_else(|| t("identity.not-known").to_owned()),
        details,
        written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
        mistaken: visit.status == EncounterStatus::EnteredInError
            || view.chart.is_withdrawn(EntryKind::Encounter, entry.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, uuid};
    use clinical::{CodeableConcept, EncounterClass};

    #[test]
    fn visits_come_newest_first_and_say_why() {
        let visit = |n: u8, start: Option<&str>| Encounter {
            id: EncounterId::from_uuid(uuid(n)),
            status: EncounterStatus::Finished,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text("cough")],
            start: start.map(|text| text.parse().unwrap()),
            end: None,
            participant: Vec::new(),
            follow_up: None,
        };
        let mut view = chart_view();
        view.chart.encounters = vec![
            visit(1, Some("2024-02-01")),
            visit(2, Some("2026-11-24T23:30:00+13:00")),
            visit(3, None),
            // It was recorded later, on the other side of the world.
            Encounter {
                status: EncounterStatus::InProgress,
                ..visit(4, Some("2026-11-25T00:15:00-11:00"))
            },
        ];
        view.counts = vec![(EntryKind::Encounter, 6)];
        let Visits { disputes, visits: shown, more } = visits(&view, &people(&view));
        assert_eq!((more, disputes.len()), (2, 0));
        let labels: Vec<_> = shown.iter().map(|visit| visit.line.label.as_str()).collect();
        assert_eq!(labels, ["25-Nov-2026", "24-Nov-2026", "01-Feb-2024", "Not known"]);
        assert_eq!(shown[0].line.details, ["in the clinic", "cough", "under way"]);
        assert_eq!(shown[0].open, Some(EncounterId::from_uuid(uuid(4))));
        assert!(shown[1..].iter().all(|visit| visit.open.is_none()));
    }

    #[test]
    fn what_two_wrote_of_one_visit_is_named_by_its_day_and_its_reasons() {
        let draft = |reason: &str| clinical::EncounterDraft { reason: reason.into(), class: None };
        let id = EncounterId::from_uuid(uuid(7));
        let start = "2026-11-24T08:30:00+03:00".parse().unwrap();
        let mut visit = draft("fever").complete(id, start).unwrap();
        let over = Encounter { status: EncounterStatus::Finished, ..visit.clone() };
        let entry = EntryRef::new(EntryKind::Encounter, id.uuid());
        let conflict = |field: &str, values: [clinical::EntryValue; 2]| clinical::Conflict {
            id: clinical::Conflict::id_of(entry, field),
            entry,
            field: field.into(),
            versions: values
                .into_iter()
                .zip(["a", "b"])
                .map(|(value, change)| clinical::Version {
                    value,
                    stamp: crate::sections::samples::stamp(),
                    change: change.into(),
                })
                .collect(),
            base: None,
        };
        let state = |one: &Encounter| clinical::EntryValue::EncounterState(one.state());
        let about = |one: &Encounter| clinical::EntryValue::EncounterAbout(one.about());
        let rash = Encounter { reason: vec![CodeableConcept::from_text("rash")], ..visit.clone() };
        let mut view = chart_view();
        view.chart.conflicts = vec![
            conflict("status", [state(&visit), state(&over)]),
            conflict("value", [about(&visit), about(&rash)]),
        ];
        visit.reason.extend(rash.reason);
        view.chart.encounters = vec![visit];
        let shown = disputes(&view, &people(&view));
        let labels =
            |at: usize| shown[at].sides.iter().map(|side| side.label.clone()).collect::<Vec<_>>();
        assert_eq!(shown[0].title, "Visit of 24-Nov-2026: fever; rash");
        assert_eq!((labels(0), labels(1)), {
            (vec!["being seen".to_owned(), "over".into()], vec!["fever".into(), "rash".into()])
        });
        assert!(shown.iter().flat_map(|one| &one.sides).all(|side| side.renamed));
    }
}
