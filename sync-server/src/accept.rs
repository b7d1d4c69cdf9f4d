//! Connections, each in a task of its own and within limits: TLS first, then HTTP/1.1; or from a proxy
//! that ends TLS, HTTP/1.1 or HTTP/2 at once.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::front::Subnet;
use crate::guests::{Guests, Seat};
use crate::handles;
use crate::limits::{
    CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX, HANDSHAKE_TIMEOUT, HEAD_BYTES_MAX, HEAD_TIMEOUT,
    PROXY_HEAD_TIMEOUT, REPLY_SILENCE, STOP_TIMEOUT,
};
use crate::metrics::{Held, Metrics};
use crate::preamble;
use crate::refusals::Refusals;
use crate::stall::Stalling;

/// What connections are served with.
pub(crate) struct Door {
    pub(crate) entrance: Entrance,
    pub(crate) router: Router,
    pub(crate) metrics: Arc<Metrics>,
}

/// Where connections come in, and who they are of.
pub(crate) enum Entrance {
    /// TLS ends here. Who connects is who asks; `balancers` say before it whom they forward.
    Tls { listener: TcpListener, tls: Arc<ServerConfig>, balancers: Vec<Subnet> },
    /// A proxy ended TLS, and says with each request who asks.
    Proxy(TcpListener),
    /// The same, at a socket in the file system.
    #[cfg(unix)]
    ProxyAtPath(UnixListener),
}

/// The address of who makes a request, as limits count it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// One household has a whole /64 of IPv6: its addresses count as one.
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// Serves until `stop` turns true, then lets open exchanges end for [`STOP_TIMEOUT`] and cuts the rest.
pub(crate) async fn serve(door: Door, mut stop: watch::Receiver<bool>) {
    let open = GracefulShutdown::new();
    let guests = Arc::new(Guests::default());
    let failures = Refusals::default();
    let mut connections = JoinSet::new();
    loop {
        let arrival = tokio::select! {
            () = stopped(&mut stop) => break,
            // Forgotten as it ends.
            Some(_) = connections.join_next() => continue,
            accepted = door.entrance.accept() => match accepted {
                Ok(arrival) => arrival,
                Err(error) => {
                    wait_out(&error, &failures).await;
                    continue;
                }
            },
        };
        let (peer, most) = arrival.seat();
        let Some(seat) = Guests::admit(&guests, peer, most) else {
            door.metrics.connections_refused_total.add(1);
            continue;
        };
        let connection = Connection {
            router: door.router.clone(),
            metrics: Arc::clone(&door.metrics),
            watcher: open.watcher(),
            guests: Arc::clone(&guests),
            peer,
            seat,
        };
        connections.spawn(connection.serve(arrival));
    }
    drop(door.entrance);
    if timeout(STOP_TIMEOUT, open.shutdown()).await.is_err() {
        tracing::warn!("some exchanges did not end in time and were cut");
    }
    // What went on would hold the log open.
    connections.shutdown().await;
}

/// Returns when the server is asked to stop.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The sender is gone when the server is: that is a stop too.
    let _asked = stop.wait_for(|stop| *stop).await.is_ok();
}

/// Out of file handles, most likely: without a pause the loop would burn a core, and with a line for
/// each try the log would fill the disk.
async fn wait_out(error: &io::Error, failures: &Refusals) {
    let why = handles::why(error);
    if let Some(times) = failures.take(why, Instant::now()) {
        tracing::warn!(%error, why, times, "a connection could not be taken");
    }
    sleep(Duration::from_millis(100)).await;
}

/// A connection as it comes in.
enum Arrival {
    Tls(TcpStream, TlsAcceptor, IpAddr),
    /// A balancer's, which is to say whom it forwards.
    Forwarded(TcpStream, TlsAcceptor, IpAddr),
    Proxy(TcpStream),
    #[cfg(unix)]
    ProxyAtPath(UnixStream),
}

impl Entrance {
    async fn accept(&self) -> io::Result<Arrival> {
        match self {
            Self::Tls { listener, tls, balancers } => {
                let (stream, peer) = listener.accept().await?;
                let (peer, acceptor) = (peer.ip(), TlsAcceptor::from(Arc::clone(tls)));
                let is_balancer = balancers.iter().any(|subnet| subnet.contains(peer));
                Ok(if is_balancer {
                    Arrival::Forwarded(stream, acceptor, peer)
                } else {
                    Arrival::Tls(stream, acceptor, peer)
                })
            }
            Self::Proxy(listener) => Ok(Arrival::Proxy(listener.accept().await?.0)),
            #[cfg(unix)]
            Self::ProxyAtPath(listener) => Ok(Arrival::ProxyAtPath(listener.accept().await?.0)),
        }
    }
}

impl Arrival {
    /// Whose seat it takes, and how many of them there may be: what stands before the server has
    /// the connections of many.
    fn seat(&self) -> (IpAddr, usize) {
        match self {
            Self::Tls(_, _, peer) => (counted(*peer), CONNECTIONS_PER_ADDRESS_MAX),
            Self::Forwarded(_, _, peer) => (counted(*peer), CONNECTIONS_MAX),
            Self::Proxy(_) => (Ipv4Addr::LOCALHOST.into(), CONNECTIONS_MAX),
            #[cfg(unix)]
            Self::ProxyAtPath(_) => (Ipv4Addr::LOCALHOST.into(), CONNECTIONS_MAX),
        }
    }
}

struct Connection {
    router: Router,
    metrics: Arc<Metrics>,
    watcher: Watcher,
    guests: Arc<Guests>,
    peer: IpAddr,
    seat: Seat,
}

impl Connection {
    async fn serve(self, arrival: Arrival) {
        let _open = Held::on(&self.metrics, |metrics| &metrics.connections_open);
        self.metrics.connections_total.add(1);
        match arrival {
            Arrival::Tls(stream, acceptor, _) => self.serve_tls(stream, &acceptor).await,
            Arrival::Forwarded(stream, acceptor, _) => {
                self.serve_forwarded(stream, &acceptor).await;
            }
            Arrival::Proxy(stream) => {
                hurry(&stream);
                self.serve_proxy(stream).await;
            }
            #[cfg(unix)]
            Arrival::ProxyAtPath(stream) => self.serve_proxy(stream).await,
        }
    }

    /// In the seat of who is forwarded, once that is known.
    async fn serve_forwarded(mut self, mut stream: TcpStream, acceptor: &TlsAcceptor) {
        let told = timeout(HANDSHAKE_TIMEOUT, preamble::read(&mut stream)).await;
        let Ok(Ok(from)) = told else {
            self.metrics.connections_refused_total.add(1);
            tracing::debug!("a balancer's connection did not begin with the PROXY protocol");
            return;
        };
        if let Some(from) = from {
            let peer = counted(from);
            let seat = Guests::admit(&self.guests, peer, CONNECTIONS_PER_ADDRESS_MAX);
            let Some(seat) = seat else {
                self.metrics.connections_refused_total.add(1);
                return;
            };
            (self.peer, self.seat) = (peer, seat);
        }
        self.serve_tls(stream, acceptor).await;
    }

    async fn serve_tls(self, stream: TcpStream, acceptor: &TlsAcceptor) {
        hurry(&stream);
        let Ok(Ok(stream)) = timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await else {
            self.metrics.connections_refused_total.add(1);
            return;
        };
        let Self { router, watcher, peer, seat: _seat, .. } = self;
        let service = TowerToHyperService::new(router.layer(Extension(Peer(peer))));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(Stalling::new(stream, REPLY_SILENCE)), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }

    async fn serve_proxy<S>(self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, watcher, seat: _seat, .. } = self;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(PROXY_HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES_MAX);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEAD_TIMEOUT)
            .keep_alive_timeout(HANDSHAKE_TIMEOUT)
            .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX));
        let stream = TokioIo::new(Stalling::new(stream, REPLY_SILENCE));
        let connection = builder.serve_connection(stream, TowerToHyperService::new(router));
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection of the proxy ended early");
        }
    }
}

/// Small replies must not wait for an acknowledgement; a socket that cannot is as good.
fn hurry(stream: &TcpStream) {
    let _nodelay = stream.set_nodelay(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_house_count_as_one() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            let [address, expected] = [address, expected].map(|text| text.parse().unwrap());
            assert_eq!(counted(address), expected);
        }
    }
}
