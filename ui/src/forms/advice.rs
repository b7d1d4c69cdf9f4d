//! What the rules say of a medicine while it is typed, and before it is recorded.

use super::Form;
use crate::backend::call;
use crate::sections::advice_list;
use api::ReviewMedication;
use clinical::{AlertTier, DetectedIssue, MedicationDraft, PatientId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Typing has paused for so long before the rules are asked.
const PAUSE: Duration = Duration::from_millis(300);

/// The advice on one form, kept up to date.
#[derive(Clone, Copy)]
pub(super) struct Review {
    patient: PatientId,
    /// What is on screen.
    shown: RwSignal<Vec<DetectedIssue>>,
}

impl Review {
    /// Asks the rules whenever typing pauses and what was typed is a medicine.
    pub(super) fn watch(
        form: Form<MedicationDraft>,
        patient: PatientId,
        is_complete: fn(&MedicationDraft) -> bool,
    ) -> Self {
        let review = Self { patient, shown: RwSignal::new(Vec::new()) };
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            let draft = form.draft.get();
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let ask = move || {
                if is_complete(&draft) {
                    review.ask(form, draft);
                } else {
                    review.shown.try_set(Vec::new());
                }
            };
            timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        });
        review
    }

    /// The advice, as it is drawn.
    pub(super) fn view(self) -> AnyView {
        (move || advice_list(&self.shown.get())).into_any()
    }

    /// Whether something on screen needs a second look.
    pub(super) fn is_loud(self) -> bool {
        self.shown.with(|shown| shown.iter().any(is_loud))
    }

    /// Asks the rules once more and goes `on`, unless they say something loud that was not on
    /// screen yet: then it is shown, and `halted` is called. Rules that cannot answer stop nobody;
    /// what they find comes with the recorded entry.
    pub(super) fn before_recording(
        self,
        draft: MedicationDraft,
        on: impl FnOnce() + 'static,
        halted: impl FnOnce() + 'static,
    ) {
        let patient = self.patient;
        spawn_local(async move {
            let found = call(&ReviewMedication { patient, draft }).await.unwrap_or_default();
            let halts = self.shown.try_with_untracked(|shown| has_unread(&found, shown));
            if halts == Some(true) {
                self.shown.set(found);
                halted();
            } else {
                on();
            }
        });
    }

    fn ask(self, form: Form<MedicationDraft>, draft: MedicationDraft) {
        let patient = self.patient;
        spawn_local(async move {
            let Ok(found) = call(&ReviewMedication { patient, draft: draft.clone() }).await else {
                return;
            };
            if form.draft.try_with_untracked(|now| *now == draft) == Some(true) {
                self.shown.try_set(found);
            }
        });
    }
}

/// Whether someone must look twice.
fn is_loud(issue: &DetectedIssue) -> bool {
    match issue.tier {
        AlertTier::Block | AlertTier::Interrupt => true,
        AlertTier::Inline | AlertTier::Info => false,
    }
}

/// Whether something loud was found that is not on screen.
fn has_unread(found: &[DetectedIssue], shown: &[DetectedIssue]) -> bool {
    found.iter().filter(|issue| is_loud(issue)).any(|issue| !shown.contains(issue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loud_advice_that_was_not_seen_halts() {
        let issue = |tier, detail: &str| DetectedIssue {
            rule: "drug-allergy".into(),
            tier,
            subject: Vec::new(),
            detail: detail.into(),
            source: String::new(),
        };
        let block = issue(AlertTier::Block, "a");
        let check = |found: &[DetectedIssue], shown: &[DetectedIssue], want: bool| {
            assert_eq!(has_unread(found, shown), want);
        };
        check(&[], &[], false);
        check(std::slice::from_ref(&block), &[], true);
        check(std::slice::from_ref(&block), std::slice::from_ref(&block), false);
        check(&[issue(AlertTier::Interrupt, "b"), block.clone()], &[block], true);
        check(&[issue(AlertTier::Inline, "c"), issue(AlertTier::Info, "d")], &[], false);
    }
}
