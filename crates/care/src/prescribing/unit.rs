//! Units of doses: as they are typed, and in the words that come out (ISMP: no Greek letter, no
//! `U`, no `cc`).

use super::number::Number;

/// The unit of a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// A mass.
    Mass(Mass),
    /// A mass for each kilogram of the patient.
    PerKilogram(Mass),
    /// Units of an activity.
    Units,
    /// Millimoles.
    Millimole,
    /// Millilitres.
    Millilitre,
    /// Something counted.
    Count(Noun),
}

/// A mass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mass {
    /// Micrograms.
    Microgram,
    /// Milligrams.
    Milligram,
    /// Grams.
    Gram,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noun {
    /// Tablets.
    Tablet,
    /// Capsules.
    Capsule,
    /// Puffs of an inhaler.
    Puff,
    /// Sprays.
    Spray,
    /// Drops.
    Drop,
    /// Sachets.
    Sachet,
    /// Suppositories.
    Suppository,
    /// Pessaries.
    Pessary,
    /// Vials.
    Vial,
    /// Ampoules.
    Ampoule,
    /// Patches.
    Patch,
    /// Lozenges.
    Lozenge,
}

impl Unit {
    /// The unit a word names, and how many of it one is.
    pub(super) fn typed(word: &str) -> Option<(Self, u64)> {
        if let Some((noun, ..)) = NOUNS.iter().find(|(.., typed)| has(typed, word)) {
            return Some((Self::Count(*noun), 1));
        }
        let (unit, many, _) = UNITS.iter().find(|(.., typed)| has(typed, word))?;
        Some((*unit, *many))
    }

    /// The words for so much of it.
    pub(super) fn words(self, number: Number) -> &'static str {
        let one = number <= Number::whole(1) && !number.is_zero();
        match self {
            Self::Mass(mass) => mass.words(),
            Self::PerKilogram(Mass::Microgram) => "mcg/kg",
            Self::PerKilogram(Mass::Milligram) => "mg/kg",
            Self::PerKilogram(Mass::Gram) => "g/kg",
            Self::Units if number == Number::whole(1) => "unit",
            Self::Units => "units",
            Self::Millimole => "mmol",
            Self::Millilitre => "mL",
            Self::Count(noun) => noun.words(one),
        }
    }
}

impl Unit {
    /// Whether two measure alike: both an amount of the medicine, both a volume, both counted.
    pub(super) const fn is_alike(self, other: Self) -> bool {
        self.kind() == other.kind()
    }

    const fn kind(self) -> u8 {
        match self {
            Self::Mass(_) | Self::PerKilogram(_) | Self::Units | Self::Millimole => 0,
            Self::Millilitre => 1,
            Self::Count(_) => 2,
        }
    }
}

impl Mass {
    /// Its abbreviation.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Microgram => "mcg",
            Self::Milligram => "mg",
            Self::Gram => "g",
        }
    }

    /// How many micrograms one is.
    pub(super) const fn micrograms(self) -> u64 {
        match self {
            Self::Microgram => 1,
            Self::Milligram => 1_000,
            Self::Gram => 1_000_000,
        }
    }
}

impl Noun {
    /// Whether it is a part of what is in one container: a puff, a drop.
    pub(super) const fn is_portion(self) -> bool {
        matches!(self, Self::Puff | Self::Spray | Self::Drop)
    }

    /// One of it, or several.
    pub(super) fn words(self, one: bool) -> &'static str {
        let words = NOUNS.iter().find(|(noun, ..)| *noun == self);
        words.map_or("", |(_, single, many, _)| if one { single } else { many })
    }
}

fn has(typed: &str, word: &str) -> bool {
    typed.split(' ').any(|known| known == word)
}

/// What is counted: one, several, and what is typed for it, in small letters and without marks.
const NOUNS: [(Noun, &str, &str, &str); 12] = [
    (
        Noun::Tablet,
        "tablet",
        "tablets",
        "tablet tablets tab tabs tbl comprime comprimes cp cps cpr comp comprimido comprimidos \
         tableta tabletas tembe kidonge vidonge",
    ),
    (
        Noun::Capsule,
        "capsule",
        "capsules",
        "capsule capsules cap caps gelule gelules capsula capsulas",
    ),
    (
        Noun::Puff,
        "puff",
        "puffs",
        "puff puffs bouffee bouffees inhalation inhalations inhalacion inhalaciones inalacao \
         inalacoes jato jatos actuation actuations",
    ),
    (Noun::Spray, "spray", "sprays", "spray sprays pulverisation pulverisations"),
    (Noun::Drop, "drop", "drops", "drop drops gtt gtts goutte gouttes gota gotas tone matone"),
    (
        Noun::Sachet,
        "sachet",
        "sachets",
        "sachet sachets sobre sobres saqueta saquetas pakiti packet packets",
    ),
    (
        Noun::Suppository,
        "suppository",
        "suppositories",
        "suppository suppositories supp suppo suppos suppositoire suppositoires supositorio \
         supositorios",
    ),
    (Noun::Pessary, "pessary", "pessaries", "pessary pessaries pess ovule ovules ovulo ovulos"),
    (Noun::Vial, "vial", "vials", "vial vials flacon flacons frasco frascos"),
    (
        Noun::Ampoule,
        "ampoule",
        "ampoules",
        "ampoule ampoules amp amps ampule ampules ampolla ampollas ampola ampolas",
    ),
    (Noun::Patch, "patch", "patches", "patch patches"),
    (Noun::Lozenge, "lozenge", "lozenges", "lozenge lozenges pastille pastilles"),
];

/// Units: how many of it one is, and what is typed for it.
const UNITS: [(Unit, u64, &str); 8] = [
    (Unit::Mass(Mass::Milligram), 1, "mg mgs mgm milligram milligrams milligramme milligrammes"),
    (
        Unit::Mass(Mass::Microgram),
        1,
        "mcg mcgs µg μg ug microgram micrograms microgramme microgrammes",
    ),
    (Unit::Mass(Mass::Gram), 1, "g gm gms gr gram grams gramme grammes gramo gramos grama gramas"),
    (Unit::Millilitre, 1, "ml mls cc millilitre millilitres milliliter milliliters"),
    (Unit::Units, 1, "unit units u iu ius ui ie unite unites unidad unidades unidade ud uds"),
    (Unit::Units, 1_000_000, "mu miu mui mega megaunit megaunits"),
    (Unit::Units, 1_000, "ku kiu"),
    (Unit::Millimole, 1, "mmol mmols"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_names_one_unit() {
        let typed = NOUNS.iter().map(|(.., typed)| *typed).chain(UNITS.iter().map(|(.., it)| *it));
        let mut seen = BTreeSet::new();
        for word in typed.flat_map(|list| list.split(' ').collect::<BTreeSet<_>>()) {
            assert!(seen.insert(word), "{word}");
            assert!(Unit::typed(word).is_some(), "{word}");
        }
        assert_eq!(Unit::typed("mane"), None);
    }

    #[test]
    fn what_comes_out_is_what_ismp_asks_for() {
        let check = |typed: &str, one: &str, two: &str| {
            let (unit, many) = Unit::typed(typed).unwrap();
            assert_eq!(unit.words(Number::whole(1)), one, "{typed}");
            assert_eq!(unit.words(Number::whole(2)), two, "{typed}");
            assert!(many > 0);
        };
        check("ug", "mcg", "mcg");
        check("iu", "unit", "units");
        check("cc", "mL", "mL");
        check("cp", "tablet", "tablets");
        check("gtt", "drop", "drops");
        let half = Number::read("0.5").unwrap().0;
        assert_eq!(Unit::Count(Noun::Tablet).words(half), "tablet");
    }
}
