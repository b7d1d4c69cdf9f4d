//! What comes and goes on connections, counted: who says nothing, or a byte now and then, is noticed
//! by what does not move.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use sync::wire::path;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::sleep;
use tower_service::Service;

/// Less than this in one window is no progress of an exchange: a slow line moves more, who holds one
/// up does not.
pub(crate) const PROGRESS_BYTES_MIN: u64 = 1024;

/// The bytes of all connections of one client, or of one connection that is served. Clones count
/// together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic(Arc<Moved>);

#[derive(Debug, Default)]
struct Moved {
    /// Both ways.
    bytes: AtomicU64,
    /// Those that the system took to send.
    written: AtomicU64,
    wrote: Notify,
}

impl Traffic {
    pub(crate) fn came(&self, bytes: usize) {
        self.0.bytes.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn wrote(&self, bytes: usize) {
        self.came(bytes);
        self.0.written.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.0.wrote.notify_waiters();
    }

    fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// How many bytes the system took to send.
    pub(crate) fn written(&self) -> u64 {
        self.0.written.load(Ordering::Relaxed)
    }

    /// Waits until the system has taken so many.
    pub(crate) async fn has_written(&self, bytes: u64) {
        loop {
            // Before it is looked: what is written in between is heard.
            let wrote = self.0.wrote.notified();
            if self.written() >= bytes {
                return;
            }
            wrote.await;
        }
    }

    /// Waits until less than `bytes_min` have moved in a whole `window`, the first of which begins now:
    /// other threads may move some before this is waited for.
    pub(crate) fn stalls(
        &self,
        window: Duration,
        bytes_min: u64,
    ) -> impl Future<Output = ()> + Send + use<> {
        let (traffic, mut before) = (self.clone(), self.bytes());
        async move {
            loop {
                sleep(window).await;
                let now = traffic.bytes();
                if now.saturating_sub(before) < bytes_min {
                    return;
                }
                before = now;
            }
        }
    }
}

/// What one device's exchanges came to, for whoever measures them. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    handshakes: AtomicU64,
    requests: AtomicU64,
    hello_bytes: AtomicU64,
}

impl Tally {
    /// How often one went there and back: TLS 1.3 takes one for each connection, each request one.
    /// That in which TCP opens the connection is not among them.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        of(&self.0.handshakes).saturating_add(of(&self.0.requests))
    }

    /// Bytes of the frames of HELLO, the requests and the replies together.
    #[must_use]
    pub fn hello_bytes(&self) -> u64 {
        self.0.hello_bytes.load(Ordering::Relaxed)
    }

    fn connected(&self) {
        self.0.handshakes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn requested(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn said(&self, at: &str, (asked, answered): (usize, usize)) {
        if at == path::HELLO {
            let bytes = u64::try_from(asked.saturating_add(answered)).unwrap_or(u64::MAX);
            self.0.hello_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

/// Opens connections that are counted.
#[derive(Clone, Debug)]
pub(crate) struct CountedConnector {
    tcp: HttpConnector,
    traffic: Traffic,
    tally: Tally,
}

impl CountedConnector {
    pub(crate) const fn new(tcp: HttpConnector, traffic: Traffic, tally: Tally) -> Self {
        Self { tcp, traffic, tally }
    }
}

type Opening<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl Service<Uri> for CountedConnector {
    type Response = TokioIo<Counted>;
    type Error = <HttpConnector as Service<Uri>>::Error;
    type Future = Opening<Self::Response, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.tcp.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (opening, traffic) = (self.tcp.call(uri), self.traffic.clone());
        let tally = self.tally.clone();
        Box::pin(async move {
            let tcp = opening.await?.into_inner();
            hand_over_little(&tcp);
            tally.connected();
            Ok(TokioIo::new(Counted::new(tcp, traffic)))
        })
    }
}

/// Has the system take no more than this beyond what is on its way: what it took looks as if it had
/// gone, and still goes where the program has ended, before anything that a next one sends.
#[cfg(target_os = "linux")]
fn hand_over_little(tcp: &TcpStream) {
    const UNSENT_BYTES: u32 = 16 * 1024;
    // Without it all goes well, and is told less truly.
    drop(socket2::SockRef::from(tcp).set_tcp_notsent_lowat(UNSENT_BYTES));
}

/// Other systems take what they take.
#[cfg(not(target_os = "linux"))]
const fn hand_over_little(_: &TcpStream) {}

/// A connection whose bytes are counted.
pub(crate) struct Counted {
    tcp: TcpStream,
    traffic: Traffic,
}

impl Counted {
    pub(crate) const fn new(tcp: TcpStream, traffic: Traffic) -> Self {
        Self { tcp, traffic }
    }
}

impl Connection for Counted {
    fn connected(&self) -> Connected {
        self.tcp.connected()
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(context, into);
        self.traffic.came(into.filled().len().saturating_sub(before));
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.traffic.wrote(*count);
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(context, pieces);
        if let Poll::Ready(Ok(count)) = &written {
            self.traffic.wrote(*count);
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};

    const WINDOW: Duration = Duration::from_secs(10);

    /// How long it takes until a line on which `bytes` come every second is given up, in windows;
    /// `None` where it never is.
    async fn given_up(bytes: usize) -> Option<u32> {
        let traffic = Traffic::default();
        let moving = traffic.clone();
        let line = tokio::spawn(async move {
            loop {
                sleep(Duration::from_secs(1)).await;
                moving.came(bytes);
            }
        });
        let started = Instant::now();
        let stalled = timeout(WINDOW * 100, traffic.stalls(WINDOW, PROGRESS_BYTES_MIN)).await;
        line.abort();
        let windows = started.elapsed().div_duration_f64(WINDOW).round();
        stalled.ok().map(|()| format!("{windows}").parse().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_is_no_silent_one() {
        for (bytes, windows) in [(0, Some(1)), (1, Some(1)), (100, Some(1)), (200, None)] {
            assert_eq!(given_up(bytes).await, windows, "{bytes} a second");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_before_it_is_waited_for_counts() {
        let traffic = Traffic::default();
        let stalls = traffic.stalls(WINDOW, PROGRESS_BYTES_MIN);
        traffic.came(1 << 20);
        let started = Instant::now();
        stalls.await;
        assert_eq!(started.elapsed(), WINDOW * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_moved_before_does_not_count_for_ever() {
        let traffic = Traffic::default();
        traffic.came(1 << 20);
        assert!(timeout(WINDOW * 2, traffic.stalls(WINDOW, PROGRESS_BYTES_MIN)).await.is_ok());
    }
}
