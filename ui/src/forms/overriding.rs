//! Why a medicine is recorded in the face of an alert: one of six reasons, asked for in the alert
//! itself; of several, once below all. What would stop the order is answered in words as well.

use crate::components::{Choice, FieldLabel, choice_input, text_input};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use clinical::{AlertTier, DetectedIssue};

/// The reasons clinicians give (van der Sijs 2006, jamia.M1809; Poly 2020, JMIR
/// 10.2196/15653), the last in words of one's own.
const REASONS: [&str; 6] = [
    "override.will-monitor",
    "override.tolerated",
    "override.benefit",
    "override.adjusted",
    "override.wrong",
    OTHER,
];
const OTHER: &str = "override.other";
/// The ids of the two fields.
const CHOICE_ID: &str = "medication-why";
const WORDS_ID: &str = "medication-why-words";

/// The reason chosen so far.
#[derive(Clone, Copy)]
pub(super) struct Why {
    chosen: RwSignal<&'static str>,
    words: RwSignal<String>,
    /// It answers several alerts.
    to_all: StoredValue<bool>,
    /// One of them would stop the order: the choice alone does not do.
    in_words: StoredValue<bool>,
    /// It was asked for and is not there.
    missing: RwSignal<bool>,
}

impl Why {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            chosen: RwSignal::new(""),
            words: RwSignal::new(String::new()),
            to_all: StoredValue::new(false),
            in_words: StoredValue::new(false),
            missing: RwSignal::new(false),
        }
    }

    /// Other alerts need another reason, and what would stop the order needs it in words of one's
    /// own too (the tiers of alerts, HL7 PDDI-CDS).
    pub(super) fn clear(self, alerts: &[DetectedIssue]) {
        self.to_all.set_value(alerts.len() > 1);
        self.in_words.set_value(alerts.iter().any(|alert| alert.tier == AlertTier::Block));
        self.chosen.set("");
        self.words.set(String::new());
        self.missing.set(false);
    }

    /// Whether there is none; it is then asked for, and the keyboard goes to it.
    pub(super) fn lacks(self) -> bool {
        let lacks = self.text().is_none();
        self.missing.set(lacks);
        if lacks {
            self.take_focus();
        }
        lacks
    }

    /// The keyboard goes to what is to be filled in.
    pub(super) fn take_focus(self) {
        let asks_words = self.asks_words(self.chosen.get_untracked());
        focus::to_id(if asks_words { WORDS_ID } else { CHOICE_ID });
    }

    /// A note that begins with the reason.
    pub(super) fn before(self, note: &str) -> String {
        let why = self.text().unwrap_or_default();
        let key = if self.to_all.get_value() { "override.noted-all" } else { "override.noted" };
        // It is recorded: without the signs that set a name apart on the screen.
        let said = t(key).replace("{why}", &why);
        [said.as_str(), note.trim()].join(" ").trim_end().to_owned()
    }

    /// The choice, as it stands in the alert or below all.
    pub(super) fn view(self) -> AnyView {
        let fault =
            Signal::derive(move || self.missing.get().then(|| t("override.missing").to_owned()));
        let none = Choice { value: "", label: t("override.choose") };
        let listed = REASONS.iter().map(|key| Choice { value: key, label: t(key) });
        let choices = Some(none).into_iter().chain(listed).collect();
        let label =
            move |id: &str, label| FieldLabel { id: id.to_owned(), label, hint: None, fault };
        let asked = if self.to_all.get_value() { t("override.why-all") } else { t("override.why") };
        let of_choice = label(CHOICE_ID, asked);
        let now = self.chosen.get_untracked();
        let choice = choice_input(of_choice, choices, now, move |key| {
            self.missing.set(false);
            let known = REASONS.iter().copied().find(|known| *known == key);
            self.chosen.set(known.unwrap_or_default());
        });
        let words = move || {
            self.asks_words(self.chosen.get()).then(|| {
                let of_words = label(WORDS_ID, t("override.words"));
                text_input(of_words, "text", self.words.get_untracked(), move |text| {
                    self.missing.set(false);
                    self.words.set(text);
                })
            })
        };
        view! { {choice} {words} }.into_any()
    }

    /// Whether a choice wants words beside it.
    fn asks_words(self, chosen: &str) -> bool {
        chosen == OTHER || (self.in_words.get_value() && !chosen.is_empty())
    }

    fn text(self) -> Option<String> {
        let chosen = Some(self.chosen.get_untracked()).filter(|chosen| !chosen.is_empty())?;
        let words = self.words.with_untracked(|words| words.trim().to_owned());
        if self.asks_words(chosen) && words.is_empty() {
            return None;
        }
        Some(match chosen {
            OTHER => words,
            key if self.asks_words(key) => {
                t("override.in-words").replace("{why}", t(key)).replace("{words}", &words)
            }
            key => t(key).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_passed_with_a_reason_that_is_kept_in_the_note() {
        Owner::new().with(|| {
            let why = Why::new();
            assert_eq!(why.text(), None);
            why.chosen.set("override.tolerated");
            let noted = "Despite the alert: tolerated before. With food.";
            assert_eq!(why.before(" With food. "), noted);
            assert_eq!(why.before(""), "Despite the alert: tolerated before.");
            // One's own words are none while they are blank.
            why.chosen.set(OTHER);
            why.words.set("  ".to_owned());
            assert_eq!(why.text(), None);
            why.words.set(" only a rash in 1999 ".to_owned());
            assert_eq!(why.text().as_deref(), Some("only a rash in 1999"));
            // What answers several says so.
            let alert = |tier| DetectedIssue {
                rule: "drug-allergy".into(),
                tier,
                subject: Vec::new(),
                detail: String::new(),
                source: String::new(),
                said: None,
            };
            let interrupts = || alert(AlertTier::Interrupt);
            why.clear(&[interrupts(), interrupts()]);
            assert_eq!(why.text(), None);
            why.chosen.set("override.tolerated");
            assert_eq!(why.before(""), "Despite the alerts: tolerated before.");
            why.clear(&[interrupts()]);
            assert_eq!(why.text(), None);
            // What would stop the order wants words beside the choice.
            why.clear(&[alert(AlertTier::Block)]);
            why.chosen.set("override.tolerated");
            assert_eq!(why.text(), None);
            why.words.set(" graded challenge in 2024 ".to_owned());
            let noted = "Despite the alert: tolerated before – graded challenge in 2024.";
            assert_eq!(why.before(""), noted);
        });
    }
}
