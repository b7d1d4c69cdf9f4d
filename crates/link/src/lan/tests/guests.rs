//! Who is of no clinic yet, and is let in here; and who would like to be.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use rustls::{ClientConnection, StreamOwned};
use sync::address::pin_of_key;
use sync::carrier::Carrier as _;
use sync::ids::{InviteId, RoomId, ServerPin};
use sync::lobby::{Put, Room};
use sync::session::Failure;
use sync::wire::{
    InvitePut, MembersRequest, Principal, RoomMessage, RoomOpened, RoomStored, RoomVerdict,
};

use super::strangers::closed;
use super::*;
use crate::lan::trust::{Peer, client_config};

/// A device that is of no clinic, another one, and the key of an invitation.
const NEWCOMER: u8 = 3;
const OTHER: u8 = 4;
const INVITE: u8 = 5;

const ROOM: RoomId = RoomId([8; 32]);

fn open_room(clinic_of: &Clinic) {
    let room = Room { id: ROOM, clinic: clinic(1), ends_at_ms: NOW_MS + 1000 };
    let opened = clinic_of.lobby.lock().unwrap().open_room(&room, NOW_MS);
    let verdict = RoomVerdict::Open { ends_at_ms: NOW_MS + 1000 };
    assert_eq!(RoomOpened { verdict: opened }, RoomOpened { verdict });
}

fn at_door(address: SocketAddr, pin: Option<ServerPin>, device: u8) -> LanCarrier {
    LanCarrier::at_door(&address.to_string(), pin, signer(device), PATIENCE).unwrap()
}

fn put(place: u8, byte: u8) -> RoomPut {
    RoomPut { room: ROOM, message: RoomMessage { place, bytes: vec![byte; 9] } }
}

#[test]
fn a_guest_gets_the_room_while_it_is_open_and_nothing_else() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let nobody = Err(refused(RefusalCode::UnknownDevice));
    let mut guest = at_door(listener.address(), None, NEWCOMER);
    assert_eq!(guest.put_in_room(&put(0, 7)), nobody.clone().map(|()| RoomStored::Kept));
    open_room(&desk);
    assert_eq!(guest.put_in_room(&put(0, 7)), Ok(RoomStored::Kept));
    assert_eq!(guest.put_in_room(&put(0, 8)), Ok(RoomStored::Taken));
    let other = RoomGet { room: RoomId([9; 32]) };
    assert_eq!(guest.look_into_room(&other), Err(refused(RefusalCode::NotFound)));
    let lies = guest.look_into_room(&RoomGet { room: ROOM }).unwrap();
    assert_eq!(lies.at(0), Some([7; 9].as_slice()));
    let asked = desk.asked();

    // Whatever else it asks for never comes to the desk.
    assert_eq!(guest.meet().map(drop), nobody);
    guest.identify(clinic(1), Principal::Invite(public(NEWCOMER)), signer(NEWCOMER));
    let members = MembersRequest { clinic: clinic(1), from: 0 };
    assert_eq!(guest.members(&members).map(drop), nobody);
    assert_eq!(guest.push_members(Vec::new()).map(drop), nobody);
    let blobs = BlobsRequest { clinic: clinic(1), ids: vec![BLOB] };
    assert_eq!(guest.blobs_held(&blobs).map(drop), nobody);
    assert_eq!(desk.asked(), asked);

    desk.lobby.lock().unwrap().close_rooms();
    let gone = Err(refused(RefusalCode::NotFound));
    let told = guest.look_into_room(&RoomGet { room: ROOM }).map(drop);
    assert!([gone, nobody].contains(&told), "{told:?}");
    assert_eq!(desk.asked(), asked);
}

#[test]
fn who_holds_an_open_invitation_reads_the_list_and_no_record() {
    let desk = Clinic::of(&[HERE]);
    desk.invited.lock().unwrap().insert(public(INVITE));
    let listener = listening(&desk);
    let mut invited = at_door(listener.address(), Some(pin_of_key(&public(HERE))), NEWCOMER);
    let members = MembersRequest { clinic: clinic(1), from: 0 };
    // The key of the connection tells who asks, and that is this one only from here on.
    assert_eq!(invited.members(&members).map(drop), Err(refused(RefusalCode::UnknownDevice)));
    invited.identify(clinic(1), Principal::Invite(public(INVITE)), signer(INVITE));
    assert_eq!(invited.members(&members).map(|page| page.entries), Ok(Vec::new()));
    let blobs = BlobsRequest { clinic: clinic(1), ids: vec![BLOB] };
    let nobody = Err(refused(RefusalCode::UnknownDevice));
    assert_eq!(invited.blobs_held(&blobs).map(drop), nobody);
    assert_eq!(invited.meet().map(drop), nobody);
    assert_eq!(desk.asked(), 1);
}

#[test]
fn a_newcomer_believes_the_key_of_its_code_alone() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let (id, blob) = (InviteId([2; 32]), vec![6; 40]);
    let put = InvitePut { clinic: clinic(1), id, expires_at_ms: NOW_MS + 1000, blob: blob.clone() };
    assert_eq!(desk.lobby.lock().unwrap().put_invite(&put, NOW_MS), Put::Kept);
    let mut right = at_door(listener.address(), Some(pin_of_key(&public(HERE))), NEWCOMER);
    assert_eq!(right.get_invite(id), Ok(blob));
    let mut wrong = at_door(listener.address(), Some(pin_of_key(&public(OTHER))), NEWCOMER);
    assert_eq!(wrong.get_invite(id), Err(Failure::Untrusted));
    // Who guesses is slow, and the same desktop answers others meanwhile.
    let guess = InviteId([1; 32]);
    let told: Vec<_> = (0..12).map(|_| right.get_invite(guess).unwrap_err()).collect();
    assert_eq!(told.first(), Some(&refused(RefusalCode::NotFound)));
    let busy = Refusal { code: RefusalCode::Busy, retry_after_s: 1 };
    let busy = Failure::Refused(sync::session::RefusedRequest(busy));
    assert_eq!(told.last(), Some(&busy), "{told:?}");
    assert_eq!(carrier(listener.address(), signer(THERE), &desk).meet(), Ok(public(HERE)));
}

/// TLS by hand, as somebody that nobody knows.
fn unknown(address: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
    let peer = Arc::new(Peer::new(Arc::new(|_: &VerifyKey| true)));
    let tls = client_config(signer(OTHER), peer).unwrap();
    let session = ClientConnection::new(Arc::new(tls), address.ip().into()).unwrap();
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    StreamOwned::new(session, tcp)
}

/// Guests hold the places of those who have proved nothing, few of one address, and not for long; the
/// clinic's own computers have theirs.
#[test]
fn guests_are_few_and_short_and_in_nobodys_way() {
    let limits = Limits {
        handshakes: 8,
        handshakes_per_address: 2,
        handshake: Duration::from_secs(3),
        ..Limits::default()
    };
    let desk = Clinic::of(&[HERE, THERE]);
    open_room(&desk);
    let listener = listening_within(limits, &desk);
    let mut device = carrier(listener.address(), signer(THERE), &desk);
    assert_eq!(device.meet(), Ok(public(HERE)));
    let begun = Instant::now();
    let head = b"POST /v1/room/get HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n";
    let mut guests: Vec<_> = (0..2).map(|_| unknown(listener.address())).collect();
    for guest in &mut guests {
        guest.write_all(&head[..20]).unwrap();
    }
    // A third from there finds no place, and who is known goes on.
    assert!(closed(&mut TcpStream::connect(listener.address()).unwrap()).is_empty());
    assert!(begun.elapsed() < limits.handshake);
    assert_eq!(device.meet(), Ok(public(HERE)));
    for guest in &mut guests {
        assert!(closed(guest).is_empty());
    }
    let taken = begun.elapsed();
    assert!(taken >= limits.handshake && taken < limits.head, "{taken:?}");
    // A long frame is not even read.
    let mut long = unknown(listener.address());
    long.write_all(head).unwrap();
    let mut told = [0; 12];
    long.read_exact(&mut told).unwrap();
    assert_eq!(&told, b"HTTP/1.1 413");
    assert_eq!(desk.asked(), 0);
}
