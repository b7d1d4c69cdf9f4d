//! Checkpoints: what this computer saw of the server's log is told to the others, and what they
//! saw is compared with what was read here.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use std::collections::{BTreeMap, btree_map::Entry};
use store::NamedRow;
use sync::{
    checkpoint::{ChainBlock, Differing, Passed, Told, Verdict, block_of, judge},
    codec::Canonical as _,
    cursor::Cursor,
    envelope::{Envelope, Kind},
    ids::{Chain, DeviceId, LogEpoch},
};

use super::names;

/// What a computer said that it saw.
pub(super) type Saw = (DeviceId, Cursor);

/// What was told last; `None` before this computer began to count. One that cannot be read is
/// as none.
///
/// # Errors
/// The store's.
pub(super) fn last_told<H: Host>(session: &Session<'_, H>) -> Result<Option<Told>, ApiError> {
    let kept = session.open.store.named(names::TOLD).told()?;
    Ok(kept.and_then(|bytes| Told::from_bytes(&bytes).ok()))
}

/// Where what was told last is kept.
pub(super) fn told_row(told: &Told) -> NamedRow {
    NamedRow { name: names::TOLD.to_owned(), bytes: told.to_bytes() }
}

/// How many checkpoints are among envelopes.
pub(super) fn count(envelopes: &[Envelope]) -> u64 {
    let all = envelopes.iter().filter(|envelope| envelope.header().kind == Kind::Checkpoint);
    u64::try_from(all.count()).unwrap_or(u64::MAX)
}

/// No place in any log: what waited here or came in a file. How long a log its computer saw says
/// nothing of what this one was shown.
pub(super) const fn nowhere() -> Passed {
    Passed { log_epoch: LogEpoch([0; 16]), marks: Vec::new() }
}

/// Compares what others saw with what was read here, the places just passed included; the rows
/// of these are to be kept with the envelopes that stand there.
///
/// # Errors
/// The store's.
pub(super) fn compare<H: Host>(
    session: &Session<'_, H>,
    passed: &Passed,
    saw: &[Saw],
) -> Result<(Vec<Differing>, Vec<NamedRow>), ApiError> {
    let mut blocks = Blocks { session, known: BTreeMap::new() };
    for (number, marks) in passed.blocks() {
        blocks.at(passed.log_epoch, number)?.note(marks);
    }
    let rows = blocks.rows();
    let mut differing = Vec::new();
    for (device, saw) in saw {
        let known = blocks.chain(*saw)?;
        if judge(*saw, known, passed.end()) == Verdict::Different {
            differing.push(Differing { device: *device, saw: *saw });
        }
    }
    Ok((differing, rows))
}

/// The chain at a place, as it was read here; `None` where it never was.
///
/// # Errors
/// The store's.
pub(super) fn chain_at<H: Host>(
    session: &Session<'_, H>,
    at: Cursor,
) -> Result<Option<Chain>, ApiError> {
    Blocks { session, known: BTreeMap::new() }.chain(at)
}

/// The parts of the chain that are looked at, as they were or will be kept.
struct Blocks<'a, 's, H> {
    session: &'a Session<'s, H>,
    known: BTreeMap<(LogEpoch, u64), ChainBlock>,
}

impl<H: Host> Blocks<'_, '_, H> {
    fn at(&mut self, log_epoch: LogEpoch, number: u64) -> Result<&mut ChainBlock, ApiError> {
        let place = match self.known.entry((log_epoch, number)) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(place) => place,
        };
        let kept = self.session.open.store.named(&names::chain_name(log_epoch, number)).told()?;
        // One that cannot be read is as none: what it knew is not compared.
        let block = kept.and_then(|bytes| ChainBlock::from_bytes(&bytes).ok());
        Ok(place.insert(block.unwrap_or_default()))
    }

    fn chain(&mut self, cursor: Cursor) -> Result<Option<Chain>, ApiError> {
        let number = block_of(cursor.mark.seq);
        Ok(self.at(cursor.log_epoch, number)?.at(cursor.mark.seq))
    }

    fn rows(&self) -> Vec<NamedRow> {
        let row = |((log_epoch, number), block): (&(LogEpoch, u64), &ChainBlock)| NamedRow {
            name: names::chain_name(*log_epoch, *number),
            bytes: block.to_bytes(),
        };
        self.known.iter().map(row).collect()
    }
}
