//! The words on paper, in the language of who reads the sheet: not that of the window.
//!
//! The tables are `assets/print/*.json`; how a medicine is taken is said as the window says it, by
//! `assets/locales/*.json`. Numbers keep Western digits and a point in every language.

use clinical::display::{DoseWords, Nouns, OrderWords, PluralRule};
use std::{collections::BTreeMap, sync::OnceLock};

/// The texts of a language: the window's, and over them those of paper.
macro_rules! texts {
    ($tag:literal) => {
        [
            include_str!(concat!("../../../assets/locales/", $tag, ".json")),
            include_str!(concat!("../../../assets/print/", $tag, ".json")),
        ]
    };
}

/// A language that sheets can be in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Swahili.
    Swahili,
    /// Arabic.
    Arabic,
}

impl Language {
    /// Every language with its tag (BCP 47).
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::English, "en"),
        (Self::French, "fr"),
        (Self::Spanish, "es"),
        (Self::Swahili, "sw"),
        (Self::Arabic, "ar"),
    ];

    /// The language of a tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == tag).map(|(language, _)| language)
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Swahili => "sw",
            Self::Arabic => "ar",
        }
    }

    /// Whether it is read from right to left.
    pub const fn is_rtl(self) -> bool {
        match self {
            Self::English | Self::French | Self::Spanish | Self::Swahili => false,
            Self::Arabic => true,
        }
    }

    /// The words of a key; the key itself where there are none, which a test finds.
    pub fn words(self, key: &'static str) -> &'static str {
        self.table().get(key).map_or(key, String::as_str)
    }

    /// The words of a key with values in the places of `{name}`.
    pub(crate) fn filled(self, key: &'static str, values: &[(&str, &str)]) -> String {
        let mut text = self.words(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The words of a key for a number, `{n}` in them: of one the singular, of more the form that the
    /// number asks for.
    pub(crate) fn counted(self, [one, many]: [&'static str; 2], number: &str) -> String {
        let words = self.words(if number == "1" { one } else { many });
        DoseWords::counted(words, number)
    }

    /// The words of a key that may be none of the table's.
    pub(crate) fn of(self, key: &str) -> Option<&'static str> {
        self.table().get(key).map(String::as_str)
    }

    /// The keys that begin so, with their words.
    pub(crate) fn under(self, prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = self.table().iter().filter(move |(key, _)| key.starts_with(prefix));
        all.map(|(key, words)| (key.as_str(), words.as_str()))
    }

    /// The months, from January on.
    pub(crate) fn months(self) -> Vec<&'static str> {
        self.words("date.months").split(' ').collect()
    }

    /// The keys paper has words for.
    #[cfg(test)]
    pub(crate) fn keys(self) -> Vec<String> {
        let [_, paper] = self.texts();
        read(paper).into_keys().collect()
    }

    fn table(self) -> &'static BTreeMap<String, String> {
        static TABLES: [OnceLock<BTreeMap<String, String>>; 5] = [const { OnceLock::new() }; 5];
        let [english, french, spanish, swahili, arabic] = &TABLES;
        let table = match self {
            Self::English => english,
            Self::French => french,
            Self::Spanish => spanish,
            Self::Swahili => swahili,
            Self::Arabic => arabic,
        };
        table.get_or_init(|| self.texts().into_iter().flat_map(read).collect())
    }

    const fn texts(self) -> [&'static str; 2] {
        match self {
            Self::English => texts!("en"),
            Self::French => texts!("fr"),
            Self::Spanish => texts!("es"),
            Self::Swahili => texts!("sw"),
            Self::Arabic => texts!("ar"),
        }
    }

    /// The form a noun has for a number.
    pub(crate) fn plural(self) -> PluralRule {
        PluralRule::of_tag(self.tag())
    }

    /// The words for how a medicine is taken.
    pub(crate) fn dose_words(self) -> DoseWords {
        // Nouns are put into the order itself: paper knows those of all languages, however they were
        // typed (`nouns`).
        let nouns = Nouns { forms: |_| None, rule: self.plural() };
        DoseWords::of(&|key| self.words(key), nouns)
    }

    /// The words for what an order says beside the dosage.
    pub(crate) fn order_words(self) -> OrderWords {
        OrderWords::of(&|key| self.words(key))
    }
}

fn read(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}
