//! What devices cost that only wait: each holds a wake of its own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore};
use sync::fixtures::{device, key};
use sync::wire::{Challenge, ChallengeRequest, Frame, Principal, TokenGrant, TokenRequest, path};
use tempfile::tempdir;
use tokio::net::TcpSocket;
use tokio::time::sleep;
use tokio_rustls::TlsConnector;

use crate::common::database::TestDatabase;
use crate::common::{Process, World};
use crate::processor::stat;
use crate::row;

const CLINICS: u8 = 20;
/// Devices of one clinic.
const DEVICES: u8 = 100;
/// The limits count addresses: devices come from so many.
const ADDRESSES: u8 = 20;
/// So long they wait while the processor is looked at: three signs of life and a little.
const WAITED: Duration = Duration::from_secs(70);

/// A device that listens: its connection, and the reply that does not end.
struct Listening {
    _sender: SendRequest<Full<Bytes>>,
    _wake: Response<Incoming>,
}

pub(crate) async fn idle() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    let pem = fs::read(folder.path().join("identity.pem")).unwrap();
    let connector = connector(&pem);
    let mut listening = Vec::new();
    let mut before = 0;
    for number in 1..=CLINICS {
        let mut world = World::found(number);
        (2..=DEVICES).for_each(|number| world.join(number, -3_600_000));
        world.courier(server.client(), 1).members_push(world.entries.clone()).await.unwrap();
        if number == 1 {
            before = resident_kib(&server);
        }
        for device in 1..=DEVICES {
            listening.push(listen(&server, &connector, &world, device).await);
        }
    }
    let count = listening.len();
    let after = resident_kib(&server);
    let took = || stat(server.pid()).unwrap().took;
    let before_waiting = took();
    sleep(WAITED).await;
    let an_hour = (took() - before_waiting).as_secs_f64() * 3600.0 / WAITED.as_secs_f64();
    let per_device = (after.saturating_sub(before)) as f64 / count as f64;
    let what = format!("{count} idle devices of {CLINICS} clinics that hold a wake at one server");
    let figure = format!(
        "{:.1} MiB resident ({:.1} MiB before the first came, {per_device:.1} KiB each); \
         {:.0} ms of processor an hour each",
        after as f64 / 1024.0,
        before as f64 / 1024.0,
        an_hour * 1000.0 / count as f64,
    );
    let holds = if after <= 100 * 1024 { "holds" } else { "**misses**" };
    row(&what, &figure, "≤ 100 MiB", holds);
}

fn connector(pem: &[u8]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// Proves itself and listens, over one connection.
async fn listen(server: &Process, tls: &TlsConnector, world: &World, number: u8) -> Listening {
    let socket = TcpSocket::new_v4().unwrap();
    let from = Ipv4Addr::new(127, 0, 0, 2 + number % ADDRESSES);
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let tcp = socket.connect(SocketAddr::from(([127, 0, 0, 1], server.port()))).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = tls.connect(name, tcp).await.unwrap();
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    drop(tokio::spawn(connection));
    let request =
        ChallengeRequest { clinic: world.clinic, principal: Principal::Device(device(number)) };
    let challenge: Challenge = ask(&mut sender, path::CHALLENGE, &request).await;
    let signed = TokenRequest::sign(request, &challenge, &server.server.pin(), &key(number));
    let grant: TokenGrant = ask(&mut sender, path::TOKEN, &signed).await;
    let wake = Request::builder()
        .uri(path::WAKE)
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", grant.token))
        .body(Full::default())
        .unwrap();
    sender.ready().await.unwrap();
    let mut wake = sender.send_request(wake).await.unwrap();
    assert_eq!(wake.status(), 200);
    // The head comes at once: from then on it is idle.
    wake.body_mut().frame().await.unwrap().unwrap();
    Listening { _sender: sender, _wake: wake }
}

async fn ask<T: Frame>(sender: &mut SendRequest<Full<Bytes>>, path: &str, frame: &impl Frame) -> T {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", "localhost")
        .body(Full::from(frame.to_frame()))
        .unwrap();
    sender.ready().await.unwrap();
    let reply = sender.send_request(request).await.unwrap();
    assert_eq!(reply.status(), 200, "{path}");
    T::from_frame(&reply.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// What the process has in memory, in KiB.
fn resident_kib(server: &Process) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
