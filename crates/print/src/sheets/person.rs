//! Whose sheet it is.

use super::{
    heading::{BETWEEN, date, kept},
    parts::unbroken,
};
use crate::{
    language::Language,
    layout::{Block, Column, Size},
    text::Words,
};
use clinical::{AdministrativeGender, Identity, display};

/// Whose sheet it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name, sex, birth date, numbers.
    pub identity: Identity,
    /// The age, as `clinical::display::age` gives it: `46y`, `about 8m`.
    pub age: Option<String>,
    /// The address, on one line.
    pub address: Option<String>,
    /// Who looks after a child, on one line: name, what they are to it, how they are reached.
    pub guardian: Option<String>,
}

impl Person {
    /// `FAMILY, Given`, and below it `Born dd-Mmm-yyyy (age) · Sex · number` (PAB-0033..0061).
    pub(super) fn lines(&self, column: Column, language: Language) -> Block {
        let Identity { gender, identifier, birth_date, .. } = &self.identity;
        let has_name = self.identity.preferred_name().is_some_and(|name| !name.is_empty());
        let name = match has_name {
            true => display::banner_name(&self.identity),
            false => language.words("not-known").to_owned(),
        };
        let born = birth_date.as_ref().map(|born| date(born, language));
        let born = match (born, &self.age) {
            (Some(born), Some(age)) => format!("{born} ({})", age_in(age, language)),
            (Some(born), None) => born,
            (None, _) => language.words("not-known").to_owned(),
        };
        let sex = language.words(sex_key(*gender));
        let mut words = kept(language.words("born"), &born).then(BETWEEN);
        words = words.then_words(kept(language.words("sex"), sex));
        let number = match identifier.first() {
            Some(number) => kept(language.words("number"), &number.value),
            None => Words::bold(&unbroken(language.words("number.none"))),
        };
        words = words.then(BETWEEN).then_words(number);
        let name = Words::default().then_bold_apart(&name);
        Block::stack([column.words(&name, Size::Large), column.words(&words, Size::Body)])
    }
}

/// An age in the words of a language.
fn age_in(age: &str, language: Language) -> String {
    let (bare, is_about) = age.strip_prefix("about ").map_or((age, false), |bare| (bare, true));
    let number = bare.trim_end_matches(char::is_alphabetic);
    let keys = match bare.strip_prefix(number) {
        Some("d") => ["age.day", "age.days"],
        Some("m") => ["age.month", "age.months"],
        Some(_) | None => ["age.year", "age.years"],
    };
    let said = language.counted(keys, number);
    if is_about { language.filled("age.about", &[("age", &said)]) } else { said }
}

const fn sex_key(gender: AdministrativeGender) -> &'static str {
    match gender {
        AdministrativeGender::Female => "sex.female",
        AdministrativeGender::Male => "sex.male",
        AdministrativeGender::Other => "sex.other",
        AdministrativeGender::Unknown => "sex.unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_in_the_readers_language() {
        let check = |age: &str, want: [&str; 5]| {
            let said = Language::ALL.map(|(language, _)| age_in(age, language));
            assert_eq!(said.map(|said| said.replace('\u{a0}', " ")), want, "{age}");
        };
        check("46y", ["46y", "46 ans", "46 años", "miaka 46", "46 سنة"]);
        check("5y", ["5y", "5 ans", "5 años", "miaka 5", "5 سنوات"]);
        check("8m", ["8m", "8 mois", "8 meses", "miezi 8", "8 أشهر"]);
        check("1m", ["1m", "1 mois", "1 mes", "mwezi 1", "شهر واحد"]);
        check("2d", ["2d", "2 jours", "2 días", "siku 2", "يومان"]);
        let about = ["about 1y", "environ 1 an", "aproximadamente 1 año", "takriban mwaka 1"];
        let [one, two, three, four] = about;
        check("about 1y", [one, two, three, four, "سنة واحدة تقريبًا"]);
    }
}
