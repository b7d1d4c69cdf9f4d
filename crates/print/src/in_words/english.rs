//! English, as it is written on cheques in Britain: `two hundred and forty`.

use super::of;

const NAMES: [&str; 20] = [
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
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

pub(super) fn words(number: u32) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    let (hundreds, below) = (rest / 100, rest % 100);
    let mut words = Vec::new();
    if thousands > 0 {
        words.push(format!("{} thousand", of(&NAMES, thousands)));
    }
    if hundreds > 0 {
        words.push(format!("{} hundred", of(&NAMES, hundreds)));
    }
    let small = match (below / 10, below % 10) {
        (0 | 1, _) => of(&NAMES, below).to_owned(),
        (tens, 0) => of(&TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", of(&TENS, tens), of(&NAMES, ones)),
    };
    if words.is_empty() {
        return small;
    }
    let words = words.join(" ");
    if below == 0 { words } else { format!("{words} and {small}") }
}
