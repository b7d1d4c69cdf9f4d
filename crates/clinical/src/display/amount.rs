//! An amount as it is read: digits and units by the rules of ISMP, whatever was typed or imported.
//! What is stored, merged and exported stays as it was written.
//!
//! Source: ISMP, Guidelines for Safe Electronic Communication of Medication Information (2019), and
//! its List of Error-Prone Abbreviations, Symbols and Dose Designations.

use super::{DoseWords, dose::form};
use crate::{Decimal, Quantity};
use std::borrow::Cow;

/// The number with its unit, joined by a no-break space so that they never part.
pub(super) fn amount(quantity: &Quantity, words: &DoseWords) -> String {
    let (written, shift) = thousandfold(&quantity.unit);
    let value = match shift {
        0 => number(&quantity.value, words.thousands),
        shift => number(&multiplied(&quantity.value, shift), words.thousands),
    };
    let is_one = value == "1" && quantity.comparator.is_none();
    let comparator = quantity.comparator.as_deref().unwrap_or_default();
    let units = if is_one { words.unit } else { form(words.units, &value) };
    let unit = match words.nouns.counted(bare(&written), &quantity.value) {
        Some(noun) => noun.to_owned(),
        None => unit(&written, units, words),
    };
    match unit.as_str() {
        "" => format!("{comparator}{value}"),
        "%" => format!("{comparator}{value}%"),
        unit => format!("{comparator}{value}\u{a0}{unit}"),
    }
}

/// A unit of biological activity that is counted in thousands or millions ("MU" is read as "mg", a
/// "k" is overlooked): the unit itself, and by how many places the number grows. UCUM's `mU` is a
/// thousandth, and none of these.
fn thousandfold(written: &str) -> (Cow<'_, str>, i32) {
    let (first, rest) = written.split_at(written.find('/').unwrap_or(written.len()));
    let shift = match first.trim() {
        "k[iU]" | "k[IU]" | "kIU" | "KIU" | "kU" | "KU" | "10*3.[iU]" | "10*3.[IU]"
        | "10*3[iU]" | "10*3.U" | "10^3.[iU]" | "10^3.U" => 3,
        "M[iU]" | "M[IU]" | "MIU" | "MU" | "M.U." | "10*6.[iU]" | "10*6.[IU]" | "10*6[iU]"
        | "10*6.U" | "10^6.[iU]" | "10^6.U" => 6,
        _ => return (Cow::Borrowed(written), 0),
    };
    (Cow::Owned(format!("[iU]{rest}")), shift)
}

/// A number so many places greater; one whose exponent no dose has stays beside its unit as it is.
fn multiplied(value: &Decimal, shift: i32) -> Decimal {
    let written = value.as_str();
    let (digits, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or_default().saturating_add(shift);
    format!("{digits}e{exponent}").parse().unwrap_or_else(|_| value.clone())
}

/// A number without a zero behind it ("5.0" is read as 50) and with one before its point (".5" is
/// read as 5), its thousands parted. An exponent no dose has is left as it was written.
pub(super) fn number(value: &Decimal, thousands: char) -> String {
    let (sign, digits) = match value.as_str().strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", value.as_str()),
    };
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let Some(shift) = exponent.parse::<i32>().ok().filter(|shift| shift.abs() <= SHIFT_MAX) else {
        return value.to_string();
    };
    let (whole, fraction) = shifted(digits, shift);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", parted(whole, thousands))
}

/// Beyond so many places an exponent is left as it was written.
const SHIFT_MAX: i32 = 12;

/// The digits before and behind the point once it has moved by `shift` places.
fn shifted(digits: &str, shift: i32) -> (String, String) {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
    for _ in 0..shift {
        let next = if fraction.is_empty() { '0' } else { fraction.remove(0) };
        whole.push(next);
    }
    for _ in shift..0 {
        fraction.insert(0, whole.pop().unwrap_or('0'));
    }
    (whole, fraction)
}

fn parted(whole: &str, thousands: char) -> String {
    let mut parted = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            parted.push(thousands);
        }
        parted.push(digit);
    }
    parted
}

/// The unit, each part of a quotient by itself: no Greek letter (mistaken for "mg"), no bare "U"
/// (mistaken for 0), no "IU" (mistaken for "IV"), no "cc" (mistaken for "U"). `units` are those
/// of a biological activity before the first stroke.
fn unit(written: &str, units: &str, words: &DoseWords) -> String {
    let mut parts = written.split('/').enumerate().map(|(at, part)| match part.trim() {
        "ug" | "UG" | "µg" | "μg" | "mcg" | "MCG" | "[ug]" => "mcg",
        activity if ACTIVITY.contains(&activity) => {
            if at > 0 {
                words.unit
            } else {
                units
            }
        }
        "ml" | "ML" | "cc" => "mL",
        "gm" => "g",
        other => bare(other),
    });
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |unit, part| format!("{unit}/{part}"))
}

/// UCUM sets what is counted in braces: `{tablet}`.
fn bare(unit: &str) -> &str {
    unit.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(unit)
}

/// How a unit of biological activity is abbreviated.
const ACTIVITY: [&str; 18] = [
    "unit", "units", "Unit", "Units", "U", "u", "IU", "iu", "UI", "[U]", "[iU]", "[IU]", "[iu]",
    "I.U.", "i.u.", "U.I.", "I.E.", "I.U",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a dose that was written so.
    fn check(value: &str, unit: &str, want: &str) {
        let quantity = Quantity {
            value: value.parse().unwrap(),
            comparator: None,
            unit: unit.to_owned(),
            ucum: None,
        };
        let before = quantity.clone();
        let read = amount(&quantity, &DoseWords::ENGLISH).replace('\u{a0}', " ");
        assert_eq!(read, want, "{value} {unit}");
        assert_eq!(quantity, before, "what is stored stays as it was written");
    }

    /// ISMP 2019: no trailing zero, a leading zero, commas from 1,000 on.
    #[test]
    fn numbers_cannot_be_read_tenfold() {
        check("5.0", "mg", "5 mg");
        check("5.00", "mg", "5 mg");
        check("2.50", "mg", "2.5 mg");
        check("0.5", "mg", "0.5 mg");
        check("0.50", "mg", "0.5 mg");
        check("5e-1", "mg", "0.5 mg");
        check("1.5E-3", "g", "0.0015 g");
        check("100", "mg", "100 mg");
        check("10", "mg", "10 mg");
        check("999.0", "mg", "999 mg");
        check("1000", "mg", "1,000 mg");
        check("1200000", "[iU]", "1,200,000 units");
        check("1.2e6", "[iU]", "1,200,000 units");
        check("1e30", "mg", "1e30 mg");
        check("0", "mg", "0 mg");
    }

    /// ISMP, error-prone abbreviations: µg, U, IU, cc.
    #[test]
    fn units_are_spelled_so_that_they_are_not_mistaken() {
        for micro in ["ug", "µg", "μg", "mcg", "[ug]"] {
            check("50", micro, "50 mcg");
        }
        for unit in ["U", "u", "IU", "iu", "UI", "[iU]", "[IU]", "[U]"] {
            check("10000", unit, "10,000 units");
        }
        for unit in ["I.U.", "i.u.", "U.I.", "I.E."] {
            check("10000", unit, "10,000 units");
        }
        for thousand in ["10*3.[iU]", "k[iU]", "kIU", "10*3.U"] {
            check("5", thousand, "5,000 units");
        }
        for million in ["MU", "10*6.[iU]", "M[iU]", "MIU"] {
            check("1.20", million, "1,200,000 units");
        }
        check("2.5", "k[iU]/h", "2,500 units/h");
        check("0.001", "kU", "1 unit");
        check("1e3", "MU", "1,000,000,000 units");
        check("5", "mU", "5 mU");
        check("1", "[iU]", "1 unit");
        check("1.0", "IU", "1 unit");
        check("5", "ug/kg", "5 mcg/kg");
        check("100", "[iU]/ml", "100 units/mL");
        check("12", "units", "12 units");
        check("1", "units", "1 unit");
        check("100", "units/ml", "100 units/mL");
        check("2", "cc", "2 mL");
        check("2", "{tablet}", "2 tablets");
        check("30", "tablet", "30 tablets");
        check("1", "Tablets", "1 tablet");
        check("0.5", "tablets", "0.5 tablet");
        check("2", "strips of ten", "2 strips of ten");
        check("5", "%", "5%");
        check("5", "", "5");
        check("5", "mg", "5 mg");
    }

    /// A comma parts decimals in French: thousands are parted by a narrow space there.
    #[test]
    fn a_language_parts_thousands_its_own_way() {
        let number = |value: &str| number(&value.parse().unwrap(), '\u{202f}');
        assert_eq!(number("10000"), "10\u{202f}000");
        assert_eq!(number("1234567.50"), "1\u{202f}234\u{202f}567.5");
    }
}
