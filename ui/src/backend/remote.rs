//! Something the shell knows and the window shows: asked for once, and again when a topic it is
//! filed under is touched.

use super::bridge::{self, Answer, Question, ask};
use super::subscribe;
use api::{ApiError, Command, Topic};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// How far a question has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Load<T> {
    /// Not answered yet.
    Loading,
    /// Answered; stays while it is asked again.
    Ready(T),
    /// Refused.
    Failed(ApiError),
}

/// The answer to a question, kept fresh.
pub(crate) struct Remote<T: Send + Sync + 'static> {
    load: RwSignal<Load<T>>,
    turn: RwSignal<u64>,
    settled: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Remote<T> {
    /// The answer so far; whoever reads it is told when it changes.
    pub(crate) fn load(self) -> Load<T> {
        self.load.get()
    }

    /// The answer, when there is one.
    pub(crate) fn ready(self) -> Option<T> {
        match self.load.get() {
            Load::Ready(value) => Some(value),
            Load::Loading | Load::Failed(_) => None,
        }
    }

    /// Whether the answer is to the last question, and not to the one before it.
    pub(crate) fn is_settled(self) -> bool {
        self.settled.get()
    }

    /// Asks again.
    pub(crate) fn refetch(self) {
        self.turn.update(|turn| *turn += 1);
    }

    fn answer(self, answer: Result<T, ApiError>) {
        let load = match answer {
            Ok(value) => Load::Ready(value),
            Err(error) => Load::Failed(error),
        };
        // The owner may be gone by now; an equal answer draws nothing anew.
        if self.load.try_with_untracked(|old| *old != load) == Some(true) {
            self.load.try_set(load);
        }
        self.settled.try_set(true);
    }
}

/// Asks `question` now, whenever a signal it reads changes, and whenever a topic it `watches` is
/// touched. No question, no answer.
pub(crate) fn remote<C>(
    question: impl Fn() -> Option<C> + 'static,
    watches: impl Fn(Topic) -> bool + 'static,
) -> Remote<C::Reply>
where
    C: Command + 'static,
    C::Reply: Clone + PartialEq + Send + Sync + 'static,
{
    let remote = Remote {
        load: RwSignal::new(Load::Loading),
        turn: RwSignal::new(0),
        settled: RwSignal::new(false),
    };
    keep(
        (remote.turn, remote.settled),
        Box::new(move || question().map(|command| bridge::question(&command))),
        Rc::new(move |answer| remote.answer(bridge::reply_of(answer))),
        Box::new(watches),
    );
    remote
}

/// What is the same whatever is asked, so that it is in the module once.
fn keep(
    (turn, settled): (RwSignal<u64>, RwSignal<bool>),
    question: Box<dyn Fn() -> Option<Question>>,
    heed: Rc<dyn Fn(Answer)>,
    watches: Box<dyn Fn(Topic) -> bool>,
) {
    let asked = StoredValue::new(0_u64);
    Effect::new(move |_| {
        turn.track();
        let Some(question) = question() else { return };
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        settled.set(false);
        let heed = heed.clone();
        spawn_local(async move {
            let answer = ask(question).await;
            // Only the answer to the last question counts.
            if asked.try_get_value() == Some(mine) {
                heed(answer);
            }
        });
    });
    subscribe(move |topics| {
        if topics.iter().any(|topic| watches(*topic)) {
            turn.try_update(|turn| *turn += 1);
        }
    });
}
