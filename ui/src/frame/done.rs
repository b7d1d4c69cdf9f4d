//! What was done last, for all to see: to whom, and the way back where there is one.

use super::{Frame, Sheet, Subject};
use crate::components::{Icon, icon, quiet_button, unbroken};
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::Recorded;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    /// What was done, to whom.
    pub text: String,
    /// What undoes it.
    pub undo: Option<Sheet>,
}

impl Done {
    /// What was done to someone.
    pub(crate) fn to(done: &str, what: &str, subject: &Subject) -> Self {
        let line = subject.line(clock::today());
        let what = format!("{done} {what}");
        let values = [("what", what.trim_end()), ("name", &line.name), ("born", &line.born)];
        Self { text: tf("done.to", &values), undo: None }
    }

    /// That an entry was recorded for someone, with the form that marks it as a mistake.
    pub(crate) fn recorded(done: &str, what: &str, whom: Subject, recorded: Recorded) -> Self {
        let text = Self::to(done, what, &whom).text;
        // The entry is newer than what was on screen.
        let whom = Subject { heads: Some(recorded.heads), ..whom };
        let undo = match recorded.entries.as_slice() {
            [entry] => Some(Sheet::Withdraw(whom, *entry, what.to_owned())),
            _ => None,
        };
        Self { text, undo }
    }
}

/// The line at the foot of the window: it stays until something else is done, another page is
/// gone to, or it is closed.
pub(super) fn done_line(frame: Frame) -> AnyView {
    let line = move || {
        let Done { text, undo } = frame.done.get()?;
        let undo = undo.map(|sheet| {
            let whole_name = tf("done.undo-of", &[("what", &text)]);
            quiet_button(t("done.undo"), whole_name, move || frame.open(sheet.clone()))
        });
        let close = move || frame.done.set(None);
        Some(view! {
            <div class="done-line" data-testid="done">
                {icon(Icon::Check)}
                <p><bdi>{unbroken(&text)}</bdi></p>
                {undo}
                {quiet_button(t("sheet.close"), t("done.close"), close)}
            </div>
        })
    };
    line.into_any()
}
