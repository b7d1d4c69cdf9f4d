//! Words as clinicians type them and as the classification prints them, brought to one spelling.

/// Words that say nothing of a diagnosis: neither kept nor asked for.
const IDLE: [&str; 26] = [
    "of",
    "the",
    "and",
    "or",
    "in",
    "to",
    "for",
    "by",
    "a",
    "an",
    "on",
    "at",
    "with",
    "due",
    "as",
    "not",
    "elsewhere",
    "classified",
    "is",
    "has",
    "from",
    "patient",
    "pt",
    "my",
    "other",
    "type",
];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In its one spelling.
    pub(super) text: String,
    /// How much of the text it is: little for what may be left out.
    pub(super) weight: u8,
}

/// What a full word weighs.
pub(super) const FULL: u8 = 10;
/// What a word weighs that may be left out.
const LIGHT: u8 = 2;
/// Words that only say that nothing more is said.
const EMPTY: [&str; 9] = [
    "unspecified",
    "nos",
    "nec",
    "without",
    "complication",
    "uncomplicated",
    "encounter",
    "initial",
    "site",
];

/// After these a letter that is otherwise idle tells one from another: hepatitis A.
const LETTERED: [&str; 6] = ["hepatitis", "vitamin", "influenza", "hep", "group", "factor"];
/// Words that qualify a diagnosis and make none.
const QUALIFIERS: [&str; 38] = [
    "acute",
    "chronic",
    "severe",
    "mild",
    "moderate",
    "recurrent",
    "new",
    "old",
    "left",
    "right",
    "bilateral",
    "both",
    "stage",
    "grade",
    "class",
    "upper",
    "lower",
    "1",
    "2",
    "3",
    "4",
    "5",
    "unspecified",
    "general",
    "child",
    "children",
    "baby",
    "infant",
    "adult",
    "elderly",
    "man",
    "woman",
    "male",
    "female",
    "boy",
    "girl",
    "year",
    "feeling",
];

/// The words of a text of the classification. What stands in brackets may be left out; parts of a
/// word with a hyphen count, and so does the whole.
pub(super) fn printed(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut depth = 0_usize;
    for part in text.split_inclusive(|c: char| c.is_whitespace() || "()[],/;".contains(c)) {
        let weight = if depth > 0 { LIGHT } else { FULL };
        for word in part.split('-').flat_map(pieces) {
            push(&mut words, &word, weight);
        }
        if part.contains('-') {
            let whole: String = part.split('-').flat_map(pieces).collect();
            words.push(Word { text: spelling(&whole), weight: 0 });
        }
        if part.ends_with(['(', '[']) {
            depth += 1;
        } else if part.ends_with([')', ']']) {
            depth = depth.saturating_sub(1);
        }
    }
    words
}

/// The words of a query, as far as they say something; all, where none does.
pub(super) fn asked(text: &str) -> Vec<String> {
    let all: Vec<String> = pieces(text).map(|word| spelling(&word)).collect();
    let mut telling: Vec<String> = Vec::new();
    for word in &all {
        if !is_idle(word, telling.last()) {
            telling.push(word.clone());
        }
    }
    if telling.is_empty() { all } else { telling }
}

/// Whether a word qualifies a diagnosis and makes none.
pub(super) fn is_qualifier(word: &str) -> bool {
    QUALIFIERS.contains(&word)
}

fn push(words: &mut Vec<Word>, word: &str, weight: u8) {
    let text = spelling(word);
    if !is_idle(&text, words.last().map(|last| &last.text)) {
        let weight = if EMPTY.contains(&text.as_str()) { LIGHT } else { weight };
        words.push(Word { text, weight });
    }
}

fn is_idle(word: &str, after: Option<&String>) -> bool {
    let tells = word == "a" && after.is_some_and(|after| LETTERED.contains(&after.as_str()));
    IDLE.contains(&word) && !tells
}

/// The runs of letters and digits of a text, in small plain letters, without a possessive s.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if matches!(letter, '\'' | '\u{2019}') {
            word.push('\'');
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase().map(plain));
        } else if !word.is_empty() {
            words.push(owner(std::mem::take(&mut word)));
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter()
}

/// `crohn's` and `crohns'` are Crohn's.
fn owner(mut word: String) -> String {
    if word.contains('\'') {
        let end = word.strip_suffix("'s").map_or(word.len(), str::len);
        word.truncate(end);
        word.retain(|letter| letter != '\'');
    }
    word
}

/// A letter without its accent, as far as the classification and its users have them.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// One spelling for what differs by habit alone: British and American, singular and plural, Roman
/// and Arabic numerals.
fn spelling(word: &str) -> String {
    match word {
        "i" => return "1".to_owned(),
        "ii" => return "2".to_owned(),
        "iii" => return "3".to_owned(),
        "iv" => return "4".to_owned(),
        _ => {}
    }
    if word.len() <= 3 {
        return word.to_owned();
    }
    let mut same = word.to_owned();
    for (habit, other) in HABITS {
        if same.contains(habit) {
            same = same.replace(habit, other);
        }
    }
    if let Some(stem) = same.strip_suffix("ised") {
        same = format!("{stem}ized");
    }
    let length = singular(&same).len();
    same.truncate(length);
    same
}

/// British habits and the American ones the classification has. `gastroenteritis` is two parts;
/// `oedema`, `dyspnoea` and `diarrhoea` are not.
const HABITS: [(&str, &str); 12] = [
    ("ae", "e"),
    ("isation", "ization"),
    ("tumour", "tumor"),
    ("labour", "labor"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("counsell", "counsel"),
    ("roe", "r\u{0}e"),
    ("oe", "e"),
    ("\u{0}", "o"),
    ("yse", "yze"),
    ("fibre", "fiber"),
];

fn singular(word: &str) -> &str {
    if word.len() <= 3 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word);
        }
    }
    word.strip_suffix('s').unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_stands_for_all() {
        let check = |text: &str, want: &[&str]| assert_eq!(asked(text), want, "{text}");
        check("Anaemia of the newborns", &["anemia", "newborn"]);
        check("diarrhoea DYSPNOEA oedema", &["diarrhea", "dyspnea", "edema"]);
        check("gastroenteritis", &["gastroenteritis"]);
        check("Ménière's disease", &["meniere", "disease"]);
        check("crohns' hodgkin\u{2019}s", &["crohn", "hodgkin"]);
        check("type II diabetes", &["2", "diabete"]);
        check("hepatitis A", &["hepatitis", "a"]);
        check("pain in a leg", &["pain", "leg"]);
        check("abscesses, boxes; axis virus", &["abscess", "box", "axis", "virus"]);
        check("of the", &["of", "the"]);
    }

    #[test]
    fn what_may_be_left_out_weighs_little() {
        let check = |text: &str, want: &[(&str, u8)]| {
            let words = printed(text);
            let got: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.weight)).collect();
            assert_eq!(got, want, "{text}");
        };
        check(
            "Essential (primary) hypertension",
            &[("essential", 10), ("primary", 2), ("hypertension", 10)],
        );
        check("Headache, unspecified", &[("headache", 10), ("unspecified", 2)]);
        check("Pre-eclampsia", &[("pre", 10), ("eclampsia", 10), ("preeclampsia", 0)]);
        check("tumor of (the) lung [left]", &[("tumor", 10), ("lung", 10), ("left", 2)]);
    }
}
