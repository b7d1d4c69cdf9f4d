//! Projections of another form are found, and made again bit for bit.

use super::fixtures::*;
use crate::*;
use chart::{ChartEdit, ClinicDocument, ClinicEdit};
use clinical::{AlertTier, ClinicId, DocumentKind, DocumentRef, Task};

#[test]
fn a_store_of_another_form_wants_its_projections_made_again() {
    let kept = new_store();
    for n in 1..40 {
        kept.store.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])).unwrap();
    }
    assert!(!kept.store.wants_rebuild().unwrap(), "a new store has today's form");
    let today = kept.store.projection_digest().unwrap();
    for form in [0, projections::FORM + 1] {
        // What another version made of it: rows are missing, and others are there.
        let other = format!(
            "UPDATE state SET projections = {form}; DELETE FROM allergy WHERE chart % 2 = 0;
             UPDATE patient SET sort_name = 'x' WHERE chart % 3 = 0; DELETE FROM entry_mark;"
        );
        kept.store.tamper(&other).unwrap();
        assert!(kept.store.wants_rebuild().unwrap());
        assert_ne!(kept.store.projection_digest().unwrap(), today);
        let mut told = Vec::new();
        let rebuilt = kept.store.rebuild(actor(9), &mut |done| told.push(done)).unwrap();
        assert_eq!((rebuilt.documents, rebuilt.unchanged), (39, false));
        assert_eq!(told, [39]);
        assert_eq!(kept.store.projection_digest().unwrap(), today);
        assert!(!kept.store.wants_rebuild().unwrap(), "once is enough");
    }
    assert_whole(&kept.store);
}

/// A chart that this computer began and that one wrote in.
fn written_at(n: u64, device: u64) -> [Record; 2] {
    let (mut chart, begun) = begin(n, &thirty_entries(n));
    let edit = ChartEdit::RecordAllergy(allergy(n * 1000 + 900, "Latex"));
    let change = chart.apply(&[edit], stamp(device, 5)).unwrap();
    [begun, recorded(&mut chart, change, n)]
}

/// A store that met these charts in this order.
fn that_met(order: &[u64]) -> Kept {
    let kept = new_store();
    for n in order {
        for record in written_at(*n, 10 + n) {
            kept.store.commit(Commit::local(vec![record])).unwrap();
        }
    }
    kept
}

#[test]
fn stores_that_hold_the_same_are_alike_whatever_came_first() {
    let [one, other] = [that_met(&[1, 2, 3]), that_met(&[3, 1, 2])];
    let digests = [&one, &other].map(|kept| kept.store.projection_digest().unwrap());
    assert_ne!(digests[0], digests[1], "they number the same differently");
    let alike = one.store.fingerprints().unwrap();
    assert_eq!(alike.len(), 3);
    assert_eq!(other.store.fingerprints().unwrap(), alike);
    other.store.rebuild(actor(9), &mut |_| {}).unwrap();
    assert_eq!(other.store.fingerprints().unwrap(), alike);
}

#[test]
fn any_row_that_is_not_the_same_is_told_of_its_document() {
    let kept = that_met(&[1, 2, 3]);
    let name = DocumentRef::new(DocumentKind::Chart, patient_id(2).uuid());
    let check = |what: &str, tables: &[&str]| {
        let before = kept.store.fingerprints().unwrap();
        kept.store.tamper(what).unwrap();
        let after = kept.store.fingerprints().unwrap();
        let differ: Vec<_> = before.keys().filter(|one| before[*one] != after[*one]).collect();
        assert_eq!(differ, [&name], "{what}");
        let (before, after) = (&before[&name].rows, &after[&name].rows);
        let differ = before.keys().filter(|table| before.get(*table) != after.get(*table));
        assert_eq!(differ.copied().collect::<Vec<_>>(), tables, "{what}");
    };
    check("UPDATE patient SET sort_name = 'x' WHERE chart = 2", &["patient"]);
    check("UPDATE allergy SET value = x'00' WHERE chart = 2", &["allergy"]);
    check("UPDATE observation SET weight = 1 WHERE chart = 2", &["observation"]);
    // What one wrote, as if another had.
    check("UPDATE condition SET writer = 4 WHERE chart = 2", &["condition"]);
    check("DELETE FROM task WHERE chart = 2", &["task"]);
    let words = ["patient_search", "patient_search_docsize"];
    check("UPDATE patient_search SET tokens = 'x' WHERE rowid = 2", &words);
}

/// Six patients with a task of each tier.
fn with_tasks() -> Kept {
    let kept = new_store();
    for n in 1..=6 {
        let tiers = AlertTier::ALL.iter().zip(1..);
        let task = |(tier, at): (&AlertTier, u64)| {
            ChartEdit::RaiseTask(Task { tier: *tier, ..task(n * 1000 + at, "Look at it") })
        };
        let mut edits = vec![ChartEdit::RecordPatient(grace(n))];
        edits.extend(tiers.map(task));
        kept.store.commit(Commit::local(vec![begin(n, &edits).1])).unwrap();
    }
    kept
}

/// Every open task, read in pages of so many.
fn paged(store: &Store, limit: u32) -> Vec<TaskEnd> {
    let mut ends: Vec<TaskEnd> = Vec::new();
    loop {
        let page = store.open_tasks(ends.last().copied(), limit).unwrap();
        assert!(page.len() <= usize::try_from(limit).unwrap());
        if page.is_empty() {
            return ends;
        }
        ends.extend(page.iter().map(TaskRow::end));
    }
}

#[test]
fn open_tasks_are_paged_by_how_pressing_they_are() {
    let kept = with_tasks();
    let all = paged(&kept.store, 100);
    assert_eq!(all.len(), 6 * AlertTier::ALL.len());
    assert!(all.is_sorted(), "{all:?}");
    let check =
        || assert_eq!((paged(&kept.store, 5), paged(&kept.store, 1)), (all.clone(), all.clone()));
    check();
    // Rows of a form before, also beside those of today's: they are in their places.
    kept.store.tamper("UPDATE task SET tier = -1, patient = x'' WHERE chart % 2 = 0").unwrap();
    check();
    kept.store.tamper("UPDATE task SET tier = -1, patient = x''").unwrap();
    check();
}

#[test]
fn of_open_tasks_only_the_page_is_unpacked() {
    let kept = with_tasks();
    assert_eq!(kept.store.open_tasks(None, 6).unwrap().len(), 6);
    kept.store.tamper("UPDATE task SET value = x'00' WHERE tier > 0").unwrap();
    let page = kept.store.open_tasks(None, 6).unwrap();
    assert!(page.iter().all(|row| row.task.tier == AlertTier::Block), "{page:?}");
    assert!(kept.store.open_tasks(None, 7).is_err(), "the next one cannot be read");
}

#[test]
fn the_clinics_server_is_what_its_document_says() {
    let kept = new_store();
    let mut clinic = ClinicDocument::new(ClinicId::from_uuid(id(900_500)), actor(3));
    let mut say = |edit: ClinicEdit| {
        let change = clinic.apply(&[edit], stamp(1, 0)).unwrap();
        let view = View::Clinic(Box::new(clinic.read()));
        let record = Record::edited(change, view, audit(AuditAction::Administer, patient_id(1)));
        kept.store.commit(Commit::local(vec![record])).unwrap();
        kept.store.server().unwrap()
    };
    assert_eq!(say(ClinicEdit::Name("Lakeside".into())), None);
    for server in ["https://a.example#sha256:00", "https://b.example#sha256:01"] {
        assert_eq!(say(ClinicEdit::SayServer(server.into())).as_deref(), Some(server));
    }
    kept.store.rebuild(actor(9), &mut |_| {}).unwrap();
    assert_eq!(kept.store.server().unwrap().as_deref(), Some("https://b.example#sha256:01"));
}
