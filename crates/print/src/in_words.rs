//! Whole numbers in words, for what the law wants written twice.

use crate::language::Language;

/// A number below ten thousand in the words of a language; none beyond.
pub(crate) fn in_words(number: u32, language: Language) -> Option<String> {
    if number >= 10_000 {
        return None;
    }
    Some(match language {
        Language::English => english(number),
        Language::French => french(number),
    })
}

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english(number: u32) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    let (hundreds, below) = (rest / 100, rest % 100);
    let mut words = Vec::new();
    if thousands > 0 {
        words.push(format!("{} thousand", of(&ENGLISH, thousands)));
    }
    if hundreds > 0 {
        words.push(format!("{} hundred", of(&ENGLISH, hundreds)));
    }
    let small = match (below / 10, below % 10) {
        (0 | 1, _) => of(&ENGLISH, below).to_owned(),
        (tens, 0) => of(&ENGLISH_TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", of(&ENGLISH_TENS, tens), of(&ENGLISH, ones)),
    };
    if words.is_empty() {
        return small;
    }
    let words = words.join(" ");
    if below == 0 { words } else { format!("{words} and {small}") }
}

const FRENCH: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
];
const FRENCH_TENS: [&str; 10] = [
    "",
    "dix",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
];

/// By the spelling of 1990: every part is joined by a hyphen.
fn french(number: u32) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    let (hundreds, below) = (rest / 100, rest % 100);
    let mut words = Vec::new();
    match thousands {
        0 => {}
        1 => words.push("mille".to_owned()),
        many => words.push(format!("{}-mille", of(&FRENCH, many))),
    }
    match (hundreds, below) {
        (0, _) => {}
        (1, _) => words.push("cent".to_owned()),
        (many, 0) => words.push(format!("{}-cents", of(&FRENCH, many))),
        (many, _) => words.push(format!("{}-cent", of(&FRENCH, many))),
    }
    if below > 0 || words.is_empty() {
        words.push(french_below_hundred(below));
    }
    words.join("-")
}

fn french_below_hundred(number: u32) -> String {
    let (tens, ones) = (number / 10, number % 10);
    let name = of(&FRENCH_TENS, tens);
    match (tens, ones) {
        (0, _) | (1, 0..=6) => of(&FRENCH, number).to_owned(),
        (7 | 9, 1) if tens == 7 => format!("{name}-et-onze"),
        (7 | 9, ones) => format!("{name}-{}", french_below_hundred(10 + ones)),
        (8, 0) => format!("{name}s"),
        (_, 0) => name.to_owned(),
        (2..=6, 1) => format!("{name}-et-un"),
        (_, ones) => format!("{name}-{}", of(&FRENCH, ones)),
    }
}

fn of<'a>(names: &[&'a str], number: u32) -> &'a str {
    usize::try_from(number).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_out() {
        let check = |number: u32, english: &str, french: &str| {
            let read = |language| in_words(number, language).unwrap();
            assert_eq!(read(Language::English), english, "{number}");
            assert_eq!(read(Language::French), french, "{number}");
        };
        check(0, "zero", "zéro");
        check(7, "seven", "sept");
        check(14, "fourteen", "quatorze");
        check(17, "seventeen", "dix-sept");
        check(21, "twenty-one", "vingt-et-un");
        check(28, "twenty-eight", "vingt-huit");
        check(60, "sixty", "soixante");
        check(71, "seventy-one", "soixante-et-onze");
        check(75, "seventy-five", "soixante-quinze");
        check(80, "eighty", "quatre-vingts");
        check(81, "eighty-one", "quatre-vingt-un");
        check(91, "ninety-one", "quatre-vingt-onze");
        check(97, "ninety-seven", "quatre-vingt-dix-sept");
        check(100, "one hundred", "cent");
        check(112, "one hundred and twelve", "cent-douze");
        check(200, "two hundred", "deux-cents");
        check(240, "two hundred and forty", "deux-cent-quarante");
        check(1000, "one thousand", "mille");
        check(2500, "two thousand five hundred", "deux-mille-cinq-cents");
        assert_eq!(in_words(10_000, Language::English), None);
    }
}
