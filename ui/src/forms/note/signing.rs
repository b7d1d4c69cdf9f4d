//! Signing the note: once, and with everything that was typed.

use super::editor::Editor;
use crate::backend::{call, touch};
use crate::forms::chart_topics;
use crate::frame::{Done, Frame, Subject};
use crate::i18n::t;
use api::{ApiError, SignNote};
use clinical::{CompositionId, PatientId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What signing needs.
#[derive(Clone)]
pub(super) struct Signing {
    frame: Frame,
    patient: PatientId,
    whom: Subject,
    draft: CompositionId,
    editors: Vec<Editor>,
    failure: RwSignal<Option<ApiError>>,
    is_busy: RwSignal<bool>,
    /// Someone wished to sign nothing.
    pub is_blank: RwSignal<bool>,
}

impl Signing {
    /// The signing of a draft; what goes wrong goes to `failure`.
    pub(super) fn new(
        frame: Frame,
        whom: Subject,
        draft: CompositionId,
        editors: Vec<Editor>,
        failure: RwSignal<Option<ApiError>>,
    ) -> Self {
        let (is_busy, is_blank) = (RwSignal::new(false), RwSignal::new(false));
        let patient = whom.patient;
        Self { frame, patient, whom, draft, editors, failure, is_busy, is_blank }
    }

    /// Makes what is typed part of the record and signs it; the note leaves the screen.
    pub(super) fn sign(&self) {
        let is_blank = self.editors.iter().all(Editor::is_blank);
        self.is_blank.set(is_blank);
        if is_blank || self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        let (signing, close) = (self.clone(), self.frame.closer());
        spawn_local(async move {
            let answer = signing.settle_and_sign().await;
            signing.is_busy.try_set(false);
            signing.end(answer, close);
        });
    }

    async fn settle_and_sign(&self) -> Result<CompositionId, ApiError> {
        for editor in &self.editors {
            editor.settle().await?;
        }
        call(&SignNote { draft: self.draft }).await
    }

    fn end(&self, answer: Result<CompositionId, ApiError>, close: impl Fn()) {
        match answer {
            Ok(_) => {
                touch(&chart_topics(self.patient));
                self.frame.tell(Done::to(t("note.signed"), "", &self.whom));
                close();
            }
            Err(error) => {
                self.failure.try_set(Some(error));
            }
        }
    }
}
