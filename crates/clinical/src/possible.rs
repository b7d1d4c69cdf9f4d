//! What cannot be: doses, vital signs and dates that no patient has.
//!
//! One judgement for all that comes in: a form refuses what is not possible here, and a file is
//! taken in without it. The bounds are ours; they keep out negative numbers, slips of the finger
//! and days that cannot be, and nothing a clinician could mean.

use crate::{CodeableConcept, Decimal, Dosage, LOINC, PartialDate, Quantity, VITALS, VitalSign};

/// No single intake, frequency or length of treatment goes beyond this.
const AMOUNT_MAX: f64 = 100_000.0;
/// Nor below this: a nanogram, told in milligrams.
const AMOUNT_MIN: f64 = 1e-6;
/// Units as they begin (in lower case, UCUM's brackets left out) for which other amounts are
/// everyday ones, the smallest and the largest: 2,400,000 IU of benzylpenicillin, 1e14 genomes of a
/// vector for a kilogram, a microgram told in grams.
const UNITS: [(&str, f64, f64); 20] = [
    ("kg", 1e-12, 10.0),
    ("g", 1e-9, 10_000.0),
    ("l", 1e-9, 1_000.0),
    ("iu", AMOUNT_MIN, 1e10),
    ("ui", AMOUNT_MIN, 1e10),
    ("ie", AMOUNT_MIN, 1e10),
    ("unit", AMOUNT_MIN, 1e10),
    ("u", AMOUNT_MIN, 1e10),
    ("mcg", AMOUNT_MIN, 1e8),
    ("ug", AMOUNT_MIN, 1e8),
    ("µg", AMOUNT_MIN, 1e8),
    ("μg", AMOUNT_MIN, 1e8),
    ("ng", AMOUNT_MIN, 1e11),
    ("bq", AMOUNT_MIN, 1e13),
    ("kbq", AMOUNT_MIN, 1e10),
    ("mbq", AMOUNT_MIN, 1e7),
    ("cell", AMOUNT_MIN, 1e16),
    ("cfu", AMOUNT_MIN, 1e16),
    ("pfu", AMOUNT_MIN, 1e16),
    ("vg", AMOUNT_MIN, 1e16),
];

/// Whether an amount of one intake can be: above zero and within reason for its unit.
pub fn dose(quantity: &Quantity) -> bool {
    let unit = quantity.ucum.as_ref().filter(|code| !code.is_empty()).unwrap_or(&quantity.unit);
    let (min, max) = bounds(unit);
    is_within(&quantity.value, min, max)
}

/// Whether a number of intakes, a period or a length of treatment can be.
pub fn amount(number: &Decimal) -> bool {
    is_within(number, AMOUNT_MIN, AMOUNT_MAX)
}

/// Whether a medicine can be handed out so often again.
pub const fn repeats(times: u32) -> bool {
    times < 100
}

/// Whether every number of a dosage can be.
pub fn dosage(dosage: &Dosage) -> bool {
    let timing = dosage.timing.as_ref();
    dosage.dose.as_ref().is_none_or(dose)
        && timing.is_none_or(|timing| amount(&timing.frequency.into()) && amount(&timing.period))
        && dosage.duration.as_ref().is_none_or(|duration| amount(&duration.value))
}

/// Whether a vital sign can be in a living body. In a unit that is not known here it is only held
/// against zero, and so is what is beyond a measurement (`< 20`).
pub fn sign(sign: &VitalSign, quantity: &Quantity) -> bool {
    match in_own_unit(sign, quantity) {
        // A conversion must not make an impossible value of the last possible one.
        Some(value) => (sign.min * 0.999_999..=sign.max * 1.000_001).contains(&value),
        None => quantity.value.is_positive(),
    }
}

/// The number of a quantity in the unit of a vital sign; `None` where its unit is not known here,
/// and of what is beyond a measurement.
pub fn in_own_unit(sign: &VitalSign, quantity: &Quantity) -> Option<f64> {
    let unit = quantity.ucum.as_ref().filter(|code| !code.is_empty()).unwrap_or(&quantity.unit);
    let (factor, offset) = scale(sign.ucum, unit).filter(|_| quantity.comparator.is_none())?;
    Some((quantity.value.to_f64() - offset) * factor)
}

/// Whether two pressures can be those of one heartbeat.
pub fn pressure(systolic: &Decimal, diastolic: &Decimal) -> bool {
    diastolic.to_f64() < systolic.to_f64()
}

/// The vital sign a code stands for (FHIR R4 vital signs profiles and the codes in common use
/// beside them).
pub fn sign_of(code: &CodeableConcept) -> Option<&'static VitalSign> {
    let loinc = match code.code_of(LOINC)? {
        "59408-5" => "2708-6",
        "8331-1" | "8333-7" | "8328-7" | "8332-9" => "8310-5",
        "3141-9" | "8335-2" | "3142-7" | "8350-1" | "8351-9" => "29463-7",
        "8306-3" | "3137-7" => "8302-2",
        code => code,
    };
    VITALS.iter().find(|sign| sign.loinc == loinc)
}

/// Whether a day lies ahead of `today`, however little of it is known. Tomorrow does not: it has
/// begun in other zones, and where a computer's clock is set to another zone than the clinic's, a
/// child is born there after midnight.
pub fn is_ahead(date: &PartialDate, today: &PartialDate) -> bool {
    let tomorrow = today.earliest().and_then(|today| today.tomorrow().ok());
    date.earliest() > tomorrow
}

/// Whether someone died before they were born, as far as both dates are known.
pub fn is_before_birth(died: &PartialDate, born: &PartialDate) -> bool {
    is_before(died, born)
}

/// Whether an end comes before its beginning, as far as both dates are known.
pub fn is_before(end: &PartialDate, beginning: &PartialDate) -> bool {
    let day = |date: &PartialDate| date.as_str().split('T').next().unwrap_or_default().to_owned();
    let (end, beginning) = (day(end), day(beginning));
    let known = end.len().min(beginning.len());
    matches!((end.get(..known), beginning.get(..known)), (Some(end), Some(from)) if end < from)
}

/// Whether an end comes before its beginning, to the moment where both are moments, else to the
/// day.
pub fn is_earlier(end: &PartialDate, beginning: &PartialDate) -> bool {
    match (end.unix_ms(), beginning.unix_ms()) {
        (Some(end_ms), Some(from_ms)) if is_moment(end) && is_moment(beginning) => end_ms < from_ms,
        _ => is_before(end, beginning),
    }
}

/// Whether a date has a time and a zone: without one it is no moment.
fn is_moment(date: &PartialDate) -> bool {
    let time = date.as_str().split_once('T').map(|(_, time)| time);
    time.is_some_and(|time| time.contains(['Z', '+', '-']))
}

fn is_within(number: &Decimal, min: f64, max: f64) -> bool {
    number.is_positive() && (min..=max).contains(&number.to_f64())
}

/// The smallest and the largest amount of one intake in a unit.
fn bounds(unit: &str) -> (f64, f64) {
    let unit = unit.split('/').next().unwrap_or_default().trim().to_lowercase();
    let unit: String = unit.chars().filter(|letter| !"[]{}".contains(*letter)).collect();
    let first = unit.split(|letter: char| !letter.is_alphabetic()).find(|word| !word.is_empty());
    let is = |known: &str| first.is_some_and(|f| f == known || f.strip_suffix('s') == Some(known));
    let known = UNITS.iter().find(|(known, ..)| is(known));
    known.map_or((AMOUNT_MIN, AMOUNT_MAX), |(_, min, max)| (*min, *max))
}

/// What turns a number of a unit into one of the sign's own: factor, and what is taken off before.
fn scale(own: &str, unit: &str) -> Option<(f64, f64)> {
    let bare = unit.split('{').next().unwrap_or_default();
    let bare =
        if unit.starts_with('{') { unit.split('}').nth(1).unwrap_or_default() } else { bare };
    let unit = bare.trim().to_lowercase();
    let known: &[(&str, f64, f64)] = match own {
        "mm[Hg]" => &[("mm[hg]", 1.0, 0.0), ("mmhg", 1.0, 0.0), ("kpa", 7.500_62, 0.0)],
        "/min" => &[
            ("/min", 1.0, 0.0),
            ("1/min", 1.0, 0.0),
            ("bpm", 1.0, 0.0),
            ("beats/min", 1.0, 0.0),
            ("breaths/min", 1.0, 0.0),
            ("beats/minute", 1.0, 0.0),
            ("breaths/minute", 1.0, 0.0),
        ],
        "Cel" => &[
            ("cel", 1.0, 0.0),
            ("c", 1.0, 0.0),
            ("°c", 1.0, 0.0),
            ("[degf]", 5.0 / 9.0, 32.0),
            ("f", 5.0 / 9.0, 32.0),
            ("°f", 5.0 / 9.0, 32.0),
            ("k", 1.0, 273.15),
        ],
        "%" => &[("%", 1.0, 0.0)],
        "kg" => &[
            ("kg", 1.0, 0.0),
            ("g", 0.001, 0.0),
            ("[lb_av]", 0.453_592_37, 0.0),
            ("lb", 0.453_592_37, 0.0),
            ("lbs", 0.453_592_37, 0.0),
            ("[oz_av]", 0.028_349_523, 0.0),
        ],
        "cm" => &[
            ("cm", 1.0, 0.0),
            ("m", 100.0, 0.0),
            ("mm", 0.1, 0.0),
            ("[in_i]", 2.54, 0.0),
            ("in", 2.54, 0.0),
            ("[ft_i]", 30.48, 0.0),
        ],
        _ => &[],
    };
    known.iter().find(|(name, ..)| *name == unit).map(|(_, factor, offset)| (*factor, *offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DosageDuration, DurationUnit, Timing};

    fn quantity(value: &str, unit: &str) -> Quantity {
        Quantity { value: value.parse().unwrap(), comparator: None, unit: unit.into(), ucum: None }
    }

    #[test]
    fn doses_are_held_against_zero_and_reason() {
        let check = |value: &str, unit: &str, possible: bool| {
            assert_eq!(dose(&quantity(value, unit)), possible, "{value} {unit}");
        };
        for unit in ["mg", "", "tablet", "[iU]", "ug/kg", "unit"] {
            check("-5", unit, false);
            check("0", unit, false);
            check("0.0", unit, false);
            check("-0", unit, false);
            check("0.001", unit, true);
            check("500", unit, true);
            check("1e300", unit, false);
            check("1e999", unit, false);
            check("1e-23", unit, false);
            check("1e-7", unit, false);
        }
        check("1e-7", "g", true);
        check("1e-10", "g", false);
        check("0.000002", "mg/kg", true);
        check("5", "kg", true);
        check("70", "kg", false);
        check("1e14", "vg/kg", true);
        check("1e14", "ug", false);
        check("1e12", "IU", false);
        check("100001", "mg", false);
        check("9000", "g", true);
        check("10001", "g", false);
        check("10.001", "kg", false);
        for unit in ["[iU]", "IU", "units", "Unit", "[iU]/kg", "U", "ug", "mcg", "cells/kg"] {
            check("2400000", unit, true);
        }
        // Words that only begin alike.
        check("2400000", "unguent", false);
        check("2400000", "nebules", false);
    }

    #[test]
    fn a_dosage_is_possible_in_all_its_numbers() {
        let whole = Dosage {
            dose: Some(quantity("5", "mg")),
            timing: Some(Timing::times_a_day(2)),
            duration: Some(DosageDuration { value: 7.into(), unit: DurationUnit::Day }),
            ..Dosage::default()
        };
        assert!(dosage(&whole) && dosage(&Dosage::default()));
        let every = |period: &str| Timing {
            frequency: 1,
            period: period.parse().unwrap(),
            period_unit: DurationUnit::Hour,
        };
        for bad in [
            Dosage { dose: Some(quantity("0", "mg")), ..whole.clone() },
            Dosage { timing: Some(Timing::times_a_day(0)), ..whole.clone() },
            Dosage { timing: Some(every("0")), ..whole.clone() },
            Dosage { timing: Some(every("-8")), ..whole.clone() },
            Dosage { timing: Some(every("1e-9")), ..whole.clone() },
            Dosage {
                duration: Some(DosageDuration { value: 0.into(), unit: DurationUnit::Day }),
                ..whole
            },
        ] {
            assert!(!dosage(&bad), "{bad:?}");
        }
    }

    #[test]
    fn vital_signs_are_held_against_a_living_body_in_any_unit() {
        let check = |loinc: &str, value: &str, unit: &str, possible: bool| {
            let code = CodeableConcept::from_coding(LOINC, loinc, "x");
            let found = sign_of(&code).unwrap();
            assert_eq!(sign(found, &quantity(value, unit)), possible, "{loinc} {value} {unit}");
        };
        check("8310-5", "37.2", "Cel", true);
        check("8310-5", "372", "Cel", false);
        check("8331-1", "98.6", "[degF]", true);
        check("8310-5", "37.2", "[degF]", false);
        check("8310-5", "310", "K", true);
        check("29463-7", "3400", "g", true);
        check("29463-7", "3400", "kg", false);
        check("29463-7", "185", "[lb_av]", true);
        for loinc in ["3141-9", "8335-2", "3142-7", "8350-1", "8351-9"] {
            check(loinc, "70", "kg", true);
            check(loinc, "700", "kg", false);
        }
        check("8302-2", "1.7", "m", true);
        check("8302-2", "66.89999999999999", "[in_i]", true);
        check("8867-4", "72", "{Beats}/min", true);
        check("8867-4", "72", "/min{beats}", true);
        check("8867-4", "-72", "{Beats}/min", false);
        check("8867-4", "0", "bpm", false);
        check("59408-5", "100", "%", true);
        check("2708-6", "101", "%", false);
        check("8480-6", "16", "kPa", true);
        check("8480-6", "160", "kPa", false);
        // A unit that is not known: only zero tells.
        check("8867-4", "9000", "per fortnight", true);
        check("8867-4", "-1", "per fortnight", false);
        for value in ["20", "350"] {
            check("8480-6", value, "mm[Hg]", true);
        }
        assert!(sign_of(&CodeableConcept::from_text("Weight")).is_none());
        let below = Quantity { comparator: Some("<".into()), ..quantity("20", "Cel") };
        assert!(sign(&VITALS[4], &below));
    }

    #[test]
    fn dates_are_compared_as_far_as_they_are_known() {
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        let check = |died: &str, born: &str, want: bool| {
            assert_eq!(is_before_birth(&date(died), &date(born)), want, "{died} {born}");
        };
        check("1979", "1980", true);
        check("1980", "1980-05-01", false);
        check("1980-04", "1980-05-01", true);
        check("1980-04-30T10:00:00Z", "1980-05-01", true);
        check("1980-05-01T10:00:00Z", "1980-05-01", false);
        let ahead = |day: &str, today: &str| is_ahead(&date(day), &date(today));
        assert!(ahead("2026-11-26", "2026-11-24") && ahead("2027", "2026-11-24"));
        assert!(!ahead("2026-11-24", "2026-11-24") && !ahead("2026", "2026-11-24"));
        assert!(!ahead("2026-11-25", "2026-11-24") && !ahead("2027-01-01", "2026-12-31"));
    }
}
