//! The people of a demonstration: invented, plausible, and the same for the same seed.
//!
//! The product's own tests, benchmarks and demonstration clinics use these and no others. Nothing
//! here is advice: doses and vital signs are only meant to look right.

mod body;
mod history;
mod illness;
mod peoples;
mod person;
mod random;
mod visit;

use clinical::{
    AllergyIntolerance, Condition, Encounter, EncounterId, Instant, MedicationRequest, NoteSection,
    Observation, Patient,
};
use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// One invented patient with all that a chart of it holds. Lists are in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPatient {
    /// The patient.
    pub patient: Patient,
    /// Allergies, or a recorded absence, or nothing.
    pub allergies: Vec<AllergyIntolerance>,
    /// Problems.
    pub conditions: Vec<Condition>,
    /// Visits.
    pub encounters: Vec<Encounter>,
    /// Medicines.
    pub medications: Vec<MedicationRequest>,
    /// Vital signs.
    pub observations: Vec<Observation>,
    /// Notes of visits, to be signed by whoever makes the demonstration.
    pub notes: Vec<DemoNote>,
}

/// The note of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoNote {
    /// The visit.
    pub encounter: EncounterId,
    /// Its title.
    pub title: String,
    /// When it was written.
    pub written_at: Instant,
    /// Its parts.
    pub section: Vec<NoteSection>,
}

impl DemoPatient {
    /// How many entries the chart will have: the patient, and everything in the lists.
    pub fn entries(&self) -> usize {
        1 + self.allergies.len()
            + self.conditions.len()
            + self.encounters.len()
            + self.medications.len()
            + self.observations.len()
            + self.notes.len()
    }
}

/// How much history a patient has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoSize {
    /// So many entries in all ([`DemoPatient::entries`]): exact from 16 on, because what is known
    /// for good takes up to 15.
    Entries(usize),
    /// So many visits, with all that belongs to them.
    Encounters(usize),
}

/// A demonstration: one seed gives one population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demonstration {
    seed: u64,
    today: Date,
    size: DemoSize,
}

/// The day the demonstration of [`generate`] ends on.
const REFERENCE_DAY: Date = date(2026, 11, 1);
/// The entries of a patient when nothing else is asked for.
const ENTRIES: usize = 30;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// The patient `index` of the population of `seed`: 30 entries, the last visit shortly before
/// November 2026. The same on every computer.
pub fn generate(seed: u64, index: u64) -> DemoPatient {
    Demonstration::new(seed, REFERENCE_DAY).patient(index)
}

/// The same person with a long history: so many visits, with all that belongs to them.
pub fn generate_long(seed: u64, index: u64, encounters: usize) -> DemoPatient {
    let size = DemoSize::Encounters(encounters);
    Demonstration::new(seed, REFERENCE_DAY).sized(size).patient(index)
}

impl Demonstration {
    /// A population whose visits end shortly before `today`.
    pub fn new(seed: u64, today: Date) -> Self {
        Self { seed, today, size: DemoSize::Entries(ENTRIES) }
    }

    /// The same people with more or less history.
    #[must_use]
    pub fn sized(self, size: DemoSize) -> Self {
        Self { size, ..self }
    }

    /// One of its people.
    pub fn patient(&self, index: u64) -> DemoPatient {
        let mut random = random::Random::of(self.seed, index);
        let ages = match self.size {
            DemoSize::Entries(..=100) => (0, 89),
            DemoSize::Entries(_) | DemoSize::Encounters(_) => (30, 89),
        };
        let person = person::person(&mut random, index, ages, self.today);
        history::history(random, person, self.today, self.size)
    }
}

/// Noon of a day in milliseconds since the Unix epoch, UTC.
fn noon(day: Date) -> i64 {
    let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
    noon.map(|noon| noon.timestamp().as_millisecond()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
