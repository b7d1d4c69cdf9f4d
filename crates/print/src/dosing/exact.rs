//! Amounts as whole numbers of a power of ten: nothing is rounded.

use clinical::{Decimal, Quantity};

/// A number times a power of ten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact {
    digits: i128,
    power: i32,
}

/// No exponent of a dose is beyond.
const POWER_MAX: i32 = 15;
/// No dose has more digits.
const DIGITS_MAX: usize = 12;

impl Exact {
    /// A number above nothing; none of one that no dose has.
    pub(super) fn of(value: &Decimal) -> Option<Self> {
        let (number, exponent) =
            value.as_str().split_once(['e', 'E']).unwrap_or((value.as_str(), "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}");
        let digits: i128 = Some(digits).filter(|it| it.len() <= DIGITS_MAX)?.parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()?;
        let power = exponent.parse::<i32>().ok()?.checked_sub(places)?;
        (digits > 0 && power.abs() <= POWER_MAX).then_some(Self { digits, power })
    }

    /// A number as people type it: `2.5`, `2,5`, `.5`, `1,000`.
    pub(super) fn typed(text: &str) -> Option<Self> {
        let is_thousands =
            text.split(',').skip(1).all(|group| group.split('.').next().unwrap_or("").len() == 3);
        let text = if is_thousands { text.replace(',', "") } else { text.replace(',', ".") };
        let text = text.trim_start_matches('0');
        let text = if text.is_empty() || text.starts_with('.') {
            format!("0{text}")
        } else {
            text.to_owned()
        };
        Self::of(&text.parse().ok()?)
    }

    /// So many powers of ten more.
    pub(super) const fn shifted(self, by: i32) -> Self {
        Self { power: self.power + by, ..self }
    }

    /// The product.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        Some(Self { digits, power: self.power + other.power })
    }

    /// How often another goes into it, in parts of `parts`; none where that is no whole number.
    pub(super) fn parts_of(self, other: Self, parts: i128) -> Option<i128> {
        let power = self.power - other.power;
        let scale = 10_i128.checked_pow(power.unsigned_abs())?;
        let (above, below) = match power >= 0 {
            true => (self.digits.checked_mul(scale)?, other.digits),
            false => (self.digits, other.digits.checked_mul(scale)?),
        };
        let above = above.checked_mul(parts)?;
        (above.checked_rem(below)? == 0).then(|| above / below)
    }

    /// Whether it is as much as another.
    pub(super) fn is_same(self, other: Self) -> bool {
        self.parts_of(other, 1) == Some(1)
    }
}

/// So many thousandths of a unit, as a quantity.
pub(super) fn thousandths(count: i128, unit: &str) -> Option<Quantity> {
    let value = format!("{}.{:03}", count / 1000, count % 1000).parse().ok()?;
    Some(Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None })
}
