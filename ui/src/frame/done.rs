//! What was done last, for all to see: to whom, and the way back where there is one.

use super::{Frame, Route, Sheet, Subject};
use crate::backend::{call, touch};
use crate::components::{Tone, quiet_button, toast};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{ApiError, ErrorCode, Recorded, UndoEdit, chart_topics};
use clinical::PatientId;
use leptos::task::spawn_local;

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
    /// It is taken back.
    Undo(Box<UndoEdit>),
    /// A label says who it was done to.
    Label(Subject),
    /// What stands in the chart now is looked at.
    Chart(PatientId),
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
            Next::Undo(_) | Next::Chart(_) => None,
        }
    }

    /// That a form whose sheet is gone was refused: what was typed into it waits in it.
    pub(crate) fn not_recorded(error: &ApiError) -> Self {
        Self { text: tf("done.not-recorded", &[("why", &why(error))]), next: None }
    }

    /// That what is typed into a form could not be kept: it is in the window alone.
    pub(super) fn not_kept(error: &ApiError) -> Self {
        Self { text: tf("done.not-kept", &[("why", &why(error))]), next: None }
    }

    /// What was done, with the way back.
    pub(super) fn with_undo(self, patient: PatientId, recorded: Recorded) -> Self {
        let next = (!recorded.entries.is_empty()).then(|| {
            let Recorded { entries, before, heads: seen, .. } = recorded;
            Next::Undo(Box::new(UndoEdit { patient, entries, before, seen }))
        });
        Self { next, ..self }
    }
}

/// Takes back what was done last, once; whether there was anything to take back.
pub(super) fn undo(frame: Frame) -> bool {
    let Some(Done { text, next: Some(Next::Undo(command)) }) = frame.done.get_untracked() else {
        return false;
    };
    let under_way = Done { text: text.clone(), next: None };
    frame.tell(under_way.clone());
    spawn_local(async move {
        let told = match call(&*command).await {
            Ok(_) => {
                touch(&chart_topics(command.patient));
                Done { text: tf("done.undone", &[("what", &text)]), next: None }
            }
            Err(error) => {
                let values = [("what", text.as_str()), ("why", &why(&error))];
                // What is another by now is not taken back; whatever else failed may be tried again.
                let over = [ErrorCode::Changed, ErrorCode::NotFound, ErrorCode::Invalid];
                let is_over = over.contains(&error.code);
                let next = (!is_over).then_some(Next::Undo(command));
                Done { text: tf("done.not-undone", &values), next }
            }
        };
        // What was done meanwhile has the line.
        if frame.done.try_with_untracked(|now| now.as_ref() == Some(&under_way)) == Some(true) {
            frame.tell(told);
        }
    });
    true
}

fn why(error: &ApiError) -> String {
    let words = words::error(error.code);
    format!("{} {}", words.what, words.help)
}

/// The line at the foot of the window: it stays until something else is done, another page is
/// gone to, or it is closed.
pub(super) fn done_line(frame: Frame) -> AnyView {
    let line = move || {
        let Done { text, next } = frame.done.get()?;
        let next = next.map(|next| {
            match next {
                Next::Undo(_) => {
                    let whole = tf("done.undo-of", &[("what", &text)]);
                    let take_back = move || {
                        undo(frame);
                        // The button goes with what it did.
                        focus::to_id("main");
                    };
                    quiet_button(t("done.undo"), whole, take_back)
                }
                Next::Label(subject) => {
                    let name = subject.line(clock::today()).name;
                    let whole = tf("label.of", &[("what", &name)]);
                    let open = move || frame.open(Sheet::Label(subject.clone()));
                    quiet_button(t("label.print"), whole, open)
                }
                Next::Chart(patient) => {
                    let whole = format!("{}: {text}", t("audit.open"));
                    quiet_button(t("audit.open"), whole, move || frame.go(Route::Chart(patient)))
                }
            }
        });
        let close = move || frame.done.set(None);
        let close = quiet_button(t("sheet.close"), t("done.close"), close);
        Some(toast("done", Tone::Ok, &text, view! { {next} {close} }.into_any()))
    };
    line.into_any()
}
