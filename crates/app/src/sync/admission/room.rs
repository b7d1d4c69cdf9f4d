//! The way to a room, with what can go wrong on it.

use api::{ApiError, ErrorCode};
use sync::{
    carrier::Carrier,
    ids::RoomId,
    session::Failure,
    wire::{RefusalCode, RoomGet, RoomMessage, RoomMessages, RoomPut, RoomStored},
};
use vault::sas::{Message, SasError};

use super::super::failure::told_failure;

/// Who says what where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Commitment,
    AdmitterKey,
    JoinerKey,
    JoinerSays,
    AdmitterSays,
    JoinerName,
}

/// The way to a room.
pub(super) struct Room {
    pub(super) carrier: Box<dyn Carrier>,
    pub(super) id: RoomId,
}

/// Why nothing can be said or heard in a room any more.
#[derive(Debug)]
pub(super) enum RoomError {
    /// It has ended, or there never was one.
    Gone,
    /// Somebody else said something else at this place.
    Taken,
    /// What lies there is no message of this form.
    Unclear(SasError),
    /// The network or the server.
    Failed(ApiError),
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Place {
    const fn number(self) -> u8 {
        match self {
            Self::Commitment => 0,
            Self::AdmitterKey => 1,
            Self::JoinerKey => 2,
            Self::JoinerSays => 3,
            Self::AdmitterSays => 4,
            Self::JoinerName => 5,
        }
    }
}

impl Room {
    /// Says something; `false` where the network or the server could not take it now.
    pub(super) fn say(&mut self, place: Place, message: &Message) -> Result<bool, RoomError> {
        let message = RoomMessage { place: place.number(), bytes: message.to_bytes() };
        match self.carrier.put_in_room(&RoomPut { room: self.id, message }) {
            Ok(RoomStored::Kept) => Ok(true),
            Ok(RoomStored::Taken) => Err(RoomError::Taken),
            Err(failure) => passing(&failure).map(|()| false),
        }
    }

    /// Hears what was said at a place; `None` where nothing was, or it could not be asked now.
    pub(super) fn hear(&mut self, place: Place) -> Result<Option<Message>, RoomError> {
        let lies = match self.carrier.look_into_room(&RoomGet { room: self.id }) {
            Ok(lies) => lies,
            Err(failure) => {
                passing(&failure)?;
                RoomMessages::default()
            }
        };
        let said = lies.at(place.number()).map(Message::from_bytes);
        said.transpose().map_err(RoomError::Unclear)
    }
}

/// Whether a failure may be over at the next look.
fn passing(failure: &Failure) -> Result<(), RoomError> {
    match failure {
        Failure::Unreachable | Failure::Silent => Ok(()),
        Failure::Refused(refused) => match refused.0.code {
            RefusalCode::Busy | RefusalCode::Unavailable => Ok(()),
            // A computer at which nobody is let in does not answer who is nobody to it.
            RefusalCode::NotFound | RefusalCode::UnknownDevice => Err(RoomError::Gone),
            RefusalCode::NotAuthenticated
            | RefusalCode::UnknownClinic
            | RefusalCode::Revoked
            | RefusalCode::Malformed
            | RefusalCode::TooLarge
            | RefusalCode::TooManyInvites
            | RefusalCode::OtherLog
            | RefusalCode::Full
            | RefusalCode::OverQuota
            | RefusalCode::Damaged => Err(RoomError::Failed(told_failure(failure))),
        },
        Failure::Untrusted
        | Failure::Newer
        | Failure::Protocol
        | Failure::ChainBroken
        | Failure::MembershipForked
        | Failure::PushRefused
        | Failure::BelowFloor
        | Failure::Unsettled
        | Failure::Stopped
        | Failure::Host => Err(RoomError::Failed(told_failure(failure))),
    }
}

/// The numbers are not the same, or the other side is not who it said at first.
pub(super) fn numbers_differ() -> ApiError {
    let detail = "The numbers differ: somebody may stand between the two computers. Nothing was \
                  handed over and no computer was let in. Try again on a network you trust, or with \
                  a code: `fieldchart device code`.";
    ApiError::new(ErrorCode::NumbersDiffer, detail)
}

/// What was said has a form of its own that is not known here.
pub(super) fn unclear(error: &SasError) -> ApiError {
    let code = match error {
        SasError::NewerFormat(_) => ErrorCode::NewerVersion,
        SasError::NotCommitted | SasError::Damaged => return numbers_differ(),
    };
    ApiError::new(code, format!("No computer was let in: {error}."))
}
