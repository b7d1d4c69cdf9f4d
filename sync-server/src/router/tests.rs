//! Who asks too much is told to wait: over a server as it runs behind a proxy, which says who asks.

use std::net::SocketAddr;
use std::time::Duration;

use sync::fixtures::{clinic, device};
use sync::ids::{ServerPin, Token};
use sync::rate::Rate;
use sync::wire::{Frame as _, MembersRequest, Principal};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::*;
use crate::accept::{Door, Entrance, serve};
use crate::auth::Caller;
use crate::blobs::Stores;
use crate::clinics::Clinics;
use crate::clock::now_ms;
use crate::forwarded::behind_proxy;
use crate::limits::Rates;
use crate::log::MemoryShelf;
use crate::metrics::Metrics;
use crate::quota::Quota;
use crate::state::App;

/// So often at once, and once more in an hour.
const AT_ONCE: u8 = 3;

fn few<K: Ord>() -> Rate<K> {
    Rate::new(1, Duration::from_secs(3600), AT_ONCE.into())
}

/// A server with limits of its own; it stops when dropped.
struct Site {
    address: SocketAddr,
    app: Shared,
    _stop: watch::Sender<bool>,
}

impl Site {
    async fn start(rates: Rates) -> Self {
        let metrics = std::sync::Arc::<Metrics>::default();
        let shelf = Box::new(MemoryShelf::new(Quota::NONE));
        let clinics = Clinics::new(shelf, true, std::sync::Arc::clone(&metrics));
        let (stop, stopped) = watch::channel(false);
        let shown = (ServerPin([1; 32]), [2; 32]);
        let mut app = App::new(
            shown,
            (clinics, Stores::None),
            std::sync::Arc::clone(&metrics),
            stopped.clone(),
        );
        app.rates = rates;
        let app = Shared::new(app);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = behind_proxy(router(Shared::clone(&app)));
        let door = Door { entrance: Entrance::Proxy(listener), router, metrics };
        drop(tokio::spawn(serve(door, stopped)));
        Self { address, app, _stop: stop }
    }

    /// A token of a device; each time another one.
    fn token(&self, number: u8, which: u8) -> Token {
        let token = Token([number, which].repeat(16).try_into().unwrap());
        let principal = Principal::Device(device(number));
        let caller = Caller { clinic: clinic(1), principal, expires_at_ms: i64::MAX };
        self.app.auth.remember(&token, caller, now_ms()).unwrap();
        token
    }

    /// The status of an answer to who asks from `192.0.2.` and a number.
    async fn ask(&self, from: u8, method: &str, path: &str, more: &str, body: &[u8]) -> u16 {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             x-forwarded-for: 192.0.2.{from}\r\n{more}content-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        let mut reply = String::new();
        let heard = stream.read_to_string(&mut reply).await;
        assert!(heard.is_ok() && reply.starts_with("HTTP/1.1 "), "{path}: {reply:?}");
        let status = reply.split(' ').nth(1).unwrap().parse().unwrap();
        let is_told = reply.to_lowercase().contains("\r\nretry-after: ");
        assert_eq!(is_told, status == TOO_MUCH, "{path}: {reply:?}");
        status
    }

    /// What a device hears that asks for the list of a clinic, which is not here.
    async fn ask_as(&self, token: &Token, from: u8) -> u16 {
        let bearer = format!("authorization: Bearer {token}\r\n");
        let asked = MembersRequest { clinic: clinic(1), from: 0 }.to_frame();
        self.ask(from, "POST", path::MEMBERS, &bearer, &asked).await
    }
}

const TOO_MUCH: u16 = 429;

#[tokio::test]
async fn what_a_newer_program_asks_is_refused_in_words_that_it_reads() {
    let site = Site::start(Rates::default()).await;
    let refused = RefusalCode::Malformed.http_status();
    for (method, path, status) in [
        ("POST", "/v1/of-a-later-program", refused),
        ("GET", "/v1/of-a-later-program", refused),
        ("POST", "/v1/", refused),
        ("GET", "/v1", 404),
        ("GET", "/", 404),
        ("GET", "/v11/hello", 404),
    ] {
        assert_eq!(site.ask(1, method, path, "", b"").await, status, "{path}");
    }
}

#[tokio::test]
async fn an_address_may_ask_so_often_whatever_it_asks() {
    let site = Site::start(Rates { address: few(), ..Rates::default() }).await;
    let asked = [
        ("GET", "/healthz", 200),
        ("POST", path::CHALLENGE, RefusalCode::Malformed.http_status()),
        ("GET", "/nowhere", 404),
    ];
    assert_eq!(asked.len(), usize::from(AT_ONCE));
    for (method, path, status) in asked {
        assert_eq!(site.ask(1, method, path, "", b"").await, status, "{path}");
    }
    for (method, path, _) in asked {
        assert_eq!(site.ask(1, method, path, "", b"").await, TOO_MUCH, "{path}");
    }
    assert_eq!(site.ask(2, "GET", "/healthz", "", b"").await, 200, "another address has its own");
}

#[tokio::test]
async fn a_device_may_ask_so_often_from_wherever_and_by_whatever_token() {
    let site = Site::start(Rates { caller: few(), ..Rates::default() }).await;
    let (one, other) = (site.token(1, 1), site.token(2, 1));
    let answered = RefusalCode::UnknownClinic.http_status();
    assert_ne!(answered, TOO_MUCH);
    for from in 1..=AT_ONCE {
        assert_eq!(site.ask_as(&one, from).await, answered, "{from}");
    }
    for from in 1..=AT_ONCE + 1 {
        assert_eq!(site.ask_as(&one, from).await, TOO_MUCH, "{from}");
    }
    assert_eq!(
        site.ask_as(&site.token(1, 2), 1).await,
        TOO_MUCH,
        "another token is no other device"
    );
    assert_eq!(site.ask_as(&other, 1).await, answered, "another device has its own");
}
