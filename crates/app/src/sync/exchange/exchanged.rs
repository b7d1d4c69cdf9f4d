//! How an exchange went, and how several runs of one did together.

use sync::{
    session::{Alarm, Failure, Summary},
    wire::RefusalCode,
};

/// How an exchange went.
pub(in crate::sync) struct Exchanged {
    pub(in crate::sync) summary: Summary,
    pub(in crate::sync) alarms: Vec<Alarm>,
    /// Changes that are too large to travel; `None` when the outbox was not seen to its end.
    pub(in crate::sync) too_large: Option<u64>,
}

impl Exchanged {
    /// What both runs did, of which the first found that the lists of computers had grown apart.
    pub(in crate::sync) fn mended(mut self, last: Self) -> Self {
        self.alarms.retain(|alarm| *alarm != Alarm::Distrusted(Failure::MembershipForked));
        self.alarms.push(Alarm::MembersMended);
        self.and(last)
    }

    /// What both runs of one exchange did. The last says how it ended.
    pub(in crate::sync) fn and(self, last: Self) -> Self {
        let summary = Summary {
            pushed: self.summary.pushed.saturating_add(last.summary.pushed),
            received: self.summary.received.saturating_add(last.summary.received),
            ..last.summary
        };
        let mut alarms = last.alarms;
        let is_new = |alarm: &Alarm| !alarms.contains(alarm);
        let before: Vec<_> = self.alarms.into_iter().filter(is_new).collect();
        alarms.extend(before);
        Self { summary, alarms, too_large: last.too_large.or(self.too_large) }
    }
}

/// Whether the server never met the clinic or this computer, or was set up anew: it is told of them.
pub(super) fn is_unknown_there(failure: &Failure) -> bool {
    match failure {
        Failure::Refused(refused) => {
            matches!(refused.0.code, RefusalCode::UnknownClinic | RefusalCode::UnknownDevice)
        }
        Failure::Unreachable
        | Failure::Silent
        | Failure::Untrusted
        | Failure::Newer
        | Failure::Protocol
        | Failure::ChainBroken
        | Failure::MembershipForked
        | Failure::PushRefused
        | Failure::BelowFloor
        | Failure::Unsettled
        | Failure::Stopped
        | Failure::Host => false,
    }
}

/// Whether the server does not know the clinic.
pub(in crate::sync) fn is_unknown_clinic(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(refused) if refused.0.code == RefusalCode::UnknownClinic)
}
