//! Two resources under one name: what refers to it goes to neither, and is told.

use crate::support::{read_all, sender};
use clinical::Instant;
use interchange::{Export, Intake, Limits, Options, read_bytes};

const GRACE: &str =
    r#"{"resourceType":"Patient","id":"1","name":[{"family":"Okello"}],"birthDate":"1980-01-01"}"#;
const OLE: &str =
    r#"{"resourceType":"Patient","id":"1","name":[{"family":"Berg"}],"birthDate":"1951-05-05"}"#;
const ALLERGY: &str = r#"{"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/1"},"code":{"text":"Penicillin"}}"#;
const CONDITION: &str = r#"{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/1"},"code":{"text":"Asthma"}}"#;

fn codes(intake: &Intake) -> Vec<&str> {
    intake.remarks().map(|finding| finding.code.as_str()).collect()
}

fn bundle(resources: &[&str]) -> String {
    let entries: Vec<String> =
        resources.iter().map(|resource| format!(r#"{{"resource":{resource}}}"#)).collect();
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","))
}

fn files(files: &[(&str, String)]) -> Intake {
    let files: Vec<_> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    read_all(&files)
}

/// Both people have a chart of their own, and none of the entries is in either.
fn neither_has_any(intake: &Intake, kept: usize) {
    let mut names: Vec<String> = Vec::new();
    for patient in &intake.patients {
        let person = patient.patient.as_ref().expect("only the people have charts");
        names.push(person.identity.name[0].family.clone());
        assert!(patient.allergies.is_empty() && patient.conditions.is_empty(), "{patient:?}");
        assert_eq!(patient.sources.len(), 1);
    }
    names.sort();
    assert_eq!(names, ["Berg", "Okello"]);
    assert_eq!(intake.clinic_sources.len(), kept, "the originals are kept");
}

#[test]
fn what_goes_by_the_id_of_two_people_is_in_neither_chart() {
    let lines = |resources: &[&str]| resources.join("\n");
    let all = [
        ("in a Bundle", files(&[("a.json", bundle(&[GRACE, ALLERGY, OLE, CONDITION]))])),
        ("before them", files(&[("a.json", bundle(&[ALLERGY, CONDITION, GRACE, OLE]))])),
        ("in lines", files(&[("a.ndjson", lines(&[GRACE, ALLERGY, OLE, CONDITION]))])),
        (
            "in a folder",
            files(&[
                ("Patient.ndjson", lines(&[GRACE, OLE])),
                ("x.ndjson", lines(&[ALLERGY, CONDITION])),
            ]),
        ),
    ];
    for (what, intake) in all {
        neither_has_any(&intake, 2);
        let codes = codes(&intake);
        assert!(codes.contains(&"id-of-several"), "{what}: {codes:?}");
        assert!(!codes.contains(&"reference-unresolved"), "{what}: {codes:?}");
    }
}

#[test]
fn what_was_filed_before_the_second_came_is_told_and_what_comes_after_is_in_neither() {
    let intake = files(&[
        ("a.ndjson", [GRACE, ALLERGY].join("\n")),
        ("b.ndjson", [OLE, CONDITION].join("\n")),
    ]);
    assert_eq!(intake.patients.len(), 2);
    let conditions: usize = intake.patients.iter().map(|patient| patient.conditions.len()).sum();
    assert_eq!((conditions, intake.clinic_sources.len()), (0, 1));
    let told = intake.remarks().find(|finding| finding.code == "id-of-several").unwrap();
    assert!(told.detail.contains("earlier files"), "{told:?}");
}

#[test]
fn the_same_person_again_is_one_person() {
    let moved = GRACE.replace("\"birthDate\"", "\"telecom\":[{\"value\":\"1\"}],\"birthDate\"");
    for text in [bundle(&[GRACE, ALLERGY, &moved]), [GRACE, ALLERGY, &moved].join("\n")] {
        let intake = files(&[("a.ndjson", text)]);
        let [patient] = intake.patients.as_slice() else { panic!("{:?}", intake.patients) };
        assert_eq!(patient.allergies.len(), 1);
        assert_eq!(patient.patient.as_ref().unwrap().telecom.len(), 1, "the later word holds");
        assert!(intake.clinic_sources.is_empty());
    }
}

#[test]
fn two_people_of_one_name_and_id_are_two_charts_and_told() {
    let grace = |rest: &str| {
        format!(r#"{{"resourceType":"Patient","id":"1","name":[{{"family":"Okello"}}]{rest}}}"#)
    };
    let (day, year) = (r#","birthDate":"1980-03-14""#, r#","birthDate":"1980""#);
    let mrn = r#","identifier":[{"system":"urn:a","value":"7"}]"#;
    let female = r#","gender":"female""#;
    // Patients of one id and name by turns, how many charts they are, and what is told.
    let check = |people: &[&str], charts: usize, told: &[&str]| {
        let people: Vec<String> = people.iter().map(|rest| grace(rest)).collect();
        let one_way: Vec<&str> = people.iter().map(String::as_str).chain([ALLERGY]).collect();
        let other_way: Vec<&str> =
            people.iter().rev().map(String::as_str).chain([ALLERGY]).collect();
        for resources in [one_way, other_way] {
            let lines = || resources.iter().map(|it| (*it).to_owned()).enumerate();
            let named: Vec<(String, String)> =
                lines().map(|(at, text)| (format!("{at}.json"), text)).collect();
            let apart: Vec<(&str, String)> =
                named.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
            for read in [
                files(&[("a.json", bundle(&resources))]),
                files(&[("a.ndjson", resources.join("\n"))]),
                files(&apart),
            ] {
                assert_eq!(read.patients.len(), charts, "{resources:?}");
                assert_eq!(codes(&read), told, "{resources:?}");
                let has_allergy = read.patients.iter().any(|one| !one.allergies.is_empty());
                assert_eq!(has_allergy, charts == 1, "{resources:?}");
            }
        }
    };
    let two = ["id-of-several", "patient-ambiguous"];
    check(&[day, r#","birthDate":"1955-01-01""#], 2, &two);
    check(&[day, r#","birthDate":"1980-04""#], 2, &two);
    check(&[female, r#","gender":"male""#], 2, &two);
    check(&[&format!("{day}{female}"), &format!(r#"{day},"gender":"male""#)], 2, &two);
    // A part of a date agrees with it, and what is not known contradicts nothing.
    check(&[day, year], 1, &[]);
    check(&[day, r#","birthDate":"1980-03""#], 1, &[]);
    check(&[day, ""], 1, &[]);
    check(&[&format!("{day}{female}"), &format!(r#"{day},"gender":"unknown""#)], 1, &[]);
    // By a number that says who gave it they are one; by one that does not they are not.
    let other = format!(r#","birthDate":"1955"{mrn}"#);
    check(&[&format!("{day}{mrn}"), &other], 1, &["identity-corrected"]);
    let unsaid = |rest: &str| format!(r#"{rest},"identifier":[{{"value":"7"}}]"#);
    check(&[&unsaid(day), &unsaid(r#","birthDate":"1955""#)], 2, &two);
}

#[test]
fn of_a_year_and_two_days_of_it_two_are_two_people_in_every_order() {
    let born = |date: &str| GRACE.replace("1980-01-01", date);
    let all = ["1980", "1980-03-14", "1980-05-02"];
    for [a, b, c] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let lines = [a, b, c].map(|at| born(all[at]));
        let intake = files(&[("a.ndjson", lines.join("\n"))]);
        assert!(codes(&intake).contains(&"id-of-several"), "{lines:?}");
        assert!(intake.patients.len() > 1, "{lines:?}");
    }
}

#[test]
fn of_two_versions_in_one_bundle_the_newer_counts() {
    let dated = |resource: &str, day: u8, rest: &str| {
        let meta = format!(r#""meta":{{"lastUpdated":"2026-01-0{day}T00:00:00Z"}}{rest},"id""#);
        resource.replacen(r#""id""#, &meta, 1)
    };
    // Which of two is taken, by a word of its original, and what is told.
    let check = |first: &str, second: &str, taken: &[&str], told: &[&str]| {
        let intake = files(&[("a.json", bundle(&[GRACE, first, second]))]);
        let bodies: Vec<&str> = intake.sources().map(|source| source.body.as_str()).collect();
        let has = |word: &str| bodies.iter().any(|body| body.contains(word));
        for word in ["OLD", "NEW"] {
            assert_eq!(has(word), taken.contains(&word), "{word} {bodies:?}");
        }
        assert_eq!(codes(&intake), told, "{first} {second}");
    };
    let note = |word: &str| format!(r#","note":[{{"text":"{word}"}}]"#);
    let (old, new) = (dated(ALLERGY, 1, &note("OLD")), dated(ALLERGY, 2, &note("NEW")));
    check(&old, &new, &["NEW"], &["version-newer"]);
    check(&new, &old, &["NEW"], &["version-older"]);
    let undated = ALLERGY.replacen(r#""id""#, r#""note":[{"text":"NEW"}],"id""#, 1);
    check(&old, &undated, &["OLD", "NEW"], &["name-repeated"]);
    let latex = new.replace("Penicillin", "Latex");
    check(&old, &latex, &["OLD", "NEW"], &["name-repeated"]);
    // The clinic's directory too; of people of the directory their entry is what it is about.
    let doctor = |word: &str| {
        format!(r#"{{"resourceType":"Practitioner","id":"d","name":[{{"family":"{word}"}}]}}"#)
    };
    let (old, new) = (dated(&doctor("OLD"), 1, ""), dated(&doctor("NEW"), 2, ""));
    check(&new, &old, &["NEW"], &["version-older"]);
}

#[test]
fn an_older_version_of_a_patient_does_not_take_the_newers_place() {
    let version = |day: u8, phone: &str| {
        let rest = format!(
            r#""meta":{{"lastUpdated":"2026-01-0{day}T00:00:00Z"}},"telecom":[{{"value":"{phone}"}}],"birthDate""#
        );
        GRACE.replace(r#""birthDate""#, &rest)
    };
    let (old, new) = (version(1, "111"), version(2, "222"));
    for (texts, told) in [([&old, &new], vec![]), ([&new, &old], vec!["version-older"])] {
        for text in [bundle(&[texts[0], texts[1]]), [texts[0].as_str(), texts[1]].join("\n")] {
            let intake = files(&[("a.ndjson", text)]);
            assert_eq!(codes(&intake), told);
            let phone = &intake.patients[0].patient.as_ref().unwrap().telecom[0].value;
            assert_eq!(phone, "222");
        }
    }
}

#[test]
fn what_is_beyond_what_is_remembered_is_told() {
    let condition = |at: usize| {
        let by = format!(r#""recorder":{{"reference":"Practitioner/{at}"}},"code""#);
        CONDITION.replace("c1", &format!("c{at}")).replace(r#""code""#, &by)
    };
    let lines = (0..4).map(condition).chain([GRACE.to_owned()]).collect::<Vec<_>>().join("\n");
    let check = |references: usize, told: bool| {
        let limits = Limits { references, ..Limits::default() };
        let options = Options { limits, ..Options::default() };
        let intake = read_bytes("a.ndjson", lines.as_bytes(), &options);
        let found = intake.findings.iter().find(|it| it.finding.code == "limit-reached");
        assert_eq!(found.is_some(), told, "{references}: {:?}", codes(&intake));
        assert!(found.is_none_or(|it| it.file == "a.ndjson"));
        assert_eq!(intake.sources().count(), 5, "all is taken in all the same");
    };
    check(3, true);
    check(4, true);
    check(5, false);
}

#[test]
fn people_without_names_are_one_only_when_they_are_equal() {
    let nameless = |sex: &str| format!(r#"{{"resourceType":"Patient","id":"1","gender":"{sex}"}}"#);
    let intake = files(&[("a.json", bundle(&[&nameless("male"), ALLERGY, &nameless("female")]))]);
    assert_eq!((intake.patients.len(), intake.clinic_sources.len()), (2, 1));
}

#[test]
fn a_number_that_stands_for_none_makes_one_person_of_nobody() {
    let numbered = |name: &str, rest: &str| {
        format!(
            r#"{{"resourceType":"Patient","id":"1","name":[{{"text":"{name}"}}],"identifier":[{{"system":"urn:ssn","value":"999"}}]{rest}}}"#
        )
    };
    let mary = numbered("Mary Achieng", r#","gender":"female","birthDate":"1980""#);
    let check = |other: &str, charts: usize, told: &[&str]| {
        for pair in [[&mary, other], [other, &mary]] {
            let intake = files(&[("a.ndjson", [pair[0], pair[1], ALLERGY].join("\n"))]);
            assert_eq!(
                (intake.patients.len(), codes(&intake)),
                (charts, told.to_vec()),
                "{pair:?}"
            );
        }
    };
    let two = ["id-of-several", "patient-ambiguous"];
    check(&numbered("Otto Weber", r#","gender":"male","birthDate":"1955""#), 2, &two);
    check(&numbered("Otto Weber", r#","gender":"male""#), 2, &two);
    check(&numbered("Ute Weber", r#","birthDate":"1955""#), 2, &two);
    check(&numbered("Mary Weber", r#","birthDate":"1981""#), 1, &["identity-corrected"]);
    check(&numbered("M. Weber", r#","gender":"female","birthDate":"1980-03-14""#), 1, &[]);
}

#[test]
fn an_identifier_of_two_people_names_neither() {
    let known = |patient: &str, id: &str| {
        patient.replace(
            r#""id":"1""#,
            &format!(r#""id":"{id}","identifier":[{{"system":"s","value":"7"}}]"#),
        )
    };
    let by_identifier = ALLERGY.replace("Patient/1", "Patient?identifier=s|7");
    let (grace, ole) = (known(GRACE, "g"), known(OLE, "o"));
    let intake = files(&[("a.json", bundle(&[&grace, &ole, &by_identifier]))]);
    neither_has_any(&intake, 1);
    assert!(codes(&intake).contains(&"patient-ambiguous"));
    let one = files(&[("a.json", bundle(&[&grace, &by_identifier]))]);
    assert_eq!(one.patients[0].allergies.len(), 1, "of one person it names that one");
}

#[test]
fn an_order_of_one_of_two_medicines_names_neither() {
    let medicine = |text: &str| {
        format!(r#"{{"resourceType":"Medication","id":"m","code":{{"text":"{text}"}}}}"#)
    };
    let order = r#"{"resourceType":"MedicationRequest","id":"o","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medicationReference":{"reference":"Medication/m"}}"#;
    let (a, b) = (medicine("Amoxicillin"), medicine("Metformin"));
    for text in [bundle(&[GRACE, &a, &b, order]), [GRACE, &a, &b, order].join("\n")] {
        let intake = files(&[("a.ndjson", text)]);
        let orders: Vec<_> = intake.patients.iter().flat_map(|p| &p.medications).collect();
        assert_eq!(orders[0].order.medication.label(), "Medicine not named");
        let codes = codes(&intake);
        assert!(codes.contains(&"reference-ambiguous"), "{codes:?}");
    }
}

#[test]
fn what_is_in_nobodys_chart_stays_so_when_it_goes_to_another_clinic() {
    let intake =
        read_bytes("a.json", bundle(&[GRACE, ALLERGY, OLE]).as_bytes(), &Options::default());
    let people = Vec::new();
    let export = Export::new(sender(&intake.clinic_sources, &people), Instant::from_unix_ms(0));
    let lines = export.clinic_lines(&|_| true).unwrap();
    assert_eq!(lines.len(), 1);
    // There somebody has this id.
    let there = files(&[("a.ndjson", [GRACE, lines[0].json.as_str()].join("\n"))]);
    assert!(there.patients.iter().all(|patient| patient.allergies.is_empty()), "{there:?}");
    assert!(codes(&there).contains(&"patient-ambiguous"), "{:?}", codes(&there));
    assert_eq!(there.clinic_sources.len(), 1);
}

/// The allergies of the one patient by name, how many are counted, and what is told.
fn allergies(texts: &[String]) -> (Vec<String>, u64, Vec<String>) {
    let patient = ("Patient.ndjson", GRACE.to_owned());
    let texts = texts.iter().map(|text| ("a.ndjson", text.clone()));
    let intake = files(&std::iter::once(patient).chain(texts).collect::<Vec<_>>());
    let listed = intake.patients.iter().flat_map(|patient| &patient.allergies);
    let mut by_id = std::collections::BTreeMap::new();
    listed.for_each(|one| drop(by_id.insert(one.id, one.code.label().to_owned())));
    let mut names: Vec<String> = by_id.into_values().collect();
    names.sort();
    let told = codes(&intake).into_iter().map(str::to_owned).collect();
    (names, intake.counts.get("AllergyIntolerance").copied().unwrap_or_default(), told)
}

#[test]
fn two_allergies_of_one_name_are_two_in_lines_and_over_files() {
    let latex = ALLERGY.replace("Penicillin", "Latex");
    let both = (vec!["Latex".to_owned(), "Penicillin".to_owned()], 2, vec!["name-repeated".into()]);
    assert_eq!(allergies(&[[ALLERGY, &latex].join("\n")]), both, "in lines");
    assert_eq!(allergies(&[ALLERGY.to_owned(), latex.clone()]), both, "over files");
    assert_eq!(allergies(&[bundle(&[ALLERGY]), bundle(&[&latex])]), both, "over Bundles");
    let (names, counted, told) =
        allergies(&[[ALLERGY, &latex, ALLERGY].join("\n"), latex.clone(), ALLERGY.to_owned()]);
    assert_eq!((names, counted), (both.0, 2), "each of them once more");
    assert_eq!(told.iter().filter(|code| *code == "entry-repeated").count(), 3, "{told:?}");
}

#[test]
fn a_version_gives_way_to_one_that_says_it_is_newer_and_is_about_the_same() {
    let version = |name: &str, updated: &str, rest: &str| {
        let meta = format!(r#""id":"a1","meta":{{"lastUpdated":"{updated}"}},{rest}"#);
        ALLERGY.replace(r#""id":"a1","#, &meta).replace("Penicillin", name)
    };
    let check = |first: &str, second: &str, names: &[&str], told: &str| {
        let (got, counted, codes) = allergies(&[[first, second].join("\n")]);
        assert_eq!(
            (got, codes),
            (names.iter().map(|n| (*n).to_owned()).collect(), vec![told.into()])
        );
        assert_eq!(usize::try_from(counted).unwrap(), names.len(), "{told}");
    };
    let (day1, day2) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let old = version("Penicillin", day1, "");
    let new = version("Penicillin", day2, r#""criticality":"high","#);
    check(&old, &new, &["Penicillin"], "version-newer");
    check(&new, &old, &["Penicillin"], "version-older");
    check(&old, &version("Latex", day2, ""), &["Latex", "Penicillin"], "name-repeated");
    let undated = new.replace(day2, "yesterday");
    check(&old, &undated, &["Penicillin", "Penicillin"], "name-repeated");
    let intake = files(&[("a.ndjson", [GRACE, &old, &new].join("\n"))]);
    let last = intake.patients.iter().flat_map(|patient| &patient.allergies).next_back();
    assert!(last.unwrap().criticality.is_some(), "the newer one comes last and holds");
}

#[test]
fn what_is_in_no_chart_goes_along_with_several_bundles_and_is_one() {
    let check = |id: &str, told: bool| {
        let orphan = |by: &str| {
            let by = format!(r#""performer":[{{"reference":"{by}"}}]"#);
            let code = r#""status":"final","code":{"text":"Haemoglobin"}"#;
            format!(r#"{{"resourceType":"Observation","id":"{id}",{code},{by}}}"#)
        };
        let (one, two) = (orphan("Practitioner/1"), orphan("http://here/Practitioner/1"));
        let intake = files(&[("a.ndjson", one), ("b.ndjson", two)]);
        let has_told = codes(&intake).contains(&"name-repeated");
        assert_eq!(has_told, told, "{id}: {:?}", codes(&intake));
    };
    check("0190b0c0-7f3a-7c11-8a52-3d1f6f0f2f01", false);
    check("17", true);
}
