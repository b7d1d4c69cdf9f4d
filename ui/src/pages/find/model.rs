//! Moving through results, and what they say.

use crate::i18n::t;
use api::PatientHit;
use clinical::{Address, ContactPoint, Patient, PatientDraft, PatientId};

/// Which result a key leads to; `None` for other keys.
pub(super) fn moved(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some((at + 1).min(last)),
        "ArrowUp" => Some(at.saturating_sub(1)),
        "PageDown" => Some((at + 10).min(last)),
        "PageUp" => Some(at.saturating_sub(10)),
        _ => None,
    }
}

/// Where the chosen patient stands: who was chosen stays chosen when others come or go; the
/// first until someone is.
pub(super) fn position(found: &[PatientHit], chosen: Option<PatientId>) -> usize {
    found.iter().position(|hit| Some(hit.patient) == chosen).unwrap_or_default()
}

/// What Enter leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entered<'a, T> {
    /// The result that is chosen.
    Open(&'a T),
    /// The answer to what was typed, which is not there yet.
    Wait,
    /// Nothing: nobody was found.
    Nothing,
}

/// Where Enter leads. What was found for the words before the last key is not what was looked
/// for: whoever types fast must not land in another patient's chart.
///
/// Nothing typed and nobody chosen leads nowhere: a stray Enter opens no chart.
pub(super) fn entered<T>(
    found: &[T],
    chosen: usize,
    settled: bool,
    is_looked_for: bool,
) -> Entered<'_, T> {
    match found.get(chosen) {
        _ if !is_looked_for => Entered::Nothing,
        _ if !settled => Entered::Wait,
        Some(hit) => Entered::Open(hit),
        None => Entered::Nothing,
    }
}

/// Why a patient was found, in words; nothing for the obvious.
pub(super) fn matched(by: &str) -> Option<&'static str> {
    match by {
        "phone" => Some(t("find.by.phone")),
        "identifier" => Some(t("find.by.identifier")),
        "birth-date" => Some(t("find.by.birth-date")),
        _ => None,
    }
}

/// A new patient begins with the name that was looked for; numbers are no name.
pub(super) fn names_of(query: &str) -> PatientDraft {
    let words: Vec<&str> = query.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| word.chars().any(|c| c.is_ascii_digit())) {
        return PatientDraft::default();
    }
    let mut words = words.into_iter();
    let family = words.next().unwrap_or_default().to_owned();
    PatientDraft { family, given: words.collect::<Vec<_>>().join(" "), ..PatientDraft::default() }
}

/// What reception sees of a patient, as the form that changes it begins.
pub(super) fn draft_of(hit: &PatientHit) -> PatientDraft {
    let address = Address {
        line: hit.address_line.clone().into_iter().filter(|line| !line.is_empty()).collect(),
        city: hit.city.clone(),
        ..Address::default()
    };
    let phone = hit.phone.clone();
    PatientDraft::of(&Patient {
        id: hit.patient,
        identity: hit.identity.clone(),
        telecom: phone.map(ContactPoint::phone).into_iter().collect(),
        address: vec![address],
        contact: hit.contact.clone().into_iter().collect(),
        deceased: None,
        code_status: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AdministrativeGender, Identity};

    #[test]
    fn arrows_stay_within_the_results() {
        let check = |key: &str, at: usize, count: usize, want: Option<usize>| {
            assert_eq!(moved(key, at, count), want, "{key} {at} {count}");
        };
        check("ArrowDown", 0, 3, Some(1));
        check("ArrowDown", 2, 3, Some(2));
        check("ArrowUp", 0, 3, Some(0));
        check("PageDown", 0, 3, Some(2));
        check("ArrowDown", 0, 0, None);
        check("a", 0, 3, None);
    }

    fn hit(n: i64) -> PatientHit {
        let identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        PatientHit {
            patient: patient(n),
            identity,
            versions: Vec::new(),
            phone: None,
            city: None,
            address_line: None,
            contact: None,
            matched: "name".into(),
            deceased: false,
            heads: String::new(),
            elsewhere: false,
            also: Vec::new(),
        }
    }

    fn patient(n: i64) -> PatientId {
        PatientId::from_uuid(clinical::uuid_v7(n, [0; 10]))
    }

    #[test]
    fn who_was_chosen_stays_chosen_when_others_come() {
        let check = |found: &[i64], chosen: Option<i64>, want| {
            let found: Vec<_> = found.iter().copied().map(hit).collect();
            assert_eq!(position(&found, chosen.map(patient)), want, "{chosen:?}");
        };
        check(&[1, 2, 3], None, 0);
        check(&[1, 2, 3], Some(2), 1);
        check(&[1, 9, 2, 3], Some(2), 2);
        check(&[1, 3], Some(2), 0);
        check(&[], Some(2), 0);
    }

    #[test]
    fn enter_never_opens_what_was_found_for_other_words() {
        let check = |chosen, settled, want| {
            let found = &["Okello", "Okafor"];
            assert_eq!(entered(found, chosen, settled, true), want, "{chosen} {settled}");
            assert_eq!(entered(found, chosen, settled, false), Entered::Nothing);
        };
        check(0, true, Entered::Open(&"Okello"));
        check(1, true, Entered::Open(&"Okafor"));
        check(2, true, Entered::Nothing);
        check(0, false, Entered::Wait);
        check(2, false, Entered::Wait);
    }

    #[test]
    fn a_new_patient_begins_with_the_name_looked_for() {
        let check = |query: &str, family: &str, given: &str| {
            let draft = names_of(query);
            assert_eq!((draft.family.as_str(), draft.given.as_str()), (family, given), "{query}");
        };
        check("Okello, Grace Akinyi", "Okello", "Grace Akinyi");
        check("Нгуен", "Нгуен", "");
        check("14mar88", "", "");
        check("", "", "");
    }
}
