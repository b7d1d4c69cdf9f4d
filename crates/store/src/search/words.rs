//! The words a patient is indexed by.

use super::{dates, sound::sound};
use clinical::{ContactSystem, HumanName, Identifier, Identity, Patient};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Before the consonants of a name written without vowels.
pub(crate) const SKELETON: char = '§';
/// Words kept of one patient and kind: bounds what a hostile file can make us index.
const WORDS_MAX: usize = 48;
/// Letters of one text that are read: bounds it likewise.
const TEXT_CHARS_MAX: usize = 400;
/// Digits at the end of a telephone number that are the same with and without country code.
const NATIONAL_DIGITS: usize = 9;

/// The words of one patient by what they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) names: BTreeSet<String>,
    pub(crate) phones: BTreeSet<String>,
    pub(crate) identifiers: BTreeSet<String>,
    pub(crate) births: BTreeSet<String>,
    /// How the names sound.
    sounds: BTreeSet<String>,
}

impl Words {
    /// The words of a patient and of every disputed version of who it is.
    pub(crate) fn of(patient: &Patient, versions: &[Identity]) -> Self {
        let mut words = Self::default();
        for identity in std::iter::once(&patient.identity).chain(versions) {
            identity.name.iter().for_each(|name| words.add_name(name));
            identity.identifier.iter().for_each(|identifier| words.add_identifier(identifier));
            let born = identity.birth_date.as_ref();
            words.births.extend(born.map(dates::words_of).unwrap_or_default());
            words.births.extend(born.map(|born| dates::year_word(born.year())));
        }
        let phones =
            patient.telecom.iter().filter(|contact| contact.system == ContactSystem::Phone);
        phones.for_each(|phone| words.add_phone(&phone.value));
        words
    }

    /// All of them, as the index takes them.
    pub(crate) fn joined(&self) -> String {
        let kinds = [&self.names, &self.phones, &self.identifiers, &self.births, &self.sounds];
        let words = kinds.iter().flat_map(|kind| kind.iter().take(WORDS_MAX));
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    fn add_name(&mut self, name: &HumanName) {
        for part in name.given.iter().chain([&name.family]).chain(&name.text) {
            let words = fold(part);
            if is_without_vowels(part) {
                self.names.extend(words.iter().filter_map(|word| skeleton(word)));
            }
            self.sounds.extend(words.iter().filter_map(|word| sound(word)));
            self.names.extend(joined(&words));
            self.names.extend(words);
        }
    }

    fn add_phone(&mut self, value: &str) {
        self.phones.extend(phone(value));
    }

    fn add_identifier(&mut self, identifier: &Identifier) {
        let words = fold(&identifier.value);
        self.identifiers.extend(joined(&words));
        // The parts of a UUID name nobody.
        if words.len() <= 4 {
            let bare = words.iter().map(|word| word.trim_start_matches('0').to_owned());
            self.identifiers.extend(bare.filter(|word| word.len() > 2));
            self.identifiers.extend(words);
        }
    }
}

/// What a list is sorted by: family name, then given names, folded.
pub(crate) fn sort_name(identity: &Identity) -> String {
    let Some(name) = identity.preferred_name() else { return String::new() };
    let parts = std::iter::once(&name.family).chain(&name.given);
    let words: Vec<String> = parts.flat_map(|part| fold(part)).collect();
    if words.is_empty() {
        return name.text.as_deref().map(|text| fold(text).join(" ")).unwrap_or_default();
    }
    words.join(" ")
}

/// A text as lower-case Latin letters and digits with its marks between them; a script that
/// cannot be written so stays as it is.
pub(crate) fn latin(text: &str) -> String {
    let normal: String = text.chars().take(TEXT_CHARS_MAX).nfkc().collect();
    let latin = |word: &str| {
        let folded = deunicode::deunicode_with_tofu(word, "").to_lowercase();
        let lost = !folded.chars().any(char::is_alphanumeric);
        if lost { word.to_lowercase() } else { folded }
    };
    normal.split_whitespace().map(latin).collect::<Vec<_>>().join(" ")
}

/// The words of a text, folded.
pub(crate) fn fold(text: &str) -> Vec<String> {
    words_in(&latin(text))
}

/// The words of a folded text. Apostrophes that transliteration makes of letters are left out.
pub(crate) fn words_in(latin: &str) -> Vec<String> {
    let parts = latin.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Several words as one, as in `O'Brien`, `Smith-Jones` or `Xiaoming`.
pub(crate) fn joined(words: &[String]) -> Option<String> {
    (words.len() > 1).then(|| words.concat())
}

/// The digits of a number, in whatever script, without leading zeros.
pub(crate) fn significant_digits(text: &str) -> String {
    let digits = deunicode::deunicode_with_tofu(text, "");
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// A telephone number with and without the code of its country.
pub(crate) fn phone(value: &str) -> Vec<String> {
    let digits = significant_digits(value);
    let from = digits.len().checked_sub(NATIONAL_DIGITS).filter(|from| *from > 0);
    let national = from.and_then(|from| digits.get(from..)).map(str::to_owned);
    national.into_iter().chain(Some(digits).filter(|digits| !digits.is_empty())).collect()
}

/// The consonants of a folded word, with their mark: by them a name in Arabic or Hebrew script
/// is found by its Latin spelling, whichever vowels that has.
pub(crate) fn skeleton(word: &str) -> Option<String> {
    let consonants = word.chars().filter(|c| c.is_ascii_lowercase() && !"aeiouwy".contains(*c));
    let mut bones: Vec<char> = consonants.collect();
    bones.dedup();
    (bones.len() > 1).then(|| std::iter::once(SKELETON).chain(bones).collect())
}

/// Whether a text is in Hebrew, Arabic or Syriac letters.
fn is_without_vowels(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_to_latin() {
        let check = |text: &str, want: &[&str]| assert_eq!(fold(text), want, "{text}");
        check("Müller", &["muller"]);
        check("O'Brien", &["o", "brien"]);
        check("Nguyễn Thị Ánh", &["nguyen", "thi", "anh"]);
        check("王小明", &["wang", "xiao", "ming"]);
        check("Наталья", &["natal", "ia"]);
        check("Łukasz", &["lukasz"]);
        check("ＦＵＬＬ width", &["full", "width"]);
        check("  ", &[]);
    }

    #[test]
    fn names_without_vowels_share_their_consonants_with_latin_spellings() {
        let check = |arabic: &str, latin: &[&str]| {
            let mut words = Words::default();
            words.add_name(&HumanName::new(arabic, ""));
            for spelling in latin {
                let skeleton = skeleton(spelling).unwrap();
                assert!(words.names.contains(&skeleton), "{spelling}: {:?}", words.names);
            }
        };
        check("محمد", &["mohammed", "muhammad", "mohamed"]);
        check("حسين", &["hussein", "husayn"]);
        check("يوسف", &["yusuf", "youssef"]);
    }

    #[test]
    fn digits_lose_country_code_and_zeros() {
        let check = |text: &str, want: &[&str]| {
            let mut words = Words::default();
            words.add_phone(text);
            assert_eq!(words.phones.iter().map(String::as_str).collect::<Vec<_>>(), want);
        };
        check("+254 712 345 678", &["254712345678", "712345678"]);
        check("0712 345 678", &["712345678"]);
        check("٠٧١٢٣٤٥٦٧٨", &["712345678"]);
        check("n/a", &[]);
    }

    #[test]
    fn hostile_names_are_bounded() {
        let mut words = Words::default();
        let many: Vec<String> = (0..10_000).map(|n| format!("n{n}")).collect();
        words.add_name(&HumanName::new("x", &many.join(" ")));
        words.add_name(&HumanName::new(&"long".repeat(100_000), ""));
        assert!(words.joined().len() < 2000);
    }
}
