//! What happened to a demonstration patient: allergies and lasting problems first, then visits
//! from the last one backwards until the chart has its size.

use super::{
    DAY_MS, DemoPatient, DemoSize,
    body::Body,
    illness::{ALLERGENS, Avoid, Dose, Illness, LASTING, Treatment},
    noon,
    person::Person,
    random::Random,
};
use clinical::{
    AllergyCriticality, AllergyIntoleranceId, CodeableConcept, Coding, Condition, ConditionId,
    EncounterId, MedicationId, PartialDate, ReactionSeverity,
    drafts::{AllergyDraft, ConditionDraft, MedicationDraft},
    uuid_v7,
};
use jiff::{ToSpan, civil::Date};

const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// No history goes back further.
const HISTORY_DAYS_MAX: i64 = 15 * 365;

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

/// A history while it is written.
pub(super) struct History {
    pub(super) random: Random,
    pub(super) born: Date,
    pub(super) today: Date,
    pub(super) body: Body,
    pub(super) avoid: Vec<Avoid>,
    pub(super) lasting: Vec<&'static Illness>,
    /// The code of the last passing problem: nobody has the same one twice running.
    pub(super) last: &'static str,
    pub(super) chart: DemoPatient,
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

    pub(super) fn medication(
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

    pub(super) fn months_at(&self, day: Date) -> i64 {
        self.days_between(self.born, day) * 12 / 365
    }

    pub(super) fn days_between(&self, from: Date, to: Date) -> i64 {
        (noon(to) - noon(from)) / DAY_MS
    }

    pub(super) fn uuid(&mut self, at_ms: i64) -> uuid::Uuid {
        uuid_v7(at_ms, self.random.ten_bytes())
    }
}

pub(super) fn fits(illness: &Illness, age: i64) -> bool {
    (illness.ages.0..=illness.ages.1).contains(&age)
}

pub(super) fn coded(found: Condition, illness: &Illness) -> Condition {
    let coding =
        Coding { system: ICD10CM.to_owned(), code: illness.icd10cm.to_owned(), display: None };
    Condition { code: CodeableConcept { coding: vec![coding], ..found.code }, ..found }
}
