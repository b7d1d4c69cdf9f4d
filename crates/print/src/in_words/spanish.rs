//! Spanish: the counting forms, `veintiuno` and not `veintiún` or `veintiuna`, for the number stands by
//! itself (Real Academia Española, Diccionario panhispánico de dudas, "cardinales").

use super::of;

const NAMES: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const TENS: [&str; 10] =
    ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const HUNDREDS: [&str; 10] = [
    "",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
];

pub(super) fn words(number: u32) -> String {
    let (thousands, hundreds, below) = (number / 1000, number / 100 % 10, number % 100);
    let mut words = Vec::new();
    match thousands {
        0 => {}
        1 => words.push("mil".to_owned()),
        many => words.push(format!("{} mil", of(&NAMES, many))),
    }
    match (hundreds, below) {
        (0, _) => {}
        (1, 0) => words.push("cien".to_owned()),
        (hundreds, _) => words.push(of(&HUNDREDS, hundreds).to_owned()),
    }
    if below > 0 || words.is_empty() {
        words.push(match (below / 10, below % 10) {
            (..=2, _) => of(&NAMES, below).to_owned(),
            (tens, 0) => of(&TENS, tens).to_owned(),
            (tens, ones) => format!("{} y {}", of(&TENS, tens), of(&NAMES, ones)),
        });
    }
    words.join(" ")
}
