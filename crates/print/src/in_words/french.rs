//! French, by the spelling of 1990: every part is joined by a hyphen.

use super::of;

const NAMES: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
];
const TENS: [&str; 10] = [
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

pub(super) fn words(number: u32) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    let (hundreds, below) = (rest / 100, rest % 100);
    let mut words = Vec::new();
    match thousands {
        0 => {}
        1 => words.push("mille".to_owned()),
        many => words.push(format!("{}-mille", of(&NAMES, many))),
    }
    match (hundreds, below) {
        (0, _) => {}
        (1, _) => words.push("cent".to_owned()),
        (many, 0) => words.push(format!("{}-cents", of(&NAMES, many))),
        (many, _) => words.push(format!("{}-cent", of(&NAMES, many))),
    }
    if below > 0 || words.is_empty() {
        words.push(below_hundred(below));
    }
    words.join("-")
}

fn below_hundred(number: u32) -> String {
    let (tens, ones) = (number / 10, number % 10);
    let name = of(&TENS, tens);
    match (tens, ones) {
        (0, _) | (1, 0..=6) => of(&NAMES, number).to_owned(),
        (7 | 9, 1) if tens == 7 => format!("{name}-et-onze"),
        (7 | 9, ones) => format!("{name}-{}", below_hundred(10 + ones)),
        (8, 0) => format!("{name}s"),
        (_, 0) => name.to_owned(),
        (2..=6, 1) => format!("{name}-et-un"),
        (_, ones) => format!("{name}-{}", of(&NAMES, ones)),
    }
}
