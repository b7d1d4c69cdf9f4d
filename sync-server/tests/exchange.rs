//! Devices and a real server: who is let in, what is kept, what comes back.

use crate::common;
use crate::common::{
    Process, World, courier, founder, last, log_epoch, now_ms, read_log, refused, stored,
};
use link::{Client, LinkError, ServerAddress, shown_pin};
use sync::cursor::Cursor;
use sync::envelope::Envelope;
use sync::fixtures::{device, envelope, key, run, wrapped_key};
use sync::ids::{DocTag, EnvelopeId, InviteId, RoomId, ServerPin, VerifyKey};
use sync::limits::{FRAME_BYTES_MAX, OPEN_ROOMS_MAX, ROOM_LIFE_S_MAX, ROOM_MESSAGE_BYTES_MAX};
use sync::membership::{EntryError, MembersHead};
use sync::signing::Signer;
use sync::wire::{
    ChallengeRequest, InviteGet, InvitePut, KeysRequest, LogVerdict, MembersPush, MembersRequest,
    MembersVerdict, OwnVerdict, Principal, PushRequest, RefusalCode, Refused, RoomGet, RoomMessage,
    RoomOpen, RoomPut, RoomStored, RoomVerdict, TokenRequest, Verdict,
};
use tempfile::tempdir;

#[tokio::test]
async fn another_key_is_refused_before_anything_is_sent() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let wrong = ServerAddress::new(&server.server.url(), ServerPin([7; 32])).unwrap();
    let client = Client::new(wrong, common::PATIENCE).unwrap();
    let error = client.invite_get(&InviteGet { id: InviteId([0; 32]) }).await.unwrap_err();
    let LinkError::PinMismatch { found } = error else { panic!("{error:?}") };
    assert_eq!(found, server.server.pin());
}

#[tokio::test]
async fn only_devices_of_the_clinic_come_in() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (mut world, _) = founder(&server).await;
    world.join(2, -60_000);
    let client = server.client();
    let push = MembersPush { clinic: world.clinic, entries: world.entries.clone() };
    client.members_push(None, &push).await.unwrap();
    for (number, key_seed, code) in [
        (1, 1, None),
        (2, 2, None),
        (1, 2, Some(RefusalCode::UnknownDevice)),
        (3, 3, Some(RefusalCode::UnknownDevice)),
    ] {
        let mut someone = courier(client.clone(), world.clinic, device(number), key_seed);
        let reply = someone.hello(&world.hello(number)).await;
        match code {
            None => assert!(reply.is_ok(), "{reply:?}"),
            Some(code) => assert_eq!(refused(reply), code, "device {number}, key {key_seed}"),
        }
    }
    let stranger = World::found(9);
    let mut someone = stranger.courier(client, 1);
    assert_eq!(refused(someone.hello(&stranger.hello(1)).await), RefusalCode::UnknownClinic);
}

#[tokio::test]
async fn a_token_is_for_one_device_of_one_clinic() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut one) = founder(&server).await;
    let other = World::found(2);
    other.courier(server.client(), 1).members_push(other.entries.clone()).await.unwrap();
    assert_eq!(refused(one.hello(&other.hello(1)).await), RefusalCode::UnknownDevice);
    assert_eq!(refused(one.hello(&world.hello(2)).await), RefusalCode::UnknownDevice);
    assert_eq!(refused(one.push(&other.push(&[])).await), RefusalCode::UnknownDevice);
    let epoch = log_epoch(&world, &mut one).await;
    assert_eq!(refused(one.pull(&other.pull(epoch, 0)).await), RefusalCode::UnknownDevice);
    let keys = KeysRequest { clinic: other.clinic, after: 0 };
    assert_eq!(refused(one.keys(&keys).await), RefusalCode::UnknownDevice);
    let members = MembersRequest { clinic: other.clinic, from: 0 };
    assert_eq!(refused(one.members(&members).await), RefusalCode::UnknownDevice);
}

#[tokio::test]
async fn a_signed_challenge_is_good_once_and_here_only() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, _) = founder(&server).await;
    let client = server.client();
    let request =
        ChallengeRequest { clinic: world.clinic, principal: Principal::Device(device(1)) };
    let challenge = client.challenge(&request).await.unwrap();
    let elsewhere = TokenRequest::sign(request, &challenge, &ServerPin([7; 32]), &key(1));
    assert_eq!(refused(client.token(&elsewhere).await), RefusalCode::UnknownDevice);
    let here = TokenRequest::sign(request, &challenge, &server.server.pin(), &key(1));
    client.token(&here).await.unwrap();
    assert_eq!(refused(client.token(&here).await), RefusalCode::NotAuthenticated);
    let mut made_up = challenge;
    made_up.nonce.0[20] ^= 1;
    let made_up = TokenRequest::sign(request, &made_up, &server.server.pin(), &key(1));
    assert_eq!(refused(client.token(&made_up).await), RefusalCode::NotAuthenticated);
}

#[tokio::test]
async fn what_is_pushed_comes_back_and_twice_is_once() {
    for arguments in [&[][..], &["--memory"]] {
        let folder = tempdir().unwrap();
        let server = Process::start_with(folder.path(), arguments);
        let (world, mut courier) = founder(&server).await;
        let sent = run(1, 1, 5);
        let reply = courier.push(&world.push(&sent[..3])).await.unwrap();
        assert_eq!(reply.verdicts, stored(1, 3));
        let again = courier.push(&world.push(&sent)).await.unwrap().verdicts;
        let known = (1..=3).map(|seq| Verdict::Duplicate { seq });
        assert_eq!(again, known.chain(stored(4, 2)).collect::<Vec<_>>());
        let (cursor, got) = read_log(&world, &mut courier).await;
        assert_eq!((got, cursor.mark.seq), (sent.clone(), 5));
        let mut hello = world.hello(1);
        hello.cursor = Some(cursor);
        hello.own = Some(last(&sent));
        let reply = courier.hello(&hello).await.unwrap();
        assert_eq!(
            (reply.log, reply.own, reply.members),
            (LogVerdict::Same, OwnVerdict::Same, None)
        );
        assert_eq!((reply.head, reply.floor), (5, 0));
        assert!((now_ms() - reply.now_ms).abs() < 60_000);
    }
}

#[tokio::test]
async fn each_envelope_is_judged_by_itself() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let mine = run(1, 1, 2);
    let forged = {
        let theirs = envelope(1, 2, 1, EnvelopeId::NONE, (1, 24));
        let signature = *run(2, 1, 1)[0].signature();
        Envelope::from_parts(theirs.header().clone(), theirs.ciphertext().to_vec(), signature)
    };
    let stranger = run(7, 1, 1).remove(0);
    let sent = [mine[0].clone(), forged, stranger, mine[1].clone()];
    let verdicts = courier.push(&world.push(&sent)).await.unwrap().verdicts;
    assert_eq!(
        verdicts,
        [
            Verdict::Stored { seq: 1 },
            Verdict::Refused(Refused::BadSignature),
            Verdict::Refused(Refused::UnknownDevice),
            Verdict::Stored { seq: 2 },
        ]
    );
    assert_eq!(read_log(&world, &mut courier).await.1, mine);
}

#[tokio::test]
async fn a_long_log_comes_in_pages_within_the_limit() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let mut sent = Vec::new();
    let mut prev = EnvelopeId::NONE;
    for counter in 1..=12 {
        let next = envelope(1, 1, counter, prev, (counter as u8, 300_000));
        prev = next.id();
        sent.push(next);
    }
    for few in sent.chunks(3) {
        courier.push(&world.push(few)).await.unwrap();
    }
    let epoch = log_epoch(&world, &mut courier).await;
    let first = courier.pull(&world.pull(epoch, 0)).await.unwrap();
    assert_eq!((first.items.len(), first.head), (3, 12));
    assert_eq!(read_log(&world, &mut courier).await.1, sent);
    let beyond = courier.pull(&world.pull(epoch, 99)).await.unwrap();
    assert_eq!((beyond.start.seq, beyond.items.len()), (12, 0));
    let mut other = epoch;
    other.0[0] ^= 1;
    assert_eq!(refused(courier.pull(&world.pull(other, 0)).await), RefusalCode::OtherLog);
}

#[tokio::test]
async fn a_frame_over_the_limit_is_not_sent() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let large: Vec<_> = (1..=2)
        .map(|number| envelope(1, number, 1, EnvelopeId::NONE, (1, FRAME_BYTES_MAX / 2)))
        .collect();
    let error = courier.push(&world.push(&large)).await.unwrap_err();
    assert!(matches!(error, LinkError::TooLarge), "{error:?}");
}

#[tokio::test]
async fn keys_travel_beside_the_log() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let keys: Vec<_> = (0..3).map(|n| wrapped_key(DocTag([n; 32]), 1, 0)).collect();
    let push = PushRequest { clinic: world.clinic, keys: keys.clone(), envelopes: run(1, 1, 1) };
    courier.push(&push).await.unwrap();
    courier.push(&push).await.unwrap();
    let page = courier.keys(&KeysRequest { clinic: world.clinic, after: 1 }).await.unwrap();
    assert_eq!((page.keys.as_slice(), page.end, page.head), (&keys[1..], 3, 3));
    assert_eq!(courier.hello(&world.hello(1)).await.unwrap().keys_head, 3);
}

#[tokio::test]
async fn a_revoked_device_is_turned_away_at_once() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (mut world, mut admin) = founder(&server).await;
    world.join(2, -60_000);
    admin.members_push(world.entries.clone()).await.unwrap();
    let mut two = world.courier(server.client(), 2);
    let sent = run(2, 1, 3);
    two.push(&world.push(&sent[..1])).await.unwrap();
    let mut listening = two.wake().await.unwrap();
    assert_eq!(listening.next().await.unwrap(), 1);
    world.revoke(2);
    admin.members_push(world.entries.clone()).await.unwrap();
    assert_eq!(refused(two.push(&world.push(&sent)).await), RefusalCode::Revoked);
    assert_eq!(refused(two.hello(&world.hello(2)).await), RefusalCode::Revoked);
    let mut again = world.courier(server.client(), 2);
    assert_eq!(refused(again.hello(&world.hello(2)).await), RefusalCode::Revoked);
    assert!(matches!(listening.next().await, Err(LinkError::Interrupted)));
    // What it did before reaches the others; what it did after is for people to judge.
    let verdicts = admin.push(&world.push(&sent)).await.unwrap().verdicts;
    assert_eq!(verdicts[1..], stored(2, 2));
}

#[tokio::test]
async fn an_invite_brings_a_device_in() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (mut world, mut admin) = founder(&server).await;
    world.join(2, -60_000);
    let join = world.entries.pop().unwrap();
    admin.members_push(world.entries.clone()).await.unwrap();
    let put = InvitePut {
        clinic: world.clinic,
        id: InviteId([5; 32]),
        expires_at_ms: now_ms() + 60_000,
        blob: b"sealed blob".to_vec(),
    };
    admin.invite_put(&put).await.unwrap();
    // The joining device knows the code only.
    let client = server.client();
    let get = InviteGet { id: InviteId([5; 32]) };
    assert_eq!(client.invite_get(&get).await.unwrap().blob, b"sealed blob");
    let guest = Principal::Invite(VerifyKey(key(102).public_key()));
    let grant = client.sign_in(world.clinic, guest, &key(102)).await.unwrap();
    let request = MembersRequest { clinic: world.clinic, from: 0 };
    let page = client.members(&grant.token, &request).await.unwrap();
    assert_eq!((page.entries, page.head), (world.entries.clone(), world.head()));
    let hello = client.hello(&grant.token, &world.hello(2)).await;
    assert_eq!(refused(hello), RefusalCode::UnknownDevice);
    world.entries.push(join);
    let mut two = world.courier(client.clone(), 2);
    let reply = two.members_push(world.entries[2..].to_vec()).await.unwrap();
    assert_eq!((reply.verdict, reply.head), (MembersVerdict::Stored, world.head()));
    two.hello(&world.hello(2)).await.unwrap();
    // The invite is used up.
    assert_eq!(refused(client.members(&grant.token, &request).await), RefusalCode::UnknownDevice);
}

#[tokio::test]
async fn blobs_are_slow_to_guess_and_end() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut admin) = founder(&server).await;
    let put = |id, expires_at_ms| InvitePut {
        clinic: world.clinic,
        id: InviteId([id; 32]),
        expires_at_ms,
        blob: vec![id],
    };
    admin.invite_put(&put(1, now_ms() - 1)).await.unwrap();
    let client = server.client();
    let mut codes = Vec::new();
    for _ in 0..11 {
        codes.push(refused(client.invite_get(&InviteGet { id: InviteId([1; 32]) }).await));
    }
    assert_eq!(codes[..10], [RefusalCode::NotFound; 10]);
    assert_eq!(codes[10], RefusalCode::Busy);
}

#[tokio::test]
async fn two_that_know_a_room_meet_in_it_and_nobody_else_does() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut admin) = founder(&server).await;
    let room = RoomId([8; 32]);
    let open = RoomOpen { clinic: world.clinic, room, life_s: u32::MAX };
    let before_ms = now_ms();
    let RoomVerdict::Open { ends_at_ms } = admin.room_open(&open).await.unwrap().verdict else {
        panic!("not open")
    };
    let limit_ms = i64::from(ROOM_LIFE_S_MAX) * 1000;
    assert!((before_ms + limit_ms..=now_ms() + limit_ms).contains(&ends_at_ms), "no longer");
    // Who comes in knows the room and the server's address, and learns its key from the server.
    let url = server.server.url();
    let pin = shown_pin(&url, common::PATIENCE).await.unwrap();
    assert_eq!(pin, server.server.pin());
    let guest = Client::new(ServerAddress::new(&url, pin).unwrap(), common::PATIENCE).unwrap();
    let put =
        |place, said: &[u8]| RoomPut { room, message: RoomMessage { place, bytes: said.to_vec() } };
    assert_eq!(guest.room_put(&put(0, b"here")).await.unwrap(), RoomStored::Kept);
    assert_eq!(guest.room_put(&put(0, b"again")).await.unwrap(), RoomStored::Taken);
    let lies = guest.room_get(&RoomGet { room }).await.unwrap();
    assert_eq!((lies.messages.len(), lies.at(0)), (1, Some(&b"here"[..])));
    let long = put(1, &[0; ROOM_MESSAGE_BYTES_MAX + 1]);
    assert_eq!(refused(guest.room_put(&long).await), RefusalCode::Malformed);
    let other = RoomId([9; 32]);
    assert_eq!(refused(guest.room_get(&RoomGet { room: other }).await), RefusalCode::NotFound);
    let elsewhere = RoomPut { room: other, ..put(0, b"x") };
    assert_eq!(refused(guest.room_put(&elsewhere).await), RefusalCode::NotFound);
}

#[tokio::test]
async fn rooms_are_opened_by_devices_of_a_clinic_a_few_at_a_time_and_end() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut admin) = founder(&server).await;
    let open = |id, life_s| RoomOpen { clinic: world.clinic, room: RoomId([id; 32]), life_s };
    let stranger = World::found(9);
    let foreign = stranger.courier(server.client(), 1).room_open(&open(1, 60)).await;
    assert_eq!(refused(foreign), RefusalCode::UnknownClinic);
    let of_another = RoomOpen { clinic: stranger.clinic, ..open(1, 60) };
    assert_eq!(refused(admin.room_open(&of_another).await), RefusalCode::UnknownDevice);
    let client = server.client();
    // One that is over when it is opened is not there, and takes no place.
    admin.room_open(&open(0, 0)).await.unwrap();
    let get = RoomGet { room: RoomId([0; 32]) };
    assert_eq!(refused(client.room_get(&get).await), RefusalCode::NotFound);
    let most = u8::try_from(OPEN_ROOMS_MAX).unwrap();
    for id in 1..=most {
        let opened = admin.room_open(&open(id, 60)).await.unwrap().verdict;
        assert!(matches!(opened, RoomVerdict::Open { .. }), "{id}: {opened:?}");
    }
    let opened = admin.room_open(&open(most + 1, 60)).await.unwrap().verdict;
    assert_eq!(opened, RoomVerdict::TooMany);
    // Who guesses is held up: after a burst, so many a second.
    let mut codes = Vec::new();
    for _ in 0..400 {
        codes.push(refused(client.room_get(&get).await));
    }
    assert!(codes.contains(&RefusalCode::Busy), "{}", codes.len());
}

#[tokio::test]
async fn membership_is_founded_once_and_followed() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let client = server.client();
    let push = |clinic, entries: &[_]| {
        let push = MembersPush { clinic, entries: entries.to_vec() };
        let client = client.clone();
        async move { client.members_push(None, &push).await.unwrap() }
    };
    let mut world = World::found(1);
    world.join(2, -60_000);
    let late = push(world.clinic, &world.entries[1..]).await;
    assert_eq!(late.verdict, MembersVerdict::Refused(EntryError::Founding));
    assert_eq!(late.head, MembersHead::EMPTY);
    let reply = push(world.clinic, &world.entries).await;
    assert_eq!((reply.verdict, reply.head), (MembersVerdict::Stored, world.head()));
    let again = push(world.clinic, &world.entries).await;
    assert_eq!((again.verdict, again.head), (MembersVerdict::Stored, world.head()));
    // A server, or anyone, can add nobody.
    let mut thief = World { clinic: world.clinic, entries: world.entries.clone() };
    thief.add(
        sync::membership::EntryBody::Revoke(sync::membership::Revoke {
            device: device(1),
            cut: Vec::new(),
        }),
        &key(2),
    );
    let reply = push(thief.clinic, &thief.entries).await;
    assert_eq!(reply.verdict, MembersVerdict::Refused(EntryError::NotAdmin));
    let mut twin = World::found(1);
    twin.join(3, -60_000);
    let reply = push(twin.clinic, &twin.entries).await;
    assert_eq!((reply.verdict, reply.head), (MembersVerdict::Stale, world.head()));
}

#[tokio::test]
async fn a_closed_server_takes_no_new_clinic() {
    let folder = tempdir().unwrap();
    let (world, _) = founder(&Process::start(folder.path())).await;
    let server = Process::start_with(folder.path(), &["--no-new-clinics"]);
    world.courier(server.client(), 1).hello(&world.hello(1)).await.unwrap();
    let other = World::found(2);
    let reply =
        other.courier(server.client(), 1).members_push(other.entries.clone()).await.unwrap();
    assert_eq!((reply.verdict, reply.head), (MembersVerdict::Closed, MembersHead::EMPTY));
}

#[tokio::test]
async fn whoever_listens_is_woken() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let mut listening = courier.wake().await.unwrap();
    assert_eq!(listening.next().await.unwrap(), 0);
    let sent = run(1, 1, 30);
    for one in &sent {
        courier.push(&world.push(std::slice::from_ref(one))).await.unwrap();
    }
    let mut wakes = 0;
    loop {
        wakes += 1;
        if listening.next().await.unwrap() == 30 {
            break;
        }
    }
    assert!(wakes < 30, "every push woke by itself");
}

#[tokio::test]
async fn a_renewed_token_is_fetched_by_itself() {
    let folder = tempdir().unwrap();
    let first = Process::start(folder.path());
    let port = first.port();
    let (world, mut courier) = founder(&first).await;
    courier.hello(&world.hello(1)).await.unwrap();
    first.kill();
    // Tokens are in memory only: the same server, started again, knows none.
    let listen = format!("127.0.0.1:{port}");
    let _again = Process::start_with(folder.path(), &["--listen", &listen]);
    courier.hello(&world.hello(1)).await.unwrap();
}

#[tokio::test]
async fn a_cursor_of_another_log_is_told() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let sent = run(1, 1, 4);
    courier.push(&world.push(&sent)).await.unwrap();
    let (whole, _) = read_log(&world, &mut courier).await;
    let spoil = |change: fn(&mut Cursor)| {
        let mut cursor = whole;
        change(&mut cursor);
        cursor
    };
    for cursor in [
        spoil(|cursor| cursor.log_epoch.0[3] ^= 1),
        spoil(|cursor| cursor.mark.chain.0[3] ^= 1),
        spoil(|cursor| cursor.mark.seq -= 1),
        spoil(|cursor| cursor.mark.seq += 1),
    ] {
        let mut hello = world.hello(1);
        hello.cursor = Some(cursor);
        let reply = courier.hello(&hello).await.unwrap();
        let LogVerdict::Other { log_epoch, have } = reply.log else { panic!("{cursor:?}") };
        assert_eq!(log_epoch, whole.log_epoch);
        assert_eq!(have.iter().map(|(_, position)| position).last(), Some(sent[3].position()));
        assert_eq!(reply.own, OwnVerdict::Held(vec![last(&sent)]));
    }
}
