//! What went wrong between here and a server or another computer, in the words of the contract.

use api::{ApiError, ErrorCode};
use sync::{session::Failure, wire::RefusalCode};

use super::exchange::is_unknown_clinic;

/// A failure in the words of the contract.
pub(super) fn told_failure(failure: &Failure) -> ApiError {
    let code = code_of(failure);
    // Work that reaches nobody must not be encouraged.
    let safe = if is_unknown_clinic(failure) {
        "What is here is kept, but what is recorded here reaches nobody; ask who runs the server whether \
         its data was put back"
    } else if code == ErrorCode::DeviceRefused {
        "What is here is kept, but what is recorded here reaches nobody; ask an administrator"
    } else {
        "Nothing was lost; work goes on here"
    };
    let told = format!("{safe}: {failure}.");
    ApiError::new(code, told + way_on(failure))
}

/// What to do, where that is more than to try again.
const fn way_on(failure: &Failure) -> &'static str {
    match failure {
        Failure::Untrusted => {
            " Compare the pin that was set with what it prints; where that is the right one, somebody \
             may stand between."
        }
        Failure::Unreachable => {
            " Where there is a network, compare its address with the one it prints, and ask who looks \
             after it whether it runs."
        }
        Failure::Silent
        | Failure::Newer
        | Failure::Protocol
        | Failure::ChainBroken
        | Failure::MembershipForked
        | Failure::PushRefused
        | Failure::BelowFloor
        | Failure::Unsettled
        | Failure::Refused(_)
        | Failure::Stopped
        | Failure::Host => "",
    }
}

/// The same of another computer of the clinic.
pub(super) fn told_of_neighbour(failure: &Failure) -> ApiError {
    let what = match failure {
        Failure::Unreachable => "no computer of the clinic can be reached there",
        Failure::Silent => "the other computer does not answer",
        Failure::Untrusted => "what answers there is no computer of this clinic",
        Failure::MembershipForked => {
            "the other computer's list of computers does not agree with this one's"
        }
        Failure::Newer => {
            "the other computer is of a newer version than this one; update Fieldchart on this computer"
        }
        Failure::Protocol
        | Failure::ChainBroken
        | Failure::PushRefused
        | Failure::BelowFloor
        | Failure::Unsettled => "what the other computer answers does not fit what was asked",
        Failure::Refused(_) | Failure::Stopped | Failure::Host => return told_failure(failure),
    };
    ApiError::new(code_of(failure), format!("Nothing was lost; work goes on here: {what}."))
}

/// The same, told to who has no clinic here yet.
pub(super) fn not_joined(failure: &Failure) -> ApiError {
    let way_on = way_on(failure);
    ApiError::new(code_of(failure), format!("The clinic was not joined: {failure}.{way_on}"))
}

const fn code_of(failure: &Failure) -> ErrorCode {
    match failure {
        Failure::Unreachable => ErrorCode::Unreachable,
        Failure::Silent => ErrorCode::ServerSilent,
        Failure::Untrusted => ErrorCode::ServerNotTrusted,
        Failure::Refused(refused) => refusal_code(refused.0.code),
        Failure::Newer => ErrorCode::NewerPeer,
        Failure::Protocol
        | Failure::ChainBroken
        | Failure::MembershipForked
        | Failure::PushRefused
        | Failure::BelowFloor
        | Failure::Unsettled => ErrorCode::ServerMisbehaves,
        Failure::Stopped => ErrorCode::Stopped,
        Failure::Host => ErrorCode::Internal,
    }
}

const fn refusal_code(code: RefusalCode) -> ErrorCode {
    match code {
        RefusalCode::NotAuthenticated
        | RefusalCode::UnknownClinic
        | RefusalCode::UnknownDevice
        | RefusalCode::Revoked => ErrorCode::DeviceRefused,
        RefusalCode::Busy | RefusalCode::Unavailable => ErrorCode::Unreachable,
        RefusalCode::Full => ErrorCode::ServerFull,
        RefusalCode::OverQuota => ErrorCode::OverQuota,
        RefusalCode::Damaged => ErrorCode::ServerDamaged,
        RefusalCode::TooLarge => ErrorCode::TooLarge,
        RefusalCode::TooManyInvites => ErrorCode::TooManyCodes,
        RefusalCode::NotFound => ErrorCode::NotFound,
        RefusalCode::Malformed | RefusalCode::OtherLog => ErrorCode::ServerMisbehaves,
    }
}
