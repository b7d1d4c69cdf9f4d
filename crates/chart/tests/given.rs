//! What another clinic gives, merged into a chart that is here.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::common::{changes, open, patient, stamp};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc, transaction::Transactable};
use chart::{Actor, ChartDocument, ChartEdit, MergeError, Overwritten};
use clinical::*;

const ALLERGY: u8 = 3;

fn allergy() -> AllergyIntolerance {
    let draft = AllergyDraft { substance: "Penicillin".into(), ..Default::default() };
    draft.complete(AllergyIntoleranceId::from_uuid(super::common::id(ALLERGY))).unwrap()
}

/// A chart with one allergy.
fn here() -> ChartDocument {
    let mut here = open(1);
    here.apply(&[ChartEdit::RecordAllergy(allergy())], stamp(1, 1)).unwrap();
    here
}

/// What of a document's changes nobody has who began it alone, made by no program of ours.
fn written(on: &[u8], write: impl FnOnce(&mut AutoCommit)) -> Vec<Vec<u8>> {
    let mut doc = AutoCommit::load(on).unwrap().with_actor(ActorId::from(&[7; 16][..]));
    let before = doc.get_heads();
    write(&mut doc);
    doc.commit();
    doc.get_changes(&before).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

#[test]
fn what_another_clinic_gives_leaves_the_root() {
    let begun = open(2).save();
    let check = |name: &str, want_newer: bool, write: &dyn Fn(&mut AutoCommit)| {
        let given = written(&begun, write);
        for mut chart in [here(), open(1)] {
            let (actor, whole) = (Actor::from_random([5; 16]), chart.save());
            let refused = chart.merge_given(Vec::new(), given.clone()).unwrap_err();
            let is_newer = matches!(refused, MergeError::Newer);
            assert!(is_newer || matches!(refused, MergeError::Root), "{name}: {refused}");
            assert_eq!(is_newer, want_newer, "{name}: {refused}");
            // Of what is on its way from a computer of this clinic nothing is refused so.
            let stored = chart::Stored { snapshot: Some(&whole), loose: &[] };
            let chart = ChartDocument::load(patient(), stored, actor).unwrap();
            let (_, merged) = chart.merge(given.clone()).unwrap();
            assert_eq!(merged.change.changes.len(), given.len(), "{name}");
        }
    };
    check("another section", false, &|doc| {
        doc.put_object(ROOT, "allergies", ObjType::Map).unwrap();
    });
    check("no section", false, &|doc| doc.delete(ROOT, "allergies").unwrap());
    check("a value", false, &|doc| doc.put(ROOT, "allergies", "none").unwrap());
    check("a later section of its own", false, &|doc| {
        doc.put_object(ROOT, "documents", ObjType::Map).unwrap();
    });
    check("the version again", false, &|doc| {
        doc.delete(ROOT, "v").unwrap();
        doc.put(ROOT, "v", 1_u64).unwrap();
    });
    check("a version of another form", false, &|doc| doc.put(ROOT, "v", 1_i64).unwrap());
    check("no version", false, &|doc| doc.delete(ROOT, "v").unwrap());
    check("a higher version", true, &|doc| doc.put(ROOT, "v", 2_u64).unwrap());
    check("a section of a newer version", true, &|doc| {
        doc.put_object(ROOT, "pictures", ObjType::Map).unwrap();
    });
}

#[test]
fn what_this_version_writes_is_taken_and_what_is_here_is_not_looked_at() {
    let mut here = here();
    // A newer version of this clinic's own made a section; it comes back.
    let newer = written(&here.save(), |doc| {
        doc.put_object(ROOT, "pictures", ObjType::Map).unwrap();
    });
    let (mut here, _) = here.merge(newer.clone()).unwrap();
    let (mut there, _) = open(2).merge(changes(&[])).unwrap();
    let stored = here.save();
    let stored = chart::Stored { snapshot: Some(&stored), loose: &[] };
    let again = ChartDocument::load(patient(), stored, Actor::from_random([6; 16])).unwrap();
    let clinic = |n: u8| NamedClinic {
        id: ClinicId::from_uuid(super::common::id(n)),
        name: format!("Clinic {n}"),
    };
    let sharing = Sharing {
        id: SharingId::from_uuid(super::common::id(9)),
        from: clinic(20),
        to: clinic(21),
        ground: SharingGround::Referral,
        reason: None,
        until: None,
        by: stamp(2, 1).author,
        at: Instant::from_unix_ms(2),
        authors: Vec::new(),
        told: Vec::new(),
    };
    let shared = there.apply(&[ChartEdit::RecordSharing(sharing.clone())], stamp(2, 2)).unwrap();
    let given = [newer, changes(&[&shared])].concat();
    let (mut merged, _, overwritten) = again.merge_given(Vec::new(), given.clone()).unwrap();
    assert_eq!(merged.shared(), [sharing]);
    assert_eq!(overwritten, []);
    assert_eq!(merged.read().allergies, [allergy()]);
    // Where the section is not here, it is refused; where it waits here, it is ours.
    assert!(matches!(open(1).merge_given(Vec::new(), given.clone()), Err(MergeError::Newer)));
    assert!(open(1).merge_given(given.clone(), given).is_ok());
}

#[test]
fn what_reads_otherwise_afterwards_is_told() {
    let on = EntryRef::new(EntryKind::Allergy, super::common::id(ALLERGY));
    // What another clinic makes of the chart; what is done here meanwhile.
    let merged = |given: &[ChartEdit], meanwhile: &[ChartEdit]| {
        let mut here = here();
        let stored = here.save();
        let stored = chart::Stored { snapshot: Some(&stored), loose: &[] };
        let actor = Actor::from_random([7; 16]);
        let mut there = ChartDocument::load(patient(), stored, actor).unwrap();
        let given = there.apply(given, stamp(2, 5)).unwrap();
        here.apply(meanwhile, stamp(1, 5)).unwrap();
        here.merge_given(Vec::new(), changes(&[&given])).unwrap().2
    };
    let names = |all: &[Overwritten]| -> Vec<(EntryRef, String, bool)> {
        all.iter().map(|one| (one.entry, one.field.clone(), one.is_disputed)).collect()
    };
    let refuted =
        AllergyIntolerance { verification_status: VerificationStatus::Refuted, ..allergy() };
    let eggs = AllergyIntolerance {
        id: AllergyIntoleranceId::from_uuid(super::common::id(30)),
        ..allergy()
    };
    let other = ChartEdit::RecordAllergy(eggs);
    assert_eq!(merged(std::slice::from_ref(&other), &[]), [], "another entry");
    assert_eq!(merged(&[], &[ChartEdit::Withdraw(on)]), [], "what was done here");
    let all = merged(&[ChartEdit::RecordAllergy(refuted.clone()), other], &[]);
    assert_eq!(names(&all), [(on, "value".into(), false)]);
    assert!(all[0].was.as_ref().unwrap().contains("confirmed"), "{all:?}");
    assert!(all[0].becomes.as_ref().unwrap().contains("refuted"), "{all:?}");
    let all = merged(&[ChartEdit::RecordAllergy(refuted)], &[ChartEdit::Withdraw(on)]);
    assert_eq!(names(&all), [(on, "value".into(), true)], "both stand, to be decided");
    let why = ChartEdit::Explain { entry: on, reason: "wrong chart".into() };
    let all = merged(&[ChartEdit::Withdraw(on), why], &[]);
    let want = [(on, "reason".into(), false), (on, "value".into(), false)];
    assert_eq!(names(&all), want, "withdrawn, and why");

    // By no program of ours: taken away, and what never was a field of it.
    let mut here = here();
    let key = super::common::id(ALLERGY).simple().to_string();
    let given = written(&here.save(), |doc| {
        let (_, section) = doc.get(ROOT, "allergies").unwrap().unwrap();
        doc.delete(&section, key.as_str()).unwrap();
        doc.put(&section, format!("{key}/other"), "\"x\"").unwrap();
    });
    let (_, _, all) = here.merge_given(Vec::new(), given).unwrap();
    assert_eq!(names(&all), [(on, "other".into(), false), (on, "value".into(), false)]);
    assert_eq!((&all[1].becomes, all[1].was.is_some()), (&None, true));
}
