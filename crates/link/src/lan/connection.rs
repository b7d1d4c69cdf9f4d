//! One connection: TLS first, then HTTP/1.1, each within limits.

use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use sync::ids::VerifyKey;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::answer::Asked;
use super::identity::key_in;
use super::limits::{GOODBYE, GOODBYE_BYTES_MAX, HEAD_BYTES_MAX, Limits, Rates};
use super::seats::{Seat, Seats};
use super::{LanDesk, Standing};
use crate::traffic::{Counted, Traffic};

/// What a connection is served with.
pub(crate) struct Connection {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) desk: Arc<dyn LanDesk>,
    pub(crate) limits: Limits,
    pub(crate) devices: Arc<Seats<VerifyKey>>,
    pub(crate) rates: Arc<Rates>,
}

impl Connection {
    /// Serves until the other end is done, or silent, or not one of the clinic, or a guest for long enough.
    pub(crate) async fn serve(self, tcp: TcpStream, handshake: Seat<IpAddr>) {
        // Small replies must not wait for an acknowledgement; a socket that cannot is as good.
        let _nodelay = tcp.set_nodelay(true);
        let begun = Instant::now();
        let traffic = Traffic::default();
        let tcp = Counted::new(tcp, traffic.clone());
        let met = timeout(self.limits.handshake, self.meet(tcp)).await;
        let Ok(Some((stream, caller))) = met else { return };
        let (from, standing) = (*handshake.whose(), self.desk.standing(&caller));
        // A guest keeps the place of who has proved nothing, and no longer than one in a handshake.
        let (_guest, _seat, ends) = match standing {
            Standing::Device | Standing::Invited => {
                drop(handshake);
                let Some(seat) = Seats::take(&self.devices, caller) else { return };
                (None, Some(seat), None)
            }
            Standing::Guest => (Some(handshake), None, Some(begun + self.limits.handshake)),
            Standing::Nobody => return,
        };
        let Self { desk, limits, rates, .. } = self;
        let asked = Arc::new(Asked { desk, limits, caller, standing, from, rates });
        let service = service_fn(move |request| Arc::clone(&asked).answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .without_shutdown();
        tokio::select! {
            // However it ends: who asked will ask again.
            ended = connection => if let Ok(parts) = ended {
                let _left = timeout(GOODBYE, see_off(parts.io.into_inner())).await;
            },
            () = traffic.stalls(limits.silence, 1) => {}
            () = over(ends) => {}
        }
    }

    /// Lets in who is enrolled, or may come in here now, and proves to hold its key.
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

/// Waits until then; for ever where there is no end.
async fn over(ends: Option<Instant>) {
    match ends {
        Some(ends) => sleep_until(ends).await,
        None => pending().await,
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
