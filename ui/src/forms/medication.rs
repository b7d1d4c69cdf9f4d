//! Prescribing: one sentence or the fields, the line they make, what the rules say, and what is
//! taken now.

use super::{
    Form,
    advice::Review,
    dosage::dosage_fields,
    doseless::Doseless,
    order_line::{complete, line_so_far, misread, order_words},
    sentence::Sentence,
};
use crate::components::fold_button;
use crate::frame::{Frame, Subject};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::current_medicines;
use api::RecordMedication;
use clinical::{Finding, MedicationDraft};

/// The form.
pub(crate) fn medication(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "medication", subject.patient, MedicationDraft::default());
    let (patient, whom) = (subject.patient, subject.clone());
    let review = Review::watch(form, patient, None, names_medicine);
    let doseless = Doseless::watch(form);
    let sentence = Sentence::over(frame, form, patient);
    // What was typed into the fields is seen where it waited.
    let is_filled = form.draft.with_untracked(|draft| *draft != MedicationDraft::default());
    let fields = Fields { form, open: RwSignal::new(is_filled && sentence.is_blank()) };
    let record = move |draft: MedicationDraft, checked: bool| {
        let what = order_words(&draft);
        let unchecked = if checked { "" } else { t("medication.unchecked") };
        let said = format!("{} {unchecked}", t("medication.recorded"));
        let (end, close) = (frame.recording_on_page(&whom, said.trim_end(), &what), frame.closer());
        form.send(RecordMedication { patient, draft }, move |recorded| {
            sentence.end();
            end(recorded);
            close();
        });
    };
    let submit = move || {
        let draft = form.draft.get_untracked();
        if let Err(findings) = complete(&draft) {
            return fields.mend(findings);
        }
        if sentence.is_unsure() {
            frame.say(t("prescription.which"));
            return focus::to_id("prescription-sentence");
        }
        form.accept();
        if doseless.halts(&draft) {
            frame.say(t("dosage.none"));
            fields.open.set(true);
            return focus::to_id(&form.id_of("dose"));
        }
        if review.lacks_reason() {
            return frame.say(t("override.missing"));
        }
        let halted = move || {
            frame.say(t("medication.halted"));
            review.ask_reason();
        };
        let record = record.clone();
        let answered = review.answered(draft.clone());
        review.before_recording(draft, move |checked| record(answered, checked), halted);
    };
    // Enter on a sentence lets the rules look, and leads to the button that records. A second Enter
    // that comes before they have answered is heeded when they have.
    let (enters, record_now) = (StoredValue::new(0_u32), submit.clone());
    let check = move || {
        enters.update_value(|enters| *enters += 1);
        if enters.get_value() > 1 {
            return;
        }
        let over = move || enters.try_update_value(std::mem::take).unwrap_or_default();
        let record_now = record_now.clone();
        let draft = form.draft.get_untracked();
        if !names_medicine(&draft) || sentence.is_unsure() {
            over();
            return frame.say(t("prescription.which"));
        }
        if let Err(findings) = complete(&draft) {
            over();
            return fields.mend(findings);
        }
        if doseless.halts(&draft) {
            over();
            return frame.say(t("dosage.none"));
        }
        let what = order_words(&draft);
        let ready = move |_| {
            frame.say(tf("prescription.ready", &[("what", &what)]));
            focus::to_first(".sheet button[type=submit]");
            if over() > 1 {
                record_now();
            }
        };
        review.before_recording(draft, ready, move || {
            over();
            frame.say(t("medication.halted"));
            review.ask_reason();
        });
    };
    // What was said of one line is not said of the next.
    Effect::new(move |read: Option<()>| {
        form.draft.track();
        if read.is_some() {
            frame.say("");
        }
    });
    let save = Signal::derive(move || review.save_words(t("medication.record")).to_owned());
    let anyway = submit.clone();
    let by_key = move |event: web_sys::KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("m") {
            event.prevent_default();
            fields.turn();
        }
    };
    let parts = view! {
        <div class="form-parts" on:keydown=by_key>
            {sentence.view(check)}
            {review.view()}
            {review.weight(frame, subject.identity.birth_date.clone())}
            {fields.view(sentence)}
            {current_medicines(frame, subject, "prescription-sentence")}
        </div>
    };
    let foot = view! {
        {move || line_so_far(form)}
        {misread(form)}
        {doseless.view(anyway)}
        {review.brief()}
    };
    form.shell_with_foot(parts.into_any(), foot.into_any(), save, submit)
}

/// The fields of the line, folded below the sentence until they are wanted.
#[derive(Clone, Copy)]
struct Fields {
    form: Form<MedicationDraft>,
    open: RwSignal<bool>,
}

impl Fields {
    /// Opens them, with the keyboard in the first, or folds them.
    fn turn(self) {
        self.open.update(|open| *open = !*open);
        let open = self.open.get_untracked();
        focus::to_id(if open { "medication-medication" } else { "prescription-sentence" });
    }

    /// Shows what is wrong, beside the fields.
    fn mend(self, findings: Vec<Finding>) {
        self.open.set(true);
        // Once they are drawn: then they have names.
        request_animation_frame(move || self.form.mend(&findings));
    }

    /// The button, and the fields as the draft has them now.
    fn view(self, sentence: Sentence) -> AnyView {
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

/// Whether there is something to check; a half-typed dosage is no obstacle.
fn names_medicine(draft: &MedicationDraft) -> bool {
    !draft.medication.trim().is_empty()
}
