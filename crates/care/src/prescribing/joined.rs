//! Numbers that something joins to a dose: `40 or 80`, `5 y 10 mg`, `40, 80`, `10 ~ 20 mg`.

use super::{
    fact::Fact,
    lead::Lead,
    line::Line,
    number::Number,
    token::Kind,
    unit::Unit,
    words::{JOINERS, NO_JOINERS},
};
use std::collections::BTreeSet;

/// Unknown words between two numbers that may join them.
const WORDS_MAX: usize = 2;

/// An amount with its unit, where it has one.
type Amount = (Number, Option<Unit>);

/// Makes numbers that are joined to a dose words of the instruction, whatever joins them: neither
/// is the dose. Takes them out of `leads`, and gives what they are counted in.
pub(super) fn joined(line: &mut Line<'_>, leads: &mut Vec<Lead>) -> Option<Option<Unit>> {
    let is_lead = |at: usize| leads.iter().any(|lead| lead.at.contains(&at));
    let numbers: Vec<(usize, Amount)> = amounts(line);
    let mut words = BTreeSet::new();
    let mut unit = None;
    for ((one, first), (other, second)) in numbers.iter().zip(numbers.iter().skip(1)) {
        let (one, other) = (*one, *other);
        // "1 mg alt 2 mg" is two doses, and told as such.
        let has_both = first.1.is_some() && second.1.is_some();
        let is_of_dose = is_lead(one)
            || words.contains(&one)
            || (is_lead(other) && matches!(line.fact(one), Some(Fact::Beside(_))));
        if is_of_dose
            && is_joined(line, (one, other), has_both)
            && may_be_one(line, other, *first, *second)
        {
            words.extend(one..=other);
            unit = second.1.or(unit);
        }
    }
    if words.is_empty() {
        return None;
    }
    leads.retain(|lead| !lead.at.iter().any(|at| words.contains(at)));
    for at in words {
        let fact = line.fact(at).map(|fact| if let Fact::Beside(it) = fact { it } else { fact });
        if let Some(fact) = fact.cloned() {
            line.beside(at, fact);
        }
    }
    Some(unit)
}

/// Every amount of the line, and those within unknown words.
fn amounts(line: &Line<'_>) -> Vec<(usize, Amount)> {
    line.all(|fact| {
        let fact = if let Fact::Beside(within) = fact { within } else { fact };
        if let Fact::Amount(value, unit) = fact {
            Some((*value, Some(*unit)))
        } else if let Fact::Bare(value) = fact {
            Some((*value, None))
        } else {
            None
        }
    })
}

/// Whether nothing but what joins stands between two numbers: a comma, a sign, a word like "or".
fn is_joined(line: &Line<'_>, (one, other): (usize, usize), has_both: bool) -> bool {
    if other == one + 1 {
        return line.is_parted(other);
    }
    let mut between = (one + 1..other).filter_map(|at| line.parts.get(at));
    between.all(|part| {
        let is_unknown = match &part.fact {
            Some(Fact::Beside(within)) => **within == Fact::Unknown,
            fact => *fact == Some(Fact::Unknown),
        };
        let mut tokens = line.tokens.get(part.tokens.clone()).unwrap_or_default().iter();
        tokens.all(|token| {
            let word = token.text.as_str();
            let is_few = !has_both && other - one <= WORDS_MAX + 1;
            let is_few = is_few && is_unknown && !NO_JOINERS.contains(&word);
            is_few
                || JOINERS.contains(&word)
                || (is_unknown && token.kind == Kind::Sign && !NO_JOINERS.contains(&word))
        })
    })
}

/// Whether two amounts may be from and to, or the two ends of one decimal: "5 mg, 1 tab" is a
/// strength and how many of it, and so is "500 mg, 2 three times a day".
fn may_be_one(line: &Line<'_>, other: usize, first: Amount, second: Amount) -> bool {
    let ((_, Some(one)), (value, with)) = (first, second) else { return true };
    let is_few = value.as_whole().is_some_and(|it| it <= super::dose::PIECES_TYPED_MAX);
    match with {
        Some(with) => one.is_alike(with),
        None => !(is_few && line.is_parted(other)),
    }
}
