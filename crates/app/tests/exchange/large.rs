//! One patient with more originals than any change can carry.

use super::{Station, call, chart, server::Server, synced, two};
use app::{App, Export, Format};
use clinical::PatientId;
use std::fmt::Write as _;

/// So many characters of base64 that nothing can press together.
fn attachment(seed: u32, len: usize) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = seed;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(letters[usize::try_from(state >> 26).unwrap()])
    };
    std::iter::repeat_with(&mut letter).take(len).collect()
}

/// A Bundle of a patient whose documents are so long.
fn bundle(documents: &[usize]) -> String {
    bundle_of("Okello", documents)
}

fn bundle_of(family: &str, documents: &[usize]) -> String {
    let mut bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":
        {{"resourceType":"Patient","id":"p1","name":[{{"family":"{family}"}}]}}}}"#
    );
    for (seed, len) in (1..).zip(documents) {
        let data = attachment(seed, *len);
        let _ = write!(
            bundle,
            r#",{{"resource":{{"resourceType":"DocumentReference","id":"d{seed}",
            "status":"current","subject":{{"reference":"Patient/p1"}},
            "content":[{{"attachment":{{"contentType":"application/pdf","data":"{data}"}}}}]}}}}"#
        );
    }
    bundle + "]}"
}

fn find(app: &App<Station>) -> PatientId {
    call(app, api::FindPatients { query: "okello".into(), limit: 9 })[0].patient
}

#[test]
fn a_patient_of_eighteen_megabytes_arrives_whole() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    // One that is larger than any change may be, and many that are together.
    let mut documents = vec![8 << 20];
    documents.extend([900_000; 12]);
    let file = stations[0].desk.path().join("large.json");
    std::fs::write(&file, bundle(&documents)).unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() > 18_000_000);
    let view = a.import(std::slice::from_ref(&file), |_, _| {}).unwrap();
    assert_eq!(
        (view.failed, view.files_empty, view.resources.values().sum::<u64>()),
        (None, 0, 14)
    );
    std::fs::remove_file(file).unwrap();
    synced(&a);
    synced(&b);
    let patient = find(&b);
    assert_eq!(chart(&a, patient), chart(&b, patient));
    let documents = |station: &Station, app: &App<Station>| {
        let out = station.desk.path().join("out");
        let export = Export { format: Format::Ndjson, patient: Some(patient), out: out.clone() };
        app.export(&export, |_, _| {}).unwrap();
        std::fs::read_to_string(out.join("DocumentReference.ndjson")).unwrap()
    };
    let (here, there) = (documents(&stations[0], &a), documents(&stations[1], &b));
    assert_eq!(there.lines().count(), 13);
    assert!(there.len() > 18_000_000, "{}", there.len());
    assert!(here == there, "an original is another there");
}

/// While the large one is on its way the small one is sealed.
#[test]
fn what_is_large_and_what_is_small_leave_in_one_exchange() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    for (family, len) in [("Okello", 1_900_000), ("Akello", 40_000)] {
        let file = stations[0].desk.path().join(format!("{family}.json"));
        std::fs::write(&file, bundle_of(family, &[len])).unwrap();
        let view = a.import(&[file], |_, _| {}).unwrap();
        assert_eq!((view.failed, view.files_empty), (None, 0));
    }
    synced(&a);
    synced(&b);
    for family in ["okello", "akello"] {
        let find = api::FindPatients { query: family.into(), limit: 9 };
        let [found] = &call(&b, find)[..] else { panic!("{family} is not there") };
        assert_eq!(chart(&a, found.patient), chart(&b, found.patient));
    }
    assert_eq!(synced(&a).sent, 0, "all of it went at once");
}
