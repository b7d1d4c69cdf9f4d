//! Class 5. A device reset in the midst of an exchange leaves half of what it sent.

use serde_json::json;
use std::process::Stdio;
use tests::computer::{Computer, list, number, text};
use tests::process::Running;
use tests::scene::Scene;

use crate::between::{Between, Going, Point, Through};

#[test]
fn it_joins_anew_and_what_was_acknowledged_is_there() {
    let scene = Scene::new("class-wiped");
    let server = scene.server();
    let between = Between::before(server.address(), &scene.folder().join("server"));
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(&between.address()));
    let b = Computer::of(&scene, "Ward");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    for (going, through) in [(Going::There, Through::Half), (Going::Back, Through::Nothing)] {
        let sent = b.register(&json!({ "family": format!("Sent{going:?}") }));
        b.json(&["sync"]);
        let unsent = b.register(&json!({ "family": format!("Unsent{going:?}") }));
        let point = Point { name: "a push", path: "/v1/push", going, through };
        between.stop_at(point, 0);
        let mut command = b.command();
        command.args(["--json", "sync"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut syncs = Running::start("fieldchart sync", &mut command);
        assert!(between.reached(|| syncs.child().try_wait().unwrap().is_some()), "{point:?}");
        syncs.kill();
        between.let_go();
        std::fs::remove_dir_all(b.store()).unwrap();
        b.join(&text(&a.json(&["device", "code"]), "/code"));
        let here = b.chart(&sent);
        assert_eq!(here["chart"]["patient"], a_synced(&a, &sent), "what was acknowledged");
        // Of the push that was cut the server has all or nothing.
        let of_cut = b.run(&["--json", "chart", &unsent]);
        assert_eq!(of_cut.code == Some(0), going == Going::Back, "{of_cut:?}");
    }
    for on in [&a, &b] {
        let view = on.json(&["sync"]);
        assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
        assert_eq!(view["alarms"], json!([]), "{view}");
        on.must_be_sound();
    }
    assert_eq!(list(&a.json(&["device", "list"]), "").len(), 4, "each joining is one of its own");
}

fn a_synced(a: &Computer, patient: &str) -> serde_json::Value {
    a.json(&["sync"]);
    a.chart(patient)["chart"]["patient"].clone()
}
