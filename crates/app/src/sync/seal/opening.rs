//! Opening envelopes: each is checked, opened and read, or it is told why it is set aside.

use crate::{host::Host, open::Session};
use api::ApiError;
use chart::restored;
use clinical::DocumentRef;
use std::collections::BTreeMap;
use sync::{
    check::{QuarantineReason, after_origin},
    codec::DecodeError,
    cursor::Cursor,
    envelope::{Envelope, Header},
    ids::EnvelopeId,
    limits::PAYLOAD_BYTES_MAX,
    payload::{Floor, Notice, Outline, Payload, People},
};
use vault::seal::{OpenError, open};

use super::{
    super::{document_keys::DocumentKeys, held::Arrived, keys::Keys},
    context_of,
    tags::{document_of, payload_tag},
};

/// What an envelope holds.
pub(in crate::sync) enum Opened {
    /// For a document.
    Content(DocumentRef, Content),
    /// What its device saw of a server's log.
    Checkpoint(Cursor),
    /// Documents whole.
    Pack(Vec<(DocumentRef, Vec<u8>)>),
    /// Changes of many documents, each once; and why it is set aside all the same, where some could not
    /// be read.
    Batches(BTreeMap<DocumentRef, Vec<Vec<u8>>>, Option<QuarantineReason>),
    /// From where a new computer may begin.
    Floor(Floor),
    /// That a floor was found to be so.
    Countersign(EnvelopeId),
    /// What its device tells the others.
    Notice(Notice),
    /// What is about to cover a log.
    Outline(Outline),
    /// Who is in it.
    People(People),
}

/// Changes, or a part of one.
pub(in crate::sync) enum Content {
    Changes(Vec<Vec<u8>>),
    Part { part: u32, parts: u32, bytes: Vec<u8> },
}

/// Checks and opens an envelope, or tells why it is set aside.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn open_envelope<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    Arrived { envelope, origin }: Arrived<'_>,
) -> Result<Result<Opened, QuarantineReason>, ApiError> {
    match origin.and_then(|()| after_origin(envelope, &keys.members)) {
        Ok(()) => {}
        // Somebody who may has decided.
        Err(QuarantineReason::AfterCut) if keys.taken_in.contains(&envelope.id()) => {}
        Err(reason) => return Ok(Err(reason)),
    }
    let payload = open_payload(session, keys, document_keys, envelope)?;
    Ok(payload.and_then(|payload| content_of(session, payload)))
}

/// The documents in an envelope that opens, whoever may have sealed it; none in one that does not.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn documents_in<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    envelope: &Envelope,
) -> Result<Vec<DocumentRef>, ApiError> {
    let payload = open_payload(session, keys, document_keys, envelope)?;
    Ok(match payload.and_then(|payload| content_of(session, payload)) {
        Ok(Opened::Content(document, _)) => vec![document],
        Ok(Opened::Pack(whole)) => whole.into_iter().map(|(document, _)| document).collect(),
        Ok(Opened::Batches(all, _)) => all.into_keys().collect(),
        Ok(
            Opened::Checkpoint(_)
            | Opened::Floor(_)
            | Opened::Countersign(_)
            | Opened::Notice(_)
            | Opened::Outline(_)
            | Opened::People(_),
        )
        | Err(_) => Vec::new(),
    })
}

pub(super) fn open_payload<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    envelope: &Envelope,
) -> Result<Result<Payload, QuarantineReason>, ApiError> {
    let header = envelope.header();
    let candidates =
        document_keys.of(session, &keys.clinic_keys, header.doc_tag, header.key_epoch)?;
    if candidates.is_empty() {
        return Ok(Err(QuarantineReason::NoKey));
    }
    let (context, aad) = (context_of(header), header.aad());
    let limit = u32::try_from(PAYLOAD_BYTES_MAX).unwrap_or(u32::MAX);
    // Of a document there may be several keys in an epoch, one of each computer that wrote it before it
    // heard of another's: that none of those that are here opens it says that its own has not come.
    let mut reason = QuarantineReason::NoKey;
    for key in candidates {
        match open(&key, &context, &aad, envelope.ciphertext(), limit) {
            Ok(plain) => return Ok(read_payload(keys, header, plain.expose())),
            Err(OpenError::NotAuthentic) => {}
            Err(OpenError::NewerMethod(_)) => reason = QuarantineReason::UnknownKind,
            Err(OpenError::TooLong { .. } | OpenError::Malformed) => {
                reason = QuarantineReason::Malformed;
            }
        }
    }
    Ok(Err(reason))
}

fn read_payload(keys: &Keys, header: &Header, plain: &[u8]) -> Result<Payload, QuarantineReason> {
    let payload = Payload::open(header.kind, plain).map_err(|error| match error {
        DecodeError::Version { .. } => QuarantineReason::UnknownKind,
        DecodeError::Short
        | DecodeError::Trailing(_)
        | DecodeError::TooLong { .. }
        | DecodeError::Tag { .. }
        | DecodeError::NotCanonical(_) => QuarantineReason::Malformed,
    })?;
    let tag = payload_tag(keys, &payload, &header.device.0);
    if tag == header.doc_tag { Ok(payload) } else { Err(QuarantineReason::WrongTag) }
}

fn content_of<H: Host>(
    session: &Session<'_, H>,
    payload: Payload,
) -> Result<Opened, QuarantineReason> {
    let (document, content) = match payload {
        Payload::Changes { document, changes } => (document, Content::Changes(changes)),
        Payload::Abridged { document, changes } => {
            let changes = restored(&changes).ok_or(QuarantineReason::Malformed)?;
            (document, Content::Changes(changes))
        }
        Payload::Part { document, part, parts, bytes } => {
            (document, Content::Part { part, parts, bytes })
        }
        Payload::Checkpoint(cursor) => return Ok(Opened::Checkpoint(cursor)),
        Payload::Floor(floor) => return Ok(Opened::Floor(floor)),
        Payload::Countersign(floor) => return Ok(Opened::Countersign(floor)),
        Payload::Notice(notice) => return Ok(Opened::Notice(notice)),
        Payload::Outline(outline) => return Ok(Opened::Outline(outline)),
        Payload::People(people) => return Ok(Opened::People(people)),
        Payload::Pack(pack) => {
            let whole = pack.into_documents().into_iter();
            let whole = whole.map(|one| Ok((document_of(session, &one.document)?, one.bytes)));
            return Ok(Opened::Pack(whole.collect::<Result<_, _>>()?));
        }
        Payload::Batches(batches) => {
            let (mut all, mut lacks) = (BTreeMap::<_, Vec<_>>::new(), None);
            for batch in batches.into_batches() {
                let changes = restored(&batch.changes).ok_or(QuarantineReason::Malformed);
                match document_of(session, &batch.document).and_then(|it| Ok((it, changes?))) {
                    Ok((document, changes)) => all.entry(document).or_default().extend(changes),
                    Err(reason) => lacks = lacks.or(Some(reason)),
                }
            }
            return Ok(Opened::Batches(all, lacks));
        }
    };
    Ok(Opened::Content(document_of(session, &document)?, content))
}
