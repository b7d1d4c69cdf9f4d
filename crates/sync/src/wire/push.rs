//! PUSH: envelopes go to a log. Idempotent: a verdict each, and twice is the same as once.

use super::run::Run;
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::envelope::Envelope;
use crate::ids::ClinicId;
use crate::limits::{PUSH_ENVELOPES_MAX, PUSH_KEYS_MAX};
use crate::wire::{Item, KeysPlaced, WrappedKey};

/// Envelopes in the order of their lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The wrapped keys of the envelopes' documents; those the server has are passed over.
    pub keys: Vec<WrappedKey>,
    /// The envelopes; each lane's in rising order.
    pub envelopes: Vec<Envelope>,
}

/// One verdict for each envelope, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushReply {
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// Where its keys stand, so that who brought them need not read them; `None` where it had none.
    pub keys: Option<KeysPlaced>,
}

/// What became of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is durable at this place.
    Stored {
        /// Its place in the log.
        seq: u64,
    },
    /// It was there before.
    Duplicate {
        /// Its place in the log.
        seq: u64,
    },
    /// It is durable at this place, beside another envelope of the same counter or on another
    /// predecessor: a clone or a stolen key.
    Forked {
        /// Its place in the log.
        seq: u64,
    },
    /// It is not stored: envelopes of its lane are missing before it.
    Gap {
        /// The last counter of the lane the log holds; 0 when none.
        have: u64,
    },
    /// It is not stored, and will not be as it is.
    Refused(Refused),
}

impl Verdict {
    /// Its place in the log, if it has one.
    pub const fn seq(self) -> Option<u64> {
        match self {
            Self::Stored { seq } | Self::Duplicate { seq } | Self::Forked { seq } => Some(seq),
            Self::Gap { .. } | Self::Refused(_) => None,
        }
    }
}

/// Why a server will not store an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// It belongs to another clinic.
    WrongClinic,
    /// Its device is not in the membership log.
    UnknownDevice,
    /// Its device did not sign it.
    BadSignature,
    /// Its counter has too many envelopes already, or its device too many lanes.
    TooManyForks,
    /// Its kind does not travel in the log.
    Kind,
    /// The clinic's space is used up.
    OverQuota,
}

impl Refused {
    const ALL: [Self; 6] = [
        Self::WrongClinic,
        Self::UnknownDevice,
        Self::BadSignature,
        Self::TooManyForks,
        Self::Kind,
        Self::OverQuota,
    ];

    const fn code(self) -> u8 {
        match self {
            Self::WrongClinic => 1,
            Self::UnknownDevice => 2,
            Self::BadSignature => 3,
            Self::TooManyForks => 4,
            Self::Kind => 5,
            Self::OverQuota => 6,
        }
    }
}

impl Canonical for PushRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        out.list(&self.keys);
        out.length(self.envelopes.len());
        let mut run = Run::default();
        self.envelopes.iter().for_each(|envelope| run.write_envelope(envelope, out));
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            keys: input.list("wrapped keys", PUSH_KEYS_MAX)?,
            envelopes: decode_envelopes(input)?,
        })
    }
}

fn decode_envelopes(input: &mut Reader<'_>) -> Result<Vec<Envelope>, DecodeError> {
    let count = input.length("push", PUSH_ENVELOPES_MAX)?;
    let mut run = Run::default();
    let envelope = |_| match run.read(input)? {
        Item::Whole(envelope) => Ok(envelope),
        Item::Brief(_) => Err(DecodeError::NotCanonical("name of an envelope in a push")),
    };
    (0..count).map(envelope).collect()
}

impl Canonical for PushReply {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.verdicts);
        self.keys.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            verdicts: input.list("verdicts", PUSH_ENVELOPES_MAX)?,
            keys: Option::decode(input)?,
        })
    }
}

impl Canonical for Verdict {
    fn encode(&self, out: &mut Writer) {
        let (tag, number) = match *self {
            Self::Stored { seq } => (1, seq),
            Self::Duplicate { seq } => (2, seq),
            Self::Forked { seq } => (3, seq),
            Self::Gap { have } => (4, have),
            Self::Refused(refused) => {
                out.u8(5);
                return out.u8(refused.code());
            }
        };
        out.u8(tag);
        out.u64(number);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Stored { seq: input.u64()? }),
            2 => Ok(Self::Duplicate { seq: input.u64()? }),
            3 => Ok(Self::Forked { seq: input.u64()? }),
            4 => Ok(Self::Gap { have: input.u64()? }),
            5 => Ok(Self::Refused(Refused::decode(input)?)),
            tag => Err(DecodeError::Tag { what: "verdict", tag }),
        }
    }
}

impl Canonical for Refused {
    fn encode(&self, out: &mut Writer) {
        out.u8(self.code());
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = input.u8()?;
        Self::ALL
            .into_iter()
            .find(|refused| refused.code() == tag)
            .ok_or(DecodeError::Tag { what: "refusal of an envelope", tag })
    }
}
