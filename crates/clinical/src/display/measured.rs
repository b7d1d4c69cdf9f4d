//! A dose in the unit of what it is given as, so that every screen and sheet tells the same one.

use crate::{MedicationOrder, Quantity};

/// An order with each dose in the unit of the strength, where they are weights that differ by a power
/// of a thousand: `50 mcg` tablets, `0.05 mg`.
pub fn in_strength(order: &MedicationOrder) -> MedicationOrder {
    let mut order = order.clone();
    let [strength] = order.strength.as_slice() else { return order };
    let (unit, Some(power)) = (strength.unit.clone(), gram_power(&strength.unit)) else {
        return order;
    };
    for dose in order.dosage.iter_mut().filter_map(|dosage| dosage.dose.as_mut()) {
        let Some(own) = gram_power(&dose.unit).filter(|own| *own != power) else { continue };
        let written = dose.value.as_str();
        let (digits, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or_default().saturating_add(own - power);
        if let Ok(value) = format!("{digits}e{exponent}").parse() {
            *dose = Quantity {
                value,
                unit: unit.clone(),
                ucum: None,
                comparator: dose.comparator.take(),
            };
        }
    }
    order
}

/// The power of ten of a unit of weight, of a gram.
pub fn gram_power(unit: &str) -> Option<i32> {
    Some(match unit.trim() {
        "kg" => 3,
        "g" | "gm" => 0,
        "mg" => -3,
        "ug" | "UG" | "µg" | "μg" | "mcg" | "MCG" | "[ug]" => -6,
        "ng" => -9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::{DoseWords, OrderWords, order_parts_in};
    use crate::{CodeableConcept, Dosage, MedicationStatus};

    fn quantity(written: &str) -> Quantity {
        let (value, unit) = written.split_once(' ').unwrap();
        let value = value.parse().unwrap();
        Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None }
    }

    #[test]
    fn a_dose_is_in_the_unit_of_the_strength() {
        let check = |strengths: &[&str], dose: &str, want: &str| {
            let dosage = Dosage { dose: Some(quantity(dose)), ..Dosage::default() };
            let medication = CodeableConcept::from_text("x");
            let mut order =
                MedicationOrder::new(medication, vec![dosage], MedicationStatus::Active);
            order.strength = strengths.iter().map(|one| quantity(one)).collect();
            let before = order.clone();
            let parts = order_parts_in(&order, &DoseWords::ENGLISH, &OrderWords::ENGLISH);
            let dose = parts.iter().find_map(|part| DoseWords::ENGLISH.announced(part)).unwrap();
            assert_eq!(dose.replace('\u{a0}', " "), want, "{strengths:?}");
            assert_eq!(order, before, "what is stored stays as it was written");
        };
        check(&["50 mcg"], "0.05 mg", "50 mcg");
        check(&["500 mg"], "1 g", "1,000 mg");
        check(&["0.5 g"], "500 mg", "0.5 g");
        check(&["5 mg"], "5 mg", "5 mg");
        check(&["5 mg"], "2 tablet", "2 tablets");
        check(&["5 mg/5 mL"], "0.005 g", "0.005 g");
        check(&["500 mg", "125 mg"], "1 g", "1 g");
        check(&[], "1 g", "1 g");
    }
}
