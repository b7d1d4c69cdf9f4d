//! What wakes the exchange: one place that is rung from anywhere and waited at by one.

use super::Pace;
use api::{Event, Origin};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The bell. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// What has rung since the last exchange. Of each kind the first time is kept, so that ringing
/// on and on puts nothing off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct State {
    recorded: Option<Instant>,
    news: Option<Instant>,
    /// Somebody asked to meet the clinic's other computers now.
    asked: bool,
    listening: bool,
    closed: bool,
}

/// What a wait ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rung {
    /// It is time to exchange.
    Due,
    /// The program ends.
    Closed,
}

impl Bell {
    /// Heeds an event: what came by sync needs no sending back.
    pub fn heed(&self, event: &Event) {
        let origin = match event {
            Event::ExchangeAsked => return self.change(|state| state.asked = true),
            Event::Changed { origin, .. } => origin,
            Event::Exchanging(_) | Event::Carrying { .. } | Event::Rebuilding { .. } => return,
        };
        match origin {
            Origin::Window(_) | Origin::Import | Origin::Host => self.change(|state| {
                state.recorded.get_or_insert_with(Instant::now);
            }),
            Origin::Sync => {}
        }
    }

    /// Says that the server may have something new.
    pub(super) fn news(&self) {
        self.change(|state| {
            state.news.get_or_insert_with(Instant::now);
        });
    }

    /// Says whether the server can be heard.
    pub(super) fn set_listening(&self, listening: bool) {
        self.change(|state| state.listening = listening);
    }

    /// Ends every wait, now and later.
    pub(crate) fn close(&self) {
        self.change(|state| state.closed = true);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Waits until it is time to exchange. What rang until then is answered by that exchange.
    /// `chance` spreads what is waited where nothing rings.
    pub(super) fn wait(&self, pace: &Pace, failures: u32, chance: u32) -> Rung {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            if state.closed {
                return Rung::Closed;
            }
            let due = state.due(pace, since, (failures, chance));
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                *state = State { recorded: None, news: None, asked: false, ..*state };
                return Rung::Due;
            }
            state = self.sleep(state, left);
        }
    }

    /// Whether the others are to be met: somebody asks for it, or something was recorded here, and
    /// long enough ago for what follows it at once to have been recorded too. It is answered then.
    pub(crate) fn takes_asked(&self, pace: &Pace) -> bool {
        let mut state = self.state();
        let is_due = state.asked || state.recorded.is_some_and(|at| at.elapsed() >= pace.settle);
        if is_due {
            *state = State { recorded: None, asked: false, ..*state };
        }
        is_due
    }

    /// Waits for `pause`; true when the program ends.
    pub(crate) fn closes_within(&self, pause: Duration) -> bool {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            let left = pause.saturating_sub(since.elapsed());
            if state.closed || left.is_zero() {
                return state.closed;
            }
            state = self.sleep(state, left);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.0.changed.notify_all();
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>, left: Duration) -> MutexGuard<'a, State> {
        let woken = self.0.changed.wait_timeout(state, left);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl State {
    /// When the next exchange is due, waited for since the last one.
    fn due(&self, pace: &Pace, since: Instant, (failures, chance): (u32, u32)) -> Instant {
        let idle = since + Pace::spread(pace.idle(self.listening, failures), chance);
        let recorded = self.recorded.map(|at| at + pace.settle);
        let news = self.news.map(|at| at + pace.gather);
        [recorded, news].into_iter().flatten().fold(idle, Instant::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(origin: Origin) -> Event {
        Event::Changed { topics: Vec::new(), origin }
    }

    #[test]
    fn an_exchange_is_due_by_what_rang_first() {
        let (pace, since) = (Pace::default(), Instant::now());
        let at = |ms| since + Duration::from_millis(ms);
        let check = |state: State, failures: u32, expected_ms: u64| {
            let due = state.due(&pace, since, (failures, u32::MAX));
            assert_eq!(due, at(expected_ms), "{state:?}");
        };
        let quiet = State::default();
        let listening = State { listening: true, ..quiet };
        check(quiet, 0, 20_000);
        check(listening, 0, 300_000);
        check(quiet, 3, 40_000);
        check(State { recorded: Some(at(1_000)), ..quiet }, 0, 2_500);
        check(State { recorded: Some(at(1_000)), ..quiet }, 9, 2_500);
        check(State { news: Some(at(1_000)), ..listening }, 0, 1_200);
        check(State { news: Some(at(2_400)), recorded: Some(at(1_000)), ..quiet }, 0, 2_500);
        check(State { news: Some(at(1_000)), recorded: Some(at(900)), ..quiet }, 0, 1_200);
        // By chance one asks sooner; what rang is answered as soon as ever.
        assert_eq!(quiet.due(&pace, since, (3, 0)), at(20_000));
        let rang = State { recorded: Some(at(1_000)), ..quiet };
        assert_eq!(rang.due(&pace, since, (3, 0)), at(2_500));
    }

    #[test]
    fn ringing_on_puts_nothing_off() {
        let bell = Bell::default();
        bell.heed(&changed(Origin::Host));
        bell.news();
        let first = *bell.state();
        for origin in [Origin::Window("main".to_owned()), Origin::Import, Origin::Host] {
            bell.heed(&changed(origin));
            bell.news();
        }
        assert_eq!(*bell.state(), first);
    }

    #[test]
    fn what_came_by_sync_is_no_reason_to_sync() {
        let bell = Bell::default();
        bell.heed(&changed(Origin::Sync));
        assert_eq!(*bell.state(), State::default());
    }

    #[test]
    fn who_asks_for_the_others_waits_for_nothing() {
        let (bell, pace) = (Bell::default(), Pace::default());
        assert!(!bell.takes_asked(&pace));
        bell.heed(&changed(Origin::Host));
        assert!(!bell.takes_asked(&pace), "more of it may follow");
        bell.heed(&Event::ExchangeAsked);
        assert!(bell.takes_asked(&pace));
        assert!(!bell.takes_asked(&pace), "it was answered, with what was recorded");
    }

    #[test]
    fn an_exchange_answers_what_rang_before_it() {
        let bell = Bell::default();
        let pace = Pace { settle: Duration::ZERO, gather: Duration::ZERO, ..Pace::default() };
        bell.set_listening(true);
        bell.heed(&changed(Origin::Host));
        bell.news();
        assert_eq!(bell.wait(&pace, 0, 0), Rung::Due);
        assert_eq!(*bell.state(), State { listening: true, ..State::default() });
        bell.close();
        bell.news();
        assert_eq!(bell.wait(&pace, 0, 0), Rung::Closed);
        assert!(bell.closes_within(Duration::from_secs(3600)));
    }
}
