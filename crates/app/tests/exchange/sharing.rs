//! One chart passes between two clinics that share nothing else.

use super::{
    Server, Station, address, allergy, call, chart, clinic, conflicts, medication, refused,
    register, synced,
};
use crate::support::PASSWORD;
use api::{CardKnown, ErrorCode, GivenHere, GivenView, Origin, SharedFile, TakenIn};
use app::App;
use chart::{Actor, ChartDocument, ChartEdit};
use clinical::{
    ClinicId, DeviceId, DocumentCategory, DocumentDraft, DocumentReferenceId, Instant,
    MedicationId, NamedAuthor, NamedClinic, Patient, PatientDraft, PatientId, PractitionerId,
    Sharing, SharingDraft, SharingGround, SharingId, Stamp,
};
use std::path::PathBuf;
use sync::{
    codec::Canonical as _,
    given::{GivenChart, GivenFile},
};
use uuid::Uuid;
use vault::{ClinicKeys, card::Card, given, random::FixedEntropy};

const LETTER: &[u8] = b"%PDF-1.7\nDear colleague, thank you for seeing Mrs Okello.\n";

/// Another clinic, and what stands for the stick.
struct Two {
    here: Station,
    lakeside: App<Station>,
    hilltop: App<Station>,
    stick: tempfile::TempDir,
}

impl Two {
    fn new() -> Self {
        let (one, other) = (Server::default(), Server::default());
        let (here, there) = (Station::new(&one), Station::new(&other));
        let lakeside = clinic(&here);
        let hilltop = App::new(there);
        let create = api::CreateClinic {
            clinic_name: "Hilltop".into(),
            user_name: "ben".into(),
            name: "Dr Ben Otim".into(),
            password: PASSWORD.into(),
            device_name: None,
            server: Some(address()),
        };
        call(&hilltop, create);
        Self { here, lakeside, hilltop, stick: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.stick.path().join(name).display().to_string()
    }

    fn give(
        &self,
        (from, to): (&App<Station>, &App<Station>),
        patient: PatientId,
        name: &str,
    ) -> SharedFile {
        let path = self.path(name);
        let card = call(to, api::GetCard {}).card;
        let draft = said();
        call(from, api::ShareChart { patient, card, compared: true, draft, path })
    }

    fn take(&self, app: &App<Station>, name: &str) -> TakenIn {
        call(app, api::TakeInGiven { path: self.path(name), compared: false })
    }

    fn look(&self, app: &App<Station>, name: &str) -> GivenView {
        call(app, api::LookAtGiven { path: self.path(name) })
    }
}

fn said() -> SharingDraft {
    SharingDraft {
        ground: Some(SharingGround::Referral),
        reason: "Echo, please".into(),
        until: "2027-01-31".into(),
    }
}

#[test]
fn a_chart_goes_alone_and_comes_back() {
    let two = Two::new();
    let (lakeside, hilltop) = (&two.lakeside, &two.hilltop);
    let patient = register(lakeside, "Okello");
    let neighbour = register(lakeside, "Neighbour");
    allergy(lakeside, patient, "Penicillin");
    let draft = medication("Metformin", "500", "1");
    let entry = call(lakeside, api::RecordMedication { patient, draft }).entries[0];
    let metformin = MedicationId::from_uuid(entry.id);
    let letter = two.stick.path().join("letter.pdf");
    std::fs::write(&letter, LETTER).unwrap();
    let about = DocumentDraft { title: "Letter".into(), category: DocumentCategory::Letter };
    let path = letter.display().to_string();
    let file = call(lakeside, api::AddDocument { patient, path, draft: about }).entries[0];
    let file = DocumentReferenceId::from_uuid(file.id);

    let given = two.give((lakeside, hilltop), patient, "1");
    assert_eq!((given.files, given.left_out), (1, 0));
    let view = two.look(hilltop, "1");
    assert_eq!(
        (view.here, view.by.as_str(), view.in_our_name),
        (GivenHere::New, "Dr Ana Reyes", 0)
    );
    let taken = two.take(hilltop, "1");
    assert_eq!((taken.is_new, taken.conflicts, taken.left_out), (true, 0, 0));
    let (one, other) = (chart(lakeside, patient), chart(hilltop, patient));
    assert_eq!((&one.allergies, &one.shared), (&other.allergies, &other.shared));
    assert_eq!(refused(hilltop, api::OpenChart { patient: neighbour }), ErrorCode::NotFound);
    let content = call(hilltop, api::ShowDocument { patient, document: file });
    assert!(!content.data.is_empty());
    let named = call(hilltop, api::OpenChart { patient }).people;
    assert!(named.values().any(|name| name == "Dr Ana Reyes (Lakeside)"), "{named:?}");

    // It is on its way to the other computers there, as what was recorded there.
    synced(hilltop);
    let code = call(hilltop, api::MakeDeviceCode {}).code;
    let second = App::new(Station::new(&two_server(hilltop)));
    let password = PASSWORD.to_owned();
    call(&second, api::JoinClinic { code, device_name: "Ward".into(), password });
    synced(&second);
    assert_eq!(chart(&second, patient), chart(hilltop, patient));
    assert_eq!(call(&second, api::ListShared {})[0].by, "Dr Ana Reyes (Lakeside)");

    // Both write apart; what comes back is a conflict here.
    let dose = |app: &App<Station>, dose| {
        let draft = medication("Metformin", dose, "1");
        call(app, api::ChangeDosage { patient, medication: metformin, seen: None, draft });
    };
    dose(&second, "1000");
    dose(lakeside, "250");
    two.give((&second, lakeside), patient, "2");
    let view = two.look(lakeside, "2");
    let GivenHere::Merges { changes, conflicts: new } = view.here else { panic!("{view:?}") };
    assert!(changes > 0 && new == 1 && view.in_our_name == 0, "{view:?}");
    assert_eq!(view.from.known, CardKnown::Known);
    let taken = two.take(lakeside, "2");
    assert_eq!((taken.is_new, taken.changes, taken.conflicts), (false, changes, 1));
    assert_eq!(conflicts(lakeside).len(), 1);
    assert_eq!(two.take(lakeside, "2").changes, 0, "twice is once");
    synced(lakeside);
    let ours: Vec<bool> =
        call(lakeside, api::ListShared {}).iter().map(|one| one.is_ours).collect();
    assert_eq!(ours, [false, true]);
    drop(two.here);
}

/// The server that a clinic of these tests goes to.
fn two_server(app: &App<Station>) -> Server {
    app.host().server.clone()
}

/// What the rules find in what came becomes a task, there and at once.
#[test]
fn what_came_is_judged() {
    let two = Two::new();
    let patient = register(&two.lakeside, "Okello");
    two.give((&two.lakeside, &two.hilltop), patient, "1");
    two.take(&two.hilltop, "1");
    // Neither knows of the other's half.
    allergy(&two.hilltop, patient, "Penicillin");
    let draft = medication("Amoxicillin", "500", "3");
    call(&two.lakeside, api::RecordMedication { patient, draft });
    two.give((&two.lakeside, &two.hilltop), patient, "2");
    two.take(&two.hilltop, "2");
    let tasks = call(&two.hilltop, api::ListTasks { after: None, limit: 9 }).items;
    assert!(tasks.iter().any(|item| item.patient == patient), "{tasks:?}");
}

#[test]
fn a_clinic_is_known_by_its_number() {
    let two = Two::new();
    let (lakeside, hilltop) = (&two.lakeside, &two.hilltop);
    let patient = register(lakeside, "Okello");
    let card = call(hilltop, api::GetCard {}).card;
    let known = |app, card: &str| call(app, api::ReadCard { card: card.to_owned() }).known;
    assert_eq!(known(lakeside, &card), CardKnown::New);
    assert_eq!(known(hilltop, &card), CardKnown::Own);
    let share = |card: &str, compared, name: &str| {
        let (card, path) = (card.to_owned(), two.path(name));
        lakeside
            .call(api::ShareChart { patient, card, compared, draft: said(), path }, Origin::Host)
    };
    let error = share(&card, false, "1").unwrap_err();
    assert_eq!((error.code, error.findings[0].code.as_str()), (ErrorCode::Invalid, "not-compared"));
    assert!(chart(lakeside, patient).shared.is_empty());
    assert!(std::fs::read_dir(two.stick.path()).unwrap().next().is_none(), "no file");
    share(&card, true, "1").unwrap();
    assert_eq!(known(lakeside, &card), CardKnown::Known);
    share(&card, false, "2").unwrap();
    // It came with a chart, and nobody compared it.
    two.take(hilltop, "2");
    let lakes = call(lakeside, api::GetCard {}).card;
    assert_eq!(known(hilltop, &lakes), CardKnown::Met);
    // Somebody else by that id.
    let id = *Card::parse(&card).unwrap().clinic();
    let keys = ClinicKeys::make(&mut FixedEntropy::new(9));
    let other = Card::derive(&keys, &id, "Hilltop").unwrap().to_string();
    assert_eq!(known(lakeside, &other), CardKnown::Differs);
    assert_eq!(share(&other, true, "3").unwrap_err().code, ErrorCode::BadCode);
    assert_eq!(share(&lakes, true, "3").unwrap_err().code, ErrorCode::BadCode, "our own");
    assert_eq!(share("ABCD", true, "3").unwrap_err().code, ErrorCode::BadCode);
    assert_eq!(share(&card, true, "2").unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(chart(lakeside, patient).shared.len(), 2, "what was refused is not recorded");
}

/// A clinic that says what no program of ours would.
struct Hand {
    id: [u8; 16],
    keys: ClinicKeys,
    to: Card,
    path: PathBuf,
}

impl Hand {
    fn new(two: &Two) -> Self {
        let card = call(&two.lakeside, api::GetCard {}).card;
        Self {
            id: [9; 16],
            keys: ClinicKeys::make(&mut FixedEntropy::new(5)),
            to: Card::parse(&card).unwrap(),
            path: two.stick.path().join("hostile"),
        }
    }

    fn sharing(&self) -> Sharing {
        let clinic = |id: &[u8; 16], name: &str| NamedClinic {
            id: ClinicId::from_uuid(Uuid::from_bytes(*id)),
            name: name.to_owned(),
        };
        Sharing {
            id: SharingId::from_uuid(Uuid::from_bytes([8; 16])),
            from: clinic(&self.id, "Elsewhere"),
            to: clinic(self.to.clinic(), "Lakeside"),
            ground: SharingGround::Request,
            reason: None,
            until: None,
            by: author(1),
            at: Instant::from_unix_ms(1),
            authors: vec![NamedAuthor { id: author(1), name: "Dr Who".into() }],
        }
    }

    fn document(&self, sharing: Sharing, by: PractitionerId) -> ChartDocument {
        let mut document = ChartDocument::new(patient(), Actor::from_random([3; 16]));
        let device = DeviceId::from_uuid(Uuid::from_bytes([4; 16]));
        let stamp = Stamp { author: by, device, at: Instant::from_unix_ms(1) };
        let edits = [ChartEdit::RecordPatient(person()), ChartEdit::RecordSharing(sharing)];
        document.apply(&edits, stamp).unwrap();
        document
    }

    fn given(&self, document: Vec<u8>) -> GivenChart {
        GivenChart {
            patient: *patient().uuid().as_bytes(),
            sharing: [8; 16],
            left_out: 0,
            document,
            files: Vec::new(),
        }
    }

    fn seal(&self, content: &[u8]) -> String {
        let own = Card::derive(&self.keys, &self.id, "Elsewhere").unwrap();
        let entropy = &mut FixedEntropy::new(1);
        let file = given::give(&self.keys, &own, &self.to, content, entropy).unwrap();
        std::fs::write(&self.path, file).unwrap();
        self.path.display().to_string()
    }
}

fn author(byte: u8) -> PractitionerId {
    PractitionerId::from_uuid(Uuid::from_bytes([byte; 16]))
}

fn patient() -> PatientId {
    PatientId::from_uuid(Uuid::from_bytes([6; 16]))
}

fn person() -> Patient {
    let draft = PatientDraft {
        family: "Okello".into(),
        given: "Amina".into(),
        birth_date: "1988-03-14".into(),
        ..PatientDraft::default()
    };
    draft.complete(patient(), &"2026-11-28".parse().unwrap()).unwrap()
}

#[test]
fn what_a_clinic_says_falsely_is_not_taken_in() {
    let two = Two::new();
    let hand = Hand::new(&two);
    let before = call(&two.lakeside, api::FindPatients { query: String::new(), limit: 9 });
    let check = |content: Vec<u8>, words: &str| {
        let path = hand.seal(&content);
        let take = api::TakeInGiven { path: path.clone(), compared: true };
        let error = two.lakeside.call(take, Origin::Host).unwrap_err();
        assert_eq!(error.code, ErrorCode::UnreadableFile, "{words}: {error}");
        assert!(error.detail.contains(words), "{words}: {error}");
        let look = two.lakeside.call(api::LookAtGiven { path }, Origin::Host).unwrap_err();
        assert_eq!(look, error);
    };
    let plain = |sharing| hand.document(sharing, author(1)).save_plain();
    let content = |document| hand.given(document).to_bytes();
    let ours = hand.sharing();
    let other =
        || NamedClinic { id: ClinicId::from_uuid(Uuid::from_bytes([7; 16])), ..ours.from.clone() };
    check(
        content(plain(Sharing { from: other(), ..ours.clone() })),
        "does not say that it was given so",
    );
    check(
        content(plain(Sharing { to: other(), ..ours.clone() })),
        "does not say that it was given so",
    );
    let unsaid = Sharing { id: SharingId::from_uuid(Uuid::from_bytes([1; 16])), ..ours.clone() };
    check(content(plain(unsaid)), "does not say that it was given so");
    check(content(vec![1; 100]), "cannot be read");
    let nobody = ChartDocument::new(patient(), Actor::from_random([3; 16])).save_plain();
    check(content(nobody), "does not say that it was given so");
    // Compressed within: what it opens to, nobody knows.
    let mut many = hand.document(ours.clone(), author(1));
    let device = DeviceId::from_uuid(Uuid::from_bytes([4; 16]));
    let stamp = Stamp { author: author(1), device, at: Instant::from_unix_ms(1) };
    for day in 1..29 {
        let mut again = person();
        again.identity.birth_date = format!("1988-03-{day:02}").parse().ok();
        many.apply(&[ChartEdit::RecordPatient(again)], stamp).unwrap();
    }
    check(content(many.save()), "cannot be read");
    check(b"\x02 a newer form".to_vec(), "what the file holds is no chart");
    let cut = content(plain(ours.clone()));
    check(cut[..cut.len() / 2].to_vec(), "what the file holds is no chart");
    let after = call(&two.lakeside, api::FindPatients { query: String::new(), limit: 9 });
    assert_eq!(before, after);
    assert_eq!(
        call(
            &two.lakeside,
            api::ReadCard {
                card: Card::derive(&hand.keys, &hand.id, "Elsewhere").unwrap().to_string(),
            }
        )
        .known,
        CardKnown::New,
        "who gave nothing is not known"
    );
    // A file under a name that is not its own is not kept, and the chart is.
    let stray = GivenFile { name: [5; 32], bytes: b"sealed".to_vec() };
    let given = GivenChart { files: vec![stray], ..hand.given(plain(ours)) };
    let path = hand.seal(&given.to_bytes());
    assert!(call(&two.lakeside, api::TakeInGiven { path, compared: false }).is_new);
}

#[test]
fn what_stands_in_our_name_and_is_not_ours_is_told() {
    let two = Two::new();
    let hand = Hand::new(&two);
    let ana = call(&two.lakeside, api::ListPeople {})[0].id;
    let claimed = NamedAuthor { id: ana, name: "Somebody else".into() };
    let sharing = Sharing { authors: vec![claimed], ..hand.sharing() };
    let document = hand.document(sharing, ana).save_plain();
    let path = hand.seal(&hand.given(document).to_bytes());
    let view = call(&two.lakeside, api::LookAtGiven { path: path.clone() });
    assert!(view.in_our_name > 0, "{view:?}");
    assert_eq!((view.from.known, view.here), (CardKnown::New, GivenHere::New));
    call(&two.lakeside, api::TakeInGiven { path, compared: false });
    // Whoever is of this clinic goes by the name they have here.
    let people = call(&two.lakeside, api::OpenChart { patient: patient() }).people;
    assert_eq!(people[&ana], "Dr Ana Reyes");
}

#[test]
fn nothing_is_recorded_of_what_could_not_be_written() {
    let two = Two::new();
    let patient = register(&two.lakeside, "Okello");
    let card = call(&two.hilltop, api::GetCard {}).card;
    let path = two.path("no such folder/1");
    let share = api::ShareChart { patient, card, compared: true, draft: said(), path };
    assert!(two.lakeside.call(share, Origin::Host).is_err());
    assert!(chart(&two.lakeside, patient).shared.is_empty());
}
