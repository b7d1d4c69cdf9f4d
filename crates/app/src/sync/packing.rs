//! Many charts that nobody else has yet, as after an import: they go out whole, many in one
//! envelope.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::ApiError;
use clinical::{DocumentKind, DocumentRef};
use sync::{
    limits::{PACK_BYTES_MAX, PACK_DOCUMENT_BYTES_MAX, PACK_DOCUMENTS_MAX},
    payload::{Pack, Packed},
};
use vault::{random::make_array, seal::Effort};

use super::seal::name_of;

/// Fewer than this go out as changes, each under a key of its own.
const PACKED_MIN: usize = 8;
/// Where more than so many wait, the line is what is waited for, and not the compressing.
const MANY: usize = 256;
/// Changes of the outbox that are looked through for charts at a time.
const CHANGES_LOOKED_AT: u32 = 16 * 1024;

/// A pack of charts, and the places of their changes in the outbox.
pub(super) struct Fresh {
    pub(super) pack: Pack,
    pub(super) places: Vec<i64>,
    /// What compressing it is worth.
    pub(super) effort: Effort,
}

/// The next charts that wait to be sealed and of which nothing ever was; `None` when there are
/// few of them.
///
/// # Errors
/// The store's.
pub(super) fn pack_fresh<H: Host>(session: &Session<'_, H>) -> Result<Option<Fresh>, ApiError> {
    let store = &session.open.store;
    let waiting = store.new_documents(DocumentKind::Chart, CHANGES_LOOKED_AT).told()?;
    if waiting.len() < PACKED_MIN {
        return Ok(None);
    }
    let effort = if waiting.len() > MANY { Effort::Utmost } else { Effort::Much };
    let (mut documents, mut places, mut bytes) = (Vec::new(), Vec::new(), 0);
    for name in waiting {
        let Some((packed, of_it)) = fresh(session, name)? else { continue };
        bytes += packed.bytes.len();
        if bytes > PACK_BYTES_MAX || documents.len() >= PACK_DOCUMENTS_MAX {
            break;
        }
        documents.push(packed);
        places.extend(of_it);
    }
    if documents.len() < PACKED_MIN {
        return Ok(None);
    }
    let id = make_array(&mut HostEntropy(session.host));
    Ok(Pack::new(id, documents).map(|pack| Fresh { pack, places, effort }))
}

/// A chart whole, with the places of its changes in the outbox; `None` when some of it was sealed
/// before, it is too large, or it cannot be opened.
fn fresh<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
) -> Result<Option<(Packed, Vec<i64>)>, ApiError> {
    let Some(document) = name_of(name) else { return Ok(None) };
    let store = &session.open.store;
    // In this order: what is recorded in between stays in the outbox.
    let places = store.outbox_places(name).told()?;
    let Some(stored) = store.document(name).told()? else { return Ok(None) };
    // One that cannot be opened holds up no other: its changes go out as they are.
    let Ok(mut chart) = session.load_any(name, &stored) else { return Ok(None) };
    if chart.changes_len() != places.len() {
        return Ok(None);
    }
    let bytes = chart.save_plain();
    let fits = bytes.len() <= PACK_DOCUMENT_BYTES_MAX;
    Ok(fits.then_some((Packed { document, bytes }, places)))
}
