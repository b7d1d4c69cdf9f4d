//! Hostile and broken callers: each gets an answer or nothing, and the server goes on.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;

use crate::common::raw::{connect, say};
use crate::common::{Process, founder, read_log};
use sync::fixtures::run;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{ChallengeRequest, Frame, HelloRequest, PullRequest, PushRequest};
use tempfile::tempdir;

fn address(server: &Process) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], server.port()))
}

fn post(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

async fn answers(data: &Path, server: &Process, request: &[u8]) -> u16 {
    say(&mut connect(data, address(server)).await, request).await
}

async fn is_well(data: &Path, server: &Process) {
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert_eq!(answers(data, server, request).await, 200);
}

#[tokio::test]
async fn what_is_no_request_gets_its_status() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let token = "ab".repeat(32);
    let get = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes()
    };
    let long = "x".repeat(64 * 1024);
    let chunk = format!("{:x}\r\n", FRAME_BYTES_MAX + 1);
    let chunked = [
        b"POST /v1/challenge HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\
                connection: close\r\n\r\n"
            .as_slice(),
        chunk.as_bytes(),
        &vec![0; FRAME_BYTES_MAX + 1],
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let declared = b"POST /v1/challenge HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                     content-length: 9999999999999999\r\n\r\n";
    for (name, request, status) in [
        ("another path", get("/"), 404),
        ("a path with dots, which stay as they are", get("/v1/../healthz"), 400),
        ("another method", get("/v1/push"), 405),
        ("no token", post("/v1/hello", "", b""), 401),
        ("no token on the wake", get("/v1/wake"), 401),
        ("a token of another time", post("/v1/push", &bearer(&token), b""), 401),
        ("half a token", post("/v1/push", &bearer(&"ab".repeat(31)), b""), 401),
        ("no hexadecimal", post("/v1/push", &bearer(&"zz".repeat(32)), b""), 401),
        ("no bearer", post("/v1/push", &format!("authorization: Basic {token}\r\n"), b""), 401),
        ("an empty frame", post("/v1/challenge", "", b""), 400),
        ("another frame", post("/v1/challenge", "", &[1, 3, 0]), 400),
        ("a frame of the future", post("/v1/challenge", "", &[9, 7, 0]), 400),
        ("a body over the limit", post("/v1/challenge", "", &vec![0; FRAME_BYTES_MAX + 1]), 413),
        ("a chunked body over the limit", chunked, 413),
        ("a length beyond all", declared.to_vec(), 413),
        ("a long header", post("/v1/hello", &format!("x: {long}\r\n"), b""), 431),
        ("two lengths", post("/v1/hello", "content-length: 7\r\n", b""), 400),
        ("no HTTP", b"\x00\xff\x16\x03\x01 what?\r\n\r\n".to_vec(), 400),
    ] {
        assert_eq!(answers(folder.path(), &server, &request).await, status, "{name}");
    }
    is_well(folder.path(), &server).await;
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

/// Every frame, cut and bent in many ways, as someone with a token sends it.
#[tokio::test]
async fn bent_frames_are_refused_and_change_nothing() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let sent = run(1, 1, 2);
    courier.push(&world.push(&sent)).await.unwrap();
    let before = read_log(&world, &mut courier).await;
    let client = server.client();
    let device = sync::wire::Principal::Device(sync::fixtures::device(1));
    let grant = client.sign_in(world.clinic, device, &sync::fixtures::key(1)).await.unwrap();
    let token = format!("authorization: Bearer {}\r\n", grant.token);
    let challenge = ChallengeRequest { clinic: world.clinic, principal: device };
    let frames = [
        ("/v1/challenge", challenge.to_frame()),
        ("/v1/hello", HelloRequest::to_frame(&world.hello(1))),
        ("/v1/push", PushRequest::to_frame(&world.push(&run(1, 1, 4)[2..]))),
        ("/v1/pull", PullRequest::to_frame(&world.pull(before.0.log_epoch, 0))),
    ];
    for (path, frame) in frames {
        let mut bent: Vec<Vec<u8>> = (0..frame.len())
            .step_by(frame.len() / 12 + 1)
            .map(|end| frame[..end].to_vec())
            .collect();
        bent.push([&frame[..], b"x"].concat());
        bent.push([&frame[..20], &[0xff; 40], &frame[20..]].concat());
        for bent in bent {
            let status = answers(folder.path(), &server, &post(path, &token, &bent)).await;
            assert_eq!(status, 400, "{path} {} of {}", bent.len(), frame.len());
        }
    }
    assert_eq!(read_log(&world, &mut courier).await, before);
}

#[tokio::test]
async fn who_goes_away_in_the_midst_harms_nobody() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    let whole = post("/v1/challenge", "", &[0; 1000]);
    for end in [1, 30, 120, whole.len() - 1] {
        let mut stream = connect(folder.path(), address(&server)).await;
        tokio::io::AsyncWriteExt::write_all(&mut stream, &whole[..end]).await.unwrap();
        drop(stream);
    }
    for hello in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 0xff, 0xff], &[0; 70_000]] {
        let mut tcp = TcpStream::connect(address(&server)).unwrap();
        // The server may have closed already.
        let _said = tcp.write_all(hello);
        let _shut = tcp.shutdown(Shutdown::Write);
        let mut reply = Vec::new();
        let _heard = tcp.read_to_end(&mut reply);
        assert!(!reply.starts_with(b"HTTP"), "spoke HTTP without TLS");
    }
    is_well(folder.path(), &server).await;
    courier.push(&world.push(&run(1, 1, 1))).await.unwrap();
}

#[tokio::test]
async fn older_tls_is_refused() {
    use std::sync::Arc;

    use rustls::pki_types::ServerName;
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_protocol_versions(&[&rustls::version::TLS12])
    .unwrap()
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth();
    let tcp = tokio::net::TcpStream::connect(address(&server)).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let error = connector.connect(name, tcp).await.unwrap_err();
    let error = error.into_inner().unwrap().downcast::<rustls::Error>().unwrap();
    let told = rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion);
    assert_eq!(*error, told);
}

#[tokio::test]
async fn the_counters_tell_no_names() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, mut courier) = founder(&server).await;
    courier.push(&world.push(&run(1, 1, 3))).await.unwrap();
    let mut stream = connect(folder.path(), address(&server)).await;
    let request = b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, request).await.unwrap();
    let mut page = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut page).await.unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("fieldchart_sync_envelopes_appended_total 3\n"), "{page}");
    for name in ["0101010101", "0707070707"] {
        assert!(!page.contains(name), "{page}");
    }
}
