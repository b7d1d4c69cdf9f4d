//! A dose beside the strength of what it is given as: `40 mg` of `5 mg` tablets are 8 of them.
//!
//! It is told only where it is certain: the product has one strength, both are weights, and nothing
//! has to be rounded.

use super::{
    exact::{Exact, thousandths},
    parted::amount,
};
use crate::{language::Language, nouns::noun_of};
use clinical::{MedicationOrder, Quantity, display::gram_power as weight};

/// Nobody takes more of them at once.
const TABLETS_MAX: i128 = 20;

/// What a dose is in the other measure of its product: so many tablets, the millilitres of a weight,
/// or the weight of millilitres.
pub(crate) fn companion(
    order: &MedicationOrder,
    dose: &Quantity,
    language: Language,
) -> Option<String> {
    let [strength] = order.strength.as_slice() else { return None };
    if strength.comparator.is_some() || dose.comparator.is_some() {
        return None;
    }
    match strength.unit.split_once('/') {
        None => tablets(order, strength, dose, language),
        Some((unit, per)) => liquid((strength, unit, per), dose, language),
    }
}

fn tablets(
    order: &MedicationOrder,
    strength: &Quantity,
    dose: &Quantity,
    language: Language,
) -> Option<String> {
    let noun = noun_of(order.form.as_ref()?.label())?;
    let (one, is_parted) = match noun {
        "noun.tablet" => ("tablet", true),
        // What is to be swallowed whole is never told as a part.
        _ if noun.ends_with(" tablet") => ("tablet", false),
        _ if noun.ends_with("capsule") => ("capsule", false),
        _ => return None,
    };
    let (dosed, held) = (weighed(dose)?, weighed(strength)?);
    let quarters = dosed.parts_of(held, 4).filter(|it| (1..=4 * TABLETS_MAX).contains(it))?;
    let is_told = is_parted || quarters % 4 == 0;
    is_told.then(|| thousandths(quarters * 250, one)).flatten().map(|it| amount(&it, language))
}

fn liquid(
    (strength, unit, per): (&Quantity, &str, &str),
    dose: &Quantity,
    language: Language,
) -> Option<String> {
    let per = per.trim();
    let number = per.trim_end_matches(|one: char| one.is_alphabetic()).trim();
    let volume = per.strip_prefix(number)?.trim();
    if !is_millilitre(volume) {
        return None;
    }
    let per = if number.is_empty() { Exact::typed("1")? } else { Exact::typed(number)? };
    let held = Exact::of(&strength.value)?.shifted(weight(unit)?);
    let other = if is_millilitre(&dose.unit) {
        let total = Exact::of(&dose.value)?.times(held)?.shifted(-weight(unit)?);
        thousandths(total.parts_of(per, 1000)?, unit.trim())?
    } else {
        // No syringe tells less than a hundredth of a millilitre.
        let hundredths = weighed(dose)?.times(per)?.parts_of(held, 100)?;
        thousandths(hundredths * 10, "mL")?
    };
    Some(amount(&other, language))
}

/// A weight in grams.
fn weighed(quantity: &Quantity) -> Option<Exact> {
    Some(Exact::of(&quantity.value)?.shifted(weight(&quantity.unit)?))
}

pub(super) fn is_millilitre(unit: &str) -> bool {
    matches!(unit.trim(), "mL" | "ml" | "ML" | "cc")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{CodeableConcept, MedicationStatus};

    fn quantity(written: &str) -> Quantity {
        let (value, unit) = written.split_once(' ').unwrap();
        let value = value.parse().unwrap();
        Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None }
    }

    fn order(strengths: &[&str], form: &str) -> MedicationOrder {
        let medication = CodeableConcept::from_text("x");
        let mut order = MedicationOrder::new(medication, Vec::new(), MedicationStatus::Active);
        order.strength = strengths.iter().map(|one| quantity(one)).collect();
        order.form = Some(CodeableConcept::from_text(form));
        order
    }

    #[test]
    fn a_dose_is_told_in_its_other_measure_where_that_is_exact() {
        let check = |strengths: &[&str], form: &str, dose: &str, want: Option<&str>| {
            let told = companion(&order(strengths, form), &quantity(dose), Language::English);
            let told = told.map(|told| told.replace('\u{a0}', " "));
            assert_eq!(told.as_deref(), want, "{dose} of {strengths:?} {form}");
        };
        check(&["5 mg"], "tablet", "40 mg", Some("8 tablets"));
        check(&["5 mg"], "tablet", "5.0 mg", Some("1 tablet"));
        check(&["5 mg"], "tablet", "2.5 mg", Some("half a tablet"));
        check(&["5 mg"], "tablet", "7.5 mg", Some("1 and a half tablets"));
        check(&["10 mg"], "tab", "2.5 mg", Some("a quarter of a tablet"));
        check(&["1 mg"], "tablet", "0.75 mg", Some("three quarters of a tablet"));
        check(&["50 mcg"], "tablet", "0.05 mg", Some("1 tablet"));
        check(&["0.5 g"], "tablet", "1000 mg", Some("2 tablets"));
        check(&["250 mg"], "capsule", "500 mg", Some("2 capsules"));
        check(&["20 mg"], "modified-release capsule", "40 mg", Some("2 capsules"));
        check(&["125 mg/5 mL"], "suspension", "250 mg", Some("10 mL"));
        check(&["10 mg/5 ml"], "oral solution", "2.5 mL", Some("5 mg"));
        check(&["100 mcg/ml"], "injection", "0.05 mg", Some("0.5 mL"));
        // Neither rounded nor parted where it must not be, and nothing of what is not certain.
        check(&["3 mg"], "tablet", "10 mg", None);
        check(&["250 mg"], "capsule", "125 mg", None);
        check(&["20 mg"], "modified-release tablet", "10 mg", None);
        check(&["5 mg"], "tablet", "500 mg", None);
        check(&["5 mg"], "tablet", "1 tablet", None);
        check(&["5 mg"], "cream", "10 mg", None);
        check(&["500 mg", "125 mg"], "tablet", "500 mg", None);
        check(&["120 mg/5 mL"], "suspension", "100 mg", None);
        check(&["5 mg/h"], "patch", "10 mg", None);
        check(&[], "tablet", "10 mg", None);
    }
}
