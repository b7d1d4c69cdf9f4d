//! The packs that an erased chart stood in: their other documents are sealed anew, then their keys
//! go.

use super::{
    chart, erasure_of,
    follow::{Tombstones, erased_by_row, standing_row},
    row_of, untold,
};
use crate::{
    error::ToldResult,
    hex::hex,
    host::{Host, HostEntropy},
    open::Session,
    sync::{
        exchange::Desk,
        floor::seal_whole,
        keys::Keys,
        names,
        seal::{Opened, payload_of_batches, tag_of_document},
    },
};
use api::ApiError;
use clinical::{DocumentRef, PatientId};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::{Erasing, NamedRow};
use sync::{
    codec::Canonical as _,
    envelope::{Envelope, Kind},
    ids::{DocTag, EnvelopeId},
    limits::ERASED_TAGS_MAX,
    payload::{Erasure, Notice, Payload},
};
use vault::random::make_array;

/// Whose packs are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Everybody's: this computer was told by a person, and tells the others.
    Any,
    /// This computer's: whoever was told did so with the others.
    Own,
}

/// Where an erasing is kept until it is sealed and its packs are.
pub(super) fn due_row(whose: Whose, erasure: &Erasure) -> NamedRow {
    let whose = match whose {
        Whose::Any => 1,
        Whose::Own => 2,
    };
    let bytes = [&[whose][..], &erasure.to_bytes()].concat();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let name = format!("{}{}", names::ERASING, hex(digest.get(..16).unwrap_or_default()));
    NamedRow { name, bytes }
}

fn read(row: &NamedRow) -> Option<(Whose, Erasure)> {
    let (whose, erasure) = row.bytes.split_first()?;
    let whose = match whose {
        1 => Whose::Any,
        2 => Whose::Own,
        _ => return None,
    };
    Some((whose, Erasure::from_bytes(erasure).ok()?))
}

/// That this computer's own packs are to be looked through again for what is erased: one of them that
/// holds such a document came back, as after its store was put back from a copy, and nobody else closes it.
/// Nothing of another's.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn look_again<H: Host>(
    session: &Session<'_, H>,
    (keys, document): (&Keys, DocumentRef),
    envelope: &Envelope,
) -> Result<Option<NamedRow>, ApiError> {
    let header = envelope.header();
    if header.kind != Kind::Pack || header.device != keys.device {
        return Ok(None);
    }
    let Some(DocTag(tag)) = tag_of_document(keys, document) else { return Ok(None) };
    for erased in session.open.store.erased().told()? {
        if session.open.store.erased_tags_of(erased.row.patient).told()?.contains(&tag) {
            let erasure = erasure_of(&erased.row, &[tag]);
            return Ok(erasure.map(|erasure| due_row(Whose::Own, &erasure)));
        }
    }
    Ok(None)
}

/// Whether something was erased here that is not sealed yet, or whose packs are not.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn is_due<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(!session.open.store.named_with_prefix(names::ERASING).told()?.is_empty())
}

/// The charts that were erased here of which that is so.
///
/// # Errors
/// The store's.
pub(super) fn due_of<H: Host>(session: &Session<'_, H>) -> Result<BTreeSet<PatientId>, ApiError> {
    let due = session.open.store.named_with_prefix(names::ERASING).told()?;
    let patient = |row: &NamedRow| Some(row_of(&read(row)?.1)?.patient);
    Ok(due.iter().filter_map(patient).collect())
}

/// Changes of other documents in one envelope.
type Beside = BTreeMap<DocumentRef, Vec<Vec<u8>>>;

/// The packs of one name, of which one holds an erased document.
struct Holding {
    tag: DocTag,
    of: DocTag,
    others: BTreeSet<DocumentRef>,
    /// What stands of other documents beside it, of each envelope that holds changes.
    beside: Vec<Beside>,
    /// Whether all of them were opened here.
    is_known: bool,
}

impl<H: Host> Desk<'_, '_, H> {
    /// Says to the others what was erased here and is not sealed yet, and destroys the keys of packs
    /// that held it, whose other documents are sealed anew before. Answers whether anything was
    /// sealed. Done again after an interruption, it does no harm.
    ///
    /// # Errors
    /// The store's; what was sealed by then is sealed, and no key went before.
    pub(in crate::sync) fn tend_erasing(&mut self) -> Result<bool, ApiError> {
        let due = self.session().open.store.named_with_prefix(names::ERASING).told()?;
        let mut sealed = false;
        for row in due {
            sealed |= match read(&row) {
                Some((whose, erasure)) => {
                    self.alone(|desk| desk.say_erased(&row.name, whose, &erasure))?
                }
                None => {
                    self.session().open.store.remove_named(&row.name).told()?;
                    false
                }
            };
        }
        Ok(sealed)
    }

    fn say_erased(&mut self, due: &str, whose: Whose, erasure: &Erasure) -> Result<bool, ApiError> {
        let session = self.session();
        let Some(row) = row_of(erasure) else {
            session.open.store.remove_named(due).told()?;
            return Ok(false);
        };
        let holding = self.packs_with_erased(whose)?;
        if whose == Whose::Own && holding.is_empty() {
            session.open.store.remove_named(due).told()?;
            return Ok(false);
        }
        let (whole, lacking): (Vec<_>, Vec<_>) =
            holding.into_iter().partition(|pack| self.has_all(pack));
        let others: BTreeSet<DocumentRef> =
            whole.iter().flat_map(|pack| pack.others.iter().copied()).collect();
        seal_whole(self, others)?;
        for beside in whole.iter().flat_map(|pack| &pack.beside) {
            self.seal_beside(beside)?;
        }
        let packs: Vec<DocTag> = whole.iter().map(|pack| pack.tag).collect();
        let id = self.say(erasure, &packs)?;
        let mut forget: Vec<String> =
            packs.iter().map(|pack| format!("{}{pack}", names::STANDING)).collect();
        forget.push(due.to_owned());
        let mut named: Vec<NamedRow> =
            lacking.iter().map(|pack| standing_row(pack.tag, pack.of)).collect();
        named.extend(self.standing_aside(row.patient)?);
        named.push(erased_by_row(row.patient, id));
        let tags = erasure.tags().iter().chain(&packs).map(|tag| tag.0).collect();
        super::erase(session, Erasing { row, tags, audit: None, named, forget })?;
        self.forget_keys();
        Ok(true)
    }

    /// The envelopes that were set aside and hold changes of an erased chart beside others': they stand
    /// until they are taken in, and who sealed them hears of it.
    fn standing_aside(&self, patient: PatientId) -> Result<Vec<NamedRow>, ApiError> {
        let (store, document) = (&self.session().open.store, chart(patient));
        let Some(of) = tag_of_document(&self.keys, document) else { return Ok(Vec::new()) };
        let mut standing = Vec::new();
        for row in store.named_with_prefix(&names::aside_of_prefix(document)).told()? {
            let Ok(envelope) = row.bytes.try_into() else { continue };
            let tag = store.set_aside_one(&envelope).told()?.and_then(|aside| aside.tag);
            standing.extend(tag.map(|tag| standing_row(DocTag(tag), of)));
        }
        Ok(standing)
    }

    /// Says again of every erased chart that it is: a computer that was away and begins at a floor
    /// does not read what was said below it, and holds the chart still.
    ///
    /// # Errors
    /// The store's; what was sealed by then is sealed.
    pub(in crate::sync) fn say_erased_again(&mut self) -> Result<(), ApiError> {
        let session = self.session();
        for erased in session.open.store.erased().told()? {
            let tags = session.open.store.erased_tags_of(erased.row.patient).told()?;
            for tags in tags.chunks(ERASED_TAGS_MAX) {
                let erasure = erasure_of(&erased.row, tags).ok_or_else(untold)?;
                self.seal_with(&Payload::Notice(Notice::Erase(erasure)), |_| None)?;
            }
        }
        Ok(())
    }

    /// Seals changes of other documents anew, that stood beside those of an erased one.
    fn seal_beside(&mut self, beside: &Beside) -> Result<(), ApiError> {
        let id = make_array(&mut HostEntropy(self.session().host));
        let batches = beside.iter().map(|(name, changes)| (*name, changes.as_slice()));
        let payload = payload_of_batches(id, batches).ok_or_else(untold)?;
        self.seal_with(&payload, |_| None).map(drop)
    }

    /// Seals what the others are to hear; answers the envelope that begins it.
    fn say(&mut self, erasure: &Erasure, packs: &[DocTag]) -> Result<EnvelopeId, ApiError> {
        let tags: Vec<DocTag> = erasure.tags().iter().chain(packs).copied().collect();
        let mut first = None;
        for tags in tags.chunks(ERASED_TAGS_MAX) {
            let part = erasure.of_tags(tags.to_vec()).ok_or_else(untold)?;
            let envelope = self.seal_with(&Payload::Notice(Notice::Erase(part)), |_| None)?;
            first = first.or(Some(envelope.id()));
        }
        first.ok_or_else(untold)
    }

    /// The packs that are here, hold an erased document, and whose keys stand. Who seals a pack chooses
    /// its name, and may choose another's: the key that goes is that of all that bear it.
    fn packs_with_erased(&mut self, whose: Whose) -> Result<Vec<Holding>, ApiError> {
        let erased = Tombstones::load(self.session())?;
        let mut holding = Vec::new();
        for (tag, ids) in self.packs_by_tag(whose, &erased)? {
            let (mut names, mut changes, mut is_known) = (BTreeSet::new(), Vec::new(), true);
            for id in ids {
                match self.open_held(id)? {
                    Some(Opened::Pack(documents)) => {
                        names.extend(documents.into_iter().map(|(name, _)| name));
                    }
                    Some(Opened::Batches(batches, lacks)) => {
                        // What was set aside is nobody's to seal in the name of this computer.
                        let aside = self.session().open.store.is_set_aside(&id.0).told()?;
                        is_known &= lacks.is_none() && !aside;
                        changes.push(batches);
                    }
                    Some(_) | None => is_known = false,
                }
            }
            let is_erased = |name: &DocumentRef| {
                tag_of_document(&self.keys, *name).filter(|tag| erased.holds(*tag))
            };
            let all = names.iter().chain(changes.iter().flat_map(BTreeMap::keys));
            let of = all.into_iter().find_map(is_erased);
            names.retain(|name| is_erased(name).is_none());
            for batches in &mut changes {
                batches.retain(|name, _| is_erased(name).is_none());
            }
            changes.retain(|batches| !batches.is_empty());
            let beside = changes;
            holding.extend(of.map(|of| Holding { tag, of, others: names, beside, is_known }));
        }
        Ok(holding)
    }

    /// The packs that are here and whose keys stand, by their tags; those tags alone that a pack bears
    /// which is asked for.
    fn packs_by_tag(
        &self,
        whose: Whose,
        erased: &Tombstones,
    ) -> Result<BTreeMap<DocTag, Vec<EnvelopeId>>, ApiError> {
        let store = &self.session().open.store;
        let (mut packs, mut asked) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
        for id in store.envelopes_of_kind(Kind::Pack.code()).told()? {
            let Some(row) = store.envelope(&id).told()? else { continue };
            let Ok(envelope) = Envelope::from_bytes(&row.bytes) else { continue };
            let header = envelope.header();
            if header.kind != Kind::Pack || erased.holds(header.doc_tag) {
                continue;
            }
            packs.entry(header.doc_tag).or_default().push(envelope.id());
            if whose == Whose::Any || header.device == self.keys.device {
                asked.insert(header.doc_tag);
            }
        }
        packs.retain(|tag, _| asked.contains(tag));
        Ok(packs)
    }

    /// Whether every other document of a pack is here, so that it can be sealed anew.
    fn has_all(&self, pack: &Holding) -> bool {
        let store = &self.session().open.store;
        let is_here = |name: &DocumentRef| store.heads(*name).is_ok_and(|heads| heads.is_some());
        pack.is_known && pack.others.iter().all(is_here)
    }
}
