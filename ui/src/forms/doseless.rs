//! A medicine without a dose: held back until it is meant.

use super::Form;
use crate::components::{Press, Tone, button, notice};
use crate::i18n::t;
use crate::markup::prelude::*;
use clinical::MedicationDraft;

/// A medicine without a dose is taken only when that is said: nothing is recorded by the first
/// Enter, nor by the next one.
#[derive(Clone, Copy)]
pub(super) struct Doseless {
    /// What was halted; typing begins anew.
    told: RwSignal<bool>,
    /// It is right without a dose.
    meant: RwSignal<bool>,
}

impl Doseless {
    /// Hears what is typed.
    pub(super) fn watch(form: Form<MedicationDraft>) -> Self {
        let doseless = Self { told: RwSignal::new(false), meant: RwSignal::new(false) };
        Effect::new(move |_| {
            form.draft.track();
            doseless.told.set(false);
            doseless.meant.set(false);
        });
        doseless
    }

    /// Whether a draft is held back; that is then on screen.
    pub(super) fn halts(self, draft: &MedicationDraft) -> bool {
        let halts = lacks_dose(draft) && !self.meant.get_untracked();
        if halts {
            self.told.set(true);
        }
        halts
    }

    /// That there is no dose, and the way to record all the same.
    pub(super) fn view(self, record: impl Fn() + Clone + Send + 'static) -> AnyView {
        let view = move || {
            let record = record.clone();
            let anyway = move || {
                self.meant.set(true);
                record();
            };
            self.told.get().then(|| {
                let without = button(Press::Plain, t("dosage.without"), anyway);
                notice(Tone::Warning, t("dosage.none"), t("dosage.none.help"), Some(without))
            })
        };
        view.into_any()
    }
}

/// Whether how much is given was left out; words beside it do not say so.
fn lacks_dose(draft: &MedicationDraft) -> bool {
    draft.dose.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medicine_without_a_dose_is_held_back_until_it_is_said() {
        let owner = Owner::new();
        owner.with(|| {
            let doseless = Doseless { told: RwSignal::new(false), meant: RwSignal::new(false) };
            let bare = MedicationDraft { medication: "amlodipine".into(), ..Default::default() };
            let dosed = MedicationDraft { dose: "5".into(), ..bare.clone() };
            let worded = MedicationDraft { instruction: "with food".into(), ..bare.clone() };
            assert!(!doseless.halts(&dosed) && !doseless.told.get_untracked());
            assert!(doseless.halts(&bare) && doseless.told.get_untracked());
            assert!(doseless.halts(&bare), "Enter once more says nothing");
            assert!(doseless.halts(&worded), "words are no dose");
            doseless.meant.set(true);
            assert!(!doseless.halts(&bare));
        });
    }
}
