//! Servers that lie, break off or say nothing: each has its own error, and none is believed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use link::{Client, LinkError, Patience, ServerAddress};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use sha2::{Digest, Sha256};
use sync::ids::{InviteId, ServerPin, Token};
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{
    FRAME_VERSION, Frame, InviteBlob, InviteGet, InviteStored, Refusal, RefusalCode, path,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(4),
    exchange: Duration::from_secs(200),
    silence: Duration::from_secs(40),
};

/// A key with its certificate, and the pin of the key.
fn identity(
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> (Arc<ServerConfig>, ServerPin) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["other.example".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let pin = ServerPin(Sha256::digest(key.subject_public_key_info()).into());
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    (Arc::new(config), pin)
}

/// What a bad server does with a connection after the request's head has come.
#[derive(Clone)]
enum Deed {
    /// Says this and closes.
    Say(Vec<u8>),
    /// Says this and stays.
    Stay(Vec<u8>),
    /// Says this again and again.
    Repeat(Vec<u8>, Vec<u8>),
    /// Says this, and then a byte now and then.
    Trickle(Vec<u8>),
}

/// Serves one deed after the other, the last for ever.
async fn serve(deeds: Vec<Deed>) -> Client {
    let (tls, pin) = identity(&[&TLS13]);
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(tls);
        let mut deeds = deeds.into_iter().peekable();
        loop {
            let Some(deed) = deeds.next() else { return };
            let last = deeds.peek().is_none();
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                tokio::spawn(act(acceptor.clone(), tcp, deed.clone()));
                if !last {
                    break;
                }
            }
        }
    });
    client(address, pin)
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn client(address: SocketAddr, pin: ServerPin) -> Client {
    let server = ServerAddress::new(&format!("https://{address}"), pin).unwrap();
    Client::new(server, PATIENCE).unwrap()
}

async fn act(acceptor: TlsAcceptor, tcp: TcpStream, deed: Deed) {
    let Ok(mut stream) = acceptor.accept(tcp).await else { return };
    read_head(&mut stream).await;
    match deed {
        Deed::Say(bytes) => {
            let _said = stream.write_all(&bytes).await;
            let _closed = stream.shutdown().await;
        }
        Deed::Stay(bytes) => {
            let _said = stream.write_all(&bytes).await;
            let _flushed = stream.flush().await;
            std::future::pending::<()>().await;
        }
        Deed::Repeat(first, more) => {
            let _said = stream.write_all(&first).await;
            while stream.write_all(&more).await.is_ok() {}
        }
        Deed::Trickle(first) => {
            let _said = stream.write_all(&first).await;
            while stream.write_all(b"x").await.is_ok() && stream.flush().await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn read_head(stream: &mut TlsStream<TcpStream>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut some = [0; 1024];
        match stream.read(&mut some).await {
            Ok(count @ 1..) => head.extend_from_slice(&some[..count]),
            _ => return,
        }
    }
}

async fn ask(client: &Client) -> Result<InviteBlob, LinkError> {
    client.invite_get(&InviteGet { id: InviteId([1; 32]) }).await
}

fn reply(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn each_bad_reply_has_its_error() {
    let blob = InviteBlob { blob: b"sealed".to_vec() }.to_frame();
    let refusal = Refusal { code: RefusalCode::NotFound, retry_after_s: 0 };
    let chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"8000\r\n".as_slice(), &[7; 0x8000], b"\r\n"].concat();
    let long = vec![0; FRAME_BYTES_MAX + 1];
    let whole = reply("200 OK", "", &blob);
    let cut = whole[..whole.len() - 1].to_vec();
    let busy = |s| {
        format!("{:?}", LinkError::Refused(Refusal { code: RefusalCode::Busy, retry_after_s: s }))
    };
    let framed = format!("content-type: {}\r\n", path::CONTENT_TYPE);
    let later = [FRAME_VERSION + 1, 2, 7];
    for (name, deed, expected) in [
        ("no HTTP", Deed::Say(b"220 mail.example ESMTP\r\n\r\n".to_vec()), "Malformed".to_owned()),
        ("no frame", Deed::Say(reply("200 OK", "", b"<html>")), "Malformed".to_owned()),
        ("nothing", Deed::Say(reply("200 OK", "", b"")), "Malformed".to_owned()),
        ("a page of someone", Deed::Say(reply("404 No", "", b"<html>")), "Malformed".to_owned()),
        (
            "another frame",
            Deed::Say(reply("200 OK", "", &InviteStored.to_frame())),
            "Malformed".to_owned(),
        ),
        (
            "a frame of a later form",
            Deed::Say(reply("200 OK", &framed, &later)),
            "Newer".to_owned(),
        ),
        (
            "a refusal of a later form",
            Deed::Say(reply("400 No", &framed, &later)),
            "Newer".to_owned(),
        ),
        (
            "a frame of an earlier form",
            Deed::Say(reply("200 OK", &framed, &[FRAME_VERSION - 1, 2, 7])),
            "Malformed".to_owned(),
        ),
        (
            "what begins like a later frame and does not say that it is one",
            Deed::Say(reply("200 OK", "", &later)),
            "Malformed".to_owned(),
        ),
        ("a reply that failed", Deed::Say(reply("500 Oh", "", &blob)), "Malformed".to_owned()),
        (
            "a redirect",
            Deed::Say(reply("302 Go", "location: https://x\r\n", b"")),
            "Malformed".to_owned(),
        ),
        ("a long reply", Deed::Say(reply("200 OK", "", &long)), "TooLarge".to_owned()),
        ("a reply without end", Deed::Repeat(chunks, chunk), "TooLarge".to_owned()),
        ("a reply cut off", Deed::Say(cut), "Interrupted".to_owned()),
        ("no reply", Deed::Say(Vec::new()), "Interrupted".to_owned()),
        (
            "a refusal",
            Deed::Say(reply("404 No", "", &refusal.to_frame())),
            format!("{:?}", LinkError::Refused(refusal)),
        ),
        ("a busy proxy", Deed::Say(reply("503 No", "retry-after: 7\r\n", b"<html>")), busy(7)),
        ("a proxy alone", Deed::Say(reply("502 No", "", b"")), busy(1)),
    ] {
        let client = serve(vec![deed]).await;
        assert_eq!(format!("{:?}", ask(&client).await.unwrap_err()), expected, "{name}");
    }
}

#[tokio::test]
async fn a_connection_that_died_is_replaced_once() {
    let good = reply("200 OK", "", &InviteBlob { blob: b"sealed".to_vec() }.to_frame());
    let client = serve(vec![Deed::Say(Vec::new()), Deed::Say(good.clone())]).await;
    assert_eq!(ask(&client).await.unwrap().blob, b"sealed");
    let client = serve(vec![Deed::Say(Vec::new()), Deed::Say(Vec::new()), Deed::Say(good)]).await;
    assert!(matches!(ask(&client).await, Err(LinkError::Interrupted)));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_given_up() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-len".to_vec();
    let body = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n".to_vec();
    for (what, deed) in [
        ("nothing", Deed::Stay(Vec::new())),
        ("half a head", Deed::Stay(half)),
        ("a head alone", Deed::Stay(body.clone())),
        ("a head by bytes", Deed::Trickle(b"HTTP/1.1 200 OK\r\nx: ".to_vec())),
        ("a body by bytes", Deed::Trickle(body)),
    ] {
        let client = serve(vec![deed]).await;
        let started = Instant::now();
        let error = ask(&client).await.unwrap_err();
        assert!(matches!(error, LinkError::TimedOut), "{what}: {error:?}");
        // The clock of the test: it stands but for these waits.
        let waited = started.elapsed();
        assert!(waited >= PATIENCE.answer, "{what}: {waited:?}");
        assert!(waited <= PATIENCE.answer * 3, "{what}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_handshake_is_given_up() {
    let (listener, address) = listen().await;
    let client = client(address, ServerPin([0; 32]));
    assert!(matches!(ask(&client).await, Err(LinkError::TimedOut)));
    drop(listener);
}

#[tokio::test]
async fn nobody_there() {
    let (listener, address) = listen().await;
    drop(listener);
    assert!(matches!(ask(&client(address, ServerPin([0; 32]))).await, Err(LinkError::Unreachable)));
}

#[tokio::test]
async fn other_protocols_are_told_apart() {
    let (tls, pin) = identity(&[&TLS12]);
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            tokio::spawn(act(TlsAcceptor::from(Arc::clone(&tls)), tcp, Deed::Say(Vec::new())));
        }
    });
    assert!(matches!(ask(&client(address, pin)).await, Err(LinkError::Tls)));

    let (listener, address) = listen().await;
    tokio::spawn(async move {
        loop {
            let (mut tcp, _) = listener.accept().await.unwrap();
            let _said = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert!(matches!(ask(&client(address, pin)).await, Err(LinkError::Tls)));
}

#[tokio::test]
async fn another_key_is_no_server_of_ours() {
    let (tls, pin) = identity(&[&TLS13]);
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(tls);
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            if let Ok(mut stream) = acceptor.accept(tcp).await {
                let _end = stream.read_to_end(&mut heard).await;
            }
            assert!(heard.is_empty(), "something was sent to a stranger");
        }
    });
    let error = ask(&client(address, ServerPin([0; 32]))).await.unwrap_err();
    let LinkError::PinMismatch { found } = error else { panic!("{error:?}") };
    assert_eq!(found, pin);
}

/// The certificate is public: whoever shows it must prove to hold its key.
#[tokio::test]
async fn a_copied_certificate_is_no_proof() {
    #[derive(Debug)]
    struct Copied(Arc<CertifiedKey>);
    impl ResolvesServerCert for Copied {
        fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
            Some(Arc::clone(&self.0))
        }
    }

    let (real, thief) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let certificate = CertificateParams::new(["other.example".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&real).unwrap();
    let pin = ServerPin(Sha256::digest(real.subject_public_key_info()).into());
    let thief = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(thief.serialize_der()));
    let thief = ring::sign::any_supported_type(&thief).unwrap();
    let copied = Copied(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], thief)));
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(copied));
    let (listener, address) = listen().await;
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            tokio::spawn(act(acceptor.clone(), tcp, Deed::Say(Vec::new())));
        }
    });
    assert!(matches!(ask(&client(address, pin)).await, Err(LinkError::Tls)));
}

#[tokio::test(start_paused = true)]
async fn a_wake_stream_ends_with_its_reason() {
    let stream = |body: &str| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        format!("{head}{body}").into_bytes()
    };
    for (deed, heads, expected) in [
        (Deed::Stay(stream("data: 1\n\n: alive\n\ndata: 4\n\n")), &[1, 4][..], "TimedOut"),
        (Deed::Say(stream("data: 2\n\ndata: 3")), &[2], "Interrupted"),
        (Deed::Say(stream("data: many\n\n")), &[], "Malformed"),
        (Deed::Repeat(stream(""), vec![b'x'; 4096]), &[], "Malformed"),
    ] {
        let client = serve(vec![deed]).await;
        let mut listening = client.wake(&Token([1; 32])).await.unwrap();
        for head in heads {
            assert_eq!(listening.next().await.unwrap(), *head);
        }
        assert_eq!(format!("{:?}", listening.next().await.unwrap_err()), expected);
    }
    let refusal = Refusal::of(RefusalCode::Revoked);
    let client = serve(vec![Deed::Say(reply("403 No", "", &refusal.to_frame()))]).await;
    let error = client.wake(&Token([1; 32])).await.unwrap_err();
    assert!(matches!(error, LinkError::Refused(told) if told == refusal), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed_by_who_waits_a_little_at_a_time() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let client = serve(vec![Deed::Stay(format!("{head}data: 1\n\n").into_bytes())]).await;
    let mut listening = client.wake(&Token([1; 32])).await.unwrap();
    assert_eq!(listening.next().await.unwrap(), 1);
    let a_second = Duration::from_secs(1);
    let mut waits = 0;
    let ended = loop {
        match tokio::time::timeout(a_second, listening.next()).await {
            Ok(ended) => break ended,
            Err(_nothing) => waits += 1,
        }
        assert!(waits < 100, "it would wait for ever");
    };
    assert!(matches!(ended, Err(LinkError::TimedOut)), "{ended:?}");
    assert!(waits >= 39, "{waits} s of the 40 it has patience for");
}
