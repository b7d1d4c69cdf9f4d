//! What came in belatedly: it was set aside, or decided on, and taken in later. A floor may have been
//! made over it meanwhile, whose packs lack it: who begins there never gets it, and waits for it with
//! all that builds on it. So the documents it is of are sealed whole, above the floor.
//!
//! Which those are is kept with what came in, in one step, and goes once it is sealed, or found in a
//! floor's packs. Every computer that takes it in does so, whichever of the two it heard of first.

use super::{Known, id_of_hex, known, seal_whole};
use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{exchange::Desk, merging::Piece, names, quarantine::envelope_of, seal::Opened},
};
use api::ApiError;
use chart::{Actor, AnyDocument, ChangeHash, Heads};
use clinical::{DocumentKind, DocumentRef};
use std::collections::{BTreeMap, BTreeSet};
use store::NamedRow;
use sync::{
    check::{Awaits, QuarantineReason},
    codec::Canonical as _,
    envelope::Envelope,
    ids::EnvelopeId,
    membership::Role,
};
use uuid::Uuid;

/// Changes that documents are to have.
type Changes = BTreeMap<DocumentRef, BTreeSet<ChangeHash>>;
/// What an envelope brought for one document.
type Brought = (DocumentRef, BTreeSet<ChangeHash>);

/// Tells what comes in belatedly from what comes in its course.
pub(in crate::sync) struct Belated {
    decided: BTreeSet<[u8; 32]>,
    has_aside: bool,
}

impl Belated {
    /// Reads what was decided, and whether anything is set aside.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::sync) fn load<H: Host>(session: &Session<'_, H>) -> Result<Self, ApiError> {
        let store = &session.open.store;
        let decided = store.aside_decisions().told()?;
        let decided = decided.iter().filter_map(|one| envelope_of(&one.envelope)).collect();
        Ok(Self { decided, has_aside: !store.set_aside(1).told()?.is_empty() })
    }

    /// Where it is kept what an envelope brings that comes in belatedly; nothing of one that comes in
    /// its course.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::sync) fn rows_of<H: Host>(
        &self,
        session: &Session<'_, H>,
        envelope: EnvelopeId,
        pieces: &[(DocumentRef, Piece)],
    ) -> Result<Vec<NamedRow>, ApiError> {
        if !self.has(session, envelope)? {
            return Ok(Vec::new());
        }
        let row = |(document, piece): &(DocumentRef, Piece)| {
            row(envelope, *document, &hashes_of(*document, piece, session.open.actor))
        };
        Ok(pieces.iter().map(row).collect())
    }

    /// The same of one that says that a chart is erased.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::sync) fn row_of_erasing<H: Host>(
        &self,
        session: &Session<'_, H>,
        envelope: EnvelopeId,
    ) -> Result<Option<NamedRow>, ApiError> {
        let row = || NamedRow { name: format!("{}{envelope}", names::BELATED), bytes: Vec::new() };
        Ok(self.has(session, envelope)?.then(row))
    }

    /// Whether a floor may have been made over an envelope that is taken in: not where it waited for
    /// keys or the list of computers, and nobody decided on it. While something does, none is made.
    fn has<H: Host>(
        &self,
        session: &Session<'_, H>,
        envelope: EnvelopeId,
    ) -> Result<bool, ApiError> {
        if self.decided.contains(&envelope.0) {
            return Ok(true);
        }
        if !self.has_aside {
            return Ok(false);
        }
        let aside = session.open.store.set_aside_one(&envelope.0).told()?;
        let is_passed_over = |reason: &str| {
            QuarantineReason::from_code(reason)
                .is_none_or(|reason| reason.awaits() != Awaits::Membership)
        };
        Ok(aside.is_some_and(|aside| is_passed_over(&aside.reason)))
    }
}

fn row(envelope: EnvelopeId, document: DocumentRef, hashes: &[ChangeHash]) -> NamedRow {
    let bytes = [&[document.kind.number()][..], document.id.as_bytes(), &hashes.concat()].concat();
    NamedRow { name: format!("{}{envelope}/{document}", names::BELATED), bytes }
}

/// The changes whose presence says that all of it is there; none of what will not be merged.
fn hashes_of(document: DocumentRef, piece: &Piece, actor: Actor) -> Vec<ChangeHash> {
    match piece {
        Piece::Changes(changes) => changes.iter().filter_map(|one| chart::hash_of(one)).collect(),
        Piece::Whole(bytes) => {
            let taken = AnyDocument::take(document, bytes, actor);
            taken.map(|(_, merged)| merged.change.heads.0).unwrap_or_default()
        }
    }
}

/// What such a row says: the envelope, and what it brought; nothing of an erasing.
fn read(row: &NamedRow) -> Option<(EnvelopeId, Option<Brought>)> {
    let envelope = row.name.strip_prefix(names::BELATED)?.split('/').next()?;
    let envelope = EnvelopeId(id_of_hex(envelope)?);
    let Some((kind, rest)) = row.bytes.split_first() else { return Some((envelope, None)) };
    let (id, hashes) = rest.split_first_chunk::<16>()?;
    let document = DocumentRef::new(DocumentKind::from_number(*kind)?, Uuid::from_bytes(*id));
    let (hashes, []) = hashes.as_chunks::<32>() else { return None };
    Some((envelope, Some((document, hashes.iter().copied().collect()))))
}

/// Whether something that came in belatedly may be lacking in a floor that is known here.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn is_belated_due<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let has = |prefix| Ok(!session.open.store.named_with_prefix(prefix).told()?.is_empty());
    Ok(has(names::BELATED)? && has(names::FLOORS)?)
}

impl<H: Host> Desk<'_, '_, H> {
    /// Seals whole what came in belatedly and no floor's packs hold, and says again what is erased
    /// where that came so; answers whether it did. Done again after an interruption, it does no harm.
    ///
    /// # Errors
    /// The store's; what was sealed by then is sealed.
    pub(in crate::sync) fn tend_belated(&mut self) -> Result<bool, ApiError> {
        if is_belated_due(self.session())? { self.alone(Self::seal_belated) } else { Ok(false) }
    }

    fn seal_belated(&mut self) -> Result<bool, ApiError> {
        let session = self.session();
        let floors = known(session)?;
        let (mut lacking, mut stays, mut erases) = (Changes::new(), Vec::new(), false);
        for row in session.open.store.named_with_prefix(names::BELATED).told()? {
            let Some((envelope, brought)) = read(&row) else { continue };
            match (standing(session, envelope, &floors)?, brought) {
                (Standing::Gone, _) => {}
                (Standing::Above, _) => stays.push(row),
                (Standing::Below, None) => erases = true,
                (Standing::Below, Some((document, hashes))) => {
                    match has_all(session, document, &hashes)? {
                        None => {}
                        // What it builds on has not come yet.
                        Some(false) => stays.push(row),
                        Some(true) => lacking.entry(document).or_default().extend(hashes),
                    }
                }
            }
        }
        // Whoever begins at an earlier floor reads the packs of the last.
        if let Some(last) = floors.last() {
            self.strike_out(last, &mut lacking)?;
        }
        let is_admin = |device| {
            self.keys.members.device(device).is_some_and(|member| member.role == Role::Admin)
        };
        let says = erases && is_admin(self.keys.device);
        let seals = !lacking.is_empty();
        seal_whole(self, lacking.into_keys())?;
        if says {
            self.say_erased_again()?;
        }
        session.open.store.replace_named(names::BELATED, &stays).told()?;
        Ok(seals || says)
    }

    /// Takes out what a floor's packs hold. A document that was too large for one stays.
    fn strike_out(&mut self, floor: &Known, lacking: &mut Changes) -> Result<(), ApiError> {
        for id in floor.floor.covered_by() {
            if lacking.is_empty() {
                break;
            }
            let Some(Opened::Pack(documents)) = self.open_held(*id)? else { continue };
            for (document, bytes) in documents {
                let Some(hashes) = lacking.get(&document) else { continue };
                let packed = AnyDocument::take(document, &bytes, self.session().open.actor);
                if packed.is_ok_and(|(mut packed, _)| packed.has_all(&heads(hashes))) {
                    lacking.remove(&document);
                }
            }
        }
        Ok(())
    }
}

/// Where what came in belatedly stands.
enum Standing {
    /// At or below a floor.
    Below,
    /// Above all that are known here.
    Above,
    /// It is set aside again, and told of anew should it come in.
    Gone,
}

fn standing<H: Host>(
    session: &Session<'_, H>,
    id: EnvelopeId,
    floors: &[Known],
) -> Result<Standing, ApiError> {
    let store = &session.open.store;
    let row = store.envelope(&id.0).told()?;
    let envelope = row.and_then(|row| Envelope::from_bytes(&row.bytes).ok());
    let Some(envelope) = envelope else { return Ok(Standing::Gone) };
    if store.is_set_aside(&id.0).told()? {
        return Ok(Standing::Gone);
    }
    let (lane, counter) = (envelope.header().lane(), envelope.header().counter);
    let is_below = floors.iter().any(|known| known.floor.have().counter(lane) >= counter);
    Ok(if is_below { Standing::Below } else { Standing::Above })
}

/// Whether a document has changes, with all that they build on; `None` where it is not here any more.
fn has_all<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    hashes: &BTreeSet<ChangeHash>,
) -> Result<Option<bool>, ApiError> {
    let Some(stored) = session.open.store.document(name).told()? else { return Ok(None) };
    // One that cannot be opened here is sealed by nobody here, and holds up no exchange.
    let opened = session.load_any(name, &stored);
    Ok(Some(opened.is_ok_and(|mut document| document.has_all(&heads(hashes)))))
}

fn heads(hashes: &BTreeSet<ChangeHash>) -> Heads {
    Heads(hashes.iter().copied().collect())
}
