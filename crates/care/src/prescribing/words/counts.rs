//! Words that join numbers, halve a dose or multiply it, in the languages of the clinic.

/// Words between two numbers of which neither is the dose.
pub(in crate::prescribing) const JOINERS: &[&str] = &[
    "&", "to", "a", "hasta", "or", "ou", "o", "u", "au", "y", "e", "et", "and", "na", "hadi",
    "mpaka", "ate", "up", "upto", "until", "till", "thru", "through", "plus", "versus", "vs",
    "ama", "jusqu", "jusque", "jusquau", "bis", ">", "bien", "و", "أو", "او", "الى", "إلى",
];

/// Words and signs that join no numbers: what follows is a time, a count or what it is given in.
pub(in crate::prescribing) const NO_JOINERS: &[&str] = &[
    "@", "#", "at", "am", "pm", "in", "over", "per", "by", "with", "for", "saa", "las", "h", "kg",
    "x",
];

/// Halves, and nouns of fractions, as they are read before `tab`.
pub(in crate::prescribing) const HALVES: &[(&str, u32, u32)] = &[
    ("half", 1, 2),
    ("quarter", 1, 4),
    ("demi", 1, 2),
    ("demie", 1, 2),
    ("medio", 1, 2),
    ("media", 1, 2),
    ("meio", 1, 2),
    ("meia", 1, 2),
    ("nusu", 1, 2),
    ("robo", 1, 4),
];

/// Words of a part or of several times a dose: unread, they make it another.
pub(in crate::prescribing) const PART_WORDS: &[&str] = &[
    "half",
    "halve",
    "halved",
    "halves",
    "quarter",
    "quarters",
    "third",
    "thirds",
    "double",
    "doubled",
    "triple",
    "treble",
    "demi",
    "demie",
    "demis",
    "moitie",
    "quart",
    "tiers",
    "doubler",
    "medio",
    "media",
    "medios",
    "mitad",
    "cuarto",
    "tercio",
    "doble",
    "meio",
    "meia",
    "metade",
    "dobro",
    "dupla",
    "nusu",
    "robo",
    "theluthi",
    "maradufu",
    "نصف",
    "ربع",
    "ثلث",
    "ضعف",
    "مضاعفة",
    "نص",
];

/// Numbers in words that are no [`number_word`](super::number_word).
pub(in crate::prescribing) const MANY_WORDS: &[&str] = &[
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "hundred",
    "dozen",
    "onze",
    "douze",
    "quinze",
    "vingt",
    "trente",
    "doce",
    "quince",
    "veinte",
    "treinta",
    "vinte",
    "trinta",
    "ishirini",
    "thelathini",
    "اثنان",
    "اثنين",
    "حبتين",
    "ثلاثة",
    "اربعة",
    "خمسة",
];

/// What a number of times follows.
pub(in crate::prescribing) const TIMES_WORDS: &[&str] =
    &["x", "times", "fois", "veces", "vezes", "mara"];

/// Half of this is a time.
pub(in crate::prescribing) const HOURS: &[&str] = &[
    "hour", "hours", "hr", "hrs", "h", "heure", "heures", "hora", "horas", "saa", "year", "day",
    "jour", "dia", "siku", "litre", "life",
];
