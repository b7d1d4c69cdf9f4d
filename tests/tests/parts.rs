//! An outreach laptop that holds a part of the clinic, worked through `fieldchart` alone: it finds
//! who is not on it, fetches one chart, says what it cannot do, and holds all in the end.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use serde_json::json;
use tests::{
    bulky,
    computer::{Computer, list, number, text},
    scene::Scene,
};

use crate::station::{DAY_MS, Station, settle};

#[test]
fn an_outreach_laptop_holds_what_is_in_use_and_fetches_who_comes() {
    let scene = Scene::new("parts");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    for station in [&a, &b] {
        station.set_ahead(-100 * DAY_MS);
    }
    let file = scene.folder().join("people.ndjson");
    std::fs::write(&file, bulky::people(bulky::THREE_PACKS)).unwrap();
    a.app().import(std::slice::from_ref(&file), |_, _| {}).unwrap();
    settle([&a, &b]);
    for station in [&a, &b] {
        station.set_ahead(0);
    }
    let recent = a.register("Akello");
    settle([&a, &b]);
    a.app().make_floor().unwrap();
    settle([&b, &a]);
    let code = a.call(api::MakeDeviceCode {}).code;

    let laptop = Computer::of(&scene, "Outreach");
    let joined = laptop.run(&["clinic", "join", "--code", code.as_str(), "--hold", "in-use"]);
    assert_eq!(joined.code, Some(0), "{}", joined.err);
    assert!(joined.err.contains("holds a part of the clinic"), "{}", joined.err);
    let stands = laptop.json(&["sync"]);
    let (here, of) = (number(&stands, "/coming/charts"), number(&stands, "/coming/chartsOf"));
    assert_eq!(of, u64::try_from(bulky::THREE_PACKS + 1).unwrap());
    assert!(here < of, "{stands}");
    assert_eq!(stands.pointer("/coming/byChoice"), Some(&json!(true)), "{stands}");
    let status = laptop.run(&["sync", "--status"]);
    assert!(status.out.contains("holds a part of the clinic by choice"), "{}", status.out);
    laptop.chart(&recent.to_string());

    // Who is not here is found, and said to be elsewhere.
    let found = laptop.json(&["find", "Okello", "--limit", "100"]);
    let found = list(&found, "");
    assert_eq!(found.len(), bulky::THREE_PACKS);
    let absent = found.iter().find(|hit| hit.get("elsewhere").is_some()).expect("somebody");
    let patient = text(absent, "/patient");
    let shown = laptop.run(&["find", "Okello", "--limit", "100"]);
    assert!(shown.out.contains("not on this computer"), "{}", shown.out);
    let family = json!({ "family": "Okello", "given": text(absent, "/identity/name/0/given/0"),
        "birthDate": "1988-03-04" });
    let again = laptop.record("patient", None, &family);
    let known = list(&again, "/duplicates");
    assert!(known.iter().any(|it| text(it, "/hit/patient") == patient), "{again}");
    let allergy = json!({ "substance": "penicillin" }).to_string();
    let refused = laptop.try_record("allergy", Some(&patient), &allergy);
    assert_eq!(text(&refused.error("allergy"), "/code"), "chart-not-here");

    // With no server it says what to do; with one the chart comes and stays.
    let stopped = server.stop();
    let away = laptop.run(&["chart", patient.as_str()]);
    assert_eq!(away.code, Some(1));
    assert!(away.err.contains("cannot be opened here now"), "{}", away.err);
    let server = stopped.start_again();
    let opened = laptop.run(&["chart", patient.as_str()]);
    assert_eq!(opened.code, Some(0), "{}", opened.err);
    laptop.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    let after = laptop.json(&["sync"]);
    assert!((here + 1..of + 1).contains(&number(&after, "/coming/charts")), "{after}");

    // It changes its mind.
    let whole = laptop.json(&["sync", "--hold", "all"]);
    assert!(whole.get("coming").is_none(), "{whole}");
    assert_eq!(list(&whole, "/alarms").len(), 0, "{whole}");
    let found = laptop.run(&["find", "Okello", "--limit", "100"]);
    assert!(!found.out.contains("not on this computer"), "{}", found.out);
    let refused = laptop.refused(&["sync", "--hold", "in-use"]);
    assert_eq!(refused, "invalid");
    settle([&a]);
    assert_eq!(list(&laptop.chart(&patient), "/chart/allergies").len(), 1);
    laptop.must_be_sound();
    drop(server);
}
