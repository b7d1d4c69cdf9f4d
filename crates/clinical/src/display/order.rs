//! The whole line of an order: the product, how it is taken, what is handed out; and what of it is
//! not known.

use super::{
    DoseWords,
    amount::{amount, number},
    dosage_parts_in, in_strength,
};
use crate::{CodeableConcept, DispenseRequest, MedicationOrder, Quantity, Untold};

/// The words of a language for what an order says beside the dosage. `{n}` is filled in.
#[derive(Debug, Clone, Copy)]
pub struct OrderWords {
    /// `no dose recorded`.
    pub no_dose: &'static str,
    /// `how often is not recorded`.
    pub no_frequency: &'static str,
    /// `QUANTITY {n}`.
    pub quantity: &'static str,
    /// `no repeats`.
    pub never_again: &'static str,
    /// `1 repeat`.
    pub once_again: &'static str,
    /// `{n} repeats`.
    pub times_again: &'static str,
}

impl OrderWords {
    /// English, as the command line speaks it.
    pub const ENGLISH: Self = Self {
        no_dose: "no dose recorded",
        no_frequency: "how often is not recorded",
        quantity: "QUANTITY {n}",
        never_again: "no repeats",
        once_again: "1 repeat",
        times_again: "{n} repeats",
    };

    /// Those of a language, by the keys of `assets/locales`; `t` gives the text of a key.
    pub fn of(t: &dyn Fn(&'static str) -> &'static str) -> Self {
        Self {
            no_dose: t("dosage.no-dose"),
            no_frequency: t("dosage.no-frequency"),
            quantity: t("dose.quantity"),
            never_again: t("dose.repeats-none"),
            once_again: t("dose.repeats-one"),
            times_again: t("dose.repeats"),
        }
    }
}

/// What follows the name in a medication line, in the words of a language: `5 mg tablet`, then the
/// dosage, in the unit of the strength, or that there is none, then `QUANTITY 30 tablets` and how often
/// again.
pub fn order_parts_in(
    order: &MedicationOrder,
    words: &DoseWords,
    said: &OrderWords,
) -> Vec<String> {
    let product = product_in(order.form.as_ref(), &order.strength, words);
    let (no_dose, no_frequency) = match order.untold() {
        Some(Untold::Dose) => (Some(said.no_dose), None),
        Some(Untold::HowOften) => (None, Some(said.no_frequency)),
        None => (None, None),
    };
    let supply = dispense_parts_in(order.dispense.as_ref(), words, said);
    let taken = dosage_parts_in(&in_strength(order).dosage, words);
    product
        .into_iter()
        .chain(no_dose.map(str::to_owned))
        .chain(taken)
        .chain(no_frequency.map(str::to_owned))
        .chain(supply)
        .collect()
}

/// What a medicine comes as, the strength before the form: `250 mg/5 mL suspension`.
pub fn product_in(
    form: Option<&CodeableConcept>,
    strength: &[Quantity],
    words: &DoseWords,
) -> Option<String> {
    let strengths: Vec<String> = strength.iter().map(|one| amount(one, words)).collect();
    let strength = Some(strengths.join(" + ")).filter(|said| !said.is_empty());
    let form = form.map(CodeableConcept::label).filter(|said| !said.is_empty());
    let form = form.map(|form| words.nouns.one(form).unwrap_or(form).to_owned());
    let said: Vec<String> = strength.into_iter().chain(form).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// What is handed out, and how often again.
pub fn dispense_parts_in(
    dispense: Option<&DispenseRequest>,
    words: &DoseWords,
    said: &OrderWords,
) -> Vec<String> {
    let Some(dispense) = dispense else { return Vec::new() };
    let quantity = dispense.quantity.as_ref();
    let quantity = quantity.map(|it| said.quantity.replace("{n}", &amount(it, words)));
    let again = dispense.repeats.map(|times| match times {
        0 => said.never_again.to_owned(),
        1 => said.once_again.to_owned(),
        times => said.times_again.replace("{n}", &number(&times.into(), words.thousands)),
    });
    quantity.into_iter().chain(again).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dosage, MedicationStatus, Timing};

    fn quantity(value: &str, unit: &str) -> Quantity {
        Quantity { value: value.parse().unwrap(), comparator: None, unit: unit.into(), ucum: None }
    }

    #[test]
    fn a_line_says_the_product_before_the_dose_and_the_supply_after_it() {
        let check = |strength: &[Quantity], form: &str, dispense, want: &str| {
            let dosage = Dosage {
                dose: Some(quantity("5.0", "mg")),
                timing: Some(Timing::times_a_day(1)),
                ..Dosage::default()
            };
            let medication = CodeableConcept::from_text("amlodipine");
            let mut order =
                MedicationOrder::new(medication, vec![dosage], MedicationStatus::Active);
            order.form = (!form.is_empty()).then(|| CodeableConcept::from_text(form));
            order.strength = strength.to_vec();
            order.dispense = dispense;
            let parts = order_parts_in(&order, &DoseWords::ENGLISH, &OrderWords::ENGLISH);
            assert_eq!(parts.join(" — ").replace('\u{a0}', " "), want);
        };
        let of = |quantity, repeats| Some(DispenseRequest { quantity, repeats });
        check(&[], "", None, "DOSE 5 mg — once daily");
        check(
            &[quantity("5.0", "mg")],
            "tablet",
            of(Some(quantity("30", "tablets")), Some(2)),
            "5 mg tablet — DOSE 5 mg — once daily — QUANTITY 30 tablets — 2 repeats",
        );
        check(&[], "tablet", of(None, Some(0)), "tablet — DOSE 5 mg — once daily — no repeats");
        // ISMP: no trailing zero, no bare point, units in words, thousands parted.
        check(
            &[quantity("250", "mg/5 mL")],
            "suspension",
            of(Some(quantity("1000", "ml")), Some(1)),
            "250 mg/5 mL suspension — DOSE 5 mg — once daily — QUANTITY 1,000 mL — 1 repeat",
        );
        check(
            &[quantity("500", "mg"), quantity("125.0", "mg")],
            "",
            None,
            "500 mg + 125 mg — DOSE 5 mg — once daily",
        );
        check(&[quantity("100", "IU/ml")], "", None, "100 units/mL — DOSE 5 mg — once daily");
    }

    #[test]
    fn a_half_line_says_what_it_does_not_know_where_it_is_missing() {
        let check = |dosage: Vec<Dosage>, want: &str| {
            let medication = CodeableConcept::from_text("warfarin");
            let mut order = MedicationOrder::new(medication, dosage, MedicationStatus::Active);
            order.form = Some(CodeableConcept::from_text("tablet"));
            order.dispense = Some(DispenseRequest { quantity: None, repeats: Some(1) });
            let parts = order_parts_in(&order, &DoseWords::ENGLISH, &OrderWords::ENGLISH);
            assert_eq!(parts.join(" — ").replace('\u{a0}', " "), want);
        };
        check(Vec::new(), "tablet — no dose recorded — 1 repeat");
        let dosage = Dosage { dose: Some(quantity("5", "mg")), ..Dosage::default() };
        check(vec![dosage], "tablet — DOSE 5 mg — how often is not recorded — 1 repeat");
    }
}
