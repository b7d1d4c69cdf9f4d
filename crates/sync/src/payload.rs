//! What is sealed in an envelope, before compression and padding.
//!
//! `version | tag | body`. A payload that was released stays readable for ever. Tags 10 and 11 were set
//! aside and never written: they stay free, so that nobody takes one for the other; the next is 14.

mod batches;
mod erasure;
mod floor;
mod notice;
mod outline;
mod pack;
mod people;

pub use batches::{Batch, Batches};
pub use erasure::Erasure;
pub use floor::Floor;
pub use notice::Notice;
pub use outline::{Outline, Planned};
pub use pack::{Pack, Packed};
pub use people::{Listed, People};

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Cursor;
use crate::envelope::Kind;
use crate::ids::EnvelopeId;
use crate::limits::{
    BATCH_BYTES_MAX, BATCH_CHANGES_MAX, CHANGE_BYTES_MAX, DOCUMENT_KIND_BYTES_MAX, PART_BYTES_MAX,
    PARTS_MAX, PAYLOAD_BYTES_MAX,
};

/// The first byte of a payload this build writes.
pub const PAYLOAD_VERSION: u8 = 1;

/// Longest abridged change, in bytes: one that goes as it is, behind a byte that says so.
const ABRIDGED_BYTES_MAX: usize = CHANGE_BYTES_MAX + 1;

/// Which document, as the host names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentName {
    kind: String,
    id: [u8; 16],
}

/// What an envelope holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Consecutive changes of one document.
    Changes {
        /// The document.
        document: DocumentName,
        /// Its changes, opaque, in the order in which they were made.
        changes: Vec<Vec<u8>>,
    },
    /// Consecutive changes of one document in the form in which they travel.
    Abridged {
        /// The document.
        document: DocumentName,
        /// Its changes as the host abridges them, opaque, in the order in which they were made.
        changes: Vec<Vec<u8>>,
    },
    /// A part of one change that is too large for one envelope. The parts stand in consecutive
    /// envelopes of one lane, first part first.
    Part {
        /// The document.
        document: DocumentName,
        /// Which part, from 0.
        part: u32,
        /// How many there are, at least 2.
        parts: u32,
        /// The part's bytes.
        bytes: Vec<u8>,
    },
    /// What the device saw of a server's log. Its signature is the envelope's.
    Checkpoint(Cursor),
    /// Documents whole.
    Pack(Pack),
    /// Consecutive changes of many documents in the form in which they travel.
    Batches(Batches),
    /// From where a device that knows nothing may begin.
    Floor(Floor),
    /// What this envelope says of a floor, its device found to be so.
    Countersign(EnvelopeId),
    /// What the device tells the others.
    Notice(Notice),
    /// What is about to cover a log.
    Outline(Outline),
    /// Who is in it.
    People(People),
}

impl DocumentName {
    /// A name. `None` when `kind` is empty, longer than [`DOCUMENT_KIND_BYTES_MAX`], or not
    /// lower-case ASCII letters and hyphens.
    pub fn new(kind: &str, id: [u8; 16]) -> Option<Self> {
        let fits = (1..=DOCUMENT_KIND_BYTES_MAX).contains(&kind.len());
        let plain = kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (fits && plain).then(|| Self { kind: kind.to_owned(), id })
    }

    /// The kind of document.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The document's id (the bytes of a UUID).
    pub const fn id(&self) -> &[u8; 16] {
        &self.id
    }
}

impl Payload {
    /// The kind of envelope it goes into.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Changes { .. } | Self::Abridged { .. } | Self::Part { .. } => Kind::Change,
            Self::Checkpoint(_) => Kind::Checkpoint,
            Self::Pack(_) | Self::Batches(_) => Kind::Pack,
            Self::Floor(_) | Self::Outline(_) | Self::People(_) => Kind::Snapshot,
            Self::Countersign(_) => Kind::Countersign,
            Self::Notice(_) => Kind::Notice,
        }
    }

    /// Reads the payload of an envelope of a kind.
    ///
    /// # Errors
    /// [`DecodeError`], also when the payload is of another kind than its envelope.
    pub fn open(kind: Kind, bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > PAYLOAD_BYTES_MAX {
            return Err(DecodeError::TooLong { what: "payload", max: PAYLOAD_BYTES_MAX });
        }
        let payload = Self::from_bytes(bytes)?;
        if payload.kind() != kind {
            return Err(DecodeError::NotCanonical("kind of the payload"));
        }
        Ok(payload)
    }
}

/// How many of the next changes, given their lengths in bytes, go into one envelope: at least one
/// when there is one, at most [`BATCH_CHANGES_MAX`] or [`BATCH_BYTES_MAX`].
pub fn batch_len(lengths: impl IntoIterator<Item = usize>) -> usize {
    let mut bytes: usize = 0;
    lengths
        .into_iter()
        .take(BATCH_CHANGES_MAX)
        .enumerate()
        .take_while(|(before, length)| {
            bytes = bytes.saturating_add(*length);
            *before == 0 || bytes <= BATCH_BYTES_MAX
        })
        .count()
}

/// The parts of a change that is too large for one envelope; `None` when it is too large for
/// [`PARTS_MAX`] parts too.
pub fn parts_of(document: &DocumentName, change: &[u8]) -> Option<Vec<Payload>> {
    let parts = u32::try_from(change.len().div_ceil(PART_BYTES_MAX)).ok()?;
    let payload = |(part, bytes): (u32, &[u8])| {
        let (document, bytes) = (document.clone(), bytes.to_vec());
        Payload::Part { document, part, parts, bytes }
    };
    let is_split = (2..=PARTS_MAX).contains(&parts);
    is_split.then(|| (0..).zip(change.chunks(PART_BYTES_MAX)).map(payload).collect())
}

impl Canonical for DocumentName {
    fn encode(&self, out: &mut Writer) {
        out.bytes(self.kind.as_bytes());
        out.raw(&self.id);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = input.bytes("document kind", DOCUMENT_KIND_BYTES_MAX)?;
        let kind = str::from_utf8(kind).unwrap_or_default();
        Self::new(kind, input.array()?).ok_or(DecodeError::NotCanonical("document kind"))
    }
}

impl Canonical for Payload {
    fn encode(&self, out: &mut Writer) {
        out.u8(PAYLOAD_VERSION);
        match self {
            Self::Changes { document, changes } => {
                out.u8(1);
                encode_changes(document, changes, out);
            }
            Self::Abridged { document, changes } => {
                out.u8(12);
                encode_changes(document, changes, out);
            }
            Self::Batches(batches) => {
                out.u8(13);
                batches.encode(out);
            }
            Self::Checkpoint(cursor) => {
                out.u8(2);
                cursor.encode(out);
            }
            Self::Part { document, part, parts, bytes } => {
                out.u8(3);
                document.encode(out);
                out.u32(*part);
                out.u32(*parts);
                out.bytes(bytes);
            }
            Self::Pack(pack) => {
                out.u8(4);
                pack.encode(out);
            }
            Self::Floor(floor) => {
                out.u8(5);
                floor.encode(out);
            }
            Self::Countersign(floor) => {
                out.u8(6);
                floor.encode(out);
            }
            Self::Notice(notice) => {
                out.u8(7);
                notice.encode(out);
            }
            Self::Outline(outline) => {
                out.u8(8);
                outline.encode(out);
            }
            Self::People(people) => {
                out.u8(9);
                people.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = input.u8()?;
        if version != PAYLOAD_VERSION {
            return Err(DecodeError::Version { what: "payload", version });
        }
        match input.u8()? {
            1 => decode_changes(input, CHANGE_BYTES_MAX)
                .map(|(document, changes)| Self::Changes { document, changes }),
            2 => Ok(Self::Checkpoint(Cursor::decode(input)?)),
            3 => decode_part(input),
            4 => Ok(Self::Pack(Pack::decode(input)?)),
            5 => Ok(Self::Floor(Floor::decode(input)?)),
            6 => Ok(Self::Countersign(EnvelopeId::decode(input)?)),
            7 => Ok(Self::Notice(Notice::decode(input)?)),
            8 => Ok(Self::Outline(Outline::decode(input)?)),
            9 => Ok(Self::People(People::decode(input)?)),
            12 => {
                let (document, changes) = decode_changes(input, ABRIDGED_BYTES_MAX)?;
                Ok(Self::Abridged { document, changes })
            }
            13 => Ok(Self::Batches(Batches::decode(input)?)),
            tag => Err(DecodeError::Tag { what: "payload", tag }),
        }
    }
}

fn encode_changes(document: &DocumentName, changes: &[Vec<u8>], out: &mut Writer) {
    document.encode(out);
    out.length(changes.len());
    changes.iter().for_each(|change| out.bytes(change));
}

fn decode_changes(
    input: &mut Reader<'_>,
    bytes_max: usize,
) -> Result<(DocumentName, Vec<Vec<u8>>), DecodeError> {
    let document = DocumentName::decode(input)?;
    let count = input.length("changes", BATCH_CHANGES_MAX)?;
    if count == 0 {
        return Err(DecodeError::NotCanonical("count of changes"));
    }
    let changes = (0..count)
        .map(|_| input.bytes("change", bytes_max).map(<[u8]>::to_vec))
        .collect::<Result<_, _>>()?;
    Ok((document, changes))
}

fn decode_part(input: &mut Reader<'_>) -> Result<Payload, DecodeError> {
    let document = DocumentName::decode(input)?;
    let (part, parts) = (input.u32()?, input.u32()?);
    if !(2..=PARTS_MAX).contains(&parts) || part >= parts {
        return Err(DecodeError::NotCanonical("number of a part"));
    }
    let bytes = input.bytes("part", PART_BYTES_MAX)?.to_vec();
    if bytes.is_empty() {
        return Err(DecodeError::NotCanonical("empty part"));
    }
    Ok(Payload::Part { document, part, parts, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_closes_at_its_limits() {
        let check = |lengths: &[usize], expected| {
            assert_eq!(batch_len(lengths.iter().copied()), expected, "{lengths:?}");
        };
        check(&[], 0);
        check(&[1], 1);
        check(&[10 * BATCH_BYTES_MAX], 1);
        check(&[10 * BATCH_BYTES_MAX, 1], 1);
        check(&[BATCH_BYTES_MAX, 0, 1], 2);
        check(&[BATCH_BYTES_MAX - 1, 1, 1], 2);
        check(&[5; 100], BATCH_CHANGES_MAX);
    }

    #[test]
    fn a_large_change_is_split_and_whole_again() {
        let document = DocumentName::new("chart", [1; 16]).unwrap();
        let check = |len: usize, expected: Option<usize>| {
            let change: Vec<u8> = (0..len).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let parts = parts_of(&document, &change);
            assert_eq!(parts.as_ref().map(Vec::len), expected, "{len}");
            let mut whole = Vec::new();
            for (at, payload) in (0..).zip(parts.unwrap_or_default()) {
                let read = Payload::open(Kind::Change, &payload.to_bytes()).unwrap();
                let Payload::Part { part, bytes, .. } = read else { panic!() };
                assert_eq!(part, at);
                whole.extend(bytes);
            }
            assert!(expected.is_none() || whole == change);
        };
        check(CHANGE_BYTES_MAX + 1, Some(2));
        check(2 * PART_BYTES_MAX + 1, Some(3));
        check(32 * PART_BYTES_MAX, Some(32));
        check(32 * PART_BYTES_MAX + 1, None);
        check(PART_BYTES_MAX, None);
    }

    #[test]
    fn document_kinds_are_short_words() {
        let check = |kind: &str, expected: bool| {
            assert_eq!(DocumentName::new(kind, [0; 16]).is_some(), expected, "{kind}");
        };
        check("chart", true);
        check("queue-day", true);
        check("", false);
        check("Chart", false);
        check("ch\u{e4}rt", false);
        check(&"a".repeat(DOCUMENT_KIND_BYTES_MAX), true);
        check(&"a".repeat(DOCUMENT_KIND_BYTES_MAX + 1), false);
    }

    #[test]
    fn a_payload_of_another_kind_or_version_is_refused() {
        let payload = Payload::Checkpoint(Cursor::start(crate::ids::LogEpoch([1; 16])));
        let mut bytes = payload.to_bytes();
        assert!(Payload::open(Kind::Checkpoint, &bytes).is_ok());
        assert!(Payload::open(Kind::Change, &bytes).is_err());
        bytes[0] = 2;
        let error = Payload::open(Kind::Checkpoint, &bytes).unwrap_err();
        assert_eq!(error, DecodeError::Version { what: "payload", version: 2 });
    }
}
