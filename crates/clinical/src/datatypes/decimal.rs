//! A decimal number that stays as it was written.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A FHIR R4 `decimal`: the text is kept, so that `7.0` never becomes `7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(String);

/// The text is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the number with digits and a point, such as 2.5")]
pub struct DecimalError;

/// More digits than any measurement has; it bounds what a hostile file can make us hold.
const LENGTH_MAX: usize = 40;

impl Decimal {
    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest binary number, for comparing and computing, never for showing.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// Whether it is above zero.
    pub fn is_positive(&self) -> bool {
        self.to_f64() > 0.0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Accepts the grammar of FHIR R4 `decimal`:
    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let whole_ok = digits(whole) && (whole.len() == 1 || !whole.starts_with('0'));
        let exponent_ok = exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
        if text.len() <= LENGTH_MAX && whole_ok && fraction.is_none_or(digits) && exponent_ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(DecimalError)
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = DecimalError;

    fn try_from(text: String) -> Result<Self, DecimalError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_text() {
        for good in ["0", "7.0", "-0.50", "120", "1e3", "1.50E-2"] {
            assert_eq!(good.parse::<Decimal>().map(|d| d.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", ".5", "5.", "1,5", "01", "--1", "NaN", "inf", "1e", "٥", "1 "] {
            assert_eq!(bad.parse::<Decimal>(), Err(DecimalError), "{bad}");
        }
        assert!("9".repeat(41).parse::<Decimal>().is_err());
    }
}
