//! A computer that holds a part of the clinic because somebody chose so.

use super::{
    Server, Station, allergy, call, chart,
    coming::{DAY_MS, LARGE, Lakeside, OLD, RECENT, coming, found, state, whole},
    join,
    peers::Lan,
    refused, register, synced,
};
use api::{Coming, ErrorCode, Hold, SyncPhase};
use app::App;
use clinical::PatientId;
use std::{collections::BTreeSet, sync::Arc};

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
}

/// Somebody whose chart is not on a computer, as its search has them.
fn absent(app: &App<Station>, query: &str) -> Vec<api::PatientHit> {
    let hits = call(app, api::FindPatients { query: query.into(), limit: 200 });
    hits.into_iter().filter(|hit| hit.elsewhere).collect()
}

fn latex() -> clinical::AllergyDraft {
    clinical::AllergyDraft { substance: "Latex".into(), ..Default::default() }
}

#[test]
fn who_is_not_here_is_found_and_opened_by_fetching_one_pack() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let not_here = absent(&c, "okello");
    assert_eq!(people_of(&c, "okello").len(), OLD, "everybody is found");
    assert!(not_here.len() > 20 && not_here.len() <= OLD, "{}", not_here.len());
    let before = part(&c);
    assert_eq!(before.charts_of, u64::try_from(OLD + RECENT).ok());
    assert!(before.listed && before.charts + 20 < before.charts_of.unwrap(), "{before:?}");
    let patient = not_here[0].patient;
    // Nobody is registered twice.
    let name = not_here[0].identity.name[0].clone();
    let (family, given) = (name.family, name.given.join(" "));
    let draft = clinical::PatientDraft { family, given, ..Default::default() };
    let alike = call(&c, api::FindDuplicates { draft });
    assert!(alike.iter().any(|it| it.hit.patient == patient && it.hit.elsewhere), "{alike:?}");
    // Nothing is shown or written before it is here, also where something of it waits.
    let check = || {
        assert_eq!(refused(&c, api::OpenChart { patient }), ErrorCode::ChartNotHere);
        let record = api::RecordAllergy { patient, draft: latex() };
        assert_eq!(refused(&c, record), ErrorCode::ChartNotHere);
    };
    check();
    allergy(a, patient, "Aspirin");
    synced(a);
    synced(&c);
    check();
    // Where the server cannot be reached, that is said, and nothing is lost.
    lakeside.server.set_away(true);
    assert_eq!(refused(&c, api::FetchChart { patient }), ErrorCode::ChartNotHere);
    lakeside.server.set_away(false);
    lakeside.server.given();
    call(&c, api::FetchChart { patient });
    assert_eq!(lakeside.server.given().len(), 1, "one pack came");
    assert_eq!(chart(&c, patient), chart(a, patient));
    assert_eq!(chart(&c, patient).allergies.len(), 1);
    let after = part(&c);
    assert!(after.charts > before.charts && after.bytes < after.bytes_of.unwrap(), "{after:?}");
    // Again it is here already; and it stays.
    call(&c, api::FetchChart { patient });
    assert!(lakeside.server.given().is_empty());
    allergy(&c, patient, "Latex");
    for app in [&c, a, b] {
        synced(app);
    }
    assert_eq!(chart(b, patient).allergies.len(), 2);
    call(&c, api::SetHold { hold: Hold::All });
    lakeside.server.given();
    whole(&c);
    let given = lakeside.server.given();
    assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "nothing came twice");
    assert!(absent(&c, "okello").is_empty());
    for app in [a, b, &c] {
        synced(app);
        assert_eq!((state(app).alarms, state(app).quarantined), (vec![], 0));
        assert_eq!(people_of(app, "okello"), people_of(a, "okello"));
    }
    assert!(c.check().unwrap().sound);
}

#[test]
fn a_large_chart_that_was_fetched_half_way_is_not_taken_for_the_chart() {
    let lakeside = Lakeside::with_a_large_chart();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let patient = absent(&c, LARGE)[0].patient;
    let mut cuts = 0;
    lakeside.server.given();
    for cut_at in 1.. {
        lakeside.server.cut_after(cut_at);
        match c.call(api::FetchChart { patient }, api::Origin::Host) {
            Ok(()) => break,
            Err(error) => assert_eq!(error.code, ErrorCode::ChartNotHere, "{error:?}"),
        }
        cuts += usize::from(!lakeside.server.given().is_empty());
        // What came of it is kept, and it is opened and written to nowhere.
        assert_eq!(absent(&c, LARGE).len(), 1, "{cut_at}");
        assert_eq!(people_of(&c, LARGE).len(), 1, "and found once");
        assert_eq!(refused(&c, api::OpenChart { patient }), ErrorCode::ChartNotHere);
        let record = api::RecordAllergy { patient, draft: latex() };
        assert_eq!(refused(&c, record), ErrorCode::ChartNotHere);
        synced(&c);
    }
    assert!(cuts > 1, "some of it came before the line broke");
    lakeside.server.cut_after(usize::MAX);
    assert_eq!(absent(&c, LARGE), []);
    assert_eq!(chart(&c, patient), chart(a, patient));
    allergy(&c, patient, "Latex");
    for app in [&c, a, b, &c] {
        synced(app);
        assert_eq!((state(app).alarms, state(app).quarantined), (vec![], 0));
    }
    assert_eq!(chart(&c, patient), chart(b, patient));
    // All of it may be held then, also where a part of such a chart is here.
    let d = lakeside.join_by(call(a, api::MakeDeviceCode {}).code);
    call(&d, api::SetHold { hold: Hold::InUse });
    lakeside.server.cut_after(cuts + 1);
    assert_eq!(refused(&d, api::FetchChart { patient }), ErrorCode::ChartNotHere);
    call(&d, api::SetHold { hold: Hold::All });
    whole(&d);
    assert_eq!(chart(&d, patient), chart(a, patient));
}

#[test]
fn of_two_charts_of_one_person_both_are_fetched_before_either_is_shown() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let other = absent(&c, "okello")[0].patient;
    let patient = lakeside.recent;
    allergy(a, other, "Eggs");
    call(a, api::MergePatients { patient, other });
    for app in [a, &c, b] {
        synced(app);
    }
    // What the one says that is not here may matter to all that is done with the other.
    assert_eq!(refused(&c, api::OpenChart { patient }), ErrorCode::ChartNotHere);
    assert_eq!(
        refused(&c, api::RecordAllergy { patient, draft: latex() }),
        ErrorCode::ChartNotHere
    );
    let found = call(&c, api::FindPatients { query: "akello".into(), limit: 200 });
    let hit = found.into_iter().find(|hit| hit.patient == patient).unwrap();
    assert!(hit.elsewhere, "it is fetched before it is opened");
    call(&c, api::FetchChart { patient });
    assert_eq!(chart(&c, patient), chart(a, patient));
    assert!(chart(&c, patient).allergies.iter().any(|it| it.code.label() == "Eggs"));
    assert_eq!(chart(b, other), chart(a, patient));
    for app in [a, b, &c] {
        let check = app.check().unwrap();
        assert!(check.sound, "{check:?}");
    }
}

#[test]
fn who_is_erased_is_found_no_more_where_the_chart_was_not() {
    let lakeside = Lakeside::new();
    let [a, _] = &lakeside.apps;
    let c = outreach(&lakeside);
    let patient = absent(&c, "okello")[0].patient;
    let erase = |app: &App<Station>, query: &str, patient| {
        let hits = call(app, api::FindPatients { query: query.into(), limit: 200 });
        let hit = hits.into_iter().find(|hit| hit.patient == patient).unwrap();
        let number = clinical::chart_number(&hit.identity, patient);
        api::EraseChart { patient, number, ground: "asked for".into() }
    };
    // A computer that holds a part cannot know what holds a chart.
    let there = erase(&c, "akello", lakeside.recent);
    assert_eq!(refused(&c, there), ErrorCode::Invalid);
    call(a, erase(a, "okello", patient));
    synced(a);
    synced(&c);
    assert!(!people_of(&c, "okello").contains(&patient));
    assert_eq!(refused(&c, api::FetchChart { patient }), ErrorCode::NotFound);
    call(&c, api::SetHold { hold: Hold::All });
    whole(&c);
    assert_eq!(people_of(&c, "okello"), people_of(a, "okello"));
    assert_eq!(people_of(a, "okello").len(), OLD - 1);
    assert_eq!((state(&c).alarms, state(&c).quarantined), (vec![], 0));
}

#[test]
fn a_part_that_was_given_all_by_a_stick_is_the_whole() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    let stick = tempfile::tempdir().unwrap();
    let out = stick.path().join("all.fcbundle");
    a.write_bundle(&app::NewBundle { out: out.clone(), only_for: None }, |_, _| {}).unwrap();
    c.read_bundle(&out, |_, _| {}).unwrap();
    assert!(absent(&c, "okello").is_empty());
    whole(&c);
    for app in [a, b, &c] {
        synced(app);
        assert_eq!((state(app).alarms, state(app).quarantined), (vec![], 0));
        assert_eq!(people_of(app, "okello"), people_of(a, "okello"));
    }
    assert!(c.check().unwrap().sound);
}

#[test]
fn a_part_reads_all_where_the_server_was_set_up_anew_and_raises_no_other_alarm() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = outreach(&lakeside);
    allergy(&c, lakeside.recent, "Penicillin");
    lakeside.server.wipe();
    lakeside.server.later(100 * DAY_MS);
    for app in [a, b, &c, a, b] {
        call(app, api::SyncNow {});
    }
    whole(&c);
    for app in [a, b, &c] {
        synced(app);
        let view = state(app);
        let replaced = |raised: &api::SyncAlarm| raised.alarm == api::AlarmKind::LogReplaced;
        assert!(view.alarms.iter().all(replaced), "{:?}", view.alarms);
        assert_eq!(people_of(app, "okello"), people_of(a, "okello"));
        assert_eq!(chart(app, lakeside.recent), chart(a, lakeside.recent));
    }
}

/// What another clinic gives of a chart that was left at the server does not pass for the chart.
#[test]
fn what_another_clinic_gives_of_a_chart_that_is_not_here_waits_until_it_was_fetched() {
    let lakeside = Lakeside::new();
    let [a, _] = &lakeside.apps;
    let c = outreach(&lakeside);
    let patient = absent(&c, "okello")[0].patient;
    let stick = tempfile::tempdir().unwrap();
    let path = |name: &str| stick.path().join(name).display().to_string();
    let hilltop = App::new(Station::new(&Server::default()));
    crate::support::create(&hilltop, None);
    let give = |from: &App<Station>, to: &App<Station>, name: &str| {
        let card = call(to, api::GetCard {}).card;
        let ground = Some(clinical::SharingGround::Referral);
        let draft = clinical::SharingDraft { ground, ..Default::default() };
        let path = path(name);
        call(from, api::ShareChart { patient, card, compared: true, draft, path });
    };
    let take = |name: &str| api::TakeInGiven { path: path(name), compared: true, seen: None };
    give(a, &hilltop, "1");
    call(&hilltop, take("1"));
    give(&hilltop, &c, "2");
    // It is stale by then.
    allergy(a, patient, "Aspirin");
    synced(a);
    synced(&c);
    assert_eq!(refused(&c, api::LookAtGiven { path: path("2") }), ErrorCode::ChartNotHere);
    assert_eq!(refused(&c, take("2")), ErrorCode::ChartNotHere);
    assert_eq!(refused(&c, api::OpenChart { patient }), ErrorCode::ChartNotHere);
    call(&c, api::FetchChart { patient });
    assert!(!call(&c, take("2")).is_new);
    assert_eq!(chart(&c, patient).allergies.len(), 1);
    assert_eq!(chart(&c, patient).shared.len(), 2);
}

/// The server is gone; one that holds the whole and one that holds a part are nearby, and no exchange
/// with either came to its end.
#[test]
fn a_chart_is_fetched_from_a_computer_nearby_that_holds_it_and_from_none_that_holds_a_part() {
    let Lakeside { server, apps: [a, b], recent, code } = Lakeside::new();
    let lan = Lan::default();
    let nearby = |code: String| {
        let station = Station { lan: lan.clone(), ..Station::new(&server) };
        station.desk.later(100 * DAY_MS);
        let app = join(&station, code);
        call(&app, api::SetHold { hold: Hold::InUse });
        app
    };
    let c = nearby(code);
    let d = Arc::new(nearby(call(&a, api::MakeDeviceCode {}).code));
    let (a, b) = (Arc::new(a), Arc::new(b));
    let keys = server.device_keys();
    for (at, (name, app)) in [(0, ("a", &a)), (1, ("b", &b)), (3, ("d", &d))] {
        lan.serve(name, app, keys[at]);
        lan.break_exchanges(name);
    }
    for app in [&c, &*d] {
        synced(app);
    }
    let patient = absent(&c, "okello")[0].patient;
    let before = part(&c);
    server.set_away(true);
    assert_eq!(refused(&c, api::FetchChart { patient }), ErrorCode::ChartNotHere);
    // One that holds a part as well gives what it has of it, which is nothing.
    c.meet_peer("d").unwrap_err();
    assert_eq!(refused(&c, api::FetchChart { patient }), ErrorCode::ChartNotHere);
    assert_eq!(refused(&c, api::OpenChart { patient }), ErrorCode::ChartNotHere);
    // One that gives what nobody signed is believed in nothing, and nothing of it stays.
    lan.forge("b");
    c.meet_peer("b").unwrap_err();
    assert_eq!(refused(&c, api::FetchChart { patient }), ErrorCode::ChartNotHere);
    assert_eq!((state(&c).quarantined, part(&c).bytes), (0, before.bytes));
    c.meet_peer("a").unwrap_err();
    call(&c, api::FetchChart { patient });
    assert_eq!(chart(&c, patient), chart(&a, patient));
    let after = part(&c);
    assert!(after.bytes > before.bytes && after.bytes < after.bytes_of.unwrap(), "{after:?}");
    allergy(&c, patient, "Latex");
    server.set_away(false);
    assert_eq!(c.make_floor().unwrap_err().code, ErrorCode::Changed, "a part makes no floor");
    for app in [&c, &*a, &*b, &c] {
        synced(app);
        assert_eq!((state(app).alarms, state(app).quarantined), (vec![], 0));
    }
    assert_eq!(chart(&b, patient), chart(&c, patient));
    assert_eq!(chart(&b, recent), chart(&c, recent));
    call(&c, api::SetHold { hold: Hold::All });
    server.given();
    whole(&c);
    let given = server.given();
    assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "nothing came twice");
    assert!(absent(&c, "okello").is_empty());
    assert!(c.check().unwrap().sound);
}
