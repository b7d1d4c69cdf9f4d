//! A computer is admitted by a number that both show, with real programs and a real server.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::TLS13;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Output, Stdio},
    sync::Arc,
    thread,
};
use sync::wire::{Frame as _, RoomMessage, RoomMessages, RoomStored, path};
use tests::{
    computer::{Answer, Computer, list, text},
    golden::Golden,
    scene::Scene,
    server::SyncServer,
};
use vault::{
    random::Entropy,
    room_code::RoomCode,
    sas::{Admitter, Message},
};

/// A command that is under way, and tells a line of JSON for each step.
pub(crate) struct Talk {
    child: Option<Child>,
    said: BufReader<ChildStdout>,
    input: Option<ChildStdin>,
}

impl Talk {
    pub(crate) fn begin(computer: &Computer, words: &[&str]) -> Self {
        let mut command = computer.command();
        command.arg("--json").args(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (said, input) = (child.stdout.take().unwrap(), child.stdin.take());
        Self { child: Some(child), said: BufReader::new(said), input }
    }

    /// The next step.
    pub(crate) fn next(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| {
            let output = self.child.take().unwrap().wait_with_output().unwrap();
            panic!("{error}: {line:?}: {:?}", Answer::of(output))
        })
    }

    pub(crate) fn number(&mut self) -> String {
        text(&self.next(), "/number")
    }

    pub(crate) fn answer(&mut self, word: &str) {
        writeln!(self.input.as_mut().unwrap(), "{word}").unwrap();
    }

    /// The end, with what was not heard yet.
    pub(crate) fn end(mut self) -> Answer {
        drop(self.input.take());
        let mut out = String::new();
        while self.said.read_line(&mut out).unwrap() > 0 {}
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        Answer::of(Output { stdout: out.into_bytes(), ..output })
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A clinic with a chart, and a room that was opened.
struct Clinic {
    scene: Scene,
    _server: SyncServer,
    computer: Computer,
    patient: String,
    opened: Value,
    room: String,
    server: String,
}

impl Clinic {
    fn that_admits(name: &str, seconds: &str) -> (Self, Talk) {
        let scene = Scene::new(name);
        let server = scene.server();
        let computer = Computer::of(&scene, "Front desk");
        computer.found_clinic(Some(server.address()));
        let patient = computer.register(&json!({ "family": "Okello" }));
        let mut admits = Talk::begin(&computer, &["device", "admit", "--seconds", seconds]);
        let opened = admits.next();
        let (room, address) = (text(&opened, "/room"), text(&opened, "/server"));
        (Self { scene, _server: server, computer, patient, opened, room, server: address }, admits)
    }

    fn joins(&self, computer: &Computer) -> Talk {
        self.joins_at(computer, &self.server)
    }

    fn joins_at(&self, computer: &Computer, server: &str) -> Talk {
        let words = ["clinic", "join", "--room", &self.room, "--server", server];
        Talk::begin(computer, &words)
    }

    /// Nothing was handed over: this computer alone is of the clinic, and it raised the alarm.
    fn let_nobody_in(&self) {
        let view = self.computer.json(&["sync"]);
        let alarms: Vec<_> =
            list(&view, "/alarms").iter().map(|one| text(one, "/alarm/kind")).collect();
        assert_eq!(alarms, ["numbersDiffered"], "{view}");
        assert_eq!(list(&self.computer.json(&["device", "list"]), "").len(), 1);
        let rows = list(&self.computer.json(&["audit"]), "/rows");
        let about = rows.iter().filter(|row| text(row, "/resource") == "admit-device");
        let outcomes: Vec<_> = about.map(|row| text(row, "/outcome")).collect();
        assert_eq!(outcomes, ["failure"]);
    }
}

#[test]
fn two_computers_that_show_the_same_number_are_of_one_clinic() {
    let (clinic, mut admits) = Clinic::that_admits("admitted", "600");
    let newcomer = Computer::of(&clinic.scene, "Room 2");
    let mut joins = clinic.joins(&newcomer);
    let (here, there) = (admits.number(), joins.number());
    assert_eq!(here, there);
    assert_eq!(here.len(), 8, "{here}");
    // A slip is no answer; the other's number is one.
    admits.answer("hm");
    admits.answer(&there.replace(' ', ""));
    joins.answer("yes");
    let admitted = admits.next();
    assert_eq!(admitted, json!({ "admitted": true }));
    let steps = json!([clinic.opened, { "number": here }, admitted]);
    let golden = Golden::new().name(&clinic.room, "room").name(&clinic.server, "server");
    assert_snapshot!("device-admit", golden.name(&here, "number").json(&steps));
    let joined = joins.next();
    assert!(text(&joined, "/recoveryCode").len() > 30, "{joined}");
    assert_eq!((admits.end().code, joins.end().code), (Some(0), Some(0)));
    assert_eq!(newcomer.chart(&clinic.patient)["chart"], {
        clinic.computer.chart(&clinic.patient)["chart"].clone()
    });
    clinic.computer.json(&["sync"]);
    assert_eq!(list(&clinic.computer.json(&["device", "list"]), "").len(), 2);
    newcomer.must_be_sound();
    // The room is used up, and the new computer is in a clinic.
    let words = ["clinic", "join", "--room", &clinic.room, "--server", &clinic.server];
    assert_eq!(newcomer.refused(&words), "already-exists");
    let late = Computer::of(&clinic.scene, "Room 3");
    assert_eq!(late.refused(&words), "bad-code");
    assert!(!late.store().join("fieldchart.db").exists());
}

#[test]
fn numbers_that_somebody_says_differ_let_nobody_in() {
    let (clinic, mut admits) = Clinic::that_admits("differing", "600");
    let newcomer = Computer::of(&clinic.scene, "Room 2");
    let mut joins = clinic.joins(&newcomer);
    assert_eq!(admits.number(), joins.number());
    admits.answer("yes");
    joins.answer("no");
    let told = joins.end().refusal("the newcomer");
    assert_eq!(told, "numbers-differ");
    assert_eq!(admits.end().refusal("the clinic"), "numbers-differ");
    clinic.let_nobody_in();
    assert!(!newcomer.store().join("fieldchart.db").exists());
}

/// Between the two stands a server of its own towards the newcomer, and a newcomer of its own
/// towards the clinic.
#[test]
fn a_man_in_the_middle_is_seen_in_the_numbers() {
    let (clinic, mut admits) = Clinic::that_admits("between", "600");
    let between = Between::stand(&clinic);
    let newcomer = Computer::of(&clinic.scene, "Room 2");
    let false_newcomer = Computer::of(&clinic.scene, "Nobody");
    let mut deceived = clinic.joins_at(&newcomer, &between.url);
    let mut deceives = clinic.joins(&false_newcomer);
    let (here, there) = (admits.number(), deceived.number());
    assert_ne!(here, there, "one in ten million times they are the same by chance");
    assert_eq!(deceives.number(), here, "it knows what the clinic sees, and cannot show it there");
    deceives.answer("yes");
    admits.answer(&there);
    deceived.answer(&here);
    let told = deceived.end().refusal("the newcomer");
    assert_eq!(told, "numbers-differ");
    assert_eq!(admits.end().refusal("the clinic"), "numbers-differ");
    assert_eq!(deceives.end().refusal("who stood between"), "numbers-differ");
    clinic.let_nobody_in();
}

#[test]
fn rooms_that_have_ended_or_never_were_lead_nowhere() {
    let (clinic, admits) = Clinic::that_admits("ended", "1");
    let newcomer = Computer::of(&clinic.scene, "Room 2");
    let enter = |room: &str, server: &str| {
        newcomer.refused(&["clinic", "join", "--room", room, "--server", server])
    };
    let Clinic { room, server, computer, .. } = &clinic;
    assert_eq!(enter("ABCD-EFGH-JK", server), "bad-code", "mistyped");
    assert_eq!(enter(room, "http://plain.example"), "invalid");
    assert_eq!(enter(room, "https://127.0.0.1:9"), "unreachable");
    let wrong = format!("{server}#sha256:{}", "7".repeat(64));
    assert_eq!(enter(room, &wrong), "server-not-trusted");
    // Whoever opened it waits until it ends.
    assert_eq!(admits.end().refusal("the clinic"), "not-found");
    assert_eq!(enter(room, server), "bad-code");
    assert_eq!(list(&computer.json(&["device", "list"]), "").len(), 1);
}

/// A server that speaks to whoever comes as if it were the clinic's computer in every room.
struct Between {
    url: String,
}

impl Between {
    fn stand(clinic: &Clinic) -> Self {
        // A key of its own, as any server has one.
        let other = SyncServer::start(&clinic.scene.folder().join("other"), {
            clinic.scene.pictures().clone()
        });
        drop(other.stop());
        let pem = std::fs::read(clinic.scene.folder().join("other/identity.pem")).unwrap();
        let certificate = CertificateDer::from_pem_slice(&pem).unwrap();
        let key = PrivateKeyDer::from_pem_slice(&pem).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let room = RoomCode::parse(&clinic.room).unwrap().derive_room_id();
        let shown = Admitter::make(room, &mut Dice).public();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let config = Arc::new(config);
        thread::spawn(move || {
            for tcp in listener.incoming().map_while(Result::ok) {
                let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
                thread::spawn(move || serve(StreamOwned::new(tls, tcp), shown));
            }
        });
        Self { url }
    }
}

/// Takes every message, and says that the clinic's key lies in the room.
fn serve(mut stream: StreamOwned<ServerConnection, TcpStream>, shown: [u8; 32]) {
    while let Some(path) = asked(&mut stream) {
        let message = RoomMessage { place: 1, bytes: Message::Key(shown).to_bytes() };
        let frame = if path == path::ROOM_PUT {
            RoomStored::Kept.to_frame()
        } else {
            RoomMessages { messages: vec![message] }.to_frame()
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
            path::CONTENT_TYPE,
            frame.len()
        );
        if stream.write_all(&[head.as_bytes(), &frame].concat()).is_err() {
            return;
        }
        drop(stream.flush());
    }
}

/// Reads a request to its end, and answers its path.
fn asked(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length?.trim().parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}

/// The system's randomness.
pub(crate) struct Dice;

impl Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
