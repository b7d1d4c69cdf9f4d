//! A real server process, and clinics that use it.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod database;
pub(crate) mod proxy;
pub(crate) mod raw;
pub(crate) mod s3;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use link::{Client, Courier, Credentials, LinkError, Patience, ServerAddress, pin_from_text};
use sync::cursor::Cursor;
use sync::envelope::Envelope;
use sync::fixtures::{TestKey, clinic, device, key};
use sync::have::{Have, Position};
use sync::ids::{ClinicId, Commitment, DeviceId, EntryHash, HpkeKey, LogEpoch, VerifyKey};
use sync::membership::{
    Entry, EntryBody, Found, Invite, Join, MembersHead, Revoke, Role, SignedEntry,
};
use sync::signing::Signer;
use sync::wire::{
    HelloRequest, Item, LogVerdict, PullRequest, PushRequest, Refusal, RefusalCode, Verdict,
};

/// A running `fieldchart-sync`; killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) server: ServerAddress,
    pub(crate) announced: String,
    pub(crate) reach: String,
}

impl Process {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub(crate) fn start_with(data: &Path, arguments: &[&str]) -> Self {
        let mut command = command(data);
        Self::of(command.args(at_free_port(arguments)).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Waits until it says where it listens.
    pub(crate) fn of(mut child: Child) -> Self {
        let (mut announced, mut reach) = (String::new(), String::new());
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut announced).unwrap();
        out.read_line(&mut reach).unwrap();
        let (url, pin) = announced
            .trim()
            .strip_prefix("listening on ")
            .and_then(|rest| rest.split_once(" pin "))
            .unwrap_or_else(|| panic!("the server said {announced:?}"));
        // Behind a proxy it says where that reaches it; who asks is told of the proxy.
        let url = if url.starts_with("https://") { url } else { "https://proxy.invalid" };
        let server = ServerAddress::new(url, pin_from_text(pin).unwrap()).unwrap();
        Self { child, server, announced, reach }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.server.clone(), PATIENCE).unwrap()
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.url().rsplit_once(':').unwrap().1.parse().unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As a power cut ends it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a service manager ends it.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

pub(crate) const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    answer: Duration::from_secs(30),
    exchange: Duration::from_secs(30),
    silence: Duration::from_secs(30),
};

pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldchart-sync"));
    command.arg("--data").arg(data).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Arguments at a free port, unless they name one: many servers run beside each other here.
pub(crate) fn at_free_port<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let named = arguments.iter().any(|it| ["--listen", "--behind-proxy"].contains(it));
    let free = if named { &[][..] } else { &["--listen", "127.0.0.1:0"] };
    arguments.iter().chain(free).copied().collect()
}

/// Runs a server that cannot start; its exit code and what it said.
pub(crate) fn fails(data: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = command(data);
    let output = command.args(at_free_port(arguments)).stderr(Stdio::piped()).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

pub(crate) fn read_all(stderr: &mut ChildStderr) -> String {
    let mut text = String::new();
    stderr.read_to_string(&mut text).unwrap();
    text
}

/// A clinic of the fixtures: device `n` signs with key `n`.
pub(crate) struct World {
    pub(crate) clinic: ClinicId,
    pub(crate) entries: Vec<SignedEntry>,
}

impl World {
    /// Clinic `number`, founded by device 1.
    pub(crate) fn found(number: u8) -> Self {
        let found = Found {
            device: device(1),
            hpke_key: HpkeKey([1; 32]),
            sealed_name: b"sealed".to_vec(),
            commitment: Commitment([9; 32]),
        };
        let mut world = Self { clinic: clinic(number), entries: Vec::new() };
        world.add(EntryBody::Found(found), &key(1));
        world
    }

    /// Device `number` joins by an invite that ended `ended_ago_ms` ago.
    pub(crate) fn join(&mut self, number: u8, ended_ago_ms: i64) {
        let invite_key = VerifyKey(key(100 + number).public_key());
        let expires_at_ms = now_ms() - ended_ago_ms;
        let invite = Invite { invite_key, role: Role::Member, expires_at_ms };
        self.add_at(expires_at_ms - 60_000, EntryBody::Invite(invite), &key(1));
        let join = Join::prove(
            self.clinic,
            device(number),
            HpkeKey([number; 32]),
            b"sealed".to_vec(),
            &key(number),
        );
        self.add_at(expires_at_ms - 30_000, EntryBody::Join(join), &key(100 + number));
    }

    pub(crate) fn revoke(&mut self, number: u8) {
        let revoke = Revoke { device: device(number), cut: Vec::new() };
        self.add(EntryBody::Revoke(revoke), &key(1));
    }

    pub(crate) fn add(&mut self, body: EntryBody, signer: &TestKey) {
        self.add_at(now_ms(), body, signer);
    }

    fn add_at(&mut self, at_ms: i64, body: EntryBody, signer: &TestKey) {
        let head = self.entries.last().map_or(MembersHead::EMPTY, SignedEntry::head);
        let entry = Entry {
            clinic: self.clinic,
            index: head.count,
            prev: head.hash,
            at_ms,
            author: VerifyKey([0; 32]),
            body,
        };
        let entry =
            if head.count == 0 { Entry { prev: EntryHash([0; 32]), ..entry } } else { entry };
        self.entries.push(SignedEntry::sign(entry, signer));
    }

    pub(crate) fn head(&self) -> MembersHead {
        self.entries.last().unwrap().head()
    }

    /// Device `number`, which signs with its key.
    pub(crate) fn courier(&self, client: Client, number: u8) -> Courier {
        courier(client, self.clinic, device(number), number)
    }

    pub(crate) fn hello(&self, number: u8) -> HelloRequest {
        HelloRequest {
            clinic: self.clinic,
            device: device(number),
            cursor: None,
            own: None,
            members: self.head(),
        }
    }

    pub(crate) fn push(&self, envelopes: &[Envelope]) -> PushRequest {
        PushRequest { clinic: self.clinic, keys: Vec::new(), envelopes: envelopes.to_vec() }
    }

    pub(crate) fn pull(&self, log_epoch: LogEpoch, after: u64) -> PullRequest {
        let (items, bytes) = (u32::MAX, u32::MAX);
        PullRequest { clinic: self.clinic, log_epoch, after, skip: Have::new(), items, bytes }
    }
}

pub(crate) fn courier(client: Client, clinic: ClinicId, device: DeviceId, key_seed: u8) -> Courier {
    Courier::new(client, Credentials { clinic, device, signer: Arc::new(key(key_seed)) })
}

/// The founder of clinic 1 at a server that knows it.
pub(crate) async fn founder(server: &Process) -> (World, Courier) {
    let world = World::found(1);
    let mut courier = world.courier(server.client(), 1);
    courier.members_push(world.entries.clone()).await.unwrap();
    (world, courier)
}

/// The life of the log and everything in it.
pub(crate) async fn read_log(world: &World, courier: &mut Courier) -> (Cursor, Vec<Envelope>) {
    let log_epoch = log_epoch(world, courier).await;
    let (mut envelopes, mut cursor) = (Vec::new(), Cursor::start(log_epoch));
    loop {
        let page = courier.pull(&world.pull(log_epoch, cursor.mark.seq)).await.unwrap();
        assert_eq!(page.start, cursor.mark);
        for item in page.items {
            cursor.mark = cursor.mark.then(item.id());
            let Item::Whole(envelope) = item else { panic!("only a name was sent") };
            envelopes.push(envelope);
        }
        assert_eq!(page.end, cursor.mark);
        if page.end.seq == page.head {
            return (cursor, envelopes);
        }
    }
}

pub(crate) async fn log_epoch(world: &World, courier: &mut Courier) -> LogEpoch {
    let LogVerdict::Other { log_epoch, .. } = courier.hello(&world.hello(1)).await.unwrap().log
    else {
        panic!("no cursor was sent")
    };
    log_epoch
}

pub(crate) fn stored(from: u64, count: usize) -> Vec<Verdict> {
    (from..).take(count).map(|seq| Verdict::Stored { seq }).collect()
}

pub(crate) fn last(envelopes: &[Envelope]) -> (u32, Position) {
    let last = envelopes.last().unwrap();
    (last.header().generation, last.position())
}

pub(crate) fn refused<T: std::fmt::Debug>(reply: Result<T, LinkError>) -> RefusalCode {
    match reply {
        Err(LinkError::Refused(Refusal { code, .. })) => code,
        other => panic!("no refusal: {other:?}"),
    }
}

#[allow(clippy::disallowed_methods, reason = "a host of the tests")]
pub(crate) fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}
