//! Files in a chart between computers on one local network, with no server: asked for where they
//! are, gone on with where they broke off, and never taken for others.

use super::documents::{LETTER, add, item, save};
use super::peers::{meet, three_stations};
use super::{Asks, Station, call, chart, refused, register, server::Server, synced};
use api::{ErrorCode, Origin};
use app::App;
use clinical::{DocumentReferenceId, PatientId};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::channel,
    },
    thread::{self, JoinHandle},
};
use sync::{
    ids::{BlobId, ClinicId},
    wire::{
        BlobPart, BlobPartRequest, BlobsHeld, BlobsRequest, Frame, RefusalCode, path, read_reply,
    },
};

fn show(app: &App<Station>, (patient, document): (PatientId, DocumentReferenceId)) -> ErrorCode {
    refused(app, api::ShowDocument { patient, document })
}

/// More than three parts, of which none is like another.
fn scan() -> Vec<u8> {
    let noise = (0..800_000_u32).map(|n| (n.wrapping_mul(0x9e37_79b9) >> 23) as u8);
    LETTER.iter().copied().chain(noise).collect()
}

#[test]
fn a_file_is_opened_from_the_computer_that_has_it_and_passed_on() {
    let (_server, lan, [at_a, at_b, at_c], [a, b, c]) = three_stations();
    let patient = register(&a, "Okello");
    let letter = add((&at_a, &a), patient, LETTER);
    meet(&b, "a");
    assert_eq!(item(&b, patient), (false, false), "nothing was fetched unasked");
    assert_eq!(save(&at_b, &b, (patient, letter)), LETTER);
    assert_eq!(item(&b, patient), (true, false), "the server was not asked and has nothing");
    // One further, from who has it by now: the first is switched off.
    lan.switch_off("a");
    meet(&c, "b");
    assert_eq!(save(&at_c, &c, (patient, letter)), LETTER);
    assert!([&a, &b, &c].iter().all(|app| app.check().unwrap().sound));
}

#[test]
fn what_is_kept_comes_by_itself_and_what_comes_nearby_goes_to_the_server() {
    let (server, lan, [at_a, ..], [a, b, _c]) = three_stations();
    let (okello, achieng) = (register(&a, "Okello"), register(&a, "Achieng"));
    let first = add((&at_a, &a), okello, LETTER);
    add((&at_a, &a), achieng, b"%PDF-1.4 other");
    meet(&b, "a");
    call(&b, api::KeepDocuments { patient: Some(okello), on: true });
    b.fetch_files_nearby().unwrap();
    assert_eq!((item(&b, okello).0, item(&b, achieng).0), (true, false));
    call(&b, api::KeepDocuments { patient: None, on: true });
    // It is gone, and with it the way to the other file; nothing is said to have failed.
    lan.switch_off("a");
    b.carry_files().unwrap();
    assert!(!item(&b, achieng).0);
    // Whoever meets the server first brings it what is here, also of who added it elsewhere.
    server.set_away(false);
    synced(&b);
    assert_eq!(item(&b, okello), (true, true));
    assert_eq!(server.blobs().len(), 1);
    synced(&a);
    call(&b, api::ShowDocument { patient: okello, document: first });
    synced(&b);
    assert_eq!(item(&b, achieng), (true, true));
}

/// A neighbour may be slow, or never answer.
#[test]
fn what_is_nowhere_else_goes_to_the_server_before_a_neighbour_is_met() {
    let (server, _lan, [at_a, at_b, _], [a, b, _c]) = three_stations();
    let (okello, achieng) = (register(&a, "Okello"), register(&a, "Achieng"));
    add((&at_a, &a), okello, LETTER);
    meet(&b, "a");
    add((&at_b, &b), achieng, b"%PDF-1.4 other");
    call(&b, api::KeepDocuments { patient: None, on: true });
    server.set_away(false);
    call(&*b, api::SyncNow {});
    let held = Arc::new(AtomicUsize::new(usize::MAX));
    let noted = Arc::clone(&held);
    at_b.before(Asks::Neighbour, move || noted.store(server.blobs().len(), Ordering::SeqCst));
    b.carry_files().unwrap();
    assert_eq!(held.load(Ordering::SeqCst), 1);
    assert_eq!((item(&b, okello).0, item(&b, achieng)), (true, (true, true)));
}

/// Two open the same letter: when the turn of the second comes, it is here.
#[test]
fn what_came_while_its_turn_was_waited_for_is_asked_of_nobody() {
    let (_server, lan, [at_a, at_b, _], [a, b, _c]) = three_stations();
    let patient = register(&a, "Okello");
    let document = add((&at_a, &a), patient, LETTER);
    meet(&b, "a");
    let show = api::ShowDocument { patient, document };
    let (second, seconds) = channel();
    let (also, shows) = (Arc::clone(&b), show.clone());
    at_b.before(Asks::Neighbour, move || {
        let (place, places) = channel();
        let reading = thread::spawn(move || {
            place.send(std::fs::read_link("/proc/thread-self").unwrap_or_default()).unwrap();
            also.call(shows, Origin::Host)
        });
        until_it_waits(&Path::new("/proc").join(places.recv().unwrap()), &reading);
        second.send(reading).unwrap();
    });
    at_b.before(Asks::Neighbour, move || lan.switch_off("a"));
    call(&b, show);
    let shown = seconds.recv().unwrap().join().unwrap();
    assert!(shown.is_ok(), "{:?}", shown.err());
}

/// Returns once a thread waits for another, where the system tells it.
fn until_it_waits<T>(place: &Path, reading: &JoinHandle<T>) {
    let is_waiting = |stat: String| stat.rsplit(") ").next().is_some_and(|it| it.starts_with('S'));
    let mut seen = 0;
    while let Ok(stat) = std::fs::read_to_string(place.join("stat")) {
        seen = if is_waiting(stat) { seen + 1 } else { 0 };
        if seen > 100 || reading.is_finished() {
            return;
        }
        thread::yield_now();
    }
}

#[test]
fn who_does_not_have_it_says_so_and_the_next_is_asked() {
    let (server, _lan, [at_a, at_b, at_c], [a, b, c]) = three_stations();
    let patient = register(&a, "Okello");
    let letter = add((&at_a, &a), patient, LETTER);
    let whose = (patient, letter);
    meet(&b, "a");
    meet(&c, "b");
    let told = c.call(api::ShowDocument { patient, document: letter }, Origin::Host);
    let told = told.unwrap_err();
    assert_eq!(told.code, ErrorCode::FileNotHere);
    assert!(told.detail.contains("on the local network"), "{told}");
    // The server last: it has it, and nobody nearby that was met.
    server.set_away(false);
    synced(&a);
    assert_eq!(save(&at_c, &c, whose), LETTER);
    assert_eq!(item(&c, patient), (true, true));
    server.set_away(true);
    // And by now a third nearby.
    meet(&b, "c");
    assert_eq!(save(&at_b, &b, whose), LETTER);
}

#[test]
fn what_a_lying_computer_gives_is_seen_by_nobody_and_the_next_is_asked() {
    let check = |lie: fn(&mut Vec<u8>), want: ErrorCode| {
        let (server, lan, [at_a, _, at_c], [a, b, c]) = three_stations();
        let patient = register(&a, "Okello");
        let letter = add((&at_a, &a), patient, LETTER);
        meet(&b, "a");
        call(&b, api::KeepDocuments { patient: None, on: true });
        b.fetch_files_nearby().unwrap();
        meet(&c, "b");
        // There is no server here: what is told is of who was asked.
        server.set_away(false);
        lan.lie("b", Some(lie));
        assert_eq!(show(&c, (patient, letter)), want);
        assert!(!item(&c, patient).0, "nothing of it stays");
        assert_eq!(chart(&c, patient).documents.len(), 1, "the chart is as it was");
        call(&c, api::KeepDocuments { patient: None, on: true });
        c.fetch_files_nearby().unwrap();
        assert!(!item(&c, patient).0, "kept or opened, it goes through the one door");
        // An honest one beside it is enough, whatever the first has left here.
        meet(&c, "a");
        meet(&c, "b");
        assert_eq!(save(&at_c, &c, (patient, letter)), LETTER);
    };
    check(|part| part[40] ^= 1, ErrorCode::FileDamaged);
    check(|part| part.fill(0), ErrorCode::FileDamaged);
    check(|part| part.truncate(20), ErrorCode::FileNotHere);
    check(|part| part.clear(), ErrorCode::FileNotHere);
    check(|part| part.extend([0; 9]), ErrorCode::FileNotHere);
}

#[test]
fn a_line_that_breaks_off_goes_on_where_it_was_by_any_of_the_ways() {
    let (server, lan, [at_a, at_b, _], [a, b, c]) = three_stations();
    let patient = register(&a, "Okello");
    let scan = scan();
    let letter = add((&at_a, &a), patient, &scan);
    meet(&b, "a");
    lan.cut_after("a", 2);
    assert_eq!(show(&b, (patient, letter)), ErrorCode::FileNotHere);
    let before = lan.parts("a");
    assert_eq!(before, 2);
    // The program ends, and begins anew; the rest comes, and nothing twice.
    lan.switch_off("b");
    drop(b);
    let b = at_b.sign_in();
    meet(&b, "a");
    lan.cut_after("a", 1);
    assert_eq!(show(&b, (patient, letter)), ErrorCode::FileNotHere);
    assert_eq!(lan.parts("a"), before + 1);
    server.set_away(false);
    synced(&a);
    let whole = server.blobs().values().map(Vec::len).sum::<usize>();
    lan.switch_off("a");
    assert_eq!(save(&at_b, &b, (patient, letter)), scan);
    let given = server.blob_bytes_given();
    assert_eq!(given, whole - 3 * 256 * 1024, "the server gave what was left");
    assert!(c.check().unwrap().sound);
}

#[test]
fn a_stranger_is_given_nothing_and_hears_nothing() {
    let (server, _lan, [at_a, ..], [a, ..]) = three_stations();
    let patient = register(&a, "Okello");
    add((&at_a, &a), patient, LETTER);
    let other_server = Server::default();
    let strange = super::clinic(&Station::new(&other_server));
    synced(&strange);
    let stranger = other_server.device_keys().remove(0);
    let name = chart(&a, patient).documents[0].blob_id().unwrap();
    let (id, clinic) = (BlobId(name), server.clinic());
    let held = BlobsRequest { clinic, ids: vec![id] }.to_frame();
    let part = BlobPartRequest { clinic, id, from: 0 }.to_frame();
    for (path, frame) in [(path::BLOBS, &held), (path::BLOB_PART, &part)] {
        let told = a.answer(&stranger, path, frame).unwrap_err();
        assert_eq!(told.code, RefusalCode::UnknownDevice, "{path}");
    }
    // One of the clinic is, of this clinic alone, and of what lies under a name alone.
    let own = server.device_keys().remove(1);
    let asked = |path: &str, frame: &[u8]| a.answer(&own, path, frame);
    let reply = asked(path::BLOBS, &held).unwrap();
    assert_eq!(read_reply::<BlobsHeld>(&reply).unwrap().unwrap().ids, [id]);
    let reply = read_reply::<BlobPart>(&asked(path::BLOB_PART, &part).unwrap()).unwrap().unwrap();
    assert_eq!(reply.part.len() as u64, reply.bytes);
    let wrong = |clinic, id, from, want| {
        let frame = BlobPartRequest { clinic, id, from }.to_frame();
        assert_eq!(asked(path::BLOB_PART, &frame).unwrap_err().code, want);
    };
    wrong(ClinicId([9; 16]), id, 0, RefusalCode::UnknownClinic);
    wrong(clinic, BlobId([9; 32]), 0, RefusalCode::NotFound);
    wrong(clinic, id, reply.bytes, RefusalCode::Malformed);
    wrong(clinic, id, u64::MAX, RefusalCode::Malformed);
    call(&a, api::SetLan { on: false });
    assert_eq!(asked(path::BLOBS, &held).unwrap_err().code, RefusalCode::Unavailable);
}
