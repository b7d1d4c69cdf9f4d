//! Size and speed on a small store, so that a careless column or query is noticed at once. With
//! `FIELDCHART_STORE_PATIENTS=100000` the same on a large one; the figures of record come from
//! `cargo xtask bench`.

use super::fixtures::*;
use crate::*;
use chart::{ChartDocument, ChartEdit};
use clinical::*;
use std::time::{Duration, Instant as Clock};

/// Bytes of store a patient of thirty entries may take.
const PATIENT_BYTES_MAX: u64 = 20_000;
/// Charts in one commit.
const BATCH: u64 = 200;
const FAMILIES: [&str; 24] = [
    "Okello",
    "Achieng",
    "Mwangi",
    "Wanjiru",
    "Otieno",
    "Kamau",
    "Nguyễn",
    "王",
    "李",
    "Müller",
    "García",
    "O'Brien",
    "Петрова",
    "محمد",
    "Haddad",
    "Singh",
    "Patel",
    "Sato",
    "Mohammed",
    "Ibrahim",
    "Diallo",
    "Traoré",
    "Silva",
    "Rossi",
];
const GIVEN: [&str; 20] = [
    "Grace",
    "Mary",
    "John",
    "Akinyi",
    "Peter",
    "小明",
    "Jürgen",
    "Ana",
    "Наталья",
    "فاطمة",
    "Ali",
    "Maryam",
    "Joseph",
    "Amina",
    "Thị Ánh",
    "Fatou",
    "Kwame",
    "Sofia",
    "Marco",
    "Leila",
];

fn pick<'a>(from: &[&'a str], n: u64) -> &'a str {
    from[usize::try_from(n).unwrap() % from.len()]
}

/// A number that looks drawn by lot.
fn lot(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 20
}

fn somebody(n: u64) -> Patient {
    let (family, given) = (pick(&FAMILIES, lot(n)), pick(&GIVEN, lot(n + 1_000_000)));
    let family = format!("{family}{}", pick(&["", "a", "son", "ke", "mo", "ri", "ta"], lot(n + 5)));
    let born = format!(
        "{:04}-{:02}-{:02}",
        1930 + lot(n + 2) % 95,
        lot(n + 3) % 12 + 1,
        lot(n + 4) % 28 + 1
    );
    let phone = format!("+254 7{:08}", lot(n + 6) % 100_000_000);
    person(n, &family, &format!("{given} {}", pick(&GIVEN, lot(n + 7))), &born, &phone)
}

fn fill(store: &Store, patients: u64) -> Duration {
    let begun = Clock::now();
    for first in (1..=patients).step_by(usize::try_from(BATCH).unwrap()) {
        let last = (first + BATCH - 1).min(patients);
        let records = (first..=last).map(|n| {
            let mut edits = thirty_entries(n);
            edits[0] = ChartEdit::RecordPatient(somebody(n));
            begin(n, &edits).1
        });
        store.commit(Commit::local(records.collect())).unwrap();
    }
    store.rest().unwrap();
    begun.elapsed()
}

/// The median, the 95th and the 99th of a hundred.
fn percentiles(mut took: Vec<Duration>) -> [Duration; 3] {
    took.sort_unstable();
    [50, 95, 99].map(|percent| took[(took.len() - 1) * percent / 100])
}

fn timed(rounds: u64, mut act: impl FnMut(u64)) -> [Duration; 3] {
    let once = |n| {
        let begun = Clock::now();
        act(n);
        begun.elapsed()
    };
    percentiles((0..rounds).map(once).collect())
}

#[test]
fn size_and_speed_are_within_their_budgets() {
    let patients = std::env::var("FIELDCHART_STORE_PATIENTS").ok();
    let patients: u64 = patients.and_then(|number| number.parse().ok()).unwrap_or(200);
    let kept = new_store();
    let store = &kept.store;
    let took = fill(store, patients);
    let bytes = std::fs::metadata(kept.path().join(DATABASE_FILE)).unwrap().len();
    eprintln!("{patients} patients of 30 entries in {took:?}, {} bytes each", bytes / patients);
    tell_sizes(store, patients);

    let typed = searches(patients, if patients > 1000 { 25 } else { 4 });
    for query in &typed {
        let begun = Clock::now();
        let found = store.find_patients(query, 20).unwrap().len();
        if begun.elapsed() > Duration::from_millis(10) {
            eprintln!("slow: {query:?} {found} in {:?}", begun.elapsed());
        }
    }
    let count = u64::try_from(typed.len()).unwrap();
    let search = timed(count, |n| {
        store.find_patients(&typed[usize::try_from(n).unwrap()], 20).unwrap();
    });
    let alike = timed(100, |n| {
        let typed = mistyped(lot(n) % patients + 1, n);
        let found = store.find_alike(&typed, 5).unwrap();
        assert!(found.iter().any(|it| it.row.patient.id == patient_id(lot(n) % patients + 1)));
    });
    let open = timed(100, |n| {
        store.chart(patient_id(lot(n) % patients + 1), Newest::of_each(50)).unwrap().unwrap();
    });
    let save = timed(60, |n| save_one(store, lot(n + 77) % patients + 1, n));
    eprintln!(
        "search {search:?}\nalike  {alike:?}\nchart  {open:?}\nsave   {save:?} (p50, p95, p99)"
    );
    assert!(bytes / patients <= PATIENT_BYTES_MAX, "{} bytes a patient", bytes / patients);
    assert!(search[1] <= Duration::from_millis(100), "search {search:?}");
    assert!(open[1] <= Duration::from_millis(100), "chart {open:?}");
}

/// Somebody who is here, registered again with a slip.
fn mistyped(n: u64, round: u64) -> Patient {
    let mut patient = somebody(n);
    patient.id = patient_id(900_000_000);
    patient.identity.identifier.clear();
    let name = &mut patient.identity.name[0];
    match round % 4 {
        0 => name.family.push('h'),
        1 => name.given = vec![name.family.clone(), name.given[0].clone()].split_off(1),
        2 => patient.telecom.clear(),
        _ => {}
    }
    patient
}

/// Every beginning of what people might type.
fn searches(patients: u64, people: u64) -> Vec<String> {
    let mut typed = Vec::new();
    for n in 0..people {
        let patient = somebody(lot(n) % patients + 1);
        let name = patient.identity.name[0].clone();
        let phone = patient.telecom[0].value.replace("+254 ", "0");
        let born = patient.identity.birth_date.unwrap().to_string();
        let born: Vec<&str> = born.split('-').collect();
        let born = format!("{}/{}/{}", born[2], born[1], born[0]);
        let given = &name.given[0];
        for whole in [format!("{} {given}", name.family), format!("{given} {born}"), phone, born] {
            for end in whole.char_indices().map(|(at, c)| at + c.len_utf8()) {
                typed.extend(whole.get(..end).map(str::to_owned));
            }
        }
    }
    typed
}

fn save_one(store: &Store, n: u64, round: u64) {
    let stored = store.document(chart_name(n)).unwrap().unwrap();
    let actor = actor(u8::try_from(round % 250).unwrap());
    let mut chart = ChartDocument::load(patient_id(n), stored.stored(), actor).unwrap();
    let id = 900_000_000 + round;
    let found = pulse(id, 70, "2026-11-24T09:00:00Z", n * 1000 + 20);
    edit(store, &mut chart, n, ChartEdit::RecordObservation(found));
}

fn tell_sizes(store: &Store, patients: u64) {
    let text = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 16";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?));
    let sizes = store.read(|r| sql::all(&r.db, text, [], read)).unwrap();
    for (name, bytes) in sizes {
        eprintln!("{:>8} {name}", sql::unsql(bytes) / patients);
    }
}

/// The chart of somebody who has come seven hundred times.
#[test]
fn a_long_chart_opens_from_its_rows() {
    const VISITS: u64 = 700;
    let kept = new_store();
    let mut edits = thirty_entries(1);
    for visit in 0..VISITS {
        let day = format!(
            "20{:02}-{:02}-{:02}T08:00:00Z",
            10 + visit / 60,
            visit / 5 % 12 + 1,
            visit % 28 + 1
        );
        let id = 100_000 + visit * 10;
        edits.push(ChartEdit::RecordEncounter(encounter(id, &day)));
        for reading in 1..=7 {
            edits.push(ChartEdit::RecordObservation(pulse(id + reading, 60, &day, id)));
        }
    }
    let (mut chart, record) = begin(1, &edits);
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let newest = Newest::of_each(50);
    let open = timed(30, |_| {
        let summary = kept.store.chart(patient_id(1), newest).unwrap().unwrap();
        assert_eq!(summary.chart.encounters.len(), 50);
    });
    let whole = timed(3, |_| drop(kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap()));
    let save = timed(3, |n| {
        let found = pulse(900_000_000 + n, 70, "2026-11-24T09:00:00Z", 1020);
        edit(&kept.store, &mut chart, 1, ChartEdit::RecordObservation(found));
    });
    eprintln!("newest {open:?}\nwhole  {whole:?}\nsave   {save:?}");
    assert!(open[1] <= Duration::from_millis(150), "{open:?}");
}

/// One change is kept smaller as it came than as a snapshot: an import needs none.
#[test]
fn one_loose_change_is_smaller_than_its_snapshot() {
    let mut chart = ChartDocument::new(patient_id(1), actor(1));
    let change = chart.apply(&thirty_entries(1), stamp(1, 0)).unwrap();
    let mut packer = packing::Packer::new().unwrap();
    let (raw, snapshot) = (change.changes[0].bytes.clone(), chart.save());
    let sizes = [
        raw.len(),
        packer.pack(&raw).unwrap().len(),
        snapshot.len(),
        packer.pack(&snapshot).unwrap().len(),
    ];
    eprintln!("change, packed, snapshot, packed: {sizes:?}");
    assert!(sizes[1] < sizes[3], "{sizes:?}");
}
