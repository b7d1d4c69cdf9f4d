//! Real input: every JSON file of the shared interoperability data, when it is there.
//!
//! The folder is `FIELDCHART_SHARED_DATA`, else `../shared/data` beside the repository. Where it
//! is absent this says so and skips: the product's own tests use its own people.

use crate::support;
use crate::support::{chart_of, read_all};
use interchange::{Export, Import, Intake, Names, Options, Taken, reading_order};
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs::{self, File},
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

fn shared_data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let beside = root.join("../shared/data");
    let folder = std::env::var_os("FIELDCHART_SHARED_DATA").map_or(beside, PathBuf::from);
    let folder = folder.join("interop");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension() != Some(OsStr::new("xml"))).collect();
    files.sort_by_key(|path| (reading_order(&name(path)), path.clone()));
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Reads files as one import, and names those that gave neither a resource nor a finding.
fn import(files: &[PathBuf]) -> (Intake, Vec<PathBuf>) {
    let mut import = Import::new(Options::default());
    let (mut intake, mut silent) = (Intake::default(), Vec::new());
    for path in files {
        let mut answers = 0;
        let mut keep = |taken: Taken| {
            answers += 1;
            intake.keep(taken);
            ControlFlow::Continue(())
        };
        let mut input = BufReader::new(File::open(path).unwrap());
        import.read(&name(path), &mut input, &mut keep).unwrap();
        // What waits for another file is answered at the end.
        let alone = || read_all(&[(name(path), fs::read(path).unwrap())]);
        if answers == 0 && alone().counts.is_empty() {
            silent.push(path.clone());
        }
    }
    let report = import.finish(&mut |taken| {
        intake.keep(taken);
        ControlFlow::Continue(())
    });
    intake.counts = report.counts;
    (support::merged(intake), silent)
}

/// The canonical form of every kept original that goes out, its references by what they mean.
fn canonical_sources(intake: &Intake) -> BTreeMap<String, String> {
    let with_patient = intake.patients.iter().filter(|patient| patient.patient.is_some());
    let sources: Vec<&clinical::Source> =
        with_patient.flat_map(|patient| &patient.sources).chain(&intake.clinic_sources).collect();
    let names = Names::new(sources.iter().copied());
    let one = |source: &&clinical::Source| {
        let text = names.canonical(source);
        (source.id.to_string(), text.unwrap_or_else(|| panic!("{} is no JSON", source.id)))
    };
    sources.iter().map(one).collect()
}

fn export(intake: &Intake) -> Vec<(String, Vec<u8>)> {
    let people = [];
    let now = clinical::Instant::from_unix_ms(1_795_512_600_000);
    let export = Export::new(support::sender(&intake.clinic_sources, &people), now);
    let mut files = Vec::new();
    for patient in intake.patients.iter().filter(|patient| patient.patient.is_some()) {
        let bundle = export.bundle(&chart_of(patient), &[]).unwrap();
        files.push((format!("{}.json", patient.patient_id), bundle.into_bytes()));
    }
    files
}

fn export_lines(intake: &Intake) -> Vec<(String, Vec<u8>)> {
    let people = [];
    let now = clinical::Instant::from_unix_ms(1_795_512_600_000);
    let export = Export::new(support::sender(&intake.clinic_sources, &people), now);
    let ids: BTreeSet<clinical::PatientId> = intake
        .patients
        .iter()
        .filter(|patient| patient.patient.is_some())
        .map(|patient| patient.patient_id)
        .collect();
    let known = |id| ids.contains(&id);
    let mut by_type: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let with_patient = intake.patients.iter().filter(|patient| patient.patient.is_some());
    let of_patients =
        with_patient.flat_map(|patient| export.lines(&chart_of(patient), &[], &known).unwrap());
    for line in of_patients.chain(export.clinic_lines(&known).unwrap()) {
        let file = by_type.entry(line.resource_type).or_default();
        file.extend(line.json.into_bytes());
        file.push(b'\n');
    }
    let mut files: Vec<(String, Vec<u8>)> =
        by_type.into_iter().map(|(name, bytes)| (format!("{name}.ndjson"), bytes)).collect();
    files.sort_by_key(|(name, _)| (reading_order(name), name.clone()));
    files
}

fn check(group: &str) {
    let Some(folder) = shared_data() else { return };
    let files = files(&folder.join(group));
    let (first, silent) = import(&files);
    let resources: u64 = first.counts.values().sum();
    let kept = first.sources().count();
    println!(
        "{group}: {} files, {resources} resources, {} patients, {} findings",
        files.len(),
        first.patients.len(),
        first.findings.len()
    );
    assert!(resources > 0, "{group}");
    assert_eq!(u64::try_from(kept).unwrap(), resources, "{group}: each has its original");
    assert!(silent.is_empty(), "{group}: neither taken in nor answered: {silent:?}");
    decimals_stay_as_written(&files, &first);
    let before = canonical_sources(&first);

    let second = read_all(&export(&first));
    let after = canonical_sources(&second);
    same(group, "Bundle", &before, &after, &exported_ids(&first));
    same_values(group, &first, &second);

    let third = read_all(&export_lines(&first));
    let all: BTreeSet<String> = before.keys().cloned().collect();
    same(group, "NDJSON", &before, &canonical_sources(&third), &all);
    same_values(group, &first, &third);
}

#[test]
fn bulk_ndjson_goes_round_unchanged() {
    check("bulk-ndjson-10");
}

#[test]
fn hl7_examples_go_round_unchanged() {
    check("hl7-r4-examples");
}

#[test]
fn ips_examples_go_round_unchanged() {
    check("ips-2.0.0-examples");
}

#[test]
fn ips_connectathon_goes_round_unchanged() {
    check("ips-connectathon");
}

#[test]
fn synthea_goes_round_unchanged() {
    check("synthea-r4-2019");
}

#[test]
fn us_core_examples_go_round_unchanged() {
    check("us-core-9-examples");
}

/// No number that ends in a zero is lost or made between the files and what is kept.
fn decimals_stay_as_written(files: &[PathBuf], intake: &Intake) {
    let written = files.iter().map(|path| support::trailing_zeros(&fs::read(path).unwrap()));
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for (number, count) in written.flatten() {
        *all.entry(number).or_default() += count;
    }
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for source in intake.sources() {
        for (number, count) in support::trailing_zeros(source.body.as_bytes()) {
            *kept.entry(number).or_default() += count;
        }
    }
    for (number, count) in &kept {
        assert!(all.get(number) >= Some(count), "{number} was not written so");
    }
    let lost = |number: &&String| kept.get(*number) != all.get(*number);
    let lost: Vec<&String> = all.keys().filter(lost).collect();
    assert!(lost.len() * 50 <= all.len(), "beyond what stood twice: {lost:?}");
}

fn same_values(group: &str, first: &Intake, second: &Intake) {
    let (first, second) = (support::values(first), support::values(second));
    for (id, was) in &first {
        assert_eq!(second.get(id), Some(was), "{group}: the value of {id}");
    }
    assert_eq!(first.len(), second.len(), "{group}");
}

fn exported_ids(intake: &Intake) -> BTreeSet<String> {
    let with_patient = intake.patients.iter().filter(|patient| patient.patient.is_some());
    with_patient.flat_map(|p| p.sources.iter().map(|s| s.id.to_string())).collect()
}

fn same(
    group: &str,
    form: &str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    ids: &BTreeSet<String>,
) {
    let mut different = 0;
    for id in ids {
        let (was, is) = (before.get(id), after.get(id));
        if was != is {
            different += 1;
            if different <= 2 {
                let (was, is) = (was.map_or("", |w| w), is.map_or("", |i| i));
                let at = was.bytes().zip(is.bytes()).take_while(|(a, b)| a == b).count();
                let near = |text: &str| {
                    let from =
                        text.char_indices().map(|(i, _)| i).take_while(|i| i + 60 < at).last();
                    text[from.unwrap_or(0)..].chars().take(300).collect::<String>()
                };
                println!("{group} {form} {id}\n  was {}\n  is  {}", near(was), near(is));
            }
        }
    }
    assert_eq!(different, 0, "{group}: {form}: of {}", ids.len());
    for (id, is) in after {
        assert_eq!(before.get(id), Some(is), "{group}: {form}: only what was there");
    }
}
