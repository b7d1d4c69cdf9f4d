//! Who else holds the record, and why an exchange with them failed.

use super::error;
use crate::i18n::{t, tf};
use api::{ApiError, ErrorCode, Holder, SyncView};

/// Who.
pub(crate) fn holder(who: &Holder) -> &str {
    match who {
        Holder::Server => t("sync.the-server"),
        Holder::Computer { name, .. } => name.as_deref().unwrap_or_else(|| t("written.device")),
    }
}

/// Why the exchange failed, in short; where no server is set, with whom.
pub(crate) fn failed_with(view: &SyncView, failure: &ApiError) -> String {
    let is_it = |met: &api::MetView| met.failed.as_ref() == Some(failure);
    let by_lan = view.is_by_lan_alone();
    match view.holders.iter().find(|one| by_lan && is_it(&one.met)) {
        Some(one) => {
            let (name, why) = (holder(&one.who), failed_with_computer(failure.code));
            tf("sync.failed-with", &[("name", name), ("why", why)])
        }
        None => error(failure.code).what.to_owned(),
    }
}

/// Why the exchange with a computer failed, said of that computer.
#[allow(clippy::wildcard_enum_match_arm, reason = "the others are told alike of all")]
pub(crate) fn failed_with_computer(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unreachable | ErrorCode::ServerSilent => t("sync.cause.silent"),
        ErrorCode::ServerFull | ErrorCode::OverQuota => t("sync.cause.full"),
        ErrorCode::ServerNotTrusted | ErrorCode::DeviceRefused => t("sync.cause.untrusted"),
        ErrorCode::ServerDamaged | ErrorCode::ServerMisbehaves => t("sync.cause.strange"),
        other => error(other).what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    /// A computer of the clinic is no server, in no language.
    #[test]
    fn what_a_computer_did_is_not_said_of_a_server() {
        let codes = [
            ErrorCode::Unreachable,
            ErrorCode::ServerSilent,
            ErrorCode::ServerFull,
            ErrorCode::OverQuota,
            ErrorCode::ServerNotTrusted,
            ErrorCode::DeviceRefused,
            ErrorCode::ServerDamaged,
            ErrorCode::ServerMisbehaves,
        ];
        for tag in tags() {
            for code in codes {
                let (of_server, of_computer) =
                    speak(tag, || (error(code).what, failed_with_computer(code)));
                assert_ne!(of_server, of_computer, "{tag}: {code:?}");
            }
        }
    }
}
