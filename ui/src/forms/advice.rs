//! What the rules say of a medicine while it is typed, and before it is recorded. A check that is
//! under way, failed or could not cover the medicine never looks like one that found nothing.

use super::{Form, overriding::Why, weight::weight_line};
use crate::backend::call;
use crate::components::{Tone, icon, notice};
use crate::frame::Frame;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{advice_list, tone};
use crate::words;
use api::{MedicationReview, ProposedOrder, ReviewMedication};
use clinical::{
    AlertTier, AllergyState, DetectedIssue, MedicationDraft, Observation, PartialDate, PatientId,
};
use leptos::task::spawn_local;
use std::time::Duration;

/// Typing has paused for so long before the rules are asked.
const PAUSE: Duration = Duration::from_millis(300);

/// How far the check of what is typed has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checked {
    /// Nothing is typed that could be checked.
    Nothing,
    /// The rules are being asked; what they said before is no answer.
    Asking,
    /// They could not be asked.
    Failed,
    /// They answered.
    Answered(MedicationReview),
}

/// The advice on one form, kept up to date.
#[derive(Clone, Copy)]
pub(super) struct Review {
    patient: PatientId,
    /// What is on screen.
    shown: RwSignal<Checked>,
    /// Why it is recorded in the face of what is on screen.
    why: Why,
    /// What that answers.
    answers: StoredValue<Vec<DetectedIssue>>,
    /// The last weight, or that there is none, since the rules answered first.
    weight: RwSignal<Option<Vec<Observation>>>,
}

impl Review {
    /// A review that nobody asked for yet.
    fn new(patient: PatientId) -> Self {
        let (shown, answers) = (RwSignal::new(Checked::Nothing), StoredValue::new(Vec::new()));
        let (why, weight) = (Why::new(), RwSignal::new(None));
        Self { patient, shown, why, answers, weight }
    }

    /// Asks the rules about an order that is in no field, at once.
    pub(super) fn of(patient: PatientId, order: ProposedOrder) -> Self {
        let review = Self::new(patient);
        review.show(Checked::Asking);
        review.ask(order, || true);
        review
    }

    /// Asks the rules whenever typing pauses and what was typed names a medicine.
    pub(super) fn watch(
        form: Form<MedicationDraft>,
        patient: PatientId,
        order: impl Fn(MedicationDraft) -> ProposedOrder + Copy + 'static,
        names_medicine: fn(&MedicationDraft) -> bool,
    ) -> Self {
        let review = Self::new(patient);
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |last: Option<MedicationDraft>| {
            let draft = form.draft.with(judged);
            // Beside what is judged nothing moves while it is typed.
            if last.as_ref() == Some(&draft) {
                return draft;
            }
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let worth_asking = names_medicine(&draft);
            review.show(if worth_asking { Checked::Asking } else { Checked::Nothing });
            let asked = draft.clone();
            let ask = move || {
                if worth_asking {
                    let held = asked.clone();
                    let is_same = move || {
                        form.draft.try_with_untracked(|now| judged(now) == held) == Some(true)
                    };
                    review.ask(order(asked), is_same);
                }
            };
            timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
            draft
        });
        review
    }

    /// How the check stands and the advice, as they are drawn.
    pub(super) fn view(self) -> AnyView {
        (move || draw(&self.shown.get(), self.why)).into_any()
    }

    /// How loud the loudest alert is, for where the button is, and the way to it: what it says stands
    /// where it is answered.
    pub(super) fn brief(self) -> AnyView {
        let loudest = Memo::new(move |_| self.shown.with(loudest));
        let brief = move || {
            let tier = loudest.get()?;
            let (tone, said) = (tone(tier), words::tier(tier));
            let class = format!("chip {}", tone.class());
            let lead = move |_| self.why.take_focus();
            let name = tf("check.to-answer", &[("what", said)]);
            Some(view! {
                <p>
                    <button type="button" class=class aria-label=name on:click=lead>
                        {tone.icon().map(icon)} {said}
                    </button>
                </p>
            })
        };
        brief.into_any()
    }

    /// The weight the dose may go by, once the rules have answered.
    pub(super) fn weight(self, frame: Frame, born: Option<PartialDate>) -> AnyView {
        let patient = self.patient;
        let view = move || {
            let chart = frame.chart_of(patient);
            self.weight.with(|known| weight_line(known.as_ref()?, born.as_ref(), chart.as_deref()))
        };
        view.into_any()
    }

    /// Whether an alert on screen has no answer yet; it is then asked for one.
    pub(super) fn lacks_reason(self) -> bool {
        untrack(|| self.is_loud()) && self.why.lacks()
    }

    /// What the rules said was not on screen yet: it is read first, and the keyboard goes to the reason
    /// it asks for.
    pub(super) fn halt(self, frame: Frame) {
        frame.say(t("medication.halted"));
        if untrack(|| self.is_loud()) {
            self.why.take_focus();
        }
    }

    /// What is recorded: in the face of an alert, with the reason in the note.
    pub(super) fn answered(self, mut draft: MedicationDraft) -> MedicationDraft {
        if untrack(|| self.is_loud()) {
            draft.note = self.why.before(&draft.note);
        }
        draft
    }

    /// Why it is recorded in the face of an alert on screen, as it is noted.
    pub(super) fn reason(self) -> Option<String> {
        untrack(|| self.is_loud()).then(|| self.why.before(""))
    }

    /// What the button says: `plain`, or that it records all the same.
    pub(super) fn save_words(self, plain: &'static str) -> &'static str {
        self.shown.with(|shown| match shown {
            Checked::Failed => t("medication.record-unchecked"),
            Checked::Answered(review) if review.advice.iter().any(is_loud) => {
                t("medication.record-anyway")
            }
            Checked::Nothing | Checked::Asking | Checked::Answered(_) => plain,
        })
    }

    /// Whether something on screen needs a second look.
    pub(super) fn is_loud(self) -> bool {
        self.shown.with(
            |shown| matches!(shown, Checked::Answered(review) if review.advice.iter().any(is_loud)),
        )
    }

    /// Asks the rules once more and goes `on`, telling whether allergies were checked; unless they
    /// say something loud, or cannot be asked, and that was not on screen yet: then it is shown,
    /// and `halted` is called. Rules that cannot answer stop nobody twice.
    pub(super) fn before_recording(
        self,
        order: ProposedOrder,
        on: impl FnOnce(bool) + 'static,
        halted: impl FnOnce() + 'static,
    ) {
        let question = self.question(order);
        spawn_local(async move {
            let found = match call(&question).await {
                Ok(review) => Checked::Answered(review),
                Err(_) => Checked::Failed,
            };
            let halts = self.shown.try_with_untracked(|shown| has_unread(&found, shown));
            let checked = is_checked(&found);
            self.show(found);
            match halts {
                Some(true) => halted(),
                Some(false) => on(checked),
                // The form is gone: whoever closed it records nothing.
                None => {}
            }
        });
    }

    /// Asks, and shows the answer where `is_wanted` still.
    fn ask(self, order: ProposedOrder, is_wanted: impl FnOnce() -> bool + 'static) {
        let question = self.question(order);
        spawn_local(async move {
            let answer = call(&question).await;
            if is_wanted() {
                self.show(answer.map_or(Checked::Failed, Checked::Answered));
            }
        });
    }

    fn question(self, order: ProposedOrder) -> ReviewMedication {
        ReviewMedication { patient: self.patient, order }
    }

    fn show(self, checked: Checked) {
        if let Checked::Answered(review) = &checked {
            let loud: Vec<_> = review.advice.iter().filter(|it| is_loud(it)).cloned().collect();
            let is_known =
                self.weight.try_with_untracked(|known| known.as_ref() == Some(&review.weight));
            if is_known == Some(false) {
                self.weight.set(Some(review.weight.clone()));
            }
            // Another alert needs another reason.
            if self.answers.try_with_value(|of| *of != loud) == Some(true) {
                self.why.clear(&loud);
                self.answers.set_value(loud);
            }
        }
        if self.shown.try_with_untracked(|shown| *shown != checked) == Some(true) {
            self.shown.set(checked);
        }
    }
}

/// What is told of what was recorded: also that the allergies could not be looked at.
pub(super) fn recorded_words(done: &str, checked: bool) -> String {
    let unchecked = if checked { "" } else { t("medication.unchecked") };
    format!("{done} {unchecked}").trim_end().to_owned()
}

fn draw(checked: &Checked, why: Why) -> AnyView {
    match checked {
        Checked::Nothing => ().into_any(),
        Checked::Asking => {
            view! { <p class="hint" role="status">{t("check.asking")}</p> }.into_any()
        }
        Checked::Failed => failed(),
        Checked::Answered(review) => {
            let said = coverage(review);
            let said = said.map(|(tone, title, text)| notice(tone, title, text, None));
            view! { {advice_list(&review.advice, move || why.view())} {said} }.into_any()
        }
    }
}

fn failed() -> AnyView {
    notice(Tone::Warning, t("check.failed"), t("check.failed.help"), None)
}

/// What silence of the rules means here. That nothing was found is said only where everything was
/// looked at.
fn coverage(review: &MedicationReview) -> Option<(Tone, String, &'static str)> {
    match review.allergies {
        AllergyState::Unavailable => {
            return Some((Tone::Warning, t("check.failed").to_owned(), t("check.failed.help")));
        }
        AllergyState::NotRecorded => {
            return Some((
                Tone::Warning,
                t("allergy.state.not-recorded").to_owned(),
                t("check.not-recorded"),
            ));
        }
        AllergyState::Known | AllergyState::NoneKnown | AllergyState::NoneKnownDrugs => {}
    }
    if !review.not_covered.is_empty() {
        let what = tf("check.unknown", &[("what", &review.not_covered.join(", "))]);
        return Some((Tone::Info, what, t("check.unknown.help")));
    }
    review.advice.is_empty().then(|| (Tone::Ok, t("check.clear").to_owned(), ""))
}

/// What the rules look at: why it is given and what is noted weigh nothing with them.
fn judged(draft: &MedicationDraft) -> MedicationDraft {
    let (reason, note) = (String::new(), String::new());
    MedicationDraft { reason, note, reported: false, ..draft.clone() }
}

/// Whether the rules could look at the allergies.
fn is_checked(found: &Checked) -> bool {
    match found {
        Checked::Answered(review) => review.allergies != AllergyState::Unavailable,
        Checked::Nothing | Checked::Asking | Checked::Failed => false,
    }
}

fn is_loud(issue: &DetectedIssue) -> bool {
    words::is_loud(issue.tier)
}

/// How loud the loudest alert is that wants a reason.
fn loudest(shown: &Checked) -> Option<AlertTier> {
    match shown {
        Checked::Answered(review) => {
            review.advice.iter().filter(|it| is_loud(it)).map(|it| it.tier).min()
        }
        Checked::Nothing | Checked::Asking | Checked::Failed => None,
    }
}

/// Whether there is something that must be read first and is not on screen.
fn has_unread(found: &Checked, shown: &Checked) -> bool {
    match (found, shown) {
        (Checked::Failed, shown) => *shown != Checked::Failed,
        (Checked::Answered(found), shown) => {
            let seen: &[DetectedIssue] = match shown {
                Checked::Answered(shown) => &shown.advice,
                Checked::Nothing | Checked::Asking | Checked::Failed => &[],
            };
            found.advice.iter().filter(|issue| is_loud(issue)).any(|issue| !seen.contains(issue))
        }
        (Checked::Nothing | Checked::Asking, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(tier: AlertTier, detail: &str) -> DetectedIssue {
        DetectedIssue {
            rule: "drug-allergy".into(),
            tier,
            subject: Vec::new(),
            detail: detail.into(),
            source: String::new(),
            said: None,
        }
    }

    fn answer(allergies: AllergyState, not_covered: &[&str], advice: &[DetectedIssue]) -> Checked {
        Checked::Answered(MedicationReview {
            advice: advice.to_vec(),
            allergies,
            not_covered: not_covered.iter().map(|it| (*it).to_owned()).collect(),
            weight: Vec::new(),
        })
    }

    #[test]
    fn beside_the_button_the_loudest_alert_is_told() {
        use AlertTier::{Block, Info, Inline, Interrupt};
        let check = |tiers: &[AlertTier], want: Option<AlertTier>| {
            let advice: Vec<_> = tiers.iter().map(|tier| issue(*tier, "a")).collect();
            assert_eq!(loudest(&answer(AllergyState::Known, &[], &advice)), want, "{tiers:?}");
        };
        check(&[], None);
        check(&[Info, Inline], None);
        check(&[Inline, Interrupt], Some(Interrupt));
        check(&[Interrupt, Info, Block], Some(Block));
        for silent in [Checked::Nothing, Checked::Asking, Checked::Failed] {
            assert_eq!(loudest(&silent), None, "{silent:?}");
        }
    }

    #[test]
    fn only_what_was_not_seen_halts() {
        let block = || issue(AlertTier::Block, "a");
        let said = |advice: &[DetectedIssue]| answer(AllergyState::Known, &[], advice);
        let check = |found: Checked, shown: Checked, want: bool| {
            assert_eq!(has_unread(&found, &shown), want, "{found:?} {shown:?}");
        };
        check(said(&[]), Checked::Asking, false);
        check(said(&[block()]), said(&[]), true);
        check(said(&[block()]), said(&[block()]), false);
        check(said(&[block()]), Checked::Failed, true);
        check(said(&[issue(AlertTier::Interrupt, "b"), block()]), said(&[block()]), true);
        let quiet = [issue(AlertTier::Inline, "c"), issue(AlertTier::Info, "d")];
        check(said(&quiet), said(&[]), false);
        // A check that failed is told once, and then stops nobody.
        check(Checked::Failed, said(&[]), true);
        check(Checked::Failed, Checked::Asking, true);
        check(Checked::Failed, Checked::Failed, false);
    }

    /// What the form says of its check, for each way it can end.
    #[test]
    fn a_check_that_saw_less_than_everything_is_no_all_clear() {
        use AllergyState::{Known, NoneKnown, NoneKnownDrugs, NotRecorded, Unavailable};
        let check = |allergies, not_covered: &[&str], loud: bool, want: Option<&str>| {
            let advice: &[DetectedIssue] = &[issue(AlertTier::Block, "a")];
            let advice = if loud { advice } else { &[] };
            let Checked::Answered(review) = answer(allergies, not_covered, advice) else { return };
            assert_eq!(coverage(&review).map(|it| it.1).as_deref(), want, "{review:?}");
        };
        let clear = Some("No alert found for recorded allergies");
        let unknown = Some("Not in the list that is checked: artemether");
        check(Known, &[], false, clear);
        check(NoneKnown, &[], false, clear);
        check(NoneKnownDrugs, &[], false, clear);
        check(Known, &[], true, None);
        check(Known, &["artemether"], false, unknown);
        check(Known, &["artemether"], true, unknown);
        check(NotRecorded, &[], false, Some("Allergies not recorded"));
        check(Unavailable, &[], false, Some("Allergies could not be checked"));
        check(Unavailable, &["artemether"], true, Some("Allergies could not be checked"));
    }
}
