//! A connection that says whatever a test wants.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// TLS to the server with this data folder, by its own certificate.
pub(crate) async fn connect(data: &Path, address: SocketAddr) -> TlsStream<TcpStream> {
    let pem = fs::read(data.join("identity.pem")).unwrap();
    connect_over(TcpStream::connect(address).await.unwrap(), &pem).await.unwrap()
}

/// TLS over a connection, to who shows the certificate of `pem`.
///
/// # Errors
/// What the handshake said.
pub(crate) async fn connect_over(tcp: TcpStream, pem: &[u8]) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await
}

/// Sends bytes and reads what comes until the server closes; the status, 0 when there is none.
pub(crate) async fn say(stream: &mut TlsStream<TcpStream>, bytes: &[u8]) -> u16 {
    // The server may have closed before all was said.
    let _said = stream.write_all(bytes).await;
    let _flushed = stream.flush().await;
    hear(stream).await
}

/// A page that anyone may ask for, with its head.
pub(crate) async fn page(data: &Path, server: &super::Process, path: &str) -> String {
    let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
    let mut stream = connect(data, address).await;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = Vec::new();
    stream.read_to_end(&mut page).await.unwrap();
    String::from_utf8(page).unwrap()
}

/// Reads until the server closes; the status, 0 when there is none.
pub(crate) async fn hear(stream: &mut TlsStream<TcpStream>) -> u16 {
    let mut reply = Vec::new();
    let mut some = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut some).await {
        reply.extend_from_slice(&some[..count]);
    }
    let reply = String::from_utf8_lossy(&reply).into_owned();
    let status = reply.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.split(' ').next());
    status.map_or(0, |status| status.parse().unwrap())
}
