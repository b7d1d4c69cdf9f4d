//! The charts that every engine is measured on: the same seed gives the same values as the measuring
//! program's own generator.
//!
//! An entry is a finding. What the workload calls its author is who signed in when it was recorded.
//! Its identifiers become ids that say no more than they do: ids the product draws hold 74 random
//! bits, which nothing compresses. A small edit of a value is what correcting a vital sign is here:
//! a finding of the same code and time that replaces the other. The note stays with the one replaced.

use crate::arguments::BenchArguments;
use app::{MeasuredChart, MeasuredEdits, UserNames};
use clinical::{
    AdministrativeGender, Chart, CodeableConcept, EntryKind, EntryRef, HumanName, Identity,
    Instant, Observation, ObservationId, ObservationStatus, ObservationValue, PartialDate, Patient,
    PatientId, Quantity, UtcOffset, uuid_v7,
};
use uuid::Uuid;

/// Who records everything.
pub(super) const AUTHOR: &str = "dr-07";
/// Small edits of each edited chart.
pub(super) const EDITS: u32 = 10;

const SEED: u32 = 0x9e37_79b9;
const NOTE_BYTES: usize = 160;
const SYSTEM: &str = "http://snomed.info/sct";
const DISPLAY: &str = "Body weight";
const UNIT: &str = "kg";
/// When the first entry of a chart was found, in milliseconds since the Unix epoch.
const FIRST_MS: i64 = 1_790_000_000_000;
const MINUTE_MS: i64 = 60_000;

const WORDS: &str = "patient reports chest pain since morning denies fever cough dyspnoea blood \
                     pressure stable plan review in two weeks continue metformin 500 mg twice \
                     daily with meals no known drug allergies mild oedema left ankle examination \
                     unremarkable advised hydration rest";

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    code: String,
    value: u32,
    at_ms: i64,
    note: String,
}

/// What the charts and their edits are like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workload {
    /// Entries of a chart.
    entries: u32,
    /// Whether edits have ids that say nothing.
    drawn: bool,
}

impl Workload {
    pub(super) const fn of(bench: &BenchArguments) -> Self {
        Self { entries: bench.entries, drawn: bench.drawn }
    }

    /// Person number `patient` with the entries.
    pub(super) fn chart(self, patient: u32) -> MeasuredChart {
        let observations = (0..self.entries).map(|at| {
            let entry = entry(patient, at);
            Observation {
                note: Some(entry.note.clone()),
                ..observation(entry_id(patient, at), &entry, ObservationStatus::Final)
            }
        });
        MeasuredChart { patient: person(patient), observations: observations.collect() }
    }

    /// The small edits that the first device makes before this exchange.
    pub(super) fn edits_now(self, bench: &BenchArguments) -> impl Iterator<Item = MeasuredEdits> {
        let (exchanges, together) = (bench.exchanges, bench.together);
        let now = bench.exchange;
        edited(bench.charts, bench.edited).enumerate().filter_map(move |(place, patient)| {
            let is_now = |edit: &u32| exchange_of(place, *edit, (exchanges, together)) == now;
            let edits: Vec<u32> = (0..self.edits()).filter(is_now).collect();
            (!edits.is_empty()).then(|| self.edits_of(patient, &edits))
        })
    }

    /// Who is seen on the second device before this exchange: people whose charts are edited at the
    /// first one, each at one of the exchanges.
    pub(super) fn seen_now(bench: &BenchArguments) -> impl Iterator<Item = PatientId> {
        let (exchanges, now) = (bench.exchanges, bench.exchange);
        let is_now = move |place: usize| exchange_of(place, 0, (exchanges, EDITS)) == now;
        let seen = edited(bench.charts, bench.edited).enumerate();
        seen.filter(move |(place, _)| is_now(*place)).map(|(_, patient)| patient_id(patient))
    }

    /// Some of the small edits of a person, in order.
    fn edits_of(self, patient: u32, edits: &[u32]) -> MeasuredEdits {
        let correction = |edit: &u32| {
            let at = self.edited_entry(*edit);
            let entry = Entry { value: edited_value(*edit), ..entry(patient, at) };
            Observation {
                replaces: Some(entry_id(patient, at)),
                ..observation(self.edit_id(patient, *edit), &entry, ObservationStatus::Corrected)
            }
        };
        let observations = edits.iter().map(correction).collect();
        MeasuredEdits { patient: patient_id(patient), observations }
    }

    /// Whether a chart holds a person's entries with the first `edits` edits, in every field.
    pub(super) fn holds(
        self,
        (patient, chart): (u32, &Chart),
        names: &UserNames,
        edits: u32,
    ) -> bool {
        let edits = edits.min(self.edits());
        let corrections = chart.corrections();
        let find = |id: ObservationId| {
            let at = chart.observations.binary_search_by_key(&id, |one| one.id).ok()?;
            let one = chart.observations.get(at)?;
            let stamp = chart.stamp_of(EntryRef::new(EntryKind::Observation, id.uuid()))?;
            (names.get(&stamp.author).map(String::as_str) == Some(AUTHOR)).then_some(one)
        };
        let holds = |at: u32| {
            let entry = entry(patient, at);
            let recorded = find(entry_id(patient, at))?;
            let edit = (0..edits).find(|edit| self.edited_entry(*edit) == at);
            let (counts, value) = match edit {
                Some(edit) => (find(self.edit_id(patient, edit))?, edited_value(edit)),
                None => (recorded, entry.value),
            };
            let is_only = chart.is_in_force(&corrections, counts)
                && (edit.is_none() || !chart.is_in_force(&corrections, recorded));
            let says = |one: &Observation, value: u32| {
                let like = observation(one.id, &Entry { value, ..entry.clone() }, one.status);
                (&one.code, &one.value, &one.effective)
                    == (&like.code, &like.value, &like.effective)
            };
            let is_same = recorded.status == ObservationStatus::Final
                && recorded.note.as_deref() == Some(entry.note.as_str())
                && says(recorded, entry.value)
                && says(counts, value);
            (is_only && is_same).then_some(())
        };
        let name = chart.patient.as_ref().and_then(|it| it.identity.preferred_name());
        name.is_some_and(|name| name.spoken() == format!("Patient {patient}"))
            && (0..self.entries).all(|at| holds(at).is_some())
    }

    /// Each entry is edited once at most.
    const fn edits(self) -> u32 {
        if self.entries < EDITS { self.entries } else { EDITS }
    }

    /// Never twice the same one.
    const fn edited_entry(self, edit: u32) -> u32 {
        let step = if self.entries.is_multiple_of(7) { 1 } else { 7 };
        edit * step % self.entries
    }

    /// The finding that an edit records: the workload's edits have no identifiers.
    fn edit_id(self, patient: u32, edit: u32) -> ObservationId {
        if !self.drawn {
            return ObservationId::from_uuid(id(patient, 2, edit));
        }
        let mut draw = Draw(SEED ^ (patient * 16 + edit));
        let mut rest = [0; 10];
        for bytes in rest.chunks_mut(4) {
            let drawn = draw.next().to_be_bytes();
            bytes.iter_mut().zip(drawn).for_each(|(to, from)| *to = from);
        }
        let at_ms = FIRST_MS + i64::from(patient) * MINUTE_MS + i64::from(edit);
        ObservationId::from_uuid(uuid_v7(at_ms, rest))
    }
}

/// In which exchange an edit of the chart at `place` goes out: those made together in one, a chart's
/// later ones in later exchanges, other charts between them.
fn exchange_of(place: usize, edit: u32, (exchanges, together): (u32, u32)) -> u32 {
    let stretch = (exchanges * together / EDITS).max(1);
    let place = u32::try_from(place).unwrap_or_default();
    (edit / together * stretch + place % stretch).min(exchanges - 1)
}

fn person(patient: u32) -> Patient {
    Patient {
        id: patient_id(patient),
        identity: Identity {
            name: vec![HumanName::new(&patient.to_string(), "Patient")],
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        },
        telecom: Vec::new(),
        address: Vec::new(),
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    }
}

/// The edited people, spread evenly over all.
pub(super) fn edited(charts: u32, edited: u32) -> impl Iterator<Item = u32> {
    let place = move |at: u32| {
        let place = u64::from(at) * u64::from(charts) / u64::from(edited.max(1));
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    (0..edited).map(place)
}

/// The id of a person's chart: `p000042` of the workload.
pub(super) fn patient_id(patient: u32) -> PatientId {
    PatientId::from_uuid(id(patient, 0, 0))
}

fn observation(id: ObservationId, entry: &Entry, status: ObservationStatus) -> Observation {
    let value = entry.value.to_string().parse().ok();
    Observation {
        id,
        status,
        category: Vec::new(),
        code: CodeableConcept::from_coding(SYSTEM, &entry.code, DISPLAY),
        value: value.map(|value| ObservationValue::Quantity(Quantity::ucum(value, UNIT))),
        component: Vec::new(),
        effective: moment(entry.at_ms),
        encounter: None,
        interpretation: Vec::new(),
        reference_range: None,
        note: None,
        replaces: None,
    }
}

fn moment(unix_ms: i64) -> Option<PartialDate> {
    UtcOffset::UTC.written(Instant::from_unix_ms(unix_ms))
}

/// `e000042-07` of the workload.
fn entry_id(patient: u32, at: u32) -> ObservationId {
    ObservationId::from_uuid(id(patient, 1, at))
}

fn id(patient: u32, kind: u8, at: u32) -> Uuid {
    let mut rest = [0; 10];
    for (to, from) in rest.iter_mut().skip(1).zip(patient.to_be_bytes()) {
        *to = from;
    }
    for (to, from) in rest.iter_mut().skip(5).zip([kind].into_iter().chain(at.to_be_bytes())) {
        *to = from;
    }
    uuid_v7(FIRST_MS, rest)
}

const fn edited_value(edit: u32) -> u32 {
    1000 + edit
}

fn entry(patient: u32, at: u32) -> Entry {
    let mut draw = Draw(SEED ^ patient.wrapping_mul(131).wrapping_add(at));
    let code = (10_000_000 + draw.next() % 90_000_000).to_string();
    let value = draw.next() % 200;
    Entry { code, value, at_ms: FIRST_MS + i64::from(at) * MINUTE_MS, note: draw.note() }
}

/// mulberry32.
struct Draw(u32);

impl Draw {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let seed = self.0;
        let mixed = (seed ^ (seed >> 15)).wrapping_mul(seed | 1);
        let again = (mixed ^ (mixed >> 7)).wrapping_mul(mixed | 61);
        let mixed = mixed ^ mixed.wrapping_add(again);
        mixed ^ (mixed >> 14)
    }

    fn note(&mut self) -> String {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let mut note = String::new();
        while note.len() < NOTE_BYTES {
            let at = usize::try_from(self.next()).unwrap_or_default() % words.len().max(1);
            note.push_str(words.get(at).copied().unwrap_or_default());
            note.push(' ');
        }
        note.truncate(NOTE_BYTES);
        note
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DeviceId, PractitionerId, Stamp};

    const WHOLE: Workload = Workload { entries: 30, drawn: false };
    const FEW: Workload = Workload { entries: 3, drawn: true };

    /// What the measuring program's own generator gives.
    #[test]
    fn the_values_are_those_of_every_engine() {
        let check = |(patient, at): (u32, u32), code: &str, value: u32, at_ms: i64, note: &str| {
            let (code, note) = (code.to_owned(), note.to_owned());
            assert_eq!(entry(patient, at), Entry { code, value, at_ms, note });
        };
        let first = "denies meals pain plan unremarkable morning mild ankle blood 500 plan in \
                     examination pain examination drug examination drug known patient denies stable \
                     dyspnoea";
        check((0, 0), "21420728", 44, 1_790_000_000_000, first);
        let other = "weeks rest weeks hydration review morning weeks left ankle in twice since ankle \
                     pressure metformin plan with ankle left chest reports known denies known \
                     metform";
        check((4321, 17), "95409916", 99, 1_790_001_020_000, other);
        assert_eq!(edited(7, 3).collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!((WHOLE.edited_entry(9), edited_value(9)), (3, 1009));
    }

    /// A chart as it reads back, with the first so many edits.
    fn read(workload: Workload, patient: u32, edits: u32) -> (Chart, UserNames) {
        let author = PractitionerId::from_uuid(uuid_v7(1, [1; 10]));
        let stamp = Stamp {
            author,
            device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
            at: Instant::from_unix_ms(1),
        };
        let MeasuredChart { patient: person, mut observations } = workload.chart(patient);
        let edits: Vec<u32> = (0..edits).collect();
        observations.extend(workload.edits_of(patient, &edits).observations);
        observations.sort_by_key(|one| one.id);
        let entry = |one: &Observation| EntryRef::new(EntryKind::Observation, one.id.uuid());
        let stamps = observations.iter().map(|one| (entry(one), stamp)).collect();
        let chart = Chart { patient: Some(person), observations, stamps, ..Chart::default() };
        (chart, [(author, AUTHOR.to_owned())].into())
    }

    #[test]
    fn every_field_is_looked_at() {
        for edits in [0, 3, EDITS] {
            let (whole, names) = read(WHOLE, 42, edits);
            assert!(WHOLE.holds((42, &whole), &names, edits));
            assert!(!WHOLE.holds((43, &whole), &names, edits));
            assert!(!WHOLE.holds((42, &whole), &UserNames::new(), edits));
            let check = |wrong: &dyn Fn(&mut Observation)| {
                let mut chart = whole.clone();
                chart.observations.iter_mut().skip(11).take(1).for_each(wrong);
                assert!(!WHOLE.holds((42, &chart), &names, edits), "{:?}", chart.observations[11]);
            };
            check(&|one| one.value = None);
            check(&|one| one.code.coding.clear());
            check(&|one| one.effective = moment(FIRST_MS - 1000));
            check(&|one| one.note = None);
            check(&|one| one.status = ObservationStatus::Preliminary);
        }
        let (fewer, names) = read(WHOLE, 42, 9);
        assert!(!WHOLE.holds((42, &fewer), &names, EDITS), "one edit is missing");
        let (more, names) = read(WHOLE, 42, 10);
        assert!(!WHOLE.holds((42, &more), &names, 0), "edits that nobody made");
        let (short, names) = read(FEW, 42, 3);
        assert!(FEW.holds((42, &short), &names, EDITS), "each of three entries was edited once");
        assert!(!FEW.holds((42, &short), &names, 2));
    }

    #[test]
    fn every_edit_goes_out_once_and_in_its_order() {
        for (exchanges, together) in [(1, 10), (30, 10), (30, 5), (30, 1), (7, 3), (2, 1)] {
            for place in 0..60 {
                let of = |edit| exchange_of(place, edit, (exchanges, together));
                let went: Vec<u32> = (0..EDITS).map(of).collect();
                assert!(went.is_sorted() && went.iter().all(|at| *at < exchanges), "{went:?}");
            }
        }
        let of = |place, edit| exchange_of(place, edit, (30, 5));
        assert_eq!([of(0, 0), of(0, 4), of(0, 5), of(14, 0), of(16, 9)], [0, 0, 15, 14, 16]);
    }
}
