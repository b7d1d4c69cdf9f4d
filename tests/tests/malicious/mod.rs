//! A server that lies, over the real wire: each of its lies is told by name or does no harm, and
//! what was recorded is whole once it is honest again. It has the true server's key, and before it
//! the true server's answers.
//!
//! | lie | test |
//! |---|---|
//! | omit, replay, reorder, truncate, swap tags, make up | `pages` |
//! | misreport what it holds, its clock, what became of a push; withhold keys | `words` |
//! | add a computer, hide one, show another list | `lists` |
//! | roll back a day, show two computers two histories | `histories` |
//! | serve an old snapshot, a floor that nobody made, others' packs or not all of them | `floors` |
//! | the same of what a joining left for later | `left` |
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

mod floors;
mod histories;
mod left;
mod lists;
mod pages;
mod words;

use std::collections::BTreeSet;

use api::{AlarmKind, ErrorCode, ListQuarantine, QuarantineReason, SyncPhase};
use clinical::PatientId;
use sync::wire::{Frame, read_reply};
use tests::{scene::Scene, server::SyncServer};

use crate::between::{Between, Lie};
use crate::station::{Station, settle};

/// What comes of a lie.
#[derive(Clone, Copy)]
enum Expected {
    /// An alarm of this name.
    Alarm(fn(&AlarmKind) -> bool),
    /// An alarm of this name once the server is honest again, and nothing before.
    AlarmLater(fn(&AlarmKind) -> bool),
    /// No alarm, but an exchange that is told as failed for this reason.
    Failure(ErrorCode),
    /// Batches set aside for this reason.
    SetAside(QuarantineReason),
    /// Batches set aside for this reason, and an alarm of this name.
    SetAsideWith(QuarantineReason, fn(&AlarmKind) -> bool),
    /// Nothing at all.
    Harmless,
}

/// A clinic whose second computer goes through the liar.
struct Stage {
    // Gone last.
    a: Station,
    b: Station,
    between: Between,
    server: Option<SyncServer>,
    scene: Scene,
    patients: Vec<PatientId>,
}

impl Stage {
    fn new(name: &str) -> Self {
        let scene = Scene::new(&format!("malicious-{name}"));
        let server = scene.server();
        let between = Between::before(server.address(), &scene.folder().join("server"));
        let [a, b] = Station::two(&scene, server.address());
        b.call(api::SetServer { server: between.address(), keeper_lost: false });
        let mut patients = vec![a.register("Okello")];
        settle([&a, &b]);
        // News for the second computer, and news of it.
        b.allergy(patients[0], "by the second");
        patients.extend(["Achieng", "Otieno"].map(|family| a.register(family)));
        patients.iter().for_each(|patient| a.allergy(*patient, "by the first"));
        a.synced();
        Self { a, b, between, server: Some(server), scene, patients }
    }

    /// Everything that was recorded.
    fn recorded(&self) -> Vec<BTreeSet<String>> {
        let mut all = vec![BTreeSet::from(["by the first".to_owned()]); self.patients.len()];
        all[0].insert("by the second".to_owned());
        all
    }

    fn held(&self, on: &Station) -> Vec<BTreeSet<String>> {
        self.patients.iter().map(|patient| on.substances(*patient)).collect()
    }

    /// The server is honest again: everything arrives, and the stores are sound.
    fn must_mend(&self, name: &str) -> Vec<AlarmKind> {
        self.between.repent();
        let mut alarms = Vec::new();
        for on in [&self.b, &self.a, &self.b] {
            let (view, raised) = on.alarmed();
            assert_eq!((&view.phase, view.to_send), (&SyncPhase::Idle, 0), "{name}: {view:?}");
            alarms.extend(raised);
        }
        for on in [&self.a, &self.b] {
            assert_eq!(self.held(on), self.recorded(), "{name}");
            assert_eq!(on.call(api::ListDevices {}).len(), 2, "{name}: no computer was added");
            on.must_be_sound();
        }
        alarms
    }
}

/// Tells a lie to the second computer, and looks at what comes of it, then and later.
fn check(name: &str, lie: Lie, expected: Expected) {
    println!("{name}");
    let stage = Stage::new(&name.replace(' ', "-"));
    stage.between.lie(lie);
    let (view, alarms) = stage.b.alarmed();
    let aside: BTreeSet<_> =
        stage.b.call(ListQuarantine { limit: 99 }).items.iter().map(|item| item.reason).collect();
    match expected {
        Expected::Alarm(is_it) => {
            assert!(alarms.iter().any(is_it), "{name}: {view:?}");
            assert!(aside.is_empty(), "{name}: {aside:?}");
        }
        Expected::SetAside(reason) => assert_eq!(aside, [reason].into(), "{name}: {view:?}"),
        Expected::SetAsideWith(reason, is_it) => {
            assert_eq!(aside, [reason].into(), "{name}: {view:?}");
            assert!(alarms.iter().any(is_it), "{name}: {view:?}");
        }
        Expected::Failure(code) => {
            let SyncPhase::Failed(error) = &view.phase else { panic!("{name}: {view:?}") };
            assert_eq!((error.code, aside.len()), (code, 0), "{name}: {view:?}");
        }
        Expected::AlarmLater(_) | Expected::Harmless => {
            assert!(alarms.is_empty() && aside.is_empty(), "{name}: {view:?} {aside:?}");
        }
    }
    let later = stage.must_mend(name);
    match expected {
        Expected::AlarmLater(is_it) => assert!(later.iter().any(is_it), "{name}: {later:?}"),
        Expected::Harmless => assert_eq!(later, [], "{name}"),
        Expected::Alarm(_)
        | Expected::Failure(_)
        | Expected::SetAside(_)
        | Expected::SetAsideWith(..) => {}
    }
}

/// A lie about replies of one kind.
fn lie<T: Frame>(at: &'static str, mut change: impl FnMut(&mut T) + Send + 'static) -> Lie {
    Box::new(move |path, _, reply| {
        let asked_for = (path == at).then(|| read_reply::<T>(&reply).ok()?.ok()).flatten();
        asked_for.map_or(reply, |mut value| {
            change(&mut value);
            value.to_frame()
        })
    })
}

const fn misbehaves(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::ServerMisbehaves)
}

const fn contradicts(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::LogContradicts)
}

const fn replaced(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::LogReplaced)
}

const fn members_contradict(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::MembersContradict)
}
