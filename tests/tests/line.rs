//! A line to a server that counts what goes over it, and can be narrow, lossy, held up or cut after
//! any byte.
#![allow(clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use tokio::{net::TcpSocket, runtime::Builder};

/// What happens where the line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The next byte waits.
    Hold,
    /// Every connection is closed, and so is each that is tried.
    Cut,
}

/// How a line is narrow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Narrow {
    /// Bytes a second, each way.
    pub(crate) bytes_per_s: u32,
    /// Of a thousand pieces so many are lost and sent again, a round trip later.
    pub(crate) lost: u32,
    /// A round trip.
    pub(crate) round_trip: Duration,
}

/// A line; it goes with the test's process.
#[derive(Clone)]
pub(crate) struct Line {
    address: SocketAddr,
    shared: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    passed: usize,
    /// Of these, what came from the server.
    came: usize,
    end: Option<(usize, End)>,
    reached: bool,
    narrow: Option<Narrow>,
    pieces: u32,
    /// Both ends of the connections that go over it.
    open: Vec<TcpStream>,
}

/// What a line lets through at a time.
const PIECE: usize = 512;

impl Line {
    /// A line to the server at `address` (`https://host:port#pin`).
    pub(crate) fn to(address: &str) -> Self {
        Self::from(Ipv4Addr::LOCALHOST, address)
    }

    /// One on which the server is met from an address of its own.
    pub(crate) fn from(own: Ipv4Addr, address: &str) -> Self {
        let (url, _) = address.split_once('#').unwrap();
        let server: SocketAddr = url.trim_start_matches("https://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Self { address: listener.local_addr().unwrap(), shared: Arc::default() };
        let way = line.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                way.connect(&near, (own, server));
            }
        });
        line
    }

    /// Its own address, with the pin of the server's.
    pub(crate) fn address(&self, of: &str) -> String {
        format!("https://{}#{}", self.address, of.split_once('#').unwrap().1)
    }

    /// Ends the line after so many bytes from now on, both ways together.
    pub(crate) fn end_after(&self, bytes: usize, end: End) {
        let mut state = self.shared.0.lock().unwrap();
        (state.passed, state.end, state.reached) = (0, Some((bytes, end)), false);
    }

    /// Is narrow from now on.
    pub(crate) fn narrow(&self, narrow: Narrow) {
        self.shared.0.lock().unwrap().narrow = Some(narrow);
    }

    /// Is whole again; answers how many bytes had gone over it.
    pub(crate) fn mend(&self) -> usize {
        let mut state = self.shared.0.lock().unwrap();
        state.open.clear();
        let passed = std::mem::take(&mut state.passed);
        (state.end, state.reached) = (None, false);
        self.shared.1.notify_all();
        passed
    }

    /// How many bytes came from the server since this was asked last.
    pub(crate) fn came(&self) -> usize {
        std::mem::take(&mut self.shared.0.lock().unwrap().came)
    }

    /// Whether its end was reached.
    pub(crate) fn is_reached(&self) -> bool {
        self.shared.0.lock().unwrap().reached
    }

    fn connect(&self, near: &TcpStream, between: (Ipv4Addr, SocketAddr)) {
        let Ok(far) = reach(between) else { return };
        let twice = |stream: &TcpStream| (stream.try_clone().unwrap(), stream.try_clone().unwrap());
        let ((near, near_too), (far, far_too)) = (twice(near), twice(&far));
        let mut state = self.shared.0.lock().unwrap();
        if state.reached && matches!(state.end, Some((_, End::Cut))) {
            return drop((near.shutdown(Shutdown::Both), far.shutdown(Shutdown::Both)));
        }
        state.open.extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
        drop(state);
        let (there, back) = (self.clone(), self.clone());
        thread::spawn(move || there.carry(near, far_too, false));
        thread::spawn(move || back.carry(far, near_too, true));
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream, comes: bool) {
        let mut piece = [0; PIECE];
        while let Ok(count @ 1..) = from.read(&mut piece) {
            let mut rest = piece.get(..count).unwrap_or_default();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(self.pass(rest.len()));
                if to.write_all(now).is_err() {
                    return drop(to.shutdown(Shutdown::Both));
                }
                if comes {
                    self.shared.0.lock().unwrap().came += now.len();
                }
                rest = later;
            }
        }
        drop(to.shutdown(Shutdown::Both));
    }

    /// How many of so many bytes may go now; waits where none may.
    fn pass(&self, count: usize) -> usize {
        let mut state = self.shared.0.lock().unwrap();
        loop {
            let left = state.end.map_or(count, |(after, _)| after.saturating_sub(state.passed));
            let now = left.min(count);
            if now > 0 {
                state.passed += now;
                let pause = state.pause(now);
                drop(state);
                // This is the line's own time, and nothing is waited for.
                thread::sleep(pause);
                return now;
            }
            state.reached = true;
            if matches!(state.end, Some((_, End::Cut))) {
                let open = std::mem::take(&mut state.open);
                open.iter().for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
                return count;
            }
            state = self.shared.1.wait(state).unwrap();
        }
    }
}

/// Connects an address of one's own with a server.
fn reach((own, server): (Ipv4Addr, SocketAddr)) -> io::Result<TcpStream> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let connected = runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind((own, 0).into())?;
        socket.connect(server).await
    });
    let stream = connected?.into_std()?;
    stream.set_nonblocking(false)?;
    Ok(stream)
}

impl State {
    /// How long so many bytes take.
    fn pause(&mut self, count: usize) -> Duration {
        let Some(narrow) = self.narrow else { return Duration::ZERO };
        self.pieces = self.pieces.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let count = u32::try_from(count).unwrap();
        let again = if (self.pieces >> 16) % 1000 < narrow.lost {
            narrow.round_trip
        } else {
            Duration::ZERO
        };
        Duration::from_secs(1) * count / narrow.bytes_per_s + again
    }
}
