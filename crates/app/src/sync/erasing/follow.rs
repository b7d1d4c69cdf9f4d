//! What a computer does that hears of an erasing, and with what comes for an erased chart later.

use super::{Whose, due_row, erase, patient_of, row_of, tags_of};
use crate::{
    audit::Deed,
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{document_keys::DocumentKeys, keys::Keys, names, seal::tag_of_document},
};
use api::ApiError;
use clinical::{DocumentKind, DocumentRef, PatientId};
use std::collections::BTreeSet;
use store::{AuditAction, AuditEvent, Erasing, ErasureRow, NamedRow, Receipt};
use sync::{
    codec::Canonical as _,
    envelope::{Envelope, Kind},
    ids::{DocTag, EnvelopeId},
    limits::ERASED_TAGS_MAX,
    membership::Role,
    payload::Erasure,
};

/// The tags of which nothing is taken in any more.
pub(in crate::sync) struct Tombstones(BTreeSet<[u8; 32]>);

impl Tombstones {
    /// Reads them.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::sync) fn load<H: Host>(session: &Session<'_, H>) -> Result<Self, ApiError> {
        Ok(Self(session.open.store.erased_tags().told()?.into_iter().collect()))
    }

    /// Whether an envelope is of an erased document: then it is kept as it came, for its lane, and
    /// counted; that of a pack is not, whose other documents were sealed anew.
    pub(in crate::sync) fn take(&self, envelope: &Envelope, receipt: &mut Receipt) -> bool {
        let tag = envelope.header().doc_tag.0;
        if !self.0.contains(&tag) {
            return false;
        }
        receipt.released.push(envelope.id().0);
        if envelope.header().kind != Kind::Pack {
            receipt.came.push(tag);
        }
        true
    }

    /// Whether a document is erased, of which an envelope brought something: it is counted, and a
    /// pack that holds it is remembered while its key stands.
    pub(in crate::sync) fn take_document(
        &self,
        (keys, document): (&Keys, DocumentRef),
        envelope: &Envelope,
        receipt: &mut Receipt,
    ) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let tag = tag_of_document(keys, document).filter(|tag| self.0.contains(&tag.0));
        let Some(tag) = tag else { return false };
        receipt.came.push(tag.0);
        if envelope.header().kind == Kind::Pack {
            receipt.named.push(standing_row(envelope.header().doc_tag, tag));
        }
        true
    }

    /// Whether a tag is one of them.
    pub(super) fn holds(&self, tag: DocTag) -> bool {
        self.0.contains(&tag.0)
    }
}

/// Where it is kept that a pack holds an erased document.
pub(super) fn standing_row(pack: DocTag, of: DocTag) -> NamedRow {
    NamedRow { name: format!("{}{pack}", names::STANDING), bytes: of.0.to_vec() }
}

/// Where an erasing is kept that was heard of, until it is followed.
pub(in crate::sync) fn heard_row(id: EnvelopeId, erasure: &Erasure) -> NamedRow {
    let bytes = [&id.0[..], &erasure.to_bytes()].concat();
    NamedRow { name: format!("{}{id}", names::ERASURES_HEARD), bytes }
}

/// Where it is kept which envelope says that a chart is erased.
pub(super) fn erased_by_row(patient: PatientId, id: EnvelopeId) -> NamedRow {
    NamedRow { name: format!("{}{patient}", names::ERASED_BY), bytes: id.0.to_vec() }
}

/// Follows the erasings that were heard of, and erases drafts that came for charts that are erased.
///
/// # Errors
/// The store's; what was not followed yet is with the next.
pub(in crate::sync) fn follow<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
) -> Result<(), ApiError> {
    let mut followed = false;
    for heard in session.open.store.named_with_prefix(names::ERASURES_HEARD).told()? {
        match read(&heard) {
            Some((id, erasure)) => follow_one(session, keys, (&heard.name, id, &erasure))?,
            None => session.open.store.remove_named(&heard.name).told()?,
        }
        followed = true;
    }
    for erased in session.open.store.erased().told()? {
        if !session.open.store.drafts_of(erased.row.patient).told()?.is_empty() {
            follow_draft(session, keys, erased.row)?;
            followed = true;
        }
    }
    if followed {
        document_keys.clear();
    }
    Ok(())
}

fn read(row: &NamedRow) -> Option<(EnvelopeId, Erasure)> {
    let (id, erasure) = row.bytes.split_first_chunk::<32>()?;
    Some((EnvelopeId(*id), Erasure::from_bytes(erasure).ok()?))
}

fn follow_one<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    (name, id, erasure): (&str, EnvelopeId, &Erasure),
) -> Result<(), ApiError> {
    let (Some(patient), Some(row)) = (patient_of(erasure), row_of(erasure)) else {
        return session.open.store.remove_named(name).told();
    };
    let mut tags = tags_of(session, keys, patient)?;
    let others = others_here(session, keys, &tags)?;
    let known = Tombstones::load(session)?;
    // Drafts that whoever said it did not know: their keys are told to nobody else. Of who may not
    // erase nobody would hear it.
    let is_told = |tag: &DocTag| erasure.tags().contains(tag) || known.0.contains(&tag.0);
    let may = keys.members.device(keys.device).is_some_and(|me| me.role == Role::Admin);
    let untold = tags.iter().copied().map(DocTag).filter(|tag| may && !is_told(tag));
    let untold: Vec<DocTag> = untold.collect();
    // A word about one chart takes no key of another, whatever it names.
    tags.extend(erasure.tags().iter().map(|tag| tag.0).filter(|tag| !others.contains(tag)));
    if tags.iter().all(|tag| known.0.contains(tag)) {
        return session.open.store.remove_named(name).told();
    }
    // Of the packs that this computer made one may hold it that nobody else knows of.
    let mut named = vec![erased_by_row(patient, id), due_row(Whose::Own, erasure)];
    named.extend(untold_rows(erasure, &untold));
    let audit = Some(heard_event(session, &row));
    // What they say that they closed stands no more.
    let closed = erasure.tags().iter().map(|tag| format!("{}{tag}", names::STANDING));
    let forget = closed.chain([name.to_owned()]).collect();
    erase(session, Erasing { row, tags, audit, named, forget })
}

/// The tags of the documents that are here and are not those of a chart.
fn others_here<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    of_chart: &[[u8; 32]],
) -> Result<BTreeSet<[u8; 32]>, ApiError> {
    let mut others = BTreeSet::new();
    for kind in [DocumentKind::Clinic, DocumentKind::Chart, DocumentKind::Draft] {
        let here = session.open.store.documents(kind).told()?.into_iter();
        others.extend(here.filter_map(|name| Some(tag_of_document(keys, name)?.0)));
    }
    let absent = session.open.store.elsewhere_ids().told()?.into_iter().map(super::chart);
    others.extend(absent.filter_map(|name| Some(tag_of_document(keys, name)?.0)));
    others.retain(|tag| !of_chart.contains(tag));
    Ok(others)
}

fn follow_draft<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    row: ErasureRow,
) -> Result<(), ApiError> {
    let tags = tags_of(session, keys, row.patient)?;
    let audit = Some(heard_event(session, &row));
    erase(session, Erasing { row, tags, audit, named: Vec::new(), forget: Vec::new() })
}

/// Where it is kept that the others are to hear of more that is erased with a chart.
fn untold_rows(erasure: &Erasure, untold: &[DocTag]) -> Vec<NamedRow> {
    let parts = untold.chunks(ERASED_TAGS_MAX);
    let parts = parts.filter_map(|tags| erasure.of_tags(tags.to_vec()));
    parts.map(|part| due_row(Whose::Any, &part)).collect()
}

/// The audit row of what was erased on somebody's word: it is theirs, here.
fn heard_event<H: Host>(session: &Session<'_, H>, row: &ErasureRow) -> AuditEvent {
    let deed = Deed::new("erase-chart", AuditAction::Administer);
    let event = session.event(deed, Some(row.patient));
    let resource = format!("{}/{}", event.resource, row.number);
    AuditEvent { author: row.author, resource, ..event }
}
