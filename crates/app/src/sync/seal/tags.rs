//! Under which names and tags documents travel, and what a computer seals of its own.

use crate::{host::Host, open::Session};
use clinical::{DocumentKind, DocumentRef};
use sync::{
    check::QuarantineReason,
    ids::DocTag,
    payload::{DocumentName, Payload},
};
use uuid::Uuid;

use super::super::keys::Keys;

/// The kinds of document as envelopes name them, for ever.
const KIND_WORDS: [(DocumentKind, &str); 3] = [
    (DocumentKind::Chart, "chart"),
    (DocumentKind::Draft, "draft"),
    (DocumentKind::Clinic, "clinic"),
];

/// What the checkpoints of a device are of, as envelopes name it, for ever.
const CHECKPOINT_WORD: &str = "checkpoint";
/// What packs are of, likewise.
const PACK_WORD: &str = "pack";
/// What a device says of floors is of the device, likewise.
const FLOOR_WORD: &str = "floor";
/// What notices of a device are of, likewise.
const NOTICE_WORD: &str = "notice";

/// The document that an envelope names.
pub(super) fn document_of<H: Host>(
    session: &Session<'_, H>,
    name: &DocumentName,
) -> Result<DocumentRef, QuarantineReason> {
    let kind = KIND_WORDS.iter().find(|(_, word)| *word == name.kind());
    let (kind, _) = kind.ok_or(QuarantineReason::UnknownKind)?;
    let id = Uuid::from_bytes(*name.id());
    if *kind == DocumentKind::Clinic && id != session.open.clinic.uuid() {
        return Err(QuarantineReason::WrongTag);
    }
    Ok(DocumentRef::new(*kind, id))
}

/// A document as envelopes name it.
pub(in crate::sync) fn name_of(document: DocumentRef) -> Option<DocumentName> {
    let word = KIND_WORDS.iter().find(|(kind, _)| *kind == document.kind);
    DocumentName::new(word?.1, *document.id.as_bytes())
}

/// The tag of a document.
pub(in crate::sync) fn tag_of_document(keys: &Keys, document: DocumentRef) -> Option<DocTag> {
    let name = name_of(document)?;
    Some(tag_of(keys, name.kind(), name.id()))
}

/// The tag of what `device` seals.
pub(super) fn payload_tag(keys: &Keys, payload: &Payload, device: &[u8; 16]) -> DocTag {
    match payload {
        Payload::Changes { document, .. }
        | Payload::Abridged { document, .. }
        | Payload::Part { document, .. } => tag_of(keys, document.kind(), document.id()),
        Payload::Checkpoint(_) => tag_of(keys, CHECKPOINT_WORD, device),
        Payload::Pack(pack) => tag_of(keys, PACK_WORD, pack.id()),
        Payload::Batches(batches) => tag_of(keys, PACK_WORD, batches.id()),
        Payload::Floor(_) | Payload::Countersign(_) | Payload::Outline(_) | Payload::People(_) => {
            tag_of(keys, FLOOR_WORD, device)
        }
        Payload::Notice(_) => tag_of(keys, NOTICE_WORD, device),
    }
}

fn tag_of(keys: &Keys, kind: &str, id: &[u8; 16]) -> DocTag {
    DocTag(keys.clinic_keys.doc_tag_key().derive_doc_tag(kind, id))
}
