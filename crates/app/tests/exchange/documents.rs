//! Files in a chart between computers: named at once, fetched when they are wanted, never taken for
//! others.

use super::server::Server;
use super::{Asks, Station, call, chart, join, refused, register, synced, two};
use api::{DocumentItem, ErrorCode, SyncPhase};
use app::App;
use clinical::{
    DocumentCategory, DocumentDraft, DocumentReferenceId, EntryKind, EntryRef, PatientId,
};
use std::{path::PathBuf, sync::Arc};

pub(super) const LETTER: &[u8] = b"%PDF-1.7\nDear colleague, thank you for seeing Mrs Okello.\n";

fn file(station: &Station, name: &str, bytes: &[u8]) -> String {
    let folder = station.desk.path().join("in");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn draft(title: &str) -> DocumentDraft {
    DocumentDraft { title: title.into(), category: DocumentCategory::Letter }
}

pub(super) fn add(
    (station, app): (&Station, &App<Station>),
    patient: PatientId,
    bytes: &[u8],
) -> DocumentReferenceId {
    let path = file(station, "letter.exe", bytes);
    let recorded = call(app, api::AddDocument { patient, path, draft: draft("Letter") });
    DocumentReferenceId::from_uuid(recorded.entries[0].id)
}

pub(super) fn item(app: &App<Station>, patient: PatientId) -> (bool, bool) {
    let view = call(app, api::ListDocuments { patient });
    let [DocumentItem { here, on_server, .. }] = view.documents[..] else { panic!("{view:?}") };
    (here, on_server)
}

pub(super) fn save(
    station: &Station,
    app: &App<Station>,
    whose: (PatientId, DocumentReferenceId),
) -> Vec<u8> {
    let out: PathBuf = station.desk.path().join(format!("out-{}", whose.1));
    let path = out.clone().into_os_string().into_string().unwrap();
    let (patient, document) = whose;
    call(app, api::SaveDocument { patient, document, path: path.clone() });
    let again = api::SaveDocument { patient, document, path };
    assert_eq!(refused(app, again), ErrorCode::AlreadyExists);
    std::fs::read(out).unwrap()
}

#[test]
fn a_file_is_named_at_once_and_fetched_when_it_is_wanted() {
    let server = Server::default();
    let ([here, there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let letter = add((&here, &a), patient, LETTER);
    assert_eq!(item(&a, patient), (true, false), "on this computer alone");
    synced(&a);
    assert_eq!(item(&a, patient), (true, true));
    assert!(!server.everything_kept().windows(8).any(|it| it == b"colleagu"), "it is blind");

    synced(&b);
    let named = chart(&b, patient).documents.remove(0);
    assert_eq!(
        (named.id, named.title.as_str(), named.size),
        (letter, "Letter", LETTER.len() as u64)
    );
    assert_eq!(named.content_type, clinical::ContentType::Pdf, "whatever it was called");
    assert_eq!(item(&b, patient), (false, true), "nothing was fetched unasked");

    server.set_away(true);
    let show = api::ShowDocument { patient, document: letter };
    let told = b.call(show.clone(), api::Origin::Host).unwrap_err();
    assert_eq!(told.code, ErrorCode::FileNotHere);
    assert!(told.detail.contains("once the server can be reached"), "{told}");
    server.set_away(false);
    assert_eq!(save(&there, &b, (patient, letter)), LETTER);
    assert_eq!(item(&b, patient), (true, true));
    server.set_away(true);
    assert!(call(&b, show).data.starts_with("JVBERi0"), "it is here now");
    assert_eq!(save(&here, &a, (patient, letter)), LETTER);
    let audit =
        call(&b, api::ReadAudit { from: api::AuditFrom::Newest, patient: Some(patient), limit: 9 });
    let shown = audit.rows.iter().filter(|row| row.resource == "show-document").count();
    assert_eq!(shown, 1, "what was not shown leaves no row");
}

#[test]
fn what_a_lying_server_gives_is_seen_by_nobody() {
    let check = |lie: fn(&mut Vec<u8>), want: ErrorCode| {
        let server = Server::default();
        let ([here, _there], [a, b]) = two(&server);
        let patient = register(&a, "Okello");
        let letter = add((&here, &a), patient, LETTER);
        synced(&a);
        synced(&b);
        let truth = server.blobs();
        server.change_blobs(lie);
        let show = api::ShowDocument { patient, document: letter };
        assert_eq!(refused(&b, show.clone()), want);
        assert!(!item(&b, patient).0, "nothing of it stays");
        assert_eq!(chart(&b, patient).documents.len(), 1, "the chart is as it was");
        call(&a, show.clone());
        server.set_blobs(truth);
        call(&b, show);
    };
    check(|bytes| bytes[40] ^= 1, ErrorCode::FileDamaged);
    check(|bytes| bytes.truncate(20), ErrorCode::FileDamaged);
    check(|bytes| bytes.clear(), ErrorCode::FileDamaged);
    check(|bytes| bytes.extend([0; 9]), ErrorCode::FileDamaged);
}

#[test]
fn a_server_that_has_it_no_more_gets_it_again() {
    let server = Server::default();
    let ([here, _there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let letter = add((&here, &a), patient, LETTER);
    synced(&a);
    synced(&b);
    server.set_blobs(Default::default());
    let show = api::ShowDocument { patient, document: letter };
    assert_eq!(refused(&b, show.clone()), ErrorCode::FileNotHere);
    assert_eq!(item(&b, patient), (false, false));
    // One that begins anew is asked what it has.
    server.wipe();
    synced(&a);
    synced(&b);
    call(&b, show);
}

/// One that was put back from a copy has the name of its log still.
#[test]
fn a_server_put_back_from_a_copy_gets_its_files_again() {
    let server = Server::default();
    let ([here, there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let copy = server.state();
    let letter = add((&here, &a), patient, LETTER);
    synced(&a);
    server.stand(copy);
    synced(&a);
    assert_eq!(item(&a, patient), (true, true));
    synced(&b);
    assert_eq!(save(&there, &b, (patient, letter)), LETTER);
    // Its log is what it was and its files are not: nothing tells, and within a week they are there.
    server.set_blobs(Default::default());
    let second = add((&there, &b), patient, b"%PDF-1.4 other");
    synced(&b);
    synced(&a);
    assert_eq!(server.blobs().len(), 1);
    let week = 7 * 24 * 60 * 60 * 1000;
    server.later(week);
    [&here, &there].iter().for_each(|station| station.desk.later(week));
    synced(&a);
    synced(&b);
    assert_eq!(server.blobs().len(), 2);
    assert_eq!(save(&here, &a, (patient, second)), b"%PDF-1.4 other");
}

#[test]
fn a_line_that_breaks_off_goes_on_where_it_was() {
    let server = Server::default();
    let ([here, there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let scan: Vec<u8> = [LETTER, &vec![b'x'; 200_000]].concat();
    let letter = add((&here, &a), patient, &scan);
    synced(&a);
    synced(&b);
    server.cut_blobs_after(90_000);
    let show = api::ShowDocument { patient, document: letter };
    assert_eq!(refused(&b, show.clone()), ErrorCode::FileNotHere);
    // The program ends, and begins anew.
    drop(b);
    let b = there.sign_in();
    let before = server.blob_bytes_given();
    call(&b, show);
    let given = server.blob_bytes_given() - before;
    assert!(given < 150_000, "{given}: what had come was not fetched again");
    assert_eq!(save(&there, &b, (patient, letter)), scan);
}

#[test]
fn what_is_kept_here_comes_by_itself() {
    let server = Server::default();
    let ([here, _there], [a, b]) = two(&server);
    let (okello, achieng) = (register(&a, "Okello"), register(&a, "Achieng"));
    for patient in [okello, achieng] {
        add((&here, &a), patient, LETTER);
    }
    synced(&a);
    synced(&b);
    call(&b, api::KeepDocuments { patient: Some(okello), on: true });
    assert!(call(&b, api::ListDocuments { patient: okello }).keep);
    synced(&b);
    assert_eq!((item(&b, okello).0, item(&b, achieng).0), (true, false));
    call(&b, api::KeepDocuments { patient: None, on: true });
    synced(&b);
    assert!(item(&b, achieng).0);
    call(&b, api::KeepDocuments { patient: None, on: false });
    call(&b, api::KeepDocuments { patient: Some(okello), on: false });
    let view = call(&b, api::ListDocuments { patient: okello });
    assert_eq!((view.keep, view.keep_all, view.documents[0].here), (false, false, true));
}

/// Whoever is kept is kept with all charts, whichever of them it was said of, and when.
#[test]
fn of_a_person_with_two_charts_the_files_of_both_are_kept() {
    for said_of in 0..2 {
        let server = Server::default();
        let ([here, _there], [a, b]) = two(&server);
        let charts = ["Okello", "Okelo"].map(|family| register(&a, family));
        for patient in charts {
            add((&here, &a), patient, LETTER);
        }
        synced(&a);
        synced(&b);
        call(&b, api::KeepDocuments { patient: Some(charts[said_of]), on: true });
        call(&a, api::MergePatients { patient: charts[0], other: charts[1] });
        synced(&a);
        synced(&b);
        synced(&b);
        for patient in charts {
            let view = call(&b, api::ListDocuments { patient });
            let here: Vec<_> = view.documents.iter().map(|item| item.here).collect();
            assert_eq!((view.keep, here), (true, vec![true, true]), "said of {said_of}");
        }
        call(&b, api::KeepDocuments { patient: Some(charts[1 - said_of]), on: false });
        let keep = |patient| call(&b, api::ListDocuments { patient }).keep;
        assert_eq!(charts.map(keep), [false, false], "said of {said_of}");
    }
}

/// Somebody opens it while an exchange is about to fetch it.
#[test]
fn what_came_by_another_way_meanwhile_is_not_fetched_again() {
    let server = Server::default();
    let ([here, there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let document = add((&here, &a), patient, LETTER);
    synced(&a);
    synced(&b);
    call(&b, api::KeepDocuments { patient: None, on: true });
    let b = Arc::new(b);
    let opens = Arc::clone(&b);
    there.before(Asks::Server, move || {
        call(&*opens, api::ShowDocument { patient, document });
    });
    b.carry_files().unwrap();
    assert_eq!(item(&b, patient), (true, true));
    let whole: usize = server.blobs().values().map(Vec::len).sum();
    assert_eq!(server.blob_bytes_given(), whole, "once");
}

#[test]
fn a_full_server_is_told_and_asked_again() {
    let server = Server::default();
    let ([here, _there], [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    add((&here, &a), patient, LETTER);
    server.set_blob_room(false);
    // The chart itself travels.
    assert_eq!(synced(&a).phase, SyncPhase::Idle);
    let view = call(&a, api::ListDocuments { patient });
    assert_eq!((view.waits, view.documents[0].on_server), (Some(ErrorCode::ServerFull), false));
    // Nobody takes the computer for one whose work is all at the server.
    let waits = |app| call(app, api::GetSyncState {}).files_wait;
    assert_eq!(waits(&a), Some(ErrorCode::ServerFull));
    server.set_blob_room(true);
    synced(&a);
    assert_eq!(waits(&a), None);
    let view = call(&a, api::ListDocuments { patient });
    assert_eq!((view.waits, view.documents[0].on_server), (None, true));
}

#[test]
fn what_a_chart_does_not_take_is_told() {
    let server = Server::default();
    let ([here, _], [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    let check = |path: String, code: &str| {
        let command = api::AddDocument { patient, path, draft: draft("x") };
        let told = a.call(command, api::Origin::Host).unwrap_err();
        let found = told.findings.first().map(|finding| finding.code.clone());
        assert_eq!((told.code, found.as_deref()), (ErrorCode::Invalid, Some(code)), "{told}");
    };
    check(file(&here, "letter.pdf", b"MZ\x90\0"), "file-kind");
    check(file(&here, "empty.pdf", b""), "file-kind");
    let large = here.desk.path().join("large.pdf");
    let handle = std::fs::File::create(&large).unwrap();
    handle.set_len(clinical::DOCUMENT_BYTES_MAX + 1).unwrap();
    check(large.into_os_string().into_string().unwrap(), "file-too-large");
    let folder = here.desk.path().to_str().unwrap().to_owned();
    let nothing = api::AddDocument { patient, path: folder, draft: draft("x") };
    assert_eq!(refused(&a, nothing), ErrorCode::UnreadableFile);
    assert!(chart(&a, patient).documents.is_empty());
}

#[test]
fn a_mistake_is_marked_and_what_opens_a_file_is_shown_nowhere() {
    let server = Server::default();
    let ([here, _], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let path = file(&here, "a", LETTER);
    let added = call(&a, api::AddDocument { patient, path, draft: draft("Letter") });
    let entry = added.entries[0];
    let seen = added.heads.clone();
    call(&a, api::UndoEdit { patient, entries: added.entries, before: added.before, seen });
    assert!(chart(&a, patient).is_withdrawn(EntryKind::Document, entry.id));
    let id = add((&here, &a), patient, LETTER);
    let second = EntryRef::new(EntryKind::Document, id.uuid());
    let reason = "of somebody else".to_owned();
    call(&a, api::WithdrawEntry { patient, entry: second, seen: None, reason });
    synced(&a);
    synced(&b);
    assert_eq!(chart(&b, patient), chart(&a, patient));
    assert_eq!(chart(&b, patient).withdrawn.len(), 2);
    let fields: Vec<String> = call(&b, api::GetHistory { patient, entry: second })
        .into_iter()
        .map(|item| item.field)
        .collect();
    assert!(fields.iter().any(|field| field == "value"), "{fields:?}");
    assert!(!fields.iter().any(|field| field == "key"), "{fields:?}");
}

#[test]
fn two_that_add_the_first_file_apart_have_added_two() {
    let server = Server::default();
    let ([here, there], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    add((&here, &a), patient, LETTER);
    add((&there, &b), patient, b"%PDF-1.4 other");
    for app in [&a, &b, &a] {
        synced(app);
    }
    assert_eq!(chart(&a, patient).documents.len(), 2);
    assert_eq!(chart(&a, patient), chart(&b, patient));
    // One that comes later has both.
    let c = Station::new(&server);
    let c = join(&c, call(&a, api::MakeDeviceCode {}).code);
    assert_eq!(chart(&c, patient).documents.len(), 2);
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
    for app in [&a, &b, &c] {
        app.rebuild(|_, _| {}).unwrap();
        assert_eq!(chart(app, patient).documents.len(), 2);
    }
}
