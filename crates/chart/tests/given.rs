//! What another clinic gives, merged into a chart that is here.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::common::{changes, open, patient, stamp};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc, transaction::Transactable};
use chart::{Actor, ChartDocument, ChartEdit, MergeError, Overwritten};
use clinical::*;
use std::collections::BTreeSet;

const ALLERGY: u8 = 3;

fn allergy() -> AllergyIntolerance {
    let draft = AllergyDraft { substance: "Penicillin".into(), ..Default::default() };
    draft.complete(AllergyIntoleranceId::from_uuid(super::common::id(ALLERGY))).unwrap()
}

fn eggs() -> AllergyIntolerance {
    AllergyIntolerance { id: AllergyIntoleranceId::from_uuid(super::common::id(30)), ..allergy() }
}

/// A chart with one allergy.
fn here() -> ChartDocument {
    let mut here = open(1);
    here.apply(&[ChartEdit::RecordAllergy(allergy())], stamp(1, 1)).unwrap();
    here
}

/// The computers of this clinic.
fn ours() -> BTreeSet<DeviceId> {
    BTreeSet::from([stamp(1, 1).device])
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
            let refused = chart.merge_given(Vec::new(), given.clone(), &ours()).unwrap_err();
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
    let (mut merged, _, overwritten) =
        again.merge_given(Vec::new(), given.clone(), &ours()).unwrap();
    assert_eq!(merged.shared(), [sharing]);
    assert_eq!(overwritten, []);
    assert_eq!(merged.read().allergies, [allergy()]);
    // Where the section is not here, it is refused; where it waits here, it is ours.
    assert!(matches!(
        open(1).merge_given(Vec::new(), given.clone(), &ours()),
        Err(MergeError::Newer)
    ));
    assert!(open(1).merge_given(given.clone(), given, &ours()).is_ok());
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
        here.merge_given(Vec::new(), changes(&[&given]), &ours()).unwrap().2
    };
    let names = |all: &[Overwritten]| -> Vec<(EntryRef, String, bool)> {
        all.iter().map(|one| (one.entry, one.field.clone(), one.is_disputed)).collect()
    };
    let refuted =
        AllergyIntolerance { verification_status: VerificationStatus::Refuted, ..allergy() };
    let other = ChartEdit::RecordAllergy(eggs());
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
    let (_, _, all) = here.merge_given(Vec::new(), given, &ours()).unwrap();
    assert_eq!(names(&all), [(on, "other".into(), false), (on, "value".into(), false)]);
    assert_eq!((&all[1].becomes, all[1].was.is_some()), (&None, true));
}

#[test]
fn nobody_else_goes_by_an_actor_of_ours() {
    let loaded = |whole: &[u8], by: u8| {
        let stored = chart::Stored { snapshot: Some(whole), loose: &[] };
        ChartDocument::load(patient(), stored, Actor::from_random([by; 16])).unwrap()
    };
    // A chart that was given while the computer of actor 1 was at work in it, and goes on.
    let whole = here().save();
    let mut at_work = loaded(&whole, 1);
    let goes_on = at_work.apply(&[ChartEdit::RecordAllergy(eggs())], stamp(1, 2)).unwrap();
    let forged = |by: u8| {
        let edit =
            ChartEdit::Withdraw(EntryRef::new(EntryKind::Allergy, super::common::id(ALLERGY)));
        changes(&[&loaded(&whole, by).apply(&[edit], stamp(7, 3)).unwrap()])
    };
    // Taken in, it would keep out what that computer wrote.
    let (fooled, _) = loaded(&whole, 2).merge(forged(1)).unwrap();
    let kept_out = fooled.merge(changes(&[&goes_on])).map(drop);
    assert!(matches!(kept_out, Err(MergeError::Contradiction)));

    let check = |name: &str, chart: ChartDocument, waiting: Vec<Vec<u8>>, by: u8, taken: bool| {
        let merged = chart.merge_given(waiting, forged(by), &ours()).map(drop);
        assert_eq!(merged.is_ok(), taken, "{name}");
        assert!(taken || matches!(merged, Err(MergeError::Ours)), "{name}");
    };
    check("a computer of ours elsewhere", loaded(&whole, 2), Vec::new(), 1, false);
    check(
        "this computer, of which nothing is in the chart",
        loaded(&whole, 9),
        Vec::new(),
        9,
        false,
    );
    check("the other clinic", loaded(&whole, 2), Vec::new(), 7, true);
    // Of which all that is here still waits for others.
    let (later, ended) = {
        let mut other = loaded(&whole, 8);
        let first = other.apply(&[ChartEdit::RecordAllergy(eggs())], stamp(1, 4)).unwrap();
        let second = ChartEdit::Withdraw(EntryRef::new(EntryKind::Allergy, super::common::id(30)));
        (other.apply(&[second], stamp(1, 5)).unwrap(), first)
    };
    check("what waits", loaded(&whole, 2), changes(&[&later]), 8, false);
    // What we have comes back.
    let (here, _) = loaded(&whole, 2).merge(changes(&[&ended])).unwrap();
    assert!(here.merge_given(Vec::new(), changes(&[&ended]), &ours()).is_ok());
}
