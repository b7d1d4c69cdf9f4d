//! What happened to a demonstration patient: allergies and lasting problems first, then visits
//! from the last one backwards until the chart has its size.

use super::{
    DAY_MS, DemoNote, DemoPatient, DemoSize,
    body::{Body, Signs},
    illness::{ALLERGENS, Avoid, Dose, Illness, LASTING, PASSING, Treatment},
    noon,
    person::Person,
    random::Random,
};
use clinical::{
    AllergyCriticality, AllergyIntoleranceId, CodeableConcept, Coding, Condition,
    ConditionClinicalStatus, ConditionId, Encounter, EncounterClass, EncounterId, EncounterStatus,
    Instant, MedicationId, MedicationRequest, MedicationStatus, NoteSection, NoteSectionCode,
    ObservationId, PartialDate, ReactionSeverity,
    drafts::{AllergyDraft, ConditionDraft, MedicationDraft, VitalsDraft},
    uuid_v7,
};
use jiff::{ToSpan, civil::Date};

const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// No history goes back further.
const HISTORY_DAYS_MAX: i64 = 15 * 365;
const MINUTE_MS: i64 = 60_000;

/// Writes the history of a person.
pub(super) fn history(
    mut random: Random,
    person: Person,
    today: Date,
    size: DemoSize,
) -> DemoPatient {
    let body = Body::of(&mut random, person.female);
    let born = person.born;
    let chart = DemoPatient {
        patient: person.patient,
        allergies: Vec::new(),
        conditions: Vec::new(),
        encounters: Vec::new(),
        medications: Vec::new(),
        observations: Vec::new(),
        notes: Vec::new(),
    };
    let mut history = History {
        random,
        born,
        today,
        body,
        avoid: Vec::new(),
        lasting: Vec::new(),
        last: "",
        chart,
    };
    history.allergies();
    history.lasting();
    history.visits(size);
    history.in_order()
}

struct History {
    random: Random,
    born: Date,
    today: Date,
    body: Body,
    avoid: Vec<Avoid>,
    lasting: Vec<&'static Illness>,
    /// The code of the last passing problem: nobody has the same one twice running.
    last: &'static str,
    chart: DemoPatient,
}

/// One visit while it is written.
struct Visit {
    id: EncounterId,
    day: Date,
    start_ms: i64,
    months: i64,
    latest: bool,
}

impl History {
    fn allergies(&mut self) {
        match self.random.within(1, 100) {
            1..=15 => {}
            16..=72 => self.allergy(&AllergyDraft { no_known_allergies: true, ..<_>::default() }),
            _ => {
                let first = self.random.within(0, 7);
                for step in 0..=i64::from(self.random.percent(25)) {
                    let at = usize::try_from((first + step) % 8).unwrap_or(0);
                    self.allergen(at);
                }
            }
        }
    }

    fn allergen(&mut self, at: usize) {
        let Some(allergen) = ALLERGENS.get(at) else { return };
        self.avoid.push(allergen.avoid);
        let dangerous = self.random.percent(20);
        let draft = AllergyDraft {
            substance: allergen.name.to_owned(),
            category: Some(allergen.category),
            criticality: dangerous.then_some(AllergyCriticality::High),
            reaction: allergen.signs.to_owned(),
            severity: Some(if dangerous {
                ReactionSeverity::Severe
            } else {
                ReactionSeverity::Mild
            }),
            onset: self.past_year(10),
            ..AllergyDraft::default()
        };
        self.allergy(&draft);
    }

    fn allergy(&mut self, draft: &AllergyDraft) {
        let at_ms = noon(self.today) - self.random.within(1, 900) * DAY_MS;
        let id = AllergyIntoleranceId::from_uuid(self.uuid(at_ms));
        self.chart.allergies.extend(draft.complete(id));
    }

    fn lasting(&mut self) {
        let age = self.months_at(self.today) / 12;
        for illness in LASTING.iter().filter(|illness| fits(illness, age)) {
            if self.lasting.len() < 3 && self.random.percent(22) {
                self.lasting.push(illness);
                self.lasting_problem(illness, age);
            }
        }
    }

    fn lasting_problem(&mut self, illness: &'static Illness, age: i64) {
        let since = self.past_year((age - illness.ages.0).clamp(0, 12));
        let at_ms = noon(self.today) - self.random.within(1, 900) * DAY_MS;
        let draft = ConditionDraft {
            problem: illness.name.to_owned(),
            onset: since.clone(),
            ..ConditionDraft::default()
        };
        let id = ConditionId::from_uuid(self.uuid(at_ms));
        self.chart.conditions.extend(draft.complete(id).map(|found| coded(found, illness)));
        let most = i64::try_from(illness.treatments.len()).unwrap_or(0);
        let wanted = usize::try_from(self.random.within(1, most)).unwrap_or(1);
        for treatment in illness.treatments.iter().take(wanted) {
            let months = self.months_at(self.today);
            let draft = self.medication(treatment, illness, months, None);
            let id = MedicationId::from_uuid(self.uuid(at_ms));
            let since = since.parse().unwrap_or_else(|_| PartialDate::from_date(self.today));
            self.chart.medications.extend(draft.complete(id, since));
        }
    }

    fn visits(&mut self, size: DemoSize) {
        let expected = match size {
            DemoSize::Entries(entries) => entries / 6 + 1,
            DemoSize::Encounters(encounters) => encounters,
        };
        let lived = self.days_between(self.born, self.today).min(HISTORY_DAYS_MAX);
        let gap = (lived / i64::try_from(expected + 1).unwrap_or(i64::MAX)).clamp(1, 240);
        let mut day = self.today;
        loop {
            let left = match size {
                DemoSize::Entries(entries) => entries.saturating_sub(self.chart.entries()),
                DemoSize::Encounters(visits) if self.chart.encounters.len() < visits => usize::MAX,
                DemoSize::Encounters(_) => 0,
            };
            if left == 0 {
                return;
            }
            let before = self.random.within(gap / 3, gap);
            day = day.checked_sub(before.days()).unwrap_or(day).max(self.born);
            self.visit(day, left);
        }
    }

    /// Adds one visit and at most `left - 1` entries of it.
    fn visit(&mut self, day: Date, left: usize) {
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

    fn medication(
        &self,
        treatment: &Treatment,
        illness: &Illness,
        months: i64,
        encounter: Option<EncounterId>,
    ) -> MedicationDraft {
        MedicationDraft {
            medication: treatment.medicine.to_owned(),
            dose: match treatment.dose {
                Dose::Fixed(dose) => dose.to_owned(),
                Dose::ByWeight { tenths_per_kg, step, most } => {
                    let exact = self.body.weight_hg(months) * tenths_per_kg / 100;
                    ((exact + step / 2) / step * step).clamp(step, most).to_string()
                }
            },
            unit: treatment.unit.to_owned(),
            route: treatment.route.to_owned(),
            frequency: treatment.times.to_owned(),
            duration_days: treatment.days.to_owned(),
            reason: illness.name.to_owned(),
            encounter,
            ..MedicationDraft::default()
        }
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
            title: "Visit note".to_owned(),
            written_at: Instant::from_unix_ms(visit.start_ms + 20 * MINUTE_MS),
            section: section.collect(),
        });
    }

    fn in_order(mut self) -> DemoPatient {
        self.chart.conditions.sort_by_key(|condition| condition.id);
        self.chart.encounters.sort_by_key(|encounter| encounter.id);
        self.chart.medications.sort_by_key(|medication| medication.id);
        self.chart.observations.sort_by_key(|observation| observation.id);
        self.chart.notes.sort_by_key(|note| note.written_at);
        self.chart
    }

    /// A year up to `years` ago in which the patient lived.
    fn past_year(&mut self, years: i64) -> String {
        let ago = self.random.within(0, years);
        let year = i64::from(self.today.year()) - ago;
        format!("{:04}", year.max(i64::from(self.born.year())))
    }

    fn months_at(&self, day: Date) -> i64 {
        self.days_between(self.born, day) * 12 / 365
    }

    fn days_between(&self, from: Date, to: Date) -> i64 {
        (noon(to) - noon(from)) / DAY_MS
    }

    fn uuid(&mut self, at_ms: i64) -> uuid::Uuid {
        uuid_v7(at_ms, self.random.ten_bytes())
    }
}

fn fits(illness: &Illness, age: i64) -> bool {
    (illness.ages.0..=illness.ages.1).contains(&age)
}

fn is_passing(illness: &Illness) -> bool {
    PASSING.iter().any(|passing| passing.icd10cm == illness.icd10cm)
}

fn coded(found: Condition, illness: &Illness) -> Condition {
    let coding =
        Coding { system: ICD10CM.to_owned(), code: illness.icd10cm.to_owned(), display: None };
    Condition { code: CodeableConcept { coding: vec![coding], ..found.code }, ..found }
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
