//! Callers that are slow or silent are let go, however long that takes.
//!
//! The server runs in this process under a clock that leaps when everything waits.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::common::raw::{connect, hear, say};
use sync_server::{Config, Front, LogFormat, Place, Server};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

async fn start(data: &Path) -> Server {
    start_with(data, true).await
}

async fn start_with(data: &Path, memory: bool) -> Server {
    let config = Config {
        database_url: None,
        region: Vec::new(),
        without_region: Vec::new(),
        blobs: Vec::new(),
        default_region: None,
        database_ca: None,
        data: PathBuf::from(data),
        listen: ([127, 0, 0, 1], 0).into(),
        front: Front::default(),
        memory,
        no_new_clinics: false,
        quota_bytes: None,
        quota_envelopes: None,
        quota_devices: None,
        log_format: LogFormat::Text,
    };
    Server::start(&config).await.unwrap()
}

fn address(server: &Server) -> SocketAddr {
    match server.place() {
        Place::Tcp(address) => *address,
        Place::Unix(path) => panic!("it listens at {}", path.display()),
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_says_nothing_is_let_go() {
    let folder = tempdir().unwrap();
    let server = start(folder.path()).await;
    let started = Instant::now();
    let mut tcp = tokio::net::TcpStream::connect(address(&server)).await.unwrap();
    // Closed or reset, both are let go.
    let _heard = tcp.read(&mut [0; 64]).await;
    assert!(started.elapsed() >= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn half_a_head_and_half_a_body_are_let_go() {
    let folder = tempdir().unwrap();
    let server = start(folder.path()).await;
    let mut stream = connect(folder.path(), address(&server)).await;
    assert_eq!(say(&mut stream, b"POST /v1/challenge HTTP/1.1\r\nhost: loc").await, 0);
    let mut stream = connect(folder.path(), address(&server)).await;
    let head = b"POST /v1/challenge HTTP/1.1\r\nhost: localhost\r\ncontent-length: 64\r\n\r\nab";
    assert_eq!(say(&mut stream, head).await, 400);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_for_ever_is_let_go() {
    let folder = tempdir().unwrap();
    let server = start(folder.path()).await;
    let started = Instant::now();
    let stream = connect(folder.path(), address(&server)).await;
    let (mut read, mut write) = tokio::io::split(stream);
    let head = b"POST /v1/challenge HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999\r\n\r\n";
    write.write_all(head).await.unwrap();
    let trickle = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() && write.flush().await.is_ok() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    });
    let mut reply = [0; 12];
    read.read_exact(&mut reply).await.unwrap();
    assert_eq!(&reply, b"HTTP/1.1 400");
    // It has had its time for the head too.
    assert!(started.elapsed() < Duration::from_secs(70));
    trickle.abort();
}

/// What holds an exchange open holds the log open: both are at an end when the server is.
#[tokio::test(start_paused = true)]
async fn an_exchange_that_does_not_end_is_cut_and_the_log_is_closed() {
    let folder = tempdir().unwrap();
    let server = start_with(folder.path(), false).await;
    let unwritten = folder.path().join("log.sqlite3-wal");
    assert!(unwritten.metadata().unwrap().len() > 0);
    let mut stream = connect(folder.path(), address(&server)).await;
    let head = b"POST /v1/challenge HTTP/1.1\r\nhost: localhost\r\ncontent-length: 64\r\n\
                 expect: 100-continue\r\n\r\n";
    stream.write_all(head).await.unwrap();
    stream.flush().await.unwrap();
    let mut reply = [0; 25];
    stream.read_exact(&mut reply).await.unwrap();
    assert_eq!(&reply, b"HTTP/1.1 100 Continue\r\n\r\n", "it waits for the body now");
    let asked = Instant::now();
    server.stop().await;
    let stopped = Instant::now();
    assert!(stopped - asked >= Duration::from_secs(9), "it was not waited for");
    let left = unwritten.metadata().map_or(0, |file| file.len());
    assert_eq!(left, 0, "something is not written back");
    assert_eq!(hear(&mut stream).await, 0, "it was answered after the end");
    assert!(stopped.elapsed() < Duration::from_secs(1));
}
