//! Which language this computer's windows speak: it is chosen before anyone signs in, or on the
//! page of one's account.

use crate::backend::{Answer, ask_for, question, reply_of};
use crate::components::{Choice, FieldLabel, choice_input};
use crate::forms::failure_notice;
use crate::frame::Frame;
use crate::host::page;
use crate::i18n::{LANGUAGES, t, tag};
use crate::markup::prelude::*;
use api::{ApiError, Speak};

/// The choice. The window is read anew in the language, unless that would lose what is typed into
/// forms: then it is kept for the next start, and said so.
pub(super) fn language(frame: Option<Frame>) -> AnyView {
    let waits = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiError>);
    let label = FieldLabel {
        id: "language".to_owned(),
        label: t("language.title"),
        hint: None,
        fault: Signal::derive(move || waits.get().then(|| t("language.later").to_owned())),
    };
    let choices = LANGUAGES.map(|one| Choice { value: one.tag, label: one.name });
    let choose = move |language: String| {
        let is_typed = frame.is_some_and(Frame::is_typed);
        let spoken = language.clone();
        let heed = move |answer: Answer| {
            let answer = reply_of::<()>(answer);
            waits.try_set(is_typed && answer.is_ok());
            match answer {
                Ok(()) if !is_typed => page::speak(&spoken),
                Ok(()) => drop(failure.try_set(None)),
                Err(error) => drop(failure.try_set(Some(error))),
            }
        };
        ask_for(question(&Speak { language }), Box::new(heed));
    };
    view! {
        <div class="language" data-testid="language">
            {choice_input(label, choices.into(), tag(), choose)}
            {move || failure.get().map(|error| failure_notice(&error, None))}
        </div>
    }
    .into_any()
}
