//! Paper through real processes: `fieldchart` hands sheets to the `lp` of the system, which is a
//! script here, and where that takes none to the viewer.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::computer::{Answer, Computer, list, number, text};
use tests::golden::Golden;
use tests::scene::Scene;

/// The programs of a system, and the place for files of a session.
struct System {
    programs: PathBuf,
    session: PathBuf,
}

impl System {
    fn new(scene: &Scene) -> Self {
        let of = |name: &str| {
            let path = scene.folder().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        Self { programs: of("programs"), session: of("session") }
    }

    /// Puts a program there that notes what it was given (words, rights of the file, the file), and
    /// ends as it is told.
    fn has(&self, name: &str, ends: u8) {
        let path = self.programs.join(name);
        let noted = self.noted(name).display().to_string();
        let script = format!(
            "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\" >>'{noted}'; done\nshift $(($# - 1))\n\
             stat -c %a \"$1\" >>'{noted}'\ncp \"$1\" '{noted}.pdf'\nexit {ends}\n"
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn noted(&self, name: &str) -> PathBuf {
        self.programs.join(format!("{name}.noted"))
    }

    /// The words a program was given, and the rights of the file, forgetting them.
    fn words(&self, name: &str) -> Vec<String> {
        let noted = fs::read_to_string(self.noted(name)).unwrap_or_default();
        let _gone = fs::remove_file(self.noted(name));
        noted.lines().map(str::to_owned).collect()
    }

    /// What lies in the spool.
    fn spooled(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.session.join("fieldchart-spool"));
        files.map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default()
    }

    /// Runs the command line on this system.
    fn run(&self, on: &Computer, display: Option<&str>, words: &[&str]) -> Answer {
        let path = std::env::var("PATH").unwrap();
        let mut command = on.command();
        command.env("PATH", format!("{}:{path}", self.programs.display()));
        command.env("XDG_RUNTIME_DIR", &self.session).env_remove("WAYLAND_DISPLAY");
        match display {
            Some(display) => command.env("DISPLAY", display),
            None => command.env_remove("DISPLAY"),
        };
        Answer::of(command.arg("--json").args(words).output().unwrap())
    }
}

/// The text of a file, as `pdftotext` (poppler) lays it out.
fn read(pdf: &Path) -> String {
    let mut reader = Command::new("pdftotext");
    reader.args(["-layout", "-enc", "UTF-8"]).arg(pdf).arg("-");
    let text = String::from_utf8(reader.output().expect("pdftotext").stdout).unwrap();
    let is_text = |sign: &char| !matches!(sign, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    text.chars().filter(is_text).collect::<String>().replace('\u{a0}', " ")
}

/// A patient with a medicine: their ids.
fn prescribed(on: &Computer) -> (String, String) {
    let grace = json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "C-7",
    });
    let patient = on.register(&grace);
    let draft = json!({
        "medication": "amlodipine", "dose": "5", "unit": "mg", "route": "oral", "frequency": "1",
        "durationDays": "30", "instruction": "1 tab QD",
    });
    let ordered = on.record("medication", Some(&patient), &draft);
    (patient, text(&ordered, "/entries/0/id"))
}

#[test]
fn a_sheet_goes_to_the_printer_and_nothing_of_it_stays() {
    let scene = Scene::new("paper-printer");
    let system = System::new(&scene);
    let a = Computer::founded(&scene, "Front desk");
    let (patient, medication) = prescribed(&a);
    let prescription =
        ["print", "prescription", "--patient", &patient, "--medication", &medication];
    system.has("lp", 0);
    let answer = system.run(&a, None, &[&prescription[..], &["--paper", "A5"]].concat());
    let printed = answer.value("print");
    let serial = text(&printed, "/serial");
    assert_snapshot!("printed", Golden::new().name(&serial, "serial").json(&printed));
    let mut words = system.words("lp");
    let (rights, file) = (words.pop().unwrap(), words.pop().unwrap());
    let title = format!("Fieldchart {serial}");
    assert_eq!(words, ["-t", &title, "-n", "1", "-o", "media=A5"], "others see no name");
    assert_eq!(rights, "600");
    assert!(Path::new(&file).starts_with(&system.session), "{file}");
    let said = read(&system.noted("lp").with_extension("noted.pdf"));
    assert!(said.contains("OKELLO, Grace") && said.contains("DOSE 5 mg"), "{said}");
    assert_eq!(system.spooled(), [""; 0].map(PathBuf::from), "it is gone when it was taken");

    // A copy, and labels.
    let again = system.run(&a, None, &["print", "copy", &serial]).value("copy");
    assert_eq!((number(&again, "/copy"), text(&again, "/outcome")), (2, "printer".to_owned()));
    assert!(read(&system.noted("lp").with_extension("noted.pdf")).contains("COPY 2"));
    drop(system.words("lp"));
    let label = ["print", "label", "--patient", &patient, "--copies", "3"];
    assert_eq!(system.run(&a, None, &label).value("label"), json!({ "outcome": "printer" }));
    assert_eq!(system.words("lp")[..4], ["-t", "Fieldchart label", "-n", "3"]);
    a.must_be_sound();
}

#[test]
fn what_is_to_be_looked_at_is_told_before_anything_is_printed() {
    let scene = Scene::new("paper-looked-at");
    let a = Computer::founded(&scene, "Front desk");
    let (patient, medication) = prescribed(&a);
    let draft = json!({ "medication": "gentamicin", "dose": "5", "unit": "mg/kg" });
    let other = text(&a.record("medication", Some(&patient), &draft), "/entries/0/id");
    let words = ["print", "prescription", "--patient", &patient];
    let named = ["--medication", &medication, "--medication", &other];
    let seen = a.json(&[&words[..], &named, &["--preview"]].concat());
    assert_eq!(number(&seen, "/pages"), 1);
    let told = list(&seen, "/misread");
    let told: Vec<(String, String)> =
        told.iter().map(|one| (text(one, "/path"), text(one, "/rule"))).collect();
    let want = [
        ("medications/0", "abbreviation"),
        ("medications/1", "no-frequency"),
        ("medications/1", "no-weight"),
    ];
    assert_eq!(told, want.map(|(path, rule)| (path.to_owned(), rule.to_owned())));
    assert_eq!(a.json(&["sheets", "list"]), json!([]), "nothing was printed");

    // People read it on standard error, before they read where the sheet went.
    let out = scene.folder().join("one.pdf");
    let into = ["--out", out.to_str().unwrap()];
    let answer = a.run(&[&words[..], &named, &into].concat());
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    for line in [
        "medications/0 amlodipine: \"QD\" is misread; write daily",
        "medications/1 gentamicin: How often not written; write how often it is taken",
        "medications/1 gentamicin: The dose goes by weight and no weight is known",
    ] {
        assert!(answer.err.contains(line), "{line}: {}", answer.err);
    }
    assert!(answer.out.ends_with("written to the file\n"), "{}", answer.out);
    let said = read(&out);
    assert!(said.contains("HOW OFTEN NOT WRITTEN"), "{said}");

    // A label with a name that no typeface writes.
    let draft = json!({ "family": "Okello", "given": "ᠮᠣᠩ", "gender": "female" });
    let patient = a.register(&draft);
    let label = ["print", "label", "--patient", &patient];
    let out = scene.folder().join("label.pdf");
    let answer = a.run(&[&label[..], &["--out", out.to_str().unwrap()]].concat());
    assert!(answer.err.contains("a box stands in the place of ᠣᠩᠮ"), "{}", answer.err);
    assert_eq!(text(&a.json(&[&label[..], &["--preview"]].concat()), "/unwritten"), "ᠣᠩᠮ");
}

#[test]
fn what_the_chart_says_against_a_prescription_is_told_before_it_is_printed() {
    let scene = Scene::new("paper-against");
    let a = Computer::founded(&scene, "Front desk");
    let (patient, quiet) = prescribed(&a);
    a.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    let order = |medicine: &str| {
        let draft = json!({ "medication": medicine, "dose": "500", "unit": "mg", "route": "oral" });
        text(&a.record("medication", Some(&patient), &draft), "/entries/0/id")
    };
    let (loud, twice) = (order("amoxicillin"), [order("metformin"), order("metformin")]);
    let check = |name: &str, medications: &[&str], want: &[(&[&str], &str)]| {
        let named = medications.iter().flat_map(|id| ["--medication", *id]);
        let words = ["print", "prescription", "--patient", &patient].into_iter().chain(named);
        let words: Vec<&str> = words.collect();
        let out = |copy: &str| scene.folder().join(format!("{name}-{copy}.pdf"));
        let into = |copy: &str| ["--out".to_owned(), out(copy).to_str().unwrap().to_owned()];
        let in_json = |rest: &[&str]| {
            let against = list(&a.json(&[&words[..], rest].concat()), "/against");
            let one = |it: &Value| (it["paths"].clone(), text(it, "/issue/rule"));
            against.iter().map(one).collect::<Vec<_>>()
        };
        let told: Vec<_> =
            want.iter().map(|(paths, rule)| (json!(paths), (*rule).to_owned())).collect();
        assert_eq!(in_json(&["--preview"]), told, "{name}");

        // People read it at the end of a preview, and before they read where the sheet went.
        let preview = a.run(&[&words[..], &["--preview"]].concat()).out;
        let [option, first] = into("first");
        let printed = a.run(&[&words[..], &[&*option, &*first]].concat());
        assert_eq!((printed.code, out("first").exists()), (Some(0), true), "{printed:?}");
        let title = "STOP AND LOOK: the chart speaks against this prescription\n";
        for said in [&preview, &printed.err] {
            let block = said.split_once(title).map(|(_, block)| block.trim_end().lines());
            let paths: Vec<String> = block.into_iter().flatten().map(str::to_owned).collect();
            assert_eq!(paths.len(), want.len(), "{said}");
            for (line, (path, _)) in paths.iter().zip(want) {
                assert!(line.starts_with(&format!("  {}: ", path.join(", "))), "{line}");
            }
        }

        // Printed once more it is told again, and the paper says what it said.
        let [option, second] = into("second");
        assert_eq!(in_json(&[&*option, &*second]), told, "{name}");
    };
    check("quiet", &[&*quiet], &[]);
    let alone: (&[&str], &str) = (&["medications/1"], "drug-allergy");
    check("loud", &[&*quiet, &*loud], &[alone]);
    let both: (&[&str], &str) = (&["medications/0", "medications/1"], "duplicate-medication");
    check("twice", &twice.each_ref().map(String::as_str), &[both]);
    a.must_be_sound();
}

#[test]
fn a_medicine_that_is_undecided_is_told_beside_what_is_printed() {
    let scene = Scene::new("paper-undecided");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let (patient, medication) = prescribed(&a);
    let draft = json!({ "medication": "warfarin", "dose": "5", "unit": "mg", "frequency": "1" });
    let disputed = text(&a.record("medication", Some(&patient), &draft), "/entries/0/id");
    a.json(&["sync"]);
    let b = Computer::of(&scene, "Room 2");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    b.json(&["sync"]);
    let stop = json!({ "medication": disputed, "reason": "nose bleed" });
    a.record("stop", Some(&patient), &stop);
    let dosage = json!({ "dose": "2", "unit": "mg", "frequency": "1" });
    b.record("dosage", Some(&patient), &json!({ "medication": disputed, "dosage": dosage }));
    a.json(&["sync"]);
    b.json(&["sync"]);

    // The side that ends it says so, and why, wherever the sides are listed.
    for words in [&["conflicts"][..], &["chart", &patient]] {
        let told = b.run(words).out.replace('\u{a0}', " ");
        for said in [": STOPPED — warfarin — DOSE 5 mg", "\n        reason: nose bleed\n"] {
            assert_eq!(told.matches(said).count(), 1, "{said}: {told}");
        }
    }
    let print = ["print", "prescription", "--patient", &patient, "--medication", &medication];
    let seen = b.json(&[&print[..], &["--preview"]].concat());
    let entry = json!({ "kind": "medication", "id": disputed });
    let want = json!([{ "kind": "undecided", "entry": entry, "names": ["warfarin"] }]);
    assert_eq!(seen["against"], want);
    let told = b.run(&[&print[..], &["--preview"]].concat()).out;
    let block = "STOP AND LOOK: the chart speaks against this prescription\n  warfarin: two people";
    assert!(told.contains(block), "{told}");
    drop(server.stop());
}

#[test]
fn without_a_printer_a_sheet_is_shown_and_without_a_viewer_it_is_kept() {
    let scene = Scene::new("paper-viewer");
    let system = System::new(&scene);
    let a = Computer::founded(&scene, "Front desk");
    let (patient, medication) = prescribed(&a);
    let prescription =
        ["print", "prescription", "--patient", &patient, "--medication", &medication];
    system.has("lp", 1);
    system.has("xdg-open", 0);
    let printed = system.run(&a, Some(":77"), &prescription).value("shown");
    assert_eq!(text(&printed, "/outcome"), "viewer");
    let [file] = system.spooled().try_into().unwrap();
    assert_eq!(system.words("xdg-open"), [file.display().to_string(), "600".to_owned()]);
    assert!(read(&file).contains("OKELLO, Grace"), "it stays while it is shown");

    // No display, no viewer is asked; it is told, and kept.
    let answer = system.run(&a, None, &prescription);
    assert_eq!((answer.code, system.words("xdg-open")), (Some(1), Vec::new()));
    let kept: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(text(&kept, "/outcome"), "nowhere");
    let serial = text(&kept, "/serial");
    // It says what the first one says: there are no two originals of it.
    assert_eq!((serial.clone(), number(&kept, "/copy")), (text(&printed, "/serial"), 2));
    let out = scene.folder().join("copy.pdf");
    let copy = ["print", "copy", &serial, "--out", out.to_str().unwrap()];
    let written = system.run(&a, None, &copy).value("file");
    assert_eq!((text(&written, "/outcome"), number(&written, "/copy")), ("file".to_owned(), 3));
    assert!(read(&out).contains("COPY 3"));
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(system.run(&a, None, &copy).refusal("over a file"), "already-exists");
}

#[test]
fn what_was_printed_is_listed_and_held_against_its_code() {
    let scene = Scene::new("paper-verify");
    let system = System::new(&scene);
    let a = Computer::founded(&scene, "Front desk");
    let letterhead = json!({
        "name": "Lakeside Health Centre", "address": "Shore Road 4\nAmolatar",
        "telephone": "+256 700 123456", "language": "fr", "papers": { "prescription": "a4" },
    });
    let set = a.run_with(&["--json", "letterhead", "set"], letterhead.to_string().as_bytes());
    assert_eq!(set.value("set"), json!({ "said": true }));
    let person = ["letterhead", "person", "ana", "--registration", "UMDPC 10234"];
    a.json(&person);
    assert_snapshot!("letterhead", Golden::new().json(&a.json(&["letterhead", "show"])));
    let (patient, medication) = prescribed(&a);
    let out = scene.folder().join("one.pdf");
    let words = ["print", "prescription", "--patient", &patient, "--medication", &medication];
    let printed = a.json(&[&words[..], &["--out", out.to_str().unwrap()]].concat());
    let said = read(&out);
    for words in ["Lakeside Health Centre", "Shore Road 4", "UMDPC 10234", "Ordonnance"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let sheets = a.json(&["sheets", "list", "--patient", &patient]);
    let [sheet] = list(&sheets, "").try_into().unwrap();
    let (serial, code) = (text(&sheet, "/serial"), text(&sheet, "/code"));
    assert_eq!(serial, text(&printed, "/serial"));
    let digest = text(&sheet, "/digest");
    let golden = || {
        let golden = Golden::new().name(&code, "code").name(&digest, "SHA-256");
        golden.name(&serial, "serial")
    };
    assert_snapshot!("sheets", golden().json(&sheets));
    let genuine = a.json(&["sheets", "verify", &code]);
    assert_snapshot!("verified", golden().json(&genuine));
    let standing = |code: &str| text(&a.json(&["sheets", "verify", code]), "/standing");
    assert_eq!(standing(&serial.to_lowercase()), "number-known");
    for (wrong, want) in [("7KQ3-0F2M-9AXC", "mistyped"), ("FCS1:no:code", "mistyped")] {
        let answer = a.run(&["--json", "sheets", "verify", wrong]);
        let told: Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!((answer.code, text(&told, "/standing")), (Some(1), want.to_owned()));
    }
    // What is missing is told before anything is printed.
    let sick = ["print", "sick-note", "--patient", &patient, "--until", "2026-12-01", "--from"];
    let out = scene.folder().join("two.pdf");
    let into = ["--out", out.to_str().unwrap()];
    assert_eq!(a.refused(&[&sick[..], &["soon"], &into].concat()), "invalid");
    assert!(!out.exists());
    a.json(&[&sick[..], &["2026-11-27"], &into].concat());
    assert!(read(&out).contains("01-déc-2026"), "{}", read(&out));
    let nobody = system.run(&a, None, &["print", "copy", "0000-0000-0000"]);
    assert_eq!(nobody.refusal("of another"), "not-found");
}
