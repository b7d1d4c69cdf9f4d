//! Lies about what a joining left for later: until all of it is here the computer says so, and what was
//! given in the place of something else keeps nothing away for good.

use std::sync::{Arc, Mutex};

use api::AlarmKind;
use sync::wire::{Item, PullPage, path};
use tests::{bulky, scene::Scene, server::SyncServer};

use super::{
    contradicts,
    floors::{floor_at, is_pack, record},
    lie, misbehaves,
    pages::reckon,
    replaced,
};
use crate::between::{Between, Lie};
use crate::station::{DAY_MS, Station, settle};

/// A clinic of which a computer that joins leaves three packs for later.
struct Large {
    // Gone last.
    a: Station,
    second: Station,
    between: Between,
    _server: SyncServer,
    scene: Scene,
    /// The places of its two floors; there was little before the first.
    floors: [u64; 2],
    /// The packs of both, in their order.
    packs: Vec<Item>,
}

impl Large {
    fn new(name: &str) -> Self {
        let scene = Scene::new(&format!("malicious-left-{name}"));
        let server = scene.server();
        let between = Between::before(server.address(), &scene.folder().join("server"));
        let [a, second] = Station::two(&scene, server.address());
        second.call(api::SetServer { server: between.address(), keeper_lost: false });
        let kept = Arc::new(Mutex::new(Vec::new()));
        let make_floor = || {
            settle([&a, &second, &a]);
            let made = a.app().make_floor().unwrap();
            between.lie(record(Arc::clone(&kept)));
            second.synced();
            between.repent();
            made
        };
        let first = make_floor();
        [&a, &second].into_iter().for_each(|on| on.set_ahead(-100 * DAY_MS));
        let file = scene.folder().join("people.ndjson");
        std::fs::write(&file, bulky::people(bulky::THREE_PACKS)).unwrap();
        a.app().import(std::slice::from_ref(&file), |_, _| {}).unwrap();
        settle([&a, &second]);
        [&a, &second].into_iter().for_each(|on| on.set_ahead(0));
        a.register("Achieng");
        let last = make_floor();
        settle([&a, &second]);
        assert_eq!((first.envelopes, last.envelopes, last.usable_after), (1, 4, 1));
        let packs: Vec<Item> =
            kept.lock().unwrap().iter().filter(|it| is_pack(it)).cloned().collect();
        let packs = packs[packs.len() - 5..].to_vec();
        let floors = [first.above, last.above];
        Self { a, second, between, _server: server, scene, floors, packs }
    }

    /// A computer that joins while nobody lies, and has not fetched what it left.
    fn joined(&self, name: &str) -> Station {
        let joined = Station::joined_by(&self.scene, name, self.second.code());
        assert!(joined.sync_state().coming.is_some_and(|coming| coming.goes_on), "{name}");
        joined
    }

    /// Lies to a computer until it has everything, or says why it goes no further.
    fn check(&self, on: &Station, lie: Lie, expected: Option<fn(&AlarmKind) -> bool>) {
        self.between.lie(lie);
        let mut told = Vec::new();
        for _ in 0..4 {
            told.extend(on.alarmed().1);
        }
        let coming = on.sync_state().coming;
        println!("{told:?} {coming:?}");
        match expected {
            Some(is_it) => assert!(told.iter().any(is_it), "{told:?}"),
            None => assert_eq!(told, []),
        }
        // What it lacks it says.
        if self.people(on) < bulky::THREE_PACKS {
            assert!(coming.is_some());
        }
        self.between.repent();
        for _ in 0..4 {
            on.sync();
        }
        let view = on.synced();
        assert_eq!(view.coming, None, "{view:?}");
        assert_eq!(self.people(on), bulky::THREE_PACKS);
        on.must_be_sound();
    }

    /// How many people's charts are here.
    fn people(&self, on: &Station) -> usize {
        let find = api::FindPatients { query: "okello".to_owned(), limit: 200 };
        on.call(find).iter().filter(|hit| !hit.elsewhere).count()
    }
}

/// Gives `others` for the packs that come, in turn, and nothing for what has no other.
fn instead(others: Vec<Item>) -> Lie {
    let mut others = others.into_iter();
    lie(path::PULL, move |page: &mut PullPage| {
        if !page.items.iter().any(is_pack) {
            return;
        }
        let items = std::mem::take(&mut page.items).into_iter();
        page.items =
            items.filter_map(|it| if is_pack(&it) { others.next() } else { Some(it) }).collect();
        let head = page.head;
        reckon(page);
        page.head = head.max(page.end.seq);
    })
}

#[test]
fn what_was_left_comes_as_it_was_named_or_is_told() {
    let large = Large::new("fetched");
    let [older, _, one, other, last] = large.packs.clone().try_into().expect("five packs");
    let check = |name: &str, lie: Lie, expected| {
        println!("{name}");
        large.check(&large.joined(name), lie, expected);
    };
    check("offers an older floor", floor_at(large.floors[0]), None);
    check("leaves out what was left", instead(Vec::new()), Some(misbehaves));
    let swapped = vec![other.clone(), one, last];
    check("swaps two packs", instead(swapped), Some(contradicts));
    check("gives the pack of another floor", instead(vec![older, other]), Some(contradicts));
}

#[test]
fn a_pack_that_is_not_even_named_is_found_to_be_lacking() {
    let large = Large::new("named");
    let code = large.second.code();
    // The last name of those that stand for packs.
    let maker = large.packs[0].lane().device;
    let leave_out = move || {
        lie(path::PULL, move |page: &mut PullPage| {
            let is_name =
                |item: &Item| matches!(item, Item::Brief(brief) if brief.lane.device == maker);
            if let Some(last) = page.items.iter().rposition(is_name) {
                page.items.remove(last);
                reckon(page);
            }
        })
    };
    large.between.lie(leave_out());
    let joins = Station::joined_by(&large.scene, "Ward", code);
    assert!(joins.sync_state().coming.is_some());
    large.check(&joins, leave_out(), Some(replaced));
    large.a.synced();
}
