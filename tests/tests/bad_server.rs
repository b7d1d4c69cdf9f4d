//! Servers that are away, are another one, or answer with anything: told by name, and the clinic
//! works on and loses nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use tests::computer::{Computer, number, text};
use tests::disk::SmallDisk;
use tests::scene::Scene;
use tests::server::SyncServer;

use crate::between::serving;

/// Whoever listens at a port and says `reply` to every request, or nothing.
pub(crate) struct Liar {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Liar {
    /// Talks plainly, without any key.
    fn plain(reply: &'static [u8]) -> Self {
        Self::listen(move |mut stream| {
            // The caller may have gone.
            drop(stream.read(&mut [0; 4096]));
            drop(stream.write_all(reply));
        })
    }

    /// Talks under the key of a server whose data folder this is, so that it is trusted.
    pub(crate) fn trusted(data: &Path, reply: Vec<u8>) -> Self {
        let config = serving(&std::fs::read(data.join("identity.pem")).unwrap());
        Self::listen(move |tcp| {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(tls, tcp);
            if stream.read(&mut [0; 16 << 10]).is_ok() {
                drop(stream.write_all(&reply));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        })
    }

    fn listen(answer: impl Fn(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let closing = stream.try_clone();
                answer(stream);
                drop(closing.map(|stream| stream.shutdown(Shutdown::Both)));
            }
        });
        Self { address, over, thread: Some(thread) }
    }

    /// Its address, with a pin.
    pub(crate) fn url(&self, pin: &str) -> String {
        format!("https://{}#{pin}", self.address)
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}

/// A clinic that has met its server, with something to send.
pub(crate) struct Met {
    pub(crate) scene: Scene,
    pub(crate) computer: Computer,
    patient: String,
    pub(crate) pin: String,
    address: String,
}

impl Met {
    pub(crate) fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let server = scene.server();
        let computer = Computer::of(&scene, "Front desk");
        computer.found_clinic(Some(server.address()));
        computer.json(&["sync"]);
        let patient = computer.register(&json!({ "family": "Okello" }));
        let address = server.address().to_owned();
        let pin = address.split_once('#').unwrap().1.to_owned();
        drop(server.stop());
        Self { scene, computer, patient, pin, address }
    }

    /// Syncs with what does not work: the code of the failure, told in answer and error alike.
    pub(crate) fn fails(&self, server: &str) -> String {
        let before = self.computer.chart(&self.patient);
        let answer = self.computer.run(&["--json", "sync", "--server", server]);
        let code = answer.refusal(server);
        let view: Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(view["phase"]["kind"], json!("failed"), "{view}");
        assert_eq!(text(&view, "/phase/body/code"), code);
        assert!(number(&view, "/toSend") > 0, "{code}: it waits to be sent: {view}");
        assert_eq!(self.computer.chart(&self.patient), before, "{code}");
        code
    }

    /// The true server comes back: everything arrives.
    pub(crate) fn goes_on(&self) {
        let draft = json!({ "substance": "penicillin" });
        self.computer.record("allergy", Some(&self.patient), &draft);
        self.computer.must_be_sound();
        let server = self.scene.server();
        assert_eq!(server.address().split_once('#').unwrap().1, self.pin, "the same key");
        let view = self.computer.json(&["sync", "--server", server.address()]);
        assert_eq!((view["phase"]["kind"].as_str(), number(&view, "/toSend")), (Some("idle"), 0));
        let other = Computer::of(&self.scene, "Room 2");
        other.join(&text(&self.computer.json(&["device", "code"]), "/code"));
        let [here, there] = [&self.computer, &other].map(|on| on.chart(&self.patient));
        assert_eq!(here["chart"], there["chart"]);
    }
}

#[test]
fn a_server_that_is_away_stops_nobody() {
    let met = Met::new("server-away");
    assert_eq!(met.fails(&met.address), "unreachable");
    assert_eq!(met.computer.refused(&["device", "code"]), "unreachable");
    let silent = Liar::plain(b"");
    let code = met.fails(&silent.url(&met.pin));
    assert!(["unreachable", "server-misbehaves"].contains(&code.as_str()), "{code}");
    met.goes_on();
}

#[test]
fn another_server_is_not_trusted_and_told_nothing() {
    let met = Met::new("another-server");
    let other = Scene::new("another-server-itself");
    let other = other.server();
    let (url, _) = other.address().split_once('#').unwrap();
    assert_eq!(met.fails(&format!("{url}#{}", met.pin)), "server-not-trusted");
    let wrong = format!("sha256:{}", "7".repeat(64));
    assert_eq!(met.fails(&format!("{url}#{wrong}")), "server-not-trusted");
    met.goes_on();
}

#[test]
fn a_server_that_answers_with_anything_is_told_and_believed_nothing() {
    let met = Met::new("garbage-server");
    let check = |liar: &Liar, what: &str, codes: &[&str]| {
        let code = met.fails(&liar.url(&met.pin));
        assert!(codes.contains(&code.as_str()), "{what}: {code}");
    };
    let plain = Liar::plain(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    check(&plain, "no TLS", &["unreachable", "server-not-trusted", "server-misbehaves"]);
    let data = met.scene.folder().join("server");
    let replies: [(&str, Vec<u8>, &[&str]); 8] = [
        ("nothing", Vec::new(), &["unreachable", "server-misbehaves"]),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), &["unreachable", "server-misbehaves"]),
        ("a page", http("200 OK", b"<html>Sign in to the Wi-Fi</html>"), &["server-misbehaves"]),
        ("zeros", http("200 OK", &[0; 5000]), &["server-misbehaves"]),
        ("noise", http("200 OK", &noise()), &["server-misbehaves"]),
        (
            "a length that lies",
            b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{".to_vec(),
            &["unreachable", "server-misbehaves"],
        ),
        (
            "a length beyond all",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_vec(),
            &["unreachable", "server-misbehaves", "too-large"],
        ),
        (
            "another place",
            b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
                .to_vec(),
            &["server-misbehaves", "unreachable"],
        ),
    ];
    for (what, reply, codes) in replies {
        check(&Liar::trusted(&data, reply), what, codes);
    }
    let broken = Liar::trusted(&data, http("500 Internal Server Error", b"oops"));
    check(&broken, "an error", &["unreachable", "server-misbehaves"]);
    met.goes_on();
}

fn http(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Bytes without any order, the same each time.
fn noise() -> Vec<u8> {
    let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let numbers = std::iter::successors(Some(7), next).take(2000);
    numbers.map(|number: u32| number.to_le_bytes()[3]).collect()
}

#[test]
fn why_an_exchange_failed_is_told_once_and_how_it_stands_can_be_asked() {
    let met = Met::new("told-once");
    let told = met.computer.run(&["sync"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let all = format!("{}{}", told.out, told.err);
    assert_eq!(all.matches("Nothing was lost").count(), 1, "{told:?}");
    let view = met.computer.json(&["sync", "--status"]);
    assert!(number(&view, "/toSend") > 0, "{view}");
}

#[test]
fn a_server_without_room_is_told_and_everything_reaches_it_later() {
    let scene = Scene::new("server-full");
    let Some(disk) = SmallDisk::mount(&scene.folder().join("disk"), "size=4m") else { return };
    let server = SyncServer::start(&disk.path().join("data"), scene.pictures().clone());
    let computer = Computer::of(&scene, "Front desk");
    computer.found_clinic(Some(server.address()));
    computer.json(&["sync"]);
    let patient = computer.register(&json!({ "family": "Okello" }));
    for n in 0..40 {
        let draft = json!({ "substance": format!("substance {n}"), "note": "x".repeat(900) });
        computer.record("allergy", Some(&patient), &draft);
    }
    disk.take_what_is_left();
    let answer = computer.run(&["--json", "sync"]);
    assert_eq!(answer.refusal("a server without room"), "server-full");
    let view: Value = serde_json::from_str(&answer.out).unwrap();
    assert!(text(&view, "/phase/body/detail").contains("cannot store more"), "{view}");
    disk.give_back();
    let view = computer.json(&["sync"]);
    assert_eq!((view["phase"]["kind"].as_str(), number(&view, "/toSend")), (Some("idle"), 0));
    let other = Computer::of(&scene, "Room 2");
    other.join(&text(&computer.json(&["device", "code"]), "/code"));
    assert_eq!(other.chart(&patient)["chart"], computer.chart(&patient)["chart"]);
}
