//! One chart passes between two clinics that share nothing else.

use super::{
    Server, Station, allergy, call, carried, chart, clinic, conflicts, hilltop, join, medication,
    register, synced,
};
use crate::support::PASSWORD;
use api::{CardKnown, ErrorCode, GivenHere, GivenView, Origin, SharedFile, TakenIn};
use app::{App, GivenChart, GivenFile};
use chart::{Actor, ChartDocument, ChartEdit};
use clinical::{
    ClinicId, DeviceId, DocumentCategory, DocumentDraft, DocumentReferenceId, EntryKind, EntryRef,
    Instant, MedicationId, NamedAuthor, NamedClinic, Patient, PatientDraft, PatientId,
    PractitionerId, Sharing, SharingDraft, SharingGround, SharingId, Stamp,
};
use std::path::PathBuf;
use sync::codec::Canonical as _;
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
        let here = Station::new(&Server::default());
        let lakeside = clinic(&here);
        let hilltop = hilltop(Station::new(&Server::default()));
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
        let seen = self.look(app, name).overwrites.map(|overwrites| overwrites.seen);
        call(app, api::TakeInGiven { path: self.path(name), compared: false, seen })
    }

    fn look(&self, app: &App<Station>, name: &str) -> GivenView {
        call(app, api::LookAtGiven { path: self.path(name) })
    }
}

/// Everybody who is here.
fn hits(app: &App<Station>) -> Vec<api::PatientHit> {
    call(app, api::FindPatients { query: String::new(), limit: 9 })
}

/// All that is shown of a chart.
fn whole(app: &App<Station>, patient: PatientId) -> String {
    serde_json::to_string(&call(app, api::OpenChart { patient })).unwrap()
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

    let card = call(hilltop, api::GetCard {});
    let square = card.square.as_ref().map(|square| (square.side, square.path.clone()));
    assert_eq!(square, print::square(&card.card));
    assert!(square.is_some_and(|(side, _)| side < 120), "a scanner reads it off a screen");
    let given = two.give((lakeside, hilltop), patient, "1");
    assert_eq!((given.files, given.left_out), (1, 0));
    let told = carried(lakeside, api::FileAct::GiveChart);
    let [.., Some(far), None] = told[..] else { panic!("{told:?}") };
    assert_eq!((far.count, far.bytes, far.bytes_of), (1, given.bytes, Some(given.bytes)));
    let view = two.look(hilltop, "1");
    let told = carried(hilltop, api::FileAct::ReadGiven);
    let [.., Some(far), None] = told[..] else { panic!("{told:?}") };
    assert_eq!((far.bytes, far.bytes_of), (given.bytes, Some(given.bytes)));
    assert_eq!(
        (view.here, view.by.as_str(), view.in_our_name),
        (GivenHere::New, "Dr Ana Reyes", 0)
    );
    let taken = two.take(hilltop, "1");
    assert_eq!((taken.is_new, taken.conflicts, taken.left_out), (true, 0, 0));
    let (one, other) = (chart(lakeside, patient), chart(hilltop, patient));
    assert_eq!((&one.allergies, &one.shared), (&other.allergies, &other.shared));
    // Of what they hold, nothing names anybody else.
    let there: Vec<_> = hits(hilltop).iter().map(|hit| hit.patient).collect();
    assert_eq!((there, hits(lakeside).len()), (vec![patient], 2));
    assert!(!whole(hilltop, patient).contains("Neighbour"));
    assert!(whole(lakeside, neighbour).contains("Neighbour"), "it would be seen");
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

/// Somebody erases a chart while somebody else says that it is of one person with another.
#[test]
fn a_chart_that_was_one_with_an_erased_one_goes_and_comes_back() {
    let two = Two::new();
    let (a, hilltop) = (&two.lakeside, &two.hilltop);
    let b = join(&Station::new(&two_server(a)), call(a, api::MakeDeviceCode {}).code);
    let [patient, other] = ["Okello", "Okelo"].map(|family| register(a, family));
    two.give((a, hilltop), patient, "1");
    two.take(hilltop, "1");
    allergy(hilltop, patient, "Latex");
    two.give((hilltop, a), patient, "2");
    synced(a);
    synced(&b);
    call(&b, api::MergePatients { patient, other });
    let number = other.to_string().rsplit('-').next().unwrap().to_owned();
    call(a, api::EraseChart { patient: other, number, ground: "asked for".into() });
    for app in [a, &b, a] {
        synced(app);
    }
    // The link is none of theirs, who gave it before there was one.
    assert!(chart(a, patient).links.iter().any(clinical::PatientLink::holds));
    two.take(a, "2");
    for app in [a, &b] {
        synced(app);
        assert_eq!(chart(app, patient).allergies.len(), 1);
    }
    // And it does not go along.
    two.give((&b, hilltop), patient, "3");
    two.take(hilltop, "3");
    assert!(!chart(hilltop, patient).links.iter().any(clinical::PatientLink::holds));
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

/// What stands in another chart of the same person is judged with what came.
#[test]
fn what_came_is_judged_with_the_other_charts_of_the_person() {
    let two = Two::new();
    let patient = register(&two.lakeside, "Okello");
    two.give((&two.lakeside, &two.hilltop), patient, "1");
    two.take(&two.hilltop, "1");
    let other = register(&two.hilltop, "Okelo");
    allergy(&two.hilltop, other, "Penicillin");
    call(&two.hilltop, api::MergePatients { patient, other });
    let tasks = || call(&two.hilltop, api::ListTasks { after: None, limit: 9 }).items;
    assert_eq!(tasks(), []);
    let draft = medication("Amoxicillin", "500", "3");
    call(&two.lakeside, api::RecordMedication { patient, draft });
    two.give((&two.lakeside, &two.hilltop), patient, "2");
    two.take(&two.hilltop, "2");
    assert_eq!(tasks().len(), 1);
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

    fn card(&self) -> String {
        Card::derive(&self.keys, &self.id, "Elsewhere").unwrap().to_string()
    }

    /// The chart that a file sealed for this clinic holds.
    fn open(&self, path: &str) -> ChartDocument {
        let own = Card::parse(&self.card()).unwrap();
        let bytes = std::fs::read(path).unwrap();
        let opened = given::open(&self.keys, &own, &bytes, 64 << 20).unwrap();
        let given = GivenChart::from_bytes(opened.content.expose()).unwrap();
        let actor = Actor::from_random([3; 16]);
        ChartDocument::take_given(patient(), &given.document, actor).unwrap().0
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
            told: Vec::new(),
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
        let take = api::TakeInGiven { path: path.clone(), compared: true, seen: None };
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
    assert!(call(&two.lakeside, api::TakeInGiven { path, compared: false, seen: None }).is_new);
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
    call(&two.lakeside, api::TakeInGiven { path, compared: false, seen: None });
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

/// A chart of the other clinic that is here, and what it then gives of it.
struct Here {
    two: Two,
    hand: Hand,
    document: ChartDocument,
}

impl Here {
    fn new() -> Self {
        let two = Two::new();
        let hand = Hand::new(&two);
        let mut document = hand.document(hand.sharing(), author(1));
        let path = hand.seal(&hand.given(document.save_plain()).to_bytes());
        call(&two.lakeside, api::TakeInGiven { path, compared: false, seen: None });
        Self { two, hand, document }
    }

    /// The file of a document that says more.
    fn file(&mut self, edits: &[ChartEdit]) -> String {
        let device = DeviceId::from_uuid(Uuid::from_bytes([4; 16]));
        let stamp = Stamp { author: author(1), device, at: Instant::from_unix_ms(2) };
        self.document.apply(edits, stamp).unwrap();
        self.hand.seal(&self.hand.given(self.document.save_plain()).to_bytes())
    }

    fn take(&self, path: &str, seen: Option<&str>) -> Result<TakenIn, api::ApiError> {
        let (path, seen) = (path.to_owned(), seen.map(str::to_owned));
        self.two.lakeside.call(api::TakeInGiven { path, compared: false, seen }, Origin::Host)
    }
}

/// A change that anybody can make: under the root of a chart, another map by the name `allergies`.
const ANOTHER_SECTION: &str = "\
    856f4a83dd3b1d77016d01a7bab4addcd05b6bcd0cb2e5f9f212cd55acb0efd2431c1190ae6691170c6eb610070707\
    07070707070707070707070707010c000001106669656c6463686172742d626567696e07150b340142025602700271\
    0273027f09616c6c657267696573017f007f007f017f017f03";

#[test]
fn what_would_hide_what_is_here_is_not_taken_in() {
    let mut here = Here::new();
    allergy(&here.two.lakeside, patient(), "Penicillin");
    let byte = |at: usize| u8::from_str_radix(&ANOTHER_SECTION[at..at + 2], 16).unwrap();
    let change: Vec<u8> = (0..ANOTHER_SECTION.len()).step_by(2).map(byte).collect();
    // It is read as a chart, and would hide the allergy.
    let (document, merged) = here.document.merge(vec![change]).unwrap();
    assert_eq!((merged.change.changes.len(), merged.waiting.len()), (1, 0));
    here.document = document;
    let path = here.hand.seal(&here.hand.given(here.document.save_plain()).to_bytes());
    let error = here.take(&path, None).unwrap_err();
    assert_eq!(error.code, ErrorCode::UnreadableFile);
    assert!(error.detail.contains("writes where the parts of a chart are found"), "{error}");
    let look = api::LookAtGiven { path };
    assert_eq!(here.two.lakeside.call(look, Origin::Host).unwrap_err(), error);
    allergy(&here.two.lakeside, patient(), "Latex");
    assert_eq!(chart(&here.two.lakeside, patient()).allergies.len(), 2);
}

/// The actors of a document as it is saved: magic (4), checksum (4), kind (1), length, then their list.
fn actors(whole: &[u8]) -> Vec<[u8; 16]> {
    let after_length = 9 + whole[9..].iter().position(|byte| *byte < 128).unwrap() + 1;
    let (count, rest) = whole[after_length..].split_first().unwrap();
    rest.chunks(17).take((*count).into()).map(|one| one[1..].try_into().unwrap()).collect()
}

#[test]
fn what_goes_by_a_computer_of_ours_and_is_not_here_is_not_taken_in() {
    let mut here = Here::new();
    allergy(&here.two.lakeside, patient(), "Penicillin");
    // They are given the chart, and with it by what our computer goes.
    let path = here.two.path("given");
    let (card, draft) = (here.hand.card(), said());
    let share =
        api::ShareChart { patient: patient(), card, compared: true, draft, path: path.clone() };
    call(&here.two.lakeside, share);
    let whole = here.hand.open(&path).save_plain();
    let theirs = actors(&here.document.save_plain());
    let [ours] =
        actors(&whole).into_iter().filter(|one| !theirs.contains(one)).collect::<Vec<_>>()[..]
    else {
        panic!("of this clinic one computer wrote")
    };
    let stored = chart::Stored { snapshot: Some(&whole), loose: &[] };
    here.document = ChartDocument::load(patient(), stored, Actor::from_random(ours)).unwrap();
    let mut other = person();
    other.identity.birth_date = "1988-03-15".parse().ok();
    let path = here.file(&[ChartEdit::RecordPatient(other)]);
    let error = here.take(&path, None).unwrap_err();
    assert_eq!(error.code, ErrorCode::UnreadableFile);
    assert!(error.detail.contains("a computer of this clinic"), "{error}");
    let look = api::LookAtGiven { path };
    assert_eq!(here.two.lakeside.call(look, Origin::Host).unwrap_err(), error);
    // What is here comes back.
    let path = here.hand.seal(&here.hand.given(whole).to_bytes());
    assert_eq!(here.take(&path, None).unwrap().changes, 0);
}

/// Two charts were taken for one person's, and were separated: another clinic joins nobody again.
#[test]
fn who_was_separated_here_is_not_one_again_by_what_another_clinic_says() {
    let mut here = Here::new();
    let app = &here.two.lakeside;
    let other = register(app, "Okelo");
    call(app, api::MergePatients { patient: patient(), other });
    call(app, api::SeparatePatients { patient: patient(), other });
    let path = here.two.path("given");
    let (card, draft) = (here.hand.card(), said());
    let share =
        api::ShareChart { patient: patient(), card, compared: true, draft, path: path.clone() };
    call(&here.two.lakeside, share);
    here.document = here.hand.open(&path);
    let [link] = &here.document.read().links[..] else { panic!("it goes along as it ended") };
    assert!(!link.holds());
    let third = PatientId::from_uuid(Uuid::from_bytes([9; 16]));
    let again = clinical::PatientLink { replaced: third, ..link.clone() };
    let path = here.file(&[ChartEdit::RecordLink(again)]);
    let error = here.take(&path, None).unwrap_err();
    assert_eq!(error.code, ErrorCode::UnreadableFile);
    assert!(error.detail.contains("with whom the person is one"), "{error}");
    let links = chart(&here.two.lakeside, patient()).links;
    assert!(links.iter().all(|link| !link.holds()), "{links:?}");
}

#[test]
fn what_would_overwrite_entries_is_seen_before_it_is_taken_in() {
    let mut here = Here::new();
    allergy(&here.two.lakeside, patient(), "Penicillin");
    // They have what was recorded here, and take it back.
    let back = here.two.path("back");
    let card = here.hand.card();
    let share = api::ShareChart {
        patient: patient(),
        card,
        compared: true,
        draft: said(),
        path: back.clone(),
    };
    call(&here.two.lakeside, share);
    here.document = here.hand.open(&back);
    let ours = here.document.read().allergies[0].clone();
    let entry = EntryRef::new(EntryKind::Allergy, ours.id.uuid());
    let path = here.file(&[ChartEdit::Withdraw(entry)]);
    let view = call(&here.two.lakeside, api::LookAtGiven { path: path.clone() });
    let overwrites = view.overwrites.unwrap();
    let told: Vec<_> = overwrites
        .entries
        .iter()
        .map(|one| (one.entry, one.label.as_str(), one.field.as_str(), one.is_disputed))
        .collect();
    assert_eq!((told, overwrites.more), (vec![(entry, "Penicillin", "value", false)], 0));
    let (was, becomes) = (&overwrites.entries[0].was, &overwrites.entries[0].becomes);
    assert!(was.as_ref().unwrap().contains("confirmed"), "{was:?}");
    assert!(becomes.as_ref().unwrap().contains("entered-in-error"), "{becomes:?}");
    // Nobody takes it in who has not seen it.
    let error = here.take(&path, None).unwrap_err();
    assert_eq!((error.code, error.findings[0].code.as_str()), (ErrorCode::Invalid, "not-looked"));
    assert_eq!(here.take(&path, Some("other")).unwrap_err().code, ErrorCode::Changed);
    assert!(chart(&here.two.lakeside, patient()).allergies[0].holds());
    // Something is recorded meanwhile: it would be another chart than was seen.
    allergy(&here.two.lakeside, patient(), "Latex");
    let seen = overwrites.seen.as_str();
    assert_eq!(here.take(&path, Some(seen)).unwrap_err().code, ErrorCode::Changed);
    let seen =
        call(&here.two.lakeside, api::LookAtGiven { path: path.clone() }).overwrites.unwrap().seen;
    let taken = here.take(&path, Some(&seen)).unwrap();
    assert_eq!(taken.overwrites.unwrap().entries, overwrites.entries);
    let allergies = chart(&here.two.lakeside, patient()).allergies;
    assert_eq!(allergies.iter().filter(|one| one.holds()).count(), 1);
    assert!(here.take(&path, None).unwrap().overwrites.is_none(), "twice is once");
}

#[test]
fn a_clinic_is_known_by_what_somebody_compared_and_not_by_what_came_first() {
    let two = Two::new();
    let hilltop = Card::parse(&call(&two.hilltop, api::GetCard {}).card).unwrap();
    // Somebody gives a chart by the id of another clinic, and nobody compares.
    let hand = Hand { id: *hilltop.clinic(), ..Hand::new(&two) };
    let document = hand.document(hand.sharing(), author(1)).save_plain();
    let path = hand.seal(&hand.given(document).to_bytes());
    call(&two.lakeside, api::TakeInGiven { path: path.clone(), compared: false, seen: None });
    let known = |card: &str| call(&two.lakeside, api::ReadCard { card: card.to_owned() }).known;
    let (theirs, forged) = (hilltop.to_string(), hand.card());
    assert_eq!((known(&forged), known(&theirs)), (CardKnown::Met, CardKnown::Doubtful));
    // The clinic itself: nothing is taken in by its card either before somebody compares.
    let patient = register(&two.hilltop, "Okello");
    two.give((&two.hilltop, &two.lakeside), patient, "1");
    let take = |path: String, compared| {
        two.lakeside.call(api::TakeInGiven { path, compared, seen: None }, Origin::Host)
    };
    let error = take(two.path("1"), false).unwrap_err();
    assert_eq!((error.code, error.findings[0].code.as_str()), (ErrorCode::Invalid, "not-compared"));
    assert_eq!(known(&theirs), CardKnown::Doubtful);
    assert!(take(two.path("1"), true).unwrap().is_new);
    assert_eq!((known(&forged), known(&theirs)), (CardKnown::Differs, CardKnown::Known));
    assert_eq!(take(path, true).unwrap_err().code, ErrorCode::BadCode);
}

#[cfg(unix)]
#[test]
fn nothing_of_others_is_written_over_or_removed() {
    let two = Two::new();
    let patient = register(&two.lakeside, "Okello");
    let names = || -> Vec<String> {
        let all = std::fs::read_dir(two.stick.path()).unwrap();
        let mut all: Vec<String> =
            all.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        all.sort();
        all
    };
    std::fs::write(two.path("theirs"), "theirs").unwrap();
    std::os::unix::fs::symlink(two.path("theirs"), two.path("1.part")).unwrap();
    std::fs::write(two.path("2.part"), "theirs").unwrap();
    std::os::unix::fs::symlink(two.path("nowhere"), two.path("3")).unwrap();
    two.give((&two.lakeside, &two.hilltop), patient, "1");
    two.give((&two.lakeside, &two.hilltop), patient, "2");
    assert_eq!(names(), ["1", "1.part", "2", "2.part", "3", "theirs"]);
    for name in ["theirs", "1.part", "2.part"] {
        assert_eq!(std::fs::read_to_string(two.path(name)).unwrap(), "theirs", "{name}");
    }
    let card = call(&two.hilltop, api::GetCard {}).card;
    let give = |path: String| {
        let card = card.clone();
        let share = api::ShareChart { patient, card, compared: false, draft: said(), path };
        two.lakeside.call(share, Origin::Host).unwrap_err().code
    };
    assert_eq!(give(two.path("3")), ErrorCode::AlreadyExists, "a link that leads nowhere");
    assert_eq!(give(two.path("1")), ErrorCode::AlreadyExists);
    assert_eq!(names(), ["1", "1.part", "2", "2.part", "3", "theirs"]);
}

#[test]
fn what_a_clinic_tells_of_others_is_told_as_its_word() {
    let mut here = Here::new();
    let ours = here.hand.sharing();
    let id = |byte| SharingId::from_uuid(Uuid::from_bytes([byte; 16]));
    let ana = call(&here.two.lakeside, api::ListPeople {})[0].id;
    let forged = Sharing {
        id: id(1),
        from: ours.to.clone(),
        to: ours.from.clone(),
        by: ana,
        authors: vec![NamedAuthor { id: author(3), name: "Dr New".into() }],
        ..ours.clone()
    };
    let mulago =
        NamedClinic { id: ClinicId::from_uuid(Uuid::from_bytes([7; 16])), name: "Mulago".into() };
    let third = Sharing {
        id: id(2),
        from: mulago.clone(),
        authors: vec![NamedAuthor { id: author(2), name: "Dr Other".into() }],
        ..ours.clone()
    };
    let edits = [forged.clone(), third.clone()].map(ChartEdit::RecordSharing);
    let path = here.file(&edits);
    let view = call(&here.two.lakeside, api::LookAtGiven { path: path.clone() });
    assert_eq!(view.hearsay, [forged, third]);
    here.take(&path, None).unwrap();
    let listed = |here: &Here| -> Vec<(SharingId, bool, Option<String>)> {
        let all = call(&here.two.lakeside, api::ListShared {}).into_iter();
        let mut all: Vec<_> = all.map(|one| (one.sharing.id, one.is_ours, one.told_by)).collect();
        all.sort_by_key(|one| one.0);
        all
    };
    let says = Some("Elsewhere".to_owned());
    let want = [(id(1), false, says.clone()), (id(2), false, says), (id(8), false, None)];
    assert_eq!(listed(&here), want);
    let people = call(&here.two.lakeside, api::OpenChart { patient: patient() }).people;
    assert_eq!(people[&author(2)], "Dr Other (Elsewhere: “Mulago”)");
    assert_eq!(people[&author(3)], "Dr New (Elsewhere: “Lakeside”)");
    assert_eq!(people[&author(1)], "Dr Who (Elsewhere)");
    assert_eq!(here.take(&path, None).unwrap().changes, 0, "twice is once");
    assert_eq!(listed(&here), want);
    // What was noted here is not for them to note, nor is what they said once.
    let own = ours.to.id;
    let other = Sharing { reason: Some("another".into()), ..ours };
    let base = here.document.save_plain();
    let edits = [
        ChartEdit::TellSharing { sharing: id(8), to: own, by: mulago },
        ChartEdit::RecordSharing(other),
    ];
    for (edit, actor) in edits.into_iter().zip([20, 21]) {
        let actor = Actor::from_random([actor; 16]);
        here.document = ChartDocument::take_given(patient(), &base, actor).unwrap().0;
        let path = here.file(&[edit]);
        let error = here.take(&path, None).unwrap_err();
        assert!(error.detail.contains("says otherwise than this clinic knows"), "{error}");
    }
    assert_eq!(listed(&here), want);
}
