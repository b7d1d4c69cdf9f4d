//! What the section of visits shows.

use crate::i18n::t;
use crate::sections::lines::{Line, beyond};
use crate::words::{self, People};
use api::ChartView;
use clinical::{Encounter, EncounterStatus, EntryKind, EntryRef, display};

/// So many visits are listed.
const VISITS_MAX: usize = 20;

/// The visits of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visits {
    /// Newest first.
    pub lines: Vec<Line>,
    /// How many there are besides.
    pub more: u64,
}

/// Reads the visits of a chart.
pub(super) fn visits(view: &ChartView, people: &People<'_>) -> Visits {
    let mut all: Vec<&Encounter> = view.chart.encounters.iter().collect();
    all.sort_by(|a, b| b.start.cmp(&a.start).then_with(|| b.id.cmp(&a.id)));
    let newest = all.into_iter().take(VISITS_MAX);
    let lines: Vec<Line> = newest.map(|visit| line(view, people, visit)).collect();
    Visits { more: beyond(view, EntryKind::Encounter, lines.len()), lines }
}

fn line(view: &ChartView, people: &People<'_>, visit: &Encounter) -> Line {
    let entry = EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let day = visit.start.as_ref().map(display::date);
    let mut details = vec![words::class(visit.class).to_owned()];
    details.extend(visit.kind.iter().map(|kind| kind.label().to_owned()));
    details.extend(visit.reason.iter().map(|reason| reason.label().to_owned()));
    details.retain(|detail| !detail.is_empty());
    let open = visit.status == EncounterStatus::InProgress;
    details.extend(open.then(|| t("visit.open").to_owned()));
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
    use clinical::{CodeableConcept, EncounterClass, EncounterId};

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
        };
        let mut view = chart_view();
        view.chart.encounters = vec![
            visit(1, Some("2024-02-01")),
            visit(2, Some("2026-11-24T09:30:00Z")),
            visit(3, None),
        ];
        view.counts = vec![(EntryKind::Encounter, 5)];
        let Visits { lines, more } = visits(&view, &people(&view));
        assert_eq!(more, 2);
        let labels: Vec<_> = lines.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["24-Nov-2026", "01-Feb-2024", "Not known"]);
        assert_eq!(lines[0].details, ["in the clinic", "cough"]);
    }
}
