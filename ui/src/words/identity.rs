//! Who a patient is, on one line (NHS CUI PAB-0016..0061).

use super::{age, gender};
use crate::i18n::{t, tf};
use clinical::{Conflict, EntryValue, Identity, display};
use jiff::civil::Date;

/// The parts of the identification line, in the order they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdentityLine {
    /// `FAMILY, Given (Title)`.
    pub name: String,
    /// `14-Mar-1980 (46y)`, or "Not known".
    pub born: String,
    /// The sex, in a word.
    pub sex: &'static str,
    /// The number the patient is known by.
    pub number: String,
}

/// The identification line of a patient.
pub(crate) fn identity_line(identity: &Identity, today: Date) -> IdentityLine {
    let not_known = || t("identity.not-known").to_owned();
    let born = identity.birth_date.as_ref().map_or_else(not_known, |born| {
        let date = super::date(born);
        let date = if identity.birth_date_estimated {
            tf("identity.estimated", &[("date", &date)])
        } else {
            date
        };
        match age(born, today) {
            Some(age) => format!("{date} ({age})"),
            None => date,
        }
    });
    let number = identity.identifier.first().map(|number| number.value.clone());
    IdentityLine {
        name: identity_name(identity),
        born,
        sex: gender(identity.gender),
        number: number.unwrap_or_else(not_known),
    }
}

/// The birth dates two people disagree on: `14-Mar-1980 or 13-Apr-1981, to decide`. None where the
/// conflicts leave it undisputed.
pub(crate) fn disputed_born<'a>(
    conflicts: impl Iterator<Item = &'a Conflict>,
    today: Date,
) -> Option<String> {
    let versions = conflicts.flat_map(|conflict| &conflict.versions);
    let identities = versions.filter_map(|version| match &version.value {
        EntryValue::Identity(identity) => Some(identity),
        EntryValue::Medication(_)
        | EntryValue::Allergy(_)
        | EntryValue::CodeStatus(_)
        | EntryValue::EncounterAbout(_)
        | EntryValue::EncounterState(_)
        | EntryValue::Unreadable => None,
    });
    either_born(identities, today)
}

/// The same of the versions of who somebody is.
pub(crate) fn either_born<'a>(
    versions: impl Iterator<Item = &'a Identity>,
    today: Date,
) -> Option<String> {
    let mut born: Vec<String> = Vec::new();
    for identity in versions {
        let one = identity_line(identity, today).born;
        if !born.contains(&one) {
            born.push(one);
        }
    }
    let either =
        |one: String, other: String| tf("identity.or", &[("one", &one), ("other", &other)]);
    let several = born.len() > 1;
    let dates = born.into_iter().reduce(either).filter(|_| several)?;
    Some(tf("identity.to-decide", &[("dates", &dates)]))
}

/// `FAMILY, Given (Title)`, or "Not known".
pub(crate) fn identity_name(identity: &Identity) -> String {
    match identity.preferred_name().filter(|name| !name.is_empty()) {
        Some(_) => display::banner_name(identity),
        None => t("identity.not-known").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;
    use clinical::{AdministrativeGender, HumanName, Identifier};

    #[test]
    fn the_line_says_who_it_is_and_never_a_question_mark() {
        let check = |born: Option<&str>, estimated: bool, number: &str, want: (&str, &str)| {
            let number = Identifier { value: number.into(), ..Identifier::default() };
            let identity = Identity {
                name: vec![HumanName::new("Okello", "Grace")],
                gender: AdministrativeGender::Female,
                birth_date: born.map(|text| text.parse().unwrap()),
                birth_date_estimated: estimated,
                identifier: Some(number).into_iter().filter(|n| !n.value.is_empty()).collect(),
            };
            let line = identity_line(&identity, jiff::civil::date(2026, 11, 24));
            assert_eq!(line.name, "OKELLO, Grace");
            assert_eq!((line.born.as_str(), line.number.as_str()), want);
        };
        check(Some("1980-03-14"), false, "A-7", ("14-Mar-1980 (46y)", "A-7"));
        check(Some("1980"), true, "A-7", ("about 1980 (about 46y)", "A-7"));
        check(None, false, "", ("Not known", "Not known"));
        let nobody = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let line = speak("es", || identity_line(&nobody, jiff::civil::date(2026, 11, 24)));
        assert_eq!((line.name.as_str(), line.sex), ("No se sabe", "No se sabe"));
    }
}
