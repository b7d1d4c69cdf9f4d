//! Finding a floor of another computer to be so: the same log up to it, nothing of it unknown here,
//! and every change of it in what is said to cover it.

use crate::{error::ToldResult, host::Host};
use api::ApiError;
use chart::{AnyDocument, ChangeHash};
use clinical::{DocumentKind, DocumentRef};
use std::collections::{BTreeMap, BTreeSet};
use store::SELF;
use sync::{envelope::Envelope, have::Lane, ids::EnvelopeId, payload::Floor};

use super::base;
use crate::sync::{
    checkpoints,
    exchange::Desk,
    held::have_of,
    lacking::lane_after,
    seal::{Content, Opened},
};

/// Envelopes of a lane that are read at a time.
const LANE_PAGE: u32 = 64;
/// Changes of the outbox that are read at a time.
const OUTBOX_PAGE: u32 = 512;

/// Whether a floor is so; `None` where this computer cannot tell, as one that did not read the log up
/// to it.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn is_so<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    floor: &Floor,
) -> Result<Option<bool>, ApiError> {
    let session = desk.session();
    let at = floor.at();
    if checkpoints::chain_at(session, at)? != Some(at.mark.chain) || !holds_all(desk, floor)? {
        return Ok(None);
    }
    let Some(covered) = Covered::open(desk, floor)? else { return Ok(None) };
    covered.has_all(desk, floor).map(Some)
}

/// Whether everything that the floor says the log held is here.
fn holds_all<H: Host>(desk: &Desk<'_, '_, H>, floor: &Floor) -> Result<bool, ApiError> {
    let session = desk.session();
    let (here, base) = (have_of(session, SELF)?, base(session)?);
    for (lane, says) in floor.have().iter() {
        let is_known =
            session.open.store.knows_envelope(&says.id.0).told()? || base.covers(lane, says);
        if here.counter(lane) < says.counter || !is_known {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is here and not in what is said to cover a log.
#[derive(Default)]
struct Covered {
    whole: BTreeSet<DocumentRef>,
    loose: BTreeMap<DocumentRef, BTreeSet<ChangeHash>>,
    lacking: BTreeSet<ChangeHash>,
}

impl Covered {
    /// `None` where something of it is not here or cannot be opened.
    fn open<H: Host>(desk: &mut Desk<'_, '_, H>, floor: &Floor) -> Result<Option<Self>, ApiError> {
        let mut covered = Self::default();
        let mut parts = Vec::new();
        for id in floor.covered_by() {
            match desk.open_held(*id)? {
                Some(Opened::Pack(documents)) => {
                    for (name, bytes) in documents {
                        let Some(lacking) = lacking_in(desk, name, &bytes)? else {
                            return Ok(None);
                        };
                        covered.whole.insert(name);
                        covered.lacking.extend(lacking);
                    }
                }
                Some(Opened::Batches(batches, _)) => {
                    for (name, changes) in batches {
                        let hashes = hashes_of(Content::Changes(changes), &mut parts);
                        covered.loose.entry(name).or_default().extend(hashes);
                    }
                }
                Some(Opened::Content(name, content)) => {
                    covered.loose.entry(name).or_default().extend(hashes_of(content, &mut parts));
                }
                Some(
                    Opened::Checkpoint(_)
                    | Opened::Floor(_)
                    | Opened::Countersign(_)
                    | Opened::Notice(_)
                    | Opened::Outline(_)
                    | Opened::People(_),
                )
                | None => {
                    return Ok(None);
                }
            }
        }
        Ok(Some(covered))
    }

    /// Whether every change that is here is covered, or came after the floor.
    fn has_all<H: Host>(
        mut self,
        desk: &mut Desk<'_, '_, H>,
        floor: &Floor,
    ) -> Result<bool, ApiError> {
        let session = desk.session();
        for kind in [DocumentKind::Clinic, DocumentKind::Draft, DocumentKind::Chart] {
            for name in session.open.store.documents(kind).told()? {
                if self.whole.contains(&name) {
                    continue;
                }
                let Some(mut here) = hashes_here(desk, name)? else { return Ok(false) };
                let loose = self.loose.remove(&name).unwrap_or_default();
                here.retain(|hash| !loose.contains(hash));
                self.lacking.extend(here);
            }
        }
        Ok(self.lacking.is_empty() || self.lacking.is_subset(&came_after(desk, floor)?))
    }
}

/// The changes of a document that are here and not in it as it was packed; `None` where one of both
/// cannot be opened.
fn lacking_in<H: Host>(
    desk: &Desk<'_, '_, H>,
    name: DocumentRef,
    packed: &[u8],
) -> Result<Option<BTreeSet<ChangeHash>>, ApiError> {
    let session = desk.session();
    let Ok((mut packed, _)) = AnyDocument::take(name, packed, session.open.actor) else {
        return Ok(None);
    };
    let Some(stored) = session.open.store.document(name).told()? else {
        return Ok(Some(BTreeSet::new()));
    };
    if stored.waiting.is_empty() && packed.has_all(&stored.heads) {
        return Ok(Some(BTreeSet::new()));
    }
    let Some(mut here) = hashes_here(desk, name)? else { return Ok(None) };
    let covered = packed.hashes();
    here.retain(|hash| !covered.contains(hash));
    Ok(Some(here))
}

/// The changes of a document that are here; `None` where it cannot be opened.
fn hashes_here<H: Host>(
    desk: &Desk<'_, '_, H>,
    name: DocumentRef,
) -> Result<Option<BTreeSet<ChangeHash>>, ApiError> {
    let stored = desk.session().open.store.document(name).told()?.unwrap_or_default();
    let Ok(mut here) = desk.session().load_any(name, &stored) else { return Ok(None) };
    let mut hashes = here.hashes();
    hashes.extend(stored.waiting.iter().filter_map(|bytes| chart::hash_of(bytes)));
    Ok(Some(hashes))
}

/// The changes in an envelope; of one in parts with the last, of which those before were put into
/// `parts`.
fn hashes_of(content: Content, parts: &mut Vec<u8>) -> Vec<ChangeHash> {
    match content {
        Content::Changes(changes) => {
            changes.iter().filter_map(|bytes| chart::hash_of(bytes)).collect()
        }
        Content::Part { part, parts: of, bytes } => {
            if part == 0 {
                parts.clear();
            }
            parts.extend(bytes);
            let is_last = part.saturating_add(1) == of;
            let whole = is_last.then(|| std::mem::take(parts));
            whole.and_then(|bytes| chart::hash_of(&bytes)).into_iter().collect()
        }
    }
}

/// The changes of envelopes after a floor, and those that are not sealed yet.
fn came_after<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    floor: &Floor,
) -> Result<BTreeSet<ChangeHash>, ApiError> {
    let session = desk.session();
    let covering = floor.covered_by().iter().copied().collect();
    let mut hashes = BTreeSet::new();
    for (lane, _) in have_of(session, SELF)?.iter() {
        hashes.extend(after_in(desk, &covering, lane, floor.have().counter(lane))?);
    }
    let mut after = 0;
    loop {
        let page = session.open.store.outbox(after, OUTBOX_PAGE).told()?;
        let Some(last) = page.last() else { return Ok(hashes) };
        after = last.ord;
        hashes.extend(page.iter().map(|item| item.change.hash));
    }
}

/// The changes of a lane's envelopes after a counter.
fn after_in<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    covering: &BTreeSet<EnvelopeId>,
    lane: Lane,
    mut after: u64,
) -> Result<BTreeSet<ChangeHash>, ApiError> {
    let mut hashes = BTreeSet::new();
    let mut parts = Vec::new();
    loop {
        let page = lane_after(desk.session(), lane, after, LANE_PAGE)?;
        let Some(last) = page.last() else { return Ok(hashes) };
        after = last.header().counter;
        for id in page.iter().map(Envelope::id).filter(|id| !covering.contains(id)) {
            match desk.open_held(id)? {
                Some(Opened::Content(_, content)) => {
                    hashes.extend(hashes_of(content, &mut parts));
                }
                Some(Opened::Batches(batches, _)) => {
                    let all = batches.into_values().map(Content::Changes);
                    hashes.extend(all.flat_map(|content| hashes_of(content, &mut parts)));
                }
                Some(Opened::Pack(documents)) => {
                    for (name, bytes) in documents {
                        let taken = AnyDocument::take(name, &bytes, desk.session().open.actor);
                        hashes.extend(taken.into_iter().flat_map(|(mut one, _)| one.hashes()));
                    }
                }
                Some(
                    Opened::Checkpoint(_)
                    | Opened::Floor(_)
                    | Opened::Countersign(_)
                    | Opened::Notice(_)
                    | Opened::Outline(_)
                    | Opened::People(_),
                )
                | None => {}
            }
        }
    }
}
