//! The carrier of hosts that wait, over the real server.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::common::{PATIENCE, Process, World, now_ms, stored};
use link::{BlockingCarrier, ServerAddress, Tally};
use sync::carrier::Carrier;
use sync::fixtures::{device, envelope, key, run};
use sync::have::Have;
use sync::ids::{EnvelopeId, InviteId, LogEpoch, ServerPin, VerifyKey};
use sync::session::{Effect, Failure, SyncEvent};
use sync::signing::Signer;
use sync::wire::{
    Frame, InvitePut, LogVerdict, MembersRequest, MembersVerdict, Principal, PullRequest,
    RefusalCode,
};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Runtime;

/// Longer than a busy machine takes, and never waited for where things work.
const LONG: Duration = Duration::from_secs(60);

fn carrier(server: &ServerAddress) -> BlockingCarrier {
    BlockingCarrier::new(server.clone(), PATIENCE).unwrap()
}

fn code<T: std::fmt::Debug>(reply: Result<T, Failure>) -> RefusalCode {
    match reply {
        Err(Failure::Refused(refused)) => refused.0.code,
        other => panic!("no refusal: {other:?}"),
    }
}

#[test]
fn a_clinic_is_founded_joined_and_used() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let mut world = World::found(1);
    let mut admin = carrier(&server.server);
    admin.identify(world.clinic, Principal::Device(device(1)), Arc::new(key(1)));
    let reply = admin.push_members(world.entries.clone()).unwrap();
    assert_eq!((reply.verdict, reply.head), (MembersVerdict::Stored, world.head()));
    world.join(2, -60_000);
    let join = world.entries.pop().unwrap();
    admin.push_members(world.entries[1..].to_vec()).unwrap();
    let put = InvitePut {
        clinic: world.clinic,
        id: InviteId([4; 32]),
        expires_at_ms: now_ms() + 60_000,
        blob: b"sealed blob".to_vec(),
    };
    admin.put_invite(&put).unwrap();

    let mut guest = carrier(&server.server);
    assert_eq!(guest.get_invite(InviteId([4; 32])).unwrap(), b"sealed blob");
    let from_start = MembersRequest { clinic: world.clinic, from: 0 };
    assert_eq!(code(guest.members(&from_start)), RefusalCode::NotAuthenticated);
    let invite = VerifyKey(key(102).public_key());
    guest.identify(world.clinic, Principal::Invite(invite), Arc::new(key(102)));
    assert_eq!(guest.members(&from_start).unwrap().entries, world.entries);
    world.entries.push(join.clone());
    guest.push_members(vec![join]).unwrap();
    guest.identify(world.clinic, Principal::Device(device(2)), Arc::new(key(2)));
    let push = guest.perform(Effect::SendPush(world.push(&run(2, 1, 2))));
    assert!(matches!(push, Ok(SyncEvent::Pushed(reply)) if reply.verdicts.len() == 2));
    let hello = admin.perform(Effect::SendHello(world.hello(1)));
    assert!(matches!(hello, Ok(SyncEvent::Hello(reply)) if reply.head == 2));
    let local = admin.perform(Effect::OpenGeneration(3));
    assert!(matches!(local, Err(effect) if *effect == Effect::OpenGeneration(3)));
}

#[test]
fn a_host_that_waits_a_little_at_a_time_is_woken_and_listens_again() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let listen_at = server.server.url().trim_start_matches("https://").to_owned();
    let world = World::found(1);
    let [mut one, mut other] = [1, 1].map(|number| {
        let mut carrier = carrier(&server.server);
        carrier.identify(world.clinic, Principal::Device(device(number)), Arc::new(key(number)));
        carrier
    });
    one.push_members(world.entries.clone()).unwrap();
    assert_eq!(one.news(LONG), Err(Failure::Unreachable), "it did not begin to listen");
    one.listen().unwrap();
    assert_eq!(one.news(LONG), Ok(Some(0)), "what the log holds when one begins to listen");
    assert_eq!(one.news(Duration::from_millis(1)), Ok(None));
    let push = other.perform(Effect::SendPush(world.push(&run(1, 1, 2))));
    assert!(matches!(push, Ok(SyncEvent::Pushed(_))));
    assert_eq!(one.news(LONG), Ok(Some(2)));
    server.kill();
    assert_eq!(one.news(LONG), Err(Failure::Unreachable));
    assert_eq!(one.news(LONG), Err(Failure::Unreachable), "it was closed");
    assert_eq!(one.listen(), Err(Failure::Unreachable));
    let _server = Process::start_with(folder.path(), &["--listen", &listen_at]);
    one.listen().unwrap();
    assert_eq!(one.news(LONG), Ok(Some(2)));
}

#[test]
fn what_is_wrong_with_a_server_is_told() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let world = World::found(1);
    let fail = |server: &ServerAddress| {
        let mut carrier = carrier(server);
        carrier.identify(world.clinic, Principal::Device(device(1)), Arc::new(key(1)));
        match carrier.perform(Effect::SendHello(world.hello(1))) {
            Ok(SyncEvent::Failed(failure)) => failure,
            other => panic!("{other:?}"),
        }
    };
    let wrong = ServerAddress::new(&server.server.url(), ServerPin([1; 32])).unwrap();
    assert_eq!(fail(&wrong), Failure::Untrusted);
    assert_eq!(code::<()>(Err(fail(&server.server))), RefusalCode::UnknownClinic);
    let gone = server.server.clone();
    server.kill();
    assert_eq!(fail(&gone), Failure::Unreachable);
}

#[test]
fn round_trips_and_the_bodies_of_a_hello_are_counted() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let world = World::found(1);
    let identified = |tally: &Tally| {
        let server = server.server.clone();
        let mut carrier = BlockingCarrier::counted(server, PATIENCE, tally.clone()).unwrap();
        carrier.identify(world.clinic, Principal::Device(device(1)), Arc::new(key(1)));
        carrier
    };
    identified(&Tally::default()).push_members(world.entries.clone()).unwrap();
    let tally = Tally::default();
    let mut carrier = identified(&tally);
    assert_eq!((tally.round_trips(), tally.hello_bytes()), (0, 0), "nothing was sent yet");
    let mut bytes = 0;
    // TLS, challenge, token and hello; then hello alone.
    for trips in [4, 5] {
        let hello = world.hello(1);
        bytes += hello.to_frame().len();
        let Ok(SyncEvent::Hello(reply)) = carrier.perform(Effect::SendHello(hello)) else {
            panic!("no reply")
        };
        bytes += reply.to_frame().len();
        let counted = (tally.round_trips(), tally.hello_bytes());
        assert_eq!(counted, (trips, u64::try_from(bytes).unwrap()));
    }
    let push = carrier.perform(Effect::SendPush(world.push(&run(1, 1, 2))));
    assert!(matches!(push, Ok(SyncEvent::Pushed(_))));
    let counted = (tally.round_trips(), tally.hello_bytes());
    assert_eq!(counted, (6, u64::try_from(bytes).unwrap()), "a push is no hello");
}

/// What was foreseen is asked for once; what was not asked for after all is dropped.
#[test]
fn a_page_that_was_foreseen_is_on_its_way_before_it_is_asked_for() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let world = World::found(1);
    let tally = Tally::default();
    let mut carrier =
        BlockingCarrier::counted(server.server.clone(), PATIENCE, tally.clone()).unwrap();
    carrier.identify(world.clinic, Principal::Device(device(1)), Arc::new(key(1)));
    let pull = |log_epoch, after| PullRequest { skip: Have::new(), ..world.pull(log_epoch, after) };
    // Who is not signed in foresees nothing.
    let nobody = LogEpoch([0; 16]);
    carrier.foresee(pull(nobody, 0));
    carrier.push_members(world.entries.clone()).unwrap();
    let pushed = carrier.perform(Effect::SendPush(world.push(&run(1, 1, 3))));
    assert!(matches!(pushed, Ok(SyncEvent::Pushed(_))));
    let Ok(SyncEvent::Hello(hello)) = carrier.perform(Effect::SendHello(world.hello(1))) else {
        panic!("no reply")
    };
    let LogVerdict::Other { log_epoch, .. } = hello.log else { panic!("{hello:?}") };
    // How often it was asked for pages, and where the one that came starts.
    let pulled = |carrier: &mut BlockingCarrier, after| {
        let before = tally.round_trips();
        let Ok(SyncEvent::Page(page)) = carrier.perform(Effect::SendPull(pull(log_epoch, after)))
        else {
            panic!("no page")
        };
        assert_eq!((page.start.seq, page.end.seq), (after, 3));
        tally.round_trips() - before
    };
    // It goes on while nobody waits for it.
    let foresee = |carrier: &mut BlockingCarrier, request| {
        let before = tally.round_trips();
        carrier.foresee(request);
        while tally.round_trips() == before {
            std::thread::yield_now();
        }
    };
    foresee(&mut carrier, pull(log_epoch, 1));
    assert_eq!(pulled(&mut carrier, 1), 0, "it was asked for before");
    foresee(&mut carrier, pull(log_epoch, 1));
    assert!(pulled(&mut carrier, 2) > 0, "another one was foreseen");
    assert!(pulled(&mut carrier, 1) > 0, "what was not asked for then is dropped");
    // What anything else is asked for between is dropped too, and what was foreseen for somebody else.
    foresee(&mut carrier, pull(log_epoch, 1));
    assert!(matches!(carrier.perform(Effect::SendHello(world.hello(1))), Ok(SyncEvent::Hello(_))));
    assert!(pulled(&mut carrier, 1) > 0);
    foresee(&mut carrier, pull(log_epoch, 1));
    carrier.identify(world.clinic, Principal::Device(device(1)), Arc::new(key(1)));
    assert!(pulled(&mut carrier, 1) > 0);
    // What a server refuses is not asked for twice.
    foresee(&mut carrier, pull(nobody, 2));
    let before = tally.round_trips();
    let refused = carrier.perform(Effect::SendPull(pull(nobody, 2)));
    assert_eq!(code(told(refused)), RefusalCode::OtherLog);
    assert_eq!(tally.round_trips(), before);
}

/// A line that takes 64 KiB a second of each connection, and holds little of what is on its way.
fn slow_line(server: &ServerAddress) -> (Runtime, ServerAddress) {
    let runtime = Runtime::new().unwrap();
    let to: SocketAddr = server.url().strip_prefix("https://").unwrap().parse().unwrap();
    let listener = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8 * 1024).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        socket.listen(8).unwrap()
    });
    let url = format!("https://{}", listener.local_addr().unwrap());
    runtime.spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let (mut from_caller, mut to_caller) = caller.into_split();
            let server = TcpStream::connect(to).await.unwrap();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_caller).await });
            tokio::spawn(async move {
                let mut piece = [0; 2048];
                while let Ok(count @ 1..) = from_caller.read(&mut piece).await {
                    tokio::time::sleep(Duration::from_micros(count as u64 * 1_000_000 / 65_536))
                        .await;
                    to_server.write_all(&piece[..count]).await.unwrap();
                }
            });
        }
    });
    (runtime, ServerAddress::new(&url, server.pin()).unwrap())
}

/// Where a line is waited for, the next push is on its way before the one before it is answered; where
/// it overtook that one, it is asked for anew.
#[test]
fn a_push_goes_out_while_the_one_before_it_waits_where_the_line_is_slow() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (_runtime, slow) = slow_line(&server.server);
    let world = World::found(1);
    let founder = || Principal::Device(device(1));
    let mut direct = carrier(&server.server);
    direct.identify(world.clinic, founder(), Arc::new(key(1)));
    direct.push_members(world.entries.clone()).unwrap();
    let mut prev = EnvelopeId::NONE;
    let sent: Vec<_> = (1..=161)
        .map(|counter| {
            let next = envelope(1, 1, counter, prev, (counter as u8, 5000));
            prev = next.id();
            next
        })
        .collect();
    // How often it was asked for what was offered, once the one before was answered.
    let check = |way: &ServerAddress, first: Range<usize>, second: Range<usize>| {
        let tally = Tally::default();
        let mut carrier = BlockingCarrier::counted(way.clone(), PATIENCE, tally.clone()).unwrap();
        carrier.identify(world.clinic, founder(), Arc::new(key(1)));
        let offer = carrier.next_push().unwrap();
        offer(world.push(&sent[second.clone()]));
        let mut pushed = |range: Range<usize>| {
            let push = Effect::SendPush(world.push(&sent[range.clone()]));
            let Ok(SyncEvent::Pushed(reply)) = carrier.perform(push) else { panic!("no reply") };
            assert_eq!(reply.verdicts, stored(range.start as u64 + 1, range.len()));
        };
        pushed(first);
        let before = tally.round_trips();
        pushed(second);
        tally.round_trips() - before
    };
    assert_eq!(check(&slow, 0..40, 40..80), 0, "it was on its way");
    assert_eq!(check(&slow, 80..119, 119..120), 1, "it overtook the one before");
    assert_eq!(check(&server.server, 120..160, 160..161), 1, "the line is quick");
}

fn told(event: Result<SyncEvent, Box<Effect>>) -> Result<SyncEvent, Failure> {
    match event {
        Ok(SyncEvent::Failed(failure)) => Err(failure),
        Ok(event) => Ok(event),
        Err(effect) => panic!("{effect:?} is for the host"),
    }
}
