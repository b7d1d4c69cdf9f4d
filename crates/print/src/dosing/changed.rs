//! Whether an instruction tells another dose than the one that was ordered: `40 mg for 5 days, then
//! 30`. The dose in bold is the first one then, and no more than that.

use super::{exact::Exact, measured::is_millilitre};
use crate::nouns::noun_of;
use clinical::{Dosage, Quantity, display::gram_power as weight};
use unicode_bidi::{BidiClass, bidi_class};

/// Words by which a dose changes, in every language of paper; Arabic without marks on its letters.
const CHANGING: &[&str] = &[
    // English
    "then",
    "reduce",
    "reduced",
    "reducing",
    "taper",
    "tapered",
    "tapering",
    "increase",
    "increased",
    "increasing",
    "decrease",
    "decreasing",
    "titrate",
    "titrating",
    "wean",
    // French
    "puis",
    "ensuite",
    "réduire",
    "réduisez",
    "diminuer",
    "diminuez",
    "augmenter",
    "augmentez",
    "progressivement",
    // Spanish
    "luego",
    "reducir",
    "reduzca",
    "reduciendo",
    "disminuir",
    "disminuya",
    "aumentar",
    "aumente",
    "gradualmente",
    // Swahili
    "kisha",
    "halafu",
    "punguza",
    "kupunguza",
    "ongeza",
    "kuongeza",
    // Arabic
    "ثم",
    "بعدها",
    "تخفيض",
    "خفض",
    "تقليل",
    "قلل",
    "تدريجيا",
    "زيادة",
    "زد",
];

/// A number after one of these is no dose: the most there may be, or what it is taken in.
const OTHERWISE: &[&str] = &[
    "max",
    "maximum",
    "exceed",
    "exceeding",
    "than",
    "with",
    "in",
    "of",
    "to",
    "dépasser",
    "maximal",
    "maximale",
    "plus",
    "avec",
    "dans",
    "de",
    "d",
    "máximo",
    "máxima",
    "exceder",
    "superar",
    "con",
    "en",
    "zaidi",
    "ya",
    "katika",
    "kwenye",
    "تتجاوز",
    "أقصى",
    "الأقصى",
    "القصوى",
    "مع",
    "في",
    "من",
];

/// Whether an instruction changes the dose of a dosage.
pub(crate) fn changes(dosage: &Dosage, strength: &[Quantity], instruction: &str) -> bool {
    let Some(dose) = &dosage.dose else { return false };
    let words = words(instruction);
    let is_changing = words.iter().any(|word| CHANGING.contains(&word.as_str()));
    is_changing || tells_another(dose, strength, &words)
}

/// The words of a text in small letters, and its numbers; signs that matter by themselves.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<(u8, String)> = Vec::new();
    let is_written = |one: &char| bidi_class(*one) != BidiClass::NSM && *one != '\u{640}';
    for character in text.to_lowercase().chars().filter(is_written) {
        let kind = match character {
            '0'..='9' => 1,
            '.' | ',' if words.last().is_some_and(|(kind, _)| *kind == 1) => 1,
            '.' => 1,
            _ if character.is_alphabetic() => 2,
            '/' => 3,
            _ => 0,
        };
        match words.last_mut() {
            Some((last, word)) if *last == kind => word.push(character),
            Some(_) | None => words.push((kind, character.to_string())),
        }
    }
    let told = words.into_iter().filter(|(kind, _)| *kind > 0).map(|(_, word)| word);
    told.map(|word| word.trim_end_matches([',', '.']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a number stands there with the unit of the dose, and is neither the dose nor how strong
/// the medicine is.
fn tells_another(dose: &Quantity, strength: &[Quantity], words: &[String]) -> bool {
    let (Some(ordered), unit) = (Exact::of(&dose.value), &dose.unit) else { return false };
    let Some(ordered) = measure(unit, unit).map(|power| ordered.shifted(power)) else {
        return false;
    };
    let held = strength
        .iter()
        .filter_map(|one| Some(Exact::of(&one.value)?.shifted(measure(unit, &one.unit)?)));
    let known: Vec<Exact> = held.chain([ordered]).collect();
    words.windows(2).enumerate().any(|(at, pair)| {
        let [number, written] = pair else { return false };
        let (Some(number), Some(power)) = (Exact::typed(number), measure(unit, written)) else {
            return false;
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_otherwise = before.is_some_and(|word| OTHERWISE.contains(&word.as_str()));
        let is_per = words.get(at + 2).is_some_and(|word| word == "/");
        let number = number.shifted(power);
        !is_otherwise && !is_per && !known.iter().any(|one| one.is_same(number))
    })
}

/// By which power of ten a unit is greater than the base of what the dose is measured in; none where
/// it measures something else.
fn measure(dose: &str, unit: &str) -> Option<i32> {
    if let (Some(_), Some(power)) = (weight(dose), weight(unit)) {
        return Some(power);
    }
    let both = |is: fn(&str) -> bool| is(dose) && is(unit);
    let is_noun = noun_of(dose).is_some() && noun_of(dose) == noun_of(unit);
    let is_same = both(is_millilitre) || both(is_activity) || is_noun;
    (is_same || dose.trim().eq_ignore_ascii_case(unit.trim())).then_some(0)
}

/// Whether it is a unit of biological activity.
fn is_activity(unit: &str) -> bool {
    const ACTIVITY: &[&str] = &[
        "u",
        "iu",
        "ui",
        "[u]",
        "[iu]",
        "i.u.",
        "u.i.",
        "unit",
        "units",
        "unité",
        "unités",
        "unidad",
        "unidades",
        "yuniti",
        "وحدة",
        "وحدات",
    ];
    ACTIVITY.contains(&unit.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_that_changes_the_dose_is_told_from_one_that_does_not() {
        let check = |dose: &str, instruction: &str, want: bool| {
            let (value, unit) = dose.split_once(' ').unwrap();
            let value = value.parse().unwrap();
            let dose = Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None };
            let dosage = Dosage { dose: Some(dose), ..Dosage::default() };
            let five: Quantity = Quantity {
                value: "5".parse().unwrap(),
                comparator: None,
                unit: "mg".into(),
                ucum: None,
            };
            assert_eq!(changes(&dosage, &[five], instruction), want, "{instruction}");
        };
        let taper = "40 mg for 5 days, then 30 mg for 5 days, then 20 mg 5 days";
        check("40 mg", taper, true);
        check("40 mg", "30 mg on Sundays", true);
        check("40 mg", "40mg Monday, 30mg Tuesday", true);
        check("40 mg", "0.02 g at night", true);
        check("12 IU", "at bedtime, 10U if fasting", true);
        check("12 IU", "10 units if fasting <5.0", true);
        check("2.5 mL", ".5 mL at night", true);
        check("2 tablet", "1 tablet at night", true);
        check("40 mg", "Taper slowly.", true);
        check("40 mg", "puis réduire", true);
        check("40 mg", "luego la mitad", true);
        check("40 mg", "kisha punguza", true);
        check("40 mg", "ثُمَّ نصف الجرعة", true);
        check("40 mg", "تدريجيًا", true);
        check("40 mg", "", false);
        check("40 mg", "40 mg in the morning, with food", false);
        check("40 mg", "8 tablets of 5 mg", false);
        check("40 mg", "0.04 g", false);
        check("1000 mg", "1,000 mg; not more than 4000 mg a day, max 4 g", false);
        check("40 mg", "for 5 days; with 200 mL of water", false);
        check("2 mL", "in 200 mL of water", false);
        check("40 mg", "1 mg/kg", false);
        check("40 mg", "خذه مع الطعام", false);
        check("2 tablet", "2 tablets at night", false);
    }
}
