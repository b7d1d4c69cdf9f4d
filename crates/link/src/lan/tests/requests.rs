//! What enrolled devices ask and are answered.

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use hyper::Method;
use sync::carrier::Carrier;
use sync::fixtures::{device, run};
use sync::have::Have;
use sync::ids::InviteId;
use sync::limits::FRAME_BYTES_MAX;
use sync::session::{Effect, Failure, SyncEvent};
use sync::wire::{InvitePut, LogVerdict, Principal, Verdict, read_reply};
use tokio::runtime::Builder;

use super::strangers::{closed, enrolled};
use super::*;
use crate::http::{Answer, Ask, Http};
use crate::lan::Standing;
use crate::lan::trust::{Peer, client_config};
use crate::traffic::Tally;

fn hello() -> Effect {
    Effect::SendHello(HelloRequest {
        clinic: clinic(1),
        device: device(THERE),
        cursor: None,
        own: None,
        members: MembersHead::EMPTY,
    })
}

fn members() -> sync::wire::MembersRequest {
    sync::wire::MembersRequest { clinic: clinic(1), from: 0 }
}

#[test]
fn a_session_s_requests_are_answered_by_the_desk() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let mut carrier = carrier(listener.address(), signer(THERE), &desk);
    assert_eq!(carrier.meet(), Ok(public(HERE)));
    assert_eq!(desk.asked(), 0);
    carrier.identify(clinic(1), Principal::Device(device(THERE)), signer(THERE));

    let answered = carrier.perform(hello()).unwrap();
    let SyncEvent::Hello(reply) = answered else { panic!("{answered:?}") };
    assert_eq!((reply.head, reply.now_ms), (0, NOW_MS));
    assert!(matches!(reply.log, LogVerdict::Other { .. }));

    let envelopes = run(THERE, 1, 3);
    let push = PushRequest { clinic: clinic(1), keys: Vec::new(), envelopes };
    let answered = carrier.perform(Effect::SendPush(push)).unwrap();
    let SyncEvent::Pushed(reply) = answered else { panic!("{answered:?}") };
    assert_eq!(reply.verdicts, [1, 2, 3].map(|seq| Verdict::Stored { seq }));

    let skip = Have::default();
    let pull = PullRequest {
        clinic: clinic(1),
        log_epoch: LogEpoch([9; 16]),
        after: 0,
        skip,
        items: u32::MAX,
        bytes: 1000,
    };
    let answered = carrier.perform(Effect::SendPull(pull)).unwrap();
    let SyncEvent::Page(page) = answered else { panic!("{answered:?}") };
    assert_eq!(page.items.len(), 3);

    let answered = carrier.perform(Effect::SendKeys(KeysRequest { clinic: clinic(1), after: 0 }));
    assert!(matches!(answered, Ok(SyncEvent::Keys(_))), "{answered:?}");
    let answered = carrier.perform(Effect::SendMembers(members()));
    assert!(matches!(answered, Ok(SyncEvent::Members(_))), "{answered:?}");
    assert_eq!(carrier.members(&members()).unwrap().head, MembersHead::EMPTY);
    let reply = carrier.push_members(Vec::new()).unwrap();
    assert_eq!(reply.verdict, MembersVerdict::Stale);

    let asked = desk.asked.lock().unwrap();
    assert!(asked.iter().all(|(caller, _)| *caller == public(THERE)));
    let paths: Vec<&str> = asked.iter().map(|(_, path)| path.as_str()).collect();
    let expected = [path::HELLO, path::PUSH, path::PULL, path::KEYS, path::MEMBERS, path::MEMBERS];
    assert_eq!(paths, [expected.as_slice(), &[path::MEMBERS_PUSH]].concat());
}

#[test]
fn a_blob_comes_in_parts_from_a_place_on_and_for_as_long_as_it_is_wanted() {
    let desk = Clinic::of(&[HERE, THERE]);
    let trust = Clinic::of(&[HERE]);
    let listener = listening(&desk);
    let mut carrier = carrier(listener.address(), signer(THERE), &trust);
    let nothing = carrier.get_blob(BLOB, 0, &mut |_| ControlFlow::Continue(()));
    assert_eq!(nothing, Err(refused(RefusalCode::NotAuthenticated)), "whose it is must be known");
    carrier.identify(clinic(1), Principal::Device(device(THERE)), signer(THERE));
    let asked = BlobsRequest { clinic: clinic(1), ids: vec![BlobId([1; 32]), BLOB] };
    assert_eq!(carrier.blobs_held(&asked).unwrap().ids, [BLOB]);
    let mut check = |from: usize, most: usize, want: usize| {
        let mut come = Vec::new();
        let told = carrier.get_blob(BLOB, u64::try_from(from).unwrap(), &mut |part| {
            come.extend_from_slice(part);
            if come.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!(told, Ok(()));
        assert!(come == blob()[from..from + want], "{} of {want} from {from}", come.len());
    };
    check(0, usize::MAX, BLOB_BYTES);
    check(BLOB_BYTES - 5, usize::MAX, 5);
    check(300_000, usize::MAX, BLOB_BYTES - 300_000);
    check(0, 1, BLOB_PART_BYTES_MAX);
    // None is left at a desktop: it fetches what it wants.
    assert_eq!(carrier.put_blob(BLOB, vec![1]), Err(refused(RefusalCode::NotFound)));
    // Each part is given to who is of the clinic then.
    let mut parts = 0;
    let told = carrier.get_blob(BLOB, 0, &mut |_| {
        parts += 1;
        desk.revoke(THERE);
        ControlFlow::Continue(())
    });
    assert_eq!((parts, told), (1, Err(refused(RefusalCode::Revoked))));
}

#[test]
fn what_is_for_servers_or_for_the_host_is_not_sent() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let mut carrier = carrier(listener.address(), signer(THERE), &desk);
    let effect = Effect::Wait { until_ms: 1 };
    assert_eq!(carrier.perform(effect.clone()).unwrap_err(), Box::new(effect));
    let put =
        InvitePut { clinic: clinic(1), id: InviteId([1; 32]), expires_at_ms: 1, blob: vec![1] };
    let not_for_peers = refused(RefusalCode::NotFound);
    assert_eq!(carrier.put_invite(&put), Err(not_for_peers.clone()));
    assert_eq!(carrier.get_invite(InviteId([1; 32])), Err(not_for_peers.clone()));
    assert_eq!(carrier.listen(), Err(not_for_peers.clone()));
    assert_eq!(carrier.news(Duration::ZERO), Err(not_for_peers));
    // Whose entries they are must be known.
    assert_eq!(carrier.push_members(Vec::new()), Err(refused(RefusalCode::NotAuthenticated)));
    assert_eq!(desk.asked(), 0);
}

#[test]
fn who_is_revoked_while_connected_is_refused_at_the_next_request() {
    let desk = Clinic::of(&[HERE, THERE]);
    let asker = Clinic::of(&[HERE]);
    let listener = listening(&desk);
    let mut carrier = carrier(listener.address(), signer(THERE), &asker);
    assert!(carrier.members(&members()).is_ok());
    desk.revoke(THERE);
    assert_eq!(carrier.members(&members()), Err(refused(RefusalCode::Revoked)));
    // That ended the connection: the next does not come about.
    assert_eq!(carrier.members(&members()), Err(refused(RefusalCode::UnknownDevice)));
    assert_eq!(desk.asked(), 1);
}

#[test]
fn a_peer_that_is_revoked_while_connected_is_asked_no_more() {
    let desk = Clinic::of(&[HERE, THERE]);
    let asker = Clinic::of(&[HERE]);
    let listener = listening(&desk);
    let mut carrier = carrier(listener.address(), signer(THERE), &asker);
    assert!(carrier.members(&members()).is_ok());
    asker.revoke(HERE);
    assert_eq!(carrier.members(&members()), Err(Failure::Untrusted));
    assert_eq!(carrier.meet(), Err(Failure::Untrusted));
    assert_eq!(desk.asked(), 1);
}

#[test]
fn who_was_met_is_accepted_and_nobody_else() {
    let clinic = Clinic::of(&[HERE, THERE, 3]);
    let listener = listening(&clinic);
    let address = listener.address();
    let mut carrier = carrier(address, signer(THERE), &clinic);
    assert_eq!(carrier.meet(), Ok(public(HERE)));
    listener.end();
    let desk: Arc<dyn LanDesk> = Arc::<Clinic>::clone(&clinic);
    let other = LanListener::begin(address, signer(3), desk).unwrap();
    assert_eq!(carrier.meet(), Err(Failure::Untrusted));
    assert_eq!(carrier.members(&members()), Err(Failure::Untrusted));
    assert_eq!(clinic.asked(), 0);
    drop(other);
}

/// Asks as [`THERE`] whatever is wanted.
fn ask(address: SocketAddr, method: Method, path: &'static str, body: Vec<u8>) -> Answer {
    let peer = Arc::new(Peer::new(Arc::new(|_: &VerifyKey| true)));
    let tls = client_config(signer(THERE), peer).unwrap();
    let http = Http::new(tls, format!("https://{address}"), PATIENCE, Tally::default());
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let ask = Ask { method, path, token: None, from: 0, body: Bytes::from(body) };
    runtime.block_on(http.exchange(ask)).unwrap()
}

#[test]
fn anything_else_is_refused_in_the_protocol_s_words() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let long = FRAME_BYTES_MAX + 1;
    for (method, path, len, code) in [
        (Method::GET, path::HELLO, 0, RefusalCode::NotFound),
        (Method::PUT, path::HELLO, 0, RefusalCode::NotFound),
        (Method::GET, path::WAKE, 0, RefusalCode::NotFound),
        (Method::POST, path::WAKE, 0, RefusalCode::NotFound),
        (Method::POST, path::CHALLENGE, 8, RefusalCode::NotFound),
        (Method::POST, path::TOKEN, 8, RefusalCode::NotFound),
        (Method::POST, path::INVITE_PUT, 8, RefusalCode::NotFound),
        (Method::POST, path::INVITE_GET, 8, RefusalCode::NotFound),
        (Method::GET, "/v1/blob/07", 0, RefusalCode::NotFound),
        (Method::PUT, "/v1/blob/07", 8, RefusalCode::NotFound),
        (Method::POST, "/", 0, RefusalCode::NotFound),
        (Method::POST, "/v1/hello/", 0, RefusalCode::NotFound),
        (Method::POST, "/v1/../v1/hello", 0, RefusalCode::NotFound),
        (Method::POST, path::PUSH, long, RefusalCode::TooLarge),
    ] {
        let answer = ask(listener.address(), method.clone(), path, vec![7; len]);
        let refusal = read_reply::<MembersPage>(&answer.body).unwrap().unwrap_err();
        assert_eq!(refusal, Refusal::of(code), "{method} {path}");
        assert_eq!(answer.head.status.as_u16(), code.http_status(), "{method} {path}");
        assert_eq!(answer.head.headers["content-type"], path::CONTENT_TYPE);
    }
    assert_eq!(desk.asked(), 0);
    // The largest frame there may be comes through, and breaks nothing.
    let _refused = ask(listener.address(), Method::POST, path::PUSH, vec![7; FRAME_BYTES_MAX]);
    assert_eq!(desk.asked(), 1);
}

/// A desk that breaks, and one that takes its time.
struct Slow {
    begun: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl LanDesk for Slow {
    fn standing(&self, _key: &VerifyKey) -> Standing {
        Standing::Device
    }

    fn answer_newcomer(&self, _caller: &VerifyKey, path: &str, _frame: &[u8]) -> LanAnswer {
        panic!("{path} was asked for by who is of no clinic")
    }

    fn answer(&self, _caller: &VerifyKey, path: &str, _frame: &[u8]) -> LanAnswer {
        assert_ne!(path, path::KEYS, "this desk cannot do keys");
        self.begun.send(()).unwrap();
        let _told = self.go_on.lock().unwrap().recv();
        LanAnswer { status: 200, frame: Vec::new() }
    }
}

#[test]
fn a_desk_that_breaks_is_a_refusal_and_the_listener_goes_on() {
    let (begun, _begun) = mpsc::channel();
    let (go_on, waits) = mpsc::channel();
    let slow = Arc::new(Slow { begun, go_on: Mutex::new(waits) });
    let listener = LanListener::begin(([127, 0, 0, 1], 0).into(), signer(HERE), slow).unwrap();
    let answer = ask(listener.address(), Method::POST, path::KEYS, vec![1]);
    let refusal = read_reply::<MembersPage>(&answer.body).unwrap().unwrap_err();
    assert_eq!(refusal, Refusal { code: RefusalCode::Unavailable, retry_after_s: 10 });
    go_on.send(()).unwrap();
    assert_eq!(ask(listener.address(), Method::POST, path::PULL, vec![1]).head.status, 200);
}

#[test]
fn ending_waits_for_the_answers_that_have_begun_and_for_no_connection() {
    let (begun, has_begun) = mpsc::channel();
    let (go_on, waits) = mpsc::channel();
    let slow = Arc::new(Slow { begun, go_on: Mutex::new(waits) });
    let desk: Arc<dyn LanDesk> = Arc::<Slow>::clone(&slow);
    let listener = LanListener::begin(([127, 0, 0, 1], 0).into(), signer(HERE), desk).unwrap();
    let address = listener.address();
    let idle = std::net::TcpStream::connect(address).unwrap();
    let asking = thread::spawn(move || {
        let trust = Clinic::of(&[HERE]);
        carrier(address, signer(THERE), &trust).members(&members())
    });
    has_begun.recv().unwrap();
    let (ended, has_ended) = mpsc::channel();
    let ending = thread::spawn(move || {
        drop(listener);
        ended.send(()).unwrap();
    });
    // It cannot have ended: the answer holds it. What was cut is asked again, and found gone.
    assert_eq!(asking.join().unwrap(), Err(Failure::Unreachable));
    assert!(has_ended.try_recv().is_err(), "it did not wait for the answer");
    go_on.send(()).unwrap();
    has_ended.recv().unwrap();
    ending.join().unwrap();
    assert_eq!(Arc::strong_count(&slow), 1, "a thread still holds the desk");
    assert!(std::net::TcpStream::connect(address).is_err());
    drop(idle);
}

#[test]
fn a_connection_on_which_nothing_moves_is_cut() {
    let (begun, has_begun) = mpsc::channel();
    let (go_on, waits) = mpsc::channel();
    let slow = Arc::new(Slow { begun, go_on: Mutex::new(waits) });
    let limits = Limits { silence: Duration::from_millis(500), ..Limits::default() };
    let listener =
        LanListener::begin_within(limits, ([127, 0, 0, 1], 0).into(), signer(HERE), slow).unwrap();
    let mut stream = enrolled(listener.address());
    stream.write_all(b"POST /v1/pull HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").unwrap();
    has_begun.recv().unwrap();
    // The desk has not answered, and does not until the connection has ended.
    assert!(closed(&mut stream).is_empty());
    go_on.send(()).unwrap();
}
