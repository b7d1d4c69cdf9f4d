//! Whether two sets of particulars can be one person's.

use crate::{canonical::without, json};
use clinical::{AdministrativeGender, HumanName, Identity};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Whether two identities are two people's. Senders use ids such as `Patient/1`; two of them must
/// never become one chart, so a word in common is not enough: with another birth date, or another
/// sex where the birth date does not agree, the same given name is another person's. Of the same
/// name as a whole, either may have been corrected, and not both.
pub fn identity_differs(a: &Identity, b: &Identity) -> bool {
    let (names_a, names_b) = (words(&a.name), words(&b.name));
    let shares_name = names_a.intersection(&names_b).next().is_some();
    let same_name = names_a.is_subset(&names_b) || names_b.is_subset(&names_a);
    let dates = a.birth_date.as_ref().zip(b.birth_date.as_ref());
    let same_date = dates
        .map(|(a, b)| a.as_str().starts_with(b.as_str()) || b.as_str().starts_with(a.as_str()));
    let other_sex = a.gender != b.gender
        && [a.gender, b.gender].iter().all(|sex| *sex != AdministrativeGender::Unknown);
    let shares_identifier =
        a.identifier.iter().any(|one| b.identifier.iter().any(|other| one.value == other.value));
    let unknown = names_a.is_empty() || names_b.is_empty();
    if shares_identifier || unknown {
        return false;
    }
    let (agrees, contradicts) = (same_date == Some(true), same_date == Some(false));
    match (same_name, shares_name) {
        (true, _) => contradicts && other_sex,
        (false, true) => contradicts || (other_sex && !agrees),
        (false, false) => !agrees || other_sex,
    }
}

/// Whether two resources under one id are one person's. Without a name on both sides only equal
/// particulars tell.
pub(crate) fn is_same_person(a: &Identity, b: &Identity) -> bool {
    let named = !words(&a.name).is_empty() && !words(&b.name).is_empty();
    if named { !identity_differs(a, b) } else { a == b }
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
