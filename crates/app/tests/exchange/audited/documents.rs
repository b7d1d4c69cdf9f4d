//! What the commands of documents leave.

use super::{Case, PATIENT, World, case};
use crate::exchange::call;
use clinical::{DocumentCategory, DocumentDraft, DocumentReferenceId};

fn path(w: &World, name: &str) -> String {
    w.folder.path().join(name).to_str().unwrap().to_owned()
}

fn document(w: &World) -> DocumentReferenceId {
    call(&w.a, api::ListDocuments { patient: w.patient }).documents[0].document
}

pub(super) fn documents() -> Vec<Case> {
    vec![
        case::<api::AddDocument>(
            |w| {
                let path = path(w, "letter.txt");
                std::fs::write(&path, "Dear colleague").unwrap();
                let draft =
                    DocumentDraft { title: "Letter".into(), category: DocumentCategory::Letter };
                call(&w.a, api::AddDocument { patient: w.patient, path, draft });
            },
            &[("update", "add-document", PATIENT)],
        ),
        case::<api::ListDocuments>(
            |w| drop(call(&w.a, api::ListDocuments { patient: w.patient })),
            &[],
        ),
        case::<api::ShowDocument>(
            |w| drop(call(&w.a, api::ShowDocument { patient: w.patient, document: document(w) })),
            &[("read", "show-document", PATIENT)],
        ),
        case::<api::SaveDocument>(
            |w| {
                let (document, path) = (document(w), path(w, "copy.txt"));
                call(&w.a, api::SaveDocument { patient: w.patient, document, path });
            },
            &[("export", "save-document", PATIENT)],
        ),
        case::<api::KeepDocuments>(
            |w| call(&w.a, api::KeepDocuments { patient: Some(w.patient), on: true }),
            &[("update", "keep-documents", PATIENT)],
        ),
    ]
}
