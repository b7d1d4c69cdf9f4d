//! The story, with real processes: two computers of a clinic work apart, meet a server, and show
//! what they disagree on until someone decides; one is put back to yesterday, and nothing is lost.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tests::computer::{Computer, list, number, text};
use tests::planted::Search;
use tests::scene::Scene;
use tests::server::SyncServer;

/// Two computers of one clinic, and the patient of the story.
pub(crate) struct Apart {
    pub(crate) scene: Scene,
    pub(crate) a: Computer,
    pub(crate) b: Computer,
    pub(crate) grace: String,
    medication: String,
    draft: String,
}

impl Apart {
    /// The clinic is made on A, B joins by code; a patient, a medicine and a draft note are known
    /// to both. Answers with the address of the server, which is away now.
    pub(crate) fn new(name: &str) -> (Self, tests::server::Stopped) {
        let scene = Scene::new(name);
        let server = scene.server();
        let a = Computer::of(&scene, "Front desk");
        a.found_clinic(Some(server.address()));
        let grace = a.register(&json!({
            "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
            "phone": "+256 700 123456", "city": "Amolatar", "identifier": "CLN-88417",
        }));
        let order =
            json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
        let recorded = a.record("medication", Some(&grace), &order);
        let medication = text(&recorded, "/entries/0/id");
        let note = json!({ "section": "subjective", "text": "Came for her blood pressure." });
        let draft = text(&a.record("note", Some(&grace), &note), "/draft");
        up_to_date(&a);
        let code = text(&a.json(&["device", "code"]), "/code");
        let b = Computer::of(&scene, "Consulting room 2");
        let joined = b.join(&code);
        assert_eq!(joined["session"]["clinicName"], json!("Lakeside"), "{joined}");
        up_to_date(&a);
        assert_eq!(b.chart(&grace)["drafts"], a.chart(&grace)["drafts"]);
        (Self { scene, a, b, grace, medication, draft }, server.stop())
    }

    pub(crate) fn both(&self) -> [&Computer; 2] {
        [&self.a, &self.b]
    }

    pub(crate) fn record(&self, on: &Computer, kind: &str, draft: Value) -> Value {
        on.record(kind, Some(&self.grace), &draft)
    }

    fn dosage(&self, on: &Computer, dose: &str, times: &str) {
        let dosage = json!({ "dose": dose, "unit": "mg", "frequency": times });
        self.record(on, "dosage", json!({ "medication": self.medication, "dosage": dosage }));
    }

    /// A records a penicillin allergy and raises a dose; B prescribes amoxicillin and changes the
    /// frequency of the same medicine; both write into the same note.
    fn work_apart(&self) {
        let (a, b) = (&self.a, &self.b);
        self.record(a, "allergy", json!({ "substance": "penicillin", "note": "As a child." }));
        self.dosage(a, "10", "1");
        let kept = "Came for her blood pressure.";
        let note = |text: String| json!({ "section": "subjective", "text": text });
        self.record(a, "note", note(format!("{kept} Rash after penicillin at school.")));
        let amoxicillin =
            json!({ "medication": "amoxicillin", "dose": "500", "unit": "mg", "frequency": "3" });
        let advice = self.record(b, "medication", amoxicillin);
        assert_eq!(advice["advice"], json!([]), "B knows of no allergy yet");
        self.dosage(b, "5", "2");
        self.record(b, "note", note(format!("Sore throat for three days. {kept}")));
        for computer in self.both() {
            assert_eq!(computer.refused(&["sync"]), "unreachable");
            assert_eq!(computer.json(&["conflicts"])["items"], json!([]));
        }
    }

    /// Both dosages, as the list, the chart and both exports of a computer show them.
    fn must_show_both_dosages(&self, on: &Computer) {
        let listed = on.json(&["conflicts"])["items"].clone();
        assert_eq!(list(&listed, "").len(), 1, "{listed}");
        assert_eq!(dosages(&listed[0]["conflict"]), ["10 mg x 1", "5 mg x 2"], "the list");
        let chart = on.chart(&self.grace);
        let conflicts = list(&chart, "/chart/conflicts");
        assert_eq!(conflicts.len(), 1, "{chart}");
        assert_eq!(dosages(&conflicts[0]), ["10 mg x 1", "5 mg x 2"], "the chart");
        let shown = on.run(&["chart", &self.grace]).out.replace('\u{a0}', " ");
        for part in
            ["10 mg", "once daily", "5 mg", "twice daily", "Front desk", "Consulting room 2"]
        {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        let name = on.store().parent().unwrap().join("export");
        for (format, out) in [("fhir", name.with_extension("json")), ("ndjson", name)] {
            let words = ["export", "--format", format, "--patient", &self.grace, "--out"];
            let words: Vec<&str> = words.into_iter().chain([out.to_str().unwrap()]).collect();
            on.json(&words);
            let written = match out.is_dir() {
                true => fs::read_to_string(out.join("MedicationRequest.ndjson")).unwrap(),
                false => fs::read_to_string(&out).unwrap(),
            };
            for part in ["10\u{a0}mg — once daily", "5\u{a0}mg — twice daily", "Disputed"] {
                assert!(written.contains(part), "{part} in the {format} export");
            }
            drop(fs::remove_dir_all(&out).or_else(|_| fs::remove_file(&out)));
        }
    }

    /// The merged draft and the one task of a computer: the id of the task.
    fn task_and_draft(&self, on: &Computer) -> String {
        let tasks = on.json(&["tasks"])["items"].clone();
        assert_eq!(list(&tasks, "").len(), 1, "{tasks}");
        assert_eq!(tasks[0]["task"]["rule"], json!("drug-allergy"), "{tasks}");
        let drafts = on.chart(&self.grace)["drafts"].clone();
        assert_eq!(list(&drafts, "").len(), 1, "{drafts}");
        assert_eq!(text(&drafts, "/0/id"), self.draft);
        assert_eq!(
            text(&drafts, "/0/sections/subjective"),
            "Sore throat for three days. Came for her blood pressure. Rash after penicillin at school.",
        );
        text(&tasks, "/0/task/id")
    }

    /// What of the chart must be the same everywhere once everyone is up to date.
    fn must_agree(&self) {
        let [a, b] = self.both().map(|computer| computer.chart(&self.grace));
        for part in ["/chart", "/counts", "/drafts", "/advice", "/waiting"] {
            assert_eq!(a.pointer(part), b.pointer(part), "{part}");
        }
    }
}

/// Syncs; everything is sent, nothing is set aside.
pub(crate) fn up_to_date(computer: &Computer) -> Value {
    let view = computer.json(&["sync"]);
    let counts = (number(&view, "/toSend"), number(&view, "/quarantined"));
    assert_eq!((view["phase"]["kind"].as_str(), counts), (Some("idle"), (0, 0)), "{view}");
    view
}

/// The dosages of a conflict: amount, and intakes a day.
fn dosages(conflict: &Value) -> Vec<String> {
    let one = |version: &Value| {
        let dosage = &version["value"]["medication"]["dosage"][0];
        let dose = &dosage["dose"];
        let times = number(dosage, "/timing/frequency");
        format!("{} {} x {times}", text(dose, "/value"), text(dose, "/unit"))
    };
    let mut dosages: Vec<String> = list(conflict, "/versions").iter().map(one).collect();
    dosages.sort();
    dosages
}

#[test]
fn two_computers_tell_one_story() {
    let (story, away) = Apart::new("cli-story");
    let (a, b) = (&story.a, &story.b);
    let yesterday = story.scene.folder().join("copy-of-a");
    a.copy_to(&yesterday);
    story.work_apart();

    // They meet the server.
    let server = away.start_again();
    for computer in [a, b, a] {
        up_to_date(computer);
    }
    for computer in [a, b] {
        story.must_show_both_dosages(computer);
    }
    assert_eq!(story.task_and_draft(a), story.task_and_draft(b), "one task, by one id");
    story.must_agree();

    // One decides, and it is decided on both.
    let conflict = a.json(&["conflicts"])["items"][0]["conflict"].clone();
    let ten =
        |version: &&Value| version["value"]["medication"]["dosage"][0]["dose"]["value"] == "10";
    let versions = list(&conflict, "/versions");
    let change = text(versions.iter().find(ten).unwrap(), "/change");
    let id = text(&conflict, "/id");
    let resolve = ["conflicts", "resolve", "--patient", &story.grace, "--conflict", &id];
    b.json(&resolve.into_iter().chain(["--change", &change]).collect::<Vec<_>>());
    story.must_show_both_dosages(a);
    for computer in [b, a] {
        up_to_date(computer);
        assert_eq!(computer.json(&["conflicts"])["items"], json!([]));
    }
    story.must_agree();
    let order = &a.chart(&story.grace)["chart"]["medications"][0]["order"]["dosage"][0];
    assert_eq!((&order["dose"]["value"], &order["timing"]["frequency"]), (&json!("10"), &json!(1)));

    // A is put back to the copy made before, works offline, and meets the server again.
    let known = a.chart(&story.grace);
    a.put_back(&yesterday);
    let away = server.stop();
    assert_eq!(list(&a.chart(&story.grace), "/chart/allergies").len(), 0, "it is yesterday on A");
    story.record(a, "allergy", json!({ "substance": "latex" }));
    story.record(a, "condition", json!({ "problem": "Hypertension" }));
    assert_eq!(a.refused(&["sync"]), "unreachable");
    let server = away.start_again();
    let view = up_to_date(a);
    assert_eq!(list(&view, "/alarms").len(), 1, "a person is told of the restore: {view}");
    for computer in [b, a] {
        up_to_date(computer);
    }
    story.must_agree();
    let now = b.chart(&story.grace);
    let shown = now.to_string();
    for part in ["latex", "Hypertension", "penicillin", "amoxicillin", "amlodipine"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(now["drafts"], known["drafts"], "what was typed into the note");
    assert_eq!(b.json(&["conflicts"])["items"], json!([]), "the decision stands");
    assert_eq!(a.json(&["tasks"]), b.json(&["tasks"]));

    // And on: no counter is stuck, no envelope is refused.
    story.record(a, "allergy", json!({ "substance": "peanut" }));
    story.record(b, "allergy", json!({ "substance": "eggs" }));
    for computer in [a, b, a] {
        up_to_date(computer);
    }
    story.must_agree();
    assert_eq!(list(&a.chart(&story.grace), "/chart/allergies").len(), 4);
    a.must_be_sound();
    b.must_be_sound();
    drop(server);
}

/// Forty words of people, places, computers, substances and texts. The names people sign in with
/// are not among them: they are asked for before anything is opened.
const PLANTED: [&str; 40] = [
    "Lakeside Wellspring",
    "Dr Quillfeather",
    "Reyesbottom",
    "Zzyzxworth",
    "Wilhelmina",
    "Нгуенченко",
    "阮玛丽安娜",
    "السلماوية",
    "Ogwangguji",
    "CLN-88417",
    "+256 700 998877",
    "Quuxicillin",
    "amoxyzolin",
    "penicillamineX",
    "blistering palms",
    "stridorous",
    "told by the midwife",
    "glucophagus",
    "twice with sorghum",
    "for the swelling",
    "nightly tremble",
    "Kitgum fever",
    "since the flood",
    "hypertensionQ",
    "coughs blood",
    "weeps at night",
    "fears her uncle",
    "crackles left base",
    "palpable spleenX",
    "viral pleurisy",
    "return on Martyrs Day",
    "sputum for culture",
    "Room Tangerine",
    "Consulting Papaya",
    "Achieng Odhiambo",
    "unheard tune",
    "ibuprofezole",
    "shellfish broth",
    "Importina Filewright",
    "village of Namokora",
];

#[test]
fn forty_planted_words_are_in_no_file_of_server_or_stores() {
    let scene = Scene::new("cli-planted");
    plant_and_look(&scene, scene.server(), &|_| {});
}

/// Plants the words in a clinic and looks for them in all that server and stores keep; `keep` puts
/// into the server's folder what the server keeps elsewhere.
pub(crate) fn plant_and_look(scene: &Scene, server: SyncServer, keep: &dyn Fn(&Path)) {
    let a = Computer::new("Room Tangerine", scene.folder().join("stores/a"));
    let b = Computer::new("Consulting Papaya", scene.folder().join("stores/b"));
    let create = ["clinic", "create", "--name", "Lakeside Wellspring", "--admin", "ana"];
    let create = create.into_iter().chain(["--full-name", "Dr Quillfeather"]);
    a.json(&create.chain(["--server", server.address()]).collect::<Vec<_>>());
    let mut add = a.command();
    add.env("FIELDCHART_NEW_PASSWORD", "another quiet morning here");
    add.args(["user", "add", "bob", "--role", "clinician", "--name", "Achieng Odhiambo"]);
    assert!(add.output().unwrap().status.success());
    let a = As { computer: a, user: "ana" };
    let one = a.record(
        "patient",
        None,
        json!({
            "family": "Zzyzxworth", "given": "Wilhelmina", "city": "Ogwangguji",
            "identifier": "CLN-88417", "phone": "+256 700 998877",
        }),
    );
    let one = text(&one, "/patient");
    for name in ["Нгуенченко", "阮玛丽安娜", "السلماوية"] {
        a.record("patient", None, json!({ "family": name, "city": "village of Namokora" }));
    }
    let on = Some(one.as_str());
    a.record(
        "allergy",
        on,
        json!({
            "substance": "Quuxicillin", "reaction": "blistering palms, stridorous",
            "note": "told by the midwife",
        }),
    );
    a.record("allergy", on, json!({ "substance": "penicillamineX", "note": "shellfish broth" }));
    a.record(
        "medication",
        on,
        json!({
            "medication": "amoxyzolin", "instruction": "twice with sorghum",
            "reason": "for the swelling", "note": "nightly tremble",
        }),
    );
    a.record("medication", on, json!({ "medication": "glucophagus" }));
    a.record("condition", on, json!({ "problem": "hypertensionQ", "note": "since the flood" }));
    a.record(
        "condition",
        on,
        json!({ "problem": "Kitgum fever", "note": "Reyesbottom, unheard tune" }),
    );
    for (section, words) in [
        ("subjective", "coughs blood, weeps at night, fears her uncle"),
        ("objective", "crackles left base, palpable spleenX"),
        ("assessment", "viral pleurisy"),
        ("plan", "return on Martyrs Day, sputum for culture"),
    ] {
        a.record("note", on, json!({ "section": section, "text": words }));
    }
    let file = scene.folder().join("import.json");
    let person = r#"{"resourceType":"Patient","name":[{"text":"Importina Filewright"}]}"#;
    fs::write(&file, person).unwrap();
    a.json(&["import", file.to_str().unwrap()]);
    fs::remove_file(file).unwrap();
    a.json(&["sync"]);
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let b = As { computer: b, user: "ana" };
    b.record("medication", on, json!({ "medication": "ibuprofezole" }));
    b.record("signature", on, json!({}));
    for computer in [&b, &a] {
        computer.json(&["sync"]);
    }
    let shown = [
        a.json(&["chart", &one]),
        a.json(&["find", "--limit", "50"]),
        a.json(&["user", "list"]),
        a.json(&["device", "list"]),
    ];
    let shown = format!("{shown:?} Lakeside Wellspring");
    let unplanted: Vec<_> = PLANTED.iter().filter(|word| !shown.contains(**word)).collect();
    assert!(unplanted.is_empty(), "{unplanted:?} is not in the record, so this is no test of it");

    keep(&scene.folder().join("server"));
    let search = Search::new(&PLANTED);
    let look = |when: &str| {
        let folders = [scene.folder().join("stores"), scene.folder().join("server")];
        let folders: Vec<_> = folders.iter().map(std::path::PathBuf::as_path).collect();
        let (leaks, looked) = search.leaks(&folders);
        assert!(leaks.is_empty(), "{when}: {leaks:#?}");
        assert!(looked > 500_000, "{when}: only {looked} bytes were there to look at");
    };
    look("while the server runs");
    let stopped = server.stop();
    look("after it was killed");
    drop(stopped);
}

/// A computer with several people, used by one.
struct As {
    computer: Computer,
    user: &'static str,
}

impl As {
    fn json(&self, words: &[&str]) -> Value {
        let words: Vec<&str> = ["--user", self.user].iter().chain(words).copied().collect();
        self.computer.json(&words)
    }

    fn record(&self, kind: &str, patient: Option<&str>, draft: Value) -> Value {
        let words = ["--json", "--user", self.user, "record", kind].into_iter();
        let patient = patient.into_iter().flat_map(|patient| ["--patient", patient]);
        let words: Vec<&str> = words.chain(patient).collect();
        self.computer.run_with(&words, draft.to_string().as_bytes()).value(kind)
    }
}

#[test]
fn a_code_lets_one_computer_in_once() {
    let scene = Scene::new("cli-codes");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let code = text(&a.json(&["device", "code"]), "/code");
    let try_code = |code: &str| {
        let late = Computer::of(&scene, "Late");
        let refused = late.refused(&["clinic", "join", "--code", code]);
        assert!(!late.store().exists(), "{refused}: nothing was made");
        refused
    };
    let mut mistyped: Vec<char> = code.chars().collect();
    let at = mistyped.iter().rposition(char::is_ascii_digit).unwrap();
    mistyped[at] = if mistyped[at] == '7' { '8' } else { '7' };
    let mistyped: String = mistyped.into_iter().collect();
    for wrong in [mistyped.as_str(), &code[..code.len() - 5], "NOT-A-CODE", ""] {
        assert_eq!(try_code(wrong), "bad-code", "{wrong}");
    }
    let typed = code.to_lowercase().replace('-', " ");
    Computer::of(&scene, "Room 2").join(&typed);
    assert_eq!(try_code(&code), "bad-code", "it works once");
    let names = a.json(&["sync"]);
    assert_eq!(names["phase"]["kind"], json!("idle"));
    assert_eq!(list(&a.json(&["device", "list"]), "").len(), 2);

    let again = text(&a.json(&["device", "code"]), "/code");
    let away = server.stop();
    assert_eq!(try_code(&again), "unreachable");
    let server = away.start_again();
    let last = Computer::of(&scene, "Last");
    last.join(&again);
    last.must_be_sound();
    drop(server);
}
