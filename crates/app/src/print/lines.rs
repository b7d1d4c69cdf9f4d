//! What a visit came to, and the weight, as lines of paper.

use super::content::{SignLine, Weighed};
use clinical::{
    Chart, Composition, Encounter, EncounterId, EntryKind, NoteDraft, NoteSectionCode, Observation,
    PartialDate, possible,
};
use print::Language;

/// A visit: what names it belongs to it, and what names none and lies within it.
pub(super) struct Span {
    id: EncounterId,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
}

/// What a signed note says of a visit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NoteLines {
    pub(super) assessment: String,
    pub(super) plan: String,
}

impl Span {
    /// A visit that has no end goes on until now.
    pub(super) fn of(visit: &Encounter, now: &PartialDate) -> Self {
        let moment = |date: &Option<PartialDate>| date.as_ref().and_then(PartialDate::unix_ms);
        Self {
            id: visit.id,
            start_ms: moment(&visit.start),
            // It is written to the second, and what is signed at the end to the millisecond.
            end_ms: moment(&visit.end).or(now.unix_ms()).map(|end| end.saturating_add(999)),
        }
    }

    fn holds(&self, encounter: Option<EncounterId>, at_ms: Option<i64>) -> bool {
        match (encounter, at_ms, self.start_ms, self.end_ms) {
            (Some(encounter), ..) => encounter == self.id,
            (None, Some(at), Some(start), Some(end)) => start <= at && at <= end,
            (None, ..) => false,
        }
    }
}

/// The last weight that counts, with its day; of two that two people corrected it to, both. And the
/// weight it jumps from, where nothing explains how far it is.
pub(super) fn weight(weights: &Chart) -> Weighed {
    let last = weights.last_weights();
    let Some(day) = last.first().and_then(|one| one.effective.clone()) else {
        return Weighed::default();
    };
    let values: Vec<String> = last.iter().map(|one| one.weight_label()).collect();
    let jumps = care::weight_jumps(weights, &weights.corrections());
    let from = jumps.iter().find(|(to, _)| last.iter().any(|one| one.id == *to));
    let before = from.and_then(|(_, from)| weights.observations.iter().find(|one| one.id == *from));
    Weighed {
        weight: Some((values.join(" / "), day)),
        weight_before: before.map(Observation::weight_label),
    }
}

/// The vital signs of a visit that count, in the order they were taken.
pub(super) fn vitals(chart: &Chart, span: &Span, language: Language) -> Vec<SignLine> {
    let corrections = chart.corrections();
    let moment = |one: &Observation| one.effective.as_ref().and_then(PartialDate::unix_ms);
    let mut taken: Vec<&Observation> = chart
        .observations
        .iter()
        .filter(|one| one.is_vital_sign() && chart.is_in_force(&corrections, one))
        .filter(|one| span.holds(one.encounter, moment(one)))
        .collect();
    taken.sort_by_key(|one| (moment(one), one.id));
    let line = |one: &Observation| SignLine::Apart(sign(one, language), one.value_label());
    taken.into_iter().map(line).collect()
}

/// Whether something is written in a note of a visit that is not signed.
pub(super) fn is_unsigned(drafts: &[NoteDraft], span: &Span) -> bool {
    let begun = |draft: &NoteDraft| draft.begun.map(|begun| begun.at.unix_ms());
    let mut written = drafts.iter().filter(|draft| !draft.is_blank());
    written.any(|draft| span.holds(draft.encounter, begun(draft)))
}

/// The signed notes of a visit: of one that another corrects the other alone.
pub(super) fn note(chart: &Chart, span: &Span) -> NoteLines {
    let replaced: Vec<_> = chart.compositions.iter().filter_map(|note| note.replaces).collect();
    let counts = |note: &&Composition| {
        !replaced.contains(&note.id)
            && !chart.is_withdrawn(EntryKind::Composition, note.id.uuid())
            && span.holds(note.encounter, Some(note.signed_at.unix_ms()))
    };
    let mut notes: Vec<&Composition> = chart.compositions.iter().filter(counts).collect();
    notes.sort_by_key(|note| (note.signed_at, note.id));
    let part = |code| {
        let sections = notes.iter().flat_map(|note| &note.section);
        let texts = sections.filter(|section| section.code == code);
        texts.map(|section| section.text.trim()).collect::<Vec<_>>().join("\n")
    };
    NoteLines { assessment: part(NoteSectionCode::Assessment), plan: part(NoteSectionCode::Plan) }
}

/// What was measured, in the words of a language; what is none of the common signs by its own name.
fn sign(one: &Observation, language: Language) -> String {
    let key = match possible::sign_of(&one.code).map(|sign| sign.field) {
        _ if one.is_blood_pressure() => "vitals.pressure",
        Some("systolic") => "vitals.systolic",
        Some("diastolic") => "vitals.diastolic",
        Some("heartRate") => "vitals.heart-rate",
        Some("respiratoryRate") => "vitals.respiratory-rate",
        Some("temperature") => "vitals.temperature",
        Some("oxygenSaturation") => "vitals.oxygen-saturation",
        Some("weight") => "vitals.weight",
        Some("height") => "vitals.height",
        Some(_) | None => return one.code.label().to_owned(),
    };
    language.words(key).to_owned()
}
