//! Admitting as it goes on between the commands of a window: one at a time, with what is shown of
//! it. Who works on it holds the work; how it stands is told, and it is ended, without waiting for
//! whoever does.

use crate::{error::not_found, host::Host};
use api::{AdmissionView, ApiError, Event, Origin, Topic};
use clinical::Instant;
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync::limits::ROOM_LIFE_S_MAX;

/// A room ends at the server; where that cannot be asked any more, so much later here.
const GRACE_MS: i64 = 30_000;

/// What goes on, in steps `S`.
pub(crate) struct Course<S> {
    working: Mutex<()>,
    stands: Mutex<Stands<S>>,
}

struct Stands<S> {
    /// Which it is: what was ended meanwhile is not gone on with.
    turn: u64,
    view: AdmissionView,
    step: Option<S>,
    /// There is nothing to look for: a person goes on, or nobody does.
    rests: bool,
    until: Instant,
}

/// What a step led to.
pub(super) enum Next<S> {
    /// The same as before.
    Still(S),
    /// Another step, which looks so.
    On(S, AdmissionView),
    /// The last one.
    Last(S, AdmissionView),
}

impl<S> Default for Course<S> {
    fn default() -> Self {
        let until = Instant::from_unix_ms(0);
        let nothing = Stands { turn: 0, view: AdmissionView::None, step: None, rests: true, until };
        Self { working: Mutex::default(), stands: Mutex::new(nothing) }
    }
}

impl<S> Course<S> {
    /// How it stands.
    pub(super) fn view(&self) -> AdmissionView {
        self.stands().view.clone()
    }

    /// Begins, in place of what was under way.
    ///
    /// # Errors
    /// The first step's: then nothing is under way.
    pub(super) fn begin<H: Host>(
        &self,
        host: &H,
        first: impl FnOnce() -> Result<(S, AdmissionView), ApiError>,
    ) -> Result<AdmissionView, ApiError> {
        let _working = self.work();
        self.end();
        let turn = self.stands().turn;
        let (step, view) = first()?;
        let mut stands = self.stands();
        if stands.turn == turn {
            stands.until = later(host.now(), i64::from(ROOM_LIFE_S_MAX) * 1000 + GRACE_MS);
            (stands.step, stands.view, stands.rests) = (Some(step), view, false);
        }
        let view = stands.view.clone();
        drop(stands);
        tell(host);
        Ok(view)
    }

    /// Goes on by a step, and tells every window where it looks otherwise then. Whether there is
    /// something to go on with. A step that fails is the end.
    pub(super) fn go_on<H: Host>(
        &self,
        host: &H,
        go: impl FnOnce(S) -> Result<Next<S>, ApiError>,
    ) -> bool {
        let _working = self.work();
        let (turn, taken, is_over) = {
            let mut stands = self.stands();
            let taken = if stands.rests { None } else { stands.step.take() };
            (stands.turn, taken, stands.until < host.now())
        };
        let Some(step) = taken else { return false };
        let next = if is_over { Err(ended()) } else { go(step) };
        let mut stands = self.stands();
        if stands.turn != turn {
            return !stands.rests;
        }
        let looked = std::mem::take(&mut stands.view);
        (stands.step, stands.view, stands.rests) = match next {
            Ok(Next::Still(step)) => (Some(step), looked.clone(), false),
            Ok(Next::On(step, view)) => (Some(step), view, false),
            Ok(Next::Last(step, view)) => (Some(step), view, true),
            Err(error) => (None, AdmissionView::Failed(error), true),
        };
        let (goes_on, is_new) = (!stands.rests, stands.view != looked);
        drop(stands);
        if is_new {
            tell(host);
        }
        goes_on
    }

    /// What a step holds.
    pub(super) fn read<T>(&self, read: impl FnOnce(&S) -> Option<T>) -> Option<T> {
        self.stands().step.as_ref().and_then(read)
    }

    /// Ends it, whoever works on it.
    pub(crate) fn end(&self) {
        let mut stands = self.stands();
        stands.turn = stands.turn.wrapping_add(1);
        (stands.step, stands.view, stands.rests) = (None, AdmissionView::None, true);
    }

    fn work(&self) -> MutexGuard<'_, ()> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stands(&self) -> MutexGuard<'_, Stands<S>> {
        self.stands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells every window that it looks otherwise. Nothing was recorded that is to be sent.
pub(super) fn tell<H: Host>(host: &H) {
    host.emit(Event::Changed { topics: vec![Topic::Admission], origin: Origin::Sync });
}

fn later(at: Instant, ms: i64) -> Instant {
    Instant::from_unix_ms(at.unix_ms().saturating_add(ms))
}

fn ended() -> ApiError {
    not_found("room any more")
}
