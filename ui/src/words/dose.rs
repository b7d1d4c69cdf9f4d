//! How a medicine is taken, in the window's language.

use crate::i18n::{find, line, plural, t};
use clinical::display::{
    DoseWords, Nouns, OrderWords, dispense_parts_in, dosage_parts_in, order_parts_in, product_in,
    tall_man,
};
use clinical::{MedicationOrder, Part};
use std::sync::OnceLock;

/// A part of an order as it stands in a medication line; `None` of another.
#[allow(clippy::wildcard_enum_match_arm, reason = "the other parts are none of a line")]
pub(crate) fn line_of(part: &Part<'_>) -> Option<Vec<String>> {
    let (words, said) = spoken();
    match part {
        Part::Product { form, strength } => {
            Some(product_in(*form, strength, words).into_iter().collect())
        }
        Part::Dosage(dosages) => Some(dosage_parts_in(dosages, words)),
        Part::Dispense(dispense) => Some(dispense_parts_in(*dispense, words, said)),
        _ => None,
    }
}

/// The name of a medicine, and what follows it.
pub(crate) fn medication_line(order: &MedicationOrder) -> (String, Vec<String>) {
    let (words, said) = spoken();
    (order.medication.label().to_owned(), order_parts_in(order, words, said))
}

/// A medicine in one text: `amLODIPine — DOSE 5 mg — once daily`.
pub(crate) fn medicine(order: &MedicationOrder) -> String {
    let (name, parts) = medication_line(order);
    let parts = Some(tall_man(&name).into_owned()).into_iter().chain(parts);
    line(&parts.collect::<Vec<_>>(), " — ")
}

fn spoken() -> &'static (DoseWords, OrderWords) {
    static WORDS: OnceLock<(DoseWords, OrderWords)> = OnceLock::new();
    WORDS.get_or_init(words)
}

/// The words of the window's language for how a medicine is taken.
pub(crate) fn dose_words() -> DoseWords {
    DoseWords::of(&t, Nouns { forms: |noun| find(&format!("noun.{noun}")), rule: plural() })
}

/// The dose in a part of a medication line that announces one.
pub(crate) fn announced_dose(part: &str) -> Option<&str> {
    spoken().0.announced(part)
}

fn words() -> (DoseWords, OrderWords) {
    (dose_words(), OrderWords::of(&t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;
    use clinical::{DurationUnit, MedicationDraft};

    /// A line of each kind, as it is read in a language.
    fn read(tag: &str) -> Vec<String> {
        let words = speak(tag, words);
        let line = |dose: &str, unit: &str, route: &str, times: &str, period: &str, days: &str| {
            let draft = MedicationDraft {
                dose: dose.into(),
                unit: unit.into(),
                route: route.into(),
                frequency: times.into(),
                period: period.into(),
                period_unit: Some(DurationUnit::Hour).filter(|_| !period.is_empty()),
                duration_days: days.into(),
                as_needed: !days.is_empty(),
                ..MedicationDraft::default()
            };
            let dosage: Vec<_> = draft.dosage(&mut Vec::new()).into_iter().collect();
            dosage_parts_in(&dosage, &words.0).join(" — ").replace('\u{a0}', " ")
        };
        vec![
            line("5.0", "ug", "oral", "1", "", "7"),
            line("10000", "IU", "sc", "1", "8", ""),
            line("2", "mg", "by tube", "3", "", ""),
        ]
    }

    #[test]
    fn a_dose_is_read_in_the_language_of_the_window() {
        assert_eq!(
            read("en"),
            [
                "DOSE 5 mcg — oral — once daily — when needed — for 7 days",
                "DOSE 10,000 units — under the skin — every 8 hours",
                "DOSE 2 mg — by tube — 3 times daily",
            ]
        );
        assert_eq!(
            read("fr"),
            [
                "DOSE 5 mcg — voie orale — une fois par jour — si besoin — pendant 7 jours",
                "DOSE 10\u{202f}000 unités — sous la peau — toutes les 8 heures",
                "DOSE 2 mg — by tube — 3 fois par jour",
            ]
        );
        assert_eq!(
            read("es"),
            [
                "DOSIS 5 mcg — vía oral — una vez al día — si es necesario — durante 7 días",
                "DOSIS 10\u{202f}000 unidades — vía subcutánea — cada 8 horas",
                "DOSIS 2 mg — by tube — 3 veces al día",
            ]
        );
        assert_eq!(
            read("sw"),
            [
                "DOZI 5 mcg — kwa mdomo — mara moja kwa siku — inapohitajika tu — kwa muda wa siku 7",
                "DOZI 10,000 yuniti — sindano chini ya ngozi — kila baada ya masaa 8",
                "DOZI 2 mg — by tube — mara 3 kwa siku",
            ]
        );
        assert_eq!(
            read("ar"),
            [
                "الجرعة 5 mcg — عن طريق الفم — مرة واحدة يوميًا — عند اللزوم — لمدة 7 أيام",
                "الجرعة 10\u{202f}000 وحدة — حقن تحت الجلد — كل 8 ساعات",
                "الجرعة 2 mg — by tube — 3 مرات يوميًا",
            ]
        );
        assert_eq!(line_of(&Part::Dosage(&[])), Some(Vec::new()));
        assert_eq!(line_of(&Part::Note(None)), None);
    }

    /// The command line and a window in English say the same.
    #[test]
    fn english_is_worded_once_in_two_places_alike() {
        let here = speak("en", words);
        assert_eq!(format!("{here:?}"), format!("{:?}", (DoseWords::ENGLISH, OrderWords::ENGLISH)));
    }
}
