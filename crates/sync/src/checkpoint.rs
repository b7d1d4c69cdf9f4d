//! Checkpoints: what a device saw of a server's log, told to the clinic's other devices in an
//! envelope of its own. A server that shows two devices different histories is found out by the
//! first checkpoint of one that reaches the other.
//!
//! A device keeps the chain of every place it has read ([`ChainBlock`]), so that whatever place a
//! checkpoint speaks of can be looked up for as long as the log lives.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::{Cursor, Mark};
use crate::ids::{Chain, DeviceId, LogEpoch};
use crate::limits::{CHECKPOINT_ENTRIES_MIN, CHECKPOINT_PAUSE_MS};

/// The first byte of a [`Told`] and of a [`ChainBlock`].
const VERSION: u8 = 1;
/// Places in one block.
const BLOCK_PLACES: u64 = 64;

/// What a device told last, or where it begins to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    cursor: Cursor,
    at_ms: i64,
    /// Checkpoints in the log since, one's own included: they are no news to tell of.
    checkpoints: u64,
}

/// Places of a log that were read one after the other, the first as it was known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// The places, without gaps.
    pub marks: Vec<Mark>,
}

/// The chain at consecutive places of one log, as a device keeps it: a part of what it has read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainBlock {
    first: u64,
    chains: Vec<Chain>,
}

/// What a checkpoint of another device says of the own history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both were shown the same.
    Same,
    /// They were shown different histories.
    Different,
    /// It speaks of a place that was never read here.
    Unknown,
}

/// A device that was shown another history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The device.
    pub device: DeviceId,
    /// What it saw.
    pub saw: Cursor,
}

impl Told {
    /// For a device that has told nothing yet and has read as far as `cursor`.
    #[must_use]
    pub const fn begin(cursor: Cursor, now_ms: i64) -> Self {
        Self { cursor, at_ms: now_ms, checkpoints: 0 }
    }

    /// For a device that tells `cursor` now.
    #[must_use]
    pub const fn tell(cursor: Cursor, now_ms: i64) -> Self {
        Self { cursor, at_ms: now_ms, checkpoints: 1 }
    }

    /// After `count` checkpoints of others came.
    #[must_use]
    pub const fn met(self, count: u64) -> Self {
        Self { checkpoints: self.checkpoints.saturating_add(count), ..self }
    }

    /// Whether a device that has read as far as `reading` should tell it: when enough was
    /// recorded since the last time, or a little and a day has passed. Checkpoints do not count,
    /// so devices that answer each other come to rest.
    #[must_use]
    pub fn is_due(&self, reading: Cursor, now_ms: i64) -> bool {
        let (from, checkpoints) = if reading.log_epoch == self.cursor.log_epoch {
            (self.cursor.mark.seq, self.checkpoints)
        } else {
            (0, 0)
        };
        let news = reading.mark.seq.saturating_sub(from).saturating_sub(checkpoints);
        let waited_ms = now_ms.saturating_sub(self.at_ms);
        news >= CHECKPOINT_ENTRIES_MIN || (news > 0 && waited_ms >= CHECKPOINT_PAUSE_MS)
    }
}

impl Passed {
    /// The last place; `None` for what did not come from a log.
    #[must_use]
    pub fn end(&self) -> Option<Cursor> {
        let last = self.marks.last()?;
        Some(Cursor { log_epoch: self.log_epoch, mark: *last })
    }

    /// The places by the number of the block they are kept in.
    pub fn blocks(&self) -> impl Iterator<Item = (u64, &[Mark])> {
        let chunks = self.marks.chunk_by(|a, b| block_of(a.seq) == block_of(b.seq));
        chunks.filter_map(|marks| Some((block_of(marks.first()?.seq), marks)))
    }
}

/// The number of the block that keeps a place.
#[must_use]
pub const fn block_of(seq: u64) -> u64 {
    seq / BLOCK_PLACES
}

impl ChainBlock {
    /// Notes places that were read one after the other; what they contradict is forgotten.
    pub fn note(&mut self, marks: &[Mark]) {
        for mark in marks {
            let place = mark.seq.checked_sub(self.first);
            let place = place.and_then(|place| usize::try_from(place).ok());
            match place.filter(|place| *place <= self.chains.len()) {
                Some(place) if self.chains.get(place) == Some(&mark.chain) => {}
                Some(place) => {
                    self.chains.truncate(place);
                    self.chains.push(mark.chain);
                }
                None => *self = Self { first: mark.seq, chains: vec![mark.chain] },
            }
        }
    }

    /// The chain at a place; `None` for one that is not in it.
    #[must_use]
    pub fn at(&self, seq: u64) -> Option<Chain> {
        let place = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        self.chains.get(place).copied()
    }
}

/// Compares what another device `saw` with the chain that is `known` here at that place, by a
/// device that has read as far as `reading`, the checkpoint's envelope included; `None` for one that
/// did not come from a log. Who sealed a checkpoint had read only what stands before it: a place
/// that comes after it is of another history.
#[must_use]
pub fn judge(saw: Cursor, known: Option<Chain>, reading: Option<Cursor>) -> Verdict {
    let is_beyond = |read: Cursor| saw.log_epoch == read.log_epoch && saw.mark.seq > read.mark.seq;
    match known {
        Some(chain) if chain == saw.mark.chain => Verdict::Same,
        Some(_) => Verdict::Different,
        None if reading.is_some_and(is_beyond) => Verdict::Different,
        None => Verdict::Unknown,
    }
}

fn read_version(input: &mut Reader<'_>, what: &'static str) -> Result<(), DecodeError> {
    match input.u8()? {
        VERSION => Ok(()),
        version => Err(DecodeError::Version { what, version }),
    }
}

impl Canonical for Told {
    fn encode(&self, out: &mut Writer) {
        out.u8(VERSION);
        self.cursor.encode(out);
        out.i64(self.at_ms);
        out.u64(self.checkpoints);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        read_version(input, "last checkpoint")?;
        let cursor = Cursor::decode(input)?;
        Ok(Self { cursor, at_ms: input.i64()?, checkpoints: input.u64()? })
    }
}

impl Canonical for ChainBlock {
    fn encode(&self, out: &mut Writer) {
        out.u8(VERSION);
        out.u64(self.first);
        out.length(self.chains.len());
        self.chains.iter().for_each(|chain| chain.encode(out));
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        read_version(input, "part of the chain")?;
        let first = input.u64()?;
        let places = usize::try_from(BLOCK_PLACES).unwrap_or(usize::MAX);
        let count = input.length("part of the chain", places)?;
        let chains = (0..count).map(|_| Chain::decode(input)).collect::<Result<_, _>>()?;
        Ok(Self { first, chains })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogEpoch = LogEpoch([1; 16]);
    const OTHER: LogEpoch = LogEpoch([2; 16]);
    const NOW_MS: i64 = 1_000_000_000;

    const fn at(log_epoch: LogEpoch, seq: u64, chain: u8) -> Cursor {
        Cursor { log_epoch, mark: Mark { seq, chain: Chain([chain; 32]) } }
    }

    fn marks(from: u64, through: u64, chain: u8) -> Vec<Mark> {
        (from..=through).map(|seq| at(LOG, seq, chain).mark).collect()
    }

    #[test]
    fn a_checkpoint_is_due_after_enough_news_or_a_little_and_a_day() {
        let check = |told: Told, reading: Cursor, waited_ms: i64, expected: bool| {
            let due = told.is_due(reading, NOW_MS + waited_ms);
            assert_eq!(due, expected, "{told:?} {reading:?} {waited_ms}");
        };
        let begun = Told::begin(at(LOG, 100, 1), NOW_MS);
        let told = Told::tell(at(LOG, 100, 1), NOW_MS);
        let day = CHECKPOINT_PAUSE_MS;
        check(begun, at(LOG, 100, 1), 10 * day, false);
        check(begun, at(LOG, 101, 1), day - 1, false);
        check(begun, at(LOG, 101, 1), day, true);
        check(begun, at(LOG, 355, 1), 0, false);
        check(begun, at(LOG, 356, 1), 0, true);
        // Its own checkpoint, and those of others, are no news.
        check(told, at(LOG, 101, 1), 10 * day, false);
        check(told, at(LOG, 102, 1), day, true);
        check(told, at(LOG, 356, 1), 0, false);
        check(told, at(LOG, 357, 1), 0, true);
        check(told.met(9), at(LOG, 110, 1), 10 * day, false);
        check(told.met(9), at(LOG, 111, 1), day, true);
        // A log of another life, a clock that was set back, a log that was rolled back.
        check(told, at(OTHER, 0, 0), 10 * day, false);
        check(told, at(OTHER, 1, 1), day, true);
        check(told, at(OTHER, 256, 1), 0, true);
        check(told, at(LOG, 200, 1), -day, false);
        check(told, at(LOG, 50, 1), 10 * day, false);
    }

    #[test]
    fn what_another_saw_is_compared_with_what_was_read_here() {
        let check = |saw, known: Option<u8>, expected| {
            let known = known.map(|chain| Chain([chain; 32]));
            let reading = Some(at(LOG, 50, 5));
            assert_eq!(judge(saw, known, reading), expected, "{saw:?} {known:?}");
        };
        check(at(LOG, 20, 1), Some(1), Verdict::Same);
        check(at(LOG, 20, 1), Some(2), Verdict::Different);
        check(at(OTHER, 20, 1), Some(2), Verdict::Different);
        check(at(LOG, 20, 1), None, Verdict::Unknown);
        check(at(LOG, 50, 1), None, Verdict::Unknown);
        // Longer than all that can have stood before it.
        check(at(LOG, 51, 1), None, Verdict::Different);
        check(at(OTHER, 51, 1), None, Verdict::Unknown);
        // From a file, where nothing is said of how far a log was read.
        assert_eq!(judge(at(LOG, 51, 1), None, None), Verdict::Unknown);
        assert_eq!(judge(at(LOG, 51, 1), Some(Chain([2; 32])), None), Verdict::Different);
    }

    #[test]
    fn a_block_keeps_what_was_read_last() {
        let mut block = ChainBlock::default();
        let check = |block: &ChainBlock, seq, expected: Option<u8>| {
            assert_eq!(block.at(seq), expected.map(|chain| Chain([chain; 32])), "{seq}");
        };
        block.note(&marks(70, 80, 1));
        block.note(&marks(80, 90, 1));
        check(&block, 69, None);
        check(&block, 70, Some(1));
        check(&block, 90, Some(1));
        check(&block, 91, None);
        // Read again: the same changes nothing, another history ends what was known.
        block.note(&marks(72, 75, 1));
        check(&block, 90, Some(1));
        block.note(&marks(75, 77, 2));
        check(&block, 74, Some(1));
        check(&block, 77, Some(2));
        check(&block, 78, None);
        // Places with a gap before them, and from before the first.
        block.note(&marks(100, 101, 3));
        check(&block, 77, None);
        check(&block, 101, Some(3));
        block.note(&marks(64, 65, 4));
        check(&block, 65, Some(4));
        check(&block, 101, None);
        assert_eq!(ChainBlock::from_bytes(&block.to_bytes()), Ok(block));
    }

    #[test]
    fn places_are_kept_by_block() {
        let passed = Passed { log_epoch: LOG, marks: marks(62, 130, 1) };
        let blocks: Vec<_> = passed.blocks().map(|(n, marks)| (n, marks.len())).collect();
        assert_eq!(blocks, [(0, 2), (1, 64), (2, 3)]);
        assert_eq!(passed.end(), Some(at(LOG, 130, 1)));
    }
}
