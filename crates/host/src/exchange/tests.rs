//! The two threads over use-cases that only tell what they were asked.

use super::*;
use api::{ErrorCode, Event};
use std::{
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

/// Long enough for a busy machine, and never waited for where things work.
const DEADLINE: Duration = Duration::from_secs(60);
/// Nothing happens but by the bell.
const DEAF: Pace = Pace {
    settle: Duration::from_millis(1),
    gather: Duration::from_millis(1),
    ask: Duration::from_secs(86_400),
    ask_while_listening: Duration::from_secs(86_400),
    retry_min: Duration::from_secs(86_400),
    retry_max: Duration::from_secs(86_400),
    listen_again: Duration::from_millis(1),
};

/// Tells every exchange; is told what the server says, and when a file has arrived.
struct Played {
    exchanged: Sender<()>,
    carried: Sender<()>,
    arrives: Mutex<Receiver<()>>,
    /// How exchanges go.
    went: Result<SyncView, ApiError>,
    server: Mutex<Receiver<Line>>,
}

enum Line {
    Heard(Heard),
    Fails,
    /// Lets go of what it holds.
    Panics(Sender<()>),
}

impl Exchanging for Played {
    fn sync_now(&self) -> Result<SyncView, ApiError> {
        self.exchanged.send(()).unwrap();
        self.went.clone()
    }

    fn carry_files(&self) -> Result<(), ApiError> {
        self.carried.send(()).unwrap();
        // Where nobody says so any more the line is gone.
        let _arrived = self.arrives.lock().unwrap().recv();
        Ok(())
    }

    fn listen(&self, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<Ended, ApiError> {
        let server = self.server.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            let line = server.recv_timeout(Duration::from_millis(5));
            let next = match line {
                Ok(Line::Heard(next)) => next,
                Ok(Line::Fails) => return Err(ApiError::new(ErrorCode::Unreachable, "gone")),
                Ok(Line::Panics(_holds)) => panic!("a fault in listening"),
                Err(_) => Heard::Nothing,
            };
            if heard(next).is_break() {
                return Ok(Ended::Asked);
            }
        }
    }

    fn chance(&self) -> u32 {
        u32::MAX
    }
}

struct Stage {
    exchange: Exchange,
    bell: Bell,
    exchanges: Receiver<()>,
    carries: Receiver<()>,
    arrived: Sender<()>,
    server: Sender<Line>,
}

impl Stage {
    fn new(pace: Pace) -> Self {
        Self::whose(pace, Err(ApiError::new(ErrorCode::SignedOut, "nobody")))
    }

    fn whose(pace: Pace, went: Result<SyncView, ApiError>) -> Self {
        let (exchanged, exchanges) = channel();
        let (carried, carries) = channel();
        let (arrived, arrives) = channel();
        let (server, lines) = channel();
        let bell = Bell::default();
        let (server_says, arrives) = (Mutex::new(lines), Mutex::new(arrives));
        let played = Played { exchanged, carried, arrives, went, server: server_says };
        let exchange = Exchange::keep_going(Arc::new(played), &bell, pace).unwrap();
        Self { exchange, bell, exchanges, carries, arrived, server }
    }

    fn exchanges(&self) {
        self.exchanges.recv_timeout(DEADLINE).expect("an exchange");
    }

    fn record(&self) {
        self.bell.heed(&Event::Changed { topics: Vec::new(), origin: Origin::Host });
    }
}

#[test]
fn what_the_server_says_and_what_is_recorded_here_starts_an_exchange() {
    let stage = Stage::new(DEAF);
    stage.record();
    stage.exchanges();
    stage.server.send(Line::Heard(Heard::News)).unwrap();
    stage.exchanges();
    stage.exchange.end();
    // Nothing is left that could exchange, and nobody asked for more.
    assert!(stage.exchanges.recv().is_err());
}

#[test]
fn a_file_on_its_way_is_in_the_way_of_no_exchange() {
    let server = Some("https://clinic.test".to_owned());
    let idle = SyncView { server, phase: api::SyncPhase::Idle, ..SyncView::default() };
    let stage = Stage::whose(DEAF, Ok(idle));
    stage.record();
    stage.exchanges();
    stage.carries.recv_timeout(DEADLINE).expect("a file goes");
    for _ in 0..3 {
        stage.record();
        stage.exchanges();
    }
    assert!(stage.carries.try_recv().is_err(), "one at a time");
    stage.arrived.send(()).unwrap();
    stage.carries.recv_timeout(DEADLINE).expect("what came meanwhile goes next");
    // Nor is it waited for at the end.
    stage.exchange.end();
    drop(stage.arrived);
}

#[test]
fn a_server_that_goes_silent_is_listened_to_again() {
    let stage = Stage::new(DEAF);
    for _ in 0..3 {
        stage.server.send(Line::Heard(Heard::Listening)).unwrap();
        stage.server.send(Line::Fails).unwrap();
        stage.server.send(Line::Heard(Heard::News)).unwrap();
        stage.exchanges();
    }
    stage.exchange.end();
}

#[test]
fn a_panic_ends_one_listening_and_not_the_next() {
    let stage = Stage::new(DEAF);
    for _ in 0..2 {
        stage.server.send(Line::Heard(Heard::Listening)).unwrap();
        stage.server.send(Line::Panics(channel().0)).unwrap();
        stage.server.send(Line::Heard(Heard::News)).unwrap();
        stage.exchanges();
    }
    stage.exchange.end();
}

#[test]
fn after_a_panic_nobody_believes_that_the_server_is_heard() {
    // While it is heard it is not asked again today, and it is not listened to again either.
    let (ask, listen_again) = (Duration::from_millis(1), Duration::from_secs(86_400));
    let stage = Stage::new(Pace { ask, listen_again, retry_max: listen_again, ..DEAF });
    let (holds, panicked) = channel();
    stage.server.send(Line::Heard(Heard::Listening)).unwrap();
    stage.server.send(Line::Panics(holds)).unwrap();
    assert!(
        panicked
            .recv_timeout(DEADLINE)
            .is_err_and(|error| { error == std::sync::mpsc::RecvTimeoutError::Disconnected })
    );
    stage.exchanges.try_iter().for_each(drop);
    (0..3).for_each(|_| stage.exchanges());
    stage.exchange.end();
}

#[test]
fn one_asks_now_and_then_where_the_server_cannot_be_heard() {
    let stage = Stage::new(Pace { ask: Duration::from_millis(1), ..DEAF });
    stage.exchanges();
    stage.exchanges();
    stage.exchange.end();
}

#[test]
fn recording_on_and_on_does_not_keep_it_from_going_out() {
    let stage = Stage::new(DEAF);
    let (bell, ended) = (stage.bell.clone(), Arc::new(Mutex::new(false)));
    let seen = Arc::clone(&ended);
    let recording = std::thread::spawn(move || {
        while !*seen.lock().unwrap() {
            bell.heed(&Event::Changed { topics: Vec::new(), origin: Origin::Import });
            std::thread::yield_now();
        }
    });
    (0..5).for_each(|_| stage.exchanges());
    *ended.lock().unwrap() = true;
    recording.join().unwrap();
    stage.exchange.end();
}

#[test]
fn both_threads_end_when_it_is_dropped() {
    let stage = Stage::new(DEAF);
    drop(stage.exchange);
    // The last of the two lets go of the use-cases, and so of the sender.
    assert!(
        stage
            .exchanges
            .recv_timeout(DEADLINE)
            .is_err_and(|error| { error == std::sync::mpsc::RecvTimeoutError::Disconnected })
    );
}
