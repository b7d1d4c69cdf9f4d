//! The note: four texts, kept while they are typed, signed at the end.

mod editor;
mod fold;
mod kept;
mod saver;

use super::{chart_topics, failure_notice};
use crate::backend::{Load, call, remote, touch};
use crate::components::loading;
use crate::frame::{Frame, Keeper, Subject};
use crate::i18n::t;
use api::{ApiError, OpenDraft, SignNote, Topic};
use clinical::{NoteDraft, NoteSectionCode, PatientId};
use editor::{Editor, editor};
use kept::Kept;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// The note of a patient.
pub(crate) fn note(frame: Frame, subject: &Subject) -> AnyView {
    let patient = subject.patient;
    let open = RwSignal::new(None::<NoteDraft>);
    let draft = remote(
        move || Some(OpenDraft { patient }),
        move |topic| match topic {
            Topic::Draft(id) => open.with_untracked(|open| open.as_ref().map(|d| d.id)) == Some(id),
            Topic::Patients
            | Topic::Chart(_)
            | Topic::Tasks
            | Topic::Conflicts
            | Topic::People
            | Topic::Sync
            | Topic::Import
            | Topic::Session => false,
        },
    );
    Effect::new(move |_| {
        if let Some(draft) = draft.ready() {
            open.set(Some(draft));
        }
    });
    // Only another draft draws the editors anew: what is typed is never drawn over.
    let which = Memo::new(move |_| open.with(|open| open.as_ref().map(|draft| draft.id)));
    let refused = Memo::new(move |_| match draft.load() {
        Load::Failed(error) => Some(error),
        Load::Loading | Load::Ready(_) => None,
    });
    let body = move || match (which.get(), refused.get()) {
        (Some(_), _) => with_draft(frame, patient, open),
        (None, Some(error)) => failure_notice(&error, None),
        (None, None) => loading(t("state.loading")),
    };
    body.into_any()
}

fn with_draft(frame: Frame, patient: PatientId, open: RwSignal<Option<NoteDraft>>) -> AnyView {
    let Some(draft) = open.get_untracked() else { return ().into_any() };
    let failure = RwSignal::new(None::<ApiError>);
    let make = |code: &NoteSectionCode| Editor::new(&draft, *code, failure);
    let editors: Vec<Editor> = NoteSectionCode::ALL.iter().map(make).collect();
    keep_before_leaving(frame, &editors);
    let heeding = editors.clone();
    Effect::new(move |_| {
        if let Some(draft) = open.get() {
            heeding.iter().for_each(|editor| editor.heed(&draft));
        }
    });
    let (states, signing, safe) = (editors.clone(), editors.clone(), editors.clone());
    let has_failed = move || safe.iter().any(|editor| editor.kept() == Kept::Failed);
    let sign = move || sign(frame, patient, draft.id, signing.clone(), failure);
    let sign_by_key = sign.clone();
    let heed_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            sign_by_key();
        }
    };
    view! {
        <div class="form note" data-testid="note-draft" on:keydown=heed_key>
            {editors.iter().map(editor).collect_view()}
            {move || failure.get().map(|error| failure_notice(&error, None))}
            <p class="hint">{t("note.sign.hint")}</p>
            <div class="actions form-foot">
                <p class="saved-state" class:failed=has_failed data-testid="saved-state" role="status">
                    {move || kept::words(states.iter().map(Editor::kept))}
                </p>
                <button type="button" class="button main" on:click=move |_| sign()>
                    {t("note.sign")}
                    " "
                    <kbd>"Ctrl+Enter"</kbd>
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What is typed is kept before the window locks and when the note leaves the screen.
fn keep_before_leaving(frame: Frame, editors: &[Editor]) {
    let locking = editors.to_vec();
    let keeper: Keeper = Rc::new(move || {
        let editors = locking.clone();
        Box::pin(async move {
            for editor in &editors {
                // What cannot be kept is told at the editor.
                drop(editor.settle().await);
            }
        })
    });
    frame.keeper.set_value(Some(keeper));
    let leaving = editors.to_vec();
    on_cleanup(move || {
        frame.keeper.try_set_value(None);
        spawn_local(async move {
            for editor in leaving {
                drop(editor.settle().await);
            }
        });
    });
}

fn sign(
    frame: Frame,
    patient: PatientId,
    draft: clinical::CompositionId,
    editors: Vec<Editor>,
    failure: RwSignal<Option<ApiError>>,
) {
    if editors.iter().all(Editor::is_blank) {
        frame.say(t("note.blank"));
        return;
    }
    spawn_local(async move {
        let signed = async {
            for editor in &editors {
                editor.settle().await?;
            }
            call(&SignNote { draft }).await
        };
        match signed.await {
            Ok(_) => {
                touch(&chart_topics(patient));
                frame.say(t("note.signed"));
                frame.close();
            }
            Err(error) => drop(failure.try_set(Some(error))),
        }
    });
}
