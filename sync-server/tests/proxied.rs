//! A proxy that ends TLS before the server, and balancers that forward connections as they are.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use crate::common::proxy::{Proxy, ProxyKey};
use crate::common::raw::{connect_over, say};
use crate::common::{PATIENCE, Process, World, fails, log_epoch, refused, stored};
use bytes::Bytes;
use link::{Client, ServerAddress};
use sha2::{Digest, Sha256};
use sync::fixtures::{device, key, run};
use sync::ids::{BlobId, InviteId, ServerPin};
use sync::wire::{ChallengeRequest, Frame, InviteGet, Principal, RefusalCode, TokenRequest, path};
use tempfile::tempdir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Looks for invites of one address, all at once.
const LOOKS: usize = 10;
const FOUND_NONE: u16 = 404;
const TOO_MANY: u16 = 429;

/// A server behind a proxy that has a key of its own.
struct Site {
    server: Process,
    key: ProxyKey,
    proxy: Proxy,
}

impl Site {
    async fn start(data: &Path, behind: &str, is_http2: bool) -> Self {
        let key = ProxyKey::make();
        let certificate = data.with_extension("pem");
        fs::write(&certificate, key.certificate()).unwrap();
        let named = certificate.to_str().unwrap();
        let server = Process::start_with(data, &["--behind-proxy", behind, "--proxy-cert", named]);
        let proxy = Proxy::start(&key, place(&server), is_http2).await;
        Self { server, key, proxy }
    }

    /// A way to the proxy, as computers are told of it.
    fn client(&self) -> Client {
        client(&self.proxy, self.server.server.pin())
    }

    /// What a look for an invite is answered with, with headers of the caller's own.
    async fn look(&self, headers: &str) -> u16 {
        let tcp = TcpStream::connect(self.proxy.address).await.unwrap();
        look(tcp, self.key.0.as_bytes(), headers).await.unwrap()
    }
}

fn client(proxy: &Proxy, pin: ServerPin) -> Client {
    let url = format!("https://{}", proxy.address);
    Client::new(ServerAddress::new(&url, pin).unwrap(), PATIENCE).unwrap()
}

/// Where the proxy reaches a server, as it said itself.
fn place(server: &Process) -> &str {
    server.announced.strip_prefix("listening on ").unwrap().split(' ').next().unwrap()
}

/// What a look for an invite is answered with over a connection.
async fn look(tcp: TcpStream, pem: &[u8], headers: &str) -> std::io::Result<u16> {
    let body = InviteGet { id: InviteId([7; 32]) }.to_frame();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n",
        path::INVITE_GET,
        body.len()
    );
    let mut stream = connect_over(tcp, pem).await?;
    Ok(say(&mut stream, &[head.as_bytes(), &body].concat()).await)
}

#[tokio::test]
async fn a_clinic_is_founded_joined_and_used_through_a_proxy() {
    for (at_path, is_http2) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = tempdir().unwrap();
        let data = folder.path().join("data");
        let path = format!("unix:{}", folder.path().join("http.sock").display());
        let behind = if at_path { path.as_str() } else { "127.0.0.1:0" };
        let site = Site::start(&data, behind, is_http2).await;
        let begins = if at_path { path.as_str() } else { "http://127.0.0.1:" };
        assert!(place(&site.server).starts_with(begins), "{}", site.server.announced);
        assert!(site.server.reach.contains("a proxy ends TLS"), "{}", site.server.reach);

        let mut world = World::found(1);
        world.join(2, -60_000);
        let mut founder = world.courier(site.client(), 1);
        founder.members_push(world.entries.clone()).await.unwrap();
        let mut listening = founder.wake().await.unwrap();
        assert_eq!(listening.next().await.unwrap(), 0);
        let sent = run(1, 1, 100);
        let reply = founder.push(&world.push(&sent)).await.unwrap();
        assert_eq!(reply.verdicts, stored(1, 100));
        assert_eq!(listening.next().await.unwrap(), 100, "a wake passes at once");
        let blob = Bytes::from(vec![7; 300_000]);
        let id = BlobId(Sha256::digest(&blob).into());
        founder.put_blob(id, blob.clone()).await.unwrap();

        let mut other = world.courier(site.client(), 2);
        let log_epoch = log_epoch(&world, &mut founder).await;
        let page = other.pull(&world.pull(log_epoch, 0)).await.unwrap();
        let read: Vec<_> = page.items.into_iter().map(|item| item.id()).collect();
        let ids: Vec<_> = sent.iter().map(|envelope| envelope.id()).collect();
        assert_eq!(read, ids, "{behind} {is_http2}");
        let mut come = Vec::new();
        let mut take = |bytes: &[u8]| {
            come.extend_from_slice(bytes);
            std::ops::ControlFlow::Continue(())
        };
        other.get_blob((id, 0), &mut take).await.unwrap();
        assert_eq!(come, blob);
    }
}

/// A socket that was left by a server that was killed is taken over; one that is in use is not.
#[tokio::test]
async fn a_socket_is_taken_over_from_the_dead_alone() {
    let folder = tempdir().unwrap();
    let behind = format!("unix:{}", folder.path().join("http.sock").display());
    let one = folder.path().join("one");
    Process::start_with(&one, &["--behind-proxy", &behind]).kill();
    let _running = Process::start_with(&one, &["--behind-proxy", &behind]);
    let (code, told) = fails(&folder.path().join("two"), &["--behind-proxy", &behind]);
    assert_eq!(code, 1);
    assert!(told.contains("another program listens at"), "{told}");
}

/// Who signs in says to which key it was led, and that is the proxy's.
#[tokio::test]
async fn a_challenge_is_signed_for_the_key_that_the_proxy_shows() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let own = Process::start(&data).server.pin();
    let site = Site::start(&data, "127.0.0.1:0", false).await;
    let shown = site.server.server.pin();
    assert_ne!(own, shown);
    let world = World::found(1);
    let mut founder = world.courier(site.client(), 1);
    founder.members_push(world.entries.clone()).await.unwrap();
    let asked = ChallengeRequest { clinic: world.clinic, principal: Principal::Device(device(1)) };
    for (pin, granted) in [(own, false), (ServerPin([7; 32]), false), (shown, true)] {
        let challenge = site.client().challenge(&asked).await.unwrap();
        let signed = TokenRequest::sign(asked, &challenge, &pin, &key(1));
        let answer = site.client().token(&signed).await;
        assert_eq!(answer.is_ok(), granted);
        if !granted {
            assert_eq!(refused(answer), RefusalCode::UnknownDevice);
        }
    }
}

#[tokio::test]
async fn a_proxy_may_have_the_servers_own_key() {
    let folder = tempdir().unwrap();
    let own = Process::start(folder.path()).server.pin();
    let server = Process::start_with(folder.path(), &["--behind-proxy", "127.0.0.1:0"]);
    assert_eq!(server.server.pin(), own);
    let key = ProxyKey::of_server(folder.path());
    let proxy = Proxy::start(&key, place(&server), false).await;
    let world = World::found(1);
    let mut founder = world.courier(client(&proxy, own), 1);
    founder.members_push(world.entries.clone()).await.unwrap();
    founder.hello(&world.hello(1)).await.unwrap();
}

#[tokio::test]
async fn callers_count_by_the_address_that_the_proxy_names() {
    let folder = tempdir().unwrap();
    for is_http2 in [false, true] {
        let data = folder.path().join(format!("data{is_http2}"));
        let site = Site::start(&data, "127.0.0.1:0", is_http2).await;
        for number in 0..LOOKS {
            assert_eq!(site.look("").await, FOUND_NONE, "{number}");
        }
        assert_eq!(site.look("").await, TOO_MANY);
        // What the caller itself wrote there helps it nothing.
        assert_eq!(site.look("x-forwarded-for: 198.51.100.7\r\n").await, TOO_MANY);
        site.proxy.asked_from(2);
        assert_eq!(site.look("x-forwarded-for: 192.0.2.1\r\n").await, FOUND_NONE);
    }
}

#[tokio::test]
async fn without_a_proxy_nobody_names_another_address() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let pem = fs::read(folder.path().join("identity.pem")).unwrap();
    let ask = async |number: usize| {
        let tcp = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
        look(tcp, &pem, &format!("x-forwarded-for: 192.0.2.{number}\r\n")).await.unwrap()
    };
    for number in 0..LOOKS {
        assert_eq!(ask(number).await, FOUND_NONE);
    }
    assert_eq!(ask(LOOKS).await, TOO_MANY);
}

#[test]
fn plain_http_is_for_this_computer_unless_told_twice() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    for open in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7080"] {
        let (code, told) = fails(&data, &["--behind-proxy", open]);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains("--plain-on-network") && told.lines().count() == 1, "{told}");
        assert!(!data.exists(), "it made something before it refused");
    }
    let told_twice = ["--behind-proxy", "0.0.0.0:0", "--plain-on-network"];
    let server = Process::start_with(&data, &told_twice);
    assert!(place(&server).starts_with("http://0.0.0.0:"));
    for odd in [
        &["--behind-proxy", "127.0.0.1:0", "--listen", "127.0.0.1:0"][..],
        &["--behind-proxy", "127.0.0.1:0", "--balancer", "127.0.0.1"],
        &["--plain-on-network"],
        &["--proxy-cert", "x.pem"],
    ] {
        assert_eq!(fails(&data, odd).0, 2, "{odd:?}");
    }
    let none = folder.path().join("none.pem");
    fs::write(&none, "no certificate").unwrap();
    let behind = ["--behind-proxy", "127.0.0.1:0", "--proxy-cert", none.to_str().unwrap()];
    let (code, told) = fails(&folder.path().join("other"), &behind);
    assert_eq!(code, 1);
    assert!(told.contains("none.pem has no certificate in PEM"), "{told}");
}

/// A connection that begins as a balancer begins it.
async fn forwarded(server: &Process, preamble: &[u8]) -> TcpStream {
    let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
    let mut tcp = TcpStream::connect(address).await.unwrap();
    tcp.write_all(preamble).await.unwrap();
    tcp
}

#[tokio::test]
async fn callers_count_by_the_address_that_a_balancer_names() {
    let folder = tempdir().unwrap();
    let server = Process::start_with(folder.path(), &["--balancer", "127.0.0.0/8"]);
    let pem = fs::read(folder.path().join("identity.pem")).unwrap();
    let ask = async |preamble: &[u8]| look(forwarded(&server, preamble).await, &pem, "").await;
    let text = b"PROXY TCP4 192.0.2.1 10.0.0.1 50000 7443\r\n";
    // The same caller in the other version, with a word of the balancer's after the addresses.
    let binary =
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10\xc0\0\x02\x01\x0a\0\0\x01\xc3\x50\x1d\x13\x04\0\x01\0";
    for number in 0..LOOKS {
        let preamble = if number % 2 == 0 { &text[..] } else { &binary[..] };
        assert_eq!(ask(preamble).await.unwrap(), FOUND_NONE);
    }
    assert_eq!(ask(text).await.unwrap(), TOO_MANY);
    assert_eq!(ask(binary).await.unwrap(), TOO_MANY);
    let other = b"PROXY TCP4 192.0.2.2 10.0.0.1 50000 7443\r\n";
    assert_eq!(ask(other).await.unwrap(), FOUND_NONE);
    // For itself it asks too, to see whether the server is there.
    let for_itself = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    assert_eq!(ask(for_itself).await.unwrap(), FOUND_NONE);
    // A balancer that names nobody is none.
    assert!(ask(b"").await.is_err());
}

#[tokio::test]
async fn who_is_no_balancer_names_nobody() {
    let folder = tempdir().unwrap();
    for arguments in [&[][..], &["--balancer", "10.0.0.0/8"]] {
        let server = Process::start_with(folder.path(), arguments);
        let pem = fs::read(folder.path().join("identity.pem")).unwrap();
        let preamble = b"PROXY TCP4 192.0.2.1 10.0.0.1 50000 7443\r\n";
        assert!(look(forwarded(&server, preamble).await, &pem, "").await.is_err());
        assert_eq!(look(forwarded(&server, b"").await, &pem, "").await.unwrap(), FOUND_NONE);
    }
}
