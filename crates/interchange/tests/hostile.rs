//! Hostile and broken files: a finding each, never a panic, nothing half taken.

use interchange::{Intake, Limits, Options, canonical, read_bytes};
use proptest::prelude::*;

const BUNDLE: &str = include_str!("data/bundle.json");

fn read(text: &[u8]) -> Intake {
    read_bytes("a.json", text, &Options::default())
}

fn codes(intake: &Intake) -> Vec<&str> {
    intake.remarks().map(|finding| finding.code.as_str()).collect()
}

/// Whatever was kept is JSON that can be read again.
fn kept_is_json(intake: &Intake) {
    for source in intake.sources() {
        serde_json::from_str::<serde_json::Value>(&source.body).unwrap();
        assert!(canonical(&source.body, &|_| None).is_some());
    }
}

#[test]
fn a_truncated_file_gives_what_was_whole_and_says_so() {
    let whole: u64 = read(BUNDLE.as_bytes()).counts.values().sum();
    let mut last = 0;
    for part in 0..50 {
        let bytes = &BUNDLE.as_bytes()[..BUNDLE.len() * part / 50];
        let intake = read(bytes);
        kept_is_json(&intake);
        let count: u64 = intake.counts.values().sum();
        assert!((last..=whole).contains(&count), "{part}");
        last = count;
        assert!(
            codes(&intake).iter().any(|code| ["json-truncated", "empty"].contains(code)),
            "{part}: {:?}",
            codes(&intake)
        );
    }
    assert!(last >= whole - 1);
}

#[test]
fn hostile_json_is_told() {
    let patient =
        |member: &str| format!(r#"{{"resourceType":"Patient","name":[{{"text":"A"}}],{member}}}"#);
    let deep = |n: usize| patient(&format!(r#""x":{}{}"#, "[".repeat(n), "]".repeat(n)));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let long = patient(&format!(r#""x":"{}""#, "y".repeat(2 << 20)));
    let check = |text: &str, resources: u64, want: &[&str]| {
        let intake = read(text.as_bytes());
        kept_is_json(&intake);
        let got = (intake.counts.values().sum::<u64>(), codes(&intake));
        let short: String = text.chars().take(120).collect();
        assert_eq!(got, (resources, want.to_vec()), "{short}");
    };
    check(&deep(60), 1, &[]);
    check(&deep(64), 0, &["json-depth"]);
    check(&deep(100_000), 0, &["json-depth"]);
    check(&"[".repeat(100_000), 0, &["json-not-object"]);
    check(&patient(&format!(r#""x":{objects}"#)), 0, &["json-depth"]);
    check(&patient(r#""gender":"male","gender":"female""#), 1, &["json-duplicate-key"]);
    check(&patient(r#""gender":"male","g\u0065nder":"female""#), 1, &["json-duplicate-key"]);
    check(&patient(r#""x":"\ud800""#), 1, &["json-lone-surrogate"]);
    check(&patient(r#""x":"\udc00\ud83d\ude00""#), 1, &["json-lone-surrogate"]);
    check(&patient(r#""x":"\ud83d\ude00""#), 1, &[]);
    check(&patient(r#""x":NaN,"y":-Infinity,"z":01"#), 1, &["json-number"; 3]);
    check(&patient(r#""x":1e99999"#), 1, &[]);
    check(&patient(&format!(r#""x":1{}"#, "0".repeat(5000))), 1, &[]);
    check(&patient("\"x\":\"a\tb\""), 1, &["json-control-character"]);
    check(&patient(r#""x":"\q""#), 0, &["json-syntax"]);
    check(&patient(r#""x":[1,]"#), 0, &["json-syntax"]);
    check(&patient(r#""x":{"a" 1}"#), 0, &["json-syntax"]);
    check(&patient(r#""x":[1}"#), 0, &["json-syntax"]);
    check(&long, 1, &["string-long"]);
    let two = |first: &str| {
        let second = patient(r#""id":"2""#);
        format!(
            r#"{{"resourceType":"Bundle","entry":[{{"resource":{first}}},{{"resource":{second}}}]}}"#
        )
    };
    check(&two(&deep(100_000)), 1, &["json-depth"]);
    check(&two("{\"resourceType\":7}"), 1, &["no-resource-type"]);
    check(&two("[]"), 1, &["no-resource-type"]);
    check(r#"{"resourceType":"Bundle","entry":{"a":1}}"#, 0, &["wrong-type"]);
    check(r#"{"resourceType":"Bundle","entry":[1,"a",null,[{}]]}"#, 0, &["wrong-type"; 4]);
}

#[test]
fn an_object_of_many_members_is_read_in_time() {
    let members: Vec<String> = (0..200_000).map(|n| format!(r#""m{n}":{n}"#)).collect();
    let text = format!(r#"{{"resourceType":"Basic",{},"m7":1}}"#, members.join(","));
    assert_eq!(codes(&read(text.as_bytes())), ["json-duplicate-key"]);
}

#[test]
fn a_resource_in_which_everything_is_wrong_is_answered_in_time() {
    let components = vec![r#"{"code":5,"code":6}"#; 100_000].join(",");
    let text = format!(
        r#"{{"resourceType":"Observation","subject":{{"reference":"Patient/1"}},"component":[{components}]}}"#
    );
    let intake = read(text.as_bytes());
    assert_eq!(intake.counts.values().sum::<u64>(), 1);
    // Beside them: how many more there are, and that nobody knows Patient/1.
    assert!(intake.findings.len() <= Limits::default().findings + 2);
}

#[test]
fn limits_hold() {
    let mut options = Options {
        limits: Limits { document_bytes: 200, entries: 2, values: 50, ..Limits::default() },
        ..Options::default()
    };
    let told = |text: &str, options: &Options| {
        let intake = read_bytes("a.ndjson", text.as_bytes(), options);
        let codes: Vec<String> = codes(&intake).into_iter().map(str::to_owned).collect();
        (intake.counts.values().sum::<u64>(), codes.join(" "))
    };
    let long = format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "y".repeat(300));
    let short = r#"{"resourceType":"Basic"}"#;
    assert_eq!(told(&format!("{long}\n{short}"), &options), (1, "too-large".to_owned()));
    let many = format!(r#"{{"resourceType":"Basic","x":[{}0]}}"#, "0,".repeat(60));
    assert_eq!(told(&many, &options), (0, "json-values".to_owned()));
    options.limits.document_bytes = 4000;
    let entry = r#"{"resource":{"resourceType":"Basic"}}"#;
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{entry},{entry},{entry}]}}"#);
    assert_eq!(told(&bundle, &options), (1, "bundle-entries entry-repeated".to_owned()));
}

/// Every member of every resource in turn becomes something else.
#[test]
fn wrong_types_everywhere_are_told_and_survived() {
    let bundle: serde_json::Value = serde_json::from_str(BUNDLE).unwrap();
    let wrong = ["5", "\"text\"", "true", "null", "[]", "{}", "[[]]", "[null]", "{\"a\":[{}]}"];
    for index in 0..bundle["entry"].as_array().unwrap().len() {
        let resource = &bundle["entry"][index]["resource"];
        for pointer in pointers(resource, "") {
            for wrong in wrong {
                let mut broken = bundle.clone();
                let place = broken["entry"][index]["resource"].pointer_mut(&pointer).unwrap();
                *place = serde_json::from_str(wrong).unwrap();
                let intake = read(broken.to_string().as_bytes());
                kept_is_json(&intake);
                let kept: u64 = intake.counts.values().sum();
                assert!(kept >= 7, "{pointer} {wrong}");
            }
        }
    }
}

fn pointers(value: &serde_json::Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut below = |name: String, value: &serde_json::Value| {
        let at = format!("{at}/{name}");
        found.extend(pointers(value, &at));
        found.push(at);
    };
    match value {
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(name, value)| below(name.clone(), value));
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| below(index.to_string(), item));
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
    found
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?"
            .prop_map(|text| serde_json::from_str(&text).unwrap()),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_json_is_kept_as_serde_json_reads_it(value in json(), pretty in any::<bool>()) {
        let whole = serde_json::json!({ "resourceType": "Basic", "x": value });
        let text = if pretty { serde_json::to_string_pretty(&whole) } else { serde_json::to_string(&whole) };
        let intake = read(text.unwrap().as_bytes());
        prop_assert_eq!(&intake.clinic_sources[0].body, &whole.to_string());
    }

    #[test]
    fn decimals_stay_as_written(text in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?") {
        let body = format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/1"}},"valueQuantity":{{"value":{text}}}}}"#);
        let intake = read(body.as_bytes());
        let patient = &intake.patients[0];
        prop_assert_eq!(&patient.sources[0].body, &body);
        let Some(clinical::ObservationValue::Quantity(quantity)) = &patient.observations[0].value else {
            panic!("no quantity")
        };
        prop_assert_eq!(quantity.value.as_str(), text.as_str());
        let sorted = canonical(&body, &|_| None).unwrap();
        prop_assert!(sorted.contains(&format!("\"value\":{text}}}")), "{}", sorted);
    }

    #[test]
    fn a_dose_is_a_value_only_where_it_can_be(text in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?") {
        let body = format!(r#"{{"resourceType":"MedicationStatement","status":"active","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosage":[{{"doseAndRate":[{{"doseQuantity":{{"value":{text},"unit":"mg"}}}}]}}]}}"#);
        let intake = read(body.as_bytes());
        let patient = &intake.patients[0];
        prop_assert_eq!(&patient.sources[0].body, &body);
        let dosage = &patient.medications[0].order.dosage[0];
        let number: f64 = text.parse().unwrap();
        let possible = (1e-6..=100_000.0).contains(&number);
        prop_assert_eq!(dosage.dose.is_some(), possible);
        prop_assert_eq!(codes(&intake).contains(&"amount-impossible"), !possible);
        let words = format!("dose unclear: {text} mg as written in the file");
        prop_assert_eq!(dosage.text.as_deref(), (!possible).then_some(words.as_str()));
    }

    #[test]
    fn dates_stay_as_written_or_are_told(year in 1800..2200_u16, month in 0..14_u8, day in 0..33_u8, parts in 1..4_usize) {
        let text = [format!("{year}"), format!("-{month:02}"), format!("-{day:02}")][..parts].concat();
        let body = format!(r#"{{"resourceType":"Patient","name":[{{"text":"A"}}],"birthDate":"{text}"}}"#);
        let intake = read(body.as_bytes());
        let born = intake.patients[0].patient.as_ref().unwrap().identity.birth_date.clone();
        match text.parse::<clinical::PartialDate>() {
            Ok(date) => prop_assert_eq!(born, Some(date)),
            Err(_) => prop_assert_eq!(codes(&intake), ["date-impossible"]),
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let intake = read(&bytes);
        prop_assert!(!intake.findings.is_empty() || !intake.counts.is_empty());
    }

    #[test]
    fn any_damage_is_survived(at in 0..BUNDLE.len(), byte in any::<u8>()) {
        let mut bytes = BUNDLE.as_bytes().to_vec();
        bytes[at] = byte;
        kept_is_json(&read(&bytes));
    }
}
