//! Whether two sets of particulars can be one person's.

use crate::{canonical::without, json};
use clinical::{AdministrativeGender, HumanName, Identifier, Identity};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Whether what comes under the id of somebody who is in the record is another person's. Senders
/// use ids such as `Patient/1`; two of them must never become one chart, and what is taken for two
/// is told, so that doubt makes two. Held against each other are the names (the same as a whole:
/// all words of one are in the other, and more than one of them where the other has more), the
/// birth dates (a part of a date agrees with it), the sexes where both are known, and whether a
/// system that is named gave both one number ("999" stands in many a register for "not known"):
///
/// | names | dates or sexes contradict | without a number in common | with one |
/// |---|---|---|---|
/// | the same as a whole | both of them | two | two |
/// | | one of them | one, told | one, told |
/// | a word in common | the dates | two | two, but for years not more than one apart where no day is said |
/// | | the sexes | two, but where the dates agree | one, told |
/// | | neither | one | one |
/// | none in common | any of them | two | two |
/// | | neither | two, but where the dates agree | one |
///
/// A slip in a date ("1980-03-14", "1980-03-15") is corrected under one name and tells two siblings
/// or two cousins of one number apart under another.
pub fn identity_differs(a: &Identity, b: &Identity) -> bool {
    Compared::of(a, b).is_of_two()
}

/// Whether two identities have birth dates or sexes of which only one can be right. A date and a
/// part of it agree, and what is not known contradicts nothing.
pub fn identity_contradicts(a: &Identity, b: &Identity) -> bool {
    Compared::of(a, b).contradicts()
}

/// Keeps of what is known what comes empty: a name, a birth date or a sex that a file does not say
/// takes the place of none.
pub fn keep_known(known: &Identity, coming: &mut Identity) {
    if words(&coming.name).is_empty() && !words(&known.name).is_empty() {
        coming.name.clone_from(&known.name);
    }
    if coming.birth_date.is_none() {
        coming.birth_date.clone_from(&known.birth_date);
        coming.birth_date_estimated = known.birth_date_estimated;
    }
    if coming.gender == AdministrativeGender::Unknown {
        coming.gender = known.gender;
    }
}

/// Whether two resources under one id that came together are one person's. What comes together was
/// true at one time: one name does not make one person of two birth dates or sexes, an identifier
/// that the same system gave does, where they are not two by [`identity_differs`]. Without a name
/// on both sides only equal particulars tell.
pub(crate) fn is_same_person(a: &Identity, b: &Identity) -> bool {
    let compared = Compared::of(a, b);
    if compared.nameless {
        return a == b;
    }
    !compared.is_of_two() && (compared.shares_identifier || !compared.contradicts())
}

/// Two identities held against each other.
struct Compared {
    /// One of them has no name.
    nameless: bool,
    /// All words of one name are in the other, which is no longer where that is one word.
    same_name: bool,
    /// A word is in both.
    shares_name: bool,
    /// Whether the birth dates agree, where both are known.
    same_date: Option<bool>,
    /// Of one of them no day is known, and their years are one apart at most.
    near_date: bool,
    other_sex: bool,
    /// They share an identifier of which it is said who gave it: a bare "7" is many people's.
    shares_identifier: bool,
}

impl Compared {
    fn of(a: &Identity, b: &Identity) -> Self {
        let (names_a, names_b) = (words(&a.name), words(&b.name));
        let dates = a.birth_date.as_ref().zip(b.birth_date.as_ref());
        let agree = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        let is_known = |sex: AdministrativeGender| sex != AdministrativeGender::Unknown;
        let is_shared = |one: &Identifier| {
            let same = |it: &Identifier| (&it.system, &it.value) == (&one.system, &one.value);
            !one.system.is_empty() && b.identifier.iter().any(same)
        };
        Self {
            nameless: names_a.is_empty() || names_b.is_empty(),
            same_name: is_whole(&names_a, &names_b) || is_whole(&names_b, &names_a),
            shares_name: names_a.intersection(&names_b).next().is_some(),
            same_date: dates.map(|(a, b)| agree(a.as_str(), b.as_str())),
            near_date: dates.is_some_and(|(a, b)| are_near(a.as_str(), b.as_str())),
            other_sex: a.gender != b.gender && is_known(a.gender) && is_known(b.gender),
            shares_identifier: a.identifier.iter().any(is_shared),
        }
    }

    fn contradicts(&self) -> bool {
        self.same_date == Some(false) || self.other_sex
    }

    fn is_of_two(&self) -> bool {
        if !self.shares_name && self.contradicts() {
            return true;
        }
        if self.nameless {
            return false;
        }
        let (agrees, other_date) = (self.same_date == Some(true), self.same_date == Some(false));
        match (self.same_name, self.shares_name, self.shares_identifier) {
            (true, _, _) => other_date && self.other_sex,
            (false, true, true) => other_date && !self.near_date,
            (false, true, false) => other_date || (self.other_sex && !agrees),
            (false, false, true) => false,
            (false, false, false) => !agrees || self.other_sex,
        }
    }
}

/// Whether one name is the other, or a part of it that is more than a word: "Mary" is the name of
/// many.
fn is_whole(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    one.is_subset(other) && (one.len() > 1 || one.len() == other.len())
}

/// Whether of one date no day is known, and the years are one apart at most.
fn are_near(a: &str, b: &str) -> bool {
    const DAY: usize = "1980-03-14".len();
    let year = |date: &str| date.get(..4).and_then(|year| year.parse::<u32>().ok());
    let is_part = a.len().min(b.len()) < DAY;
    is_part && year(a).zip(year(b)).is_some_and(|(a, b)| a.abs_diff(b) <= 1)
}

/// The words of names. A single letter is an initial, which many share, but where there is nothing
/// else: a whole name is one sign each in Chinese.
fn words(names: &[HumanName]) -> BTreeSet<String> {
    let spoken = names.iter().flat_map(|name| {
        let all = name.given.iter().chain(Some(&name.family)).chain(&name.text);
        all.flat_map(|part| part.split_whitespace()).map(str::to_lowercase).collect::<Vec<_>>()
    });
    let all: BTreeSet<String> =
        spoken.filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    let long: BTreeSet<String> =
        all.iter().filter(|word| word.chars().count() > 1).cloned().collect();
    if long.is_empty() { all } else { long }
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
        check(identity("", "", Some("1955-01-01")), true);
        check(identity("", "-", Some("1980")), false);
        check(identity("", "", None), false);
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
    fn neither_a_number_nor_a_missing_name_makes_one_person_of_two() {
        use AdministrativeGender::{Female, Male, Unknown};
        let who = |name: &str, born: &str, sex, number: &str| {
            let (family, given) = name.split_once(' ').unwrap_or((name, ""));
            let (system, value) = number.split_once('|').unwrap_or(("", number));
            let one = Identifier { system: system.into(), value: value.into(), label: None };
            let identifier = if value.is_empty() { Vec::new() } else { vec![one] };
            let born = (!born.is_empty()).then_some(born);
            Identity { gender: sex, identifier, ..identity(family, given, born) }
        };
        // Whether they differ from who is here, and whether they are one of what came together.
        let check = |a: &Identity, b: &Identity, differ: bool, one: bool| {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(
                    (identity_differs(a, b), is_same_person(a, b)),
                    (differ, one),
                    "{a:?} {b:?}"
                );
            }
        };
        // A number of which nobody says who gave it.
        let rose = who("Akello Rose", "1980", Female, "7");
        check(&rose, &who("Schmidt Kurt", "1955", Male, "7"), true, false);
        check(&rose, &who("Schmidt Kurt", "", Unknown, "7"), true, false);
        // A number that stands for "not known".
        let mary = who("Achieng Mary", "1980", Female, "urn:ssn|999");
        check(&mary, &who("Weber Otto", "1955", Male, "urn:ssn|999"), true, false);
        check(&mary, &who("Weber Otto", "1980", Male, "urn:ssn|999"), true, false);
        check(&mary, &who("Weber Ute", "1955", Female, "urn:ssn|999"), true, false);
        // Somebody without a name.
        let ann = who("Njeri Ann", "1980", Female, "urn:ssn|1");
        for number in ["", "2", "urn:ssn|1"] {
            check(&ann, &who("", "1955", Male, number), true, false);
            check(&ann, &who("", "1980", Male, number), true, false);
            check(&ann, &who("", "1955", Unknown, number), true, false);
            check(&ann, &who("", "1980-03-14", Female, number), false, false);
            check(&ann, &who("", "", Unknown, number), false, false);
        }
        check(&who("", "1980", Female, ""), &who("", "1955", Male, ""), true, false);
        // Names of one sign each.
        check(&who("李 明", "", Unknown, ""), &who("王 芳", "", Unknown, ""), true, false);
        check(&who("李 明", "", Unknown, ""), &who("李 明", "1980", Male, ""), false, true);
        // Who has married, and who was written down wrongly, are who they were.
        check(&mary, &who("Weber Maria", "1980-03-14", Female, "urn:ssn|999"), false, true);
        check(&mary, &who("Achieng Mary", "1981", Female, "urn:ssn|999"), false, true);
        check(&mary, &who("Achieng Mary", "1981", Female, ""), false, false);
        check(&mary, &who("Achieng Mary", "1980-03-14", Female, ""), false, true);
    }

    #[test]
    fn one_number_and_a_name_in_common_make_nobody_of_another_birth_date() {
        use AdministrativeGender::{Female, Male};
        // Whether they are two, with a number in common and without one.
        let check = |a: (&str, &str, &str), b: (&str, &str, &str), with: bool, without: bool| {
            for (number, want) in [("7", with), ("", without)] {
                let of = |(name, born, sex): (&str, &str, &str)| {
                    let one =
                        Identifier { system: "urn:a".into(), value: number.into(), label: None };
                    Identity {
                        gender: if sex == "m" { Male } else { Female },
                        identifier: (!number.is_empty()).then_some(one).into_iter().collect(),
                        ..identity("", name, Some(born))
                    }
                };
                for (a, b) in [(a, b), (b, a)] {
                    assert_eq!(identity_differs(&of(a), &of(b)), want, "{a:?} {b:?} {number}");
                }
            }
        };
        let mary = ("Mary Achieng", "1980-03-14", "f");
        // A slip in a date, and a date that is another, under one name.
        check(mary, ("Mary Achieng", "1980-03-15", "f"), false, false);
        check(mary, ("Achieng Mary Rose", "1955-01-01", "f"), false, false);
        check(mary, ("Mary Achieng", "1980-03-15", "m"), true, true);
        check(mary, ("Mary Achieng", "1980-03-14", "m"), false, false);
        // One given name or one family name in common is no name.
        for other in ["Mary Weber", "Grace Achieng", "Mary"] {
            check(mary, (other, "1955-11-02", "f"), true, true);
            check(mary, (other, "1980-03-15", "f"), true, true);
            check(mary, (other, "1980-03-14", "f"), false, false);
            check(mary, (other, "1980-03-14", "m"), false, false);
            check(mary, (other, "1981", "f"), false, true);
            check(mary, (other, "1955", "f"), true, true);
        }
        check(("Mary Achieng", "1980", "f"), ("Mary Weber", "1981", "m"), false, true);
        check(mary, ("Otto Weber", "1980-03-14", "f"), false, false);
        check(mary, ("Otto Weber", "1980-03-15", "f"), true, true);
        check(mary, ("Otto Weber", "1980-03-14", "m"), true, true);
        check(("Suharto", "1980-03-14", "m"), ("Suharto", "1980-03-15", "m"), false, false);
    }

    #[test]
    fn what_comes_empty_takes_the_place_of_nothing() {
        let estimated = |who: Identity| Identity { birth_date_estimated: true, ..who };
        let known = Identity {
            gender: AdministrativeGender::Female,
            ..estimated(identity("Njeri", "Ann", Some("1980")))
        };
        let check = |coming: Identity, want: &Identity| {
            let mut kept = coming.clone();
            keep_known(&known, &mut kept);
            assert_eq!(&kept, want, "{coming:?}");
        };
        let nobody = Identity { name: Vec::new(), ..identity("", "", None) };
        check(nobody.clone(), &known);
        check(identity("-", "", None), &known);
        let dated = Identity { birth_date: Some("1980-03-14".parse().unwrap()), ..nobody };
        let is_sure = Identity { birth_date: dated.birth_date.clone(), ..known.clone() };
        check(dated, &Identity { birth_date_estimated: false, ..is_sure });
        let man = Identity { gender: AdministrativeGender::Male, ..identity("Kim", "Jo", None) };
        check(man.clone(), &estimated(Identity { birth_date: known.birth_date.clone(), ..man }));
    }

    #[test]
    fn a_number_is_somebodys_by_whoever_gave_it() {
        let numbered = |family: &str, system: &str| Identity {
            identifier: vec![Identifier { system: system.into(), value: "7".into(), label: None }],
            ..identity(family, "X", Some(if family == "Okello" { "1980" } else { "1955" }))
        };
        let known = numbered("Okello", "urn:a");
        assert!(identity_differs(&known, &numbered("Meier", "urn:a")));
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
