//! What waits to be sealed, in what fits one envelope each.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::DocumentRef;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::OutboxItem;
use sync::payload::batch_len;

/// Changes read from the outbox at a time.
const OUTBOX_PAGE: u32 = 512;
/// Batches of fewer documents go out each under its document's key.
const TOGETHER_MIN: usize = 8;
/// So many go together, and so many bytes of changes: what they come to goes out in a few seconds at
/// 64 kbit/s, so that a line which breaks costs no more.
const TOGETHER_MAX: usize = 256;
const TOGETHER_BYTES_MAX: usize = 128 * 1024;
/// A longer batch gains little by others beside it.
const SMALL_BYTES_MAX: usize = 8 * 1024;

/// Consecutive changes of one document that go into one envelope; or one change alone that is
/// too large for one.
pub(super) struct Batch {
    pub(super) document: DocumentRef,
    pub(super) places: Vec<i64>,
    pub(super) changes: Vec<Vec<u8>>,
}

/// What goes out next.
pub(super) enum Next {
    /// By itself, under its document's key.
    Alone(Batch),
    /// Small batches of many documents, in one envelope.
    Together(Vec<Batch>),
}

/// What waits in the outbox, batch by batch, read as far as it is asked for.
pub(super) struct Waiting<'a, 's, H> {
    session: &'a Session<'s, H>,
    after: i64,
    at_end: bool,
    /// Of the document that a page ended in; the next may have more of it.
    rest: Vec<OutboxItem>,
    batches: VecDeque<Batch>,
}

impl<'a, 's, H: Host> Waiting<'a, 's, H> {
    pub(super) const fn new(session: &'a Session<'s, H>) -> Self {
        Self { session, after: 0, at_end: false, rest: Vec::new(), batches: VecDeque::new() }
    }

    /// The next; `None` at the end of the outbox.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn next(&mut self) -> Result<Option<Next>, ApiError> {
        let small = self.small_ones()?;
        if small > 0 {
            return Ok(Some(Next::Together(self.batches.drain(..small).collect())));
        }
        self.look_at(0)?;
        Ok(self.batches.pop_front().map(Next::Alone))
    }

    /// How many of the next go together: small ones, of documents enough to be worth it.
    fn small_ones(&mut self) -> Result<usize, ApiError> {
        let (mut documents, mut bytes, mut count) = (BTreeSet::new(), 0, 0);
        while count < TOGETHER_MAX
            && let Some(batch) = self.look_at(count)?
            && batch.len() <= SMALL_BYTES_MAX
            && bytes + batch.len() <= TOGETHER_BYTES_MAX
        {
            documents.insert(batch.document);
            bytes += batch.len();
            count += 1;
        }
        Ok(if documents.len() < TOGETHER_MIN { 0 } else { count })
    }

    /// One of those that wait, read from the outbox where it has not been yet.
    fn look_at(&mut self, place: usize) -> Result<Option<&Batch>, ApiError> {
        while self.batches.len() <= place && !self.at_end {
            let page = self.session.open.store.outbox(self.after, OUTBOX_PAGE).told()?;
            self.at_end = page.len() < usize::try_from(OUTBOX_PAGE).unwrap_or(usize::MAX);
            self.after = page.last().map_or(self.after, |last| last.ord);
            let mut groups = groups(std::mem::take(&mut self.rest).into_iter().chain(page));
            if !self.at_end && groups.len() > 1 {
                self.rest = groups.pop().unwrap_or_default();
            }
            self.batches.extend(groups.into_iter().flat_map(batches));
        }
        Ok(self.batches.get(place))
    }
}

impl Batch {
    /// Bytes of its changes.
    fn len(&self) -> usize {
        self.changes.iter().map(Vec::len).sum()
    }
}

/// Groups changes by document, each document's in order; last the document of the last change.
fn groups(items: impl IntoIterator<Item = OutboxItem>) -> Vec<Vec<OutboxItem>> {
    let mut groups: Vec<Vec<OutboxItem>> = Vec::new();
    let mut places: BTreeMap<DocumentRef, usize> = BTreeMap::new();
    let mut last = None;
    for item in items {
        let place = *places.entry(item.document).or_insert(groups.len());
        last = Some(place);
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    if let Some(last) = last {
        let group = groups.remove(last);
        groups.push(group);
    }
    groups
}

/// Cuts one document's changes into what fits one envelope each.
fn batches(mut group: Vec<OutboxItem>) -> Vec<Batch> {
    let mut batches = Vec::new();
    while let Some(document) = group.first().map(|item| item.document) {
        let len = batch_len(group.iter().map(|item| item.change.bytes.len()));
        let rest = group.split_off(len.clamp(1, group.len()));
        let (places, changes) = group.into_iter().map(|item| (item.ord, item.change.bytes)).unzip();
        batches.push(Batch { document, places, changes });
        group = rest;
    }
    batches
}
