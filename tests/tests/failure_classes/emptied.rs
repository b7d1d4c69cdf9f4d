//! Class 7. HospitalRun's emptied server is filled again by any old browser, and nobody hears of it.

use api::AlarmKind;
use tests::scene::Scene;

use crate::station::{Station, settle};

#[test]
fn it_is_told_and_nothing_is_lost() {
    let scene = Scene::new("class-emptied");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    let old = a.joined(&scene, "Old laptop");
    let patient = a.register("Okello");
    for substance in ["latex", "penicillin"] {
        a.allergy(patient, substance);
    }
    settle([&a, &b, &old]);
    // The old one is removed, does not know it yet, and has something unsent.
    let devices = a.call(api::ListDevices {});
    let removed = devices.iter().find(|device| device.name == "Old laptop").unwrap().id;
    a.call(api::RevokeDevice { device: removed });
    settle([&a, &b]);
    b.allergy(patient, "unsent on b");
    old.allergy(patient, "unsent on a removed one");
    let server = server.stop().emptied().start_again();
    // Who was removed comes first.
    let (_, alarms) = old.alarmed();
    assert!(alarms.contains(&AlarmKind::LogReplaced), "{alarms:?}");
    for on in [&a, &b] {
        let (view, alarms) = on.alarmed();
        assert!(alarms.contains(&AlarmKind::LogReplaced), "never in silence: {view:?}");
    }
    a.sync();
    let whole = ["latex", "penicillin", "unsent on b"].map(str::to_owned).into();
    let c = a.joined(&scene, "New laptop");
    for on in [&a, &b, &c] {
        assert_eq!(on.substances(patient), whole, "all is there, and nothing of who was removed");
        on.must_be_sound();
    }
    assert!(old.substances(patient).contains("unsent on a removed one"), "it keeps its own");
    drop(server);
}
