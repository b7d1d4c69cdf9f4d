//! What a visit holds beside its note.

use crate::sections::signs_of;
use crate::words;
use api::ChartView;
use clinical::EncounterId;

/// What was found in a visit, and when the patient comes again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The vital signs measured in it: name and value.
    pub signs: Vec<(String, String)>,
    /// The day of the next visit.
    pub again: Option<String>,
}

/// Reads a visit; nothing of one that is not among the newest of the chart.
pub(super) fn found(view: &ChartView, id: EncounterId) -> Found {
    let visit = view.chart.encounters.iter().find(|visit| visit.id == id);
    let again = visit.and_then(|visit| visit.follow_up.as_ref()).map(words::date);
    Found { signs: signs_of(view, id), again }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::samples::{chart_view, uuid};
    use clinical::{Encounter, EncounterClass, EncounterStatus, ObservationId, VitalsDraft};

    fn visit(n: u8, again: Option<&str>) -> Encounter {
        Encounter {
            id: EncounterId::from_uuid(uuid(n)),
            status: EncounterStatus::InProgress,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: Vec::new(),
            start: None,
            end: None,
            participant: Vec::new(),
            follow_up: again.map(|day| day.parse().unwrap()),
        }
    }

    #[test]
    fn a_visit_is_signed_with_its_own_signs_and_its_next_day() {
        let mut view = chart_view();
        view.chart.encounters = vec![visit(4, Some("2026-12-08")), visit(5, None)];
        for (n, encounter, field, value) in
            [(20, 4, "weight", "70.5"), (21, 4, "heartRate", "72"), (22, 5, "weight", "80")]
        {
            let values = [(field.to_owned(), value.to_owned())].into();
            let encounter = Some(EncounterId::from_uuid(uuid(encounter)));
            let draft = VitalsDraft { values, encounter };
            let taken = "2026-11-24T08:30:00+03:00".parse().unwrap();
            let make_id = || ObservationId::from_uuid(uuid(n));
            view.chart.observations.extend(draft.complete(make_id, &taken).unwrap());
        }
        let read = |n| found(&view, EncounterId::from_uuid(uuid(n)));
        let values = |found: &Found| -> Vec<String> {
            found.signs.iter().map(|(_, value)| value.replace('\u{a0}', " ")).collect()
        };
        assert_eq!(values(&read(4)), ["72 /min", "70.5 kg"]);
        assert_eq!(read(4).again.as_deref(), Some("08-Dec-2026"));
        assert_eq!((values(&read(5)), read(5).again), (vec!["80 kg".to_owned()], None));
        assert_eq!(read(6), Found::default());
    }
}
