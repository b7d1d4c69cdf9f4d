//! Arabic: the forms of counting, as on cheques, which agree with no noun: the number stands by itself
//! (K. Ryding, A Reference Grammar of Modern Standard Arabic, 2005, chapter 15; Unicode CLDR, number
//! spellout of `ar`).

use super::of;

const NAMES: [&str; 20] = [
    "صفر",
    "واحد",
    "اثنان",
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
    "أحد عشر",
    "اثنا عشر",
    "ثلاثة عشر",
    "أربعة عشر",
    "خمسة عشر",
    "ستة عشر",
    "سبعة عشر",
    "ثمانية عشر",
    "تسعة عشر",
];
const TENS: [&str; 10] =
    ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS: [&str; 10] = [
    "",
    "مائة",
    "مائتان",
    "ثلاثمائة",
    "أربعمائة",
    "خمسمائة",
    "ستمائة",
    "سبعمائة",
    "ثمانمائة",
    "تسعمائة",
];

pub(super) fn words(number: u32) -> String {
    let (thousands, hundreds, below) = (number / 1000, number / 100 % 10, number % 100);
    let mut words = Vec::new();
    match thousands {
        0 => {}
        1 => words.push("ألف".to_owned()),
        2 => words.push("ألفان".to_owned()),
        many => words.push(format!("{} آلاف", of(&NAMES, many))),
    }
    if hundreds > 0 {
        words.push(of(&HUNDREDS, hundreds).to_owned());
    }
    match (below / 10, below % 10) {
        (0, 0) if number > 0 => {}
        (0 | 1, _) => words.push(of(&NAMES, below).to_owned()),
        (tens, 0) => words.push(of(&TENS, tens).to_owned()),
        // The ones go first.
        (tens, ones) => {
            words.push(of(&NAMES, ones).to_owned());
            words.push(of(&TENS, tens).to_owned());
        }
    }
    words.join(" و")
}
