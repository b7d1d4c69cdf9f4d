//! Whether two sets of particulars can be one person's.

use crate::canonical::without;
use clinical::{HumanName, Identity};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Whether two identities are surely two people's: no name in common and another birth date, or
/// nothing in common where one has no birth date. Senders use ids such as `Patient/1`; two of
/// them must never become one chart.
pub fn identity_differs(a: &Identity, b: &Identity) -> bool {
    let (names_a, names_b) = (words(&a.name), words(&b.name));
    let shares_name = names_a.intersection(&names_b).next().is_some();
    let dates = (&a.birth_date, &b.birth_date);
    let same_date = match dates {
        (Some(a), Some(b)) => {
            a.as_str().starts_with(b.as_str()) || b.as_str().starts_with(a.as_str())
        }
        _ => false,
    };
    let shares_identifier =
        a.identifier.iter().any(|one| b.identifier.iter().any(|other| one.value == other.value));
    let unknown = names_a.is_empty() || names_b.is_empty();
    !(shares_name || same_date || shares_identifier || unknown)
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
    let text = without(patient_body, &["meta", "text", "id"])?;
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("patient:{hex}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::AdministrativeGender;

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
    fn only_what_shares_nothing_is_surely_another_person() {
        let known = identity("Okello", "Grace Akinyi", Some("1980-03-14"));
        let check = |other: Identity, want: bool| {
            assert_eq!(identity_differs(&known, &other), want, "{other:?}");
            assert_eq!(identity_differs(&other, &known), want, "{other:?}");
        };
        check(known.clone(), false);
        check(identity("Otieno", "Grace", Some("1980-03-14")), false);
        check(identity("Otieno", "Grace", Some("1981")), false);
        check(identity("Meier", "Hans", Some("1980-03")), false);
        check(identity("Meier", "Hans", Some("1955-01-01")), true);
        check(identity("Meier", "Hans", None), true);
        check(identity("", "", Some("1955-01-01")), false);
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
