//! One chart goes from one clinic to another and comes back amended, with real processes: two
//! clinics that share nothing but a file.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tests::computer::{Answer, Computer, list, number, text};
use tests::golden::Golden;
use tests::planted::Search;
use tests::scene::Scene;

/// Two clinics, and a folder that stands for the stick between them.
struct Between {
    scene: Scene,
    lira: Computer,
    gulu: Computer,
}

impl Between {
    fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let clinic = |name: &str, person: &str| {
            let computer = Computer::of(&scene, name);
            let words = ["clinic", "create", "--name", name, "--admin", "ana"];
            computer.json(&[&words[..], &["--full-name", person]].concat());
            computer
        };
        let (lira, gulu) =
            (clinic("Lira Clinic", "Dr Ana Reyes"), clinic("Gulu Hospital", "Dr Ben Otim"));
        fs::create_dir_all(scene.folder().join("stick")).unwrap();
        Self { scene, lira, gulu }
    }

    fn stick(&self, name: &str) -> PathBuf {
        self.scene.folder().join("stick").join(name)
    }

    /// Gives a chart; `typed` answers whether the numbers are the same.
    fn give(&self, from: &Computer, to: &Computer, patient: &str, name: &str) -> PathBuf {
        let out = self.stick(name);
        give(from, &card(to), (patient, &out), "yes\n").value("share out");
        out
    }
}

fn card(of: &Computer) -> String {
    text(&of.json(&["share", "card"]), "/card")
}

fn give(on: &Computer, card: &str, (patient, out): (&str, &Path), typed: &str) -> Answer {
    let words = ["--json", "share", "out", "--patient", patient, "--to", card];
    let out = out.to_string_lossy();
    let said = ["--ground", "referral", "--reason", "Echo, please", "--until", "2027-01-31"];
    on.run_with(&[&words[..], &said, &["--out", &out]].concat(), typed.as_bytes())
}

fn file_words<'a>(word: &'a str, file: &'a str) -> [&'a str; 3] {
    ["share", word, file]
}

fn look(on: &Computer, file: &Path) -> Value {
    on.json(&file_words("look", &file.to_string_lossy()))
}

fn take(on: &Computer, file: &Path) -> Value {
    let file_path = file.to_string_lossy();
    let words = file_words("in", &file_path);
    // What would overwrite entries is taken in by who has seen it.
    match look(on, file).pointer("/overwrites/seen").and_then(Value::as_str) {
        Some(seen) => on.json(&[&words[..], &["--seen", seen]].concat()),
        None => on.json(&words),
    }
}

fn refused(on: &Computer, file: &Path) -> Value {
    let words = ["--json", "share", "in", &file.to_string_lossy()].map(str::to_owned);
    on.run(&words).error("share in")
}

#[test]
fn a_chart_is_referred_amended_and_answered_to() {
    let between = Between::new("shared");
    let Between { lira, gulu, .. } = &between;
    let grace = lira.register(&json!({
        "family": "Okello", "given": "Grace", "birthDate": "1980-03-14", "identifier": "LIRA-7",
    }));
    let other = lira.register(&json!({ "family": "Planted-Neighbour", "given": "Mary" }));
    lira.record("allergy", Some(&other), &json!({ "substance": "planted-latex" }));
    lira.record("allergy", Some(&grace), &json!({ "substance": "planted-penicillin" }));
    let medicine =
        json!({ "medication": "Metformin", "dose": "500", "unit": "mg", "frequency": "1" });
    let medicine = text(&lira.record("medication", Some(&grace), &medicine), "/entries/0/id");
    // Somebody alike at the other clinic.
    gulu.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));

    let shown = lira.json(&["share", "card"]);
    assert_eq!(shown["known"], json!("own"));
    let gulus = gulu.json(&["share", "card"]);
    assert_snapshot!(
        "share-card",
        Golden::new()
            .name(&text(&gulus, "/card"), "card")
            .name(&text(&gulus, "/number"), "number")
            .json(&gulus)
    );

    let out = between.stick("referral.fieldchart-chart");
    let to = text(&gulus, "/card");
    assert_eq!(give(lira, &to, (&grace, &out), "no\n").refusal("share out"), "numbers-differ");
    assert!(!out.exists() && lira.chart(&grace)["chart"].get("shared").is_none());
    let given = give(lira, &to, (&grace, &out), "yes\n").value("share out");
    assert_snapshot!(
        "share-out",
        Golden::new().name(&number(&given, "/bytes").to_string(), "bytes").json(&given)
    );
    assert_eq!(lira.chart(&grace)["chart"]["shared"][0]["to"]["name"], json!("Gulu Hospital"));
    // Nobody is asked twice about one clinic; nothing is written over.
    assert_eq!(give(lira, &to, (&grace, &out), "").refusal("share out"), "already-exists");

    let planted =
        ["Okello", "Grace", "planted", "Neighbour", "Lira Clinic", "Gulu Hospital", "Ana Reyes"];
    let (leaks, bytes) = Search::new(&planted).leaks(&[&between.scene.folder().join("stick")]);
    assert!(leaks.is_empty() && bytes > 0, "{leaks:?}");

    let looked = look(gulu, &out);
    assert_snapshot!(
        "share-look",
        Golden::new()
            .name(&text(&looked, "/from/card"), "card")
            .name(&text(&looked, "/from/number"), "number")
            .json(&looked)
    );
    assert_eq!(text(&looked, "/from/number"), text(&shown, "/number"), "what Lira shows");
    assert_eq!(gulu.refused(&["chart", &grace]), "not-found", "looking changes nothing");
    let taken = take(gulu, &out);
    assert_eq!((&taken["isNew"], &taken["conflicts"]), (&json!(true), &json!(0)));
    assert_snapshot!(
        "share-in",
        Golden::new()
            .name(&text(&taken, "/from/card"), "card")
            .name(&text(&taken, "/from/number"), "number")
            .json(&taken)
    );
    assert_snapshot!("shared", Golden::new().json(&gulu.json(&["shared"])));
    let there = gulu.chart(&grace);
    assert_eq!(there["chart"]["allergies"], lira.chart(&grace)["chart"]["allergies"]);
    let ana = there["people"].as_object().unwrap().values();
    assert!(ana.clone().any(|name| name == "Dr Ana Reyes (Lira Clinic)"), "{}", there["people"]);
    assert_eq!(gulu.json(&["find", "planted-neighbour"]), json!([]));
    assert_eq!(gulu.json(&["find", "LIRA-7"]).as_array().unwrap().len(), 1);
    assert_eq!(take(gulu, &out)["changes"], json!(0), "twice is once");

    // Both write, and neither knows of the other.
    let dose = |dose: &str| {
        let dosage = json!({ "dose": dose, "unit": "mg", "frequency": "1" });
        json!({ "medication": medicine, "dosage": dosage })
    };
    gulu.record("dosage", Some(&grace), &dose("1000"));
    gulu.record("note", Some(&grace), &json!({ "section": "plan", "text": "Echo done." }));
    gulu.record("signature", Some(&grace), &json!({}));
    lira.record("dosage", Some(&grace), &dose("250"));
    let back = between.give(gulu, lira, &grace, "back.fieldchart-chart");
    assert_eq!(look(lira, &back)["here"]["conflicts"], json!(1));
    let answered = take(lira, &back);
    assert_eq!((&answered["isNew"], &answered["conflicts"]), (&json!(false), &json!(1)));
    let here = lira.chart(&grace);
    assert_eq!(list(&here, "/chart/compositions").len(), 1);
    assert_eq!(list(&here, "/chart/conflicts").len(), 1, "{here}");
    assert_eq!(list(&here, "/chart/shared").len(), 2);
    let conflict = text(&here, "/chart/conflicts/0/id");
    let change = text(&here, "/chart/conflicts/0/versions/0/change");
    let resolve = ["conflicts", "resolve", "--patient", &grace, "--conflict", &conflict];
    lira.json(&[&resolve[..], &["--change", &change]].concat());

    // And once more there: what was decided here holds there.
    let again = between.give(lira, gulu, &grace, "again.fieldchart-chart");
    take(gulu, &again);
    let (one, two) = (lira.chart(&grace), gulu.chart(&grace));
    for part in ["allergies", "medications", "compositions", "conflicts", "shared"] {
        assert_eq!(one["chart"][part], two["chart"][part], "{part}");
    }
    let listed = lira.json(&["shared"]);
    let ways: Vec<_> = listed.as_array().unwrap().iter().map(|one| one["isOurs"].clone()).collect();
    assert_eq!(ways, [json!(true), json!(false), json!(true)]);
    for (computer, words) in
        [(lira, "share-chart/Gulu Hospital"), (gulu, "take-in-given/Lira Clinic")]
    {
        let rows = list(&computer.json(&["audit", "--limit", "500"]), "/rows");
        let about: Vec<_> = rows.iter().filter(|row| text(row, "/resource") == words).collect();
        assert!(!about.is_empty() && about.iter().all(|row| row["patient"] == json!(grace)));
        computer.must_be_sound();
    }
}

#[test]
fn what_is_no_gift_to_this_clinic_changes_nothing() {
    let between = Between::new("shared-hostile");
    let Between { lira, gulu, .. } = &between;
    let grace = lira.register(&json!({ "family": "Okello", "given": "Grace" }));
    let file = between.give(lira, gulu, &grace, "referral.fieldchart-chart");
    let bytes = fs::read(&file).unwrap();
    let before = gulu.must_be_sound();
    let bad = between.stick("bad.fieldchart-chart");
    let mut flipped = bytes.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let cases: [(&str, Vec<u8>); 6] = [
        ("no file by which", b"%PDF-1.7 not one".to_vec()),
        ("no file by which", Vec::new()),
        ("damaged or cut off", bytes[..bytes.len() / 2].to_vec()),
        ("damaged or cut off", flipped),
        ("newer version", [&bytes[..7], &[9], &bytes[8..]].concat()),
        ("longer than any", vec![0; 73 << 20]),
    ];
    for (words, content) in cases {
        fs::write(&bad, content).unwrap();
        let error = refused(gulu, &bad);
        let detail = text(&error, "/detail");
        assert!(detail.starts_with("Nothing was taken in") && detail.contains(words), "{detail}");
        assert_eq!(text(&error, "/code"), "unreadable-file");
    }
    let third = Computer::of(&between.scene, "Third");
    third.found_clinic(None);
    for (computer, words) in
        [(&third, "sealed for another clinic"), (lira, "sealed for another clinic")]
    {
        let detail = text(&refused(computer, &file), "/detail");
        assert!(detail.contains(words), "{detail}");
    }
    let after = gulu.must_be_sound();
    assert_eq!((&after["patients"], &before["patients"]), (&json!(0), &json!(0)));
    assert_eq!(gulu.json(&["find", "okello"]), json!([]));

    // What was erased there is not brought back by anybody.
    take(gulu, &file);
    let number = grace.rsplit('-').next().unwrap();
    let erase = ["--json", "erase", "--patient", &grace, "--ground", "asked for"];
    gulu.run_with(&erase, format!("{number}\n").as_bytes()).value("erase");
    let error = refused(gulu, &file);
    assert_eq!(text(&error, "/code"), "not-found");
    assert!(text(&error, "/detail").contains("erased here"), "{error}");
    assert_eq!(look(gulu, &file)["here"]["is"], json!("erased"));
}
