//! What went wrong, in our own words: what failed, what is safe, what to do.

use crate::i18n::t;
use api::ErrorCode;

/// The two sentences of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ErrorWords {
    /// What failed.
    pub what: &'static str,
    /// What is safe, and what to do.
    pub help: &'static str,
}

/// The words for a cause.
pub(crate) fn error(code: ErrorCode) -> ErrorWords {
    let (what, help) = keys(code);
    ErrorWords { what: t(what), help: t(help) }
}

fn keys(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::SignedOut => ("error.signed-out.what", "error.signed-out.help"),
        ErrorCode::NotPermitted => ("error.not-permitted.what", "error.not-permitted.help"),
        ErrorCode::Invalid => ("error.invalid.what", "error.invalid.help"),
        ErrorCode::NotFound => ("error.not-found.what", "error.not-found.help"),
        ErrorCode::Disputed => ("error.disputed.what", "error.disputed.help"),
        ErrorCode::Changed => ("error.changed.what", "error.changed.help"),
        ErrorCode::WrongPassword => ("error.wrong-password.what", "error.wrong-password.help"),
        ErrorCode::WrongRecoveryCode => {
            ("error.wrong-recovery-code.what", "error.wrong-recovery-code.help")
        }
        ErrorCode::UnknownUser => ("error.unknown-user.what", "error.unknown-user.help"),
        ErrorCode::KeyringAbsent => ("error.keyring-absent.what", "error.keyring-absent.help"),
        ErrorCode::KeyringLocked => ("error.keyring-locked.what", "error.keyring-locked.help"),
        ErrorCode::KeyringTimedOut => {
            ("error.keyring-timed-out.what", "error.keyring-timed-out.help")
        }
        ErrorCode::KeyringEmpty => ("error.keyring-empty.what", "error.keyring-empty.help"),
        ErrorCode::Damaged => ("error.damaged.what", "error.damaged.help"),
        ErrorCode::MissingCommits => ("error.missing-commits.what", "error.missing-commits.help"),
        ErrorCode::NewerVersion => ("error.newer-version.what", "error.newer-version.help"),
        ErrorCode::StoreInUse => ("error.store-in-use.what", "error.store-in-use.help"),
        ErrorCode::AlreadyExists => ("error.already-exists.what", "error.already-exists.help"),
        ErrorCode::NoClinic => ("error.no-clinic.what", "error.no-clinic.help"),
        ErrorCode::JoiningUnfinished => {
            ("error.joining-unfinished.what", "error.joining-unfinished.help")
        }
        ErrorCode::DiskFull => ("error.disk-full.what", "error.disk-full.help"),
        ErrorCode::ReadOnlyDisk => ("error.read-only-disk.what", "error.read-only-disk.help"),
        ErrorCode::BadCode => ("error.bad-code.what", "error.bad-code.help"),
        ErrorCode::NumbersDiffer => ("error.numbers-differ.what", "error.numbers-differ.help"),
        ErrorCode::Unreachable => ("error.unreachable.what", "error.unreachable.help"),
        ErrorCode::ServerSilent => ("error.server-silent.what", "error.server-silent.help"),
        ErrorCode::ServerFull => ("error.server-full.what", "error.server-full.help"),
        ErrorCode::Stopped => ("error.stopped.what", "error.stopped.help"),
        ErrorCode::FileStopped => ("error.file-stopped.what", "error.file-stopped.help"),
        ErrorCode::ServerElsewhere => {
            ("error.server-elsewhere.what", "error.server-elsewhere.help")
        }
        ErrorCode::OverQuota => ("error.over-quota.what", "error.over-quota.help"),
        ErrorCode::ServerDamaged => ("error.server-damaged.what", "error.server-damaged.help"),
        ErrorCode::ServerNotTrusted => {
            ("error.server-not-trusted.what", "error.server-not-trusted.help")
        }
        ErrorCode::DeviceRefused => ("error.device-refused.what", "error.device-refused.help"),
        ErrorCode::NewerPeer => ("error.newer-peer.what", "error.newer-peer.help"),
        ErrorCode::ServerMisbehaves => {
            ("error.server-misbehaves.what", "error.server-misbehaves.help")
        }
        ErrorCode::UnreadableFile => ("error.unreadable-file.what", "error.unreadable-file.help"),
        ErrorCode::FileNotHere => ("error.file-not-here.what", "error.file-not-here.help"),
        ErrorCode::ChartNotHere => ("error.chart-not-here.what", "error.chart-not-here.help"),
        ErrorCode::FileDamaged => ("error.file-damaged.what", "error.file-damaged.help"),
        ErrorCode::TooManyCodes => ("error.too-many-codes.what", "error.too-many-codes.help"),
        ErrorCode::TooLarge => ("error.too-large.what", "error.too-large.help"),
        ErrorCode::Internal => ("error.internal.what", "error.internal.help"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};
    use std::collections::BTreeSet;

    /// Whoever is kept out is told apart what keeps them out, in every language.
    #[test]
    fn each_way_to_be_kept_out_has_words_of_its_own() {
        let kept_out = [
            ErrorCode::WrongPassword,
            ErrorCode::Damaged,
            ErrorCode::KeyringAbsent,
            ErrorCode::KeyringEmpty,
            ErrorCode::KeyringLocked,
            ErrorCode::KeyringTimedOut,
            ErrorCode::NewerVersion,
            ErrorCode::StoreInUse,
            ErrorCode::UnknownUser,
            ErrorCode::MissingCommits,
            ErrorCode::JoiningUnfinished,
        ];
        for tag in tags() {
            let said = |pick: fn(ErrorWords) -> &'static str| {
                let words = || kept_out.iter().map(|code| pick(error(*code)));
                speak(tag, || words().collect::<BTreeSet<_>>().len())
            };
            assert_eq!(said(|words| words.what), kept_out.len(), "{tag}: what failed");
            assert_eq!(said(|words| words.help), kept_out.len(), "{tag}: what to do");
        }
    }
}
