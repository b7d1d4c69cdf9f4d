//! One visit of a demonstration patient: why, what was found, what was given, what was written.

use super::{
    DemoNote, MINUTE_MS,
    body::Signs,
    history::{History, coded, fits},
    illness::{Avoid, Illness, PASSING},
    noon,
};
use clinical::{
    CodeableConcept, Composition, Condition, ConditionClinicalStatus, ConditionId, Encounter,
    EncounterClass, EncounterId, EncounterStatus, Instant, MedicationId, MedicationRequest,
    MedicationStatus, NoteSection, NoteSectionCode, ObservationId, PartialDate,
    drafts::{ConditionDraft, VitalsDraft},
    uuid_v7,
};
use jiff::{ToSpan, civil::Date};

/// One visit while it is written.
struct Visit {
    id: EncounterId,
    day: Date,
    start_ms: i64,
    months: i64,
    latest: bool,
}

impl History {
    /// Adds one visit and at most `left - 1` entries of it.
    pub(super) fn visit(&mut self, day: Date, left: usize) {
        let start_ms = noon(day) + self.random.within(-240, 240) * MINUTE_MS;
        let visit = Visit {
            id: EncounterId::from_uuid(self.uuid(start_ms)),
            day,
            start_ms,
            months: self.months_at(day),
            latest: self.chart.encounters.is_empty(),
        };
        let mut left = left - 1;
        let illness = self.reason(visit.months / 12, left);
        self.chart.encounters.push(self.encounter(&visit, illness));
        if let Some(illness) = illness.filter(|illness| is_passing(illness)) {
            left -= self.passing(&visit, illness);
        }
        left -= self.vitals(&visit, illness, left);
        if left > 0 && self.random.percent(50) {
            self.note(&visit, illness);
        }
    }

    /// Why the patient comes: a passing problem when there is room for it, else a lasting one.
    fn reason(&mut self, age: i64, left: usize) -> Option<&'static Illness> {
        let fitting: Vec<&'static Illness> =
            PASSING.iter().filter(|i| fits(i, age) && i.icd10cm != self.last).collect();
        let passing =
            left >= 2 && self.random.percent(if self.lasting.is_empty() { 70 } else { 35 });
        let from = if passing { &fitting } else { &self.lasting };
        self.random.pick(from).copied()
    }

    fn encounter(&self, visit: &Visit, illness: Option<&Illness>) -> Encounter {
        let class = match visit.id.uuid().as_u128() % 20 {
            0 => EncounterClass::Home,
            1 => EncounterClass::Field,
            _ => EncounterClass::Ambulatory,
        };
        let reason = illness.map_or("Check-up", |illness| illness.name);
        Encounter {
            id: visit.id,
            status: EncounterStatus::Finished,
            class,
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text(reason)],
            start: moment(visit.start_ms),
            end: moment(visit.start_ms + 25 * MINUTE_MS),
            participant: Vec::new(),
            follow_up: None,
        }
    }

    /// Adds the problem and what is given for it; tells how many entries that made.
    fn passing(&mut self, visit: &Visit, illness: &'static Illness) -> usize {
        self.last = illness.icd10cm;
        let over = self.days_between(visit.day, self.today) > 14 || !visit.latest;
        let draft = ConditionDraft {
            problem: illness.name.to_owned(),
            clinical_status: over.then_some(ConditionClinicalStatus::Resolved),
            onset: visit.day.to_string(),
            encounter: Some(visit.id),
            ..ConditionDraft::default()
        };
        let id = ConditionId::from_uuid(self.uuid(visit.start_ms));
        let end = visit.day.checked_add(10.days()).unwrap_or(visit.day).min(self.today);
        let before = self.chart.entries();
        self.chart.conditions.extend(draft.complete(id).map(|found| Condition {
            abatement: over.then(|| PartialDate::from_date(end)),
            ..coded(found, illness)
        }));
        let allowed = illness
            .treatments
            .iter()
            .find(|t| !self.avoid.contains(&t.avoid) || t.avoid == Avoid::Nothing);
        if let Some(treatment) = allowed {
            let draft = self.medication(treatment, illness, visit.months, Some(visit.id));
            let id = MedicationId::from_uuid(self.uuid(visit.start_ms));
            let day = PartialDate::from_date(visit.day);
            self.chart.medications.extend(draft.complete(id, day).map(|line| ended(line, over)));
        }
        self.chart.entries() - before
    }

    /// Adds up to `left` findings; tells how many.
    fn vitals(&mut self, visit: &Visit, illness: Option<&Illness>, left: usize) -> usize {
        let signs = Signs {
            fever: illness.is_some_and(|illness| illness.fever),
            breathless: illness.is_some_and(|illness| illness.breathless),
            hypertension: self.lasting.iter().any(|illness| illness.icd10cm == "I10"),
        };
        let wanted = usize::try_from(self.random.within(2, 6)).unwrap_or(2).min(left);
        let line = self.body.vitals(&mut self.random, visit.months, signs);
        let pressure = line.iter().filter(|(field, _)| field.ends_with("tolic")).count();
        let fields = if wanted == 0 { 0 } else { wanted + pressure / 2 };
        let line = line.into_iter().take(fields);
        let draft = VitalsDraft {
            values: line.map(|(field, text)| (field.to_owned(), text)).collect(),
            encounter: Some(visit.id),
        };
        let Some(taken) = moment(visit.start_ms) else { return 0 };
        let random = &mut self.random;
        let make_id = || ObservationId::from_uuid(uuid_v7(visit.start_ms, random.ten_bytes()));
        let found = draft.complete(make_id, &taken).unwrap_or_default();
        let count = found.len();
        self.chart.observations.extend(found);
        count
    }

    fn note(&mut self, visit: &Visit, illness: Option<&Illness>) {
        let texts = match illness {
            Some(illness) => [illness.complaint, illness.found, illness.name, illness.plan],
            None => ["Feels well.", "No abnormal findings.", "Healthy.", "Come back in a year."],
        };
        let section = NoteSectionCode::ALL
            .iter()
            .zip(texts)
            .map(|(code, text)| NoteSection { code: *code, text: text.to_owned() });
        self.chart.notes.push(DemoNote {
            encounter: visit.id,
            title: Composition::VISIT_NOTE.to_owned(),
            written_at: Instant::from_unix_ms(visit.start_ms + 20 * MINUTE_MS),
            section: section.collect(),
        });
    }
}

fn is_passing(illness: &Illness) -> bool {
    PASSING.iter().any(|passing| passing.icd10cm == illness.icd10cm)
}

fn ended(mut line: MedicationRequest, over: bool) -> MedicationRequest {
    if over {
        line.order.status = MedicationStatus::Completed;
    }
    line
}

fn moment(at_ms: i64) -> Option<PartialDate> {
    Instant::from_unix_ms(at_ms).to_string().parse().ok()
}
