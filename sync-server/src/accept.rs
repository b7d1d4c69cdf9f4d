//! Connections: TLS first, then HTTP/1.1, each in a task of its own and within limits.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::limits::{
    CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX, HANDSHAKE_TIMEOUT, HEAD_BYTES_MAX, HEAD_TIMEOUT,
    REPLY_SILENCE, STOP_TIMEOUT,
};
use crate::metrics::{Held, Metrics};
use crate::stall::Stalling;

/// What connections are served with.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Arc<ServerConfig>,
    pub(crate) router: Router,
    pub(crate) metrics: Arc<Metrics>,
}

/// The address at the other end of a request's connection, as limits count it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// One household has a whole /64 of IPv6: its addresses count as one.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// Serves until `stop` turns true, then lets open exchanges end for [`STOP_TIMEOUT`].
pub(crate) async fn serve(door: Door, mut stop: watch::Receiver<bool>) {
    let open = GracefulShutdown::new();
    let guests = Arc::new(Guests::default());
    let acceptor = TlsAcceptor::from(Arc::clone(&door.tls));
    loop {
        let (stream, peer) = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = door.listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    wait_out(&error).await;
                    continue;
                }
            },
        };
        let Some(seat) = Guests::admit(&guests, counted(peer.ip())) else {
            door.metrics.connections_refused_total.add(1);
            continue;
        };
        let connection = Connection {
            acceptor: acceptor.clone(),
            router: door.router.clone(),
            metrics: Arc::clone(&door.metrics),
            watcher: open.watcher(),
            peer: counted(peer.ip()),
            seat,
        };
        tokio::spawn(connection.serve(stream));
    }
    drop(door.listener);
    if timeout(STOP_TIMEOUT, open.shutdown()).await.is_err() {
        tracing::warn!("some exchanges did not end in time and were cut");
    }
}

/// Returns when the server is asked to stop.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The sender is gone when the server is: that is a stop too.
    let _asked = stop.wait_for(|stop| *stop).await.is_ok();
}

/// Out of file handles, most likely: without a pause the loop would burn a core.
async fn wait_out(error: &io::Error) {
    tracing::warn!(kind = ?error.kind(), "a connection could not be taken");
    sleep(Duration::from_millis(100)).await;
}

struct Connection {
    acceptor: TlsAcceptor,
    router: Router,
    metrics: Arc<Metrics>,
    watcher: Watcher,
    peer: IpAddr,
    seat: Seat,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let Self { acceptor, router, metrics, watcher, peer, seat: _seat } = self;
        let _open = Held::on(&metrics, |metrics| &metrics.connections_open);
        metrics.connections_total.add(1);
        // Small replies must not wait for an acknowledgement; a socket that cannot is as good.
        let _nodelay = stream.set_nodelay(true);
        let Ok(Ok(stream)) = timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await else {
            metrics.connections_refused_total.add(1);
            return;
        };
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
}

/// Who is connected, and how often.
#[derive(Debug, Default)]
struct Guests(Mutex<BTreeMap<IpAddr, usize>>);

/// A place among the open connections, free again when dropped.
struct Seat {
    guests: Arc<Guests>,
    address: IpAddr,
}

impl Guests {
    /// A seat, unless the house or the address has all it may have.
    fn admit(guests: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let mut seated = guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = seated.values().sum();
        let here = seated.get(&address).copied().unwrap_or_default();
        if all >= CONNECTIONS_MAX || here >= CONNECTIONS_PER_ADDRESS_MAX {
            return None;
        }
        seated.insert(address, here + 1);
        Some(Seat { guests: Arc::clone(guests), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seated = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(here) = seated.get_mut(&self.address) else { return };
        *here = here.saturating_sub(1);
        if *here == 0 {
            seated.remove(&self.address);
        }
    }
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

    #[test]
    fn seats_are_limited_by_address_and_given_back() {
        let guests = Arc::new(Guests::default());
        let [one, two]: [IpAddr; 2] = [[127, 0, 0, 1].into(), [127, 0, 0, 2].into()];
        let mut seats = Vec::new();
        for _ in 0..CONNECTIONS_PER_ADDRESS_MAX {
            seats.push(Guests::admit(&guests, one).unwrap());
        }
        assert!(Guests::admit(&guests, one).is_none());
        assert!(Guests::admit(&guests, two).is_some());
        seats.pop();
        assert!(Guests::admit(&guests, one).is_some());
        seats.clear();
        assert!(guests.0.lock().unwrap().is_empty());
    }
}
