//! The desk at the command line: of all the program can do, reception does what the table of roles
//! allows it and is refused the rest. What is refused changes nothing, tells nothing and leaves a row.
#![allow(clippy::expect_used, reason = "what goes wrong here ends the test")]

use std::collections::BTreeSet;

use app::{Action, ROLE_TABLE, may};
use clinical::Role;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::computer::{Computer, PASSWORD, list, text};

/// Words of the chart that no answer to reception may hold.
const OF_THE_CHART: [&str; 6] =
    ["penicillin", "amlodipine", "Hypertension", "150/95", "Less salt.", "rash"];

/// What needs nobody signed in, or is no deed of whoever is.
const DOOR: [&str; 7] = [
    "clinic create",
    "clinic join",
    "clinic recover",
    "recovery use",
    "clinical-check",
    "manual",
    "version",
];

/// Goes on until it is ended; it does what `sync` and `sync --peer` do, which are tried.
const GOES_ON: &str = "serve";

/// What decides whether somebody may do it.
enum Asks {
    /// The command of this name.
    Command(&'static str),
    /// A deed that is no command.
    Deed(Action),
}

/// Something to try: its words, what is on standard input, and what decides.
type Attempt = (Vec<String>, Option<Value>, Asks);

struct Stage {
    folder: TempDir,
    ana: Computer,
    rose: Computer,
    patient: String,
    ids: Ids,
}

/// What there is to name in the chart.
struct Ids {
    allergy: String,
    condition: String,
    medication: String,
    encounter: String,
    vitals: String,
    recorded: Value,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ana = Computer::new("desk", folder.path().join("store"));
        ana.found_clinic(None);
        let patient = ana.register(&json!({ "family": "Okello", "given": "Grace" }));
        let on = Some(patient.as_str());
        let id = |kind: &str, draft: Value| text(&ana.record(kind, on, &draft), "/entries/0/id");
        let order =
            json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
        let signs = json!({ "values": { "systolic": "150", "diastolic": "95" } });
        let allergy = json!({ "substance": "penicillin", "reaction": "rash" });
        let ids = Ids {
            allergy: id("allergy", allergy),
            condition: id("condition", json!({ "problem": "Hypertension" })),
            encounter: id("encounter", json!({ "reason": "headache" })),
            vitals: id("vitals", signs),
            recorded: ana.record("medication", on, &order),
            medication: String::new(),
        };
        let ids = Ids { medication: text(&ids.recorded, "/entries/0/id"), ..ids };
        ana.record("note", on, &json!({ "section": "plan", "text": "Less salt." }));
        ana.add_person("rose", "reception", "Rose Akello", PASSWORD);
        let (ana, rose) = (ana.used_by("ana"), ana.used_by("rose").with_new_password(PASSWORD));
        Self { folder, ana, rose, patient, ids }
    }

    /// Everything the program has for whoever is signed in, each as it would work.
    fn attempts(&self) -> Vec<Attempt> {
        let (patient, on) = (self.patient.as_str(), ["--patient", &self.patient]);
        let out = |name: &str| self.folder.path().join(name).to_string_lossy().into_owned();
        let file = out("somebody.json");
        let person = r#"{"resourceType":"Patient","name":[{"text":"Somebody New"}]}"#;
        std::fs::write(&file, person).expect("a file to import");
        let letter = ["--to", "Cardiology", "--situation", "Headache."];
        let days = ["--from", "2026-11-27", "--until", "2026-11-28"];
        let Ids { medication, encounter, .. } = &self.ids;
        let say =
            |words: &[&str], asks| (words.iter().map(|it| (*it).to_owned()).collect(), None, asks);
        let command = |words: &[&str], name| say(words, Asks::Command(name));
        let deed = |words: &[&str], action| say(words, Asks::Deed(action));
        let print = |kind: &str, more: &[&str], name| {
            command(&[&["print", kind, "--out", &out(kind)], &on[..], more].concat(), name)
        };
        let person = ["user", "add", "eve", "--role", "clinician"];
        let resolve = ["conflicts", "resolve", "--conflict", "x", "--change", "y"];
        let all: Vec<Attempt> = vec![
            command(&["find", "okello"], "find-patients"),
            command(&["chart", patient], "open-chart"),
            command(&["chart", patient, "--ids"], "open-chart"),
            command(
                &["chart", patient, "--history", &format!("medication/{medication}")],
                "get-history",
            ),
            command(&["conflicts"], "list-conflicts"),
            command(&[&resolve[..], &on].concat(), "decide"),
            command(&["tasks"], "list-tasks"),
            command(&[&["tasks", "settle", "--task", patient], &on[..]].concat(), "settle-task"),
            print("prescription", &["--medication", medication], "print-sheet"),
            print("summary", &["--visit", encounter], "print-sheet"),
            print("sick-note", &days, "print-sheet"),
            print("referral", &letter, "print-sheet"),
            print("label", &[], "print-label"),
            command(&["print", "copy", "A-1", "--out", &out("copy")], "reprint-sheet"),
            command(&[&["document", "add", &file][..], &on].concat(), "add-document"),
            command(&[&["document", "list"][..], &on].concat(), "list-documents"),
            command(
                &[&["document", "save", patient, "--out", &out("document")][..], &on].concat(),
                "save-document",
            ),
            command(&[&["document", "keep"][..], &on].concat(), "keep-documents"),
            command(&["sheets", "list"], "list-sheets"),
            command(&["sheets", "verify", "A-1"], "verify-sheet"),
            command(&["letterhead", "show"], "get-letterhead"),
            command(&["letterhead", "person", "ana", "--registration", "1"], "set-credentials"),
            command(&["user", "list"], "list-people"),
            command(&person, "add-person"),
            command(&["user", "remove", "ana"], "remove-person"),
            command(&["user", "password"], "change-password"),
            command(&["device", "code"], "make-device-code"),
            deed(&["device", "admit", "--seconds", "1"], Action::ManageDevices),
            command(&["device", "list"], "list-devices"),
            command(&["device", "revoke", patient], "revoke-device"),
            command(&["clinic", "rotate-keys"], "rotate-keys"),
            command(&["device", "copied", "second-computer"], "settle-copy"),
            command(&["clinic", "recovery-kit"], "make-recovery-kit"),
            command(&["sync"], "sync-now"),
            command(&["sync", "--status"], "get-sync-state"),
            (
                ["erase", "--patient", patient, "--ground", "x"].map(str::to_owned).to_vec(),
                Some(json!(1)),
                Asks::Command("erase-chart"),
            ),
            command(&["erased"], "list-erased"),
            command(&["patient", "merge", patient, patient], "compare-patients"),
            command(&["patient", "separate", patient, patient], "separate-patients"),
            command(&["share", "card"], "get-card"),
            command(
                &[
                    &["share", "out", "--to", "x", "--ground", "referral"][..],
                    &["--out", &out("s")],
                    &on,
                ]
                .concat(),
                "read-card",
            ),
            command(&["share", "look", &file], "look-at-given"),
            command(&["share", "in", &file], "take-in-given"),
            command(&["shared"], "list-shared"),
            command(&["sync", "--quarantine"], "list-quarantine"),
            command(&["sync", "--retry-set-aside"], "retry-set-aside"),
            command(&["sync", "--take-in", &"0".repeat(64)], "decide-set-aside"),
            command(&["sync", "--leave", &"0".repeat(64)], "decide-set-aside"),
            command(&["sync", "--lan", "off"], "set-lan"),
            command(&["sync", "--server", "https://127.0.0.1:9#sha256:00"], "set-server"),
            deed(&["sync", "--peer", "127.0.0.1:9"], Action::Sync),
            deed(&["sync", "--bundle-out", &out("all.fcbundle")], Action::Sync),
            deed(&["sync", "--bundle-in", &file], Action::Sync),
            command(&["import", &file], "import-files"),
            command(&["audit"], "read-audit"),
            command(&["recovery", "replace"], "replace-recovery-code"),
            deed(
                &[&["export", "--format", "fhir", "--out", &out("one")], &on[..]].concat(),
                Action::Export,
            ),
            deed(&["export", "--format", "ndjson", "--all", "--out", &out("all")], Action::Export),
            deed(&["check"], Action::MaintainStore),
            deed(&["rebuild"], Action::MaintainStore),
            deed(&["demo", "--patients", "1"], Action::MaintainStore),
        ];
        all.into_iter().chain(self.drafts()).collect()
    }

    /// Everything that is read from standard input.
    fn drafts(&self) -> Vec<Attempt> {
        let Ids { allergy, condition, medication, encounter, vitals, recorded } = &self.ids;
        let dosage = json!({ "dose": "10", "unit": "mg" });
        let weight = json!({ "weight": "70" });
        let mistake = json!({ "kind": "allergy", "id": allergy, "reason": "x" });
        let of_chart = [
            ("allergy", json!({ "substance": "latex" }), "record-allergy"),
            ("condition", json!({ "problem": "Asthma" }), "record-condition"),
            ("medication", json!({ "medication": "aspirin" }), "record-medication"),
            ("dosage", json!({ "medication": medication, "dosage": dosage }), "change-dosage"),
            ("stop", json!({ "medication": medication }), "stop-medication"),
            ("resolution", json!({ "condition": condition }), "end-condition"),
            ("encounter", json!({ "reason": "cough" }), "begin-encounter"),
            ("departure", json!({ "encounter": encounter }), "end-encounter"),
            ("vitals", json!({ "values": weight }), "record-vitals"),
            (
                "correction",
                json!({ "observation": vitals, "values": { "systolic": "140" } }),
                "correct-vitals",
            ),
            ("note", json!({ "section": "plan", "text": "Rest." }), "open-draft"),
            ("signature", json!({}), "sign-note"),
            ("undo", recorded.clone(), "undo-edit"),
            ("withdrawal", mistake, "withdraw-entry"),
        ];
        let record = |(kind, draft, name): (&str, Value, &'static str)| {
            let words = ["record", kind, "--patient", &self.patient];
            (words.map(str::to_owned).to_vec(), Some(draft), Asks::Command(name))
        };
        let new = json!({ "family": "Akello", "given": "Mary" });
        let others: [([&str; 2], Value, &'static str); 2] = [
            (["record", "patient"], new, "register-patient"),
            (["letterhead", "set"], json!({}), "set-letterhead"),
        ];
        let others = others.map(|(words, draft, name)| {
            (words.map(str::to_owned).to_vec(), Some(draft), Asks::Command(name))
        });
        of_chart.into_iter().map(record).chain(others).collect()
    }

    /// Tries something as reception; whether its role was what refused it.
    fn is_denied(&self, (words, input, _): &Attempt) -> bool {
        let words: Vec<&str> =
            ["--json"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let input = input.as_ref().map(Value::to_string).unwrap_or_default();
        let answer = self.rose.run_with(&words, input.as_bytes());
        assert_ne!(answer.code, Some(2), "{words:?} is not understood: {answer:?}");
        let said = format!("{}{}", answer.out, answer.err);
        for word in OF_THE_CHART {
            assert!(!said.contains(word), "{words:?} tells {word}: {said}");
        }
        answer.code == Some(1) && text(&answer.error(&words.join(" ")), "/code") == "not-permitted"
    }
}

/// Whether the table of roles allows it to reception.
fn is_allowed(asks: &Asks) -> bool {
    match asks {
        Asks::Command(name) => {
            assert!(may(Role::Admin, name), "{name} is no command");
            may(Role::Reception, name)
        }
        Asks::Deed(action) => {
            let theirs = ROLE_TABLE.iter().find(|(role, _)| *role == Role::Reception);
            theirs.is_some_and(|(_, allowed)| allowed.contains(action))
        }
    }
}

#[test]
fn reception_does_what_the_table_allows_and_nothing_else() {
    let stage = Stage::new();
    let before = stage.ana.chart(&stage.patient);
    let attempts = stage.attempts();
    let (mut denied, mut wrong) = (0, Vec::new());
    for attempt in &attempts {
        let (is_denied, is_allowed) = (stage.is_denied(attempt), is_allowed(&attempt.2));
        denied += usize::from(is_denied);
        if is_denied == is_allowed {
            wrong.push(format!("{:?}: allowed {is_allowed}, denied {is_denied}", attempt.0));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(denied > 40, "only {denied} of {} were tried in vain", attempts.len());
    assert_eq!(stage.ana.chart(&stage.patient), before, "what is refused changes nothing");
    let people = stage.ana.json(&["user", "list"]).to_string();
    assert!(!people.contains("eve") && people.contains("ana"), "{people}");
    for made in ["one", "all", "prescription", "summary", "sick-note", "referral", "copy"] {
        assert!(!stage.folder.path().join(made).exists(), "{made} was written");
    }
    // Whoever oversees the clinic sees each of them.
    let rows = list(&stage.ana.json(&["audit", "--limit", "500"]), "/rows");
    let is_refused =
        |row: &&Value| text(row, "/name") == "Rose Akello" && text(row, "/outcome") == "refused";
    assert_eq!(rows.iter().filter(is_refused).count(), denied, "a row for each");
}

/// Nothing of the program is left out above.
#[test]
fn everything_the_program_can_do_is_tried_as_reception() {
    let stage = Stage::new();
    let tried = stage.attempts();
    let tried: BTreeSet<String> = tried.iter().map(|(words, ..)| words.join(" ")).collect();
    let is_known = |leaf: &String| {
        DOOR.contains(&leaf.as_str())
            || leaf == GOES_ON
            || tried.iter().any(|words| format!("{words} ").starts_with(&format!("{leaf} ")))
    };
    let leaves = leaves(&stage.rose, &[]);
    assert!(leaves.len() > 40, "{leaves:?}");
    let left_out: Vec<&String> = leaves.iter().filter(|leaf| !is_known(leaf)).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

/// Every command below some words, as the program's own help lists them; of what can be recorded,
/// each kind.
fn leaves(computer: &Computer, words: &[String]) -> Vec<String> {
    let asked: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let help = computer.run(&asked).out;
    let inner = |name: &str| {
        let words: Vec<String> = words.iter().cloned().chain([name.to_owned()]).collect();
        leaves(computer, &words)
    };
    let below: Vec<String> = section(&help, "Commands:").iter().flat_map(|it| inner(it)).collect();
    let kinds = match words {
        [record] if record == "record" => possible_values(&help),
        _ => Vec::new(),
    };
    let own = if words.is_empty() { Vec::new() } else { vec![words.join(" ")] };
    let kinds = kinds.iter().map(|kind| format!("record {kind}"));
    // A group of commands may be one itself: `tasks` lists them.
    let is_own = below.is_empty() || help.contains("[OPTIONS]\n") || help.contains("[COMMAND]");
    let own = own.into_iter().filter(|_| is_own);
    own.chain(kinds).chain(below).collect()
}

/// The names that a section of a help lists.
fn section(help: &str, title: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != title).skip(1);
    let lines = lines.take_while(|line| !line.trim().is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The values a help lists for what is recorded.
fn possible_values(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| !line.contains("Possible values:")).skip(1);
    let values = lines.map_while(|line| line.trim().strip_prefix("- "));
    values.filter_map(|value| value.split(':').next()).map(str::to_owned).collect()
}
