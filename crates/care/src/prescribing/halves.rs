//! Halves and quarters in words: `half a tablet`, `un demi comprimé`, `nusu kidonge`.

use super::{
    fact::Fact,
    number::Number,
    pattern::number,
    token::{Kind, Token},
    unit::Unit,
    words::HALVES,
};

/// Words that say nothing within such a part.
const ARTICLES: [&str; 8] = ["a", "an", "un", "une", "una", "uma", "one", "of"];
const AND: [&str; 5] = ["and", "et", "y", "e", "na"];
const OF: [&str; 4] = ["of", "de", "ya", "d"];

/// `half a tab`, `one and a half tabs`, `1 comprimé et demi`, `kidonge nusu`.
pub(super) fn halves(tokens: &[Token]) -> Option<(usize, Fact)> {
    let found = mixed(tokens).or_else(|| behind(tokens)).or_else(|| part_of(tokens));
    let (length, value, unit) = found?;
    let is_whole = tokens.get(1..length)?.iter().all(|token| !token.parted);
    is_whole.then_some((length, Fact::Amount(value, unit)))
}

/// `half a tab`, `a quarter of a tablet`, `medio comprimido`.
fn part_of(tokens: &[Token]) -> Option<(usize, Number, Unit)> {
    let before = skip(tokens, 0, &ARTICLES, 1);
    let part = half(tokens.get(before)?)?;
    let of = skip(tokens, before + 1, &OF, 1);
    let at = skip(tokens, of, &ARTICLES, 1);
    Some((at + 1, part, counted(tokens.get(at)?)?))
}

/// `one and a half tabs`, `un et demi comprimé`.
fn mixed(tokens: &[Token]) -> Option<(usize, Number, Unit)> {
    let whole = few(tokens.first()?)?;
    let (length, part) = and_half(tokens, 1)?;
    Some((length + 1, whole.plus(part)?, counted(tokens.get(length)?)?))
}

/// `1 comprimé et demi`, `un comprimido y medio`, `kidonge nusu`, `kidonge 1 na nusu`.
fn behind(tokens: &[Token]) -> Option<(usize, Number, Unit)> {
    if let Some(unit) = tokens.first().and_then(counted) {
        let second = tokens.get(1)?;
        if let Some(part) = half(second) {
            return Some((2, part, unit));
        }
        let (length, part) = and_half(tokens, 2)?;
        return Some((length, few(second)?.plus(part)?, unit));
    }
    let whole = few(tokens.first()?)?;
    let unit = counted(tokens.get(1)?)?;
    let (length, part) = and_half(tokens, 2)?;
    Some((length, whole.plus(part)?, unit))
}

/// `and a half` from a place on: where it ends, and how much it is.
fn and_half(tokens: &[Token], from: usize) -> Option<(usize, Number)> {
    tokens.get(from).filter(|token| AND.contains(&token.text.as_str()))?;
    let at = skip(tokens, from + 1, &ARTICLES, 1);
    Some((at + 1, half(tokens.get(at)?)?))
}

fn skip(tokens: &[Token], from: usize, words: &[&str], most: usize) -> usize {
    let rest = tokens.get(from..).unwrap_or_default().iter().take(most);
    from + rest.take_while(|token| words.contains(&token.text.as_str())).count()
}

fn half(token: &Token) -> Option<Number> {
    let (_, above, below) = HALVES.iter().find(|(word, ..)| *word == token.text)?;
    Number::whole(*above).over(*below)
}

/// A small whole number.
fn few(token: &Token) -> Option<Number> {
    let is_few = |it: &Number| it.as_whole().is_some_and(|it| (1..=4).contains(&it));
    number(token).filter(is_few)
}

/// What is halved: a tablet, a sachet; never a measure.
fn counted(token: &Token) -> Option<Unit> {
    if token.kind != Kind::Word {
        return None;
    }
    let (unit, _) = Unit::typed(&token.text)?;
    matches!(unit, Unit::Count(noun) if !noun.is_portion()).then_some(unit)
}
