//! Whole numbers in words, for what the law wants written twice.

mod arabic;
mod english;
mod french;
mod spanish;
mod swahili;

use crate::language::Language;

/// A number below ten thousand in the words of a language; none beyond.
pub(crate) fn in_words(number: u32, language: Language) -> Option<String> {
    if number >= 10_000 {
        return None;
    }
    Some(match language {
        Language::English => english::words(number),
        Language::French => french::words(number),
        Language::Spanish => spanish::words(number),
        Language::Swahili => swahili::words(number),
        Language::Arabic => arabic::words(number),
    })
}

fn of<'a>(names: &[&'a str], number: u32) -> &'a str {
    usize::try_from(number).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_written_out() {
        // English, French, Spanish, Swahili, Arabic.
        let check = |number: u32, want: [&str; 5]| {
            let read = Language::ALL.map(|(language, _)| in_words(number, language).unwrap());
            assert_eq!(read, want, "{number}");
        };
        check(0, ["zero", "zéro", "cero", "sifuri", "صفر"]);
        check(1, ["one", "un", "uno", "moja", "واحد"]);
        check(2, ["two", "deux", "dos", "mbili", "اثنان"]);
        check(7, ["seven", "sept", "siete", "saba", "سبعة"]);
        check(10, ["ten", "dix", "diez", "kumi", "عشرة"]);
        check(11, ["eleven", "onze", "once", "kumi na moja", "أحد عشر"]);
        check(12, ["twelve", "douze", "doce", "kumi na mbili", "اثنا عشر"]);
        check(14, ["fourteen", "quatorze", "catorce", "kumi na nne", "أربعة عشر"]);
        check(16, ["sixteen", "seize", "dieciséis", "kumi na sita", "ستة عشر"]);
        check(20, ["twenty", "vingt", "veinte", "ishirini", "عشرون"]);
        check(21, ["twenty-one", "vingt-et-un", "veintiuno", "ishirini na moja", "واحد وعشرون"]);
        check(
            28,
            ["twenty-eight", "vingt-huit", "veintiocho", "ishirini na nane", "ثمانية وعشرون"],
        );
        check(30, ["thirty", "trente", "treinta", "thelathini", "ثلاثون"]);
        check(
            56,
            ["fifty-six", "cinquante-six", "cincuenta y seis", "hamsini na sita", "ستة وخمسون"],
        );
        check(
            71,
            ["seventy-one", "soixante-et-onze", "setenta y uno", "sabini na moja", "واحد وسبعون"],
        );
        check(80, ["eighty", "quatre-vingts", "ochenta", "themanini", "ثمانون"]);
        check(
            81,
            ["eighty-one", "quatre-vingt-un", "ochenta y uno", "themanini na moja", "واحد وثمانون"],
        );
        check(
            97,
            [
                "ninety-seven",
                "quatre-vingt-dix-sept",
                "noventa y siete",
                "tisini na saba",
                "سبعة وتسعون",
            ],
        );
        check(100, ["one hundred", "cent", "cien", "mia moja", "مائة"]);
        check(
            101,
            ["one hundred and one", "cent-un", "ciento uno", "mia moja na moja", "مائة وواحد"],
        );
        check(
            112,
            [
                "one hundred and twelve",
                "cent-douze",
                "ciento doce",
                "mia moja na kumi na mbili",
                "مائة واثنا عشر",
            ],
        );
        check(200, ["two hundred", "deux-cents", "doscientos", "mia mbili", "مائتان"]);
        check(
            240,
            [
                "two hundred and forty",
                "deux-cent-quarante",
                "doscientos cuarenta",
                "mia mbili na arobaini",
                "مائتان وأربعون",
            ],
        );
        check(
            555,
            [
                "five hundred and fifty-five",
                "cinq-cent-cinquante-cinq",
                "quinientos cincuenta y cinco",
                "mia tano na hamsini na tano",
                "خمسمائة وخمسة وخمسون",
            ],
        );
        check(1000, ["one thousand", "mille", "mil", "elfu moja", "ألف"]);
        check(
            2001,
            [
                "two thousand and one",
                "deux-mille-un",
                "dos mil uno",
                "elfu mbili, moja",
                "ألفان وواحد",
            ],
        );
        check(
            2500,
            [
                "two thousand five hundred",
                "deux-mille-cinq-cents",
                "dos mil quinientos",
                "elfu mbili, mia tano",
                "ألفان وخمسمائة",
            ],
        );
        check(
            9999,
            [
                "nine thousand nine hundred and ninety-nine",
                "neuf-mille-neuf-cent-quatre-vingt-dix-neuf",
                "nueve mil novecientos noventa y nueve",
                "elfu tisa, mia tisa na tisini na tisa",
                "تسعة آلاف وتسعمائة وتسعة وتسعون",
            ],
        );
        assert_eq!(in_words(10_000, Language::English), None);
    }

    /// A number that is read back is the one that was meant.
    #[test]
    fn no_two_numbers_have_the_same_words() {
        for (language, tag) in Language::ALL {
            let all: BTreeSet<String> =
                (0..10_000).map(|number| in_words(number, language).unwrap()).collect();
            assert_eq!(all.len(), 10_000, "{tag}");
        }
    }
}
