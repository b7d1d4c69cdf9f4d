//! How strong a product is: `5 mg`, `250 mg/5 mL`, `500 mg + 125 mg`, `1%`.

use super::{
    number::Number,
    token::{Kind, Token},
    unit::{Mass, Unit},
};
use std::fmt;

/// The strength of a product, one content for each of its substances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Strength {
    contents: Vec<Content>,
}

/// So much of one substance, in so much of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    /// The number.
    pub(super) value: Number,
    /// Its unit; `None` of a percentage.
    pub(super) unit: Option<Unit>,
    /// In how much of what; nothing of a piece.
    pub(super) per: Option<(Number, Per)>,
}

/// What a strength is told for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    /// A millilitre.
    Millilitre,
    /// One dose of an inhaler.
    Dose,
    /// A gram of an ointment.
    Gram,
    /// An hour of a patch.
    Hour,
}

impl Strength {
    /// Reads a strength from the first of these tokens on: how many they are, and it.
    pub(super) fn read(tokens: &[Token]) -> Option<(usize, Self)> {
        let (mut length, first) = content(tokens)?;
        let mut contents = vec![first];
        while let Some((more, next)) = next_content(tokens.get(length..).unwrap_or_default()) {
            contents.push(next);
            length += more;
        }
        // "200/40 mg/5 mL" and "500 mg + 125 mg" alike: what stands last is told for all.
        let last = contents.last().and_then(|last| last.per);
        for content in &mut contents {
            content.per = content.per.or(last);
        }
        Some((length, Self { contents }))
    }

    /// Numbers with one unit behind the last: `20/120 mg`, `500+125 mg`.
    pub(super) fn shared(numbers: &[Number], unit: Unit) -> Self {
        let content = |value: &Number| Content { value: *value, unit: Some(unit), per: None };
        Self { contents: numbers.iter().map(content).collect() }
    }

    /// What it holds of its only substance; `None` of several.
    pub(super) fn only(&self) -> Option<&Content> {
        match self.contents.as_slice() {
            [content] => Some(content),
            _ => None,
        }
    }

    /// Whether it is more than one amount: of several substances, in a volume, or a percentage.
    pub(super) fn is_composed(&self) -> bool {
        self.only().is_none_or(|only| only.per.is_some() || only.unit.is_none())
    }

    /// Whether numbers without units are this one's, in any order.
    pub(super) fn has_numbers(&self, typed: &[Number]) -> bool {
        let sorted = |mut numbers: Vec<Number>| {
            numbers.sort();
            numbers
        };
        let typed = sorted(typed.to_vec());
        let values: Vec<Number> = self.contents.iter().map(|content| content.value).collect();
        let per = self.only().and_then(|only| only.per).map(|(per, _)| per);
        let whole = per.map(|per| values.iter().copied().chain([per]).collect());
        whole.is_some_and(|whole| sorted(whole) == typed) || sorted(values) == typed
    }

    /// The sum of several substances in one unit: a co-trimoxazole of 400 mg + 80 mg is typed 480.
    pub(super) fn sum(&self) -> Option<(Number, Unit)> {
        let unit = self.contents.first()?.unit?;
        let is_same = |content: &Content| content.unit == Some(unit) && content.per.is_none();
        if self.contents.len() < 2 || !self.contents.iter().all(is_same) {
            return None;
        }
        let sum = self.contents.iter().try_fold(Number::whole(0), |sum, it| sum.plus(it.value));
        sum.map(|sum| (sum, unit))
    }

    /// Whether it is the same, in any units: `500 mg/100 mL`, `5 mg/mL` and `0.5%`.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let all = self.contents.iter().zip(&other.contents);
        self.contents.len() == other.contents.len() && all.clone().all(|(one, it)| one.is_same(it))
    }

    /// Whether an amount of one substance is this, in any unit.
    pub(super) fn is_amount(&self, value: Number, unit: Unit) -> bool {
        self.only().is_some_and(|only| {
            let is_of_one = matches!(only.per, None | Some((_, Per::Dose)));
            is_of_one && only.unit.is_some_and(|own| same(only.value, own, value, unit))
        })
    }
}

impl Content {
    fn is_same(&self, other: &Self) -> bool {
        let ratios = self.in_a_millilitre().zip(other.in_a_millilitre());
        let is_ratio = ratios.is_some_and(|((one, per), (other, with))| {
            one.checked_mul(with).is_some_and(|one| Some(one) == other.checked_mul(per))
        });
        let units = self.unit.zip(other.unit);
        let is_amount = units.is_some_and(|(of, with)| same(self.value, of, other.value, with));
        self == other || is_ratio || (is_amount && self.per == other.per)
    }

    /// Micrograms, and in how many millilitres, both in millionths: 1% is 10 mg/mL.
    fn in_a_millilitre(&self) -> Option<(u128, u128)> {
        let value = u128::from(self.value.millionths());
        match (self.unit, self.per) {
            (None, None) => Some((value.checked_mul(10_000)?, 1_000_000)),
            (Some(unit @ Unit::Mass(_)), Some((volume, Per::Millilitre))) => {
                Some((in_smallest(self.value, unit)?.0, u128::from(volume.millionths())))
            }
            _ => None,
        }
    }
}

/// Whether two amounts are the same: `1 g` and `1000 mg`.
pub(super) fn same(one: Number, of: Unit, other: Number, with: Unit) -> bool {
    let (Some(one), Some(other)) = (in_smallest(one, of), in_smallest(other, with)) else {
        return false;
    };
    one == other
}

/// An amount in micrograms, or in its own unit, with what it measures.
pub(super) fn in_smallest(value: Number, unit: Unit) -> Option<(u128, Unit)> {
    let millionths = u128::from(value.millionths());
    Some(match unit {
        Unit::Mass(mass) => {
            (millionths.checked_mul(u128::from(mass.micrograms()))?, Unit::Mass(Mass::Microgram))
        }
        Unit::PerKilogram(_)
        | Unit::Units
        | Unit::Millimole
        | Unit::Millilitre
        | Unit::Count(_) => (millionths, unit),
    })
}

/// `5 mg`, `250 mg/5 mL`, `1%`.
fn content(tokens: &[Token]) -> Option<(usize, Content)> {
    let value = number(tokens.first()?)?;
    let second = tokens.get(1)?;
    if second.text == "%" {
        return Some((2, Content { value, unit: None, per: None }));
    }
    let (unit, many) = Unit::typed(&second.text)?;
    let value = value.times(many)?;
    if !matches!(unit, Unit::Mass(_) | Unit::Units | Unit::Millimole | Unit::Millilitre) {
        return None;
    }
    let (more, per) = per(tokens.get(2..).unwrap_or_default()).unzip();
    Some((2 + more.unwrap_or(0), Content { value, unit: Some(unit), per }))
}

/// `+ 125 mg`, `/120 mg`.
fn next_content(tokens: &[Token]) -> Option<(usize, Content)> {
    let (sign, rest) = tokens.split_first()?;
    if !matches!(sign.text.as_str(), "+" | "/") {
        return None;
    }
    let (length, content) = content(rest)?;
    (content.unit != Some(Unit::Millilitre)).then_some((length + 1, content))
}

/// `/5 mL`, `/dose`, `/24 hours`.
fn per(tokens: &[Token]) -> Option<(usize, (Number, Per))> {
    let (stroke, rest) = tokens.split_first()?;
    if stroke.text != "/" {
        return None;
    }
    let typed = rest.first().and_then(number);
    let word = rest.get(usize::from(typed.is_some()))?;
    let per = match word.text.as_str() {
        "ml" | "mls" | "cc" => Per::Millilitre,
        "dose" | "puff" | "actuation" | "bouffee" => Per::Dose,
        "g" if typed.is_none_or(|number| number == Number::whole(1)) => Per::Gram,
        "h" | "hr" | "hour" | "hours" => Per::Hour,
        _ => return None,
    };
    let length = 2 + usize::from(typed.is_some());
    Some((length, (typed.unwrap_or(Number::whole(1)), per)))
}

fn number(token: &Token) -> Option<Number> {
    match token.kind {
        Kind::Number(number, _) => Some(number),
        Kind::Word | Kind::Unclear | Kind::Sign => None,
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, content) in self.contents.iter().enumerate() {
            if at > 0 {
                f.write_str(" + ")?;
            }
            write!(f, "{content}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(unit) = self.unit else { return write!(f, "{}%", self.value) };
        write!(f, "{} {}", self.value, unit.words(self.value))?;
        let Some((number, per)) = self.per else { return Ok(()) };
        let is_one = number == Number::whole(1);
        let word = match per {
            Per::Millilitre => "mL",
            Per::Dose => "dose",
            Per::Gram => "g",
            Per::Hour if is_one => "hour",
            Per::Hour => "hours",
        };
        if is_one { write!(f, "/{word}") } else { write!(f, "/{number} {word}") }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::token::tokens, *};

    fn read(text: &str) -> Option<(usize, Strength)> {
        Strength::read(&tokens(text))
    }

    #[test]
    fn a_strength_comes_out_as_it_stands_on_the_box() {
        let check = |text: &str, want: Option<&str>| {
            let got = read(text).map(|(_, strength)| strength.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        };
        check("5mg", Some("5 mg"));
        check("250mg/5ml", Some("250 mg/5 mL"));
        check("250 mg / 5 ml", Some("250 mg/5 mL"));
        check("100 iu/ml", Some("100 units/mL"));
        check("1.2 MU", Some("1200000 units"));
        check("500 mg + 125 mg", Some("500 mg + 125 mg"));
        check("20mg/120mg", Some("20 mg + 120 mg"));
        check("200 mg/5 mL + 40 mg/5 mL", Some("200 mg/5 mL + 40 mg/5 mL"));
        check("100 mcg/dose", Some("100 mcg/dose"));
        check("5 mg/24 hours", Some("5 mg/24 hours"));
        check("1%", Some("1%"));
        check("2.50 %", Some("2.5%"));
        check("5", None);
        check("5 tabs", None);
        check("mg", None);
    }

    #[test]
    fn a_strength_is_told_by_its_numbers_and_its_sum() {
        let number = |text: &str| Number::read(text).unwrap().0;
        let numbers = |list: &[&str]| list.iter().map(|it| number(it)).collect::<Vec<_>>();
        let (_, both) = read("400 mg + 80 mg").unwrap();
        assert!(both.has_numbers(&numbers(&["80", "400"])) && !both.has_numbers(&numbers(&["80"])));
        assert_eq!(both.sum(), Some((number("480"), Unit::Mass(Mass::Milligram))));
        let (_, liquid) = read("250 mg/5 mL").unwrap();
        assert!(liquid.has_numbers(&numbers(&["250", "5"])) && liquid.sum().is_none());
        let (_, gram) = read("1 g").unwrap();
        assert!(gram.is_amount(number("1000"), Unit::Mass(Mass::Milligram)));
        assert!(!gram.is_amount(number("1"), Unit::Mass(Mass::Milligram)));
    }
}
