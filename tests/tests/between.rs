//! Somebody between the computers of a clinic and their server who holds the server's own key: what
//! goes by can be read, altered, or stopped at a named point.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what goes wrong here ends the test"
)]

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    thread,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    version::TLS13,
};
use tests::process::wait_for;

/// Which way something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    /// To the server.
    There,
    /// Back from it.
    Back,
}

/// How much of it is let through before everything stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Through {
    /// Not a byte.
    Nothing,
    /// The first half.
    Half,
    /// The whole of it.
    Whole,
}

/// A named point of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// What the point is called.
    pub(crate) name: &'static str,
    /// Where the request goes, as `/v1/push`.
    pub(crate) path: &'static str,
    /// On which of its ways.
    pub(crate) going: Going,
    /// How much goes through.
    pub(crate) through: Through,
}

/// What is done to a reply: the path, the request, the reply; answers what is given instead.
pub(crate) type Lie = Box<dyn FnMut(&str, &[u8], Vec<u8>) -> Vec<u8> + Send>;

/// Whoever stands in between. It goes with the test's process.
pub(crate) struct Between {
    address: SocketAddr,
    pin: String,
    shared: Arc<Shared>,
}

struct Shared {
    near: Arc<ServerConfig>,
    far: Arc<ClientConfig>,
    upstream: Mutex<SocketAddr>,
    lie: Mutex<Option<Lie>>,
    stop: Mutex<Stop>,
    changed: Condvar,
}

/// Where everything stops.
#[derive(Default)]
struct Stop {
    at: Option<Point>,
    /// Of the times the point is passed, so many are let go before.
    before: usize,
    reached: bool,
}

impl Between {
    /// Stands before the server at `address` (`https://host:port#pin`), whose data folder is `data`.
    pub(crate) fn before(address: &str, data: &Path) -> Self {
        let (url, pin) = address.split_once('#').unwrap();
        let upstream = url.trim_start_matches("https://").parse().unwrap();
        let pem = std::fs::read(data.join("identity.pem")).unwrap();
        let shared = Shared {
            near: serving(&pem),
            far: asking(&pem),
            upstream: Mutex::new(upstream),
            lie: Mutex::default(),
            stop: Mutex::default(),
            changed: Condvar::new(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let between = Self {
            address: listener.local_addr().unwrap(),
            pin: pin.to_owned(),
            shared: Arc::new(shared),
        };
        let shared = Arc::clone(&between.shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                // A connection that breaks is what a network has.
                thread::spawn(move || drop(shared.carry(stream)));
            }
        });
        between
    }

    /// Its address, with the server's pin.
    pub(crate) fn address(&self) -> String {
        format!("https://{}#{}", self.address, self.pin)
    }

    /// Leads to another server of the same key.
    pub(crate) fn lead_to(&self, address: &str) {
        let (url, _) = address.split_once('#').unwrap();
        let place = url.trim_start_matches("https://").parse().unwrap();
        *self.shared.upstream.lock().unwrap() = place;
    }

    /// Tells this lie from now on.
    pub(crate) fn lie(&self, lie: Lie) {
        *self.shared.lie.lock().unwrap() = Some(lie);
    }

    /// Is honest from now on.
    pub(crate) fn repent(&self) {
        *self.shared.lie.lock().unwrap() = None;
    }

    /// Stops everything at a point, once it was passed `before` times.
    pub(crate) fn stop_at(&self, point: Point, before: usize) {
        let stop = Stop { at: Some(point), before, reached: false };
        *self.shared.stop.lock().unwrap() = stop;
    }

    /// Whether the point was reached: what is to go on there waits.
    pub(crate) fn is_reached(&self) -> bool {
        self.shared.stop.lock().unwrap().reached
    }

    /// Waits for the point to be reached, or for `ended`; whether it was reached.
    pub(crate) fn reached(&self, mut ended: impl FnMut() -> bool) -> bool {
        wait_for("a point of a session", || {
            let (ended, reached) = (ended(), self.is_reached());
            (reached || ended).then_some(reached)
        })
    }

    /// Ends what waits at the point, and lets everything by again.
    pub(crate) fn let_go(&self) {
        *self.shared.stop.lock().unwrap() = Stop::default();
        self.shared.changed.notify_all();
    }
}

/// A head of HTTP and its body.
struct Message {
    head: String,
    body: Vec<u8>,
}

impl Shared {
    /// Carries one request there and its reply back.
    fn carry(&self, near: TcpStream) -> io::Result<()> {
        let closing = near.try_clone()?;
        let carried = self.carry_one(near);
        drop(closing.shutdown(Shutdown::Both));
        carried
    }

    fn carry_one(&self, near: TcpStream) -> io::Result<()> {
        let tls = ServerConnection::new(Arc::clone(&self.near)).map_err(io::Error::other)?;
        let mut near = StreamOwned::new(tls, near);
        let request = Message::read(&mut near)?;
        let path = request.head.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut far = self.far()?;
        if self.pass(&path, Going::There, &request, &mut far)? {
            return Ok(());
        }
        let mut reply = Message::read(&mut far)?;
        if let Some(lie) = self.lie.lock().unwrap().as_mut() {
            reply.body = lie(&path, &request.body, reply.body);
        }
        self.pass(&path, Going::Back, &reply, &mut near)?;
        near.conn.send_close_notify();
        near.flush()
    }

    fn far(&self) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let tcp = TcpStream::connect(*self.upstream.lock().unwrap())?;
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let tls = ClientConnection::new(Arc::clone(&self.far), name).map_err(io::Error::other)?;
        Ok(StreamOwned::new(tls, tcp))
    }

    /// Writes a message on, or as much of it as the point lets through, and waits there; whether
    /// everything ends here.
    fn pass(
        &self,
        path: &str,
        going: Going,
        message: &Message,
        to: &mut impl Write,
    ) -> io::Result<bool> {
        let bytes = message.bytes();
        let through = self.through(path, going);
        let count = match through {
            Some(Through::Nothing) => 0,
            Some(Through::Half) => bytes.len() - message.body.len().div_ceil(2).max(1),
            Some(Through::Whole) | None => bytes.len(),
        };
        to.write_all(&bytes[..count])?;
        to.flush()?;
        let Some(_) = through else { return Ok(false) };
        let mut stop = self.stop.lock().unwrap();
        stop.reached = true;
        while stop.reached {
            stop = self.changed.wait(stop).unwrap();
        }
        Ok(true)
    }

    /// How much goes through, where everything stops here.
    fn through(&self, path: &str, going: Going) -> Option<Through> {
        let mut stop = self.stop.lock().unwrap();
        let at = stop.at.filter(|at| at.path == path && at.going == going)?;
        if stop.before > 0 {
            stop.before -= 1;
            return None;
        }
        Some(at.through)
    }
}

impl Message {
    fn read(from: &mut impl Read) -> io::Result<Self> {
        let (mut bytes, mut some) = (Vec::new(), [0; 16 << 10]);
        loop {
            let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
            if let Some(end) = end {
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                let length = length_in(&head);
                if bytes.len() >= end + length {
                    return Ok(Self { head, body: bytes[end..end + length].to_vec() });
                }
            }
            match from.read(&mut some)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => bytes.extend_from_slice(&some[..count]),
            }
        }
    }

    /// As it is sent on: of the length it has now, on a connection of its own.
    fn bytes(&self) -> Vec<u8> {
        let is_ours = |line: &&str| {
            let line = line.to_ascii_lowercase();
            line.is_empty()
                || line.starts_with("content-length:")
                || line.starts_with("connection:")
        };
        let lines = self.head.split("\r\n").filter(|line| !is_ours(line));
        let head: String = lines.map(|line| format!("{line}\r\n")).collect();
        let length = self.body.len();
        let head = format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

fn length_in(head: &str) -> usize {
    let lines = head.split("\r\n").map(str::to_ascii_lowercase);
    let lengths =
        lines.filter_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    lengths.last().unwrap_or(0)
}

/// Serves under the key in a server's `identity.pem`.
pub(crate) fn serving(pem: &[u8]) -> Arc<ServerConfig> {
    let certificate = CertificateDer::from_pem_slice(pem).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(config)
}

fn asking(pem: &[u8]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}
