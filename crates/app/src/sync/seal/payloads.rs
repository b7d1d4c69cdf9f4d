//! What changes of a document are sealed as.

use api::ApiError;
use chart::{AnyDocument, abridged};
use clinical::DocumentRef;
use sync::{
    codec::Canonical as _,
    limits::CHANGE_BYTES_MAX,
    payload::{Batch, Batches, Payload, batch_len, parts_of},
};

use super::{super::keys::internal, tags::name_of};

/// What changes of a document are sealed as; `None` for one that is too large to travel.
pub(super) fn payloads_of(document: DocumentRef, changes: &[Vec<u8>]) -> Option<Vec<Payload>> {
    let document = name_of(document)?;
    match changes {
        [large] if large.len() > CHANGE_BYTES_MAX => parts_of(&document, large),
        _ => Some(vec![Payload::Abridged { document, changes: abridged(changes) }]),
    }
}

/// What changes of many documents are sealed as together, under an id of their own; `None` of a document
/// without a name, and of more than one envelope holds.
pub(in crate::sync) fn payload_of_batches<'a>(
    id: [u8; 16],
    batches: impl Iterator<Item = (DocumentRef, &'a [Vec<u8>])>,
) -> Option<Payload> {
    let batch = |(document, changes): (DocumentRef, &[Vec<u8>])| {
        Some(Batch { document: name_of(document)?, changes: abridged(changes) })
    };
    let batches: Option<_> = batches.map(batch).collect();
    Batches::new(id, batches?).map(Payload::Batches)
}

/// What consecutive changes of a document are before they are packed; nothing of one that is too large.
pub(crate) fn payload_of_changes(document: DocumentRef, changes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let payloads = payloads_of(document, changes).unwrap_or_default();
    payloads.iter().map(Payload::to_bytes).collect()
}

/// A document as all its changes, where it is too long for a pack.
///
/// # Errors
/// `internal` of a document whose changes cannot be read.
pub(in crate::sync) fn whole_as_changes(
    name: DocumentRef,
    document: &mut AnyDocument,
) -> Result<Vec<Payload>, ApiError> {
    let mut rest = document.changes().map_err(|error| internal(&error))?;
    let mut payloads = Vec::new();
    while !rest.is_empty() {
        let len = batch_len(rest.iter().map(Vec::len)).clamp(1, rest.len());
        let after = rest.split_off(len);
        payloads.extend(payloads_of(name, &rest).unwrap_or_default());
        rest = after;
    }
    Ok(payloads)
}
