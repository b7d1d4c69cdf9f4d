//! How a medicine is taken, in the window's language.

use crate::i18n::t;
use clinical::display::{DoseWords, dosage_parts_in};
use clinical::{Dosage, MedicationOrder, Untold};
use std::sync::OnceLock;

/// The parts of a medication line after the name.
pub(crate) fn dosage_parts(dosages: &[Dosage]) -> Vec<String> {
    static WORDS: OnceLock<DoseWords> = OnceLock::new();
    dosage_parts_in(dosages, WORDS.get_or_init(words))
}

/// The name of a medicine, and what follows it.
pub(crate) fn medication_line(order: &MedicationOrder) -> (String, Vec<String>) {
    let mut parts = dosage_parts(&order.dosage);
    match order.untold() {
        Some(Untold::Dose) => parts.insert(0, t("dosage.no-dose").to_owned()),
        Some(Untold::HowOften) => parts.push(t("dosage.no-frequency").to_owned()),
        None => {}
    }
    (order.medication.label().to_owned(), parts)
}

/// A medicine in one text: `amlodipine — DOSE 5 mg — once daily`.
pub(crate) fn medicine(order: &MedicationOrder) -> String {
    let (name, parts) = medication_line(order);
    let parts = Some(name).into_iter().chain(parts);
    parts.collect::<Vec<_>>().join(" — ")
}

fn words() -> DoseWords {
    DoseWords::of(&t)
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
            dosage_parts_in(&dosage, &words).join(" — ").replace('\u{a0}', " ")
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
        assert!(dosage_parts(&[]).is_empty());
    }

    /// The command line and a window in English say the same.
    #[test]
    fn english_is_worded_once_in_two_places_alike() {
        let here = speak("en", words);
        assert_eq!(format!("{here:?}"), format!("{:?}", DoseWords::ENGLISH));
    }
}
