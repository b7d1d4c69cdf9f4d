//! What is known of a person, where no label says what a part of the line is.

use crate::i18n::t;
use clinical::{AdministrativeGender, Identity};

/// What is known of a person: in a row without labels, what is not says what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// When they were born.
    pub born: bool,
    /// Their sex.
    pub sex: bool,
    /// A number they are known by.
    pub number: bool,
}

impl Known {
    /// What is known of someone.
    pub(crate) fn of(identity: &Identity) -> Self {
        Self {
            born: identity.birth_date.is_some(),
            sex: identity.gender != AdministrativeGender::Unknown,
            number: !identity.identifier.is_empty(),
        }
    }

    /// The birth date, or that it is not known.
    pub(crate) fn born_words(self, born: String) -> String {
        if self.born { born } else { t("find.no-birth").to_owned() }
    }

    /// The sex, or that it is not known.
    pub(crate) fn sex_words(self, sex: &'static str) -> &'static str {
        if self.sex { sex } else { t("find.no-sex") }
    }

    /// The number, or that there is none.
    pub(crate) fn number_words(self, number: String) -> String {
        if self.number { number } else { t("find.no-number").to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_says_what_it_is() {
        let mut identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let none = Known::of(&identity);
        let words = |known: Known| {
            let (born, number) = ("1980".to_owned(), "HC-1".to_owned());
            [known.born_words(born), known.sex_words("Female").into(), known.number_words(number)]
        };
        assert_eq!(words(none), ["Born not known", "Sex not known", "No number"]);
        identity.birth_date = Some("1980".parse().unwrap());
        identity.gender = AdministrativeGender::Female;
        identity.identifier = vec![clinical::Identifier::default()];
        assert_eq!(words(Known::of(&identity)), ["1980", "Female", "HC-1"]);
    }
}
