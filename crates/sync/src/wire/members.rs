//! How the membership log travels.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::ClinicId;
use crate::limits::MEMBERSHIP_PAGE_ENTRIES_MAX;
use crate::membership::{EntryError, MembersHead, SignedEntry};

/// Asks for the entries from a place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The index of the first entry wanted.
    pub from: u32,
}

/// Entries in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersPage {
    /// From the index asked for.
    pub entries: Vec<SignedEntry>,
    /// The whole log; more entries than were sent means another page.
    pub head: MembersHead,
}

/// Appends entries. The first entry of an unknown clinic founds it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersPush {
    /// The clinic.
    pub clinic: ClinicId,
    /// Consecutive entries; those the server has are passed over.
    pub entries: Vec<SignedEntry>,
}

/// What became of pushed entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersReply {
    /// The verdict.
    pub verdict: MembersVerdict,
    /// The server's log after it.
    pub head: MembersHead,
}

/// What became of pushed entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembersVerdict {
    /// All are durable.
    Stored,
    /// Another entry stands at one of their places: read the log and sign anew.
    Stale,
    /// An entry breaks a rule. Those before it are durable.
    Refused(EntryError),
    /// The server takes no new clinics.
    Closed,
}

impl Canonical for MembersRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        out.u32(self.from);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { clinic: ClinicId::decode(input)?, from: input.u32()? })
    }
}

impl Canonical for MembersPage {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.entries);
        self.head.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            entries: input.list("membership entries", MEMBERSHIP_PAGE_ENTRIES_MAX)?,
            head: MembersHead::decode(input)?,
        })
    }
}

impl Canonical for MembersPush {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        out.list(&self.entries);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            entries: input.list("membership entries", MEMBERSHIP_PAGE_ENTRIES_MAX)?,
        })
    }
}

impl Canonical for MembersReply {
    fn encode(&self, out: &mut Writer) {
        self.verdict.encode(out);
        self.head.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { verdict: MembersVerdict::decode(input)?, head: MembersHead::decode(input)? })
    }
}

impl Canonical for MembersVerdict {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Stored => out.u8(1),
            Self::Stale => out.u8(2),
            Self::Refused(error) => {
                out.u8(3);
                error.encode(out);
            }
            Self::Closed => out.u8(4),
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Stored),
            2 => Ok(Self::Stale),
            3 => Ok(Self::Refused(EntryError::decode(input)?)),
            4 => Ok(Self::Closed),
            tag => Err(DecodeError::Tag { what: "membership verdict", tag }),
        }
    }
}
