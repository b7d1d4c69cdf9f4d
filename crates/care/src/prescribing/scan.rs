//! What the next few tokens of a sentence say.

use super::{
    dose::PIECES_TYPED_MAX,
    fact::Fact,
    halves::halves,
    number::Number,
    pattern::{number, phrase},
    strength::Strength,
    token::{Kind, Token},
    unit::{Noun, Unit},
};

/// Reads what begins with the first of some tokens: how many they are, and what they say.
type Read = fn(&[Token]) -> Option<(usize, Fact)>;

/// The longest part that begins with the first of these tokens; a phrase before numbers.
pub(super) fn part(tokens: &[Token]) -> (usize, Fact) {
    let readers: [Read; 6] = [phrase, numbers, handed, counted, span, halves];
    let found = readers.iter().filter_map(|read| read(tokens)).filter(|it| !is_cut(tokens, it));
    let longest = found.reduce(|best, next| if next.0 > best.0 { next } else { best });
    longest.unwrap_or((1, Fact::Unknown))
}

/// `30 refill x 2`: the number before is no number of repeats where one follows.
fn is_cut(tokens: &[Token], (length, fact): &(usize, Fact)) -> bool {
    let begins_so = tokens.first().is_some_and(|token| digits(token).is_some());
    let follows = tokens.get(*length).filter(|next| !next.parted);
    let goes_on = follows.is_some_and(|next| next.text == "x" || digits(next).is_some());
    matches!(fact, Fact::Repeats(_)) && begins_so && goes_on
}

/// Whether these tokens begin with something other than a name.
pub(super) fn is_known(tokens: &[Token]) -> Option<usize> {
    let (length, fact) = part(tokens);
    (fact != Fact::Unknown).then_some(length)
}

/// An amount, a strength or a bare number.
fn numbers(tokens: &[Token]) -> Option<(usize, Fact)> {
    number(tokens.first()?)?;
    let readers: [Read; 6] = [by_times, range, amount, strength, listed, bare];
    let found = readers.iter().filter_map(|read| read(tokens));
    found.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

/// `1-0-1`: small numbers in the order of the day; greater ones where one of them is none.
fn by_times(tokens: &[Token]) -> Option<(usize, Fact)> {
    let mut amounts = vec![digits(tokens.first()?)?];
    let sign = tokens.get(1).filter(|it| matches!(it.text.as_str(), "-" | "+"))?;
    let mut length = 1;
    while tokens.get(length).is_some_and(|it| it.text == sign.text) {
        amounts.push(digits(tokens.get(length + 1)?)?);
        length += 2;
    }
    let has_some = amounts.iter().any(|amount| !amount.is_zero());
    let has_none = amounts.iter().any(|amount| amount.is_zero());
    let most = Number::whole(if has_none { 99 } else { 4 });
    let follows = tokens.get(length).map_or("", |it| it.text.as_str());
    let is_unit = Unit::typed(follows).is_some() || follows == "%";
    let is_of_a_day = (3..=4).contains(&amounts.len()) && amounts.iter().all(|it| *it <= most);
    (is_of_a_day && has_some && !is_unit).then_some((length, Fact::ByTimes(amounts)))
}

fn digits(token: &Token) -> Option<Number> {
    match token.kind {
        Kind::Number(number, _) => Some(number),
        Kind::Word | Kind::Unclear | Kind::Sign => None,
    }
}

/// `1-2 tabs`, `5 to 10 mg`, `2 x 500 mg`, `50 mg/kg/day`: no one amount.
fn range(tokens: &[Token]) -> Option<(usize, Fact)> {
    if let Some(range) = rate(tokens).or_else(|| amounts(tokens)) {
        return Some(range);
    }
    let first = number(tokens.first()?)?;
    let text = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    if let Some((length, Fact::Amount(value, unit @ Unit::PerKilogram(_)))) = amount(tokens)
        && text(length) == Some("/")
    {
        let word =
            text(length + 1).filter(|it| ["day", "d", "jour", "j", "dia", "24"].contains(it))?;
        let more = 2 + usize::from(word == "24" && text(length + 2) == Some("h"));
        let words = format!("{value} {} in a day", unit.words(value));
        return Some((length + more, Fact::Range(words, None)));
    }
    let between = match text(1)? {
        "-" | "to" | "a" | "hasta" => "to",
        "or" | "ou" | "o" | "au" => "or",
        "x" => "of",
        word if SPOONS.contains(&word) => {
            return Some((2, Fact::Range(format!("{first} {word}"), None)));
        }
        _ => return None,
    };
    let second = number(tokens.get(2)?)?;
    let (length, unit) = match tokens.get(3).and_then(|token| Unit::typed(&token.text)) {
        Some((unit, 1)) => (4, Some(unit)),
        Some(_) | None => (3, None),
    };
    if unit.is_none() && matches!(text(1), Some("x" | "a" | "o" | "or" | "ou" | "au")) {
        return None;
    }
    let words = unit.map(|unit| format!(" {}", unit.words(second))).unwrap_or_default();
    let each = if between == "of" { " each" } else { "" };
    Some((length, Fact::Range(format!("{first} {between} {second}{words}{each}"), unit)))
}

/// `10 mcg/kg/min`, `125 ml/hr`: a rate is no dose, and neither is `50000 units/kg`.
fn rate(tokens: &[Token]) -> Option<(usize, Fact)> {
    let (length, Fact::Amount(value, unit)) = amount(tokens)? else { return None };
    tokens.get(length).filter(|it| it.text == "/")?;
    let time = match tokens.get(length + 1)?.text.as_str() {
        "kg" if !matches!(unit, Unit::Mass(_)) => "kg",
        "min" | "mins" | "minute" => "min",
        // Of a mass alone it may be the strength of a patch.
        "h" | "hr" | "hrs" | "hour" if !matches!(unit, Unit::Mass(_)) => "hour",
        _ => return None,
    };
    let words = format!("{value} {}/{time}", unit.words(value));
    Some((length + 2, Fact::Range(words, Some(unit))))
}

/// `5 mg or 10 mg`
fn amounts(tokens: &[Token]) -> Option<(usize, Fact)> {
    let (length, Fact::Amount(first, unit)) = amount(tokens)? else { return None };
    let between = match tokens.get(length)?.text.as_str() {
        "-" | "to" | "hasta" => "to",
        "or" | "ou" => "or",
        _ => return None,
    };
    let (more, Fact::Amount(second, with)) = amount(tokens.get(length + 1..)?)? else {
        return None;
    };
    let (one, other) = (unit.words(first), with.words(second));
    let words = format!("{first} {one} {between} {second} {other}");
    Some((length + 1 + more, Fact::Range(words, Some(with))))
}

/// Measures that are no unit: which spoon, how fast.
const SPOONS: [&str; 22] = [
    "tsp",
    "tsps",
    "teaspoon",
    "teaspoons",
    "tbsp",
    "tablespoon",
    "spoon",
    "spoons",
    "spoonful",
    "cuillere",
    "cuilleres",
    "cucharada",
    "cucharadas",
    "cucharadita",
    "cucharaditas",
    "colher",
    "colheres",
    "l",
    "litre",
    "litres",
    "kijiko",
    "vijiko",
];

/// `every 4 to 6 hours`, `q6-8h`, `4-6 hrly`.
fn span(tokens: &[Token]) -> Option<(usize, Fact)> {
    let lead = tokens.first().filter(|it| ["q", "every", "cada"].contains(&it.text.as_str()));
    let rest = tokens.get(usize::from(lead.is_some())..)?;
    let [first, to, second, unit, ..] = rest else { return None };
    let (first, second) = (number(first)?, number(second)?);
    let is_hourly = matches!(unit.text.as_str(), "hourly" | "hrly" | "hly");
    let is_hours =
        is_hourly || matches!(unit.text.as_str(), "h" | "hr" | "hrs" | "hours" | "horas");
    let is_said = (lead.is_some() && is_hours) || is_hourly;
    let joins = matches!(to.text.as_str(), "-" | "to" | "a");
    let length = 4 + usize::from(lead.is_some());
    (joins && is_said).then(|| (length, Fact::Span(format!("every {first} to {second} hours"))))
}

/// A number with its unit: `5 mg`, `1/2 tab`, `1½ tab`, `2.4 million units`, `10 mg/kg`.
fn amount(tokens: &[Token]) -> Option<(usize, Fact)> {
    let (mut length, mut value) = with_fraction(tokens)?;
    if tokens.get(length).is_some_and(|it| it.text == "million") {
        value = value.times(1_000_000)?;
        length += 1;
    }
    let (unit, many) = Unit::typed(&tokens.get(length)?.text)?;
    let (value, length) = (value.times(many)?, length + 1);
    let is_per_kilogram = tokens.get(length).is_some_and(|it| it.text == "/")
        && tokens.get(length + 1).is_some_and(|it| it.text == "kg");
    // "500 mg/tablet" is a strength as "500 mg" is.
    let per = tokens.get(length + 1).and_then(|it| Unit::typed(&it.text));
    let is_per_piece = tokens.get(length).is_some_and(|it| it.text == "/")
        && matches!((unit, per), (Unit::Mass(_), Some((Unit::Count(noun), 1))) if !noun.is_portion());
    if is_per_piece {
        return Some((length + 2, Fact::Amount(value, unit)));
    }
    match unit {
        Unit::Mass(mass) if is_per_kilogram => {
            Some((length + 2, Fact::Amount(value, Unit::PerKilogram(mass))))
        }
        Unit::Mass(_)
        | Unit::PerKilogram(_)
        | Unit::Units
        | Unit::Millimole
        | Unit::Millilitre
        | Unit::Count(_) => Some((length, Fact::Amount(value, unit))),
    }
}

/// A number with a half or a quarter behind it, or one of these alone.
fn with_fraction(tokens: &[Token]) -> Option<(usize, Number)> {
    let first = number(tokens.first()?)?;
    if let Some((length, part)) = fraction(tokens) {
        return Some((length, part));
    }
    let rest = tokens.get(1..)?;
    // "1 1/2 tab" is one number; in "25 1/2 tab" a half is taken of what is 25 strong.
    let is_mixed = first.as_whole().is_some_and(|whole| (1..=PIECES_TYPED_MAX).contains(&whole));
    if let Some((length, part)) = fraction(rest).filter(|_| is_mixed) {
        return Some((length + 1, first.plus(part)?));
    }
    let glued = rest.first().filter(|token| token.glued).and_then(digits);
    match glued.filter(|part| *part < Number::whole(1)) {
        Some(part) => Some((2, first.plus(part)?)),
        None => Some((1, first)),
    }
}

/// `1/2`, `3/4`
fn fraction(tokens: &[Token]) -> Option<(usize, Number)> {
    let above = digits(tokens.first()?)?.as_whole()?;
    tokens.get(1).filter(|it| it.text == "/")?;
    let below = digits(tokens.get(2)?)?.as_whole()?;
    let is_one = matches!((above, below), (1, 2) | (1, 4) | (3, 4));
    is_one.then(|| Number::whole(above).over(below)).flatten().map(|number| (3, number))
}

/// A strength that is more than one amount.
fn strength(tokens: &[Token]) -> Option<(usize, Fact)> {
    let (length, strength) = Strength::read(tokens)?;
    strength.is_composed().then_some((length, Fact::Strength(strength)))
}

/// Numbers of several substances: `500/125`, `20/120 mg`, `500+125 mg`.
fn listed(tokens: &[Token]) -> Option<(usize, Fact)> {
    let mut numbers = vec![digits(tokens.first()?)?];
    let mut length = 1;
    while let (Some(sign), Some(next)) = (tokens.get(length), tokens.get(length + 1)) {
        let Some(next) = digits(next).filter(|_| matches!(sign.text.as_str(), "/" | "+")) else {
            break;
        };
        numbers.push(next);
        length += 2;
    }
    if numbers.len() < 2 {
        return None;
    }
    match tokens.get(length).and_then(|token| Unit::typed(&token.text)) {
        Some((unit @ Unit::Mass(_), 1)) => {
            Some((length + 1, Fact::Strength(Strength::shared(&numbers, unit))))
        }
        Some((Unit::Millilitre, 1)) => Some((length + 1, Fact::Numbers(numbers))),
        Some(_) | None if fraction(tokens).is_some() => {
            fraction(tokens).map(|(length, number)| (length, Fact::Bare(number)))
        }
        Some(_) | None => Some((length, Fact::Numbers(numbers))),
    }
}

fn bare(tokens: &[Token]) -> Option<(usize, Fact)> {
    digits(tokens.first()?)?;
    let (length, number) = with_fraction(tokens)?;
    Some((length, Fact::Bare(number)))
}

/// `mitte 30`, `#30`, `quantity 30 tablets`.
fn handed(tokens: &[Token]) -> Option<(usize, Fact)> {
    const WORDS: [&str; 13] = [
        "#",
        "disp",
        "dispense",
        "qty",
        "quantity",
        "mitte",
        "supply",
        "issue",
        "quantite",
        "cantidad",
        "quantidade",
        "idadi",
        "total",
    ];
    WORDS.contains(&tokens.first()?.text.as_str()).then_some(())?;
    let number = digits(tokens.get(1)?)?;
    match tokens.get(2).and_then(|token| Unit::typed(&token.text)) {
        Some((unit, many)) => Some((3, Fact::Handed(number.times(many)?, Some(unit)))),
        None => Some((2, Fact::Handed(number, None))),
    }
}

/// `x 5`, and what stands before its number: `vidonge 2`.
fn counted(tokens: &[Token]) -> Option<(usize, Fact)> {
    let first = tokens.first()?;
    let number = digits(tokens.get(1)?)?;
    match first.text.as_str() {
        "x" => number.as_whole().map(|_| (2, Fact::Times(number))),
        "vidonge" | "kidonge" | "tembe" => {
            Some((2, Fact::Amount(number, Unit::Count(Noun::Tablet))))
        }
        "matone" => Some((2, Fact::Amount(number, Unit::Count(Noun::Drop)))),
        _ => None,
    }
}
