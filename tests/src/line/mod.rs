//! A line that is slow, far and loses packets, laid by hand: two network namespaces, each with a TUN
//! device, between which this process carries packets as such a line would. The TCP at its two ends is
//! the kernel's own. It needs root and `ip`, and no module for shaping that a kernel may lack.

mod counted;

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use counted::Counted;
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// The address of the end at which a server is.
pub const NEAR: &str = "10.77.0.1";
/// The address of the end at which computers are.
pub const FAR: &str = "10.77.0.2";

/// Bytes of a packet, at most.
const MTU: u16 = 1500;
/// Packets that wait at each end, at most, as with `tc netem`; what comes then is lost.
const QUEUE: u64 = 1000;

/// What a line is like, each way.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    /// How much goes in a second.
    pub bits_a_second: u64,
    /// From one end to the other.
    pub delay: Duration,
    /// Packets that are lost of 1000, before they take their time on the line.
    pub lost_of_1000: u64,
}

impl Quality {
    /// 64 kbit/s, 600 ms there and back, one packet of twenty lost.
    pub const BAD: Self =
        Self { bits_a_second: 64_000, delay: Duration::from_millis(300), lost_of_1000: 50 };
    /// 100 Mbit/s next door.
    pub const GOOD: Self =
        Self { bits_a_second: 100_000_000, delay: Duration::ZERO, lost_of_1000: 0 };
}

/// A line; it is gone when it is dropped.
#[derive(Debug)]
pub struct Line {
    near: End,
    far: End,
    quality: Arc<Mutex<Quality>>,
    there: Way,
    back: Way,
    carriers: Vec<JoinHandle<()>>,
}

/// What went one way.
#[derive(Debug, Clone, Default)]
struct Way {
    sent: Arc<AtomicU64>,
    lost: Arc<AtomicU64>,
}

impl Line {
    /// Lays one; `None` where it may not be, without root, `ip` or TUN.
    pub fn lay(quality: Quality) -> Option<Self> {
        let (near, here) = End::make("near", (NEAR, FAR))?;
        let (far, there) = End::make("far", (FAR, NEAR))?;
        let (here, there) = (Arc::new(here), Arc::new(there));
        let quality = Arc::new(Mutex::new(quality));
        let mut line = Self {
            near,
            far,
            quality,
            there: Way::default(),
            back: Way::default(),
            carriers: Vec::new(),
        };
        line.carry((&here, &there), line.back.clone());
        line.carry((&there, &here), line.there.clone());
        Some(line)
    }

    /// Makes another line of it; what is on its way stays on it.
    pub fn become_like(&self, quality: Quality) {
        *self.quality.lock().unwrap_or_else(PoisonError::into_inner) = quality;
    }

    /// The words that run a program at the end of the server.
    pub fn near(&self) -> Vec<String> {
        self.near.words()
    }

    /// The words that run a program at the end of the computers.
    pub fn far(&self) -> Vec<String> {
        self.far.words()
    }

    /// Bytes that TCP was given to carry so far, from the computers to the server and back, each
    /// counted once however often it was sent.
    pub fn sent(&self) -> (u64, u64) {
        (self.there.sent.load(Ordering::Relaxed), self.back.sent.load(Ordering::Relaxed))
    }

    /// Packets that were lost.
    pub fn lost(&self) -> u64 {
        self.there.lost.load(Ordering::Relaxed) + self.back.lost.load(Ordering::Relaxed)
    }

    fn carry(&mut self, (from, to): (&Arc<SyncDevice>, &Arc<SyncDevice>), way: Way) {
        let (out, queue) = channel();
        let (from, to, quality) = (Arc::clone(from), Arc::clone(to), Arc::clone(&self.quality));
        self.carriers.push(std::thread::spawn(move || take_in(&from, &quality, &way, &out)));
        self.carriers.push(std::thread::spawn(move || give_out(&to, &queue)));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // The devices are gone then, and so who reads of them ends.
        self.near.remove();
        self.far.remove();
        self.carriers.drain(..).for_each(|carrier| drop(carrier.join()));
    }
}

/// A packet, and when it is at the other end.
type Due = (Instant, Vec<u8>);

/// Takes packets in at one end until the end is gone.
fn take_in(from: &SyncDevice, quality: &Mutex<Quality>, way: &Way, out: &Sender<Due>) {
    let mut draw = Draw(u64::from(MTU));
    let mut counted = Counted::default();
    let mut free = Instant::now();
    let mut buffer = vec![0; usize::from(MTU)];
    while let Ok(length) = from.recv(&mut buffer) {
        let packet = buffer.get(..length).unwrap_or_default();
        way.sent.fetch_add(counted.new_in(packet), Ordering::Relaxed);
        let quality = *quality.lock().unwrap_or_else(PoisonError::into_inner);
        let takes =
            |bytes: u64| Duration::from_nanos(bytes * 8 * 1_000_000_000 / quality.bits_a_second);
        let now = Instant::now();
        let begins = free.max(now);
        let is_full = begins - now > takes(QUEUE * u64::from(MTU));
        if is_full || draw.next() % 1000 < quality.lost_of_1000 {
            way.lost.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        free = begins + takes(u64::try_from(length).unwrap_or(u64::MAX));
        if out.send((free + quality.delay, packet.to_vec())).is_err() {
            return;
        }
    }
}

/// Gives packets out at the other end, each at its time.
fn give_out(to: &SyncDevice, queue: &Receiver<Due>) {
    let (_keep, never) = channel::<()>();
    for (due, packet) in queue {
        let wait = due.saturating_duration_since(Instant::now());
        if never.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            // An end that is gone takes nothing, which is no concern of a line.
            drop(to.send(&packet));
        }
    }
}

/// Numbers that are the same in each run (Knuth's MMIX generator).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// A network namespace at one end.
#[derive(Debug)]
struct End {
    namespace: String,
    device: String,
}

impl End {
    fn make(name: &str, (own, other): (&str, &str)) -> Option<(Self, SyncDevice)> {
        let id = std::process::id();
        let device = format!("fc{id}{name}");
        let made = DeviceBuilder::new().name(&device).layer(Layer::L3).mtu(MTU).enable(false);
        let made = made.build_sync().ok()?;
        let end = Self { namespace: format!("fieldchart-{id}-{name}"), device };
        let (name, device) = (&end.namespace, &end.device);
        let steps = [
            format!("netns add {name}"),
            format!("link set {device} netns {name}"),
            format!("-n {name} link set lo up"),
            format!("-n {name} addr add {own} peer {other} dev {device}"),
            format!("-n {name} link set {device} up"),
        ];
        steps.iter().all(|step| ip(step)).then_some((end, made))
    }

    fn words(&self) -> Vec<String> {
        ["ip", "netns", "exec", &self.namespace].map(str::to_owned).to_vec()
    }

    fn remove(&self) {
        // A connection whose other end is gone keeps its namespace for minutes, and with it the device.
        ip(&format!("-n {} link del {}", self.namespace, self.device));
        ip(&format!("netns del {}", self.namespace));
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.remove();
    }
}

fn ip(words: &str) -> bool {
    let mut command = Command::new("ip");
    let status =
        command.args(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
