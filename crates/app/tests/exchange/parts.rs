//! A computer that holds a part of the clinic because somebody chose so.

use super::{
    Station, allergy, call, chart,
    coming::{DAY_MS, Lakeside, OLD, RECENT, coming, found, state, whole},
    refused, register, synced,
};
use api::{Coming, ErrorCode, Hold, SyncPhase};
use app::App;
use clinical::PatientId;
use std::collections::BTreeSet;

/// A computer that has joined and is to hold what is in use.
fn outreach(lakeside: &Lakeside) -> App<Station> {
    let c = lakeside.join();
    call(&c, api::SetHold { hold: Hold::InUse });
    c
}

/// How much is here, where a part is held by choice.
fn part(app: &App<Station>) -> Coming {
    let view = state(app);
    assert_eq!((view.phase, view.alarms.as_slice()), (SyncPhase::Idle, &[][..]));
    assert_eq!(view.quarantined, 0);
    let coming = view.coming.unwrap();
    assert!(coming.by_choice && !coming.goes_on, "{coming:?}");
    coming
}

fn people_of(app: &App<Station>, query: &str) -> BTreeSet<PatientId> {
    let hits = call(app, api::FindPatients { query: query.into(), limit: 200 });
    hits.into_iter().map(|hit| hit.patient).collect()
}

#[test]
fn a_part_stays_a_part_for_as_long_as_it_is_to_and_becomes_the_whole() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let first = part(&c);
    lakeside.server.given();
    allergy(&c, lakeside.recent, "Penicillin");
    let new = register(b, "Wanjiru");
    for app in [&c, b, a, &c, &c, &c] {
        synced(app);
    }
    assert_eq!(part(&c).bytes, first.bytes, "nothing of what was left came");
    assert!(lakeside.server.given().len() < 20);
    for patient in [lakeside.recent, new] {
        assert_eq!(chart(&c, patient), chart(a, patient));
    }
    // It vouches for nothing meanwhile.
    let before = lakeside.server.floor();
    assert_eq!(c.make_floor().unwrap_err().code, ErrorCode::Changed);
    a.make_floor().unwrap();
    synced(&c);
    assert_eq!(lakeside.server.floor(), before, "nobody countersigned it");
    call(&c, api::SetHold { hold: Hold::All });
    whole(&c);
    assert_eq!(found(&c, "akello"), RECENT);
    assert_eq!(people_of(&c, "okello").len(), OLD);
    for app in [b, a, &c] {
        synced(app);
        assert_eq!(state(app).alarms, []);
        assert!(app.check().unwrap().sound);
    }
    // All is here now: there is no way back, and that is said.
    assert_eq!(refused(&c, api::SetHold { hold: Hold::InUse }), ErrorCode::Invalid);
}

#[test]
fn a_later_floor_takes_the_place_of_the_first_and_leaves_a_part_a_part() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let first = part(&c);
    for n in 0..3 {
        allergy(b, lakeside.recent, "Dust");
        synced(b);
        synced(a);
        a.make_floor().unwrap();
        // Nobody vouches for it yet: what is left stays what it was.
        synced(&c);
        let before = part(&c);
        assert!(before.bytes <= first.bytes + 2_000_000, "{n}: {before:?}");
        synced(b);
        synced(a);
        synced(&c);
        synced(&c);
        let now = part(&c);
        assert!(now.bytes * 2 < now.bytes_of.unwrap(), "{n}: {now:?}");
        assert_eq!(chart(&c, lakeside.recent), chart(a, lakeside.recent));
    }
    lakeside.server.given();
    call(&c, api::SetHold { hold: Hold::All });
    whole(&c);
    assert_eq!(found(&c, "okello"), OLD);
    let given = lakeside.server.given();
    assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "nothing came twice");
    for app in [b, a, &c] {
        synced(app);
        assert_eq!((state(app).alarms, state(app).quarantined), (vec![], 0));
        assert!(app.check().unwrap().sound);
    }
    assert_eq!(coming(&c), None);
    assert!(lakeside.stations.len() == 2 && DAY_MS > 0);
}
