//! A proxy as an operator puts one before the server: it ends TLS with a key of its own, and adds to
//! `X-Forwarded-For` from where it was asked.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST};
use hyper::service::service_fn;
use hyper::{Request, Response, client, server};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::TLS13;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;

/// A key with its certificate, as PEM, the key first.
pub(crate) struct ProxyKey(pub(crate) String);

impl ProxyKey {
    pub(crate) fn make() -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self(format!("{}{}", key.serialize_pem(), certificate.pem()))
    }

    /// The one of a server, where its operator gave it to the proxy.
    pub(crate) fn of_server(data: &Path) -> Self {
        Self(fs::read_to_string(data.join("identity.pem")).unwrap())
    }

    /// The certificate alone, as an operator names it to the server.
    pub(crate) fn certificate(&self) -> &str {
        self.0.get(self.0.find("-----BEGIN CERTIFICATE").unwrap()..).unwrap()
    }

    fn tls(&self) -> ServerConfig {
        let certificate = CertificateDer::from_pem_slice(self.0.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.0.as_bytes()).unwrap();
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap()
    }
}

/// A proxy that runs as long as the runtime of its test.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    /// From where it says that it is asked.
    asked_from: Arc<Mutex<IpAddr>>,
}

impl Proxy {
    /// Before the server that announced `place`: `http://HOST:PORT` or `unix:PATH`.
    pub(crate) async fn start(key: &ProxyKey, place: &str, is_http2: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked_from = Arc::new(Mutex::new(IpAddr::from([192, 0, 2, 1])));
        let pass = Pass { place: place.to_owned(), is_http2, asked_from: Arc::clone(&asked_from) };
        let acceptor = TlsAcceptor::from(Arc::new(key.tls()));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (pass, acceptor) = (pass.clone(), acceptor.clone());
                tokio::spawn(async move {
                    // Who shakes no hands is gone.
                    let Ok(stream) = acceptor.accept(tcp).await else { return };
                    let pass = service_fn(move |request| pass.clone().on(request));
                    let serving = server::conn::http1::Builder::new();
                    drop(serving.serve_connection(TokioIo::new(stream), pass).await);
                });
            }
        });
        Self { address, asked_from }
    }

    pub(crate) fn asked_from(&self, last_byte: u8) {
        *self.asked_from.lock().unwrap() = IpAddr::from([192, 0, 2, last_byte]);
    }
}

#[derive(Clone)]
struct Pass {
    place: String,
    is_http2: bool,
    asked_from: Arc<Mutex<IpAddr>>,
}

impl Pass {
    async fn on(self, mut request: Request<Incoming>) -> hyper::Result<Response<Incoming>> {
        let from = *self.asked_from.lock().unwrap();
        let headers = request.headers_mut();
        let before = headers.get("x-forwarded-for").map(|it| it.to_str().unwrap().to_owned());
        let named = before.map_or_else(|| from.to_string(), |before| format!("{before}, {from}"));
        headers.insert("x-forwarded-for", named.parse().unwrap());
        match self.place.strip_prefix("unix:") {
            Some(path) => self.ask(UnixStream::connect(path).await.unwrap(), request).await,
            None => {
                let address = self.place.strip_prefix("http://").unwrap();
                self.ask(TcpStream::connect(address).await.unwrap(), request).await
            }
        }
    }

    async fn ask<S>(
        &self,
        stream: S,
        mut request: Request<Incoming>,
    ) -> hyper::Result<Response<Incoming>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = TokioIo::new(stream);
        if !self.is_http2 {
            let (mut sender, connection) = client::conn::http1::handshake(stream).await?;
            tokio::spawn(connection);
            return sender.send_request(request).await;
        }
        let path = request.uri().path_and_query().unwrap().to_string();
        *request.uri_mut() = format!("http://localhost{path}").parse().unwrap();
        for of_http1 in [HOST, CONNECTION] {
            request.headers_mut().remove(of_http1);
        }
        let (mut sender, connection) =
            client::conn::http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(connection);
        sender.send_request(request).await
    }
}
