//! Swahili: hundreds, tens and ones joined by `na`, thousands parted by a comma (Unicode CLDR, number
//! spellout of `sw`).

use super::of;

const NAMES: [&str; 10] =
    ["sifuri", "moja", "mbili", "tatu", "nne", "tano", "sita", "saba", "nane", "tisa"];
const TENS: [&str; 10] = [
    "",
    "kumi",
    "ishirini",
    "thelathini",
    "arobaini",
    "hamsini",
    "sitini",
    "sabini",
    "themanini",
    "tisini",
];

pub(super) fn words(number: u32) -> String {
    let (thousands, hundreds, below) = (number / 1000, number / 100 % 10, number % 100);
    let mut words = Vec::new();
    if hundreds > 0 {
        words.push(format!("mia {}", of(&NAMES, hundreds)));
    }
    if below >= 10 {
        words.push(of(&TENS, below / 10).to_owned());
    }
    if below % 10 > 0 || number == 0 {
        words.push(of(&NAMES, below % 10).to_owned());
    }
    let rest = words.join(" na ");
    match (thousands, rest.as_str()) {
        (0, _) => rest,
        (thousands, "") => format!("elfu {}", of(&NAMES, thousands)),
        (thousands, rest) => format!("elfu {}, {rest}", of(&NAMES, thousands)),
    }
}
