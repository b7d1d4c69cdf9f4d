//! What is counted and what a medicine comes as: `30 tablet`, as it was typed, is read as
//! `30 tablets`, `30 comprimés` or `30 vidonge`. A word that is in no table stays as it was typed.

use super::PluralRule;
use crate::Decimal;
use std::fmt;

/// The nouns of a language.
#[derive(Clone, Copy)]
pub struct Nouns {
    /// The forms of a noun by its English singular, parted by bars in the order of `rule`.
    pub forms: fn(&str) -> Option<&'static str>,
    /// Which of them a number asks for.
    pub rule: PluralRule,
}

impl Nouns {
    /// English, as the command line speaks it.
    pub const ENGLISH: Self = Self { forms: english, rule: PluralRule::OneOrOther };

    /// A noun in the form of its number; `None` where it is in no table.
    pub(super) fn counted(&self, noun: &str, number: &Decimal) -> Option<&'static str> {
        let number = number.as_str().parse().unwrap_or(f64::INFINITY);
        Some(self.rule.form(self.of(noun)?, number))
    }

    /// A noun as one thing is called; `None` where it is in no table.
    pub(super) fn one(&self, noun: &str) -> Option<&'static str> {
        Some(self.rule.form(self.of(noun)?, 1.0))
    }

    fn of(&self, noun: &str) -> Option<&'static str> {
        let noun = noun.trim().to_lowercase();
        let singular = COUNTED.iter().find(|(_, many, _)| *many == noun).map(|(one, ..)| *one);
        (self.forms)(singular.unwrap_or(&noun))
    }
}

impl fmt::Debug for Nouns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nouns").field("rule", &self.rule).finish_non_exhaustive()
    }
}

/// What is counted, in English: one, many, and both as the tables of the languages write them.
const COUNTED: [(&str, &str, &str); 16] = [
    ("tablet", "tablets", "tablet|tablets"),
    ("capsule", "capsules", "capsule|capsules"),
    ("puff", "puffs", "puff|puffs"),
    ("spray", "sprays", "spray|sprays"),
    ("drop", "drops", "drop|drops"),
    ("sachet", "sachets", "sachet|sachets"),
    ("suppository", "suppositories", "suppository|suppositories"),
    ("pessary", "pessaries", "pessary|pessaries"),
    ("vial", "vials", "vial|vials"),
    ("ampoule", "ampoules", "ampoule|ampoules"),
    ("bottle", "bottles", "bottle|bottles"),
    ("tube", "tubes", "tube|tubes"),
    ("pack", "packs", "pack|packs"),
    ("patch", "patches", "patch|patches"),
    ("lozenge", "lozenges", "lozenge|lozenges"),
    ("inhaler", "inhalers", "inhaler|inhalers"),
];

fn english(noun: &str) -> Option<&'static str> {
    COUNTED.iter().find(|(one, ..)| *one == noun).map(|(.., forms)| *forms)
}
