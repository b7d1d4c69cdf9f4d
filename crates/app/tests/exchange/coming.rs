//! A computer that joins opens once that with which work goes on is here; the rest comes after.

use super::{Station, allergy, call, chart, join, register, server::Server, synced, two};
use crate::support::PASSWORD;
use api::{Coming, ErrorCode, Origin, SyncPhase, SyncView};
use app::App;
use clinical::PatientId;
use std::{collections::BTreeSet, fmt::Write as _};

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Charts that nobody touched for long, of some 16 KiB each: three packs.
pub(super) const OLD: usize = 90;
/// Somebody whose chart is large.
pub(super) const LARGE: &str = "Mukasa";
/// Charts that are in use.
pub(super) const RECENT: usize = 3;

/// People with so many documents of `bytes` each that nothing can press together.
fn people(family: &str, count: usize, documents: usize, bytes: usize) -> String {
    let mut state = u32::try_from(count).unwrap();
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(letters[usize::try_from(state >> 26).unwrap()])
    };
    let mut lines = String::new();
    for n in 0..count {
        let _ = writeln!(
            lines,
            r#"{{"resourceType":"Patient","id":"p-{family}-{n}","name":[{{"family":"{family}","given":["No{n}"]}}]}}"#
        );
        for d in 0..documents {
            let data: String = std::iter::repeat_with(&mut letter).take(bytes).collect();
            let _ = writeln!(
                lines,
                r#"{{"resourceType":"DocumentReference","id":"d-{family}-{n}-{d}","status":"current","subject":{{"reference":"Patient/p-{family}-{n}"}},"content":[{{"attachment":{{"contentType":"application/pdf","data":"{data}"}}}}]}}"#
            );
        }
    }
    lines
}

/// A clinic with a floor, its two computers, and a patient whose chart is in use.
pub(super) struct Lakeside {
    pub(super) server: Server,
    pub(super) apps: [App<Station>; 2],
    pub(super) recent: PatientId,
    pub(super) code: String,
}

impl Lakeside {
    pub(super) fn new() -> Self {
        Self::with("")
    }

    /// With somebody whose chart goes out in several envelopes: `LARGE`.
    pub(super) fn with_a_large_chart() -> Self {
        Self::with(&people(LARGE, 1, 60, 16_000))
    }

    fn with(more: &str) -> Self {
        let server = Server::default();
        let (stations, [a, b]) = two(&server);
        let file = stations[0].desk.path().join("people.ndjson");
        std::fs::write(&file, people("Okello", OLD, 1, 16_000) + more).unwrap();
        let view = a.import(std::slice::from_ref(&file), |_, _| {}).unwrap();
        assert_eq!((view.failed, view.files_empty), (None, 0));
        synced(&a);
        synced(&b);
        let later = 100 * DAY_MS;
        stations.iter().for_each(|station| station.desk.later(later));
        server.later(later);
        let recent = (0..RECENT).map(|n| register(&a, &format!("Akello {n}"))).collect::<Vec<_>>();
        synced(&a);
        synced(&b);
        a.make_floor().unwrap();
        // What comes after the floor is of today.
        allergy(&a, recent[0], "Latex");
        for app in [&a, &b, &a, &b] {
            synced(app);
        }
        assert!(server.floor() > 0);
        let code = call(&a, api::MakeDeviceCode {}).code;
        Self { server, apps: [a, b], recent: recent[0], code }
    }

    pub(super) fn station(&self) -> Station {
        let station = Station::new(&self.server);
        station.desk.later(100 * DAY_MS);
        station
    }

    pub(super) fn join(&self) -> App<Station> {
        self.join_by(self.code.clone())
    }

    pub(super) fn join_by(&self, code: String) -> App<Station> {
        join(&self.station(), code)
    }
}

pub(super) fn state(app: &App<Station>) -> SyncView {
    call(app, api::GetSyncState {})
}

pub(super) fn coming(app: &App<Station>) -> Option<Coming> {
    state(app).coming
}

/// How many are found whose charts are here.
pub(super) fn found(app: &App<Station>, query: &str) -> usize {
    let hits = call(app, api::FindPatients { query: query.into(), limit: 200 });
    hits.iter().filter(|hit| !hit.elsewhere).count()
}

/// Exchanges until everything is here.
pub(super) fn whole(app: &App<Station>) -> SyncView {
    for _ in 0..20 {
        let view = call(app, api::SyncNow {});
        assert_eq!(view.phase, SyncPhase::Idle, "{view:?}");
        if view.coming.is_none() {
            return view;
        }
    }
    panic!("it never comes to an end: {:?}", coming(app));
}

fn of(count: usize) -> Option<u64> {
    u64::try_from(count).ok()
}

#[test]
fn joining_opens_with_what_is_in_use_and_says_how_much_is_to_come() {
    let lakeside = Lakeside::new();
    lakeside.server.given();
    let c = lakeside.join();
    let view = state(&c);
    let first = view.coming.unwrap();
    assert_eq!((first.charts_of, first.goes_on), (of(OLD + RECENT), true), "{first:?}");
    assert!((3..60).contains(&first.charts), "{first:?}");
    let bytes_of = first.bytes_of.unwrap();
    assert!(first.bytes * 2 < bytes_of && bytes_of > 1_000_000, "{first:?}");
    assert!(!view.floor.unwrap().proven);
    assert_eq!((view.alarms.as_slice(), view.quarantined), (&[][..], 0));
    // What is in use is here as it is, with what was written after the floor.
    let [a, b] = &lakeside.apps;
    assert_eq!(chart(&c, lakeside.recent), chart(a, lakeside.recent));
    assert_eq!(found(&c, "akello"), RECENT);
    assert!(found(&c, "okello") < OLD);
    // It is told to who watches, until it is all here; then nothing is said of it any more.
    let done = whole(&c);
    assert_eq!((done.coming, done.floor.map(|floor| floor.proven)), (None, Some(true)));
    assert_eq!((found(&c, "okello"), done.alarms.as_slice()), (OLD, &[][..]));
    let given = lakeside.server.given();
    assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "nothing came twice");
    for app in [&c, a, b, &c] {
        synced(app);
        assert_eq!(state(app).alarms, []);
        assert!(app.check().unwrap().sound);
    }
}

#[test]
fn what_was_left_goes_on_after_a_cut_at_any_request_and_comes_once() {
    let lakeside = Lakeside::new();
    let begun = lakeside.server.state();
    let mut cut_at = 1;
    let mut cut_in_the_rest = 0;
    loop {
        lakeside.server.stand(begun.clone());
        let station = lakeside.station();
        let c = join(&station, lakeside.code.clone());
        let mut c = Some(c);
        lakeside.server.given();
        lakeside.server.cut_after(cut_at);
        let was_cut = loop {
            let view = call(c.as_ref().unwrap(), api::SyncNow {});
            let failed = matches!(view.phase, SyncPhase::Failed(_));
            if failed || view.coming.is_none() {
                break failed;
            }
        };
        lakeside.server.cut_after(usize::MAX);
        if was_cut && coming(c.as_ref().unwrap()).is_some_and(|it| it.goes_on) {
            cut_in_the_rest += 1;
        }
        // The program ends, and begins again.
        drop(c.take());
        let c = station.sign_in();
        whole(&c);
        let given = lakeside.server.given();
        assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "cut at {cut_at}");
        assert_eq!(found(&c, "okello"), OLD, "cut at {cut_at}");
        if !was_cut {
            break;
        }
        cut_at += 1;
    }
    assert!(cut_in_the_rest >= 3, "{cut_in_the_rest} of {cut_at}");
}

#[test]
fn what_is_written_meanwhile_goes_both_ways() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = lakeside.join();
    // On the new computer, of a chart that is here; elsewhere, of one that is not here yet.
    allergy(&c, lakeside.recent, "Penicillin");
    let listed = call(a, api::FindPatients { query: "okello".into(), limit: 200 });
    let here = call(&c, api::FindPatients { query: "okello".into(), limit: 200 });
    let is_here = |patient| here.iter().any(|item| item.patient == patient && !item.elsewhere);
    let absent = listed.iter().map(|item| item.patient).find(|it| !is_here(*it)).unwrap();
    allergy(a, absent, "Aspirin");
    let new = register(b, "Wanjiru");
    for app in [a, b] {
        synced(app);
    }
    whole(&c);
    for app in [a, b] {
        synced(app);
    }
    for patient in [lakeside.recent, absent, new] {
        let charts = [a, b, &c].map(|app| chart(app, patient));
        assert!(charts.windows(2).all(|pair| pair[0] == pair[1]), "{charts:#?}");
    }
    assert_eq!(chart(&c, absent).allergies.len(), 1);
    assert_eq!((state(&c).quarantined, state(&c).alarms), (0, vec![]));
}

#[test]
fn a_computer_that_does_not_hold_all_vouches_for_nothing() {
    let lakeside = Lakeside::new();
    let [a, b] = &lakeside.apps;
    let c = lakeside.join();
    let before = lakeside.server.floor();
    let refused = c.make_floor().unwrap_err();
    assert_eq!(refused.code, ErrorCode::Changed, "{refused}");
    // Another floor of another computer: this one cannot tell whether it is so.
    allergy(b, lakeside.recent, "Ibuprofen");
    synced(b);
    synced(a);
    a.make_floor().unwrap();
    let kept = lakeside.server.state();
    // It fetches nothing of what was left: the server goes away in the midst.
    lakeside.server.cut_after(4);
    call(&c, api::SyncNow {});
    assert!(coming(&c).is_some());
    assert_eq!(lakeside.server.floor(), before, "nobody countersigned it");
    drop(kept);
    whole(&c);
    synced(&c);
    synced(b);
    assert!(lakeside.server.floor() > before);
    for app in [a, b, &c] {
        assert_eq!(state(app).alarms, []);
    }
}

#[test]
fn where_nobody_vouches_for_the_floor_nothing_is_left_and_all_is_read() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let file = stations[0].desk.path().join("people.ndjson");
    std::fs::write(&file, people("Okello", OLD, 1, 16_000)).unwrap();
    a.import(std::slice::from_ref(&file), |_, _| {}).unwrap();
    for app in [&a, &b] {
        synced(app);
    }
    stations.iter().for_each(|station| station.desk.later(100 * DAY_MS));
    server.later(100 * DAY_MS);
    let made = a.make_floor().unwrap();
    server.lie_about_floor(made.above);
    let station = Station::new(&server);
    station.desk.later(100 * DAY_MS);
    let c = join(&station, call(&a, api::MakeDeviceCode {}).code);
    assert_eq!((coming(&c), found(&c, "okello")), (None, OLD));
    assert_eq!(state(&c).alarms.len(), 1);
}

#[test]
fn a_joining_with_no_floor_waits_and_says_so_when_it_is_cut() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    register(&a, "Okello");
    synced(&a);
    let c = App::new(Station::new(&server));
    let command = api::JoinClinic {
        code: call(&a, api::MakeDeviceCode {}).code,
        device_name: "Ward".into(),
        password: PASSWORD.into(),
    };
    server.cut_after(1);
    c.call(command, Origin::Host).unwrap();
    let cut = coming(&c).unwrap();
    assert_eq!((cut.charts, cut.charts_of, cut.goes_on), (0, None, false));
    let done = whole(&c);
    assert_eq!((done.coming, done.floor), (None, None));
    assert_eq!(found(&c, "okello"), 1);
}

/// With a floor of today, a tenth of the charts in use is here within a fifth of the bytes and pages.
#[test]
fn a_tenth_of_the_charts_opens_a_clinic_within_a_fifth_of_the_whole() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let import = |name: &str, count| {
        let file = stations[0].desk.path().join(format!("{name}.ndjson"));
        std::fs::write(&file, people(name, count, 1, 4_000)).unwrap();
        let view = a.import(std::slice::from_ref(&file), |_, _| {}).unwrap();
        assert_eq!((view.failed, view.files_empty), (None, 0));
    };
    let later = 100 * DAY_MS;
    import("Okello", 450);
    stations.iter().for_each(|station| station.desk.later(later));
    server.later(later);
    import("Akello", 50);
    synced(&a);
    synced(&b);
    a.make_floor().unwrap();
    for app in [&b, &a] {
        synced(app);
    }
    let station = Station::new(&server);
    station.desk.later(later);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let begun = std::time::Instant::now();
    let c = join(&station, code);
    let usable = begun.elapsed();
    let first = coming(&c).unwrap();
    assert_eq!((first.charts, first.charts_of), (50, Some(500)));
    whole(&c);
    let all = begun.elapsed();
    let share = |part: u64, all: u64| part * 100 / all.max(1);
    let bytes = share(first.bytes, first.bytes_of.unwrap());
    println!("usable: {bytes} % of the bytes, {usable:?} of {all:?}");
    assert!(bytes <= 20, "{bytes} %");
    assert_eq!(found(&c, "no44"), 12, "44 of both, and 440 to 449");
}
