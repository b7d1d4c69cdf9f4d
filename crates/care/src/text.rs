//! Words as people type them, brought to one spelling.

/// The words of a text: lower case, without accents, split where letters meet digits and at
/// everything else, each in its [`spelling`].
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars().flat_map(char::to_lowercase).filter(|c| !is_combining(*c)) {
        let joins = match word.chars().next_back() {
            Some(last) => last.is_numeric() == letter.is_numeric(),
            None => true,
        };
        if !joins || !letter.is_alphanumeric() {
            close(&mut word, &mut words);
        }
        if letter.is_alphanumeric() {
            word.push(plain(letter));
        }
    }
    close(&mut word, &mut words);
    words
}

/// The text in small letters and without marks.
pub(crate) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| !is_combining(*c)).map(plain).collect()
}

fn close(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(spelling(&std::mem::take(word)));
    }
}

/// The one spelling of a word that differs between languages only by habit: `amoxycillin`,
/// `amoxicilline` and `amoksisilin` are one. Words of three letters or fewer, mostly
/// abbreviations, stay as they are.
fn spelling(word: &str) -> String {
    if word.chars().count() <= 3 {
        return word.to_owned();
    }
    if !word.is_ascii() {
        return ending(word, 5, &['а', 'е', 'и', 'о', 'у', 'ы', 'ю', 'я']).to_owned();
    }
    let mut same = word.to_owned();
    for (habit, letter) in HABITS {
        if same.contains(habit) {
            same = same.replace(habit, letter);
        }
    }
    let mut once = String::with_capacity(same.len());
    for letter in same.chars() {
        if !once.ends_with(letter) {
            once.push(letter);
        }
    }
    let singular = ending(&once, 4, &['s']);
    let stem = match singular.strip_suffix("um").filter(|stem| stem.len() >= 4) {
        Some(stem) => stem,
        None => ending(singular, 4, &['a', 'e', 'i', 'o']),
    };
    stem.to_owned()
}

/// In this order: later habits see what earlier ones made.
const HABITS: [(&str, &str); 11] = [
    ("ph", "f"),
    ("th", "t"),
    ("y", "i"),
    ("ae", "e"),
    ("oe", "e"),
    ("cc", "x"),
    ("ks", "x"),
    ("ce", "se"),
    ("ci", "si"),
    ("k", "c"),
    ("q", "c"),
];

/// The word without one trailing letter of `letters`, when `least` letters remain.
fn ending<'a>(word: &'a str, least: usize, letters: &[char]) -> &'a str {
    match word.strip_suffix(letters) {
        Some(stem) if stem.chars().count() >= least => stem,
        Some(_) | None => word,
    }
}

fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A Latin letter without its marks.
fn plain(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let marked = MARKED.iter().find(|(_, marked)| marked.contains(letter));
    marked.map_or(letter, |(plain, _)| *plain)
}

const MARKED: [(char, &str); 14] = [
    ('a', "àáâãäåāăąạảấầẩẫậắằẳẵặ"),
    ('c', "çćĉċč"),
    ('d', "ďđ"),
    ('e', "èéêëēĕėęěẹẻẽếềểễệ"),
    ('g', "ĝğġģ"),
    ('i', "ìíîïĩīĭįıỉị"),
    ('l', "ĺļľł"),
    ('n', "ñńņň"),
    ('o', "òóôõöøōŏőơọỏốồổỗộớờởỡợ"),
    ('r', "ŕŗř"),
    ('s', "śŝşšș"),
    ('t', "ţťț"),
    ('u', "ùúûüũūŭůűųưụủứừửữự"),
    ('z', "źżž"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_are_one_word() {
        let check = |names: &[&str]| {
            let first = words(names[0]);
            for name in names {
                assert_eq!(words(name), first, "{name}");
            }
        };
        check(&["amoxicillin", "Amoxycillin", "AMOXICILLINE", "amoxicilina", "amoksisilin"]);
        check(&["penicillin", "Penicillins", "pénicilline", "penicilina", "penisilini"]);
        check(&["cefalexin", "cephalexin", "Cefalexina", "sefaleksin"]);
        check(&["codeine", "Codéine", "codei\u{301}na", "Kodein"]);
        check(&["sulfamethoxazole", "sulphamethoxazole", "sulfametoxazol"]);
        check(&["paracetamol", "Paracétamol", "parasetamol", "paracetamolum"]);
        check(&["пенициллин", "ПЕНИЦИЛЛИНУ", "пенициллина"]);
    }

    #[test]
    fn words_part_where_letters_meet_digits() {
        let check = |text: &str, want: &[&str]| assert_eq!(words(text), want, "{text}");
        check("Ibuprofen400mg", &["ibuprofen", "400", "mg"]);
        check("TMP-SMX (DS)", &["tmp", "smx", "ds"]);
        check(" \u{a0}5-ASA", &["5", "asa"]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn any_text_gives_words_without_blanks(text in ".*") {
            prop_assert!(words(&text).iter().all(|w| !w.is_empty() && !w.contains(' ')));
        }
    }
}
