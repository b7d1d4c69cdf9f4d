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
    /// What may be done next.
    pub next: Option<Next>,
}

/// What may follow something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is undone.
    Undo(Box<Sheet>),
    /// A label says who it was done to.
    Label(Subject),
}

impl Done {
    /// What was done to someone.
    pub(crate) fn to(done: &str, what: &str, subject: &Subject) -> Self {
        let line = subject.line(clock::today());
        let what = format!("{done} {what}");
        let values = [("what", what.trim_end()), ("name", &line.name), ("born", &line.born)];
        Self { text: tf("done.to", &values), next: None }
    }

    /// What was done to someone who is at the desk, who may be given a label.
    pub(crate) fn at_desk(done: &str, subject: &Subject) -> Self {
        Self { next: Some(Next::Label(subject.clone())), ..Self::to(done, "", subject) }
    }

    /// Whose label may be printed next.
    pub(super) fn label(&self) -> Option<&Subject> {
        match self.next.as_ref()? {
            Next::Label(subject) => Some(subject),
            Next::Undo(_) => None,
        }
    }

    /// That an entry was recorded for someone, with the form that marks it as a mistake.
    pub(crate) fn recorded(done: &str, what: &str, whom: Subject, recorded: Recorded) -> Self {
        let text = Self::to(done, what, &whom).text;
        // The entry is newer than what was on screen.
        let whom = Subject { heads: Some(recorded.heads), ..whom };
        let next = match recorded.entries.as_slice() {
            [entry] => Some(Next::Undo(Box::new(Sheet::Withdraw(whom, *entry, what.to_owned())))),
            _ => None,
        };
        Self { text, next }
    }
}

/// The line at the foot of the window: it stays until something else is done, another page is
/// gone to, or it is closed.
pub(super) fn done_line(frame: Frame) -> AnyView {
    let line = move || {
        let Done { text, next } = frame.done.get()?;
        let next = next.map(|next| {
            let (word, whole, sheet) = match next {
                Next::Undo(sheet) => {
                    (t("done.undo"), tf("done.undo-of", &[("what", &text)]), *sheet)
                }
                Next::Label(subject) => {
                    let name = subject.line(clock::today()).name;
                    let whole = tf("label.of", &[("what", &name)]);
                    (t("label.print"), whole, Sheet::Label(subject))
                }
            };
            quiet_button(word, whole, move || frame.open(sheet.clone()))
        });
        let close = move || frame.done.set(None);
        Some(view! {
            <div class="done-line" data-testid="done">
                {icon(Icon::Check)}
                <p><bdi>{unbroken(&text)}</bdi></p>
                {next}
                {quiet_button(t("sheet.close"), t("done.close"), close)}
            </div>
        })
    };
    line.into_any()
}
