//! A person's name is the same in every form in which its letters can be written: keyboards and
//! systems differ in which they give.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::support::{Desk, PASSWORD, call, refused};
use api::{ErrorCode, PersonView, Stage};
use app::App;
use chart::{Actor, ClinicDocument, ClinicEdit};
use clinical::{
    ClinicId, DocumentKind, DocumentRef, Practitioner, PractitionerId, Role, Stamp, uuid_v7,
};
use store::{
    AuditAction, AuditEvent, AuditOutcome, AuditPurpose, Commit, Record, Store, StoreKeys, View,
};
use uuid::Uuid;
use vault::{KeyslotsFile, keyring::NoKeyring};

/// Each name as it is typed, as it is typed the next time, and as it is kept: form C.
const NAMES: [[&str; 3]; 2] = [
    // One sign for "é", or two.
    ["andre\u{301}", "ANDR\u{c9}", "andr\u{e9}"],
    // Form C has no one sign for Bengali yya.
    ["\u{9df}ana", "\u{9af}\u{9bc}Ana", "\u{9af}\u{9bc}ana"],
];

const OTHER_PASSWORD: &str = "an entirely new long password";

fn sign_in(user: &str) -> api::SignIn {
    api::SignIn { user_name: user.into(), password: PASSWORD.into() }
}

fn add(user: &str) -> api::AddPerson {
    let (user_name, name, role) = (user.to_owned(), user.to_owned(), Role::Admin);
    api::AddPerson { user_name, name, role, password: PASSWORD.into() }
}

fn create(app: &App<Desk>, user: &str) -> api::ClinicOpened {
    let command = api::CreateClinic {
        clinic_name: "Lakeside".into(),
        user_name: user.into(),
        name: user.into(),
        password: PASSWORD.into(),
        device_name: None,
        server: None,
    };
    call(app, command)
}

fn people(app: &App<Desk>) -> Vec<PersonView> {
    call(app, api::ListPeople {})
}

fn slots(desk: &Desk) -> Vec<String> {
    let keyslots = KeyslotsFile::at(desk.path()).read().unwrap().keyslots;
    keyslots.user_names().map(str::to_owned).collect()
}

/// Records people as `made` makes them of those who are there. The program must be closed.
fn record(desk: &Desk, user: &str, made: impl Fn(Vec<Practitioner>) -> Vec<Practitioner>) {
    let keyslots = KeyslotsFile::at(desk.path()).read().unwrap().keyslots;
    let key = keyslots.unlock(user, PASSWORD, &NoKeyring).unwrap().database_key;
    let keys = StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose());
    let store = Store::open(desk.path(), keys).unwrap();
    let id = Uuid::from_bytes(keyslots.clinic());
    let stored = store.document(DocumentRef::new(DocumentKind::Clinic, id)).unwrap().unwrap();
    let (clinic, actor) = (ClinicId::from_uuid(id), Actor::from_random([9; 16]));
    let mut document = ClinicDocument::load(clinic, stored.stored(), actor).unwrap();
    let there = document.read().people;
    let (author, at) = (there.first().unwrap().id, app::Host::now(desk));
    let device = clinical::DeviceId::from_uuid(Uuid::from_bytes(keyslots.device()));
    let edits: Vec<_> = made(there).into_iter().map(ClinicEdit::RecordPerson).collect();
    let change = document.apply(&edits, Stamp { author, device, at }).unwrap();
    let event = AuditEvent {
        at,
        author,
        device,
        action: AuditAction::Update,
        patient: None,
        resource: "clinic".into(),
        outcome: AuditOutcome::Success,
        purpose: AuditPurpose::Treatment,
    };
    let view = View::Clinic(Box::new(document.read()));
    store.commit(Commit::local(vec![Record::edited(change, view, event)])).unwrap();
}

/// Goes through every door with a name that is not written twice in the same way. `unfolded`: the
/// record has it as it was typed, as older releases wrote it.
fn check([typed, again, kept]: [&str; 3], unfolded: bool) {
    let desk = Desk::new();
    let app = App::new(desk.clone());
    let made = create(&app, typed);
    assert_eq!(people(&app).first().unwrap().user_name, kept);
    drop(app);
    if unfolded {
        record(&desk, typed, |mut there| {
            there.iter_mut().for_each(|person| person.user_name = typed.to_owned());
            there
        });
    }
    let app = App::new(desk);
    for name in [typed, again] {
        let wrong = api::SignIn { password: "hunter2 hunter2".into(), ..sign_in(name) };
        assert_eq!(refused(&app, wrong), ErrorCode::WrongPassword);
        call(&app, sign_in(name));
        assert!(people(&app).first().unwrap().here);
        call(&app, api::Lock {});
    }
    call(&app, sign_in(again));
    let page = api::ReadAudit { patient: None, from: api::AuditFrom::Newest, limit: 50 };
    let id = people(&app).first().unwrap().id;
    let rows = call(&app, page).rows.into_iter().filter(|row| row.outcome == "failure");
    assert_eq!(rows.map(|row| row.author).collect::<Vec<_>>(), [id, id], "whose attempts");
    call(&app, api::Lock {});
    let (code, user_name) = (made.recovery_code, again.to_owned());
    call(&app, api::RecoverAccess { code, user_name, password: OTHER_PASSWORD.into() });
    call(&app, api::Lock {});
    call(&app, api::SignIn { password: OTHER_PASSWORD.into(), ..sign_in(typed) });
    // Nobody is here twice.
    assert_eq!(refused(&app, add(again)), ErrorCode::AlreadyExists);
    assert_eq!(people(&app).len(), 1);
}

#[test]
fn who_is_written_in_another_form_opens_what_is_theirs() {
    let [acute, yya] = NAMES;
    check(acute, true);
    check(yya, false);
}

/// Whoever works on another computer is known here by their name, and when they are removed their
/// slot goes.
#[test]
fn who_is_written_in_another_form_is_known_and_removed() {
    let [_, [typed, again, kept]] = NAMES;
    let desk = Desk::new();
    let app = App::new(desk.clone());
    create(&app, "ben");
    drop(app);
    let id = PractitionerId::from_uuid(uuid_v7(9, [9; 10]));
    record(&desk, "ben", |there| {
        let there = there.first().unwrap().clone();
        vec![Practitioner { id, user_name: typed.to_owned(), public_keys: Vec::new(), ..there }]
    });
    let app = App::new(desk.clone());
    call(&app, sign_in("ben"));
    assert_eq!(call(&app, add(again)), id, "let in under the name they have");
    call(&app, api::Lock {});
    call(&app, sign_in("ben"));
    call(&app, api::RemovePerson { person: id });
    assert_eq!(slots(&desk), ["ben"], "{kept}");
    assert_eq!(refused(&app, add(kept)), ErrorCode::AlreadyExists, "they have left");
    call(&app, api::Lock {});
    assert_eq!(refused(&app, sign_in(typed)), ErrorCode::UnknownUser);
    let Stage::SignedOut { users, .. } = call(&app, api::GetStatus {}).stage else {
        panic!("nobody is signed in")
    };
    assert_eq!(users, ["ben"]);
}
