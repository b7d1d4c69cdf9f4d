//! One text of the note: its field, its timers, its saves.

use super::{fold::caret_after, kept::Kept, saver::Text};
use crate::backend::call;
use crate::host::clock;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{ApiError, SaveDraft};
use clinical::{CompositionId, NoteDraft, NoteSectionCode};
use leptos::html;
use leptos::task::spawn_local;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// After such a pause what was typed survives a crash.
const KEEP_AFTER: Duration = Duration::from_millis(400);
/// After such a pause it becomes part of the record.
const SETTLE_AFTER: Duration = Duration::from_secs(2);

/// The editor of one text. What it holds outlives its element, so that leaving the page loses
/// nothing.
#[derive(Clone)]
pub(super) struct Editor {
    draft: CompositionId,
    code: NoteSectionCode,
    text: Arc<Mutex<Text>>,
    kept: RwSignal<Kept>,
    failure: RwSignal<Option<ApiError>>,
    field: NodeRef<html::Textarea>,
}

impl Editor {
    /// The editor of a part of a draft. What keeps a text from being kept goes to `failure`.
    pub(super) fn new(
        draft: &NoteDraft,
        code: NoteSectionCode,
        failure: RwSignal<Option<ApiError>>,
    ) -> Self {
        let given = draft.sections.get(&code).map_or("", String::as_str);
        Self {
            draft: draft.id,
            code,
            text: Arc::new(Mutex::new(Text::given(given))),
            kept: RwSignal::new(Kept::Untouched),
            failure,
            field: NodeRef::new(),
        }
    }

    /// Which part it is.
    pub(super) fn code(&self) -> NoteSectionCode {
        self.code
    }

    /// How safe the text is.
    pub(super) fn kept(&self) -> Kept {
        self.kept.get()
    }

    /// Whether there is nothing to sign in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text().typed().trim().is_empty()
    }

    /// The draft changed elsewhere: what came is folded in, what is typed stays.
    pub(super) fn heed(&self, draft: &NoteDraft) {
        if draft.id != self.draft {
            return;
        }
        let theirs = draft.sections.get(&self.code).map_or("", String::as_str);
        let old = self.text().typed().to_owned();
        let Some(new) = self.text().hear(theirs) else { return };
        let Some(field) = self.field.get_untracked() else { return };
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        field.set_value(&new);
        let caret = caret_after(&old, &new, usize::try_from(caret).unwrap_or_default());
        let caret = u32::try_from(caret).unwrap_or_default();
        // A field that cannot show a caret needs none.
        drop(field.set_selection_range(caret, caret));
    }

    /// Makes what is typed part of the record, waiting for a save that is under way.
    pub(super) async fn settle(&self) -> Result<(), ApiError> {
        while self.text().is_busy() {
            clock::pause().await;
        }
        self.save(true).await
    }

    async fn save(&self, settled: bool) -> Result<(), ApiError> {
        let Some(save) = self.text().begin(settled) else { return Ok(()) };
        let (text, settled) = (save.text.clone(), save.settled);
        let answer =
            call(&SaveDraft { draft: self.draft, section: self.code, text, settled }).await;
        self.text().end(&save, answer.is_ok());
        let kept = match (&answer, self.text().is_kept()) {
            (Err(_), _) => Kept::Failed,
            (Ok(()), true) => Kept::Safe,
            (Ok(()), false) => Kept::Typing,
        };
        self.kept.try_set(kept);
        self.failure.try_set(answer.as_ref().err().cloned());
        answer
    }

    fn text(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Draws the editor.
pub(super) fn editor(editor: &Editor) -> AnyView {
    let id = format!("note-{}", editor.code.code());
    let field = editor.field;
    let value = editor.text().typed().to_owned();
    let timers = StoredValue::new([None::<TimeoutHandle>, None]);
    let (typing, leaving, label) = (editor.clone(), editor.clone(), label(editor.code));
    let on_input = move |event: web_sys::Event| {
        typing.text().type_in(event_target_value(&event));
        typing.kept.set(Kept::Typing);
        clear(timers);
        timers.set_value([later(&typing, KEEP_AFTER, false), later(&typing, SETTLE_AFTER, true)]);
    };
    let on_blur = move |_| {
        clear(timers);
        let editor = leaving.clone();
        spawn_local(async move {
            // What cannot be kept is told by the state.
            drop(editor.settle().await);
        });
    };
    on_cleanup(move || clear(timers));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                dir="auto"
                rows="3"
                node_ref=field
                prop:value=value
                on:input=on_input
                on:blur=on_blur
            ></textarea>
        </div>
    }
    .into_any()
}

fn later(editor: &Editor, after: Duration, settled: bool) -> Option<TimeoutHandle> {
    let editor = editor.clone();
    let save = move || {
        spawn_local(async move {
            drop(if settled { editor.settle().await } else { editor.save(false).await });
        });
    };
    set_timeout_with_handle(save, after).ok()
}

fn clear(timers: StoredValue<[Option<TimeoutHandle>; 2]>) {
    if let Some(timers) = timers.try_get_value() {
        timers.into_iter().flatten().for_each(|timer| timer.clear());
    }
}

fn label(code: NoteSectionCode) -> &'static str {
    match code {
        NoteSectionCode::Subjective => t("note.subjective"),
        NoteSectionCode::Objective => t("note.objective"),
        NoteSectionCode::Assessment => t("note.assessment"),
        NoteSectionCode::Plan => t("note.plan"),
    }
}
