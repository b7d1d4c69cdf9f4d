//! What a server answers when it does not do what it was asked.

use crate::codec::{Canonical, DecodeError, Reader, Writer};

/// A request that was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// When to ask again, in seconds from now; 0 when asking again is of no use.
    pub retry_after_s: u32,
}

/// Why a request was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RefusalCode {
    /// The token is absent, unknown or expired.
    #[error("this device must prove who it is again")]
    NotAuthenticated,
    /// The server does not know the clinic.
    #[error("the server does not know this clinic")]
    UnknownClinic,
    /// The device is not in the clinic, or its proof is wrong.
    #[error("the server does not know this device")]
    UnknownDevice,
    /// The device was shut out of the clinic.
    #[error("this device was removed from the clinic")]
    Revoked,
    /// The request is not a frame this server can read.
    #[error("the server cannot read what this version sends")]
    Malformed,
    /// The request is over a limit.
    #[error("the request is too large for the server")]
    TooLarge,
    /// Too many requests.
    #[error("the server is busy")]
    Busy,
    /// The server's database does not answer.
    #[error("the server cannot store anything at the moment")]
    Unavailable,
    /// There is no such blob, or it expired.
    #[error("there is nothing under this code, or it has expired")]
    NotFound,
    /// The log asked for had another life.
    #[error("the server's log was replaced")]
    OtherLog,
    /// The server's disk is full. Servers from before this code said `Unavailable`.
    #[error("the server cannot store more: its disk is full")]
    Full,
    /// The clinic has all that its server's operator lets it have. Servers from before this code
    /// said `Full`.
    #[error("the clinic has at the server all that it may have")]
    OverQuota,
    /// The server's database is damaged: it must be put back from a copy. Servers from before this
    /// code said `Unavailable`.
    #[error("what the server stored is damaged: it must be put back from a copy")]
    Damaged,
    /// So many invitations of the clinic wait at the server. Servers from before this code said
    /// `TooLarge`.
    #[error("as many codes as may be wait at the server, until some of them end")]
    TooManyInvites,
}

impl RefusalCode {
    /// Every code.
    pub const ALL: [Self; 14] = [
        Self::NotAuthenticated,
        Self::UnknownClinic,
        Self::UnknownDevice,
        Self::Revoked,
        Self::Malformed,
        Self::TooLarge,
        Self::Busy,
        Self::Unavailable,
        Self::NotFound,
        Self::OtherLog,
        Self::Full,
        Self::OverQuota,
        Self::Damaged,
        Self::TooManyInvites,
    ];

    /// Its byte in a frame.
    pub const fn code(self) -> u8 {
        match self {
            Self::NotAuthenticated => 1,
            Self::UnknownClinic => 2,
            Self::UnknownDevice => 3,
            Self::Revoked => 4,
            Self::Malformed => 5,
            Self::TooLarge => 6,
            Self::Busy => 7,
            Self::Unavailable => 8,
            Self::NotFound => 9,
            Self::OtherLog => 10,
            Self::Full => 11,
            Self::OverQuota => 12,
            Self::Damaged => 13,
            Self::TooManyInvites => 14,
        }
    }

    /// The HTTP status that goes with it.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::NotAuthenticated => 401,
            Self::UnknownDevice | Self::Revoked => 403,
            Self::UnknownClinic | Self::NotFound => 404,
            Self::OtherLog => 409,
            Self::TooLarge => 413,
            Self::Malformed => 400,
            Self::Busy | Self::TooManyInvites => 429,
            Self::Unavailable | Self::Damaged => 503,
            Self::Full | Self::OverQuota => 507,
        }
    }
}

impl Refusal {
    /// A refusal after which asking again is of no use.
    pub const fn of(code: RefusalCode) -> Self {
        Self { code, retry_after_s: 0 }
    }
}

impl Canonical for Refusal {
    fn encode(&self, out: &mut Writer) {
        out.u8(self.code.code());
        out.u32(self.retry_after_s);
    }

    /// A code this release does not know is one of a newer server, which cannot do it now: it is
    /// no misbehaviour, and asking again later may help.
    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = input.u8()?;
        let known = RefusalCode::ALL.into_iter().find(|code| code.code() == tag);
        let code = known.unwrap_or(RefusalCode::Unavailable);
        Ok(Self { code, retry_after_s: input.u32()? })
    }
}
