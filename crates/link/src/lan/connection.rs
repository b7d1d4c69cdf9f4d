//! One connection: TLS first, then HTTP/1.1, each within limits.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use sync::ids::VerifyKey;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::LanDesk;
use super::answer::Asked;
use super::identity::key_in;
use super::limits::{GOODBYE, GOODBYE_BYTES_MAX, HEAD_BYTES_MAX, Limits};
use super::seats::{Seat, Seats};
use crate::traffic::{Counted, Traffic};

/// What a connection is served with.
pub(crate) struct Connection {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) desk: Arc<dyn LanDesk>,
    pub(crate) limits: Limits,
    pub(crate) devices: Arc<Seats<VerifyKey>>,
}

impl Connection {
    /// Serves until the other end is done, or silent, or not one of the clinic.
    pub(crate) async fn serve(self, tcp: TcpStream, handshake: Seat<IpAddr>) {
        // Small replies must not wait for an acknowledgement; a socket that cannot is as good.
        let _nodelay = tcp.set_nodelay(true);
        let traffic = Traffic::default();
        let tcp = Counted::new(tcp, traffic.clone());
        let met = timeout(self.limits.handshake, self.meet(tcp)).await;
        let Ok(Some((stream, caller))) = met else { return };
        drop(handshake);
        let Some(_seat) = Seats::take(&self.devices, caller) else { return };
        let asked = Arc::new(Asked { desk: self.desk, limits: self.limits, caller });
        let service = service_fn(move |request| Arc::clone(&asked).answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .without_shutdown();
        tokio::select! {
            // However it ends: who asked will ask again.
            ended = connection => if let Ok(parts) = ended {
                let _left = timeout(GOODBYE, see_off(parts.io.into_inner())).await;
            },
            () = traffic.stalls(self.limits.silence, 1) => {}
        }
    }

    /// Lets in who is enrolled and proves it.
    async fn meet(&self, tcp: Counted) -> Option<(TlsStream<Counted>, VerifyKey)> {
        match self.acceptor.accept(tcp).into_fallible().await {
            Ok(stream) => {
                let shown = stream.get_ref().1.peer_certificates()?.first()?;
                let caller = key_in(shown)?;
                Some((stream, caller))
            }
            Err((_why, tcp)) => {
                let _left = timeout(GOODBYE, see_off(tcp)).await;
                None
            }
        }
    }
}

/// Reads on until the other end closes: a socket that is closed over unread bytes takes back what
/// was sent last, and that says why.
async fn see_off(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let _told = stream.shutdown().await;
    let mut rest = stream.take(GOODBYE_BYTES_MAX);
    let mut ignored = [0; 4096];
    while let Ok(1..) = rest.read(&mut ignored).await {}
}
