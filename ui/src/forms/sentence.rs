//! A prescription typed as one sentence: read in the shell while it is typed, and put into the draft
//! that the fields show too.

use super::Form;
use crate::backend::{Answer, ask_for, question, reply_of};
use crate::components::{Combobox, Offer, Offered, free_combobox, status};
use crate::frame::Frame;
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{ApiError, PrescriptionView, ReadPrescription};
use clinical::{MedicationDraft, PatientId, Severity, display::tall_man};
use std::rc::Rc;

/// The line, and what was read of it.
#[derive(Clone, Copy)]
pub(super) struct Sentence {
    /// What was typed; it waits while the form is covered.
    line: Form<String>,
    form: Form<MedicationDraft>,
    /// What the sentence was read as, and the text that was read.
    read: RwSignal<(String, PrescriptionView)>,
    /// What the sentence has put into the draft.
    put: StoredValue<MedicationDraft>,
    /// The line that waited beside fields that were filled: reading it changes nothing in them.
    restored: StoredValue<Option<String>>,
    /// How often Enter was pressed before the answer to what is typed had come.
    hurried: StoredValue<u32>,
    /// Has what is typed read anew.
    again: StoredValue<Option<Rc<dyn Fn()>>, LocalStorage>,
    /// What waits for the answer to what is typed.
    waiting: StoredValue<Option<Rc<dyn Fn()>>, LocalStorage>,
    /// Counts what was put into the draft from here: the fields are drawn anew.
    pub(super) changes: RwSignal<u32>,
}

impl Sentence {
    /// A sentence for a form.
    pub(super) fn over(frame: Frame, form: Form<MedicationDraft>, patient: PatientId) -> Self {
        let line = Form::kept(frame, "prescription", patient, String::new());
        let is_filled = form.draft.with_untracked(|draft| *draft != MedicationDraft::default());
        let waited = line.draft.get_untracked();
        let restored = Some(waited).filter(|waited| is_filled && !waited.trim().is_empty());
        Self {
            line,
            form,
            read: RwSignal::new(Default::default()),
            put: StoredValue::new(MedicationDraft::default()),
            restored: StoredValue::new(restored),
            hurried: StoredValue::new(0),
            again: StoredValue::new_local(None),
            waiting: StoredValue::new_local(None),
            changes: RwSignal::new(0),
        }
    }

    /// Whether nothing is typed in it.
    pub(super) fn is_blank(self) -> bool {
        self.line.draft.with_untracked(|text| text.trim().is_empty())
    }

    /// Whether several medicines may be meant, and nobody has said which.
    pub(super) fn is_unsure(self) -> bool {
        let named = self.form.draft.with_untracked(|draft| draft.medication.clone());
        let asks = |finding: &clinical::Finding| finding.code == "missing-which-medicine";
        self.read.with_untracked(|(_, view)| {
            view.draft.medication == named && view.findings.iter().any(asks)
        })
    }

    /// Whether the draft holds what is typed. A line that was cleared says nothing.
    pub(super) fn is_read(self) -> bool {
        let now = self.line.draft.get_untracked();
        now.trim().is_empty() || self.read.with_untracked(|(text, _)| *text == now)
    }

    /// Has what is typed read, and goes on once it is; where it cannot be read, that is told and
    /// nothing goes on. What is typed meanwhile is another line.
    pub(super) fn once_read(self, then: impl Fn() + 'static) {
        self.waiting.set_value(Some(Rc::new(then)));
        if let Some(again) = self.again.get_value() {
            again();
        }
    }

    /// Nothing of it waits any more: it was recorded.
    pub(super) fn end(self) {
        self.line.draft.try_set(String::new());
    }

    /// The line with its choices, and what of it was not understood or is missing. `enter` hears
    /// Enter once what is typed was read.
    pub(super) fn view(self, enter: impl Fn() + Clone + 'static) -> AnyView {
        let text = self.line.draft.get_untracked();
        let offered = RwSignal::new(Offered::default());
        let when_read = enter.clone();
        let ask = move |text: String| {
            let (when_read, asked) = (when_read.clone(), text.clone());
            let heed = move |answer: Answer| self.heed(asked, answer, offered, &when_read);
            ask_for(question(&ReadPrescription { text }), Box::new(heed));
        };
        if !text.is_empty() {
            ask(text.clone());
        }
        let (again, anew) = (ask.clone(), ask.clone());
        self.again.set_value(Some(Rc::new(move || anew(self.line.draft.get_untracked()))));
        let hint = Some(t("prescription.hint"));
        let box_of = Combobox {
            field: self.line.label("sentence", t("prescription.sentence"), hint),
            text,
            offered: offered.into(),
            nothing: |_| "",
            waiting: "",
            failed: "",
            typed: Box::new(move |text| {
                self.hurried.set_value(0);
                self.waiting.set_value(None);
                self.line.draft.set(text);
            }),
            ask: Box::new(ask),
            chosen: Box::new(move |offer: Offer| {
                self.line.draft.set(offer.id.clone());
                again(offer.id.clone());
                offer.id
            }),
        };
        let heed = move |event: web_sys::KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
                return;
            }
            match event.key().as_str() {
                "Enter" => self.entered(&enter),
                "ArrowDown" => focus::to_first("#current-0"),
                _ => return,
            }
            event.prevent_default();
        };
        let told = move || self.read.with(|(text, view)| told(text, view));
        view! {
            <div class="sentence" on:keydown=heed>
                {free_combobox(box_of)} {status(told.into_any())}
            </div>
            {self.line.failure()}
        }
        .into_any()
    }

    fn entered(self, enter: &impl Fn()) {
        if self.is_read() {
            return enter();
        }
        self.hurried.update_value(|times| *times += 1);
    }

    fn heed(self, text: String, answer: Answer, offered: RwSignal<Offered>, enter: &impl Fn()) {
        // What cannot be read is told, and leaves the fields as they are.
        let view = match reply_of::<PrescriptionView>(answer) {
            Ok(view) => view,
            Err(error) => {
                self.hurried.try_set_value(0);
                self.waiting.try_set_value(None);
                offered.try_set(Offered::failed(text));
                return self.line.refuse(ApiError { findings: Vec::new(), ..error });
            }
        };
        self.line.accept();
        let offers = view.choices.iter().map(|(product, sentence)| Offer {
            id: sentence.clone(),
            label: tall_man(product).into_owned(),
            detail: String::new(),
        });
        let offers = offers.collect();
        offered.try_set(Offered { to: text.clone(), offers, leads: false, failed: false });
        let is_now = self.line.draft.try_with_untracked(|now| *now == text);
        if is_now != Some(true) {
            return;
        }
        self.fill(&text, &view.draft);
        self.read.set((text, view));
        for _ in 0..self.hurried.try_update_value(std::mem::take).unwrap_or_default() {
            enter();
        }
        if let Some(then) = self.waiting.try_update_value(Option::take).flatten() {
            then();
        }
    }

    /// Puts what was read into the draft: what the sentence says otherwise than before. What was
    /// typed into the fields besides stays.
    fn fill(self, text: &str, read: &MedicationDraft) {
        let before = self.put.get_value();
        self.put.set_value(read.clone());
        if self.restored.get_value().is_some_and(|waited| waited == text) {
            return;
        }
        self.restored.set_value(None);
        let now = self.form.draft.get_untracked();
        let filled = filled(now.clone(), &before, read);
        if filled != now {
            self.form.accept();
            self.form.draft.set(filled);
            self.changes.update(|changes| *changes += 1);
        }
    }
}

/// The texts of a draft that a sentence fills.
const TEXTS: [fn(&mut MedicationDraft) -> &mut String; 13] = [
    |draft| &mut draft.medication,
    |draft| &mut draft.form,
    |draft| &mut draft.strength,
    |draft| &mut draft.dose,
    |draft| &mut draft.unit,
    |draft| &mut draft.route,
    |draft| &mut draft.frequency,
    |draft| &mut draft.period,
    |draft| &mut draft.duration_days,
    |draft| &mut draft.instruction,
    |draft| &mut draft.quantity,
    |draft| &mut draft.quantity_unit,
    |draft| &mut draft.repeats,
];

/// A draft with what a sentence says now and did not say before.
fn filled(
    mut draft: MedicationDraft,
    before: &MedicationDraft,
    read: &MedicationDraft,
) -> MedicationDraft {
    let (mut before, mut read) = (before.clone(), read.clone());
    for text in TEXTS {
        if text(&mut before) != text(&mut read) {
            text(&mut draft).clone_from(text(&mut read));
        }
    }
    if before.period_unit != read.period_unit {
        draft.period_unit = read.period_unit;
    }
    if before.as_needed != read.as_needed {
        draft.as_needed = read.as_needed;
    }
    draft
}

/// What of a sentence was not understood, and what is missing or odd.
fn told(text: &str, view: &PrescriptionView) -> Option<AnyView> {
    if text.trim().is_empty() {
        return None;
    }
    let unread = (!view.unread.is_empty()).then(|| {
        let words: Vec<String> = view.unread.iter().map(|words| format!("“{words}”")).collect();
        let said = tf("prescription.unread", &[("words", &words.join(", "))]);
        view! { <p class="fault">{said}</p> }
    });
    let one = |finding: &clinical::Finding| {
        let class = if finding.severity == Severity::Error { "fault" } else { "hint" };
        view! { <p class=class>{words::finding(finding)}</p> }
    };
    let findings = view.findings.iter().map(one).collect_view();
    let said = view! { <div data-testid="read">{unread} {findings}</div> };
    Some(said.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_changes_what_it_says_and_leaves_what_was_typed_besides() {
        let line = |dose: &str, days: &str| MedicationDraft {
            medication: "amlodipine".into(),
            dose: dose.into(),
            duration_days: days.into(),
            ..MedicationDraft::default()
        };
        let typed = MedicationDraft {
            instruction: "with food".into(),
            reason: "pressure".into(),
            ..line("5", "")
        };
        let now = filled(typed.clone(), &line("5", ""), &line("5", "30"));
        assert_eq!(now, MedicationDraft { duration_days: "30".into(), ..typed.clone() });
        // What the sentence said and says no more goes.
        let now = filled(typed.clone(), &line("5", ""), &line("", ""));
        assert_eq!(now, MedicationDraft { dose: String::new(), ..typed.clone() });
        let needed = MedicationDraft { as_needed: true, ..line("5", "") };
        assert!(filled(typed, &line("5", ""), &needed).as_needed);
    }

    #[test]
    fn every_text_of_a_line_is_filled() {
        let mut read = MedicationDraft::default();
        TEXTS.iter().for_each(|text| text(&mut read).push('x'));
        let now = filled(MedicationDraft::default(), &MedicationDraft::default(), &read);
        let MedicationDraft { reason, note, encounter, reported, .. } = &now;
        assert!(reason.is_empty() && note.is_empty() && encounter.is_none() && !reported);
        assert_eq!(now, read);
        let texts = format!("{now:?}").matches("\"x\"").count();
        assert_eq!(texts, TEXTS.len());
    }
}
