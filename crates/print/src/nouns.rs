//! What is counted and what a medicine comes as, in the language of the sheet: `30 tablet`, as it was
//! typed, is `30 tablets`, `30 comprimés` or `30 vidonge` on paper. A word that is in no table, or that
//! means two things, stays as it was typed. Micrograms are spelled out: `mcg` is read as `mg`.

use crate::language::Language;
use clinical::{CodeableConcept, MedicationOrder, Quantity};
use std::{collections::BTreeMap, sync::LazyLock};

/// What the keys of the table begin with.
const PREFIX: &str = "noun.";
const MICROGRAM: &str = "noun.microgram";
/// As it is typed short; the words themselves are read from the tables of all languages.
const SHORT: &[(&str, &str)] = &[
    ("amp", "noun.ampoule"),
    ("amps", "noun.ampoule"),
    ("cap", "noun.capsule"),
    ("caps", "noun.capsule"),
    ("mcg", MICROGRAM),
    ("ug", MICROGRAM),
    ("[ug]", MICROGRAM),
    ("µg", MICROGRAM),
    ("μg", MICROGRAM),
    ("cp", "noun.tablet"),
    ("supp", "noun.suppository"),
    ("tab", "noun.tablet"),
    ("tabs", "noun.tablet"),
    ("tembe", "noun.tablet"),
];

/// The key of each word; none where it means two things.
static KEYS: LazyLock<BTreeMap<String, Option<&'static str>>> = LazyLock::new(|| {
    let mut keys: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
    let of_languages = Language::ALL.into_iter().flat_map(|(language, _)| language.under(PREFIX));
    let words = of_languages.flat_map(|(key, forms)| forms.split('|').map(move |it| (it, key)));
    for (word, key) in words.chain(SHORT.iter().copied()) {
        let known = keys.entry(word.to_lowercase()).or_insert(Some(key));
        if *known != Some(key) {
            *known = None;
        }
    }
    keys
});

/// An order in the words of a language; what is not in the tables as it was typed.
pub(crate) fn order_in(order: &MedicationOrder, language: Language) -> MedicationOrder {
    let mut order = order.clone();
    if let Some(form) = order.form.as_ref().and_then(|form| form_in(form.label(), language)) {
        order.form = Some(CodeableConcept::from_text(form));
    }
    for dose in order.dosage.iter_mut().filter_map(|dosage| dosage.dose.as_mut()) {
        *dose = counted_in(dose, language);
    }
    let quantity = order.dispense.as_mut().and_then(|dispense| dispense.quantity.as_mut());
    if let Some(quantity) = quantity {
        *quantity = counted_in(quantity, language);
    }
    for strength in &mut order.strength {
        *strength = spelled_in(strength, language);
    }
    order
}

/// A strength with its micrograms spelled out; its other units stay as they are.
fn spelled_in(strength: &Quantity, language: Language) -> Quantity {
    let unit = strength.unit.split('/').next().unwrap_or_default();
    let is_micrograms = noun_of(unit) == Some(MICROGRAM);
    if is_micrograms { counted_in(strength, language) } else { strength.clone() }
}

/// An amount with its noun in the form that its number asks for.
pub(crate) fn counted_in(quantity: &Quantity, language: Language) -> Quantity {
    let number = quantity.value.as_str().parse().unwrap_or(f64::INFINITY);
    let form = |key: &str| Some(language.plural().form(language.of(key)?, number));
    let (unit, per) = match quantity.unit.split_once('/') {
        Some((unit, per)) if noun_of(unit) == Some(MICROGRAM) => (unit, format!("/{per}")),
        Some(_) | None => (quantity.unit.as_str(), String::new()),
    };
    let unit = match noun_of(unit).and_then(form) {
        Some(noun) => format!("{noun}{per}"),
        None => quantity.unit.clone(),
    };
    Quantity { unit, ..quantity.clone() }
}

/// The key of what is counted, however it was typed.
pub(crate) fn noun_of(unit: &str) -> Option<&'static str> {
    // UCUM sets what is counted in braces.
    let unit = unit.trim();
    key(unit.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(unit))
}

/// What a medicine comes as: the form for one.
fn form_in(typed: &str, language: Language) -> Option<&'static str> {
    Some(language.plural().form(language.of(key(typed)?)?, 1.0))
}

fn key(typed: &str) -> Option<&'static str> {
    KEYS.get(&typed.trim().to_lowercase()).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::Decimal;

    /// In English, French, Spanish, Swahili and Arabic.
    fn said(value: &str, unit: &str) -> [String; 5] {
        let value: Decimal = value.parse().unwrap();
        let quantity = Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None };
        Language::ALL.map(|(language, _)| counted_in(&quantity, language).unit)
    }

    #[test]
    fn a_noun_has_the_form_of_its_number_in_the_language_of_the_sheet() {
        let check = |value, unit, want: [&str; 5]| assert_eq!(said(value, unit), want, "{value}");
        let [tablet, tablets] = ["tablet", "tablets"];
        check("1", "tablets", [tablet, "comprimé", "comprimido", "kidonge", "قرص"]);
        check("1.0", "{tablet}", [tablet, "comprimé", "comprimido", "kidonge", "قرص"]);
        check("0.5", "tablet", [tablet, "comprimé", "comprimido", "kidonge", "قرص"]);
        check("1.5", "tab", [tablets, "comprimé", "comprimidos", "vidonge", "قرص"]);
        check("2", "Tablet", [tablets, "comprimés", "comprimidos", "vidonge", "قرصان"]);
        check("10", "comprimé", [tablets, "comprimés", "comprimidos", "vidonge", "أقراص"]);
        check("30", "tablet", [tablets, "comprimés", "comprimidos", "vidonge", "قرصا"]);
        check("100", "vidonge", [tablets, "comprimés", "comprimidos", "vidonge", "قرص"]);
        check("103", "قرص", [tablets, "comprimés", "comprimidos", "vidonge", "أقراص"]);
        let capsules = ["capsules", "gélules", "cápsulas", "kapsuli", "كبسولة"];
        check("21", "capsule", capsules);
        check("2", "mg", ["mg"; 5]);
        check("2", "strips of ten", ["strips of ten"; 5]);
    }

    #[test]
    fn a_form_is_in_the_language_of_the_sheet_or_as_it_was_typed() {
        let check = |typed: &str, want: [Option<&str>; 5]| {
            assert_eq!(Language::ALL.map(|(language, _)| form_in(typed, language)), want);
        };
        let tablet = ["tablet", "comprimé", "comprimido", "kidonge", "قرص"];
        check("tablet", tablet.map(Some));
        check("Tablets", tablet.map(Some));
        check("comprimidos", tablet.map(Some));
        let drops = ["eye drops", "collyre", "colirio", "matone ya macho", "قطرة عين"];
        check("eye drops", drops.map(Some));
        check("depot injection of a neighbour", [None; 5]);
    }

    #[test]
    fn every_noun_has_one_form_or_all_of_its_language() {
        for (language, tag) in Language::ALL {
            let all = language.plural().categories().len();
            for (key, forms) in language.under(PREFIX) {
                let count = forms.split('|').count();
                assert!(count == 1 || count == all, "{tag} {key}");
                assert!(forms.split('|').all(|form| !form.is_empty()), "{tag} {key}");
            }
        }
    }
}
