//! The last guard of a dose: a fraction or a number in words that nothing has read beside it.

use super::{
    dose::Dose,
    fact::Fact,
    frequency::Frequency,
    line::{Line, Part},
    number::Number,
    reading::Meaning,
    token::{Kind, Token},
    words::{HOURS, MANY_WORDS, PART_WORDS, TIMES_WORDS, number_word},
};

/// A fraction that stands apart behind a whole number that is a strength: `4 1/2 tab` of what is
/// 4 mg strong is four and a half tablets as well as half a tablet. It is neither.
pub(super) fn part_fractions(line: &mut Line<'_>, is_strength: impl Fn(Number) -> bool) -> bool {
    let places: Vec<usize> = (0..line.parts.len()).filter(|at| is_mixed(line, *at)).collect();
    let mut any = false;
    for at in places {
        let first = line.parts.get(at).and_then(|part| line.tokens.get(part.tokens.start));
        let whole = first.and_then(digits);
        if !whole.is_some_and(&is_strength) {
            continue;
        }
        any = true;
        let next = if is_alone(line, at) { at + 1 } else { at };
        for at in at..=next {
            // As it was typed: written out it would be one of the two.
            line.beside(at, Fact::Unknown);
        }
    }
    if any {
        let detail = "This number may be two. Please write it with digits and a point.";
        line.warn("dose", "number-unclear", detail);
    }
    any
}

fn digits(token: &Token) -> Option<Number> {
    if let Kind::Number(number, _) = token.kind { Some(number) } else { None }
}

/// Whether a part is one number and no more.
fn is_alone(line: &Line<'_>, at: usize) -> bool {
    line.parts.get(at).is_some_and(|part| part.tokens.len() == 1)
}

/// Whether a whole number and a fraction apart from it begin here, in one part or in two.
fn is_mixed(line: &Line<'_>, at: usize) -> bool {
    let Some(part) = line.parts.get(at) else { return false };
    let Some(first) = line.tokens.get(part.tokens.start).and_then(digits) else { return false };
    let is_few = first.as_whole().is_some_and(|it| (1..=4).contains(&it));
    let value = |at: usize| match line.fact(at) {
        Some(Fact::Amount(value, _) | Fact::Bare(value)) => Some(*value),
        _ => None,
    };
    let Some(own) = value(at).filter(|_| is_few) else { return false };
    let is_glued = line.tokens.get(part.tokens.start + 1).is_none_or(|token| token.glued);
    if own == first {
        let behind = value(at + 1).is_some_and(|next| next < Number::whole(1));
        let is_point = line.tokens.get(part.tokens.end).is_some_and(|token| {
            line.text.get(token.start..token.end).is_some_and(|it| it.contains(['.', ',']))
        });
        return is_alone(line, at) && behind && !is_point && !line.is_parted(at + 1);
    }
    let is_unit = line.tokens.get(part.tokens.start + 1).is_some_and(|token| {
        token.kind == Kind::Word && super::unit::Unit::typed(&token.text).is_some()
    });
    let is_part = first.plus(Number::whole(1)).is_some_and(|next| own < next);
    own > first && is_part && !is_glued && !is_unit
}

/// Whether something of a number stands unread beside the dose: then what was read may be a half
/// of what was meant, or a sixth. Tells it, and gives the dose back to the instruction.
pub(super) fn guarded(line: &mut Line<'_>, dose: Dose, frequency: Frequency) -> Dose {
    if matches!(dose, Dose::InWords(_) | Dose::Unknown) {
        return dose;
    }
    let has_frequency = frequency != Frequency::Unknown;
    let unread = unread(line);
    let found = unread.iter().any(|at| says_part(line, *at))
        || unread.iter().any(|at| has_frequency && says_many(line, *at))
        || is_beside_unclear(line);
    if !found {
        return dose;
    }
    line.open(Meaning::Dose);
    let detail = "A number or a fraction beside the dose was not understood. Please write the \
                  dose in digits.";
    line.warn("dose", "dose-unread", detail);
    Dose::Unknown
}

/// The places of the tokens that nothing has read, but for a limit, a condition and a next step.
fn unread(line: &Line<'_>) -> Vec<usize> {
    let mut places = Vec::new();
    let mut aside = false;
    for (at, part) in line.parts.iter().enumerate() {
        aside = is_aside(part) || (aside && !line.is_parted(at));
        let is_name = part.meaning == Meaning::Medicine;
        if (part.meaning == Meaning::Unknown && !aside) || is_name {
            places.extend(part.tokens.clone());
        }
    }
    places
}

fn is_aside(part: &Part) -> bool {
    matches!(&part.fact, Some(Fact::Beside(within)) if **within == Fact::Aside)
}

/// `half`, `double`, `نصف`, digits of another script; but half an hour is a time.
fn says_part(line: &Line<'_>, at: usize) -> bool {
    let word = |at: usize| line.tokens.get(at).map_or("", |token| token.text.as_str());
    let token = line.tokens.get(at).filter(|token| token.kind == Kind::Word);
    let is_part = PART_WORDS.contains(&word(at));
    let is_foreign = token
        .is_some_and(|it| it.text.chars().any(|one| one.is_numeric() && !one.is_ascii_digit()));
    is_foreign || (is_part && !(at + 1..at + 4).any(|next| HOURS.contains(&word(next))))
}

/// `x 6` or `six` beside an amount, `two` before how often.
fn says_many(line: &Line<'_>, at: usize) -> bool {
    let Some(token) = line.tokens.get(at) else { return false };
    let Some(place) = line.parts.iter().position(|part| part.tokens.contains(&at)) else {
        return false;
    };
    let word = token.text.as_str();
    let is_many = token.kind == Kind::Word
        && (MANY_WORDS.contains(&word)
            || number_word(word).is_some_and(|it| it > Number::whole(1)));
    let is_times = TIMES_WORDS.contains(&word)
        && line.tokens.get(at + 1).is_some_and(|next| digits(next).is_some());
    if !is_many && !is_times {
        return false;
    }
    let is_dose = |part: &Part| matches!(part.meaning, Meaning::Dose | Meaning::Strength);
    let is_between = |part: &&Part| {
        matches!(part.meaning, Meaning::Form | Meaning::Filler | Meaning::Route | Meaning::Unknown)
    };
    let before = line.parts.get(..place).unwrap_or_default().iter().rev();
    let is_behind = before.skip_while(is_between).map(is_dose).next() == Some(true);
    let mut after = line.parts.get(place + 1..).unwrap_or_default().iter();
    let next = after.find(|part| !is_between(part));
    let is_often = next.is_some_and(|part| part.meaning == Meaning::Frequency);
    is_behind || next.is_some_and(is_dose) || (is_many && is_often)
}

/// Whether a number that may be two stands beside the dose or the strength.
fn is_beside_unclear(line: &Line<'_>) -> bool {
    let mut told = line.parts.iter().filter(|part| part.meaning != Meaning::Filler).peekable();
    while let Some(part) = told.next() {
        let Some(next) = told.peek() else { break };
        let is_dose = |part: &Part| matches!(part.meaning, Meaning::Dose | Meaning::Strength);
        if (is_dose(part) && line.is_unclear(next)) || (line.is_unclear(part) && is_dose(next)) {
            return true;
        }
    }
    false
}
