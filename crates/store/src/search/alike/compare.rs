//! What of two people is alike, and what speaks against it.

use super::{
    births::{Birth, BirthLikeness},
    names::{Name, NameLikeness},
};
use crate::search::words;
use clinical::{AdministrativeGender, ContactSystem, Identity, Patient};
use std::collections::BTreeSet;

/// Another birth date speaks against it, as far as it is known for certain.
const OTHER_BIRTH: i32 = 20;
/// So does another sex; it is mistaken more easily.
const OTHER_SEX: i32 = 10;
/// Digits from which a number is the same whatever letters stand before it.
const NUMBER_DIGITS_MIN: usize = 4;

/// Something that is alike; the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// A number the patient is known by.
    Identifier,
    /// The whole name.
    Name,
    /// The whole name, family and given name the other way round.
    SwappedNames,
    /// A telephone.
    Phone,
    /// The day of birth.
    BirthDate,
    /// A name of another spelling.
    SimilarName,
    /// The day of birth, day and month the other way round.
    SwappedBirthDate,
    /// The birth date as far as it is known, or but for one part.
    CloseBirthDate,
    /// The family name alone.
    FamilyName,
    /// The village or town.
    City,
}

impl Likeness {
    /// What it counts. [`super::POINTS_MIN`] is what somebody must have to be shown.
    const fn points(self) -> i32 {
        match self {
            Self::Identifier => 50,
            Self::Name => 40,
            Self::SwappedNames => 35,
            Self::Phone | Self::BirthDate => 30,
            Self::SimilarName => 24,
            Self::SwappedBirthDate => 20,
            Self::CloseBirthDate => 15,
            Self::FamilyName => 10,
            Self::City => 5,
        }
    }
}

/// What was found of two people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) reasons: Vec<Likeness>,
    pub(super) points: i32,
}

impl Compared {
    /// The same name and birth date, or a number or telephone in common and a name that is alike.
    pub(super) fn is_strong(&self) -> bool {
        let has = |one: Likeness| self.reasons.contains(&one);
        let is_named = has(Likeness::Name) || has(Likeness::SwappedNames);
        let is_reached = has(Likeness::Identifier) || has(Likeness::Phone);
        (is_named && has(Likeness::BirthDate))
            || (is_reached && (is_named || has(Likeness::SimilarName)))
    }
}

/// One of two people, as they are compared.
pub(super) struct Side<'a> {
    names: Vec<Name>,
    birth: Option<Birth<'a>>,
    sex: Option<AdministrativeGender>,
    phones: BTreeSet<String>,
    numbers: BTreeSet<String>,
    cities: BTreeSet<String>,
}

impl<'a> Side<'a> {
    /// A patient under one version of who it is.
    pub(super) fn of(patient: &Patient, identity: &'a Identity) -> Self {
        let cities = patient.address.iter().filter_map(|address| address.city.as_deref());
        Self {
            names: identity.name.iter().map(Name::of).collect(),
            birth: Birth::of(identity),
            sex: Some(identity.gender).filter(|sex| *sex != AdministrativeGender::Unknown),
            phones: phones(patient),
            numbers: numbers(identity),
            cities: cities.map(|city| words::fold(city).concat()).collect(),
        }
    }

    /// What is alike.
    pub(super) fn compare(&self, other: &Side<'_>) -> Compared {
        let mut reasons = Vec::new();
        let both = |mine: &BTreeSet<String>, theirs: &BTreeSet<String>| !mine.is_disjoint(theirs);
        let births = self.birth.zip(other.birth).map(|(mine, theirs)| mine.like(theirs));
        reasons.extend(self.name(other));
        reasons.extend(births.and_then(|births| match births {
            BirthLikeness::Same => Some(Likeness::BirthDate),
            BirthLikeness::Swapped => Some(Likeness::SwappedBirthDate),
            BirthLikeness::Close => Some(Likeness::CloseBirthDate),
            BirthLikeness::Other => None,
        }));
        reasons.extend(both(&self.numbers, &other.numbers).then_some(Likeness::Identifier));
        reasons.extend(both(&self.phones, &other.phones).then_some(Likeness::Phone));
        reasons.extend(both(&self.cities, &other.cities).then_some(Likeness::City));
        reasons.sort_unstable();
        let mut points: i32 = reasons.iter().map(|reason| reason.points()).sum();
        if births == Some(BirthLikeness::Other) {
            points -= OTHER_BIRTH;
        }
        if self.sex.zip(other.sex).is_some_and(|(mine, theirs)| mine != theirs) {
            points -= OTHER_SEX;
        }
        Compared { reasons, points }
    }

    /// The most telling of what their names have in common.
    fn name(&self, other: &Side<'_>) -> Option<Likeness> {
        let pairs = self.names.iter().flat_map(|mine| other.names.iter().map(move |it| (mine, it)));
        let alike = pairs.filter_map(|(mine, theirs)| mine.like(theirs)).min()?;
        Some(match alike {
            NameLikeness::Same => Likeness::Name,
            NameLikeness::Swapped => Likeness::SwappedNames,
            NameLikeness::Similar => Likeness::SimilarName,
            NameLikeness::Family => Likeness::FamilyName,
        })
    }
}

/// The patient's telephones as the index has them, with and without the code of the country.
pub(super) fn phones(patient: &Patient) -> BTreeSet<String> {
    let phones = patient.telecom.iter().filter(|it| it.system == ContactSystem::Phone);
    phones.flat_map(|phone| words::phone(&phone.value)).collect()
}

/// The numbers a patient is known by: run together, and their digits where there are enough.
pub(super) fn numbers(identity: &Identity) -> BTreeSet<String> {
    let numbers = identity.identifier.iter().flat_map(|identifier| {
        let whole = words::fold(&identifier.value).concat();
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        let digits = Some(digits).filter(|digits| digits.len() >= NUMBER_DIGITS_MIN);
        digits.into_iter().chain([whole])
    });
    numbers.filter(|number| !number.is_empty()).collect()
}
