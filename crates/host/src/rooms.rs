//! Looking into the room in which a computer is admitted, for as long as there is one: nobody at a
//! window waits for it, and nothing is asked of the server while there is none.

use api::{Event, Topic};
use app::{App, Host};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{Builder, JoinHandle},
    time::{Duration, Instant},
};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// What is asked of the use-cases.
pub trait Looking: Send + Sync + 'static {
    /// Looks once; whether there is something to look for still.
    fn look(&self) -> bool;
}

impl<H: Host> Looking for App<H> {
    fn look(&self) -> bool {
        self.look_into_rooms()
    }
}

/// What wakes whoever looks. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct RoomBell(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct State {
    rung: bool,
    closed: bool,
}

impl RoomBell {
    /// Heeds an event: of admitting, something may be new to look for.
    pub fn heed(&self, event: &Event) {
        if matches!(event, Event::Changed { topics, .. } if topics.contains(&Topic::Admission)) {
            self.change(|state| state.rung = true);
        }
    }

    /// Waits until it has rung; false when the program ends.
    fn wait(&self) -> bool {
        let mut state = self.state();
        while !state.rung && !state.closed {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.rung = false;
        !state.closed
    }

    /// Waits for a pause, or until something else is to be looked for; false when the program ends.
    fn pause(&self, pause: Duration) -> bool {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            let left = pause.saturating_sub(since.elapsed());
            if state.closed || state.rung || left.is_zero() {
                state.rung = false;
                return !state.closed;
            }
            let woken = self.0.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.0.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that looks; it ends when this is dropped.
#[derive(Debug)]
pub struct Rooms {
    bell: RoomBell,
    thread: Option<JoinHandle<()>>,
}

impl Rooms {
    /// Begins; `bell` is rung by what happens of admitting.
    ///
    /// # Errors
    /// What the system says when it gives no thread.
    pub fn keep_looking(app: Arc<dyn Looking>, bell: &RoomBell) -> io::Result<Self> {
        let rung = bell.clone();
        let run = move || run(app.as_ref(), &rung, PAUSE);
        let thread = Builder::new().name("rooms".to_owned()).spawn(run)?;
        Ok(Self { bell: bell.clone(), thread: Some(thread) })
    }

    /// Ends it and waits until it has.
    pub fn end(mut self) {
        self.bell.change(|state| state.closed = true);
        // One that panicked has ended too.
        drop(self.thread.take().map(JoinHandle::join));
    }
}

impl Drop for Rooms {
    fn drop(&mut self) {
        self.bell.change(|state| state.closed = true);
    }
}

fn run(app: &dyn Looking, bell: &RoomBell, pause: Duration) {
    while bell.wait() {
        while look(app) {
            if !bell.pause(pause) {
                return;
            }
        }
    }
}

/// A panic ends this look, and what was looked for, and not the ones that come.
fn look(app: &dyn Looking) -> bool {
    catch_unwind(AssertUnwindSafe(|| app.look())).unwrap_or_else(|_| {
        tracing::warn!("looking into a room broke off");
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Origin;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// Tells of each look, and answers what it is given.
    struct Scripted {
        looks: Mutex<Sender<()>>,
        answers: Mutex<Receiver<bool>>,
    }

    impl Looking for Scripted {
        fn look(&self) -> bool {
            self.looks.lock().unwrap().send(()).unwrap();
            self.answers.lock().unwrap().recv().expect("an answer")
        }
    }

    fn changed(topic: Topic) -> Event {
        Event::Changed { topics: vec![topic], origin: Origin::Sync }
    }

    #[test]
    fn it_looks_while_there_is_something_to_look_for_and_not_before() {
        let (told, looks) = channel();
        let (answers, given) = channel();
        let bell = RoomBell::default();
        let scripted = Scripted { looks: Mutex::new(told), answers: Mutex::new(given) };
        let rooms = Rooms::keep_looking(Arc::new(scripted), &bell).unwrap();
        bell.heed(&changed(Topic::Sync));
        assert_eq!(*bell.state(), State::default());
        for goes_on in [true, true, false] {
            // What rings cuts the pause short.
            bell.heed(&changed(Topic::Admission));
            looks.recv().unwrap();
            answers.send(goes_on).unwrap();
        }
        bell.heed(&changed(Topic::Admission));
        looks.recv().unwrap();
        // A look that panics is the last of its room, and the next room is looked into.
        drop(answers);
        bell.heed(&changed(Topic::Admission));
        looks.recv().unwrap();
        rooms.end();
        assert!(looks.try_recv().is_err(), "it has ended");
    }
}
