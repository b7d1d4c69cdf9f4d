//! What a computer of a clinic without a server gives to who is of no clinic yet: what lets somebody in
//! who was invited, and nothing else.

use super::{Station, clinic, server::Server};
use crate::support::{call, create, refused};
use api::ErrorCode;
use app::App;
use std::sync::Arc;
use sync::{
    address::pin_of_key,
    ids::{ClinicId, DeviceId, HpkeKey, InviteId, RoomId, ServerPin, VerifyKey},
    membership::{Entry, EntryBody, Invite, Join, MembersHead, Role, SignedEntry},
    signing::Signer,
    wire::{
        Frame, HelloRequest, InviteBlob, InviteGet, MembersPage, MembersPush, MembersReply,
        MembersRequest, MembersVerdict, RefusalCode, RoomGet, path, read_reply,
    },
};
use vault::{
    UserKeys,
    enrolment::EnrolmentCode,
    invitation::Invitation,
    random::{FixedEntropy, make_array},
};

const STRANGER: VerifyKey = VerifyKey([7; 32]);

struct Keys(UserKeys);

impl Signer for Keys {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public()
    }
}

/// A clinic without a server that lets somebody in.
struct Door {
    app: App<Station>,
    code: EnrolmentCode,
    invitation: Invitation,
    invited: Keys,
    log: Vec<SignedEntry>,
    head: MembersHead,
}

fn founded() -> App<Station> {
    let app = App::new(Station::new(&Server::default()));
    create(&app, None);
    app
}

/// What a frame comes to: the answer, or why there is none.
fn asked<Q: Frame, A: Frame>(
    app: &App<Station>,
    caller: VerifyKey,
    at: &str,
    frame: &Q,
) -> Result<A, RefusalCode> {
    let answer = app.answer_newcomer(&caller, at, &frame.to_frame());
    answer.map(|frame| read_reply(&frame).unwrap().unwrap()).map_err(|refusal| refusal.code)
}

fn fetch(app: &App<Station>, code: &EnrolmentCode) -> Result<Vec<u8>, RefusalCode> {
    let get = InviteGet { id: InviteId(code.secret.derive_invite_id()) };
    asked(app, STRANGER, path::INVITE_GET, &get).map(|invite: InviteBlob| invite.blob)
}

impl Door {
    fn open() -> Self {
        let app = founded();
        app.serve_at(Some("192.168.1.7:7444".to_owned()));
        let code = EnrolmentCode::parse(&call(&app, api::MakeDeviceCode {}).code).unwrap();
        let blob = fetch(&app, &code).unwrap();
        let invitation = Invitation::from_bytes(code.secret.open(&blob).unwrap().expose()).unwrap();
        let invited = Keys(invitation.invite_keys.clone());
        let members = MembersRequest { clinic: ClinicId(invitation.clinic), from: 0 };
        let page: MembersPage = asked(&app, key(&invited), path::MEMBERS, &members).unwrap();
        Self { app, code, invitation, invited, log: page.entries, head: page.head }
    }

    fn clinic(&self) -> ClinicId {
        ClinicId(self.invitation.clinic)
    }

    /// That a device joins, or anything else, as `signer` would enter it next.
    fn entry(&self, signer: &Keys, body: EntryBody) -> SignedEntry {
        let (index, prev, author) = (self.head.count, self.head.hash, key(signer));
        let entry = Entry { clinic: self.clinic(), index, prev, at_ms: 0, author, body };
        SignedEntry::sign(entry, signer)
    }

    fn push(
        &self,
        caller: &Keys,
        entries: Vec<SignedEntry>,
    ) -> Result<MembersVerdict, RefusalCode> {
        let push = MembersPush { clinic: self.clinic(), entries };
        let reply = asked(&self.app, key(caller), path::MEMBERS_PUSH, &push);
        reply.map(|reply: MembersReply| reply.verdict)
    }
}

fn key(signer: &Keys) -> VerifyKey {
    VerifyKey(signer.public_key())
}

fn keys(seed: u64) -> Keys {
    Keys(UserKeys::make(&mut FixedEntropy::new(seed)))
}

fn join(clinic: ClinicId, seed: u64) -> EntryBody {
    let device = DeviceId(make_array(&mut FixedEntropy::new(seed)));
    let hpke_key = HpkeKey(make_array(&mut FixedEntropy::new(seed + 1)));
    EntryBody::Join(Join::prove(clinic, device, hpke_key, vec![1], &keys(seed)))
}

#[test]
fn a_code_names_this_computer_where_no_server_is_set_and_others_reach_it() {
    let app = founded();
    assert_eq!(refused(&app, api::MakeDeviceCode {}), ErrorCode::Invalid);
    assert_eq!(app.open_room(600).unwrap_err().findings[0].code, "not-reached");
    app.serve_at(Some("192.168.1.7:7444".to_owned()));
    let code = EnrolmentCode::parse(&call(&app, api::MakeDeviceCode {}).code).unwrap();
    assert_eq!(code.server_url, "lan://192.168.1.7:7444");
    let own = app.lan_identity().unwrap().signer.public_key();
    assert_eq!(ServerPin(code.spki_pin), pin_of_key(&VerifyKey(own)));
    assert_eq!(app.open_room(600).unwrap().server, "192.168.1.7:7444");
    app.serve_at(None);
    assert_eq!(refused(&app, api::MakeDeviceCode {}), ErrorCode::Invalid);
}

#[test]
fn who_was_invited_enters_once_and_enters_nothing_else() {
    let door = Door::open();
    let (clinic, invited) = (door.clinic(), &door.invited);
    assert_eq!(door.log.len(), 2, "founded, and one invitation");
    assert_eq!(door.app.lan_callers().invited, [key(invited)]);
    let stranger = keys(5);
    let nobody = Err(RefusalCode::UnknownDevice);
    let joins = door.entry(invited, join(clinic, 20));

    // Who only knows where the door is, or has the entry and not the key of who connects.
    let members = MembersRequest { clinic, from: 0 };
    let page = asked::<_, MembersPage>(&door.app, key(&stranger), path::MEMBERS, &members);
    assert_eq!(page.map(drop), Err(RefusalCode::UnknownDevice));
    assert_eq!(door.push(&stranger, vec![joins.clone()]), nobody);
    assert_eq!(door.push(&stranger, vec![door.entry(&stranger, join(clinic, 30))]), nobody);

    // Who was invited: anything but that one device joins.
    let other = MembersRequest { clinic: ClinicId([9; 16]), from: 0 };
    let page = asked::<_, MembersPage>(&door.app, key(invited), path::MEMBERS, &other);
    assert_eq!(page.map(drop), Err(RefusalCode::UnknownDevice));
    let (invite_key, expires_at_ms) = (key(&stranger), 1_000_000);
    let invite = EntryBody::Invite(Invite { invite_key, role: Role::Admin, expires_at_ms });
    assert_eq!(door.push(invited, vec![door.entry(invited, invite)]), nobody);
    assert_eq!(door.push(invited, vec![door.entry(&stranger, join(clinic, 30))]), nobody);
    assert_eq!(door.push(invited, vec![joins.clone(), joins.clone()]), nobody);
    assert_eq!(door.push(invited, Vec::new()), nobody);
    let hello = HelloRequest {
        clinic,
        device: DeviceId([1; 16]),
        cursor: None,
        own: None,
        members: MembersHead::EMPTY,
    };
    let told = door.app.answer_newcomer(&key(invited), path::HELLO, &hello.to_frame());
    assert_eq!(told.unwrap_err().code, RefusalCode::NotFound);
    assert_eq!(door.app.clinic_keys().len(), 1);

    let before = door.app.door();
    assert_eq!(door.push(invited, vec![joins.clone()]), Ok(MembersVerdict::Stored));
    assert_eq!(door.app.clinic_keys().len(), 2);
    assert!(door.app.lan_callers().invited.is_empty());
    // Nobody is let in any more, and whoever knows by heart who may ask looks again.
    assert!(before.0 && !door.app.door().0 && before.1 != door.app.door().1);
    assert_eq!(fetch(&door.app, &door.code), Err(RefusalCode::NotFound));
    assert_eq!(door.push(invited, vec![joins]), nobody);
    assert_eq!(door.push(invited, vec![door.entry(invited, join(clinic, 40))]), nobody);
}

#[test]
fn a_room_here_ends_and_so_does_what_it_lets_in() {
    let app = founded();
    app.serve_at(Some("192.168.1.7:7444".to_owned()));
    let room = RoomGet { room: RoomId([3; 32]) };
    let looked = |app: &App<Station>| {
        let lies = app.answer_newcomer(&STRANGER, path::ROOM_GET, &room.to_frame());
        lies.map(drop).map_err(|refusal| refusal.code)
    };
    assert_eq!((app.door().0, looked(&app)), (false, Err(RefusalCode::NotFound)));
    let admission = app.open_room(600).unwrap();
    assert_eq!((app.door().0, looked(&app)), (true, Err(RefusalCode::NotFound)));
    // Nobody who signs in after it lets somebody in by it.
    call(&app, api::Lock {});
    assert_eq!((app.door().0, looked(&app)), (false, Err(RefusalCode::Unavailable)));
    let (user_name, password) = ("ana".to_owned(), crate::support::PASSWORD.to_owned());
    call(&app, api::SignIn { user_name, password });
    assert!(!app.door().0);
    assert_eq!(app.meet_joiner(admission).unwrap_err().code, ErrorCode::NotFound);
    // Whoever gives up lets nobody in by it either.
    app.serve_at(Some("192.168.1.7:7444".to_owned()));
    call(&app, api::OpenRoom {});
    assert!(app.door().0);
    call(&app, api::EndAdmission {});
    assert!(!app.door().0);
}

/// What was begun before a server was set comes to nothing: the list grows there from then on.
#[test]
fn a_code_made_before_a_server_was_set_opens_nothing_here() {
    let door = Door::open();
    let again = EnrolmentCode::parse(&call(&door.app, api::MakeDeviceCode {}).code).unwrap();
    call(&door.app, api::SetServer { server: super::address(), keeper_lost: false });
    for code in [&door.code, &again] {
        assert_eq!(fetch(&door.app, code), Err(RefusalCode::NotFound));
    }
}

#[test]
fn with_a_server_nobody_is_let_in_beside_it() {
    let app = Arc::new(clinic(&Station::new(&Server::default())));
    app.serve_at(Some("192.168.1.7:7444".to_owned()));
    let code = EnrolmentCode::parse(&call(&app, api::MakeDeviceCode {}).code).unwrap();
    assert!(code.server_url.starts_with("https://"), "{}", code.server_url);
    assert!(!app.door().0 && app.lan_callers().invited.is_empty());
    assert_eq!(fetch(&app, &code), Err(RefusalCode::NotFound));
}
