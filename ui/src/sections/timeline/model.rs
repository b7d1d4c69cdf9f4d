//! What the timeline shows: everything that happened, by day.

use crate::words::{self, People};
use api::ChartView;
use clinical::{Encounter, EntryKind, EntryRef, Instant, Observation, PartialDate};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// So many days are listed.
const DAYS_MAX: usize = 60;

/// A day on which something happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Day {
    /// `24-Nov-2026`.
    pub day: String,
    /// What happened: its kind, and in words.
    pub events: Vec<(&'static str, String)>,
}

/// Something that happened.
struct Event {
    /// When, to sort by.
    at_ms: i64,
    /// The day as it is shown.
    day: String,
    kind: EntryKind,
    text: String,
}

/// Reads the days of a chart, the newest first, as far as its lists reach. What was a mistake did not
/// happen.
pub(super) fn days(view: &ChartView, people: &People<'_>) -> Vec<Day> {
    let mut events = Vec::new();
    collect_visits(view, people, &mut events);
    collect_lists(view, people, &mut events);
    collect_signs(view, people, &mut events);
    events.sort_by_key(|event| Reverse(event.at_ms));
    let mut days: Vec<Day> = Vec::new();
    for event in events {
        let told = (words::entry_kind(event.kind), event.text);
        match days.last_mut().filter(|last| last.day == event.day) {
            Some(last) => last.events.push(told),
            None => days.push(Day { day: event.day, events: vec![told] }),
        }
    }
    days.truncate(DAYS_MAX);
    days
}

fn collect_visits(view: &ChartView, people: &People<'_>, events: &mut Vec<Event>) {
    let reason = |visit: &Encounter| visit.reason.first().map(|reason| reason.label().to_owned());
    for visit in &view.chart.encounters {
        let text = reason(visit).unwrap_or_else(|| words::class(visit.class).to_owned());
        let at = visit.start.as_ref();
        add(view, people, events, (EntryKind::Encounter, visit.id.uuid()), at, text);
    }
    for note in &view.chart.compositions {
        let entry = EntryRef::new(EntryKind::Composition, note.id.uuid());
        if !view.chart.withdrawn.contains(&entry) {
            let day = PartialDate::from_date(day_of(people, note.signed_at));
            events.push(Event {
                at_ms: note.signed_at.unix_ms(),
                day: words::date(&day),
                kind: EntryKind::Composition,
                text: people.name(note.author),
            });
        }
    }
}

fn collect_lists(view: &ChartView, people: &People<'_>, events: &mut Vec<Event>) {
    for problem in &view.chart.conditions {
        let text = problem.code.label().to_owned();
        let name = (EntryKind::Condition, problem.id.uuid());
        add(view, people, events, name, problem.onset.as_ref(), text);
    }
    for medicine in &view.chart.medications {
        let text = words::medicine(&medicine.order);
        let name = (EntryKind::Medication, medicine.id.uuid());
        add(view, people, events, name, medicine.about.authored_on.as_ref(), text);
    }
}

/// The findings of a moment are one line.
fn collect_signs(view: &ChartView, people: &People<'_>, events: &mut Vec<Event>) {
    let mut together: BTreeMap<String, Vec<&Observation>> = BTreeMap::new();
    for one in &view.chart.observations {
        let Some(at) = one.effective.as_ref() else { continue };
        if view.chart.is_in_force(&view.corrections, one) {
            together.entry(at.as_str().to_owned()).or_default().push(one);
        }
    }
    for found in together.into_values() {
        let text = |one: &&Observation| format!("{} {}", one.code.label(), one.value_label());
        let text = found.iter().map(text).collect::<Vec<_>>().join(" · ");
        let Some(first) = found.first() else { continue };
        let name = (EntryKind::Observation, first.id.uuid());
        add(view, people, events, name, first.effective.as_ref(), text);
    }
}

fn add(
    view: &ChartView,
    people: &People<'_>,
    events: &mut Vec<Event>,
    (kind, id): (EntryKind, uuid::Uuid),
    at: Option<&PartialDate>,
    text: String,
) {
    let Some(at) = at.filter(|_| !view.chart.is_withdrawn(kind, id)) else { return };
    events.push(Event { at_ms: earliest_ms(at), day: people.day(at), kind, text });
}

/// The first moment a date may mean.
fn earliest_ms(date: &PartialDate) -> i64 {
    /// Counted from, and not written out to be read as a moment: that reader is large.
    const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);
    let day = || Some(EPOCH.duration_until(date.earliest()?).as_secs() * 1_000);
    date.unix_ms().or_else(day).unwrap_or(i64::MIN)
}

fn day_of(people: &People<'_>, moment: Instant) -> jiff::civil::Date {
    let at = (people.local)(moment);
    jiff::civil::Date::new(at.year, at.month, at.day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::samples::{chart_view, people, uuid};
    use clinical::{
        ConditionDraft, ConditionId, MedicationDraft, MedicationId, ObservationId, VitalsDraft,
    };

    #[test]
    fn what_happened_stands_by_day_and_what_was_a_mistake_does_not() {
        let mut view = chart_view();
        let values = [("weight", "70.5"), ("heartRate", "72")];
        let values = values.map(|(sign, value)| (sign.to_owned(), value.to_owned())).into();
        let draft = VitalsDraft { values, encounter: None };
        let mut next = 10;
        let make_id = || {
            next += 1;
            ObservationId::from_uuid(uuid(next))
        };
        let taken = "2026-11-24T08:30:00+03:00".parse().unwrap();
        view.chart.observations = draft.complete(make_id, &taken).unwrap();
        let medicine = |n: u8, name: &str| {
            let draft = MedicationDraft { medication: name.into(), ..MedicationDraft::default() };
            let id = MedicationId::from_uuid(uuid(n));
            draft.complete(id, "2026-11-24".parse().unwrap()).unwrap()
        };
        view.chart.medications = vec![medicine(20, "zinc"), medicine(21, "iron")];
        view.chart.withdrawn = vec![EntryRef::new(EntryKind::Medication, uuid(21))];
        let problem = ConditionDraft {
            problem: "Hypertension".into(),
            onset: "2019".into(),
            ..ConditionDraft::default()
        };
        view.chart.conditions = vec![problem.complete(ConditionId::from_uuid(uuid(30))).unwrap()];
        let days = days(&view, &people(&view));
        let shown: Vec<(&str, usize)> =
            days.iter().map(|day| (day.day.as_str(), day.events.len())).collect();
        assert_eq!(shown, [("24-Nov-2026", 2), ("2019", 1)]);
        let texts: Vec<&str> = days[0].events.iter().map(|(_, text)| text.as_str()).collect();
        assert!(texts.iter().any(|text| text.contains("70.5") && text.contains("72")), "{texts:?}");
        assert!(texts.iter().any(|text| text.starts_with("zinc")), "{texts:?}");
    }
}
