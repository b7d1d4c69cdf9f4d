//! The desktop that is asked: it listens on a thread of its own, for as long as it is kept.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustls::ServerConfig;
use sync::ids::VerifyKey;
use sync::signing::Signer;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use super::LanDesk;
use super::connection::Connection;
use super::limits::{ACCEPT_PAUSE, Limits, Rates};
use super::seats::Seats;
use super::trust::server_config;

/// Serves the computers of one's clinic; ends, and waits for its threads, when dropped.
#[derive(Debug)]
pub struct LanListener {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LanListener {
    /// Listens at `listen` (port 0: any) for devices that `desk` knows, and proves to them to be the
    /// device of `signer`.
    ///
    /// # Errors
    /// [`io::Error`] when the address cannot be had, or no thread or TLS.
    pub fn begin(
        listen: SocketAddr,
        signer: Arc<dyn Signer + Send + Sync>,
        desk: Arc<dyn LanDesk>,
    ) -> io::Result<Self> {
        Self::begin_within(Limits::default(), listen, signer, desk)
    }

    pub(crate) fn begin_within(
        limits: Limits,
        listen: SocketAddr,
        signer: Arc<dyn Signer + Send + Sync>,
        desk: Arc<dyn LanDesk>,
    ) -> io::Result<Self> {
        let tls = server_config(signer, Arc::clone(&desk)).map_err(io::Error::other)?;
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        // One thread for all connections: strangers cost one core at most.
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(limits.answers)
            .thread_name("lan answer")
            .build()?;
        let listener = within(&runtime, || TcpListener::from_std(listener))?;
        let (stop, stopped) = oneshot::channel();
        let door = Door::new(limits, listener, tls, desk);
        // Dropping the runtime waits for the answers that have begun.
        let serve = move || runtime.block_on(door.serve(stopped));
        let thread = thread::Builder::new().name("lan".to_owned()).spawn(serve)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it: connections are cut, and answers that have begun are waited for.
    pub fn end(self) {
        drop(self);
    }
}

impl Drop for LanListener {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

fn within<T>(runtime: &Runtime, work: impl FnOnce() -> T) -> T {
    let _entered = runtime.enter();
    work()
}

/// What connections are taken at and served with.
struct Door {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    desk: Arc<dyn LanDesk>,
    limits: Limits,
    handshakes: Arc<Seats<IpAddr>>,
    devices: Arc<Seats<VerifyKey>>,
    rates: Arc<Rates>,
}

impl Door {
    fn new(
        limits: Limits,
        listener: TcpListener,
        tls: ServerConfig,
        desk: Arc<dyn LanDesk>,
    ) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let handshakes = Seats::new(limits.handshakes, limits.handshakes_per_address);
        let devices = Seats::new(limits.connections, limits.connections_per_device);
        let rates = Arc::default();
        Self { listener, acceptor, desk, limits, handshakes, devices, rates }
    }

    async fn serve(self, mut stopped: oneshot::Receiver<()>) {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                // It is never sent: it ends when the listener is dropped.
                _ended = &mut stopped => break,
                Some(_ended) = open.join_next() => {}
                accepted = self.listener.accept() => match accepted {
                    Ok((tcp, from)) => {
                        // On a local network each address is another computer, of IPv6 too.
                        let Some(seat) = Seats::take(&self.handshakes, from.ip().to_canonical())
                        else {
                            continue;
                        };
                        let _task = open.spawn(self.connection().serve(tcp, seat));
                    }
                    Err(_out_of_handles) => sleep(ACCEPT_PAUSE).await,
                },
            }
        }
        open.shutdown().await;
    }

    fn connection(&self) -> Connection {
        Connection {
            acceptor: self.acceptor.clone(),
            desk: Arc::clone(&self.desk),
            limits: self.limits,
            devices: Arc::clone(&self.devices),
            rates: Arc::clone(&self.rates),
        }
    }
}
