//! Who is in what covers a log, so that somebody is found whose chart was left for later.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Cursor;
use crate::limits::{PEOPLE_BYTES_MAX, PEOPLE_MAX, PERSON_BYTES_MAX};

/// What a device says before it covers a log up to a place: whose charts are in the envelopes that
/// follow its [`Outline`](super::Outline) and need not be read at once. It is a hint; nothing counts
/// as held by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    at: Cursor,
    people: Vec<Listed>,
}

/// Somebody whose chart is in what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The chart's id.
    pub id: [u8; 16],
    /// The first of the envelopes that follow which holds of it, counted from 0,
    pub first: u32,
    /// and the last.
    pub last: u32,
    /// Who it is, as the host writes it.
    pub about: Vec<u8>,
}

impl People {
    /// What a device says of a place. `None` when there is nobody, or more than fits: see
    /// [`People::fitting`].
    pub fn new(at: Cursor, people: Vec<Listed>) -> Option<Self> {
        let said = Self { at, people };
        said.is_within_limits().then_some(said)
    }

    /// How many of `people` fit one envelope, at least one when there is one.
    pub fn fitting(people: &[Listed]) -> usize {
        let mut bytes: usize = 0;
        let fits = |(before, one): &(usize, &Listed)| {
            bytes = bytes.saturating_add(one.about.len());
            *before == 0 || bytes <= PEOPLE_BYTES_MAX
        };
        people.iter().take(PEOPLE_MAX).enumerate().take_while(fits).count()
    }

    /// The place.
    pub const fn at(&self) -> Cursor {
        self.at
    }

    /// Who.
    pub fn people(&self) -> &[Listed] {
        &self.people
    }

    fn is_within_limits(&self) -> bool {
        let is_good = |one: &Listed| one.about.len() <= PERSON_BYTES_MAX && one.first <= one.last;
        !self.people.is_empty()
            && Self::fitting(&self.people) == self.people.len()
            && self.people.iter().all(is_good)
    }
}

impl Canonical for People {
    fn encode(&self, out: &mut Writer) {
        self.at.encode(out);
        out.list(&self.people);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let at = Cursor::decode(input)?;
        let said = Self { at, people: input.list("people of a floor", PEOPLE_MAX)? };
        let is_good = said.is_within_limits();
        if is_good { Ok(said) } else { Err(DecodeError::NotCanonical("people of a floor")) }
    }
}

impl Canonical for Listed {
    fn encode(&self, out: &mut Writer) {
        out.raw(&self.id);
        out.u32(self.first);
        out.u32(self.last);
        out.bytes(&self.about);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            id: input.array()?,
            first: input.u32()?,
            last: input.u32()?,
            about: input.bytes("person", PERSON_BYTES_MAX)?.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LogEpoch;

    fn one(bytes: usize) -> Listed {
        Listed { id: [3; 16], first: 1, last: 1, about: vec![7; bytes] }
    }

    #[test]
    fn people_fit_one_envelope_or_are_said_in_several() {
        let at = Cursor::start(LogEpoch([1; 16]));
        let check = |people: Vec<Listed>, fit: usize| {
            assert_eq!(People::fitting(&people), fit);
            let is_all = fit == people.len() && fit > 0;
            let raw = People { at, people: people.clone() };
            assert_eq!(People::new(at, people).is_some(), is_all);
            assert_eq!(People::from_bytes(&raw.to_bytes()).is_ok(), is_all);
        };
        check(Vec::new(), 0);
        check(vec![one(10); 3], 3);
        check(vec![one(PERSON_BYTES_MAX); 2], 2);
        check(vec![one(PERSON_BYTES_MAX); 449], 448);
        check(vec![one(1); PEOPLE_MAX + 1], PEOPLE_MAX);
    }

    #[test]
    fn a_person_stands_in_envelopes_in_their_order_and_is_short() {
        let at = Cursor::start(LogEpoch([1; 16]));
        assert!(People::new(at, vec![Listed { first: 2, ..one(1) }]).is_none());
        assert!(People::new(at, vec![one(PERSON_BYTES_MAX + 1)]).is_none());
    }
}
