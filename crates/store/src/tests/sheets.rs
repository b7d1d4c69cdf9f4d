//! What was printed is kept, attested by the audit chain, and never changed.

use super::fixtures::*;
use crate::*;
use clinical::*;
use sha2::{Digest, Sha256};

fn row(serial: &str, copy: u32, file: &[u8]) -> SheetRow {
    let Stamp { author, device, at } = stamp(1, i64::from(copy));
    SheetRow {
        serial: serial.into(),
        copy,
        kind: SheetKind::Prescription,
        patient: patient_id(1),
        encounter: (copy == 1).then(|| EncounterId::from_uuid(id(20))),
        at,
        author,
        device,
        paper: SheetPaper::A5,
        language: "fr".into(),
        code: "FCS1:x".into(),
        content: if copy == 1 { b"what stands on it".to_vec() } else { Vec::new() },
        digest: Sha256::digest(file).into(),
    }
}

fn printed(row: &SheetRow) -> AuditEvent {
    let resource = format!("print-sheet/{}", row.serial);
    AuditEvent { resource, ..audit(AuditAction::Print, row.patient) }
}

#[test]
fn a_sheet_is_kept_with_its_file_its_copies_and_its_audit_row() {
    let kept = new_store();
    let store = &kept.store;
    let (original, copy) = (row("AB1", 1, b"%PDF one"), row("AB1", 2, b"%PDF two"));
    let other = row("AB2", 1, b"%PDF one");
    for (row, file) in [(&original, &b"%PDF one"[..]), (&copy, b""), (&other, b"%PDF one")] {
        store.archive(row, file, &printed(row)).unwrap();
    }
    assert_eq!(store.sheet("AB1").unwrap(), [original.clone(), copy.clone()]);
    assert_eq!(store.sheet("AB3").unwrap(), []);
    assert_eq!(store.blob(original.digest).unwrap().as_deref(), Some(&b"%PDF one"[..]));
    assert_eq!(store.blob(copy.digest).unwrap(), None, "a copy is made again from the original");
    let bare = |row: &SheetRow| SheetRow { content: Vec::new(), ..row.clone() };
    assert_eq!(store.sheets(None, 9).unwrap(), [bare(&other), bare(&original)]);
    assert_eq!(store.sheets(Some(patient_id(2)), 9).unwrap(), []);
    assert_eq!(store.sheets(Some(patient_id(1)), 1).unwrap(), [bare(&other)]);
    let last = |prefix| store.last_serial(prefix).unwrap();
    assert_eq!((last("AB").as_deref(), last("AC")), (Some("AB2"), None));
    // The chain attests the file.
    let rows = store.audit(0, 9).unwrap();
    let attested: Vec<&[u8]> = rows.iter().map(|row| row.change.as_slice()).collect();
    let row = |at: usize| (rows[at].event.action, rows[at].event.resource.as_str());
    assert_eq!(row(1), (AuditAction::Print, "print-sheet/AB1"));
    assert_eq!(attested[..2], [&original.digest[..], &Sha256::digest(b"%PDF two")[..]]);
    assert_whole(store);
}

#[test]
fn what_was_printed_cannot_be_printed_anew_or_changed() {
    let kept = new_store();
    let store = &kept.store;
    let original = row("AB1", 1, b"%PDF one");
    store.archive(&original, b"%PDF one", &printed(&original)).unwrap();
    let again = SheetRow { language: "en".into(), ..original.clone() };
    assert!(store.archive(&again, b"%PDF one", &printed(&again)).is_err(), "the number is taken");
    let lie = row("AB2", 1, b"%PDF two");
    assert!(store.archive(&lie, b"%PDF one", &printed(&lie)).is_err(), "the hash is another's");
    assert_eq!(store.audit(0, 9).unwrap().len(), 1, "nothing is left of what failed");
    assert!(store.tamper("UPDATE sheet SET language = 'en'").is_err());
    assert!(store.tamper("DELETE FROM sheet").is_err());
    assert!(store.tamper("UPDATE blob SET bytes = x'00'").is_err());
    assert_whole(store);
    // Who goes round the triggers is found.
    store.tamper("DROP TRIGGER blob_stands; UPDATE blob SET bytes = x'0041'").unwrap();
    assert!(matches!(store.blob(original.digest), Err(StoreError::Damaged("kept bytes"))));
    store.tamper("DROP TRIGGER sheet_stands; UPDATE sheet SET content = x'0042'").unwrap();
    assert!(!store.check(None).unwrap().record_whole);
}
