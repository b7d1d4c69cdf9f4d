//! Whole things and a part of one, in words: of `0.5 tablets` a faint point makes five.

use super::exact::Exact;
use crate::{
    language::Language,
    nouns::{counted_in, noun_of},
};
use clinical::{Decimal, Quantity};

/// No more whole things are told in words.
const WHOLE_MAX: i128 = 999;

/// An amount as paper writes it, its noun in the language of the sheet.
pub(crate) fn amount(quantity: &Quantity, language: Language) -> String {
    let in_figures = || language.dose_words().amount(&counted_in(quantity, language));
    parted(quantity, language).unwrap_or_else(in_figures)
}

/// `half a tablet`, `1 and a half tablets`; none where nothing is parted, where the part is no quarter
/// of one, and of what nobody parts.
fn parted(quantity: &Quantity, language: Language) -> Option<String> {
    if quantity.comparator.is_some() {
        return None;
    }
    let noun = noun_of(&quantity.unit)?.strip_prefix("noun.")?;
    let forms: Vec<&str> = language.of(&format!("parted.{noun}"))?.split('|').collect();
    let quarters = Exact::of(&quantity.value)?.parts_of(Exact::of(&Decimal::from(1))?, 4)?;
    let (whole, part) = (quarters / 4, usize::try_from(quarters % 4).ok()?.checked_sub(1)?);
    if whole == 0 {
        return forms.get(part).map(|words| (*words).to_owned());
    }
    let whole = u32::try_from(Some(whole).filter(|whole| *whole <= WHOLE_MAX)?).ok()?;
    let counted = counted_in(&Quantity { value: whole.into(), ..quantity.clone() }, language);
    let told = forms.get(part + 3)?.replace("{n}", &whole.to_string());
    Some(told.replace("{whole}", &language.dose_words().amount(&counted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In English, French, Spanish, Swahili and Arabic.
    fn said(value: &str, unit: &str) -> [String; 5] {
        let value: Decimal = value.parse().unwrap();
        let quantity = Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None };
        Language::ALL.map(|(language, _)| amount(&quantity, language).replace('\u{a0}', " "))
    }

    #[test]
    fn a_part_of_what_is_counted_is_told_in_words() {
        let check = |value, unit, want: [&str; 5]| assert_eq!(said(value, unit), want, "{value}");
        let half =
            ["half a tablet", "un demi-comprimé", "medio comprimido", "nusu kidonge", "نصف قرص"];
        check("0.5", "tablets", half);
        check("0.50", "tab", half);
        let half = ["half a capsule", "une demi-gélule", "media cápsula", "nusu kapsuli"];
        let [one, two, three, four] = half;
        check("0.5", "gélule", [one, two, three, four, "نصف كبسولة"]);
        let quarter = ["a quarter of a suppository", "un quart de suppositoire"];
        let [one, two] = quarter;
        let three = "un cuarto de supositorio";
        check("0.25", "suppository", [one, two, three, "robo kidonge cha puru", "ربع تحميلة"]);
        let three_quarters = ["three quarters of an ampoule", "trois quarts d’ampoule"];
        let [one, two] = three_quarters;
        let three = "tres cuartos de ampolla";
        check("0.75", "ampoule", [one, two, three, "robo tatu ya ampuli", "ثلاثة أرباع أمبولة"]);
        let more = ["1 and a half tablets", "1 comprimé et demi", "1 comprimido y medio"];
        let [one, two, three] = more;
        check("1.5", "tablet", [one, two, three, "1 kidonge na nusu", "1 قرص ونصف"]);
        let more = ["2 and a half capsules", "2 gélules et demie", "2 cápsulas y media"];
        let [one, two, three] = more;
        check("2.5", "capsule", [one, two, three, "2 kapsuli na nusu", "2 كبسولتان ونصف"]);
        // What is whole, no quarter, or parted by nobody is told in figures.
        check("2", "mg", ["2 mg"; 5]);
        check("0.5", "mg", ["0.5 mg"; 5]);
        let two = ["2 tablets", "2 comprimés", "2 comprimidos", "2 vidonge", "2 قرصان"];
        check("2", "tablet", two);
        let third = ["0.33 tablet", "0.33 comprimé", "0.33 comprimido", "0.33 kidonge"];
        let [one, two, three, four] = third;
        check("0.33", "tablet", [one, two, three, four, "0.33 قرص"]);
        let drops = ["1.5 drops", "1.5 goutte", "1.5 gotas", "1.5 matone", "1.5 قطرة"];
        check("1.5", "drop", drops);
    }

    #[test]
    fn every_part_has_all_its_forms_and_its_noun() {
        for (language, tag) in Language::ALL {
            let mut count = 0;
            for (key, forms) in language.under("parted.") {
                let forms: Vec<&str> = forms.split('|').collect();
                assert_eq!(forms.len(), 6, "{tag} {key}");
                let is_counted = |form: &&str| form.contains("{n}") || form.contains("{whole}");
                let counted: Vec<bool> = forms.iter().map(is_counted).collect();
                assert_eq!(counted, [false, false, false, true, true, true], "{tag} {key}");
                assert!(language.of(&key.replace("parted.", "noun.")).is_some(), "{tag} {key}");
                count += 1;
            }
            assert_eq!(count, 10, "{tag}");
        }
    }
}
