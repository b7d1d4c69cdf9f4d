//! Recording a medicine: what is typed, the line it makes, what the rules say.

use super::{
    Form,
    advice::Review,
    chart_topics,
    dosage::dosage_fields,
    order_line::{complete, line_so_far, order_words},
};
use crate::backend::touch;
use crate::components::{Press, Tone, button, notice};
use crate::frame::{Done, Frame, Subject};
use crate::host::focus;
use crate::i18n::t;
use api::RecordMedication;
use clinical::MedicationDraft;
use crate::markup::prelude::*;

/// The form.
pub(crate) fn medication(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "medication", subject.patient, MedicationDraft::default());
    let (patient, whom) = (subject.patient, subject.clone());
    let review = Review::watch(form, patient, names_medicine);
    let doseless = Doseless::watch(form);
    let record = move |draft: MedicationDraft, checked: bool| {
        let what = order_words(&draft);
        let (whom, close) = (whom.clone(), frame.closer());
        form.send(RecordMedication { patient, draft }, move |recorded| {
            touch(&chart_topics(patient));
            let unchecked = if checked { "" } else { t("medication.unchecked") };
            let said = format!("{} {unchecked}", t("medication.recorded"));
            frame.tell(Done::recorded(said.trim_end(), &what, whom, recorded));
            close();
        });
    };
    let submit = move || {
        let draft = form.draft.get_untracked();
        if let Err(findings) = complete(&draft) {
            return form.mend(&findings);
        }
        form.accept();
        if doseless.halts(&draft) {
            frame.say(t("dosage.none"));
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
    let save = Signal::derive(move || review.save_words().to_owned());
    let anyway = submit.clone();
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        {line("medication", t("medication.name"), Some(t("medication.name.hint")), |d| {
            &mut d.medication
        })}
        {review.view()}
        {review.weight(frame, subject.identity.birth_date.clone())}
        {dosage_fields(form)}
        {form.check("reported", t("medication.reported"), |d| &mut d.reported)}
        <div class="pair">
            {line("reason", t("medication.reason"), None, |d| &mut d.reason)}
            {line("note", t("form.note"), None, |d| &mut d.note)}
        </div>
    };
    let foot = view! {
        {move || line_so_far(form)}
        {doseless.view(anyway)}
    };
    form.shell_with_foot(fields.into_any(), foot.into_any(), save, submit)
}

/// A medicine without a dose is taken only when that is said: nothing is recorded by the first
/// Enter, nor by the next one.
#[derive(Clone, Copy)]
struct Doseless {
    /// What was halted; typing begins anew.
    told: RwSignal<bool>,
    /// It is right without a dose.
    meant: RwSignal<bool>,
}

impl Doseless {
    fn watch(form: Form<MedicationDraft>) -> Self {
        let doseless = Self { told: RwSignal::new(false), meant: RwSignal::new(false) };
        Effect::new(move |_| {
            form.draft.track();
            doseless.told.set(false);
            doseless.meant.set(false);
        });
        doseless
    }

    /// Whether a draft is held back; that is then on screen.
    fn halts(self, draft: &MedicationDraft) -> bool {
        let halts = lacks_dose(draft) && !self.meant.get_untracked();
        if halts {
            self.told.set(true);
        }
        halts
    }

    /// That there is no dose, and the way to record all the same.
    fn view(self, record: impl Fn() + Clone + Send + 'static) -> AnyView {
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

/// Whether there is something to check; a half-typed dosage is no obstacle.
fn names_medicine(draft: &MedicationDraft) -> bool {
    !draft.medication.trim().is_empty()
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
