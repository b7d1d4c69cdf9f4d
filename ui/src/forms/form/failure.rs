//! What a refusal looks like.

use crate::components::{Tone, notice};
use crate::markup::prelude::*;
use crate::words;
use api::{ApiError, ErrorCode};

/// What failed, what is safe, what to do.
pub(crate) fn failure_notice(error: &ApiError, actions: Option<AnyView>) -> AnyView {
    let said = words::error(error.code);
    let tone = match error.code {
        ErrorCode::Damaged | ErrorCode::MissingCommits => Tone::Critical,
        ErrorCode::Stopped | ErrorCode::FileStopped => Tone::Info,
        ErrorCode::SignedOut
        | ErrorCode::NotPermitted
        | ErrorCode::ServerElsewhere
        | ErrorCode::Invalid
        | ErrorCode::NotFound
        | ErrorCode::Disputed
        | ErrorCode::Changed
        | ErrorCode::WrongPassword
        | ErrorCode::WrongRecoveryCode
        | ErrorCode::UnknownUser
        | ErrorCode::KeyringAbsent
        | ErrorCode::KeyringLocked
        | ErrorCode::KeyringTimedOut
        | ErrorCode::KeyringEmpty
        | ErrorCode::NewerVersion
        | ErrorCode::StoreInUse
        | ErrorCode::AlreadyExists
        | ErrorCode::NoClinic
        | ErrorCode::JoiningUnfinished
        | ErrorCode::DiskFull
        | ErrorCode::ReadOnlyDisk
        | ErrorCode::BadCode
        | ErrorCode::NumbersDiffer
        | ErrorCode::Unreachable
        | ErrorCode::ServerSilent
        | ErrorCode::ServerFull
        | ErrorCode::OverQuota
        | ErrorCode::ServerDamaged
        | ErrorCode::ServerNotTrusted
        | ErrorCode::DeviceRefused
        | ErrorCode::NewerPeer
        | ErrorCode::ServerMisbehaves
        | ErrorCode::UnreadableFile
        | ErrorCode::FileNotHere
        | ErrorCode::ChartNotHere
        | ErrorCode::FileDamaged
        | ErrorCode::TooManyCodes
        | ErrorCode::TooLarge
        | ErrorCode::Internal => Tone::Warning,
    };
    notice(tone, said.what, said.help, actions)
}
