//! What is about to cover a log: how many envelopes follow, how large they are, and with how many
//! of them work goes on.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Cursor;
use crate::limits::FLOOR_ENVELOPES_MAX;

/// What a device says before it covers a log up to a place ([`Floor`](super::Floor)): the envelopes
/// that do follow this one in its lane, in this order. It is a hint for who reads them, of what to
/// read first and how much there is; nothing counts as held by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    at: Cursor,
    first: u32,
    follow: Vec<Planned>,
}

/// One envelope that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// How many charts it holds, whole.
    pub charts: u32,
    /// Its length, in bytes.
    pub bytes: u32,
}

impl Outline {
    /// What a device says: at the place `at`, the `first` of those that follow hold that with which
    /// work goes on. `None` when none or more than [`FLOOR_ENVELOPES_MAX`] follow, or fewer than
    /// `first`.
    pub fn new(at: Cursor, first: u32, follow: Vec<Planned>) -> Option<Self> {
        let outline = Self { at, first, follow };
        outline.is_within_limits().then_some(outline)
    }

    /// The place.
    pub const fn at(&self) -> Cursor {
        self.at
    }

    /// How many of those that follow hold that with which work goes on.
    pub const fn first(&self) -> u32 {
        self.first
    }

    /// Those that follow.
    pub fn follow(&self) -> &[Planned] {
        &self.follow
    }

    fn is_within_limits(&self) -> bool {
        (1..=FLOOR_ENVELOPES_MAX).contains(&self.follow.len())
            && usize::try_from(self.first).is_ok_and(|first| first <= self.follow.len())
    }
}

impl Canonical for Outline {
    fn encode(&self, out: &mut Writer) {
        self.at.encode(out);
        out.u32(self.first);
        out.list(&self.follow);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let outline = Self {
            at: Cursor::decode(input)?,
            first: input.u32()?,
            follow: input.list("envelopes of an outline", FLOOR_ENVELOPES_MAX)?,
        };
        let is_good = outline.is_within_limits();
        if is_good { Ok(outline) } else { Err(DecodeError::NotCanonical("outline")) }
    }
}

impl Canonical for Planned {
    fn encode(&self, out: &mut Writer) {
        out.u32(self.charts);
        out.u32(self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { charts: input.u32()?, bytes: input.u32()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LogEpoch;

    #[test]
    fn an_outline_names_what_follows_and_no_more_first_than_that() {
        let check = |first: u32, count: usize, expected: bool| {
            let at = Cursor::start(LogEpoch([1; 16]));
            let follow = vec![Planned { charts: 2, bytes: 900 }; count];
            let made = Outline::new(at, first, follow.clone());
            assert_eq!(made.is_some(), expected, "{first} of {count}");
            let raw = Outline { at, first, follow };
            assert_eq!(
                Outline::from_bytes(&raw.to_bytes()).is_ok(),
                expected,
                "{first} of {count}"
            );
        };
        check(0, 0, false);
        check(0, 1, true);
        check(1, 1, true);
        check(2, 1, false);
        check(7, FLOOR_ENVELOPES_MAX, true);
        check(7, FLOOR_ENVELOPES_MAX + 1, false);
    }
}
