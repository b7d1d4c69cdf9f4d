//! Class 9. Where a child arrives before its parent, Tamanu's operators bump a tick by hand.

use api::SyncPhase;
use app::NewBundle;
use clinical::PatientId;
use tests::scene::Scene;

use crate::between::{Between, Going, Point, Through};
use crate::station::Station;

#[test]
fn a_child_that_comes_first_waits_and_breaks_nothing() {
    let scene = Scene::new("class-orphans");
    let server = scene.server();
    let between = Between::before(server.address(), &scene.folder().join("server"));
    let [a, b] = Station::two(&scene, server.address());
    let c = a.joined(&scene, "Ward");
    b.call(api::SetServer { server: between.address(), keeper_lost: false });
    for on in [&a, &b, &c] {
        on.synced();
    }
    // The parent goes from the first computer to the second on a stick alone.
    let patient = a.register("Okello");
    a.allergy(patient, "latex");
    let out = scene.folder().join("stick.fcbundle");
    a.app().write_bundle(&NewBundle { out: out.clone(), only_for: None }, |_, _| {}).unwrap();
    b.app().read_bundle(&out, |_, _| {}).unwrap();
    b.allergy(patient, "penicillin");
    // The second sends what it has of its own, the child last; the line breaks before it passes on
    // what came on the stick.
    let point = Point { name: "", path: "/v1/push", going: Going::Back, through: Through::Nothing };
    between.stop_at(point, 1);
    let other = std::thread::scope(|scope| {
        let syncs = scope.spawn(|| b.sync());
        assert!(between.reached(|| syncs.is_finished()), "there was a second push");
        let other = child_alone(&c, patient);
        between.let_go();
        drop(syncs.join().unwrap());
        other
    });
    // The parent comes, by whichever way.
    for on in [&b, &c, &a] {
        on.synced();
    }
    for on in [&a, &b, &c] {
        assert_eq!(on.substances(patient), ["latex", "penicillin"].map(str::to_owned).into());
        on.must_be_sound();
    }
    assert_eq!(c.chart(patient), a.chart(patient));
    assert_eq!(a.substances(other), ["eggs".to_owned()].into());
}

/// The third computer has the child without its parent, and works on; somebody it registered.
fn child_alone(c: &Station, patient: PatientId) -> PatientId {
    let view = c.sync();
    assert_eq!((&view.phase, view.quarantined), (&SyncPhase::Idle, 0));
    assert!(view.received > 0, "the child came: {view:?}");
    let early = c.app().call(api::OpenChart { patient }, api::Origin::Host);
    let waits = early.as_ref().map_or(true, |view| !view.waiting.is_empty());
    let shown = early.as_ref().ok().map(|view| view.chart.allergies.len());
    assert!(waits, "{} received, {shown:?} allergies", view.received);
    let other = c.register("Achieng");
    c.allergy(other, "eggs");
    c.synced();
    c.must_be_sound();
    other
}
