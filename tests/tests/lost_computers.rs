//! Computers that are removed, lost and copied, with real processes and a real server.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::fs;
use tests::computer::{Answer, Computer, PASSWORD, text};
use tests::golden::Golden;
use tests::scene::Scene;
use tests::server::SyncServer;

fn founded(scene: &Scene, server: &SyncServer) -> Computer {
    let a = Computer::of(scene, "Front desk");
    a.found_clinic(Some(server.address()));
    a
}

fn joined(scene: &Scene, by: &Computer, name: &str) -> Computer {
    let code = text(&by.json(&["device", "code"]), "/code");
    let computer = Computer::of(scene, name);
    computer.join(&code);
    computer
}

fn grace(on: &Computer) -> String {
    on.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }))
}

fn allergies(on: &Computer, patient: &str) -> usize {
    on.chart(patient)["chart"]["allergies"].as_array().map_or(0, Vec::len)
}

fn allergic(on: &Computer, patient: &str, substance: &str) {
    on.record("allergy", Some(patient), &json!({ "substance": substance }));
}

fn id_of(on: &Computer) -> String {
    let devices = on.json(&["device", "list"]);
    let here = devices.as_array().unwrap().iter().find(|device| device["here"] == json!(true));
    text(here.unwrap(), "/id")
}

/// A removal and a new key, decided in a place without network, take effect there at once, travel on
/// a stick, and are entered by whoever reaches the server first.
#[test]
fn a_removal_decided_without_network_travels_on_a_stick() {
    let scene = Scene::new("removed-apart");
    let server = scene.server();
    let a = founded(&scene, &server);
    let patient = grace(&a);
    let (b, c) = (joined(&scene, &a, "Room 2"), joined(&scene, &a, "Ward"));
    let stolen = id_of(&b);
    a.json(&["sync"]);
    let stopped = server.stop();
    let told = a.json(&["device", "revoke", &stolen]);
    assert_eq!(told["entered"], json!(false), "{told}");
    assert_eq!(a.json(&["clinic", "rotate-keys"])["entered"], json!(false));
    allergic(&a, &patient, "penicillin");
    let stick = scene.folder().join("1.fcbundle").to_string_lossy().into_owned();
    a.json(&["sync", "--bundle-out", &stick]);
    assert_eq!(c.json(&["sync", "--bundle-in", &stick])["ended"], json!("whole"));
    let standing = |on: &Computer| {
        let devices = on.json(&["device", "list"]);
        let device = devices.as_array().unwrap().iter().find(|it| it["id"] == json!(stolen));
        let device = device.unwrap().clone();
        (device["revoked"].clone(), device["leaving"].clone())
    };
    assert_eq!(standing(&c), (json!(false), json!(true)));
    let _server = stopped.start_again();
    c.json(&["sync"]);
    assert_eq!(standing(&c), (json!(true), Value::Null));
    let turned_away = b.run(&["--json", "sync"]);
    assert_eq!(turned_away.code, Some(1), "{turned_away:?}");
    assert!(turned_away.out.contains("device-refused"), "{turned_away:?}");
    a.json(&["sync"]);
    assert_eq!(standing(&a), (json!(true), Value::Null));
    // One new key for both wishes; the next one is made by whoever asks.
    assert_eq!(c.json(&["clinic", "rotate-keys"]), json!({ "epoch": 3, "entered": true }));
    allergic(&c, &patient, "latex");
    c.json(&["sync"]);
    a.json(&["sync"]);
    assert_eq!((allergies(&a, &patient), allergies(&c, &patient)), (2, 2));
    a.must_be_sound();
    c.must_be_sound();
}

fn recover(scene: &Scene, name: &str, kit: &Value) -> (Computer, Answer) {
    let computer = Computer::of(scene, name);
    let mut command = computer.command();
    command
        .env("FIELDCHART_RECOVERY_CODE", text(kit, "/code"))
        .args(["--json", "clinic", "recover"]);
    let (clinic, server) = (text(kit, "/clinic"), text(kit, "/server"));
    command.args(["--clinic", &clinic, "--server", &server, "--device-name", name]);
    let output = command.output().unwrap();
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let answer = Answer {
        code: output.status.code(),
        out: lossy(&output.stdout),
        err: lossy(&output.stderr),
    };
    (computer, answer)
}

/// Every computer burns; the paper and the server bring the clinic back, and only the last paper.
#[test]
fn a_clinic_whose_computers_are_all_lost_comes_back_by_its_paper() {
    let scene = Scene::new("recovery-kit");
    let server = scene.server();
    let a = founded(&scene, &server);
    a.add_person("carl", "clinician", "Carl", PASSWORD);
    let carl = a.used_by("carl");
    let a = a.used_by("ana");
    assert_eq!(carl.refused(&["clinic", "recovery-kit"]), "not-permitted");
    assert_eq!(carl.refused(&["clinic", "rotate-keys"]), "not-permitted");
    let patient = grace(&a);
    allergic(&a, &patient, "penicillin");
    a.json(&["sync"]);
    let old = a.json(&["clinic", "recovery-kit"]);
    let kit = a.json(&["clinic", "recovery-kit"]);
    let golden = Golden::new()
        .name(&text(&kit, "/code"), "code of the kit")
        .name(server.address(), "https://host:port#sha256:pin");
    assert_snapshot!("clinic-recovery-kit", golden.json(&kit));
    let sheet = a.run(&["clinic", "recovery-kit"]).out;
    for words in ["Lakeside", "fieldchart clinic recover --clinic", server.address(), "ana"] {
        assert!(sheet.contains(words), "{words}: {sheet}");
    }
    let kit = {
        let code = sheet.lines().find_map(|line| line.trim().strip_prefix("code")).unwrap();
        json!({ "code": code.trim(), "clinic": kit["clinic"], "server": kit["server"] })
    };
    allergic(&a, &patient, "latex");
    a.json(&["clinic", "rotate-keys"]);
    allergic(&a, &patient, "peanut");
    a.json(&["sync"]);
    let lost = id_of(&a);
    let before = a.chart(&patient)["chart"].clone();
    fs::remove_dir_all(a.store()).unwrap();

    let (_, refused) = recover(&scene, "Too late", &old);
    assert_eq!(refused.refusal("an old kit"), "bad-code");
    let (b, answer) = recover(&scene, "New laptop", &kit);
    let recovered = answer.value("clinic recover");
    let code = text(&recovered, "/recoveryCode");
    assert_snapshot!("clinic-recover", Golden::new().name(&code, "recovery code").json(&recovered));
    assert_eq!(b.chart(&patient)["chart"], before);
    b.json(&["device", "revoke", &lost]);
    let c = joined(&scene, &b, "Room 2");
    assert_eq!(c.chart(&patient)["chart"], before);
    allergic(&b, &patient, "dust");
    b.json(&["sync"]);
    c.json(&["sync"]);
    assert_eq!(allergies(&c, &patient), 4);
    b.must_be_sound();
}

/// Two copies of one store both go on; the one that notices asks, gets keys of its own and keeps what
/// it has, and neither is asked again.
#[test]
fn a_cloned_laptop_asks_once_and_both_keep_their_work() {
    let scene = Scene::new("cloned");
    let server = scene.server();
    let a = founded(&scene, &server);
    let patient = grace(&a);
    a.json(&["sync"]);
    let clone = Computer::of(&scene, "Clone");
    a.copy_to(clone.store());
    let sync = |on: &Computer| on.json(&["sync"]);
    let asks = |view: &Value| {
        let alarms = view["alarms"].as_array().unwrap();
        alarms.iter().any(|alarm| alarm["alarm"]["kind"] == json!("copied"))
    };
    assert_eq!(clone.refused(&["device", "copied", "stolen"]), "not-found");
    let work = |on: &Computer, substance: &str| {
        allergic(on, &patient, substance);
        asks(&sync(on))
    };
    assert!(!work(&a, "penicillin"));
    assert!(!work(&clone, "latex"), "it may have been put back: nobody is asked");
    assert!(!work(&a, "peanut"));
    assert!(work(&clone, "eggs"));
    let stopped = server.stop();
    allergic(&clone, &patient, "soy");
    assert_eq!(clone.refused(&["device", "copied", "second-computer"]), "unreachable");
    let _server = stopped.start_again();
    let (old, answer) = (id_of(&clone), ["device", "copied", "second-computer"]);
    assert_snapshot!("device-copied", Golden::new().json(&clone.json(&answer)));
    assert_ne!(id_of(&clone), old);
    assert_eq!(id_of(&a), old);
    for on in [&clone, &a, &clone, &a] {
        assert!(!asks(&sync(on)));
    }
    assert!(!work(&a, "dust") && !work(&clone, "pollen") && !asks(&sync(&a)));
    assert_eq!((allergies(&a, &patient), allergies(&clone, &patient)), (7, 7));
    a.must_be_sound();
    clone.must_be_sound();
}
