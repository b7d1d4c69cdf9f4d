//! What comes in goes out as it came, and goes round: `import`, `export`, `import` into another
//! clinic, `export`. The product's processes do the work; `interchange` only judges.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use clinical::Source;
use interchange::{Import, Intake, Names, Options, reading_order};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tests::computer::{Computer, number, text};
use tests::programs;
use tests::scene::Scene;

/// Every JSON file below a path, people before what refers to them.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            found.extend(files(&entry.unwrap().path()));
        }
    } else if path.extension() != Some(OsStr::new("xml")) {
        found.push(path.to_owned());
    }
    found.sort_by_key(|path| (reading_order(&name(path)), path.clone()));
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The canonical form of every resource in some files, by what it is called in every clinic.
struct Canonical {
    of_patients: BTreeMap<String, String>,
    of_clinic: BTreeMap<String, String>,
}

impl Canonical {
    fn read(paths: &[PathBuf]) -> Self {
        let mut import = Import::new(Options::default());
        let mut intake = Intake::default();
        let mut keep = |taken| {
            intake.keep(taken);
            ControlFlow::Continue(())
        };
        for path in paths {
            let mut input = BufReader::new(File::open(path).unwrap());
            import.read(&name(path), &mut input, &mut keep).unwrap();
        }
        import.finish(&mut keep);
        let known: BTreeSet<_> =
            intake.patients.iter().filter(|p| p.patient.is_some()).map(|p| p.patient_id).collect();
        let (present, absent): (Vec<_>, Vec<_>) =
            intake.patients.iter().partition(|part| known.contains(&part.patient_id));
        let of_patients = || present.iter().flat_map(|part| &part.sources);
        // What names a patient nobody knows is kept for the clinic.
        let orphans = absent.iter().flat_map(|part| &part.sources);
        let of_clinic = || orphans.clone().chain(&intake.clinic_sources);
        let names = Names::new(of_patients().chain(of_clinic()));
        let one = |source: &Source| {
            (source.id.to_string(), names.canonical(source).expect("an original is JSON"))
        };
        let mut of_clinic: BTreeMap<_, _> = of_clinic().map(one).collect();
        // The clinic's own people go out with whatever they wrote.
        of_clinic.retain(|_, body| !body.contains("\"text\":\"Dr Ana Reyes\""));
        Self { of_patients: of_patients().map(one).collect(), of_clinic }
    }

    fn all(&self) -> BTreeMap<String, String> {
        self.of_patients.clone().into_iter().chain(self.of_clinic.clone()).collect()
    }
}

/// Fails with the first resources that differ beyond the way references are written. The clinic
/// may know more than one file says, so a reference may go out resolved that came in as a text;
/// nearly all are the same for the judge too.
fn same_but_for_references(
    what: &str,
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
) {
    let resolved = was.iter().filter(|(id, body)| is.get(*id).is_some_and(|is| is != *body));
    let resolved = resolved.count();
    assert!(resolved * 20 <= was.len() + 20, "{what}: {resolved} of {}", was.len());
    let plain = |bodies: &BTreeMap<String, String>| {
        let one = |(id, body): (&String, &String)| (id.clone(), without_references(body));
        bodies.iter().map(one).collect()
    };
    same(what, &plain(was), &plain(is));
}

/// A resource with every reference there, and none told.
fn without_references(body: &str) -> String {
    let mut parts = body.split("\"reference\":\"");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (_, rest) = part.split_once('"').unwrap();
        plain.push_str("\"reference\":\"");
        plain.push('"');
        plain.push_str(rest);
    }
    plain
}

/// Fails with the first resources that differ.
fn same(what: &str, was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let different: Vec<_> = names.into_iter().filter(|id| was.get(*id) != is.get(*id)).collect();
    for id in different.iter().take(2) {
        let (was, is) = (was.get(*id).cloned(), is.get(*id).cloned());
        let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
        let at = was.chars().zip(is.chars()).take_while(|(a, b)| a == b).count();
        let near =
            |text: &str| text.chars().skip(at.saturating_sub(60)).take(300).collect::<String>();
        println!("{id}\n  was {}\n  is  {}", near(&was), near(&is));
    }
    assert!(different.is_empty(), "{what}: {} of {} differ", different.len(), was.len());
}

fn import(on: &Computer, path: &Path) -> Value {
    let report = on.json(&["import", path.to_str().unwrap()]);
    assert_eq!(report["failed"], json!(null), "{report}");
    report
}

fn export(on: &Computer, words: &[&str], out: &Path) -> Value {
    let words = ["export"].iter().chain(words).copied();
    on.json(&words.chain(["--out", out.to_str().unwrap()]).collect::<Vec<_>>())
}

/// In, out in both forms, into two further clinics, and out again.
fn goes_round(scene: &Scene, folder: &Path) {
    let original = Canonical::read(&files(folder));
    let a = Computer::founded(scene, "first");
    let report = import(&a, folder);
    println!("{}: {} patients, {}", folder.display(), report["patients"], report["resources"]);
    let out = |name: &str| scene.folder().join(name);
    let (lines, bundles) = (out("lines"), out("bundles"));
    export(&a, &["--format", "ndjson", "--all"], &lines);
    export(&a, &["--format", "fhir", "--all"], &bundles);
    let out_as_lines = Canonical::read(&files(&lines)).all();
    same_but_for_references("in and out as NDJSON", &original.all(), &out_as_lines);
    let out_as_bundles = Canonical::read(&files(&bundles));
    // A patient's Bundle has all that is the patient's, and of the clinic's what it refers to.
    let (everything, bundled) = (original.all(), out_as_bundles.all());
    let goes_along =
        |id: &String| original.of_patients.contains_key(id) || bundled.contains_key(id);
    let expected = everything.into_iter().filter(|(id, _)| goes_along(id)).collect();
    same_but_for_references("in and out as Bundles", &expected, &bundled);

    let b = Computer::founded(scene, "second");
    import(&b, &lines);
    let again = out("lines-again");
    export(&b, &["--format", "ndjson", "--all"], &again);
    same("round as NDJSON", &out_as_lines, &Canonical::read(&files(&again)).all());
    let c = Computer::founded(scene, "third");
    import(&c, &bundles);
    let again = out("bundles-again");
    export(&c, &["--format", "fhir", "--all"], &again);
    let again = Canonical::read(&files(&again));
    same("round as Bundles", &out_as_bundles.all(), &again.all());
    for computer in [a, b, c] {
        computer.must_be_sound();
    }
}

#[test]
fn our_own_files_go_round() {
    let scene = Scene::new("own-files");
    goes_round(&scene, &programs::repository().join("tests/tests/data/fhir"));
}

#[test]
fn numbers_and_dates_stay_as_they_were_written() {
    let scene = Scene::new("as-written");
    let a = Computer::founded(&scene, "first");
    import(&a, &programs::repository().join("tests/tests/data/fhir"));
    let out = scene.folder().join("out");
    export(&a, &["--format", "ndjson", "--all"], &out);
    let written: String =
        files(&out).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    for part in [
        "\"value\":5.00",
        "\"period\":1.0",
        "\"value\":7.0",
        "\"valueDecimal\":1.50",
        "3.90",
        "5.60",
        "\"value\":12.30",
        "\"value\":38.0",
        "\"birthDate\":\"1980-03\"",
        "\"birthDate\":\"1975\"",
        "\"onsetDateTime\":\"2019\"",
        "\"authoredOn\":\"2026-01\"",
        "2026-01-05T09:12:00+03:00",
        "阮玛丽",
        "سلمى",
    ] {
        assert!(written.contains(part), "{part}");
    }
}

#[test]
fn one_patient_goes_out_alone_with_what_was_written_here() {
    let scene = Scene::new("one-patient");
    let a = Computer::founded(&scene, "first");
    import(&a, &programs::repository().join("tests/tests/data/fhir"));
    let grace = text(&a.json(&["find", "okello"]), "/0/patient");
    let order = json!({ "medication": "metformin", "dose": "2.50", "unit": "mg" });
    a.record("medication", Some(&grace), &order);
    let pressure = json!({ "values": { "systolic": "120", "diastolic": "80" } });
    a.record("vitals", Some(&grace), &pressure);
    a.record("note", Some(&grace), &json!({ "section": "plan", "text": "Come back in May." }));
    a.record("signature", Some(&grace), &json!({}));
    let (bundle, lines) = (scene.folder().join("grace.json"), scene.folder().join("grace"));
    let told = export(&a, &["--format", "fhir", "--patient", &grace], &bundle);
    assert_eq!((number(&told, "/patients"), number(&told, "/files")), (1, 1));
    export(&a, &["--format", "ndjson", "--patient", &grace], &lines);
    for paths in [vec![bundle.clone()], files(&lines)] {
        let written: String = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        for part in ["Okello", "amlodipine", "metformin", "2.50", "120", "Come back in May.", "BCG"]
        {
            assert!(written.contains(part), "{part} in {paths:?}");
        }
        assert!(!written.contains("Нгуен"), "nobody else's record goes along");
    }
    let b = Computer::founded(&scene, "second");
    assert_eq!(number(&import(&b, &bundle), "/patients"), 1);
    let again = text(&b.json(&["find", "okello"]), "/0/patient");
    let (was, is) = (a.chart(&grace), b.chart(&again));
    for list in ["allergies", "conditions", "encounters", "medications", "observations"] {
        assert_eq!(was["chart"][list], is["chart"][list], "{list}");
    }
    // The same file twice changes nothing.
    import(&b, &bundle);
    assert_eq!(b.chart(&again), is);
    b.must_be_sound();
}

/// Data of others, where it lies beside the repository.
fn shared(group: &str) {
    let beside = programs::repository().join("../shared/data");
    let folder = std::env::var_os("FIELDCHART_SHARED_DATA").map_or(beside, PathBuf::from);
    let folder = folder.join("interop").join(group);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    goes_round(&Scene::new(group), &folder);
}

#[test]
fn hl7_examples_go_round() {
    shared("hl7-r4-examples");
}

#[test]
fn ips_examples_go_round() {
    shared("ips-2.0.0-examples");
}

#[test]
fn ips_connectathon_goes_round() {
    shared("ips-connectathon");
}

#[test]
fn us_core_examples_go_round() {
    shared("us-core-9-examples");
}

#[test]
fn bulk_ndjson_goes_round() {
    shared("bulk-ndjson-10");
}
