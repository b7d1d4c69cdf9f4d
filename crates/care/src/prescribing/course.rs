//! The way a medicine is given, and how much of it is handed out.

use super::{
    dose::Dose,
    fact::Fact,
    form::Form,
    line::Line,
    medicine::Named,
    read::Settled,
    reading::{Meaning, Reading},
    unit::{Noun, Unit},
};

/// The route that was typed.
pub(super) fn route(line: &mut Line<'_>) -> Option<&'static str> {
    let typed = line.all(|fact| if let Fact::Route(route, _) = fact { Some(*route) } else { None });
    line.one(&typed, Meaning::Route, "route")
}

/// The route: as it was typed, or the only one of the form, of the medicine or of all that fits.
pub(super) fn way(settled: &Settled, named: &Named, form: Option<&Form>) -> Option<&'static str> {
    if settled.route.is_some() || settled.is_open {
        return settled.route;
    }
    if let Some(route) = form.map(|form| form.route).filter(|route| !route.is_empty()) {
        return Some(route);
    }
    let best = &settled.chosen.best;
    let mut ways = best.iter().map(|product| product.form.route);
    let first = ways.next();
    if let Some(first) = first.filter(|route| !route.is_empty() && ways.all(|it| it == *route)) {
        return Some(first);
    }
    let is_injected = !best.is_empty() && best.iter().all(|it| it.form.route.is_empty());
    let one = named.candidates.first().filter(|_| named.is_one && is_injected);
    match one.map(|one| one.medicine.routes.as_slice()) {
        Some([only]) => Some(*only),
        _ => swallowed(&settled.dose),
    }
}

/// Tablets and capsules of a medicine that is not in the list are swallowed.
const fn swallowed(dose: &Dose) -> Option<&'static str> {
    if let Dose::Of(_, Unit::Count(Noun::Tablet | Noun::Capsule)) = dose {
        Some("oral")
    } else {
        None
    }
}

/// Fills in how much is handed out and how often again, where it was typed.
pub(super) fn supply(reading: &mut Reading, line: &mut Line<'_>, settled: &Settled) {
    let handed =
        line.all(
            |fact| {
                if let Fact::Handed(number, unit) = fact { Some((*number, *unit)) } else { None }
            },
        );
    if let Some((number, unit)) = line.one(&handed, Meaning::Quantity, "quantity") {
        let counted = super::dose::counted_as(settled.chosen.best.iter().map(|it| it.form));
        let of_dose =
            if let Dose::Of(_, unit @ Unit::Count(_)) = settled.dose { Some(unit) } else { None };
        let unit = unit.or(of_dose).or(counted);
        reading.draft.quantity = number.to_string();
        reading.draft.quantity_unit =
            unit.map(|unit| unit.words(number).to_owned()).unwrap_or_default();
    } else if !handed.is_empty() {
        reading.draft.quantity.clear();
        reading.draft.quantity_unit.clear();
    }
    let repeats =
        line.all(|fact| if let Fact::Repeats(number) = fact { Some(*number) } else { None });
    if let Some(number) = line.one(&repeats, Meaning::Repeats, "repeats") {
        reading.draft.repeats = number.to_string();
    }
    for (at, ()) in line.all(|fact| matches!(fact, Fact::AsNeeded).then_some(())) {
        line.mark(at, Meaning::AsNeeded);
    }
    for (at, ()) in line.all(|fact| matches!(fact, Fact::Words(_)).then_some(())) {
        line.mark(at, Meaning::Instruction);
    }
}
