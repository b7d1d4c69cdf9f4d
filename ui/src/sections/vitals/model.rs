//! What the section of vital signs shows.

use crate::forms::sign_name;
use crate::i18n::{t, tf};
use crate::sections::lines::{self, Line};
use crate::words::People;
use api::ChartView;
use clinical::{
    EncounterId, EntryKind, EntryRef, LOINC, Observation, ObservationId, ObservationStatus,
    ObservationValue, PartialDate, VITALS, VitalsDraft, possible,
};
use std::collections::BTreeMap;

/// So many earlier values stand beside the last.
const BEFORE_MAX: usize = 2;
/// So many values are listed, and so many other findings.
const LISTED_MAX: usize = 30;
/// What is recorded within an hour was recorded when it was measured.
const AT_ONCE_MS: i64 = 60 * 60 * 1000;

/// The vital signs of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vitals {
    /// Each sign that was measured, in the order of the form.
    pub signs: Vec<Sign>,
    /// Every value, newest first, also what was corrected or a mistake.
    pub all: Vec<Measured>,
}

/// One vital sign over time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sign {
    /// What was measured.
    pub name: String,
    /// The last value.
    pub last: Value,
    /// What can be done to it.
    pub measured: Measured,
    /// It and those that were recorded in the place of the same one: one of them must go. Empty
    /// when it is alone.
    pub rivals: Vec<Measured>,
    /// Those before, newest first.
    pub before: Vec<Value>,
}

/// A value and its moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    /// The value with its unit.
    pub text: String,
    /// `24-Nov-2026 09:05`; empty when not told.
    pub when: String,
    /// Who recorded it, on which computer, and when that was another time.
    pub by: String,
    /// That another was recorded in the place of the same one.
    pub doubt: Option<String>,
    /// That it is far from the one before.
    pub jump: Option<String>,
}

/// A value with what can be done to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    /// The value and who recorded it.
    pub line: Line,
    /// What a correction begins with; none where there is nothing to correct here.
    pub correction: Option<(ObservationId, VitalsDraft)>,
}

/// Reads the vital signs of a chart.
pub(super) fn vitals(view: &ChartView, people: &People<'_>) -> Vitals {
    let is_sign = |observation: &&Observation| observation.is_vital_sign();
    let all = newest_first(view.chart.observations.iter().filter(is_sign));
    let mut signs: BTreeMap<(usize, String), Vec<&Observation>> = BTreeMap::new();
    for observation in all.iter().filter(|one| view.chart.is_in_force(&view.corrections, one)) {
        signs.entry((place(observation), name(observation))).or_default().push(observation);
    }
    let measured = |one: &Observation| measured(view, people, one);
    let sign = |((_, name), values): (_, Vec<&Observation>)| {
        let value = |one: &Observation| value(view, people, one);
        let (last, before) = values.split_first()?;
        let rivals = view.corrections.rivals_of(last.id);
        let is_rival = |one: &&&Observation| rivals.contains(&one.id);
        Some(Sign {
            name,
            last: value(last),
            measured: measured(last),
            rivals: values.iter().filter(is_rival).map(|one| measured(one)).collect(),
            before: before
                .iter()
                .filter(|one| !is_rival(one))
                .take(BEFORE_MAX)
                .map(|one| value(one))
                .collect(),
        })
    };
    Vitals {
        signs: signs.into_iter().filter_map(sign).collect(),
        all: all.iter().take(LISTED_MAX).map(|one| measured(one)).collect(),
    }
}

/// The vital signs measured in a visit that count, in the order of the form: name and value.
pub(crate) fn signs_of(view: &ChartView, visit: EncounterId) -> Vec<(String, String)> {
    let measured = in_force(view).into_iter().filter(|one| one.encounter == Some(visit));
    let mut signs: Vec<&Observation> = measured.collect();
    signs.sort_by_key(|one| place(one));
    signs.into_iter().map(|one| (name(one), one.value_label())).collect()
}

/// The last value of each vital sign that was not measured in a visit: name, value and when.
pub(crate) fn last_signs(
    view: &ChartView,
    people: &People<'_>,
    visit: EncounterId,
) -> Vec<(String, String, String)> {
    let before = in_force(view).into_iter().filter(|one| one.encounter != Some(visit));
    let mut last: BTreeMap<(usize, String), &Observation> = BTreeMap::new();
    for one in before {
        last.entry((place(one), name(one))).or_insert(one);
    }
    let when = |one: &Observation| one.effective.as_ref().map(|date| people.dated(date));
    let line = |((_, name), one): (_, &Observation)| {
        (name, one.value_label(), when(one).unwrap_or_default())
    };
    last.into_iter().map(line).collect()
}

/// The vital signs that count, newest first.
fn in_force(view: &ChartView) -> Vec<&Observation> {
    let counts =
        |one: &&Observation| one.is_vital_sign() && view.chart.is_in_force(&view.corrections, one);
    newest_first(view.chart.observations.iter().filter(counts))
}

/// Reads the other findings of a chart, newest first. What was a mistake stands among them.
pub(super) fn results(view: &ChartView, people: &People<'_>) -> Vec<Line> {
    let is_other = |one: &&Observation| {
        !one.is_vital_sign()
            && one.status != ObservationStatus::Cancelled
            && !view.corrections.is_corrected(one.id)
    };
    let others = newest_first(view.chart.observations.iter().filter(is_other));
    others.into_iter().take(LISTED_MAX).map(|one| line(view, people, one)).collect()
}

fn newest_first<'a>(some: impl Iterator<Item = &'a Observation>) -> Vec<&'a Observation> {
    let mut some: Vec<&Observation> = some.collect();
    let moment = |one: &Observation| one.effective.as_ref().and_then(PartialDate::unix_ms);
    some.sort_by(|a, b| moment(b).cmp(&moment(a)).then_with(|| b.id.cmp(&a.id)));
    some
}

/// The weights of a chart that count, newest first.
pub(crate) fn weights(view: &ChartView) -> Vec<&Observation> {
    let is_weight = |one: &&Observation| {
        possible::sign_of(&one.code).is_some_and(|sign| sign.field == "weight")
            && view.chart.is_in_force(&view.corrections, one)
    };
    newest_first(view.chart.observations.iter().filter(is_weight))
}

/// The weight before one that is far from it.
pub(crate) fn jumps_from(view: &ChartView, weight: ObservationId) -> Option<&Observation> {
    let (_, before) = view.weight_jumps.iter().find(|(of, _)| *of == weight)?;
    view.chart.observations.iter().find(|one| one.id == *before)
}

/// That two computers recorded a value in the place of the same one, and both values.
fn doubt(view: &ChartView, observation: &Observation) -> Option<String> {
    let rivals = view.corrections.rivals_of(observation.id);
    let all = view.chart.observations.iter().filter(|one| rivals.contains(&one.id));
    let values: Vec<String> = all.map(Observation::value_label).collect();
    (!rivals.is_empty()).then(|| tf("vitals.twice", &[("values", &values.join(", "))]))
}

/// That a weight is far from the one before it, and that one.
fn jump(view: &ChartView, observation: &Observation) -> Option<String> {
    let before = jumps_from(view, observation.id)?;
    Some(tf("vitals.jump", &[("value", &before.value_label())]))
}

/// Where a sign stands: in the order of the form, the others behind.
fn place(observation: &Observation) -> usize {
    if observation.is_blood_pressure() {
        return 0;
    }
    let sign = possible::sign_of(&observation.code);
    let at = sign.and_then(|sign| VITALS.iter().position(|known| known == sign));
    at.unwrap_or(VITALS.len())
}

fn name(observation: &Observation) -> String {
    if observation.is_blood_pressure() {
        return t("vitals.pressure").to_owned();
    }
    let sign = possible::sign_of(&observation.code);
    sign.map(sign_name).unwrap_or_else(|| observation.code.label()).to_owned()
}

fn value(view: &ChartView, people: &People<'_>, observation: &Observation) -> Value {
    let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
    let by = view.chart.stamp_of(entry).map(|stamp| {
        let written = people.written(stamp);
        let key = if is_at_once(observation, stamp.at) { "vitals.by" } else { "vitals.by-later" };
        let values = [("who", written.who.as_str()), ("device", &written.device)];
        tf(key, &values).replace("{when}", &written.when)
    });
    Value {
        text: observation.value_label(),
        when: observation.effective.as_ref().map(|date| people.dated(date)).unwrap_or_default(),
        by: by.unwrap_or_default(),
        doubt: doubt(view, observation),
        jump: jump(view, observation),
    }
}

/// Whether it was recorded when it was measured.
fn is_at_once(observation: &Observation, at: clinical::Instant) -> bool {
    let has_time = observation.effective.as_ref().filter(|date| date.as_str().contains('T'));
    let taken = has_time.and_then(PartialDate::unix_ms);
    taken.is_some_and(|taken| taken.abs_diff(at.unix_ms()) < AT_ONCE_MS.unsigned_abs())
}

fn measured(view: &ChartView, people: &People<'_>, observation: &Observation) -> Measured {
    let mut line = Line { label: name(observation), ..line(view, people, observation) };
    let corrected = view.corrections.is_corrected(observation.id);
    line.details.extend(corrected.then(|| t("vitals.corrected").to_owned()));
    line.mistaken |= corrected;
    let correction = (!line.mistaken).then(|| begun(observation)).flatten();
    Measured { correction: correction.map(|draft| (observation.id, draft)), line }
}

/// What the form of a correction begins with, of a finding as our form records it.
fn begun(observation: &Observation) -> Option<VitalsDraft> {
    let parts = observation.component.iter().map(|part| (&part.code, part.value.as_ref()));
    let whole = Some((&observation.code, observation.value.as_ref()));
    let is_panel = observation.is_blood_pressure();
    let alone = whole.into_iter().filter(|_| !is_panel);
    let values = alone.chain(parts.filter(|_| is_panel)).map(|(code, value)| {
        let loinc = code.code_of(LOINC)?;
        let sign = VITALS.iter().find(|sign| sign.loinc == loinc)?;
        let Some(ObservationValue::Quantity(quantity)) = value else { return None };
        let same = quantity.ucum.as_deref() == Some(sign.ucum) && quantity.comparator.is_none();
        let typed = if same { quantity.value.to_string() } else { String::new() };
        Some((sign.field.to_owned(), typed))
    });
    let values: BTreeMap<String, String> = values.collect::<Option<_>>()?;
    (!values.is_empty()).then(|| VitalsDraft { values, ..VitalsDraft::default() })
}

fn line(view: &ChartView, people: &People<'_>, observation: &Observation) -> Line {
    let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
    let stamp = view.chart.stamp_of(entry);
    let at_once = stamp.is_some_and(|stamp| is_at_once(observation, stamp.at));
    let mut details = vec![observation.value_label()];
    details.extend(observation.interpretation.iter().map(|mark| mark.label().to_owned()));
    let range = observation.reference_range.as_ref();
    details.extend(range.map(|range| tf("results.range", &[("range", range)])));
    let taken = observation.effective.as_ref().filter(|_| !at_once);
    details.extend(taken.map(|date| people.dated(date)));
    details.extend(observation.note.clone());
    details.extend(lines::reason(view, entry));
    details.extend(doubt(view, observation));
    details.extend(jump(view, observation));
    details.retain(|detail| !detail.is_empty());
    Line {
        entry,
        label: observation.code.label().to_owned(),
        details,
        written: stamp.map(|stamp| people.written(stamp)),
        mistaken: view.chart.is_mistaken(observation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};

    fn weight(n: u8, value: &str, day: &str) -> Observation {
        let values = [("weight".to_owned(), value.to_owned())].into();
        let draft = VitalsDraft { values, encounter: None };
        let make_id = || ObservationId::from_uuid(uuid(n));
        draft.complete(make_id, &day.parse().unwrap()).unwrap().remove(0)
    }

    #[test]
    fn the_last_value_stands_first_and_a_correction_replaces() {
        let mut view = chart_view();
        let mut corrected = weight(5, "71", "2026-11-24");
        corrected.replaces = Some(ObservationId::from_uuid(uuid(4)));
        let withdrawn = weight(6, "7", "2026-11-25");
        view.chart.withdrawn.push(EntryRef::new(EntryKind::Observation, uuid(6)));
        view.chart.observations = vec![
            weight(1, "68", "2024"),
            weight(2, "69", "2025-01"),
            weight(3, "70.0", "2026-01-01"),
            weight(4, "700".trim_end_matches('0'), "2026-11-24"),
            corrected,
            withdrawn,
        ];
        view.corrections = view.chart.corrections();
        let model = vitals(&view, &people(&view));
        let [sign] = model.signs.as_slice() else { panic!("{model:?}") };
        assert_eq!((sign.name.as_str(), sign.last.text.as_str()), ("Weight", "71\u{a0}kg"));
        let before: Vec<_> =
            sign.before.iter().map(|v| (v.text.as_str(), v.when.as_str())).collect();
        assert_eq!(before, [("70.0\u{a0}kg", "01-Jan-2026"), ("69\u{a0}kg", "Jan-2025")]);
        assert!(results(&view, &people(&view)).is_empty());
        // Nothing is gone: what was a mistake or corrected stands struck out among all values.
        let struck: Vec<_> =
            model.all.iter().map(|one| (one.line.details[0].as_str(), one.line.mistaken)).collect();
        assert_eq!(struck[..3], [("7\u{a0}kg", true), ("71\u{a0}kg", false), ("7\u{a0}kg", true)]);
        assert_eq!(model.all.len(), 6);
        let corrections: Vec<_> = model.all.iter().map(|one| one.correction.is_some()).collect();
        assert_eq!(corrections, [false, true, false, true, true, true]);
        let (id, begun) = sign.measured.correction.clone().unwrap();
        assert_eq!((id.uuid(), begun.values["weight"].as_str()), (uuid(5), "71"));
    }

    #[test]
    fn a_weight_that_jumps_says_so_wherever_it_is_listed() {
        let mut view = chart_view();
        view.chart.observations = vec![weight(1, "68.5", "2026"), weight(2, "170.5", "2026-11")];
        let id = |n| ObservationId::from_uuid(uuid(n));
        view.weight_jumps = vec![(id(2), id(1))];
        let model = vitals(&view, &people(&view));
        let said = "check: more than 20\u{a0}% from the weight before (68.5\u{a0}kg)";
        assert_eq!(model.signs[0].last.jump.as_deref(), Some(said));
        assert_eq!(model.signs[0].before[0].jump, None);
        let listed: Vec<_> =
            model.all.iter().map(|one| one.line.details.iter().any(|it| it == said)).collect();
        assert_eq!(listed, [true, false]);
    }

    #[test]
    fn of_a_value_corrected_twice_both_are_shown_until_one_is_a_mistake() {
        let mut view = chart_view();
        let correct = |n: u8, value: &str| Observation {
            replaces: Some(ObservationId::from_uuid(uuid(2))),
            ..weight(n, value, "2026-11-24")
        };
        view.chart.observations = vec![
            weight(1, "68", "2026-01-01"),
            weight(2, "700".trim_end_matches('0'), "2026-11-24"),
            correct(3, "71"),
            correct(4, "72"),
        ];
        let check = |view: &mut ChartView, mistakes: &[u8], wants: (&str, &[&str], &[&str])| {
            let entry = |n: &u8| EntryRef::new(EntryKind::Observation, uuid(*n));
            view.chart.withdrawn = mistakes.iter().map(entry).collect();
            view.corrections = view.chart.corrections();
            let model = vitals(view, &people(view));
            let sign = &model.signs[0];
            let value = |one: &Measured| one.line.details[0].clone();
            let rivals: Vec<_> = sign.rivals.iter().map(value).collect();
            let before: Vec<_> = sign.before.iter().map(|one| one.text.as_str()).collect();
            assert_eq!((sign.last.text.as_str(), before.as_slice()), (wants.0, wants.2));
            assert_eq!(rivals, wants.1);
            let doubt = "Corrected twice: 71\u{a0}kg, 72\u{a0}kg. Which one is right?";
            let is_twice = !wants.1.is_empty();
            assert_eq!(sign.last.doubt.as_deref(), is_twice.then_some(doubt));
            let doubted =
                model.all.iter().filter(|one| one.line.details.iter().any(|it| it == doubt));
            assert_eq!(doubted.count(), wants.1.len(), "each tells it");
            for one in &sign.rivals {
                assert!(!one.line.mistaken && one.correction.is_some(), "there is a way out");
            }
        };
        let (seven, one, two) = ("7\u{a0}kg", "71\u{a0}kg", "72\u{a0}kg");
        let before = "68\u{a0}kg";
        check(&mut view, &[], (two, &[two, one], &[before]));
        check(&mut view, &[4], (one, &[], &[before]));
        check(&mut view, &[3, 4], (seven, &[], &[before]));
        // The last is another: the doubt stands with the values before it.
        view.chart.observations.push(weight(5, "73", "2026-11-25"));
        view.chart.withdrawn.clear();
        view.corrections = view.chart.corrections();
        let model = vitals(&view, &people(&view));
        let before: Vec<_> = model.signs[0].before.iter().map(|one| one.doubt.is_some()).collect();
        assert_eq!(before, [true, true]);
    }

    #[test]
    fn a_value_tells_its_time_and_who_recorded_it_where() {
        let mut view = chart_view();
        // The stamp is of 1970-01-01T00:00:00Z, written by a clock that is ahead.
        view.chart.observations =
            vec![weight(1, "68", "1970-01-01T05:45:00+05:45"), weight(2, "70", "1969-12-30")];
        let entry = |n| EntryRef::new(EntryKind::Observation, uuid(n));
        view.chart.stamps = vec![(entry(1), stamp()), (entry(2), stamp())];
        let model = vitals(&view, &people(&view));
        let (last, before) = (&model.signs[0].last, &model.signs[0].before[0]);
        assert_eq!(
            (last.when.as_str(), last.by.as_str()),
            ("01-Jan-1970 05:45", "Dr Amina, Laptop")
        );
        assert_eq!(before.when, "30-Dec-1969");
        assert_eq!(before.by, "Dr Amina, Laptop, recorded 20-Nov-2026 09:00");
    }

    #[test]
    fn a_pressure_is_corrected_as_a_whole_and_comes_first() {
        let mut view = chart_view();
        let values = [("systolic", "120"), ("diastolic", "80")];
        let values = values.map(|(field, text)| (field.to_owned(), text.to_owned())).into();
        let draft: VitalsDraft = VitalsDraft { values, encounter: None };
        let make_id = || ObservationId::from_uuid(uuid(2));
        let mut pressure =
            draft.complete(make_id, &"2026-11-24".parse().unwrap()).unwrap().remove(0);
        view.chart.observations = vec![weight(1, "68", "2026-11-24"), pressure.clone()];
        let model = vitals(&view, &people(&view));
        let names: Vec<_> = model.signs.iter().map(|sign| sign.name.as_str()).collect();
        assert_eq!(names, ["Blood pressure", "Weight"]);
        assert_eq!(model.signs[0].measured.correction, Some((pressure.id, draft)));
        // So is one of the panel's older code.
        let older = clinical::CodeableConcept::from_coding(LOINC, "55284-4", "Blood pressure");
        let older = Observation { code: older, ..pressure.clone() };
        assert_eq!(begun(&older), begun(&pressure));
        // In a unit that the form does not have, it is typed anew.
        if let Some(ObservationValue::Quantity(quantity)) = &mut pressure.component[0].value {
            quantity.ucum = Some("kPa".into());
        }
        assert_eq!(begun(&pressure).unwrap().values["systolic"], "");
        let mut other = weight(3, "70", "2026-11-24");
        other.code = clinical::CodeableConcept::from_text("Weight at birth");
        assert_eq!(begun(&other), None);
    }
}
