//! The dose and the strength, out of the amounts that a sentence has.

use super::{
    fact::Fact,
    form::{Form, Measure},
    formulary::Product,
    joined::joined,
    lead::{Lead, is_uneven, leads},
    line::Line,
    number::Number,
    product::is_told,
    reading::Meaning,
    strength::{Content, Per, Strength},
    unit::{Mass, Unit},
};
use clinical::DurationUnit;

/// The dose as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dose {
    /// So much of a unit.
    Of(Number, Unit),
    /// So many of the product.
    Counted(Number),
    /// A number whose unit is not told.
    Bare(Number),
    /// It is not one amount: it stands in the instruction. With what is counted there.
    InWords(Option<Unit>),
    /// It is not told, or not clearly.
    Unknown,
}

/// The strength as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// A whole strength.
    Strength(Strength),
    /// An amount that is one, or the sum of one.
    Amount(Number, Unit),
    /// Numbers without a unit.
    Numbers(Vec<Number>),
    /// Nothing.
    Nothing,
}

/// A number up to here that is a strength as well may be so many tablets.
pub(super) const PIECES_TYPED_MAX: u32 = 4;
/// More pieces at once than anyone takes.
pub(super) const PIECES_AT_ONCE_MAX: u32 = 12;
/// More of a product at once than a number without a unit can mean.
const COUNT_MAX: u32 = 10;

/// Settles the dose and the strength. `products` are those that may be meant.
pub(super) fn dose(line: &mut Line<'_>, products: &[&Product]) -> (Told, Dose) {
    let told = strength(line, products);
    let ranges = line.all(|fact| if let Fact::Range(_, unit) = fact { Some(*unit) } else { None });
    let uneven = is_uneven(line);
    let mut leads = leads(line);
    let joined = joined(line, &mut leads);
    if !ranges.is_empty() || uneven || joined.is_some() {
        let counted = ranges.iter().find_map(|(_, unit)| *unit).or(joined.flatten());
        let detail = "The dose is not one amount: it stands in the instruction.";
        line.inform("dose", "dose-in-words", detail);
        return match leads.as_slice() {
            [one] if told == Told::Nothing && is_strength(one, products) => {
                (taken_as_strength(line, one), Dose::InWords(counted))
            }
            _ => (told, Dose::InWords(counted)),
        };
    }
    match leads.as_slice() {
        [] if is_of_pieces(&told, products) => {
            line.inform("dose", "read-as-count", "Read as one piece of this strength.");
            (told, Dose::Counted(Number::whole(1)))
        }
        [] => (told, Dose::Unknown),
        [one] if told == Told::Nothing => single(line, one, products),
        [one] => (told, taken(line, one, true)),
        [first, second] if told == Told::Nothing => pair(line, first, second, products),
        _ => {
            line.contradicted("dose");
            (told, Dose::Unknown)
        }
    }
}

/// Whether a strength of several substances was told, of which one is taken: `500/125 bd`.
fn is_of_pieces(told: &Told, products: &[&Product]) -> bool {
    let is_of_it = |product: &&Product| {
        let many = product.strength.as_ref().is_some_and(|strength| strength.only().is_none());
        many && matches!(product.form.measure, Measure::Piece(..)) && is_told(product, told)
    };
    *told != Told::Nothing && products.iter().any(is_of_it)
}

fn strength(line: &mut Line<'_>, products: &[&Product]) -> Told {
    let told = line.all(|fact| {
        if let Fact::Strength(strength) = fact {
            return Some(Told::Strength(strength.clone()));
        }
        // Numbers that are no strength of it may be anything.
        let Fact::Numbers(numbers) = fact else { return None };
        let told = Told::Numbers(numbers.clone());
        products.iter().any(|product| is_told(product, &told)).then_some(told)
    });
    line.one(&told, Meaning::Strength, "strength").unwrap_or(Told::Nothing)
}

/// One amount alone: the dose.
fn single(line: &mut Line<'_>, lead: &Lead, products: &[&Product]) -> (Told, Dose) {
    let sum = sum_of(lead.value, products).filter(|sum| lead.unit.is_none_or(|unit| unit == *sum));
    if let Some(unit) = lead.unit.filter(|_| sum.is_none()) {
        let is_either = matches!(unit, Unit::Count(_)) && unit_of(lead.value, products).is_some();
        if is_either && lead.value > Number::whole(PIECES_TYPED_MAX) {
            let detail = format!("Read as {} {}.", lead.value, unit.words(lead.value));
            line.inform("dose", "read-as-count", &detail);
        }
        return (Told::Nothing, taken(line, lead, false));
    }
    let is_open = lead.unit.is_none() && !lead.is_counted;
    if let Some(unit) = unit_of(lead.value, products).filter(|_| is_open) {
        if lead.value <= Number::whole(PIECES_TYPED_MAX) && lead.value.as_whole().is_some() {
            let detail = format!("Read as {} {}.", lead.value, unit.words(lead.value));
            line.inform("dose", "read-as-unit", &detail);
        }
        mark(line, lead, Meaning::Dose);
        return (Told::Nothing, Dose::Of(lead.value, unit));
    }
    if let Some(unit) = sum {
        mark(line, lead, Meaning::Strength);
        let detail = "The number is the sum of the strengths: read as one of it.";
        line.inform("strength", "read-as-sum", detail);
        return (Told::Amount(lead.value, unit), Dose::Counted(Number::whole(1)));
    }
    let is_of_many = |product: &&Product| {
        let strength = product.strength.as_ref();
        matches!(product.form.measure, Measure::Piece(..))
            && strength.is_none_or(|strength| strength.only().is_none())
    };
    if !products.is_empty() && products.iter().all(is_of_many) && is_small(lead.value) {
        // Nobody doses a product of several substances but by the piece.
        line.inform("dose", "read-as-count", "Read as a number of tablets or capsules.");
        let counted = Lead { is_counted: true, ..lead.clone() };
        return (Told::Nothing, taken(line, &counted, true));
    }
    (Told::Nothing, taken(line, lead, false))
}

/// Two amounts: a strength, and how much of it.
fn pair(line: &mut Line<'_>, first: &Lead, second: &Lead, products: &[&Product]) -> (Told, Dose) {
    let counts = |lead: &Lead| match lead.unit {
        Some(Unit::Count(_) | Unit::Millilitre) => true,
        Some(_) => false,
        None => is_small(lead.value) && !is_strength(lead, products),
    };
    let is_mass = |lead: &Lead| match lead.unit {
        Some(unit) => matches!(unit, Unit::Mass(_) | Unit::Units),
        // A small number beside a strength may be tablets as well.
        None => {
            lead.value > Number::whole(PIECES_TYPED_MAX) && unit_of(lead.value, products).is_some()
        }
    };
    let names_strength =
        |lead: &Lead| is_strength(lead, products) || (products.is_empty() && is_mass(lead));
    let is_plainly_counted =
        |lead: &Lead| matches!(lead.unit, Some(Unit::Count(_) | Unit::Millilitre));
    let is_typed_strength = |lead: &Lead, other: &Lead| is_mass(lead) && is_plainly_counted(other);
    // "5 mg once daily 10 mg at night" is two doses.
    if is_of_a_liquid_too(second, products) && names_strength(first) {
        // "250 5": five capsules of 250 mg, or 5 mL of 250 mg/5 mL.
        line.contradicted("dose");
        return (Told::Nothing, Dose::Unknown);
    }
    let is_first =
        !first.is_before_times && (names_strength(first) || is_typed_strength(first, second));
    if is_first && is_mass(second) && second.unit.is_some() && is_apart(line, first, second) {
        line.contradicted("dose");
        return (Told::Nothing, Dose::Unknown);
    }
    if is_first && (counts(second) || is_mass(second)) {
        let is_other = (first.value, first.unit) != (second.value, second.unit);
        let differs = second.unit.is_some() || first.value != second.value;
        if is_mass(second) && is_other && differs {
            let detail = "The first amount was read as the strength, the second as the dose.";
            line.inform("strength", "read-as-strength", detail);
        }
        let told = taken_as_strength(line, first);
        let unit =
            unit_of(second.value, products).filter(|_| second.unit.is_none() && is_mass(second));
        let second = Lead { unit: second.unit.or(unit), ..second.clone() };
        return (told, taken(line, &second, true));
    }
    if is_first && first.unit.is_some() && second.unit.is_none() {
        // One tablet or one milligram: the strength is clear, the unit of the dose is not.
        mark(line, second, Meaning::Dose);
        return (taken_as_strength(line, first), Dose::Bare(second.value));
    }
    if names_strength(second) && counts(first) {
        return (taken_as_strength(line, second), taken(line, first, true));
    }
    line.contradicted("dose");
    (Told::Nothing, Dose::Unknown)
}

/// Whether a number without a unit may be so many pieces or so many millilitres: it is more than anyone
/// takes of pieces without a word, and the medicine comes as a liquid too.
fn is_of_a_liquid_too(lead: &Lead, products: &[&Product]) -> bool {
    let is = |of: fn(&Measure) -> bool| products.iter().any(|it| of(&it.form.measure));
    lead.unit.is_none()
        && !lead.is_counted
        && lead.value > Number::whole(PIECES_TYPED_MAX)
        && is_small(lead.value)
        && is(|measure| matches!(measure, Measure::Volume))
        && is(|measure| matches!(measure, Measure::Piece(..)))
}

/// Whether two amounts are doses of different days or times: words that are no form stand between
/// them, `5 mg mon-fri, 2.5 mg sat sun`, or they are taken by turns, `100 mcg 50 mcg alternate days`.
fn is_apart(line: &Line<'_>, first: &Lead, second: &Lead) -> bool {
    let (from, to) = (first.at.last().copied(), second.at.first().copied());
    let (Some(from), Some(to)) = (from, to) else { return false };
    let is_plain = |fact: &Fact| matches!(fact, Fact::Form(_) | Fact::Filler | Fact::Route(..));
    let is_between = (from + 1..to).any(|at| !line.fact(at).is_some_and(is_plain));
    let often = line.next(to).and_then(Fact::often);
    let by_turns = often
        .is_some_and(|often| often.unit != DurationUnit::Hour && often.period > Number::whole(1));
    let names_form = (from + 1..to).any(|at| matches!(line.fact(at), Some(Fact::Form(_))));
    is_between || (by_turns && !names_form)
}

/// Takes an amount for the dose. Beside a strength, a small number without a unit is so many of it.
fn taken(line: &mut Line<'_>, lead: &Lead, has_strength: bool) -> Dose {
    mark(line, lead, Meaning::Dose);
    match lead.unit {
        Some(unit) => Dose::Of(lead.value, unit),
        None if (lead.is_counted || has_strength) && is_small(lead.value) => {
            if !lead.is_counted && lead.value > Number::whole(1) {
                let detail = format!("Read as {} pieces of this strength.", lead.value);
                line.inform("dose", "read-as-count", &detail);
            }
            Dose::Counted(lead.value)
        }
        None => Dose::Bare(lead.value),
    }
}

fn taken_as_strength(line: &mut Line<'_>, lead: &Lead) -> Told {
    mark(line, lead, Meaning::Strength);
    match lead.unit {
        Some(unit) => Told::Amount(lead.value, unit),
        None => Told::Numbers(vec![lead.value]),
    }
}

/// Whether it is more pieces than anyone takes at once.
pub(super) fn is_many(dose: &Dose) -> bool {
    let Dose::Of(number, Unit::Count(_)) = dose else { return false };
    *number > Number::whole(PIECES_AT_ONCE_MAX)
}

fn mark(line: &mut Line<'_>, lead: &Lead, meaning: Meaning) {
    for at in &lead.at {
        line.mark(*at, meaning);
    }
}

fn is_small(value: Number) -> bool {
    value <= Number::whole(COUNT_MAX)
}

/// Whether an amount is a strength of one of the products, or the sum of one.
fn is_strength(lead: &Lead, products: &[&Product]) -> bool {
    let mut strengths = products.iter().filter_map(|product| product.strength.as_ref());
    strengths.any(|strength| match lead.unit {
        Some(unit) => {
            strength.is_amount(lead.value, unit) || strength.sum() == Some((lead.value, unit))
        }
        None => {
            (strength.has_numbers(&[lead.value]) && !is_gram(strength))
                || strength.sum().is_some_and(|(sum, _)| sum == lead.value)
        }
    })
}

/// Whether a number before `tabs` or `caps` is a strength: more pieces than anyone takes at once.
pub(super) fn is_strength_of_piece(number: Number, products: &[&Product]) -> bool {
    number > Number::whole(PIECES_AT_ONCE_MAX)
        && (unit_of(number, products).is_some() || sum_of(number, products).is_some())
}

/// A bare `1` is one tablet as well as one gram.
fn is_gram(strength: &Strength) -> bool {
    strength.only().is_some_and(|only| only.unit == Some(Unit::Mass(Mass::Gram)))
}

/// Whether a number is a strength of one of the products, in whatever unit.
pub(super) fn is_any_strength(number: Number, products: &[&Product]) -> bool {
    let strengths = products.iter().filter_map(|product| product.strength.as_ref());
    strengths.filter_map(Strength::only).any(|only| only.value == number)
}

/// The unit of the strengths that a number equals; `None` where it equals none, or several in
/// several units.
fn unit_of(value: Number, products: &[&Product]) -> Option<Unit> {
    let strengths = products.iter().filter_map(|product| product.strength.as_ref());
    let only = strengths.filter(|it| !is_gram(it)).filter_map(Strength::only);
    let of_piece = only.filter(|content| is_of_one(content) && content.value == value);
    let units: Vec<Unit> = of_piece.filter_map(|content| content.unit).collect();
    let first = *units.first()?;
    units.iter().all(|unit| *unit == first).then_some(first)
}

/// Whether it says what one piece, or one dose of an inhaler, holds.
fn is_of_one(content: &Content) -> bool {
    content.per.is_none_or(|(number, per)| number == Number::whole(1) && per == Per::Dose)
}

fn sum_of(value: Number, products: &[&Product]) -> Option<Unit> {
    let mut sums = products.iter().filter_map(|product| product.strength.as_ref()?.sum());
    sums.find(|(sum, _)| *sum == value).map(|(_, unit)| unit)
}

/// The noun that all of these forms are counted by.
pub(super) fn counted_as<'a>(forms: impl Iterator<Item = &'a Form>) -> Option<Unit> {
    let nouns: Vec<_> = forms.map(Form::noun).collect();
    let first = (*nouns.first()?)?;
    nouns.iter().all(|noun| *noun == Some(first)).then_some(Unit::Count(first))
}
