//! What `fieldchart` reads and answers, as docs/CLI.md says it: each form is held by a golden.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};
use tests::computer::{Answer, Computer, list, number, text};
use tests::golden::Golden;
use tests::programs;
use tests::scene::Scene;

const NOBODY: &str = "01a20b86-0000-7000-8000-000000000000";

fn grace() -> Value {
    json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "phone": "+256 700 123456", "city": "Lira", "identifier": "C-7",
    })
}

/// What is answered to people says each of these, spaces of any kind being one.
fn shows(on: &Computer, words: &[&str], parts: &[&str]) {
    let shown = on.run(words);
    let plain = shown.out.replace('\u{a0}', " ");
    let missing: Vec<_> = parts.iter().filter(|part| !plain.contains(**part)).collect();
    assert!(missing.is_empty() && shown.code == Some(0), "{missing:?} in {shown:?}");
}

/// Holds an answer's form.
fn hold(name: &str, value: &Value) {
    assert_snapshot!(name, Golden::new().json(value));
}

#[test]
fn people_and_clinic() {
    let scene = Scene::new("cli-people");
    let a = Computer::of(&scene, "Front desk");
    let created = a.found_clinic(None);
    let code = text(&created, "/recoveryCode");
    assert_eq!(code.split('-').count(), 9, "{code}");
    assert_snapshot!("clinic-create", Golden::new().name(&code, "recovery code").json(&created));

    let mut add = a.command();
    add.env("FIELDCHART_NEW_PASSWORD", "another quiet morning here").args(["--json", "user"]);
    add.args(["add", "rose", "--role", "reception", "--name", "Rose Auma"]);
    hold("user-add", &Answer::of(add.output().unwrap()).value("user add"));
    hold("user-list", &a.json(&["--user", "ana", "user", "list"]));
    let rose = a.with_password("another quiet morning here");
    let refused = rose.run(&["--user", "rose", "erase", "--patient", NOBODY, "--ground", "x"]);
    assert_eq!(refused.code, Some(1), "nobody asks reception for the number: {refused:?}");
    assert!(
        refused.err.contains("Your role may not") && !refused.err.contains("Type"),
        "{refused:?}"
    );
    let refused = rose.refused(&["--user", "rose", "chart", NOBODY]);
    assert_eq!(refused, "not-permitted", "reception finds and registers, and sees no chart");
    assert_eq!(rose.json(&["--user", "rose", "find", "nobody"]), json!([]));
    hold("version", &a.json(&["version"]));
}

/// Each command that `--help` names has a page that says what it does and how it is called.
#[test]
fn the_manual_has_a_page_for_each_command() {
    let scene = Scene::new("cli-manual");
    let a = Computer::of(&scene, "Front desk");
    let folder = scene.folder().join("man");
    let words = ["manual", &folder.to_string_lossy()].map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(a.refused(&words), "not-found", "the folder is not there yet");
    let told = a.run(&words).err;
    assert!(told.contains("the folder ") && told.contains("is not there. Make it first"), "{told}");
    std::fs::create_dir(&folder).unwrap();
    let answer = Golden::new().name(&folder.to_string_lossy(), "folder").json(&a.json(&words));
    assert_snapshot!("manual", answer);
    let help = a.run(&["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let named = listed.take_while(|line| !line.is_empty());
    let commands: Vec<_> = named.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 20, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let page = folder.join(format!("fieldchart-{command}.1"));
        let page = std::fs::read_to_string(&page).expect(command);
        for part in [".TH", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"] {
            assert!(page.contains(part), "{command}: {part}");
        }
    }
}

#[test]
fn a_computer_goes_by_the_name_it_was_given() {
    let scene = Scene::new("cli-device-names");
    let check = |folder: &str, given: &str, want: &str| {
        let a = Computer::new("Front desk", scene.store(folder));
        let words = ["clinic", "create", "--name", "Lakeside", "--admin", "ana", "--device-name"];
        a.json(&[words.as_slice(), &[given]].concat());
        assert_eq!(a.json(&["device", "list"])[0]["name"], json!(want), "{given:?}");
    };
    check("a", "  Salle d’attente ", "Salle d’attente");
    check("b", " ", "Front desk");
    check("c", &"é".repeat(70), &"é".repeat(63));
}

#[test]
fn people_go_and_what_was_done_is_told() {
    let scene = Scene::new("cli-overseeing");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&grace());
    a.json(&["chart", &patient]);
    let next = "another quiet morning here";
    let with_next = |words: &[&str]| {
        let mut command = a.command();
        command.env("FIELDCHART_NEW_PASSWORD", next).arg("--json").args(words);
        Answer::of(command.output().unwrap())
    };
    with_next(&["user", "add", "rose", "--role", "clinician"]).value("user add");
    let as_ana = |words: &[&str]| a.json(&[&["--user", "ana"], words].concat());
    hold("user-remove", &as_ana(&["user", "remove", "rose"]));
    assert_eq!(a.refused(&["user", "remove", "rose"]), "not-found", "she works here no more");
    assert_eq!(a.refused(&["user", "remove", "ana"]), "invalid", "nobody removes themselves");
    let was_hers = a.with_password(next).refused(&["--user", "rose", "find", "grace"]);
    assert_eq!(was_hers, "unknown-user");
    let replaced = a.json(&["recovery", "replace"]);
    let code = text(&replaced, "/recoveryCode");
    assert_snapshot!(
        "recovery-replace",
        Golden::new().name(&code, "recovery code").json(&replaced)
    );
    hold("user-password", &with_next(&["user", "password"]).value("user password"));
    assert_eq!(a.refused(&["find", "grace"]), "wrong-password");
    let told = a.run(&["find", "grace"]);
    assert!(told.err.contains("`fieldchart recovery use ana`"), "a way in is named: {told:?}");
    let recover = |code: &str, password: &str| {
        let mut command = a.command();
        command.env("FIELDCHART_RECOVERY_CODE", code).env("FIELDCHART_NEW_PASSWORD", password);
        command.env_remove("FIELDCHART_PASSWORD").args(["--json", "recovery", "use", "ana"]);
        Answer::of(command.output().unwrap())
    };
    let refused = recover("AAAA-AAAA", "a third quiet morning here").refusal("recovery use");
    assert_eq!(refused, "wrong-recovery-code");
    let third = "a third quiet morning here";
    hold("recovery-use", &recover(&code, third).value("recovery use"));
    assert_eq!(a.with_password(next).refused(&["find", "grace"]), "wrong-password");
    let a = a.with_password(third);
    hold("audit", &a.json(&["audit", "--patient", &patient]));
    let first = a.json(&["audit", "--after", "0", "--limit", "2"]);
    assert_eq!((list(&first, "/rows").len(), &first["more"]), (2, &json!(true)));
    let after = number(&first, "/rows/1/seq").to_string();
    let second = a.json(&["audit", "--after", &after, "--limit", "1"]);
    assert_eq!(number(&second, "/rows/0/seq"), number(&first, "/rows/1/seq") + 1);
    shows(&a, &["audit"], &["Dr Ana Reyes", "read-audit", "open-chart", &patient]);
    shows(&a, &["audit", "--limit", "1"], &["there are older rows"]);
}

#[test]
fn nobody_writes_over_the_words_of_another() {
    let scene = Scene::new("cli-two-write");
    let ana = Computer::founded(&scene, "Front desk");
    let patient = ana.register(&grace());
    let next = "another quiet morning here";
    let mut add = ana.command();
    add.env("FIELDCHART_NEW_PASSWORD", next).args(["--json", "user", "add", "zed"]);
    Answer::of(add.args(["--role", "clinician"]).output().unwrap()).value("user add");
    let (zed, ana) = (ana.with_password(next).used_by("zed"), ana.used_by("ana"));
    let plan = |text: &str| json!({ "section": "plan", "text": text });
    let hers = text(&ana.record("note", Some(&patient), &plan("Stop warfarin.")), "/draft");
    let sign = json!({}).to_string();
    assert_eq!(zed.try_record("signature", Some(&patient), &sign).refusal("sign"), "not-found");
    let his = text(&zed.record("note", Some(&patient), &plan("Rest.")), "/draft");
    assert_ne!(hers, his, "a draft of his own");
    let into_hers = |text: &str| {
        let note = json!({ "section": "plan", "text": text, "draft": hers });
        zed.try_record("note", Some(&patient), &note.to_string())
    };
    let refused = into_hers("Rest.");
    assert!(refused.err.contains("words of Dr Ana Reyes"), "{refused:?}");
    assert_eq!(refused.refusal("note"), "changed");
    into_hers("Stop warfarin. Rest.").value("note");
    assert_eq!(
        ana.try_record("note", Some(&patient), &plan("Go on.").to_string()).refusal("note"),
        "changed"
    );
    let named = json!({ "draft": format!("composition/{hers}") });
    zed.record("signature", Some(&patient), &named);
    zed.record("signature", Some(&patient), &json!({}));
    let chart = ana.chart(&patient);
    assert_eq!(chart["drafts"], json!([]));
    assert_eq!(list(&chart, "/chart/compositions").len(), 2, "both were signed: {chart}");
}

#[test]
fn two_charts_of_one_person() {
    let scene = Scene::new("cli-merging");
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(None);
    let one = a.register(&grace());
    let other =
        json!({ "family": "Okelo", "given": "Grace", "gender": "male", "identifier": "C-9" });
    let other = a.register(&other);
    let merge = ["patient", "merge", &one, &other];
    shows(&a, &merge, &["OKELLO", "OKELO", "C-7", "C-9", "differs: sex", "nothing was changed"]);
    assert_eq!(list(&a.json(&["find", "grace"]), "").len(), 2);
    hold("patient-merge", &a.json(&[&merge[..], &["--yes"]].concat()));
    assert_eq!(a.refused(&merge), "invalid");
    shows(&a, &["find", "C-9"], &[&one, "(also C-9)"]);
    shows(&a, &["chart", &other], &["OKELLO", "Shown as one with C-9", "Dr Ana Reyes"]);
    let erase = ["erase", "--patient", &one, "--ground", "x"];
    let told = a.run_with(&erase, b"C-7");
    let asked = "Type the number of the chart, C-7, to erase it: ";
    assert!(told.err.starts_with("OKELLO, Grace  Born 14-Mar-1980"), "{told:?}");
    assert!(told.err.contains(asked), "{told:?}");
    assert!(told.err.contains("Separate the two charts first"), "{told:?}");
    hold("patient-separate", &a.json(&["patient", "separate", &one, &other]));
    assert_eq!(a.refused(&["patient", "separate", &one, &other]), "invalid");
    shows(&a, &["chart", &other], &["OKELO"]);
}

/// Who may be here already is told, and whoever it is is registered.
fn registered_twice(a: &Computer, first: &str) {
    let again = a.record("patient", None, &grace());
    let duplicates = list(&again, "/duplicates");
    assert_eq!((duplicates.len(), text(&again, "/duplicates/0/hit/patient")), (1, first.into()));
    let reasons = json!(["identifier", "name", "phone", "birth-date", "city"]);
    assert_eq!((&duplicates[0]["reasons"], &duplicates[0]["strong"]), (&reasons, &json!(true)));
    let told = a.run_with(&["record", "patient"], grace().to_string().as_bytes());
    let said = "most likely registered already: ";
    assert_eq!((told.code, told.err.matches(said).count()), (Some(0), 2), "{told:?}");
    assert!(told.err.contains("(same number, same name, same telephone"), "{told:?}");
    assert_eq!(told.out.trim().len(), first.len(), "{told:?}");
}

#[test]
fn recording_and_reading() {
    let scene = Scene::new("cli-recording");
    let a = Computer::founded(&scene, "Front desk");
    let registered = a.record("patient", None, &grace());
    hold("record-patient", &registered);
    let patient = text(&registered, "/patient");
    let record = |kind: &str, draft: Value| a.record(kind, Some(&patient), &draft);

    let none = record("allergy", json!({ "noKnownAllergies": true }));
    record("withdrawal", none["entries"][0].clone());
    let allergy = json!({
        "substance": "penicillin", "category": "medication", "criticality": "high",
        "reaction": "hives, swelling", "severity": "severe", "onset": "2019-05",
        "note": "Told by her mother.",
    });
    hold("record-allergy", &record("allergy", allergy));
    let condition = json!({ "problem": "Hypertension", "onset": "2015", "note": "Since Kitgum." });
    hold("record-condition", &record("condition", condition));
    let medication = json!({
        "medication": "amoxicillin", "dose": "7.50", "unit": "mg/kg", "route": "oral",
        "frequency": "2", "period": "1", "periodUnit": "d", "durationDays": "5",
        "asNeeded": true, "instruction": "with food", "reason": "otitis", "note": "n",
    });
    let recorded = record("medication", medication);
    hold("record-medication", &recorded);
    let medication = text(&recorded, "/entries/0/id");
    shows(
        &a,
        &["chart", &patient],
        &["\n! STOP AND LOOK: amoxicillin", "\nMedicines\n  amoxicillin"],
    );
    let dosage = json!({ "medication": medication, "dosage": { "dose": "10.0", "unit": "mg/kg" } });
    hold("record-dosage", &record("dosage", dosage));
    let slip = json!({ "problem": "Asthma" });
    let slip = record("condition", slip);
    let mut bare = slip;
    bare.as_object_mut().unwrap().remove("advice");
    hold("record-undo", &record("undo", bare));
    let stop = json!({ "medication": medication, "reason": "rash" });
    hold("record-stop", &record("stop", stop));
    let pressure = json!({ "values": { "systolic": "128", "diastolic": "84" } });
    hold("record-vitals", &record("vitals", pressure));
    let unsigned = a.try_record("signature", Some(&patient), "{}").refusal("record signature");
    assert_eq!(unsigned, "not-found");
    assert_eq!(a.chart(&patient)["drafts"], json!([]), "none is begun to be signed");
    let note = json!({ "section": "subjective", "text": "Cough for three days. \u{1f4a7} مرحبا" });
    hold("record-note", &record("note", note));
    hold("chart-with-a-draft", &a.json(&["chart", &patient])["drafts"]);
    hold("record-signature", &record("signature", json!({})));
    let slip = record("vitals", json!({ "values": { "weight": "170" } }));
    let wrong = text(&slip, "/entries/0/id");
    let right = json!({ "observation": wrong, "values": { "weight": "70" } });
    let right = record("correction", right);
    hold("record-correction", &right);
    let mut mistake = right["entries"][0].clone();
    mistake["reason"] = json!("wrong patient");
    let withdrawn = record("withdrawal", mistake);
    hold("record-withdrawal", &withdrawn);
    let no_way_back = a.try_record("undo", Some(&patient), &withdrawn.to_string());
    assert!(no_way_back.err.contains("the field `entries` is missing"), "{no_way_back:?}");
    let (mistake, at) = (text(&none, "/entries/0/id"), "allergy/");
    let history = ["chart", &patient, "--history", &format!("{at}{mistake}")];
    shows(&a, &history, &["  (recorded by mistake)\n"]);
    visit_and_resolution(&a);

    hold("find", &a.json(&["find", "oke", "gra", "--limit", "5"]));
    let chart = a.chart(&patient);
    let signed = "/chart/compositions/0/signature";
    let golden = Golden::new()
        .name(&text(&chart, &format!("{signed}/public_key")), "public key")
        .name(&text(&chart, &format!("{signed}/signature")), "signature");
    assert_snapshot!("chart", golden.json(&chart));
    let parts = [
        "OKELLO, Grace",
        "penicillin — high risk — hives, swelling (severe)",
        "\nMedicines\n\nMedicines no longer taken\n  amoxicillin — DOSE 10 mg/kg",
        " — how often is not recorded [stopped] — for otitis — started ",
        " — reason: rash",
        "128/84",
        "\nVisit note signed by Dr Ana Reyes, ",
        "\n  subjective: Cough for three days.",
    ];
    shows(&a, &["chart", &patient], &parts);
    let entry = format!("medication/{medication}");
    let told = a.run(&["chart", &patient]).out;
    let heads = text(&chart, "/heads");
    assert!(!told.contains(&entry) && !told.contains(&heads), "{told}");
    let id = |path: &str| text(&chart, path);
    let ids = [
        ("allergy", id("/chart/allergies/1/id")),
        ("condition", id("/chart/conditions/0/id")),
        ("medication", medication),
        ("observation", id("/chart/observations/0/id")),
        ("composition", id("/chart/compositions/0/id")),
    ];
    let ids = ids.map(|(kind, id)| format!("  {kind}/{id}\n"));
    let seen = format!(": --seen \"{heads}\"\n");
    let parts: Vec<&str> = ids.iter().chain([&seen]).map(String::as_str).collect();
    shows(&a, &["chart", &patient, "--ids"], &parts);
    hold("chart-history", &a.json(&["chart", &patient, "--history", &entry]));
    let mut report = a.must_be_sound();
    for count in ["commits", "auditEntries"] {
        assert!(number(&report, &format!("/{count}")) > 10, "{report}");
        report[count] = json!("<count>");
    }
    hold("check", &report);
    hold("rebuild", &a.json(&["rebuild"]));
    assert_eq!(a.chart(&patient), chart, "a rebuild changes nothing that is shown");
    registered_twice(&a, &patient);
}

/// Clinical cases are answered without a store, and what is no case is refused as a whole.
#[test]
fn clinical_cases_are_answered_one_by_one() {
    let check = |input: &str, codes: &[Option<&str>], exit: i32| {
        let mut child = Command::new(programs::cli())
            .args(["clinical-check", "icd-search", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let answer = child.wait_with_output().unwrap();
        assert_eq!(answer.status.code(), Some(exit), "{input} {answer:?}");
        let lines = String::from_utf8(answer.stdout).unwrap();
        let answers: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), codes.len(), "{answers:?}");
        for (at, (answer, code)) in answers.iter().zip(codes).enumerate() {
            assert_eq!(answer["case"], json!(format!("c{at}")));
            assert_eq!(answer["micros"].is_u64(), code.is_some());
            assert_eq!(answer["codes"].get(0).and_then(Value::as_str), *code, "{answer}");
        }
    };
    let cases = "{\"case\":\"c0\",\"query\":\"htn\"}\n{\"case\":\"c1\",\"other\":1}\n\n\
                 {\"case\":\"c2\",\"query\":\"e1165\"}\n";
    check(cases, &[Some("I10"), None, Some("E11.65")], 0);
    check("", &[], 0);
    check("{\"case\":\"c0\",\"query\":\"htn\"}\nno case\n", &[], 2);
    let lost = Command::new(programs::cli())
        .args(["clinical-check", "icd-search", "/nowhere/cases.jsonl"])
        .output()
        .unwrap();
    assert_eq!(lost.status.code(), Some(2));
}

/// A visit begins and ends, and a problem is over, in a chart of its own.
fn visit_and_resolution(a: &Computer) {
    let patient = a.register(&json!({ "family": "Berg" }));
    let record = |kind: &str, draft: Value| a.record(kind, Some(&patient), &draft);
    let visit = record("encounter", json!({ "reason": "fever", "class": "HH" }));
    hold("record-encounter", &visit);
    let encounter = text(&visit, "/entries/0/id");
    hold("record-departure", &record("departure", json!({ "encounter": encounter })));
    let condition = record("condition", json!({ "problem": "Malaria", "onset": "2019" }));
    let condition = text(&condition, "/entries/0/id");
    let over = |end: &str| json!({ "condition": condition, "end": end });
    let refused = a.try_record("resolution", Some(&patient), &over("2018").to_string());
    assert_eq!(refused.refusal("record resolution"), "invalid", "before it began");
    hold("record-resolution", &record("resolution", over("2020-03")));
    let chart = a.chart(&patient);
    let get = |path: &str| chart.pointer(path).cloned().unwrap_or_default();
    assert_eq!(get("/chart/conditions/0/abatement"), json!("2020-03"));
    assert_eq!(get("/chart/encounters/0/status"), json!("finished"));
    assert_eq!(get("/chart/encounters/0/class"), json!("HH"));
}

/// What is recorded bears the wall clock of the computer, whatever the day is in UTC.
#[test]
fn a_day_is_the_clinics_own() {
    let scene = Scene::new("cli-local-day");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&grace());
    let zones = [("<+13>-13", "+13:00"), ("<-11>11", "-11:00"), ("<+0545>-5:45", "+05:45")];
    for (zone, offset) in zones {
        let there = a.in_zone(zone);
        there.record("encounter", Some(&patient), &json!({ "reason": zone }));
        let chart = there.chart(&patient);
        let visits = list(&chart, "/chart/encounters");
        let visit = visits.iter().find(|visit| text(visit, "/reason/0/text") == zone).unwrap();
        let start = text(visit, "/start");
        assert!(start.ends_with(offset), "{zone}: {start}");
    }
}

#[test]
fn tasks_and_what_is_disputed() {
    let scene = Scene::new("cli-disputes");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let patient = a.register(&grace());
    let record = |on: &Computer, kind: &str, draft: Value| on.record(kind, Some(&patient), &draft);
    let amlodipine = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg" });
    let medication = text(&record(&a, "medication", amlodipine), "/entries/0/id");

    let code = a.json(&["device", "code"]);
    let secret = text(&code, "/code");
    assert_snapshot!("device-code", Golden::new().name(&secret, "code").json(&code));
    let b = Computer::of(&scene, "Room 2");
    let joined = b.join(&secret);
    let code = text(&joined, "/recoveryCode");
    assert_snapshot!("clinic-join", Golden::new().name(&code, "recovery code").json(&joined));
    a.json(&["sync"]);
    hold("device-list", &a.json(&["device", "list"]));

    let change = |on: &Computer, dose: &str, times: &str| {
        let dosage = json!({ "dose": dose, "unit": "mg", "frequency": times });
        record(on, "dosage", json!({ "medication": medication, "dosage": dosage }));
    };
    change(&a, "10", "1");
    record(&a, "allergy", json!({ "substance": "penicillin" }));
    change(&b, "5", "2");
    record(&b, "medication", json!({ "medication": "amoxicillin", "dose": "500", "unit": "mg" }));
    a.json(&["sync"]);
    let synced = b.json(&["sync"]);
    let named = |value: &Value| {
        Golden::new().name(server.address(), "https://host:port#sha256:pin").json(value)
    };
    assert_snapshot!("sync", named(&synced));
    assert_snapshot!("sync-status", named(&b.json(&["sync", "--status"])));
    hold("sync-quarantine", &b.json(&["sync", "--quarantine"]));

    let told = b.run(&["sync"]);
    assert!(told.err.contains("to be decided: `fieldchart conflicts`"), "{told:?}");
    let conflicts = b.json(&["conflicts"]);
    hold("conflicts", &conflicts);
    let both = ["DISPUTED", "10 mg", "once daily", "5 mg", "twice daily", "Front desk", "Room 2"];
    shows(&b, &["conflicts"], &both);
    shows(&b, &["chart", &patient], &both);
    shows(&b, &["chart", &patient], &["\n  amlodipine\n    DISPUTED, not yet decided:"]);
    let disputed =
        b.try_record("stop", Some(&patient), &json!({ "medication": medication }).to_string());
    hold("error-disputed", &disputed.error("a disputed entry is not edited"));
    let (conflict, version) = (
        text(&conflicts, "/items/0/conflict/id"),
        text(&conflicts, "/items/0/conflict/versions/1/change"),
    );
    let resolve = ["conflicts", "resolve", "--patient", &patient, "--conflict", &conflict];
    let resolve: Vec<&str> = resolve.into_iter().chain(["--change", &version]).collect();
    hold("conflicts-resolve", &b.json(&resolve));
    assert_eq!(b.json(&["conflicts"])["items"], json!([]));
    assert_eq!(b.refused(&resolve), "not-found", "it is decided once");
    let entry = format!("medication/{medication}");
    let past = ["chart", &patient, "--history", &entry];
    shows(&b, &past, &["decided, "]);
    let decides = |item: &Value| item["decides"] == json!(true);
    assert_eq!(list(&b.json(&past), "").iter().filter(|item| decides(item)).count(), 1);
    let devices = b.in_zone("<+13>-13").run(&["device", "list"]).out;
    assert!(devices.contains("(last heard from at ") && !devices.contains("Z)"), "{devices}");

    let tasks = b.json(&["tasks"]);
    hold("tasks", &tasks);
    let task = text(&tasks, "/items/0/task/id");
    let settle = ["tasks", "settle", "--patient", &patient, "--task", &task];
    let settle: Vec<&str> =
        settle.into_iter().chain(["--outcome", "changed to doxycycline"]).collect();
    hold("tasks-settle", &b.json(&settle));
    assert_eq!(b.json(&["tasks"])["items"], json!([]));
    assert_eq!(b.refused(&settle), "invalid", "it is closed once");
    let told = b.run(&settle).err;
    assert!(told.contains("closed already, by Dr Ana Reyes, 20"), "{told}");

    nobody_takes_the_clinic_over(&a, &b);
    hold("clinic-rotate-keys", &a.json(&["clinic", "rotate-keys"]));
    let other = text(&a.json(&["device", "list"]), "/1/id");
    hold("device-revoke", &a.json(&["device", "revoke", &other]));
    assert_eq!(a.json(&["device", "list"])[1]["revoked"], json!(true));
}

/// Whom an administrator lets in who was removed meanwhile waits for one who stands, and signs in
/// nowhere.
fn nobody_takes_the_clinic_over(a: &Computer, b: &Computer) {
    let next = "another quiet morning here";
    let add = |on: &Computer, by: &str, name: &str| {
        let mut command = on.command();
        command.env("FIELDCHART_NEW_PASSWORD", next).args(["--json", "--user", by, "user", "add"]);
        Answer::of(command.args([name, "--role", "admin"]).output().unwrap()).value("user add");
    };
    add(b, "ana", "dan");
    b.json(&["--user", "ana", "sync"]);
    a.json(&["sync"]);
    a.json(&["user", "remove", "dan"]);
    let dan = b.with_password(next);
    add(&dan, "dan", "eve");
    dan.json(&["--user", "dan", "sync"]);
    a.json(&["sync"]);
    hold("user-list-waiting", &a.json(&["user", "list"]));
    b.json(&["--user", "ana", "sync"]);
    assert_eq!(dan.refused(&["--user", "eve", "find", "x"]), "unknown-user");
    a.json(&["user", "remove", "eve"]);
    let left = list(&a.json(&["user", "list"]), "");
    let is_gone = |one: &Value| one["active"] == false && one.get("unconfirmed").is_none();
    assert!(left[1..].iter().all(is_gone), "who was removed waits no more: {left:?}");
}

/// What a command comes to, and what is to be done next, is told to people.
#[test]
fn what_comes_next_is_told() {
    let scene = Scene::new("cli-next");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let tells = |on: &Computer, words: &[&str], parts: &[&str]| {
        let answer = on.run(words);
        let told = format!("{}{}", answer.out, answer.err);
        let missing: Vec<_> = parts.iter().filter(|part| !told.contains(**part)).collect();
        assert!(missing.is_empty(), "{missing:?} in {answer:?}");
    };
    let code = text(&a.json(&["device", "code"]), "/code");
    let b = Computer::of(&scene, "Room 2");
    let join = ["clinic", "join", "--code", &code, "--device-name", "Room 2"];
    let first = b.run(&join).out;
    assert!(first.contains("joined Lakeside") && !first.contains("is void"), "{first}");
    tells(&b, &join, &["a recovery code that was told then is void. This one counts."]);
    tells(&a, &["device", "copied", "stolen"], &["record something and sync on both once more"]);
    a.json(&["clinic", "recovery-kit"]);
    let (url, _) = server.address().split_once('#').unwrap();
    let another = format!("{url}#sha256:{}", "0".repeat(64));
    let replaced = "If the server was replaced on purpose: `fieldchart sync --server URL`, on each";
    let kit = "the recovery kit on paper names the server that was set before";
    tells(&a, &["sync", "--server", &another], &[kit, replaced]);
    a.json(&["sync", "--server", server.address()]);
    let devices = list(&a.json(&["device", "list"]), "");
    let room = devices.iter().find(|one| one["name"] == json!("Room 2")).unwrap();
    let revoke = ["device", "revoke", &text(room, "/id")].map(str::to_owned);
    let revoke: Vec<&str> = revoke.iter().map(String::as_str).collect();
    tells(&a, &revoke, &["“Room 2” (", "This is final: it joins again only", "sync --take-in"]);
    let _stopped = server.stop();
    let no_kit = "No kit was made; the one before still counts";
    tells(&a, &["clinic", "recovery-kit"], &[no_kit]);
    tells(&a, &["clinic", "rotate-keys"], &["is not made yet", "Until then the key before"]);
}

#[test]
fn files_in_and_out() {
    let scene = Scene::new("cli-files");
    let a = Computer::founded(&scene, "Front desk");
    let file = scene.folder().join("people.json");
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001", "resource": {
            "resourceType": "Patient", "name": [{ "family": "Okello" }], "birthDate": "1980-03" } },
        { "resource": { "resourceType": "Observation", "status": "final",
            "subject": { "reference": "urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001" },
            "code": { "text": "Weight" }, "effectiveDateTime": "2019-13-40",
            "valueQuantity": { "value": 7.0, "unit": "kg" } } },
    ] });
    std::fs::write(&file, bundle.to_string()).unwrap();
    hold("import", &a.json(&["import", file.to_str().unwrap()]));
    let patient = text(&a.json(&["find", "okello"]), "/0/patient");
    let export = |words: &[&str], out: &str| {
        let out = scene.folder().join(out);
        let words = ["export"].iter().chain(words).copied().chain(["--out", out.to_str().unwrap()]);
        a.json(&words.collect::<Vec<_>>())
    };
    hold("export", &export(&["--format", "fhir", "--patient", &patient], "one.json"));
    hold("export-of-all", &export(&["--format", "fhir", "--all"], "all"));
    hold("export-as-ndjson", &export(&["--format", "ndjson", "--all"], "lines"));
    #[cfg(unix)]
    for (path, mode) in [("one.json", 0o600), ("all", 0o700), ("lines/Patient.ndjson", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let found = std::fs::metadata(scene.folder().join(path)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{path} is its owner's alone");
    }
    let out = scene.folder().join("one.json");
    let before = std::fs::read(&out).unwrap();
    let again = ["export", "--format", "fhir", "--patient", &patient, "--out"];
    let again: Vec<&str> = again.into_iter().chain([out.to_str().unwrap()]).collect();
    assert_eq!(a.refused(&again), "already-exists");
    assert_eq!(std::fs::read(&out).unwrap(), before, "nothing is written over");
    let nowhere = scene.folder().join("nowhere").join("x");
    let check = |words: &[&str], out: &std::path::Path, said: &str| {
        let told = a.run(&[words, &["--out", out.to_str().unwrap()]].concat());
        assert_eq!(told.code, Some(1), "{words:?}: {told:?}");
        assert!(told.err.contains(said) && !told.err.contains("os error"), "{words:?}: {told:?}");
    };
    let there = "is there already and is not written over: choose another name";
    for words in [
        &["share", "card"][..],
        &["export", "--format", "fhir", "--all"],
        &["export", "--format", "fhir", "--patient", &patient],
    ] {
        check(words, &out, there);
        check(words, &nowhere, "nowhere is not there. Make it first");
    }
}

#[test]
fn demonstrations() {
    let scene = Scene::new("cli-demo");
    let a = Computer::of(&scene, "Front desk");
    let made = a.json(&["demo", "--patients", "3"]);
    hold("demo", &made);
    let demo = a.with_password(&text(&made, "/password"));
    assert_eq!(demo.json(&["demo", "--patients", "2"])["patients"], json!(2));
    assert_eq!(demo.must_be_sound()["patients"], json!(5));
    let real = Computer::founded(&scene, "Room 2");
    assert_eq!(real.refused(&["demo", "--patients", "1"]), "not-permitted");
    assert_eq!(real.must_be_sound()["patients"], json!(0), "nobody is invented among real people");
}

#[test]
fn failures_are_one_line_with_a_code() {
    let scene = Scene::new("cli-failures");
    let nowhere = Computer::of(&scene, "Nowhere");
    assert_eq!(nowhere.refused(&["find", "x"]), "no-clinic");
    assert!(!nowhere.store().exists(), "asking makes nothing");
    let a = Computer::founded(&scene, "Front desk");
    let check = |words: &[&str], code: &str| assert_eq!(a.refused(words), code, "{words:?}");
    check(&["clinic", "create", "--name", "N", "--admin", "b"], "already-exists");
    check(&["--user", "bo", "find", "x"], "unknown-user");
    check(&["chart", NOBODY], "not-found");
    check(&["chart", NOBODY, "--history", &format!("medication/{NOBODY}")], "not-found");
    check(
        &["export", "--format", "fhir", "--patient", NOBODY, "--out", "/dev/null/x"],
        "not-found",
    );
    check(&["tasks", "settle", "--patient", NOBODY, "--task", NOBODY], "not-found");
    check(&["import", "/no/such/file.json"], "unreadable-file");
    // No server is set, and the local network is switched off.
    a.json(&["sync", "--lan", "off"]);
    check(&["device", "code"], "invalid");
    check(&["device", "admit"], "invalid");
    check(&["device", "revoke", NOBODY], "not-found");
    check(&["clinic", "recovery-kit"], "invalid");
    check(&["sync", "--server", "http://plain.example"], "invalid");
    let wrong = a.with_password("another password altogether");
    assert_eq!(wrong.refused(&["find", "x"]), "wrong-password");
    let short = Computer::of(&scene, "New").with_password("short");
    let create = ["--json", "clinic", "create", "--name", "N", "--admin", "b"];
    hold("error-invalid", &short.run(&create).error("a password that is too short"));
    assert!(!short.store().exists(), "nothing is made of it");
    let told = wrong.run(&["find", "x"]);
    assert_eq!((told.code, told.err.lines().count()), (Some(1), 1), "{told:?}");
    assert!(told.err.starts_with("fieldchart: ") && told.err.contains("password is wrong"));
    assert_eq!(a.json(&["sync"])["phase"]["kind"], json!("alone"), "no server is no failure");
}

/// A code that is told once must not be lost in silence.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_no_success() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(programs::cli())
        .args(["--json", "version"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("disk-full") && told.contains("recovery replace"), "{told}");
}

#[test]
fn what_is_not_understood_ends_with_two() {
    let scene = Scene::new("cli-usage");
    let a = Computer::founded(&scene, "Front desk");
    let check = |words: &[&str], said: &str| {
        let answer = a.run(words);
        assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""), "{words:?}: {answer:?}");
        assert!(answer.err.contains(said), "{words:?}: {answer:?}");
    };
    check(&[], "Usage:");
    check(&["frobnicate"], "unrecognized subcommand");
    check(&["chart", "not-an-id"], "fieldchart: not-an-id is not an id");
    check(&["chart", NOBODY, "--history", "medication"], "is not an entry such as medication/");
    check(&["chart", NOBODY, "--history", &format!("spaceship/{NOBODY}")], "is not an entry");
    check(&["record", "allergy"], "say whose chart by --patient");
    check(&["record", "patient", "--patient", NOBODY], "a new patient has no --patient yet");
    check(&["record", "spaceship", "--patient", NOBODY], "invalid value 'spaceship'");
    check(&["export", "--format", "fhir", "--out", "x"], "<--patient <ID>|--all>");
    check(&["export", "--format", "xml", "--all", "--out", "x"], "invalid value 'xml'");
    check(&["export", "--format", "fhir", "--all", "--patient", NOBODY, "--out", "x"], "cannot be");
    check(&["import"], "required");
    check(&["find", "--limit", "many"], "invalid value 'many'");
    check(&["find", "x", "--limit", "101"], "101 is not in 1..=100");
    let mut add = a.command();
    add.env("FIELDCHART_NEW_PASSWORD", "another quiet morning here");
    add.args(["user", "add", "rose", "--role", "clinician"]);
    assert_eq!(Answer::of(add.output().unwrap()).code, Some(0));
    check(&["find", "x"], "say who signs in by --user: ana, rose");
    let as_json = |words: &[&str], said: &str| {
        let answer = a.run(&[&["--json"], words].concat());
        assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""), "{words:?}: {answer:?}");
        let error: Value = serde_json::from_str(&answer.err).unwrap();
        assert_eq!(error["code"], json!("invalid"), "{error}");
        assert!(text(&error, "/detail").contains(said), "{error}");
    };
    as_json(&["find", "x"], "say who signs in by --user: ana, rose");
    as_json(&["--user", "ana", "chart", "not-an-id"], "not-an-id is not an id");
}

#[test]
fn help_is_told_by_either_word_and_shows_what_was_typed_alone() {
    let program = || Command::new(programs::cli());
    let answer = |words: &[&str]| Answer::of(program().args(words).output().unwrap());
    let check = |words: &[&str], said: &str| {
        let helped = answer(words);
        assert_eq!(helped.code, Some(0), "{words:?}: {helped:?}");
        assert!(helped.out.contains(said), "{words:?}: {helped:?}");
    };
    check(&["help"], "Usage:");
    check(&["help", "find"], "What to look for");
    check(&["help", "clinic", "create"], "https://host:port#sha256:");
    check(&["sync", "--help"], "https://host:port#sha256:");
    check(&["user", "add", "--help"], "all a clinician does, and runs the clinic");
    let mut export = program();
    export.env("FIELDCHART_STORE", "/nowhere").env("FIELDCHART_USER", "ana").arg("export");
    let told = Answer::of(export.output().unwrap());
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(!told.err.contains("--store") && !told.err.contains("--user"), "{told:?}");
}

#[test]
fn store_and_user_come_from_the_environment_where_they_are_not_named() {
    let scene = Scene::new("cli-environment");
    let a = Computer::founded(&scene, "Front desk");
    let mut find = Command::new(programs::cli());
    find.env("FIELDCHART_STORE", a.store()).env("FIELDCHART_USER", "nobody");
    find.env("FIELDCHART_PASSWORD", "any").env("FIELDCHART_KEYRING", "none");
    let told = Answer::of(find.args(["--json", "find", "x"]).output().unwrap());
    assert_eq!(told.refusal("find"), "unknown-user", "{told:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn without_password_and_terminal_it_says_what_to_set() {
    let scene = Scene::new("cli-no-password");
    let a = Computer::founded(&scene, "Front desk");
    // A session of its own has no terminal to ask on.
    let mut alone = Command::new("setsid");
    alone.args(["--wait".as_ref(), programs::cli().as_os_str()]);
    let mut alone = a.wrapped(alone);
    alone.env_remove("FIELDCHART_PASSWORD").args(["find", "x"]).stdin(Stdio::null());
    let answer = Answer::of(alone.output().unwrap());
    assert_eq!(answer.code, Some(2), "{answer:?}");
    assert!(answer.err.contains("set FIELDCHART_PASSWORD"), "{answer:?}");
}

/// The commands of a page's table: the words of each row before its first option.
fn commands(page: &str) -> Vec<String> {
    let table = page.split("## Commands").nth(1).unwrap().split("## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let plain = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    rows.map(|row| row.split(' ').take_while(plain).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_command_of_the_page_has_its_golden() {
    let page = std::fs::read_to_string(programs::repository().join("docs/CLI.md")).unwrap();
    let commands = commands(&page);
    assert!(commands.len() >= 20, "{commands:?}");
    let goldens = programs::repository().join("tests/tests/snapshots");
    let held = std::fs::read_dir(goldens).unwrap().map(|file| file.unwrap().file_name());
    let held: Vec<String> = held.map(|name| name.into_string().unwrap()).collect();
    // What is printed, listed, held against its code and written on paper answers in one shape each.
    let golden = |command: &str| match command {
        "sheets list" => "all__paper__sheets".to_owned(),
        "sheets verify" => "all__paper__verified".to_owned(),
        // Its answers are lines of a format of their own, held where they are asked for.
        "clinical-check icd-search" => "all__cli_shapes__find".to_owned(),
        // It tells a line for each step; it is followed where two computers meet.
        "device admit" => "all__admission__device-admit".to_owned(),
        // It goes on until it is ended; what it says first is read by `neighbours`.
        "serve" => "all__neighbours__sync-peer".to_owned(),
        // A clinic whose computers are lost, and one of two copies, have stories of their own.
        "clinic recovery-kit" | "clinic recover" | "device copied" => {
            format!("all__lost_computers__{}", command.replace(' ', "-"))
        }
        // What is erased is erased on every computer.
        "erase" | "erased" => format!("all__erased__{command}"),
        // What passes between two clinics has a story of its own.
        _ if command == "shared" || command.starts_with("share ") => {
            format!("all__shared__{}", command.replace(' ', "-"))
        }
        _ if command.starts_with("document ") => {
            format!("all__documents__{}", command.replace(' ', "-"))
        }
        _ if command.starts_with("print ") => "all__paper__printed".to_owned(),
        _ if command.starts_with("letterhead ") => "all__paper__letterhead".to_owned(),
        _ => format!("all__cli_shapes__{}", command.replace(' ', "-")),
    };
    let bare = |command: &&String| {
        let name = golden(command);
        let is_its = |file: &&String| {
            let rest = file.strip_prefix(&name);
            rest.is_some_and(|rest| rest.starts_with(['.', '-']))
        };
        held.iter().find(is_its).is_none()
    };
    let bare: Vec<&String> = commands.iter().filter(bare).collect();
    assert!(bare.is_empty(), "no golden holds the answer of {bare:?}");
    let kinds = page.split("## What `record` reads").nth(1).unwrap().split("## ").next().unwrap();
    let kinds = kinds.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    for kind in kinds {
        let golden = format!("all__cli_shapes__record-{kind}.snap");
        assert!(held.contains(&golden), "{golden}");
    }
}
