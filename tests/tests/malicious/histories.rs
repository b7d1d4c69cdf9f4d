//! A server that goes back a day, and one that shows two computers two histories.

use api::AlarmKind;
use app::NewBundle;
use std::path::Path;
use tests::server::SyncServer;

use super::{Stage, replaced};
use crate::station::{DAY_MS, settle};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).unwrap();
        }
    }
}

#[test]
fn a_server_that_goes_back_a_day_is_told_and_filled_again() {
    let mut stage = Stage::new("back-a-day");
    let data = stage.scene.folder().join("server");
    let yesterday = stage.scene.folder().join("yesterday");
    settle([&stage.b, &stage.a]);
    let stopped = stage.server.take().unwrap().stop();
    copy(&data, &yesterday);
    let server = stopped.start_again();
    for (on, substance) in [(&stage.a, "today, first"), (&stage.b, "today, second")] {
        on.allergy(stage.patients[1], substance);
    }
    settle([&stage.a, &stage.b, &stage.a]);
    let stopped = server.stop();
    std::fs::remove_dir_all(&data).unwrap();
    copy(&yesterday, &data);
    stage.server = Some(stopped.start_again());
    // Who comes first is told, and fills it as it was: then it is what it was.
    let (view, alarms) = stage.b.alarmed();
    assert!(alarms.iter().any(replaced), "{view:?}");
    settle([&stage.a, &stage.b, &stage.a]);
    let c = stage.a.joined(&stage.scene, "Ward");
    for on in [&stage.a, &stage.b, &c] {
        let all = ["by the first", "today, first", "today, second"].map(str::to_owned);
        assert_eq!(on.substances(stage.patients[1]), all.into());
        on.must_be_sound();
    }
}

#[test]
fn two_histories_are_found_out_when_the_computers_meet_and_when_one_comes_back() {
    let mut stage = Stage::new("two-histories");
    let data = stage.scene.folder().join("server");
    settle([&stage.b, &stage.a, &stage.b]);
    let stopped = stage.server.take().unwrap().stop();
    // From here on the second computer is shown a server of its own.
    let other = stage.scene.folder().join("other");
    copy(&data, &other);
    let shown_to_b = SyncServer::start(&other, stage.scene.pictures().clone());
    stage.server = Some(stopped.start_again());
    stage.between.lead_to(shown_to_b.address());
    stage.a.allergy(stage.patients[1], "shown to the first");
    stage.b.allergy(stage.patients[1], "shown to the second");
    settle([&stage.a, &stage.b]);
    // A day later each tells what it saw; the server passes nothing on.
    for on in [&stage.a, &stage.b] {
        on.set_ahead(DAY_MS + 60_000);
        on.synced();
    }
    // They meet over a stick.
    let stick = stage.scene.folder().join("stick.fcbundle");
    let write = NewBundle { out: stick.clone(), only_for: None };
    stage.b.app().write_bundle(&write, |_, _| {}).unwrap();
    stage.a.app().read_bundle(&stick, |_, _| {}).unwrap();
    let raised = stage.a.call(api::GetSyncState {}).alarms;
    let names = |alarm: &AlarmKind| matches!(alarm, AlarmKind::HistoriesDiffer { name: Some(name), .. } if name == "Consulting room 2");
    assert!(raised.iter().any(|raised| names(&raised.alarm)), "{raised:?}");
    // And the second comes back to the first one's server.
    let home = stage.server.as_ref().unwrap().address().to_owned();
    stage.between.lead_to(&home);
    let (view, alarms) = stage.b.alarmed();
    assert!(alarms.iter().any(replaced), "{view:?}");
    settle([&stage.a, &stage.b]);
    for on in [&stage.a, &stage.b] {
        let all = ["by the first", "shown to the first", "shown to the second"].map(str::to_owned);
        assert_eq!(on.substances(stage.patients[1]), all.into());
        on.must_be_sound();
    }
    drop(shown_to_b);
}
