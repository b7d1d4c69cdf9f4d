//! Blobs over a real server: what comes back is what went in, for the clinic's devices alone.

use std::net::SocketAddr;
use std::path::Path;

use crate::common::raw::connect;
use crate::common::{Process, World, founder};
use link::Client;
use sha2::{Digest, Sha256};
use sync::fixtures::{device, key};
use sync::ids::{BlobId, ClinicId};
use sync::limits::BLOB_BYTES_MAX;
use sync::wire::{
    BlobStored, BlobsHeld, BlobsRequest, Frame, Principal, Refusal, RefusalCode, read_reply,
};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A device that speaks HTTP by itself.
struct Caller<'a> {
    data: &'a Path,
    port: u16,
    token: String,
}

impl<'a> Caller<'a> {
    async fn sign_in(data: &'a Path, server: &Process, clinic: ClinicId) -> Self {
        let client: Client = server.client();
        let who = Principal::Device(device(1));
        let grant = client.sign_in(clinic, who, &key(1)).await.unwrap();
        Self { data, port: server.port(), token: grant.token.to_string() }
    }

    /// The status and the body.
    async fn ask(&self, head: &str, more: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let mut stream = connect(self.data, address).await;
        let head = format!(
            "{head} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             authorization: Bearer {}\r\n{more}\r\n",
            self.token
        );
        // A refusal may come before all was said.
        let _said = stream.write_all(&[head.as_bytes(), body].concat()).await;
        let _flushed = stream.flush().await;
        let mut reply = Vec::new();
        let _heard = stream.read_to_end(&mut reply).await;
        let end = reply.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        let said = String::from_utf8(reply[..end].to_vec()).unwrap();
        let status = said.split(' ').nth(1).unwrap().parse().unwrap();
        let body = reply[end + 4..].to_vec();
        if !said.to_lowercase().contains("transfer-encoding: chunked") {
            return (status, body);
        }
        (status, unchunked(&body))
    }

    async fn put(&self, id: BlobId, body: &[u8]) -> Result<BlobStored, RefusalCode> {
        let length = format!("content-length: {}\r\n", body.len());
        let (_, reply) = self.ask(&format!("PUT /v1/blob/{id}"), &length, body).await;
        read_reply::<BlobStored>(&reply).unwrap().map_err(|refusal| refusal.code)
    }

    async fn get(&self, id: BlobId, more: &str) -> Result<(u16, Vec<u8>), RefusalCode> {
        let (status, body) = self.ask(&format!("GET /v1/blob/{id}"), more, b"").await;
        if status >= 300 {
            return Err(Refusal::from_frame(&body).unwrap().code);
        }
        Ok((status, body))
    }

    async fn held(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<BlobId>, RefusalCode> {
        let frame = BlobsRequest { clinic, ids: ids.to_vec() }.to_frame();
        let length = format!("content-length: {}\r\n", frame.len());
        let (_, reply) = self.ask("POST /v1/blobs", &length, &frame).await;
        read_reply::<BlobsHeld>(&reply).unwrap().map(|it| it.ids).map_err(|it| it.code)
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|it| it == b"\r\n") {
        let len = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if len == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + len]);
        body = &body[end + 4 + len..];
    }
    whole
}

fn sealed(len: usize) -> (BlobId, Vec<u8>) {
    let bytes: Vec<u8> = (0..len).map(|at| (at * 7 % 251) as u8).collect();
    (BlobId(Sha256::digest(&bytes).into()), bytes)
}

#[tokio::test]
async fn a_blob_comes_back_as_it_went_also_after_a_restart() {
    let folder = tempdir().unwrap();
    let data = folder.path();
    let server = Process::start(data);
    let (world, _) = founder(&server).await;
    let caller = Caller::sign_in(data, &server, world.clinic).await;
    let (small, large) = (sealed(1000), sealed(6 * 1024 * 1024 + 5));
    for (id, bytes) in [&small, &large] {
        assert_eq!(caller.get(*id, "").await, Err(RefusalCode::NotFound));
        for _ in 0..2 {
            let stored = caller.put(*id, bytes).await.unwrap();
            assert_eq!(stored, BlobStored { id: *id, bytes: bytes.len() as u64 });
        }
    }
    let other = sealed(3).0;
    let held = caller.held(world.clinic, &[other, large.0, small.0]).await;
    assert_eq!(held, Ok(vec![large.0, small.0]));
    server.kill();
    let server = Process::start(data);
    let caller = Caller::sign_in(data, &server, world.clinic).await;
    for (id, bytes) in [&small, &large] {
        assert!(caller.get(*id, "").await == Ok((200, bytes.clone())));
        let rest = caller.get(*id, "range: bytes=990-\r\n").await;
        assert!(rest == Ok((206, bytes[990..].to_vec())));
        let beyond = format!("range: bytes={}-\r\n", bytes.len());
        assert_eq!(caller.get(*id, &beyond).await, Err(RefusalCode::Malformed));
    }
}

/// As after a copy of the log was put back alone.
#[tokio::test]
async fn a_blob_whose_bytes_are_gone_is_not_said_to_be_kept_and_is_taken_again() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (world, _) = founder(&server).await;
    let caller = Caller::sign_in(folder.path(), &server, world.clinic).await;
    let (gone, there) = (sealed(1000), sealed(2000));
    for (id, bytes) in [&gone, &there] {
        caller.put(*id, bytes).await.unwrap();
    }
    let name = gone.0.to_string();
    let of_clinic = folder.path().join("blobs").join(world.clinic.to_string());
    std::fs::remove_file(of_clinic.join(name.get(..2).unwrap()).join(&name)).unwrap();
    let held = caller.held(world.clinic, &[gone.0, there.0]).await;
    assert_eq!(held, Ok(vec![there.0]));
    assert_eq!(caller.get(gone.0, "").await, Err(RefusalCode::NotFound));
    caller.put(gone.0, &gone.1).await.unwrap();
    assert!(caller.get(gone.0, "").await == Ok((200, gone.1.clone())));
    let held = caller.held(world.clinic, &[gone.0, there.0]).await.unwrap();
    assert_eq!(held.len(), 2);
}

#[tokio::test]
async fn what_is_no_blob_of_the_clinic_is_refused() {
    for arguments in [&[][..], &["--memory"]] {
        let folder = tempdir().unwrap();
        let data = folder.path();
        let server = Process::start_with(data, arguments);
        let (world, _) = founder(&server).await;
        let caller = Caller::sign_in(data, &server, world.clinic).await;
        let (id, bytes) = sealed(1000);
        assert_eq!(caller.put(sealed(3).0, &bytes).await, Err(RefusalCode::Malformed));
        assert_eq!(caller.get(sealed(3).0, "").await, Err(RefusalCode::NotFound));
        let too_long = format!("content-length: {}\r\n", BLOB_BYTES_MAX + 1);
        assert_eq!(caller.ask(&format!("PUT /v1/blob/{id}"), &too_long, b"x").await.0, 413);
        let chunked = "transfer-encoding: chunked\r\n";
        assert_eq!(caller.ask(&format!("PUT /v1/blob/{id}"), chunked, b"0\r\n\r\n").await.0, 400);
        for name in ["x", "..", &"G".repeat(64), &"ab".repeat(33)] {
            let length = "content-length: 0\r\n";
            let (status, _) = caller.ask(&format!("PUT /v1/blob/{name}"), length, b"").await;
            assert!(status == 400 || status == 404, "{name}: {status}");
        }
        caller.put(id, &bytes).await.unwrap();
        // Another clinic has its own, whoever knows the name.
        let other = World::found(2);
        other.courier(server.client(), 1).members_push(other.entries.clone()).await.unwrap();
        let stranger = Caller::sign_in(data, &server, other.clinic).await;
        assert_eq!(stranger.get(id, "").await, Err(RefusalCode::NotFound));
        assert_eq!(stranger.held(other.clinic, &[id]).await, Ok(Vec::new()));
        assert_eq!(stranger.held(world.clinic, &[id]).await, Err(RefusalCode::UnknownDevice));
        let nobody = Caller { token: "ab".repeat(32), ..stranger };
        assert_eq!(nobody.get(id, "").await, Err(RefusalCode::NotAuthenticated));
        assert_eq!(nobody.put(id, &bytes).await, Err(RefusalCode::NotAuthenticated));
    }
}

#[tokio::test]
async fn blobs_count_in_the_quota() {
    let folder = tempdir().unwrap();
    let data = folder.path();
    let server = Process::start_with(data, &["--quota-bytes", "1500"]);
    let (world, _) = founder(&server).await;
    let caller = Caller::sign_in(data, &server, world.clinic).await;
    let ((first, bytes), (second, more)) = (sealed(1000), sealed(501));
    caller.put(first, &bytes).await.unwrap();
    assert_eq!(caller.put(second, &more).await, Err(RefusalCode::OverQuota));
    assert_eq!(caller.held(world.clinic, &[first, second]).await, Ok(vec![first]));
    caller.put(sealed(500).0, &sealed(500).1).await.unwrap();
}
