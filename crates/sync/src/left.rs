//! What a device leaves for later: of a floor the packs with which no work goes on yet. It is told
//! their names while it reads the log to its end, and fetches them afterwards, page by page, each
//! once.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::{Cursor, Mark};
use crate::have::{Have, Lane, Position};
use crate::ids::LogEpoch;
use crate::payload::Outline;
use crate::wire::Brief;

/// Envelopes of a lane whose names are enough while the log is read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    /// The lane.
    pub lane: Lane,
    /// Those after this counter,
    pub after: u64,
    /// up to this one.
    pub through: u64,
}

impl Later {
    /// What may be left of what follows an outline at a place of a lane; `None` when nothing is.
    pub fn of(lane: Lane, outlined_at: u64, outline: &Outline) -> Option<Self> {
        let follow = u64::try_from(outline.follow().len()).ok()?;
        let after = outlined_at.saturating_add(u64::from(outline.first()));
        let through = outlined_at.saturating_add(follow);
        (after < through).then_some(Self { lane, after, through })
    }

    /// Whether an envelope is one of them.
    pub fn names(&self, brief: &Brief) -> bool {
        let counter = brief.position.counter;
        brief.lane == self.lane && self.after < counter && counter <= self.through
    }

    /// What is said to be held of them, so that only their names come: the id serves nobody.
    pub(crate) const fn position(&self) -> Position {
        Position { counter: self.through, id: crate::ids::EnvelopeId::NONE }
    }
}

/// What an outline tells of what is yet to come of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// That with which work goes on, so many bytes of it: no page asks for more, so that none brings
    /// what is left for later.
    First {
        /// What pages hold of it, in bytes.
        bytes: u64,
    },
    /// It is here: of the rest the names are enough for now.
    Later(Later),
}

/// A stretch of a peer's log of which names were read and not all that they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// Where it begins; it moves on as it is fetched.
    pub from: Mark,
    /// Where it ends.
    pub to: Mark,
}

impl Left {
    /// Where it is read on.
    pub const fn cursor(&self) -> Cursor {
        Cursor { log_epoch: self.log_epoch, mark: self.from }
    }

    /// With the names read since, which stand between two places.
    pub(crate) const fn and(left: Option<Self>, at: (LogEpoch, Mark), to: Mark) -> Self {
        match left {
            Some(left) if left.to.seq >= to.seq => left,
            Some(left) => Self { to, ..left },
            None => Self { log_epoch: at.0, from: at.1, to },
        }
    }
}

/// What was left and is to be fetched now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetching {
    /// What is held of what stands between: of these the names are enough.
    pub skip: Have,
    /// How many bytes there are, as far as is known: no page asks for more.
    pub bytes: u64,
    /// Of it only this, where the rest stays left.
    pub only: Option<Only>,
}

/// A part of what was left, fetched by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// Its lane. What stands before it there is said to be held, so that its names are enough.
    pub lane: Lane,
    /// Its last counter.
    pub through: u64,
    /// What may be named on the way to it, and stays left.
    pub over: Vec<Later>,
}

impl Only {
    /// Whether an envelope that was named stays left.
    pub(crate) fn passes(&self, brief: &Brief) -> bool {
        self.over.iter().any(|later| later.names(brief))
    }
}

impl Canonical for Left {
    fn encode(&self, out: &mut Writer) {
        self.log_epoch.encode(out);
        self.from.encode(out);
        self.to.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let left = Self {
            log_epoch: LogEpoch::decode(input)?,
            from: Mark::decode(input)?,
            to: Mark::decode(input)?,
        };
        let is_stretch = left.from.seq < left.to.seq;
        if is_stretch { Ok(left) } else { Err(DecodeError::NotCanonical("stretch of a log")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::device;
    use crate::ids::EnvelopeId;
    use crate::payload::Planned;

    #[test]
    fn what_follows_the_first_is_left() {
        let lane = Lane { device: device(1), generation: 1 };
        let at = Cursor::start(LogEpoch([1; 16]));
        let check = |first: u32, follow: usize, expected: Option<(u64, u64)>| {
            let outline = Outline::new(at, first, vec![Planned { charts: 1, bytes: 9 }; follow]);
            let later = Later::of(lane, 10, &outline.unwrap());
            assert_eq!(later.map(|later| (later.after, later.through)), expected);
            let named = |counter| {
                let position = Position { counter, id: EnvelopeId([7; 32]) };
                later.is_some_and(|later| later.names(&Brief { lane, position }))
            };
            let counters: Vec<u64> = (1..20).filter(|counter| named(*counter)).collect();
            let (after, through) = expected.unwrap_or_default();
            assert_eq!(counters, (after + 1..=through).collect::<Vec<_>>());
        };
        check(2, 5, Some((12, 15)));
        check(0, 1, Some((10, 11)));
        check(5, 5, None);
    }

    #[test]
    fn a_stretch_has_a_length() {
        let mark = |seq| Mark { seq, ..Mark::START };
        let check = |from, to, expected| {
            let left = Left { log_epoch: LogEpoch([1; 16]), from: mark(from), to: mark(to) };
            assert_eq!(Left::from_bytes(&left.to_bytes()).is_ok(), expected, "{from} {to}");
        };
        check(3, 4, true);
        check(4, 4, false);
        check(5, 4, false);
    }
}
