//! The fields of a prescription, for what a sentence does not say.

use crate::components::fold_button;
use crate::forms::{Form, dosage::dosage_fields, sentence::Sentence};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use clinical::{Finding, MedicationDraft};

/// The fields of the line, folded below the sentence until they are wanted.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    form: Form<MedicationDraft>,
    open: RwSignal<bool>,
}

impl Fields {
    /// Those of a form, open or folded.
    pub(super) fn over(form: Form<MedicationDraft>, open: bool) -> Self {
        Self { form, open: RwSignal::new(open) }
    }

    /// Opens them; the keyboard stays where it is.
    pub(super) fn show(self) {
        self.open.set(true);
    }

    /// Opens them, with the keyboard in the first, or folds them.
    pub(super) fn turn(self) {
        self.open.update(|open| *open = !*open);
        let open = self.open.get_untracked();
        focus::to_id(if open { "medication-medication" } else { "prescription-sentence" });
    }

    /// Shows what is wrong, beside the fields.
    pub(super) fn mend(self, findings: Vec<Finding>) {
        self.open.set(true);
        // Once they are drawn: then they have names.
        request_animation_frame(move || self.form.mend(&findings));
    }

    /// The button, and the fields as the draft has them now.
    pub(super) fn view(self, sentence: Sentence) -> AnyView {
        let open = self.open;
        let fields = move || {
            sentence.changes.track();
            open.get().then(|| all_fields(self.form))
        };
        let label = view! { {t("prescription.more")} " " <kbd>"Ctrl+M"</kbd> };
        let turn = move || self.turn();
        view! {
            {fold_button("button quiet", label.into_any(), "medication-fields", open, turn)}
            <div id="medication-fields" class="form-parts">{fields}</div>
        }
        .into_any()
    }
}

fn all_fields(form: Form<MedicationDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    view! {
        {line("medication", t("medication.name"), Some(t("medication.name.hint")), |d| {
            &mut d.medication
        })}
        {dosage_fields(form)}
        {form.check("reported", t("medication.reported"), |d| &mut d.reported)}
        <div class="pair">
            {line("reason", t("medication.reason"), None, |d| &mut d.reason)}
            {line("note", t("form.note"), None, |d| &mut d.note)}
        </div>
    }
    .into_any()
}
