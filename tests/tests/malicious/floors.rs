//! Lies about floors, told to a computer that joins and to one that has been there: no record of before
//! is taken for the last one.

use std::sync::{Arc, Mutex};

use api::{AlarmKind, Origin};
use clinical::PatientId;
use sync::envelope::{Envelope, Kind};
use sync::wire::{HelloReply, Item, PullPage, path, read_reply};
use tests::{scene::Scene, server::SyncServer};

use super::{lie, pages::reckon, replaced};
use crate::between::{Between, Lie};
use crate::station::{DAY_MS, Station, settle};

/// What a computer has while it is lied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    /// Everything.
    All,
    /// Not everything, and it says so.
    PartAndSaysSo,
    /// What there was at the first floor, for all it knows: as of a server that keeps back what is new.
    TheOlder,
}

/// What comes of a lie.
#[derive(Clone, Copy)]
struct Comes {
    /// The alarm that is raised.
    told: Option<fn(&AlarmKind) -> bool>,
    /// What the computer has.
    has: Has,
    /// Whether the log turns out to be another once the server is honest again; where something was
    /// told before it may.
    later: bool,
}

const HARMLESS: Comes = Comes { told: None, has: Has::All, later: false };

const fn unproven(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::FloorUnproven)
}

/// What a liar knows.
struct Known {
    /// The places of the two floors that were made.
    floors: [u64; 2],
    /// What stood in the log after the first of them, as it was then.
    then: Vec<Item>,
}

impl Known {
    /// The packs of the first floor.
    fn packs(&self) -> Vec<Item> {
        self.then.iter().filter(|item| is_pack(item)).cloned().collect()
    }
}

/// A clinic with two floors, and a computer that has read up to the first.
struct Floors {
    // Gone last.
    a: Station,
    second: Station,
    there: Station,
    between: Between,
    _server: SyncServer,
    scene: Scene,
    patients: Vec<PatientId>,
    known: Known,
}

impl Floors {
    fn new(name: &str) -> Self {
        let scene = Scene::new(&format!("malicious-floors-{name}"));
        let server = scene.server();
        let between = Between::before(server.address(), &scene.folder().join("server"));
        let [a, second] = Station::two(&scene, server.address());
        // Some that nobody touched for long, so that a floor has two packs.
        a.set_ahead(-100 * DAY_MS);
        let mut patients: Vec<_> = (0..3).map(|n| a.register(&format!("Okello{n}"))).collect();
        a.set_ahead(0);
        patients.push(a.register("Achieng"));
        let make_floor = |patient| {
            settle([&a, &second, &a]);
            let made = a.app().make_floor().unwrap();
            assert_eq!(made.envelopes, 2, "{made:?}");
            // It finds it to be so, and tells the server.
            second.synced();
            a.allergy(patient, &format!("after the floor at {}", made.above));
            a.synced();
            made.above
        };
        let first = make_floor(patients[0]);
        let then = Arc::new(Mutex::new(Vec::new()));
        between.lie(record(Arc::clone(&then)));
        second.call(api::SetServer { server: between.address(), keeper_lost: false });
        let there = Station::joined_by(&scene, "Room 3", second.code());
        between.repent();
        let last = make_floor(patients[3]);
        let then = then.lock().unwrap().clone();
        let known = Known { floors: [first, last], then };
        assert_eq!(known.packs().len(), 2);
        Self { a, second, there, between, _server: server, scene, patients, known }
    }

    /// What a computer has while it is lied to: all, some, or what there was at the first floor.
    fn has(&self, on: &Station) -> Has {
        let all = held(&self.a, &self.patients);
        let here = held(on, &self.patients);
        if here == all {
            assert_eq!(on.sync_state().coming, None);
            return Has::All;
        }
        if on.sync_state().coming.is_some() {
            return Has::PartAndSaysSo;
        }
        let older = |(here, all): (&Option<usize>, &Option<usize>)| here <= all;
        assert!(here.iter().zip(&all).all(older), "{here:?} of {all:?}");
        Has::TheOlder
    }

    /// Tells a lie to who joins, and to who is there.
    fn check(name: &str, lie: impl Fn(&Known) -> Lie, [to_who_joins, to_who_is_there]: [Comes; 2]) {
        let floors = Self::new(&name.replace(' ', "-"));
        let code = floors.second.code();
        floors.between.lie(lie(&floors.known));
        let joins = Station::joined_by(&floors.scene, "Ward", code);
        let told = joins.sync_state().alarms.into_iter().map(|raised| raised.alarm);
        floors.comes(&format!("{name}, to who joins"), &joins, (told.collect(), to_who_joins));
        floors.between.lie(lie(&floors.known));
        let (_, told) = floors.there.alarmed();
        let name = format!("{name}, to who is there");
        floors.comes(&name, &floors.there, (told, to_who_is_there));
        for on in [&floors.a, &joins, &floors.second] {
            on.synced();
            assert_eq!(floors.has(on), Has::All, "{name}");
            on.must_be_sound();
        }
    }

    fn comes(&self, name: &str, on: &Station, (told, comes): (Vec<AlarmKind>, Comes)) {
        println!("{name}: {told:?}");
        match comes.told {
            Some(is_it) => assert!(told.iter().any(is_it), "{name}: {told:?}"),
            None => assert_eq!(told, [], "{name}"),
        }
        assert_eq!(self.has(on), comes.has, "{name}");
        self.between.repent();
        let (view, later) = on.alarmed();
        let counts = (view.to_send, view.quarantined);
        assert_eq!((&view.phase, counts), (&api::SyncPhase::Idle, (0, 0)), "{name}: {view:?}");
        assert!(later.iter().all(replaced), "{name}, later: {later:?}");
        assert!(
            comes.told.is_some() || later.is_empty() != comes.later,
            "{name}, later: {later:?}"
        );
        on.synced();
        assert_eq!(self.has(on), Has::All, "{name}");
        on.must_be_sound();
    }
}

/// How many allergies stand in each chart, where it is here.
fn held(on: &Station, patients: &[PatientId]) -> Vec<Option<usize>> {
    let open = |patient: &PatientId| {
        on.app().call(api::OpenChart { patient: *patient }, Origin::Host).ok()
    };
    let allergies = |patient| open(patient).map(|view| view.chart.allergies.len());
    patients.iter().map(allergies).collect()
}

/// Keeps what goes by of the log.
pub(super) fn record(kept: Arc<Mutex<Vec<Item>>>) -> Lie {
    Box::new(move |at, _, reply| {
        if at == path::PULL
            && let Ok(Ok(page)) = read_reply::<PullPage>(&reply)
        {
            let whole = page.items.into_iter().filter(|item| matches!(item, Item::Whole(_)));
            kept.lock().unwrap().extend(whole);
        }
        reply
    })
}

pub(super) fn is_pack(item: &Item) -> bool {
    matches!(item, Item::Whole(envelope) if kind(envelope) == Kind::Pack)
}

const fn kind(envelope: &Envelope) -> Kind {
    envelope.header().kind
}

/// Says that there is a floor at a place.
pub(super) fn floor_at(seq: u64) -> Lie {
    lie(path::HELLO, move |reply: &mut HelloReply| reply.floor = seq)
}

/// A lie about the last two packs that come, where there are two: the log's end is made to agree.
fn last_packs(mut change: impl FnMut(&mut PullPage, [usize; 2]) + Send + 'static) -> Lie {
    lie(path::PULL, move |page: &mut PullPage| {
        let packs = page.items.iter().enumerate().filter(|(_, item)| is_pack(item));
        let packs: Vec<usize> = packs.map(|(at, _)| at).collect();
        if let [.., one, other] = packs[..] {
            change(page, [one, other]);
            reckon(page);
        }
    })
}

#[test]
fn an_older_floor_than_the_last_costs_time_alone() {
    Floors::check("offers an older floor", |known| floor_at(known.floors[0]), [HARMLESS; 2]);
}

#[test]
fn a_floor_that_nobody_made_is_told_and_everything_is_read() {
    let told = Comes { told: Some(unproven), ..HARMLESS };
    Floors::check("makes up a floor", |known| floor_at(known.floors[1] + 1), [told; 2]);
}

#[test]
fn a_floor_without_one_of_its_packs_is_none() {
    let leave_out = |_: &Known| last_packs(|page, [_, last]| drop(page.items.remove(last)));
    let later = Comes { later: true, ..HARMLESS };
    let told = Comes { told: Some(unproven), ..later };
    Floors::check("leaves out a pack", leave_out, [told, later]);
}

#[test]
fn packs_in_another_order_are_the_same_floor() {
    let swap = |_: &Known| last_packs(|page, [one, other]| page.items.swap(one, other));
    let later = Comes { later: true, ..HARMLESS };
    let told = Comes { told: Some(replaced), ..later };
    Floors::check("swaps two packs", swap, [told, later]);
}

#[test]
fn the_packs_of_another_floor_are_no_floor() {
    let exchange = |known: &Known| {
        let others = known.packs();
        last_packs(move |page, places| {
            for (place, other) in places.into_iter().zip(&others) {
                page.items[place] = other.clone();
            }
        })
    };
    let later = Comes { later: true, ..HARMLESS };
    let told = Comes { told: Some(unproven), ..later };
    Floors::check("gives the packs of another floor", exchange, [told, later]);
}

/// Packs, and what two said of them: all of it true, and none of it of this place.
#[test]
fn an_old_snapshot_is_not_taken_for_the_last() {
    let serve = |known: &Known| {
        let then = known.then.clone();
        lie(path::PULL, move |page: &mut PullPage| {
            if !page.items.is_empty() {
                page.items.clone_from(&then);
                reckon(page);
            }
        })
    };
    let older = Comes { told: None, has: Has::TheOlder, later: true };
    let told = Comes { told: Some(unproven), ..older };
    Floors::check("serves an old snapshot", serve, [told, older]);
}
