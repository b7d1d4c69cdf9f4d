//! The frames that devices and servers exchange, the same over HTTP, LAN and in a file.
//!
//! A frame is `version | kind | body`, at most [`FRAME_BYTES_MAX`] long. Over HTTP one frame is
//! the body of one request or reply (see [`path`]); where frames follow each other, each has its
//! length before it as a `u32`. A reply is either the frame asked for or a [`Refusal`].

mod auth;
mod blob;
mod erase;
mod floor;
mod hello;
mod invite;
mod keys;
mod members;
pub mod path;
mod pull;
mod push;
mod refusal;
mod room;
mod run;

pub use auth::{Challenge, ChallengeRequest, Principal, TokenGrant, TokenRequest};
pub use blob::{BlobPart, BlobPartRequest, BlobStored, BlobsHeld, BlobsRequest};
pub use erase::{ErasePut, KeysErased};
pub use floor::{FloorPut, FloorStored};
pub use hello::{HelloReply, HelloRequest, LogVerdict, OwnVerdict};
pub use invite::{InviteBlob, InviteGet, InvitePut, InviteStored};
pub use keys::{KeysPage, KeysPlaced, KeysRequest, WrappedKey};
pub use members::{MembersPage, MembersPush, MembersReply, MembersRequest, MembersVerdict};
pub use pull::{Brief, Item, LaneRequest, PullPage, PullRequest};
pub use push::{PushReply, PushRequest, Refused, Verdict};
pub use refusal::{Refusal, RefusalCode};
pub use room::{
    RoomGet, RoomMessage, RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored, RoomVerdict,
};

use crate::bundle::{BundleEnd, BundleHead};
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::limits::FRAME_BYTES_MAX;

/// The first byte of a frame this build writes.
pub const FRAME_VERSION: u8 = 1;

/// What a frame is called in an error.
pub const FRAME: &str = "frame";

/// A value that travels as a frame of its own.
pub trait Frame: Canonical {
    /// The second byte of the frame.
    const KIND: u8;
    /// What it is called in an error.
    const NAME: &'static str;

    /// The whole frame.
    fn to_frame(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u8(FRAME_VERSION);
        out.u8(Self::KIND);
        self.encode(&mut out);
        out.into_bytes()
    }

    /// Reads a whole frame.
    ///
    /// # Errors
    /// [`DecodeError`] when it is too long, of another version or kind, or not canonical.
    fn from_frame(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (kind, mut input) = open_frame(bytes)?;
        if kind != Self::KIND {
            return Err(DecodeError::Tag { what: Self::NAME, tag: kind });
        }
        let value = Self::decode(&mut input)?;
        input.finish()?;
        Ok(value)
    }
}

/// Reads a reply: what was asked for, or the refusal that came instead.
///
/// # Errors
/// [`DecodeError`] when it is neither.
pub fn read_reply<T: Frame>(bytes: &[u8]) -> Result<Result<T, Refusal>, DecodeError> {
    let (kind, _) = open_frame(bytes)?;
    if kind == Refusal::KIND && T::KIND != Refusal::KIND {
        return Ok(Err(Refusal::from_frame(bytes)?));
    }
    T::from_frame(bytes).map(Ok)
}

/// The kind of a frame.
///
/// # Errors
/// [`DecodeError`] when it is too long or of another version.
pub(crate) fn kind_of(bytes: &[u8]) -> Result<u8, DecodeError> {
    open_frame(bytes).map(|(kind, _)| kind)
}

fn open_frame(bytes: &[u8]) -> Result<(u8, Reader<'_>), DecodeError> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(DecodeError::TooLong { what: "frame", max: FRAME_BYTES_MAX });
    }
    let mut input = Reader::new(bytes);
    let version = input.u8()?;
    if version != FRAME_VERSION {
        return Err(DecodeError::Version { what: FRAME, version });
    }
    Ok((input.u8()?, input))
}

/// Numbers and names the frames. A number that was released is never used for another.
macro_rules! frames {
    ($($kind:literal $name:ident)*) => {
        $(impl Frame for $name {
            const KIND: u8 = $kind;
            const NAME: &'static str = stringify!($name);
        })*

        /// Every frame.
        #[cfg(any(test, feature = "test-suite"))]
        pub(crate) const FRAMES: &[crate::forms::Form] = &[$(crate::forms::Form::of_frame::<$name>()),*];
    };
}

frames! {
    1 HelloRequest
    2 HelloReply
    3 PushRequest
    4 PushReply
    5 PullRequest
    6 PullPage
    7 ChallengeRequest
    8 Challenge
    9 TokenRequest
    10 TokenGrant
    11 InvitePut
    12 InviteStored
    13 InviteGet
    14 InviteBlob
    15 MembersRequest
    16 MembersPage
    17 MembersPush
    18 MembersReply
    19 Refusal
    20 KeysRequest
    21 KeysPage
    22 BlobStored
    23 BlobsRequest
    24 BlobsHeld
    25 FloorPut
    26 FloorStored
    27 ErasePut
    28 KeysErased
    30 RoomOpen
    31 RoomOpened
    32 RoomPut
    33 RoomStored
    34 RoomGet
    35 RoomMessages
    36 BlobPartRequest
    37 BlobPart
    38 LaneRequest
    40 BundleHead
    41 BundleEnd
}
