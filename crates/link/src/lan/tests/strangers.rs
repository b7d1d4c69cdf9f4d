//! Those who hold a connection up, or open many.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use rustls::{ClientConnection, StreamOwned};

use super::*;
use crate::lan::trust::{Peer, client_config};

const SHORT: Limits = Limits {
    handshakes: 8,
    handshakes_per_address: 2,
    connections: 8,
    connections_per_device: 2,
    answers: 2,
    handshake: Duration::from_secs(3),
    head: Duration::from_secs(1),
    body_grace: Duration::from_secs(1),
    silence: Duration::from_secs(30),
};

fn connect(address: SocketAddr) -> TcpStream {
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    tcp
}

/// TLS as [`THERE`], by hand.
pub(super) fn enrolled(address: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
    let peer = Arc::new(Peer::new(Arc::new(|_: &VerifyKey| true)));
    let tls = client_config(signer(THERE), peer).unwrap();
    let name = address.ip().into();
    let session = ClientConnection::new(Arc::new(tls), name).unwrap();
    StreamOwned::new(session, connect(address))
}

/// What the other end said before it closed.
pub(super) fn closed(stream: &mut impl Read) -> Vec<u8> {
    let mut heard = Vec::new();
    if let Err(error) = stream.read_to_end(&mut heard) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it was kept open");
    }
    heard
}

#[test]
fn who_says_nothing_or_next_to_nothing_is_let_go() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening_within(SHORT, &desk);
    let address = listener.address();
    let begun = Instant::now();

    assert!(closed(&mut connect(address)).is_empty());
    assert!(begun.elapsed() >= SHORT.handshake);

    // No TLS at all: what comes back is an alert, and no HTTP.
    let mut plain = connect(address);
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    assert!(!closed(&mut plain).starts_with(b"HTTP"));

    let mut half_a_head = enrolled(address);
    half_a_head.write_all(b"POST /v1/hello HTTP/1.1\r\nhost: x\r\nx-").unwrap();
    assert!(closed(&mut half_a_head).is_empty());

    let mut no_body = enrolled(address);
    no_body.write_all(b"POST /v1/hello HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1").unwrap();
    assert!(closed(&mut no_body).starts_with(b"HTTP/1.1 400"));

    let mut long_head = enrolled(address);
    let long = [b"POST /v1/hello HTTP/1.1\r\nx: ".as_slice(), &[b'x'; 64 * 1024]].concat();
    let _refused_meanwhile = long_head.write_all(&long);
    assert!(!closed(&mut long_head).starts_with(b"HTTP/1.1 200"));
    assert_eq!(desk.asked(), 0);
}

#[test]
fn a_body_without_an_end_is_cut_at_the_limit() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let mut stream = enrolled(listener.address());
    let head = b"POST /v1/push HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head).unwrap();
    let chunk = [b"8000\r\n".as_slice(), &[7; 0x8000], b"\r\n"].concat();
    // It may be refused before all is sent.
    let sent = (0..1000).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 1000, "nobody stopped it");
    assert_eq!(desk.asked(), 0);
}

#[test]
fn connections_of_one_address_and_of_one_device_are_few() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening_within(SHORT, &desk);
    let begun = Instant::now();
    let mut waiting: Vec<TcpStream> = (0..2).map(|_| connect(listener.address())).collect();
    assert!(closed(&mut connect(listener.address())).is_empty());
    assert!(begun.elapsed() < SHORT.handshake, "the third was not turned away");
    for stream in &mut waiting {
        assert!(closed(stream).is_empty());
        assert!(begun.elapsed() >= SHORT.handshake, "one of two was turned away");
    }

    let meet = b"POST /v1/meet HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
    let mut open: Vec<_> = (0..2).map(|_| enrolled(listener.address())).collect();
    for stream in &mut open {
        stream.write_all(meet).unwrap();
        stream.read_exact(&mut [0; 12]).unwrap();
    }
    let mut third = enrolled(listener.address());
    let _sent = third.write_all(meet);
    assert!(closed(&mut third).is_empty(), "the third was served");
}

/// Ten thousand connections that say nothing, from another address, and one that asks meanwhile.
#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_connects_leave_it_responsive() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let address = listener.address();
    let opened = Arc::new(AtomicUsize::new(0));
    let flooding = Arc::clone(&opened);
    let flood = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut open = VecDeque::new();
            for _ in 0..10_000 {
                let socket = tokio::net::TcpSocket::new_v4().unwrap();
                socket.bind(([127, 0, 0, 2], 0).into()).unwrap();
                open.push_back(socket.connect(address).await.unwrap());
                flooding.fetch_add(1, Ordering::SeqCst);
                if open.len() > 200 {
                    drop(open.pop_front());
                }
            }
        });
    });
    let mut meetings = 0;
    let mut slowest = Duration::ZERO;
    while !flood.is_finished() || meetings == 0 {
        let begun = Instant::now();
        let mut carrier = carrier(address, signer(THERE), &desk);
        assert_eq!(carrier.meet(), Ok(public(HERE)));
        slowest = slowest.max(begun.elapsed());
        meetings += 1;
    }
    flood.join().unwrap();
    println!("{meetings} meetings meanwhile, the slowest took {slowest:?}");
    assert_eq!(opened.load(Ordering::SeqCst), 10_000);
    assert!(slowest < PATIENCE.answer, "{slowest:?}");
}
