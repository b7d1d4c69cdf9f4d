//! Who of a clinic is about on the local network, by mDNS (RFC 6762, 6763): a hint, and no more.
//!
//! What is announced names neither clinic nor computer: an instance and a host that are random at
//! each start, a port, a version, and a hint that outsiders cannot tell from any other.

mod heard;

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{self, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mdns_sd::{IfKind, MDNS_PORT, ServiceDaemon, ServiceInfo};
use rustls::crypto::ring;

use heard::Heard;

/// The service that desktops announce.
const SERVICE: &str = "_fieldchart._tcp.local.";
/// The version of what is announced.
const VERSION: &str = "1";
/// Longest hint, in bytes.
const HINT_BYTES_MAX: usize = 64;
/// Events after which the search begins anew: its memory grows with what strangers announce.
const EVENTS_MAX: usize = 1024;
/// How long a search rests before it begins anew: who floods the network does not keep it busy.
const REST: Duration = Duration::from_secs(30);
/// How long the goodbye of an announcement may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// What this process announces: it does not find itself.
static OURS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// A desktop that can be found; withdrawn when dropped.
pub struct Announcement {
    daemon: ServiceDaemon,
    instance: String,
}

/// A search that goes on; ends when dropped.
pub struct Browse {
    search: Arc<Search>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Announces that this computer serves its clinic at `port`. `hint` (1 to 64 printable characters of
/// ASCII) tells computers of the clinic, and nobody else, that it is one of theirs.
///
/// # Errors
/// [`io::Error`] where multicast is not possible, or the hint is none.
pub fn announce(port: u16, hint: &str) -> io::Result<Announcement> {
    announce_on(&Network::LOCAL, port, hint)
}

/// Searches for computers that announce this `hint`.
///
/// # Errors
/// As [`announce`].
pub fn browse(hint: &str) -> io::Result<Browse> {
    browse_on(&Network::LOCAL, hint)
}

fn announce_on(network: &Network, port: u16, hint: &str) -> io::Result<Announcement> {
    check(hint)?;
    let name = random_name()?;
    let txt = [("v", VERSION), ("h", hint)];
    let host = format!("{name}.local.");
    let service = ServiceInfo::new(SERVICE, &name, &host, (), port, &txt[..])
        .map_err(io::Error::other)?
        .enable_addr_auto();
    let instance = service.get_fullname().to_lowercase();
    let daemon = network.daemon()?;
    let _new = ours().insert(instance.clone());
    let announcement = Announcement { daemon, instance };
    announcement.daemon.register(service).map_err(io::Error::other)?;
    Ok(announcement)
}

impl Drop for Announcement {
    fn drop(&mut self) {
        let _was = ours().remove(&self.instance);
        end(&self.daemon);
    }
}

fn browse_on(network: &Network, hint: &str) -> io::Result<Browse> {
    check(hint)?;
    let heard = Mutex::new(Heard::new(hint, network.loopback));
    let daemon = Mutex::new(network.daemon()?);
    let search = Arc::new(Search { network: *network, daemon, heard });
    let (stop, stopped) = mpsc::channel();
    let searching = Arc::clone(&search);
    let thread = thread::Builder::new().name("lan search".to_owned());
    let thread = thread.spawn(move || searching.run(&stopped));
    let thread = thread.inspect_err(|_| end(&lock(&search.daemon)))?;
    Ok(Browse { search, stop: Some(stop), thread: Some(thread) })
}

impl Browse {
    /// Where computers of the clinic are known to be now, of each the likeliest address first; this
    /// process is not among them.
    #[must_use]
    pub fn found(&self) -> Vec<SocketAddr> {
        lock(&self.search.heard).addresses(&ours())
    }

    /// Notes that a computer of the clinic answered at an address that was found.
    pub fn prove(&self, address: SocketAddr) {
        lock(&self.search.heard).prove(address);
    }
}

impl Drop for Browse {
    fn drop(&mut self) {
        drop(self.stop.take());
        // It closes what the thread listens at.
        let _told = lock(&self.search.daemon).shutdown();
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// What a search and its thread share.
struct Search {
    network: Network,
    daemon: Mutex<ServiceDaemon>,
    heard: Mutex<Heard>,
}

impl Search {
    /// Listens until it is stopped; begins anew when it has heard too much.
    fn run(&self, stopped: &mpsc::Receiver<()>) {
        loop {
            let daemon = lock(&self.daemon).clone();
            // Looked at once the daemon is there for who stops it: one of both is noticed.
            if stopped.try_recv() == Err(TryRecvError::Empty)
                && let Ok(events) = daemon.browse(SERVICE)
            {
                events.iter().take(EVENTS_MAX).for_each(|event| lock(&self.heard).hear(&event));
            }
            end(&daemon);
            lock(&self.heard).forget();
            if stopped.recv_timeout(self.network.rest) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            // Where there is no network now, there may be one later.
            if let Ok(next) = self.network.daemon() {
                *lock(&self.daemon) = next;
            }
        }
    }
}

/// Ends a daemon, and waits until it has said goodbye; one that has ended is as good.
fn end(daemon: &ServiceDaemon) {
    if let Ok(ended) = daemon.shutdown() {
        let _ended = ended.recv_timeout(GOODBYE);
    }
}

/// Where it is announced and searched.
#[derive(Clone, Copy)]
struct Network {
    port: u16,
    /// This computer alone.
    loopback: bool,
    /// How long a search rests before it begins anew.
    rest: Duration,
}

impl Network {
    const LOCAL: Self = Self { port: MDNS_PORT, loopback: false, rest: REST };

    fn daemon(&self) -> io::Result<ServiceDaemon> {
        check_multicast(self.loopback)?;
        let daemon = ServiceDaemon::new_with_port(self.port).map_err(io::Error::other)?;
        let narrowed = if self.loopback {
            daemon
                .disable_interface(IfKind::All)
                .and_then(|()| daemon.enable_interface(IfKind::LoopbackV4))
        } else {
            daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])
        };
        narrowed.map_err(io::Error::other)?;
        Ok(daemon)
    }
}

/// Whether the group of mDNS can be joined at all: the daemon tells nobody that it could not. On a
/// network without a router the system does not know at which address, unless it is told one.
fn check_multicast(loopback: bool) -> io::Result<()> {
    let group = Ipv4Addr::new(224, 0, 0, 251);
    let join = |at: Ipv4Addr| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.join_multicast_v4(&group, &at)
    };
    if loopback {
        return join(Ipv4Addr::LOCALHOST);
    }
    let at_one = |_| own_addresses().into_iter().any(|at| join(at).is_ok());
    let four = join(Ipv4Addr::UNSPECIFIED);
    if four.as_ref().is_err_and(at_one) {
        return Ok(());
    }
    four.or_else(|error| {
        let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);
        let six = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))
            .and_then(|socket| socket.join_multicast_v6(&group, 0));
        six.map_err(|_| error)
    })
}

/// The addresses by which this computer stands in networks.
fn own_addresses() -> Vec<Ipv4Addr> {
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let address = |interface: if_addrs::Interface| match interface.ip() {
        IpAddr::V4(at) if !at.is_loopback() => Some(at),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    };
    all.into_iter().filter_map(address).collect()
}

fn check(hint: &str) -> io::Result<()> {
    let printable = hint.bytes().all(|byte| byte.is_ascii_graphic());
    if printable && (1..=HINT_BYTES_MAX).contains(&hint.len()) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "a hint is 1 to 64 printable characters"))
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 8];
    let random = ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| io::Error::other("the system gives no randomness"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn ours() -> MutexGuard<'static, BTreeSet<String>> {
    lock(&OURS)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
