//! Sending a form once, and what follows.

use super::super::step::Then;
use super::Form;
use crate::backend::{ask_for, question, reply_of};
use crate::frame::Done;
use crate::markup::prelude::*;
use api::{ApiError, Command};

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// Sends a command unless one is under way; refusals are shown, and `done` hears of success.
    pub(crate) fn send<C: Command + 'static>(
        self,
        command: C,
        done: impl FnOnce(C::Reply) + 'static,
    ) {
        self.send_or(command, done, Some);
    }

    /// The same; `refused` hears of a refusal before it is shown, and gives on what is to be shown.
    #[allow(clippy::needless_pass_by_value, reason = "what was sent, a password, is gone with it")]
    pub(crate) fn send_or<C: Command + 'static>(
        self,
        command: C,
        done: impl FnOnce(C::Reply) + 'static,
        refused: impl FnOnce(ApiError) -> Option<ApiError> + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.accept();
        let kept = self.home.map(|home| (home.frame, home.key.get_value()));
        let heed = move |answer| {
            let is_gone = self.busy.try_set(false).is_some();
            match reply_of(answer) {
                Ok(reply) => {
                    self.give_up();
                    // A form that was put aside meanwhile left its draft to be recorded again.
                    if let Some((frame, key)) = kept.filter(|_| is_gone) {
                        let news = frame.kept.try_update_value(|kept| kept.forget(&key));
                        frame.keep_form(news.flatten());
                    }
                    // Asked for first: the end of a form may take it off the screen.
                    let then = self.then.try_update_value(Option::take).flatten();
                    done(reply);
                    if let Some(then) = then {
                        then();
                    }
                }
                Err(error) => {
                    let Some(error) = refused(error) else { return };
                    match kept.filter(|_| is_gone) {
                        Some((frame, _)) => frame.tell(Done::not_recorded(&error)),
                        None => self.refuse(error),
                    }
                }
            }
        };
        ask_for(question(&command), Box::new(heed));
    }

    /// Whether a command is under way.
    pub(crate) fn is_busy(self) -> bool {
        self.busy.get_untracked()
    }

    /// What goes on once the form is recorded, by what is under way or is sent next; nothing does
    /// where it is refused.
    pub(crate) fn once_recorded(self, then: Then) {
        self.then.set_value(Some(then));
    }

    pub(super) fn nothing_follows(self) {
        drop(self.then.try_update_value(Option::take));
    }
}
