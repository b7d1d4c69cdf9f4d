//! Prescribing: one sentence or the fields, the line they make, what the rules say, and what is
//! taken now.

mod fields;

use super::{
    Form,
    advice::{Review, recorded_words},
    doseless::Doseless,
    order_line::{complete, line_so_far, misread, order_words},
    sentence::Sentence,
};
use crate::frame::{Frame, Subject};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::current_medicines;
use api::{ProposedOrder, RecordMedication};
use clinical::{Finding, MedicationDraft};
use fields::Fields;

/// The form.
pub(crate) fn medication(frame: Frame, subject: &Subject) -> AnyView {
    let prescribing = Prescribing::begin(frame, subject);
    let Prescribing { form, sentence, fields, doseless, review, .. } = prescribing;
    // What was said of one line is not said of the next.
    Effect::new(move |read: Option<()>| {
        form.draft.track();
        if read.is_some() {
            frame.say("");
        }
    });
    let save = Signal::derive(move || review.save_words(t("medication.record")).to_owned());
    let by_key = move |event: web_sys::KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("m") {
            event.prevent_default();
            fields.turn();
        }
    };
    let parts = view! {
        <div class="form-parts" on:keydown=by_key>
            {sentence.view(move || prescribing.check())}
            {review.view()}
            {review.weight(frame, subject.identity.birth_date.clone())}
            {fields.view(sentence)}
            {current_medicines(frame, subject, "prescription-sentence")}
        </div>
    };
    let foot = view! {
        {move || line_so_far(form)}
        {misread(form)}
        {doseless.view(move || prescribing.record())}
        {review.brief()}
    };
    form.shell_with_foot(parts.into_any(), foot.into_any(), save, move || prescribing.record())
}

/// A prescription that is being written.
#[derive(Clone, Copy)]
struct Prescribing {
    frame: Frame,
    whom: StoredValue<Subject>,
    form: Form<MedicationDraft>,
    sentence: Sentence,
    fields: Fields,
    doseless: Doseless,
    review: Review,
    /// How often Enter came on the sentence since the rules were asked.
    enters: StoredValue<u32>,
}

/// What stands in the way of recording a line.
enum Lack {
    /// The sentence may mean several.
    Which,
    /// Something must be filled in or mended.
    Fields(Vec<Finding>),
    /// No dose is told, and that was not answered yet.
    Dose,
}

impl Prescribing {
    fn begin(frame: Frame, subject: &Subject) -> Self {
        let patient = subject.patient;
        let form = Form::kept(frame, "medication", patient, MedicationDraft::default());
        let sentence = Sentence::over(frame, form, patient);
        // What was typed into the fields is seen where it waited.
        let is_filled = form.draft.with_untracked(|draft| *draft != MedicationDraft::default());
        Self {
            frame,
            whom: StoredValue::new(subject.clone()),
            form,
            sentence,
            fields: Fields::over(form, is_filled && sentence.is_blank()),
            doseless: Doseless::watch(form),
            review: Review::watch(form, patient, ProposedOrder::New, names_medicine),
            enters: StoredValue::new(0),
        }
    }

    /// The line, where nothing stands in its way.
    fn ready(self) -> Result<MedicationDraft, Lack> {
        let draft = self.form.draft.get_untracked();
        if self.sentence.is_unsure() {
            return Err(Lack::Which);
        }
        complete(&draft).map_err(Lack::Fields)?;
        self.form.accept();
        if self.doseless.halts(&draft) { Err(Lack::Dose) } else { Ok(draft) }
    }

    /// Records the line once it is read and the rules have looked at it as it stands.
    fn record(self) {
        if !self.sentence.is_read() {
            return self.sentence.once_read(move || self.record());
        }
        let Self { frame, form, fields, review, .. } = self;
        let draft = match self.ready() {
            Ok(draft) => draft,
            Err(Lack::Fields(findings)) => return fields.mend(findings),
            Err(Lack::Which) => {
                frame.say(t("prescription.which"));
                return focus::to_id("prescription-sentence");
            }
            Err(Lack::Dose) => {
                frame.say(t("dosage.none"));
                fields.show();
                return focus::to_id(&form.id_of("dose"));
            }
        };
        if review.lacks_reason() {
            return frame.say(t("override.missing"));
        }
        let (answered, close) = (review.answered(draft.clone()), frame.closer());
        let send = move |checked| self.send(answered, checked, close);
        review.before_recording(ProposedOrder::New(draft), send, move || review.halt(frame));
    }

    /// Enter on a sentence lets the rules look, and leads to the button that records. A second Enter
    /// that comes before they have answered is heeded when they have.
    fn check(self) {
        let Self { frame, form, fields, review, enters, .. } = self;
        enters.update_value(|enters| *enters += 1);
        if enters.get_value() > 1 {
            return;
        }
        let over = move || enters.try_update_value(std::mem::take).unwrap_or_default();
        let draft = match self.ready() {
            Ok(draft) => draft,
            Err(lack) => {
                over();
                let is_named = form.draft.with_untracked(names_medicine);
                return match lack {
                    Lack::Fields(findings) if is_named => fields.mend(findings),
                    Lack::Fields(_) | Lack::Which => frame.say(t("prescription.which")),
                    Lack::Dose => frame.say(t("dosage.none")),
                };
            }
        };
        let what = order_words(&draft);
        let ready = move |_| {
            frame.say(tf("prescription.ready", &[("what", &what)]));
            focus::to_first(".sheet button[type=submit]");
            if over() > 1 {
                self.record();
            }
        };
        review.before_recording(ProposedOrder::New(draft), ready, move || {
            over();
            review.halt(frame);
        });
    }

    fn send(self, draft: MedicationDraft, checked: bool, close: impl FnOnce() + 'static) {
        let Self { frame, sentence, whom, .. } = self;
        let said = recorded_words(t("medication.recorded"), checked);
        let Some(whom) = whom.try_get_value() else { return };
        let end = frame.recording_in(close, &whom, &said, &order_words(&draft));
        self.form.send(RecordMedication { patient: whom.patient, draft }, move |recorded| {
            sentence.end();
            end(recorded);
        });
    }
}

/// Whether there is something to check; a half-typed dosage is no obstacle.
fn names_medicine(draft: &MedicationDraft) -> bool {
    !draft.medication.trim().is_empty()
}
