//! Versions in dispute held side by side: what they differ in, and what all of them say.

use super::{Conflict, Part};

/// What one version says. Nothing, when it cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told<'a> {
    /// The parts in which the versions differ, with the words of this one.
    pub differs: Vec<(Part<'a>, String)>,
    /// What every version that can be read says; parts that none says are left out.
    pub common: Vec<(Part<'a>, String)>,
}

impl Conflict {
    /// Every version in words, in the order of the versions. `words` says a part as people do,
    /// `exact` to the last code: it follows where two parts differ and read alike.
    pub fn told(
        &self,
        words: impl Fn(&Part<'_>) -> String,
        exact: impl Fn(&Part<'_>) -> String,
    ) -> Vec<Told<'_>> {
        let read: Vec<Vec<Part<'_>>> =
            self.versions.iter().map(|version| version.value.parts()).collect();
        let others = |at: usize| read.iter().filter_map(move |parts| parts.get(at));
        let apart = |at: usize, part: &Part<'_>| {
            let said = words(part);
            let alike = others(at).any(|other| other != part && words(other) == said);
            if alike { format!("{said} ({})", exact(part)) } else { said }
        };
        let mut versions = vec![Told::default(); read.len()];
        for (told, parts) in versions.iter_mut().zip(&read) {
            for (at, part) in parts.iter().enumerate() {
                if others(at).any(|other| other != part) {
                    told.differs.push((*part, apart(at, part)));
                } else if !part.is_empty() {
                    told.common.push((*part, words(part)));
                }
            }
        }
        versions
    }

    /// Whether two versions that can be read differ in nothing this version of the program knows.
    pub fn differs_unseen(&self) -> bool {
        let mut read: Vec<Vec<Part<'_>>> =
            self.versions.iter().map(|version| version.value.parts()).collect();
        read.retain(|parts| !parts.is_empty());
        read.iter().enumerate().any(|(at, parts)| read.iter().skip(at + 1).any(|o| o == parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AllergyCategory, AllergyDraft, AllergyIntolerance, AllergyIntoleranceId, Coding, DeviceId,
        EntryKind, EntryRef, EntryValue, Instant, PractitionerId, Stamp, VerificationStatus,
        Version, display, uuid_v7,
    };

    fn latex() -> AllergyIntolerance {
        let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
        draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(1, [1; 10]))).unwrap()
    }

    fn dispute(sides: Vec<EntryValue>) -> Conflict {
        let stamp = Stamp {
            author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
            device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
            at: Instant::from_unix_ms(0),
        };
        let entry = EntryRef::new(EntryKind::Allergy, uuid_v7(1, [1; 10]));
        let version = |value| Version { value, stamp, change: String::new() };
        Conflict {
            id: Conflict::id_of(entry, "value"),
            entry,
            field: "value".into(),
            versions: sides.into_iter().map(version).collect(),
            base: None,
        }
    }

    fn differs(conflict: &Conflict) -> Vec<Vec<String>> {
        let told = conflict.told(display::part_words, |part| format!("{part:?}").len().to_string());
        let line =
            |(part, words): &(Part<'_>, String)| format!("{}: {words}", display::part_name(part));
        told.iter().map(|told| told.differs.iter().map(line).collect()).collect()
    }

    #[test]
    fn every_part_in_which_versions_differ_is_named() {
        type Change = fn(&mut AllergyIntolerance);
        let check = |change: Change, want: [&str; 2]| {
            let mut other = latex();
            change(&mut other);
            let conflict = dispute(vec![EntryValue::Allergy(latex()), EntryValue::Allergy(other)]);
            assert_eq!(differs(&conflict), want.map(|line| vec![line.to_owned()]));
        };
        check(
            |a| a.category = Some(AllergyCategory::Environment),
            ["category: not recorded", "category: environment"],
        );
        check(
            |a| a.verification_status = VerificationStatus::Refuted,
            ["verification: confirmed", "verification: refuted"],
        );
        check(|a| a.note = Some("gloves".into()), ["note: not recorded", "note: gloves"]);
        check(|a| a.onset = Some("2019".parse().unwrap()), ["since: not recorded", "since: 2019"]);
    }

    #[test]
    fn what_reads_alike_is_told_apart() {
        let mut coded = latex();
        coded.code.coding = vec![Coding::new("s", "1", "Latex")];
        let sides = vec![EntryValue::Allergy(latex()), EntryValue::Allergy(coded)];
        let told = differs(&dispute(sides));
        assert!(told.iter().all(|lines| lines[0].starts_with("substance: Latex (")), "{told:?}");
        assert_ne!(told[0], told[1]);
    }

    #[test]
    fn a_version_that_cannot_be_read_says_nothing_and_hides_nothing() {
        let mut other = latex();
        other.note = Some("gloves".into());
        let conflict = dispute(vec![
            EntryValue::Allergy(latex()),
            EntryValue::Unreadable,
            EntryValue::Allergy(other),
        ]);
        let told = differs(&conflict);
        assert_eq!(told[1], Vec::<String>::new());
        assert_eq!(told[2], ["note: gloves"]);
        assert_eq!(conflict.unreadable().count(), 1);
    }

    #[test]
    fn versions_that_differ_only_in_what_is_not_known_are_told_so() {
        let same = EntryValue::Allergy(latex());
        assert!(dispute(vec![same.clone(), same.clone()]).differs_unseen());
        assert!(!dispute(vec![same, EntryValue::Unreadable]).differs_unseen());
        let unread = vec![EntryValue::Unreadable, EntryValue::Unreadable];
        assert!(!dispute(unread).differs_unseen());
    }
}
