//! PULL: pages of a log, with the chain on both ends so that the reader can check them.

use super::run::Run;
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Mark;
use crate::envelope::Envelope;
use crate::have::{Have, Lane, Position};
use crate::ids::{ClinicId, EnvelopeId, LogEpoch};
use crate::limits::PAGE_ITEMS_MAX;
use crate::membership::MembersHead;

/// Asks for the page after a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The life of the log that is read.
    pub log_epoch: LogEpoch,
    /// The place after which the page starts.
    pub after: u64,
    /// What the reader holds: of these only the ids are sent. Usually its own lanes.
    pub skip: Have,
    /// How many items at most: what stands behind them the reader may have put there itself.
    pub items: u32,
    /// How many bytes of items at most, but for a first one that is larger.
    pub bytes: u32,
}

/// A stretch of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullPage {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// Where the page starts: the place asked for.
    pub start: Mark,
    /// What comes after it, in order.
    pub items: Vec<Item>,
    /// Where the page ends.
    pub end: Mark,
    /// How many envelopes the log holds; more than `end.seq` means another page.
    pub head: u64,
    /// The last place of the server's table of wrapped keys: it has the keys of these items.
    pub keys_head: u64,
    /// The server's membership log, under which the items were taken in.
    pub members: MembersHead,
}

/// One place of a log.
#[allow(clippy::large_enum_variant, reason = "nearly all are whole, and they stand in a Vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The envelope.
    Whole(Envelope),
    /// Its name only: the reader said that it holds it.
    Brief(Brief),
}

/// The name of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its lane.
    pub lane: Lane,
    /// Its counter and id.
    pub position: Position,
}

impl Brief {
    /// Length of an encoded brief item, in bytes.
    const ENCODED_BYTES: usize = 1 + 16 + 4 + 8 + 32;
}

impl Item {
    /// An item for a reader that holds `skip`.
    pub fn for_reader(envelope: &Envelope, skip: &Have) -> Self {
        let lane = envelope.header().lane();
        if envelope.header().counter <= skip.counter(lane) {
            Self::Brief(Brief { lane, position: envelope.position() })
        } else {
            Self::Whole(envelope.clone())
        }
    }

    /// Length of the encoding of a whole one that follows nothing, in bytes.
    pub(crate) const fn bytes_of(envelope: &Envelope) -> usize {
        1 + envelope.encoded_len()
    }

    /// Length of its encoding where it follows nothing, in bytes; it is never longer.
    pub const fn encoded_len(&self) -> usize {
        match self {
            Self::Whole(envelope) => Self::bytes_of(envelope),
            Self::Brief(_) => Brief::ENCODED_BYTES,
        }
    }

    /// The lane it stands in.
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Whole(envelope) => envelope.header().lane(),
            Self::Brief(brief) => brief.lane,
        }
    }

    /// Its counter there.
    pub const fn counter(&self) -> u64 {
        match self {
            Self::Whole(envelope) => envelope.header().counter,
            Self::Brief(brief) => brief.position.counter,
        }
    }

    /// The envelope's id.
    pub const fn id(&self) -> EnvelopeId {
        match self {
            Self::Whole(envelope) => envelope.id(),
            Self::Brief(brief) => brief.position.id,
        }
    }
}

/// Asks for a stretch of one lane, wherever it stands in a log; answered with a
/// [`super::PushRequest`] of as much of it as is there and fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The lane.
    pub lane: Lane,
    /// The counter before the first that is wanted.
    pub after: u64,
    /// The counter of the last.
    pub through: u64,
}

impl Canonical for LaneRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.lane.encode(out);
        out.u64(self.after);
        out.u64(self.through);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (clinic, lane) = (ClinicId::decode(input)?, Lane::decode(input)?);
        Ok(Self { clinic, lane, after: input.u64()?, through: input.u64()? })
    }
}

impl Canonical for PullRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.log_epoch.encode(out);
        out.u64(self.after);
        self.skip.encode(out);
        out.u32(self.items);
        out.u32(self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            log_epoch: LogEpoch::decode(input)?,
            after: input.u64()?,
            skip: Have::decode(input)?,
            items: input.u32()?,
            bytes: input.u32()?,
        })
    }
}

impl Canonical for PullPage {
    fn encode(&self, out: &mut Writer) {
        self.log_epoch.encode(out);
        self.start.encode(out);
        out.length(self.items.len());
        let mut run = Run::default();
        for item in &self.items {
            match item {
                Item::Whole(envelope) => run.write_envelope(envelope, out),
                Item::Brief(brief) => run.write_brief(brief, out),
            }
        }
        self.end.encode(out);
        out.u64(self.head);
        out.u64(self.keys_head);
        self.members.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            log_epoch: LogEpoch::decode(input)?,
            start: Mark::decode(input)?,
            items: decode_items(input)?,
            end: Mark::decode(input)?,
            head: input.u64()?,
            keys_head: input.u64()?,
            members: MembersHead::decode(input)?,
        })
    }
}

fn decode_items(input: &mut Reader<'_>) -> Result<Vec<Item>, DecodeError> {
    let count = input.length("page", PAGE_ITEMS_MAX)?;
    let mut run = Run::default();
    (0..count).map(|_| run.read(input)).collect()
}
