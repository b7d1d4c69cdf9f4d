//! Changes of many documents in one envelope: compressed together they take a third of what they would
//! each by itself, and one signature and one key serve them all.

use super::{ABRIDGED_BYTES_MAX, DocumentName, decode_changes, encode_changes};
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::limits::{BATCHES_BYTES_MAX, BATCHES_MAX};

/// Batches of documents, in the order in which they were recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    id: [u8; 16],
    batches: Vec<Batch>,
}

/// Consecutive changes of one document in the form in which they travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The document.
    pub document: DocumentName,
    /// Its changes as the host abridges them, opaque, in the order in which they were made.
    pub changes: Vec<Vec<u8>>,
}

impl Batches {
    /// Batches under an id of their own. `None` when there are none, or more than [`BATCHES_MAX`] and
    /// [`BATCHES_BYTES_MAX`] allow.
    pub fn new(id: [u8; 16], batches: Vec<Batch>) -> Option<Self> {
        let batches = Self { id, batches };
        batches.is_within_limits().then_some(batches)
    }

    /// Their id: they have a key of their own, as a document has.
    pub const fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// The batches, handed over.
    pub fn into_batches(self) -> Vec<Batch> {
        self.batches
    }

    fn is_within_limits(&self) -> bool {
        let lengths = self.batches.iter().flat_map(|batch| batch.changes.iter().map(Vec::len));
        (1..=BATCHES_MAX).contains(&self.batches.len())
            && lengths.sum::<usize>() <= BATCHES_BYTES_MAX
    }
}

impl Canonical for Batches {
    fn encode(&self, out: &mut Writer) {
        out.raw(&self.id);
        out.list(&self.batches);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let batches = Self { id: input.array()?, batches: input.list("batches", BATCHES_MAX)? };
        if batches.is_within_limits() {
            Ok(batches)
        } else {
            Err(DecodeError::NotCanonical("batches"))
        }
    }
}

impl Canonical for Batch {
    fn encode(&self, out: &mut Writer) {
        encode_changes(&self.document, &self.changes, out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (document, changes) = decode_changes(input, ABRIDGED_BYTES_MAX)?;
        Ok(Self { document, changes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::BATCH_CHANGES_MAX;

    fn batch(lengths: &[usize]) -> Batch {
        let document = DocumentName::new("chart", [1; 16]).unwrap();
        Batch { document, changes: lengths.iter().map(|len| vec![0; *len]).collect() }
    }

    fn batches_of(lengths: &[&[usize]]) -> Batches {
        Batches { id: [7; 16], batches: lengths.iter().map(|lengths| batch(lengths)).collect() }
    }

    #[test]
    fn batches_go_together_up_to_their_limits() {
        let check = |lengths: &[&[usize]]| {
            let Batches { id, batches } = batches_of(lengths);
            let made = Batches::new(id, batches).unwrap();
            assert_eq!(Batches::from_bytes(&made.to_bytes()), Ok(made), "{lengths:?}");
        };
        check(&[&[1]]);
        check(&[&[1, 2], &[3]]);
        check(&[&[BATCHES_BYTES_MAX / 2], &[BATCHES_BYTES_MAX / 2]]);
        check(&[[1].as_slice(); BATCHES_MAX]);
        check(&[&[1; BATCH_CHANGES_MAX]]);
    }

    #[test]
    fn what_no_device_puts_together_is_not_read() {
        let check = |lengths: &[&[usize]]| {
            let wrong = batches_of(lengths);
            assert!(Batches::from_bytes(&wrong.to_bytes()).is_err(), "{lengths:?}");
        };
        check(&[]);
        check(&[&[]]);
        check(&[&[1; BATCH_CHANGES_MAX + 1]]);
        check(&[&[BATCHES_BYTES_MAX / 2], &[BATCHES_BYTES_MAX / 2 + 1]]);
        check(&[[1].as_slice(); BATCHES_MAX + 1]);
    }
}
