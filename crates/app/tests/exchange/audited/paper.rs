//! What the commands of paper leave.

use super::{Case, NOBODY, PATIENT, World, case};
use crate::exchange::{call, medication};
use api::SheetStanding;
use clinical::{Credentials, Letterhead, MedicationId, PrescriptionDraft, SheetDraft, SheetKind};

/// A prescription of something that was just ordered: the row of the order comes first.
fn prescription(w: &World) -> SheetDraft {
    let draft = medication("Cetirizine", "10", "1");
    let ordered = call(&w.a, api::RecordMedication { patient: w.patient, draft }).entries[0];
    let medications = vec![MedicationId::from_uuid(ordered.id)];
    SheetDraft::Prescription(PrescriptionDraft { medications, encounter: None })
}

pub(super) fn paper() -> Vec<Case> {
    vec![
        case::<api::GetLetterhead>(|w| drop(call(&w.a, api::GetLetterhead {})), &[]),
        case::<api::SetLetterhead>(
            |w| {
                let letterhead = Letterhead { footer: "Open".into(), ..Letterhead::default() };
                call(&w.a, api::SetLetterhead { letterhead });
            },
            &[("administer", "set-letterhead", NOBODY)],
        ),
        case::<api::SetCredentials>(
            |w| {
                let person = call(&w.a, api::ListPeople {})[0].id;
                let credentials =
                    Credentials { registration: "1".into(), ..Credentials::default() };
                call(&w.a, api::SetCredentials { person, credentials });
            },
            &[("administer", "set-credentials", NOBODY)],
        ),
        case::<api::PreviewLetterhead>(
            |w| {
                let (letterhead, kind) = (Letterhead::default(), SheetKind::Prescription);
                call(&w.a, api::PreviewLetterhead { letterhead, kind });
            },
            &[],
        ),
        case::<api::PreviewSheet>(
            |w| {
                let (patient, sheet) = (w.patient, prescription(w));
                call(&w.a, api::PreviewSheet { patient, sheet, paper: None, language: None });
            },
            &[("update", "record-medication", PATIENT), ("read", "preview-sheet", PATIENT)],
        ),
        case::<api::PrintSheet>(
            |w| {
                let (patient, sheet) = (w.patient, prescription(w));
                let print = api::PrintSheet { patient, sheet, paper: None, language: None };
                w.serial = call(&w.a, print).serial;
            },
            &[("update", "record-medication", PATIENT), ("print", "print-sheet", PATIENT)],
        ),
        case::<api::ReprintSheet>(
            |w| drop(call(&w.a, api::ReprintSheet { serial: w.serial.clone() })),
            &[("print", "reprint-sheet", PATIENT)],
        ),
        case::<api::ShowSheet>(
            |w| drop(call(&w.a, api::ShowSheet { serial: w.serial.clone() })),
            &[("read", "show-sheet", PATIENT)],
        ),
        case::<api::PreviewLabel>(
            |w| {
                let patient = w.patient;
                call(&w.a, api::PreviewLabel { patient, paper: None, language: None });
            },
            &[("read", "preview-label", PATIENT)],
        ),
        case::<api::PrintLabel>(
            |w| {
                let patient = w.patient;
                call(&w.a, api::PrintLabel { patient, paper: None, language: None, copies: 1 });
            },
            &[("print", "print-label", PATIENT)],
        ),
        case::<api::ListSheets>(
            |w| {
                // Of a list that shows nobody there is nothing to tell.
                call(&w.a, api::ListSheets { patient: None, limit: 0 });
                assert_eq!(call(&w.a, api::ListSheets { patient: None, limit: 5 }).len(), 1);
            },
            &[("read", "list-sheets", PATIENT)],
        ),
        case::<api::VerifySheet>(
            |w| {
                let code = "nothing".to_owned();
                call(&w.a, api::VerifySheet { code });
                let verdict = call(&w.a, api::VerifySheet { code: w.serial.clone() });
                assert_eq!(verdict.standing, SheetStanding::NumberKnown);
            },
            &[("read", "verify-sheet", NOBODY), ("read", "verify-sheet", PATIENT)],
        ),
    ]
}
