//! A single dose ten times the usual one of an adult: a slip of a point or of a zero.

use super::{Taken, is_applied, is_of};
use crate::drug::{USUAL, Usual};
use clinical::{AlertTier, DetectedIssue, EntryRef, MedicationOrder, Quantity, Said};

/// The rule of this file.
pub const TENFOLD: &str = "tenfold-dose";

/// What speaks against the doses of an order. One that is told in pieces of a product is as much as
/// they hold; one whose amount is not known is not judged.
pub(crate) fn find(written: &Taken<'_>) -> Vec<DetectedIssue> {
    let mut issues = Vec::new();
    for (order, named) in &written.orders {
        let row = USUAL.iter().find(|row| is_of(named, row.name));
        let Some(row) = row.filter(|_| !is_many(order) && !is_applied(order)) else { continue };
        let doses = order.dosage.iter().filter_map(|dosage| dosage.dose.as_ref());
        let is_odd = |dose: &f64| *dose >= row.usual_mg * 10.0 && *dose > row.greatest_mg;
        let odd = doses.filter_map(|dose| milligrams(dose, &order.strength)).filter(is_odd);
        if let Some(greatest) = odd.reduce(f64::max) {
            let times = greatest / row.usual_mg;
            issues.push(issue(written.entry, order.medication.label(), row, times));
        }
    }
    issues
}

/// Several substances: a dose is of which of them nobody can say.
fn is_many(order: &MedicationOrder) -> bool {
    order.strength.len() > 1 || order.medication.label().contains('+')
}

fn milligrams(dose: &Quantity, strength: &[Quantity]) -> Option<f64> {
    let number = dose.value.as_str().parse::<f64>().ok()?;
    if let Some(factor) = of_mass(&dose.unit) {
        return Some(number * factor);
    }
    let unit = dose.unit.to_lowercase();
    let is_piece = PIECES.iter().any(|piece| unit.starts_with(piece));
    let [one] = strength else { return None };
    let each = one.value.as_str().parse::<f64>().ok()? * of_mass(&one.unit)?;
    is_piece.then_some(number * each)
}

/// How a tablet or a capsule is called in the languages of the window.
const PIECES: [&str; 9] =
    ["tablet", "tab", "capsule", "cap", "comprim", "gélule", "cápsula", "kidonge", "vidonge"];

/// How many milligrams one is.
fn of_mass(unit: &str) -> Option<f64> {
    match unit.trim().to_lowercase().trim_end_matches('s') {
        "g" | "gm" | "gram" | "gramme" => Some(1000.0),
        "mg" | "milligram" | "milligramme" => Some(1.0),
        "mcg" | "ug" | "µg" | "μg" | "[ug]" | "microgram" | "microgramme" => Some(0.001),
        "ng" | "nanogram" | "nanogramme" => Some(0.000_001),
        _ => None,
    }
}

/// How many times the usual dose it is: whole times, since a hundredth more is no other slip.
fn issue(entry: Option<EntryRef>, medicine: &str, row: &Usual, times: f64) -> DetectedIssue {
    let (usual, times) = (format!("{}\u{a0}mg", row.usual_mg), format!("{:.0}", times.floor()));
    DetectedIssue {
        rule: TENFOLD.to_owned(),
        tier: AlertTier::Interrupt,
        subject: entry.into_iter().collect(),
        detail: format!(
            "{medicine}: {times} times the usual dose of an adult, {usual}. Is it meant?"
        ),
        source: row.source.to_owned(),
        said: Some(Said::new(
            "times-usual",
            &[("medicine", medicine), ("times", &times), ("usual", &usual)],
        )),
    }
}
