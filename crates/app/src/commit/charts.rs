//! Many charts written as one: an import's, or a demonstration's.

use crate::{host::Host, open::Session, permit::Permit};
use api::ApiError;
use chart::{ChartDocument, ChartEdit, DocumentChange, EditError};
use clinical::{EntryRef, PatientId, Stamp};
use std::{collections::BTreeSet, sync::Arc};
use store::{Commit, Record, View};
use uuid::Uuid;

/// A chart to be written from nothing: an import's or a demonstration's.
pub(crate) struct ChartDraft {
    /// Whose.
    pub(crate) patient: PatientId,
    /// All that is known of them.
    pub(crate) edits: Vec<ChartEdit>,
}

/// An edit of a [`ChartDraft`] that was not made.
pub(crate) struct Refusal {
    /// Whose chart.
    pub(crate) patient: PatientId,
    /// Which entry; `None`: nothing of the chart, for there would be one without its patient.
    pub(crate) entry: Option<EntryRef>,
    /// Why.
    pub(crate) reason: EditError,
}

impl<H: Host> Session<'_, H> {
    /// Writes many charts as one transaction. What is here already from the same original stays;
    /// what cannot be written is told and costs nothing else.
    pub(crate) fn commit_charts<C>(
        &self,
        permit: &Permit<C>,
        drafts: Vec<ChartDraft>,
    ) -> Result<Vec<Refusal>, ApiError> {
        let _writing = self.open.writing();
        let mut refused = Vec::new();
        let mut records = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let (mut document, is_new) = self.load_or_begin(draft.patient)?;
            let draft = without_known(draft, &document);
            let stamp = self.stamp();
            let change = match document.apply(&draft.edits, stamp) {
                Ok(change) => vec![change],
                Err(_) => one_by_one(&mut document, &draft, stamp, is_new, &mut refused),
            };
            let changes: Vec<DocumentChange> =
                change.into_iter().filter(|change| !change.changes.is_empty()).collect();
            let Some(last) = changes.len().checked_sub(1) else { continue };
            let raw = changes.iter().flat_map(|change| &change.changes);
            let loose_bytes: usize = raw.map(|raw| raw.bytes.len()).sum();
            let loose_bytes = u64::try_from(loose_bytes).unwrap_or(u64::MAX);
            let view = View::Chart(Arc::new(document.read()));
            for (at, change) in changes.into_iter().enumerate() {
                let event = self.event(permit, Some(draft.patient));
                let record = Record::edited(change, view.clone(), event);
                // What would be compacted at once is kept as one piece; less is smaller as it is.
                let whole = at == last && (last > 0 || loose_bytes > store::LOOSE_BYTES_MAX);
                records.push(if whole { record.with_snapshot(document.save()) } else { record });
            }
        }
        self.commit(Commit::local(records))?;
        Ok(refused)
    }
}

/// The draft without what was taken in before from the same originals: what people have changed
/// since stays as they left it.
fn without_known(mut draft: ChartDraft, document: &ChartDocument) -> ChartDraft {
    let known = known(&draft.edits, document);
    draft.edits.retain(|edit| edit.entry().is_none_or(|entry| !known.contains(&entry.id)));
    draft
}

/// The entries whose originals are here already, just as they come now.
pub(crate) fn known(edits: &[ChartEdit], document: &ChartDocument) -> BTreeSet<Uuid> {
    let known = edits.iter().filter_map(|edit| {
        let ChartEdit::KeepSource(source) = edit else { return None };
        document.keeps(source).then_some(source.id)
    });
    known.collect()
}

/// The edits that can be made, each by itself; none where a new chart would have no patient.
fn one_by_one(
    document: &mut ChartDocument,
    draft: &ChartDraft,
    stamp: Stamp,
    is_new: bool,
    refused: &mut Vec<Refusal>,
) -> Vec<DocumentChange> {
    let mut changes = Vec::new();
    let mut left: BTreeSet<Uuid> = BTreeSet::new();
    for edit in &draft.edits {
        let entry = edit.entry();
        // The original of what was refused is not kept: the next import must ask again.
        let original = matches!(edit, ChartEdit::KeepSource(source) if left.contains(&source.id));
        if original {
            continue;
        }
        match document.apply(std::slice::from_ref(edit), stamp) {
            Ok(change) => changes.push(change),
            Err(reason) if is_new && matches!(edit, ChartEdit::RecordPatient(_)) => {
                refused.retain(|refusal| refusal.patient != draft.patient);
                refused.push(Refusal { patient: draft.patient, entry: None, reason });
                return Vec::new();
            }
            Err(reason) => {
                left.extend(entry.map(|entry| entry.id));
                refused.push(Refusal { patient: draft.patient, entry, reason });
            }
        }
    }
    changes
}
