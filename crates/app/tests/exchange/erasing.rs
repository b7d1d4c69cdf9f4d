//! One chart is erased, everywhere, and everything else stays.

use super::peers::{meet, three};
use super::{Asks, Server, Station, allergy, chart, hostile, join, register, synced, two};
use crate::support::{call, refused};
use api::{BundleEnded, ErasedView, ErrorCode, SyncPhase};
use app::{App, NewBundle};
use clinical::{NoteSectionCode, PatientDraft, PatientId};
use std::{collections::BTreeSet, sync::Arc};
use sync::{
    envelope::Kind,
    ids::DocTag,
    payload::{DocumentName, Erasure, Notice, Pack, Packed, Payload},
};
use vault::ClinicKeys;

/// The number of a chart whose patient has none.
fn number(patient: PatientId) -> String {
    patient.to_string().rsplit('-').next().unwrap().to_owned()
}

fn erase(app: &App<Station>, patient: PatientId) {
    let ground = "asked for by the patient".to_owned();
    call(app, api::EraseChart { patient, number: number(patient), ground });
}

fn is_gone(app: &App<Station>, patient: PatientId) {
    assert_eq!(refused(app, api::OpenChart { patient }), ErrorCode::NotFound);
    let found = call(app, api::FindPatients { query: "amina".into(), limit: 99 });
    assert!(found.iter().all(|hit| hit.patient != patient));
}

fn erased(app: &App<Station>) -> ErasedView {
    let mut erased = call(app, api::ListErased {});
    assert_eq!(erased.len(), 1);
    erased.remove(0)
}

/// So many patients of whom each has a chart in a pack, and a later entry under its own key.
fn register_many(app: &App<Station>, many: usize) -> Vec<PatientId> {
    let patients: Vec<_> = (0..many).map(|n| register(app, &format!("Okello {n}"))).collect();
    synced(app);
    // Of so few at a time that they do not go together.
    for some in patients.chunks(6) {
        some.iter().for_each(|patient| allergy(app, *patient, "Penicillin"));
        synced(app);
    }
    patients
}

fn note(app: &App<Station>, patient: PatientId) {
    let draft = call(app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let (section, text) = (NoteSectionCode::Plan, "Rest.".to_owned());
    call(app, api::SaveDraft { draft, section, text, settled: true });
}

fn tags(server: &Server) -> BTreeSet<DocTag> {
    server.held().1.iter().map(|key| key.doc_tag).collect()
}

/// Of how many envelopes of a kind the server has no key any more.
fn closed(server: &Server, kind: Kind) -> usize {
    let keys = tags(server);
    let envelopes = server.held().0;
    let is_closed = |tag: &DocTag| !keys.contains(tag);
    envelopes
        .iter()
        .filter(|it| it.header().kind == kind && is_closed(&it.header().doc_tag))
        .count()
}

/// How often something was said to all.
fn said(server: &Server) -> usize {
    server.held().0.iter().filter(|it| it.header().kind == Kind::Notice).count()
}

fn assert_same(apps: &[&App<Station>], patients: &[PatientId]) {
    for patient in patients {
        let charts: Vec<_> = apps.iter().map(|app| chart(app, *patient)).collect();
        assert!(charts.windows(2).all(|pair| pair[0] == pair[1]), "{charts:#?}");
        assert!(charts[0].patient.is_some());
    }
}

fn carry(from: &App<Station>, to: &App<Station>) {
    let folder = tempfile::tempdir().unwrap();
    let new = NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    from.write_bundle(&new, |_, _| {}).unwrap();
    let taken = to.read_bundle(&new.out, |_, _| {}).unwrap();
    assert_eq!(taken.ended, BundleEnded::Whole);
}

/// Whoever proves an erasing by the list must not find undone what was done, as another one follows.
#[test]
fn what_is_told_of_an_erased_chart_stays_true_as_another_is_erased() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let [first, second] = ["Okello", "Achieng"].map(|name| register(&a, name));
    synced(&a);
    let told = || -> Vec<_> {
        let list = call(&a, api::ListErased {});
        list.into_iter().map(|it| (it.patient, it.said, it.server)).collect()
    };
    erase(&a, first);
    assert_eq!(told(), [(first, false, Some(false))]);
    synced(&a);
    erase(&a, second);
    assert_eq!(told(), [(second, false, Some(false)), (first, true, Some(true))]);
    synced(&a);
    assert_eq!(told(), [(second, true, Some(true)), (first, true, Some(true))]);
}

#[test]
fn an_erased_chart_is_gone_everywhere_and_what_opens_it_at_the_server_too() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 12);
    let gone = patients.remove(3);
    note(&a, gone);
    for app in [&a, &b, &a] {
        synced(app);
    }
    let (before, packs) = (tags(&server), super::packs_held(&server));
    assert!(packs > 0 && closed(&server, Kind::Change) == 0);
    // Somebody writes into it who has not heard.
    allergy(&b, gone, "Latex");

    let wrong = |number: &str, ground: &str| api::EraseChart {
        patient: gone,
        number: number.into(),
        ground: ground.into(),
    };
    assert_eq!(refused(&a, wrong("1", "asked for")), ErrorCode::Invalid);
    assert_eq!(refused(&a, wrong(&number(gone), " ")), ErrorCode::Invalid);
    let nobody = PatientId::from_uuid(clinical::uuid_v7(1, [9; 10]));
    let unknown = api::EraseChart { patient: nobody, number: number(nobody), ground: "x".into() };
    assert_eq!(refused(&a, unknown), ErrorCode::NotFound);
    assert!(chart(&a, gone).patient.is_some());

    erase(&a, gone);
    is_gone(&a, gone);
    let here = erased(&a);
    assert_eq!((here.said, here.server, here.swept), (false, Some(false), true), "{here:?}");
    synced(&a);
    let here = erased(&a);
    assert_eq!((here.said, here.server, here.packs), (true, Some(true), 0), "{here:?}");
    assert_eq!((here.number, here.by.as_str()), (number(gone), "Dr Ana Reyes"));
    let lost: BTreeSet<_> = before.difference(&tags(&server)).copied().collect();
    assert!(lost.len() >= 3, "the chart, its draft, and the pack it stood in: {}", lost.len());
    assert!(closed(&server, Kind::Change) >= 2 && closed(&server, Kind::Pack) >= 1);
    assert!(super::packs_held(&server) > packs, "the others of the pack are sealed anew");

    synced(&b);
    is_gone(&b, gone);
    assert_eq!(erased(&b).ground, "asked for by the patient");
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let view = synced(&c);
    assert_eq!(view.alarms, []);
    is_gone(&c, gone);
    assert_same(&[&a, &b, &c], &patients);
    // Work goes on, and no key comes back.
    allergy(&b, patients[0], "Dust");
    for app in [&b, &a, &c, &b] {
        synced(app);
        assert!(app.check().unwrap().sound);
    }
    assert_same(&[&a, &b, &c], &patients);
    assert!(lost.is_disjoint(&tags(&server)));
    for app in [&a, &b, &c] {
        assert_eq!(erased(app).server, Some(true));
    }
    assert_eq!(erased(&a).came, 1, "what was sealed before it was heard of");
}

/// What was recorded of others in the envelope is sealed anew.
#[test]
fn what_stood_beside_changes_of_an_erased_chart_stays() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let mut patients = register_many(&a, 12);
    patients.iter().for_each(|patient| allergy(&a, *patient, "Latex"));
    synced(&a);
    let gone = patients.remove(3);
    let (packs, keys) = (super::packs_held(&server), tags(&server));
    assert_eq!(closed(&server, Kind::Pack), 0);
    synced(&b);
    erase(&b, gone);
    synced(&b);
    // That in which the charts came whole, and that of later changes; each is sealed anew without it.
    assert_eq!((closed(&server, Kind::Pack), super::packs_held(&server)), (2, packs + 2));
    assert!(keys.difference(&tags(&server)).count() >= 2);
    let c = join(&Station::new(&server), code);
    assert_eq!(synced(&c).alarms, []);
    synced(&a);
    for app in [&a, &b, &c] {
        is_gone(app, gone);
        assert_eq!(erased(app).packs, 0);
        assert!(app.check().unwrap().sound);
    }
    assert_same(&[&a, &b, &c], &patients);
    assert_eq!(chart(&c, patients[0]).allergies.len(), 2);
}

/// Until its computer hears of it, it is told that one stands; then that is closed, too.
#[test]
fn what_who_had_not_heard_sealed_together_is_closed_once_it_has() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients[0];
    synced(&b);
    erase(&a, gone);
    synced(&a);
    patients.iter().for_each(|patient| allergy(&b, *patient, "Latex"));
    carry(&b, &a);
    is_gone(&a, gone);
    patients.remove(0);
    assert_same(&[&a, &b], &patients);
    let here = erased(&a);
    assert!((here.came, here.packs) == (1, 1), "{here:?}");
    for app in [&b, &a, &b, &a] {
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
    }
    for app in [&a, &b] {
        is_gone(app, gone);
        assert_eq!(erased(app).packs, 0);
    }
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&c);
    is_gone(&c, gone);
    assert_same(&[&a, &b, &c], &patients);
    assert_eq!(chart(&c, patients[0]).allergies.len(), 2);
}

#[test]
fn what_comes_for_an_erased_chart_is_counted_and_not_taken_in() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(0);
    synced(&b);
    erase(&a, gone);
    synced(&a);
    // Sealed by who has not heard: a change with its key, and a draft that nobody knows.
    allergy(&b, gone, "Latex");
    note(&b, gone);
    carry(&b, &a);
    is_gone(&a, gone);
    let here = erased(&a);
    assert!(here.came >= 1, "{here:?}");
    let view = call(&a, api::GetSyncState {});
    assert_eq!((view.phase, view.quarantined), (SyncPhase::Idle, 0), "nothing is set aside");
    for app in [&b, &a, &b, &a] {
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
    }
    for app in [&a, &b] {
        is_gone(app, gone);
        assert_eq!(call(app, api::GetSyncState {}).quarantined, 0);
        assert!(app.check().unwrap().sound);
    }
    assert!(closed(&server, Kind::Change) >= 3);
    assert_same(&[&a, &b], &patients);
}

#[test]
fn a_computer_put_back_from_a_copy_follows() {
    let server = Server::default();
    let ([station_a, station_b], [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(0);
    synced(&b);
    drop((a, b));
    let (copy_a, copy_b) = (station_a.copy(), station_b.copy());
    let (a, b) = (station_a.sign_in(), station_b.sign_in());
    erase(&a, gone);
    synced(&a);
    synced(&b);
    drop((a, b));
    // Also the one where it was said.
    station_a.restore(&copy_a);
    station_b.restore(&copy_b);
    let (a, b) = (station_a.sign_in(), station_b.sign_in());
    for app in [&b, &a] {
        assert!(chart(app, gone).patient.is_some(), "a copy has what it had");
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
        is_gone(app, gone);
        assert!(app.check().unwrap().sound);
    }
    for app in [&a, &b] {
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
    }
    assert!(closed(&server, Kind::Pack) >= 1 && closed(&server, Kind::Change) >= 1);
    assert_same(&[&a, &b], &patients);
}

/// It has the name of its log still, and the keys that it had taken away.
#[test]
fn a_server_put_back_from_a_copy_is_told_again() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(0);
    synced(&b);
    let copy = server.state();
    let before = tags(&server);
    erase(&a, gone);
    synced(&a);
    synced(&b);
    let lost: BTreeSet<_> = before.difference(&tags(&server)).copied().collect();
    assert!(!lost.is_empty());
    server.stand(copy);
    assert!(lost.is_subset(&tags(&server)), "they stand again");
    // Whoever comes first: it fills the log as it was, and the others find no difference.
    synced(&b);
    assert!(lost.is_disjoint(&tags(&server)));
    synced(&a);
    for app in [&a, &b] {
        assert_eq!(erased(app).server, Some(true));
    }
    assert_same(&[&a, &b], &patients);
}

#[test]
fn a_floor_from_before_does_not_bring_an_erased_chart_back() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(4);
    for app in [&a, &b, &a] {
        synced(app);
    }
    let made = a.make_floor().unwrap();
    synced(&b);
    assert_eq!(server.floor(), made.above, "two computers vouch for it");
    erase(&b, gone);
    synced(&b);
    synced(&a);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let view = synced(&c);
    assert!(view.received < made.above + 20, "it began at the floor: {}", view.received);
    assert_eq!(view.alarms, []);
    for app in [&a, &b, &c] {
        is_gone(app, gone);
        assert_eq!(erased(app).packs, 0);
    }
    assert_same(&[&a, &b, &c], &patients);
    assert!(closed(&server, Kind::Pack) >= 2, "the pack it came in, and that of the floor");
}

/// Who was away begins at a floor, above what said that a chart is erased.
#[test]
fn a_floor_made_after_an_erasing_tells_of_it() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(4);
    for app in [&b, &c, &a] {
        synced(app);
    }
    allergy(&c, gone, "Latex");
    erase(&a, gone);
    for app in [&a, &b, &a] {
        synced(app);
    }
    let made = a.make_floor().unwrap();
    synced(&b);
    assert_eq!(server.floor(), made.above);
    assert!(said(&server) >= 2, "once below the floor, and once above it");
    for app in [&c, &a, &b, &c] {
        synced(app);
    }
    for app in [&a, &b, &c] {
        is_gone(app, gone);
        assert_eq!(erased(app).server, Some(true));
        assert!(app.check().unwrap().sound);
    }
    assert_same(&[&a, &b, &c], &patients);
}

/// Its key goes with the chart, and who reads of it later is told that it is not to be waited for.
#[test]
fn a_draft_that_nobody_else_knew_of_is_waited_for_by_nobody() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 3);
    let gone = patients.remove(0);
    synced(&b);
    erase(&a, gone);
    synced(&a);
    note(&b, gone);
    for app in [&b, &a, &b, &a] {
        assert_eq!(synced(app).alarms, []);
        is_gone(app, gone);
    }
    assert_eq!(said(&server), 2, "of the chart, and of the draft: nobody says again what all know");
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    assert_eq!(synced(&c).alarms, []);
    assert_same(&[&a, &b, &c], &patients);
}

#[test]
fn an_erasing_travels_on_a_stick_where_there_is_no_server() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let mut patients = register_many(&a, 9);
    let gone = patients.remove(0);
    synced(&b);
    let keys = tags(&server).len();
    server.set_away(true);
    // What is not sealed yet goes with the chart, and that is told.
    allergy(&b, gone, "Latex");
    erase(&a, gone);
    carry(&a, &b);
    is_gone(&b, gone);
    let there = erased(&b);
    assert_eq!((there.unsent, there.server), (1, Some(false)), "the server was not told yet");
    assert_eq!(tags(&server).len(), keys);
    server.set_away(false);
    // Whoever heard of it tells the server.
    synced(&b);
    assert_eq!(erased(&b).server, Some(true));
    assert!(tags(&server).len() < keys + 2 && closed(&server, Kind::Pack) >= 1);
    synced(&a);
    assert_same(&[&a, &b], &patients);
}

/// Whoever has the keys of a computer that was removed seals a pack under the name of another's, and says
/// that a chart is in it that is erased later.
#[test]
fn a_pack_under_the_name_of_another_takes_no_chart_with_it() {
    let server = Server::default();
    let ([_, station_b], [a, b]) = two(&server);
    let patients = register_many(&a, 9);
    let gone = register(&a, "Achieng");
    synced(&a);
    for substance in ["Latex", "Nuts"] {
        synced(&b);
        allergy(&b, patients[0], substance);
        synced(&b);
    }
    synced(&a);
    let device = call(&b, api::ListDevices {}).iter().find(|device| device.here).unwrap().id;
    drop(b);
    call(&a, api::RevokeDevice { device });
    synced(&a);
    let document = DocumentName::new("chart", *gone.uuid().as_bytes()).unwrap();
    let packed = Packed { document, bytes: b"no document at all".to_vec() };
    let pack = Pack::new(hostile::pack_id(&station_b), vec![packed]).unwrap();
    let (twin, keys) = hostile::twin(&station_b, &Payload::Pack(pack), 2);
    server.pass_on(&(vec![twin], keys));
    assert_eq!(call(&a, api::SyncNow {}).quarantined, 1, "it waits for a person");
    erase(&a, gone);
    call(&a, api::SyncNow {});
    // Who joins has nothing of them yet.
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    call(&c, api::SyncNow {});
    is_gone(&c, gone);
    assert_same(&[&a, &c], &patients);
}

/// A clinic's own number may be of any length: as much of it is told as a word has room for.
#[test]
fn a_chart_with_a_long_number_is_erased_everywhere_and_stays_so_above_a_floor() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = register_many(&a, 3);
    let number = format!("A{}", "\u{e9}".repeat(100));
    let draft = PatientDraft {
        family: "Okello".into(),
        given: "Amina".into(),
        identifier: number.clone(),
        ..PatientDraft::default()
    };
    let gone = call(&a, api::RegisterPatient { draft });
    synced(&a);
    synced(&b);
    let ground = "asked for by the patient".to_owned();
    call(&a, api::EraseChart { patient: gone, number: number.clone(), ground });
    for app in [&a, &b, &a] {
        synced(app);
        is_gone(app, gone);
    }
    let told = erased(&b).number;
    assert!(number.starts_with(&told) && told.len() == 127, "{told}");
    a.make_floor().unwrap();
    synced(&b);
    assert!(server.floor() > 0);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&c);
    assert_eq!((erased(&a).number, erased(&c).number), (number, told));
    assert_same(&[&a, &b, &c], &patients);
}

/// Somebody at this computer takes the chart for another's while it is being erased.
#[test]
fn a_chart_that_is_merged_meanwhile_is_not_erased() {
    let server = Server::default();
    let ([at_a, _], [a, _b]) = two(&server);
    let (patient, other) = (register(&a, "Okello"), register(&a, "Okelo"));
    let a = Arc::new(a);
    let merges = Arc::clone(&a);
    at_a.before(Asks::Clock, move || {
        call(&*merges, api::MergePatients { patient, other });
    });
    let ground = "asked for by the patient".to_owned();
    let command = api::EraseChart { patient, number: number(patient), ground };
    assert_eq!(refused(&a, command), ErrorCode::Invalid);
    assert_eq!(call(&*a, api::ListErased {}).len(), 0);
    assert_eq!(call(&*a, api::OpenChart { patient }).also.len(), 1);
}

/// Who reaches nobody itself, and is only asked, tells of it all the same.
#[test]
fn who_asks_a_computer_is_told_what_was_erased_there() {
    let (_server, [a, b, c]) = three();
    let mut patients: Vec<_> = (0..9).map(|n| register(&a, &format!("Okello {n}"))).collect();
    meet(&b, "a");
    meet(&c, "b");
    let gone = patients.remove(4);
    erase(&a, gone);
    assert!(!erased(&a).said);
    meet(&b, "a");
    is_gone(&b, gone);
    let there = erased(&a);
    assert!(there.said && there.packs == 0, "{there:?}");
    // Nothing more is said of it.
    assert_eq!(meet(&b, "a"), (0, 0));
    meet(&c, "b");
    is_gone(&c, gone);
    assert_same(&[&a, &b, &c], &patients);
    assert!([&a, &b, &c].iter().all(|app| app.check().unwrap().sound));
}

/// The tag of a document, as a station's keys name it. Its program must be closed.
fn tag_of(station: &Station, kind: &str, id: &[u8; 16]) -> DocTag {
    let (_, store) = hostile::open(station);
    let keys = store.named("sync/clinic-keys").unwrap().unwrap();
    let keys = ClinicKeys::from_bytes(&keys).unwrap();
    DocTag(keys.doc_tag_key().derive_doc_tag(kind, id))
}

#[test]
fn a_word_about_one_chart_takes_no_key_of_another() {
    let server = Server::default();
    let ([_, station_b], [a, b]) = two(&server);
    let mut patients = register_many(&a, 3);
    let gone = patients.remove(0);
    synced(&b);
    let clinic = server.held().0[0].header().clinic.0;
    drop(b);
    let mut named = vec![tag_of(&station_b, "clinic", &clinic)];
    for patient in [gone, patients[0]] {
        named.push(tag_of(&station_b, "chart", patient.uuid().as_bytes()));
    }
    let document = DocumentName::new("chart", *gone.uuid().as_bytes()).unwrap();
    let erasure = Erasure::new(document, named, ("1".into(), "x".into()), ([1; 16], 1)).unwrap();
    hostile::push(&station_b, &server, &Payload::Notice(Notice::Erase(erasure)));
    synced(&a);
    is_gone(&a, gone);
    allergy(&a, patients[0], "Latex");
    synced(&a);
    let b = station_b.sign_in();
    assert_eq!(call(&b, api::SyncNow {}).phase, SyncPhase::Idle);
    synced(&a);
    assert_same(&[&a, &b], &patients);
    assert_eq!(chart(&b, patients[0]).allergies.len(), 2, "what is written is still read");
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
}
