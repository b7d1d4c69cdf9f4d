//! Whether two sets of particulars can be one person's.

use crate::{canonical::without, json};
use clinical::{AdministrativeGender, HumanName, Identifier, Identity};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Whether what comes under the id of somebody who is in the record is another person's. Senders
/// use ids such as `Patient/1`; two of them must never become one chart, so a word in common is not
/// enough: with another birth date, or another sex where the birth date does not agree, the same
/// given name is another person's. Of the same name as a whole, either may have been corrected
/// since, and not both.
pub fn identity_differs(a: &Identity, b: &Identity) -> bool {
    Compared::of(a, b).is_of_two()
}

/// Whether two identities have birth dates or sexes of which only one can be right. A date and a
/// part of it agree, and what is not known contradicts nothing.
pub fn identity_contradicts(a: &Identity, b: &Identity) -> bool {
    Compared::of(a, b).contradicts()
}

/// Whether two resources under one id that came together are one person's. What comes together was
/// true at one time: one name does not make one person of two birth dates or sexes, an identifier
/// that the same system gave does. Without a name on both sides only equal particulars tell.
pub(crate) fn is_same_person(a: &Identity, b: &Identity) -> bool {
    let compared = Compared::of(a, b);
    if compared.nameless {
        return a == b;
    }
    compared.shares_given_identifier || !(compared.is_of_two() || compared.contradicts())
}

/// Two identities held against each other.
struct Compared {
    /// One of them has no name.
    nameless: bool,
    /// All words of one name are in the other.
    same_name: bool,
    /// A word is in both.
    shares_name: bool,
    /// Whether the birth dates agree, where both are known.
    same_date: Option<bool>,
    other_sex: bool,
    shares_identifier: bool,
    /// They share an identifier of which it is said who gave it.
    shares_given_identifier: bool,
}

impl Compared {
    fn of(a: &Identity, b: &Identity) -> Self {
        let (names_a, names_b) = (words(&a.name), words(&b.name));
        let dates = a.birth_date.as_ref().zip(b.birth_date.as_ref());
        let agree = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        let is_known = |sex: AdministrativeGender| sex != AdministrativeGender::Unknown;
        let same = |one: &&Identifier| {
            b.identifier.iter().any(|it| (&it.system, &it.value) == (&one.system, &one.value))
        };
        let shared = || a.identifier.iter().filter(same);
        Self {
            nameless: names_a.is_empty() || names_b.is_empty(),
            same_name: names_a.is_subset(&names_b) || names_b.is_subset(&names_a),
            shares_name: names_a.intersection(&names_b).next().is_some(),
            same_date: dates.map(|(a, b)| agree(a.as_str(), b.as_str())),
            other_sex: a.gender != b.gender && is_known(a.gender) && is_known(b.gender),
            shares_identifier: shared().next().is_some(),
            shares_given_identifier: shared().any(|one| !one.system.is_empty()),
        }
    }

    fn contradicts(&self) -> bool {
        self.same_date == Some(false) || self.other_sex
    }

    fn is_of_two(&self) -> bool {
        if self.shares_identifier || self.nameless {
            return false;
        }
        let (agrees, other_date) = (self.same_date == Some(true), self.same_date == Some(false));
        match (self.same_name, self.shares_name) {
            (true, _) => other_date && self.other_sex,
            (false, true) => other_date || (self.other_sex && !agrees),
            (false, false) => !agrees || self.other_sex,
        }
    }
}

fn words(names: &[HumanName]) -> BTreeSet<String> {
    let spoken = names.iter().flat_map(|name| {
        let all = name.given.iter().chain(Some(&name.family)).chain(&name.text);
        all.flat_map(|part| part.split_whitespace()).map(str::to_lowercase).collect::<Vec<_>>()
    });
    spoken.filter(|word| word.chars().count() > 1).collect()
}

/// A namespace for a Bundle about one patient whose ids are not global: made of the Patient
/// resource itself, but for what changes without the person changing.
pub(crate) fn fingerprint(patient_body: &str) -> Option<String> {
    // What stands twice has no one value that could be compared.
    let is_twofold = json::has_twice(patient_body);
    let text = if is_twofold {
        patient_body.to_owned()
    } else {
        without(patient_body, &["meta", "text", "id"])?
    };
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("patient:{hex}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(family: &str, given: &str, born: Option<&str>) -> Identity {
        Identity {
            name: vec![HumanName::new(family, given)],
            gender: AdministrativeGender::Unknown,
            birth_date: born.map(|date| date.parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        }
    }

    #[test]
    fn a_word_in_common_does_not_make_one_person_of_two() {
        let known = identity("Okello", "Grace Akinyi", Some("1980-03-14"));
        let check = |other: Identity, want: bool| {
            assert_eq!(identity_differs(&known, &other), want, "{other:?}");
            assert_eq!(identity_differs(&other, &known), want, "{other:?}");
        };
        check(known.clone(), false);
        check(identity("Otieno", "Grace", Some("1980-03-14")), false);
        check(identity("Otieno", "Grace", Some("1981")), true);
        check(identity("Otieno", "Grace", None), false);
        check(identity("Okello", "Grace", Some("1981")), false);
        check(identity("Meier", "Hans", Some("1980-03")), false);
        check(identity("Meier", "Hans", Some("1955-01-01")), true);
        check(identity("Meier", "Hans", None), true);
        check(identity("", "", Some("1955-01-01")), false);
        let of = |sex, who: Identity| Identity { gender: sex, ..who };
        let (woman, man) = (AdministrativeGender::Female, AdministrativeGender::Male);
        let told = |other: Identity, want: bool| {
            let known = of(woman, known.clone());
            assert_eq!(identity_differs(&known, &of(man, other.clone())), want, "{other:?}");
        };
        told(identity("Okello", "Grace", Some("1980-03-14")), false);
        told(identity("Okello", "Grace", Some("1981")), true);
        told(identity("Otieno", "Grace", None), true);
        told(identity("Otieno", "Grace", Some("1980-03-14")), false);
        told(identity("Meier", "Hans", Some("1980-03-14")), true);
    }

    #[test]
    fn one_name_does_not_make_one_person_of_what_came_together() {
        let mrn = |system: &str, value: &str| Identifier {
            system: system.into(),
            value: value.into(),
            label: None,
        };
        let grace = |born: Option<&str>, sex, ids: &[Identifier]| Identity {
            gender: sex,
            identifier: ids.to_vec(),
            ..identity("Okello", "Grace", born)
        };
        let check = |a: &Identity, b: &Identity, one: bool| {
            assert_eq!(is_same_person(a, b), one, "{a:?} {b:?}");
            assert_eq!(is_same_person(b, a), one, "{b:?} {a:?}");
        };
        use AdministrativeGender::{Female, Male, Other, Unknown};
        let day = Some("1980-03-14");
        let known = grace(day, Female, &[]);
        for born in [day, None, Some("1980"), Some("1980-03")] {
            check(&known, &grace(born, Female, &[]), true);
            check(&known, &grace(born, Unknown, &[]), true);
            check(&known, &grace(born, Male, &[]), false);
            check(&known, &grace(born, Other, &[]), false);
        }
        for born in ["1955", "1955-03-14", "1980-04", "1980-03-15", "1981"] {
            check(&known, &grace(Some(born), Female, &[]), false);
            check(&known, &grace(Some(born), Unknown, &[]), false);
        }
        // Who is said to be one by whoever gave the number is one, and was corrected.
        let numbered = |born, number| grace(Some(born), Female, &[number]);
        check(&numbered("1980", mrn("urn:a", "7")), &numbered("1955", mrn("urn:a", "7")), true);
        check(&numbered("1980", mrn("urn:a", "7")), &numbered("1955", mrn("urn:b", "7")), false);
        check(&numbered("1980", mrn("urn:a", "7")), &numbered("1955", mrn("urn:a", "8")), false);
        check(&numbered("1980", mrn("", "7")), &numbered("1955", mrn("", "7")), false);
    }

    #[test]
    fn a_number_is_somebodys_by_whoever_gave_it() {
        let numbered = |family: &str, system: &str| Identity {
            identifier: vec![Identifier { system: system.into(), value: "7".into(), label: None }],
            ..identity(family, "X", Some(if family == "Okello" { "1980" } else { "1955" }))
        };
        let known = numbered("Okello", "urn:a");
        assert!(!identity_differs(&known, &numbered("Meier", "urn:a")));
        assert!(identity_differs(&known, &numbered("Meier", "urn:b")));
        assert!(identity_contradicts(&known, &numbered("Meier", "urn:a")));
        assert!(!identity_contradicts(&known, &numbered("Okello", "urn:b")));
    }

    #[test]
    fn a_fingerprint_follows_the_person_and_not_the_version() {
        let a =
            r#"{"resourceType":"Patient","id":"1","meta":{"versionId":"1"},"birthDate":"1980"}"#;
        let b = r#"{"resourceType":"Patient","id":"2","birthDate":"1980"}"#;
        let c = r#"{"resourceType":"Patient","id":"1","birthDate":"1981"}"#;
        assert_eq!(fingerprint(a), fingerprint(b));
        assert_ne!(fingerprint(a), fingerprint(c));
        assert_eq!(fingerprint("{"), None);
    }
}
