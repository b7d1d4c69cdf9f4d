//! What happened in a history: what is drawn may find nothing to do.

use super::world::Faults;
use std::collections::BTreeMap;

/// What not every history has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// A document was put into a chart.
    Attached,
    /// A note was written.
    Noted,
    /// The line broke in the midst of an exchange.
    CutOff,
    /// A computer met another.
    Met,
    /// A stick was carried from one to another.
    Carried,
    /// A chart was erased.
    Erased,
    /// Two charts became those of one person.
    Merged,
    /// They were parted again.
    Parted,
    /// A chart that was given to another clinic came back.
    CameBack,
    /// A program ended and began anew.
    Restarted,
    /// The log was covered.
    Covered,
    /// Days passed.
    Passed,
    /// A computer joined.
    Joined,
    /// A chart that was not here was fetched.
    Fetched,
    /// A computer was put back from a copy.
    PutBack,
    /// The server was put back from a copy.
    ServerPutBack,
    /// Two met whose lists of computers had grown apart.
    ListsParted,
    /// A computer was copied, and both went on.
    Copied,
    /// A computer was removed.
    Removed,
    /// Keys were renewed.
    Rotated,
}

impl Deed {
    pub(super) const ALL: [Self; 20] = [
        Self::Attached,
        Self::Noted,
        Self::CutOff,
        Self::Met,
        Self::Carried,
        Self::Erased,
        Self::Merged,
        Self::Parted,
        Self::CameBack,
        Self::Restarted,
        Self::Covered,
        Self::Passed,
        Self::Joined,
        Self::Fetched,
        Self::PutBack,
        Self::ServerPutBack,
        Self::ListsParted,
        Self::Copied,
        Self::Removed,
        Self::Rotated,
    ];

    /// What so few histories have that it is left to chance whether one that is kept does.
    pub(super) const RARE: [Self; 2] = [Self::Parted, Self::ListsParted];

    /// Whether a history of this kind may have it.
    pub(super) const fn may_happen(self, faults: Faults) -> bool {
        match self {
            Self::Fetched => faults.part,
            Self::PutBack | Self::Copied => faults.restored,
            Self::ServerPutBack | Self::ListsParted => faults.rolled_back,
            Self::Attached
            | Self::Noted
            | Self::CutOff
            | Self::Met
            | Self::Carried
            | Self::Erased
            | Self::Merged
            | Self::Parted
            | Self::CameBack
            | Self::Restarted
            | Self::Covered
            | Self::Passed
            | Self::Joined
            | Self::Removed
            | Self::Rotated => true,
        }
    }
}

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub(super) struct Happened(BTreeMap<Deed, u32>);

impl Happened {
    pub(super) fn note(&mut self, deed: Deed) {
        *self.0.entry(deed).or_default() += 1;
    }

    pub(super) fn has(&self, deed: Deed) -> bool {
        self.0.contains_key(&deed)
    }

    pub(super) fn and(mut self, more: Self) -> Self {
        for (deed, times) in more.0 {
            *self.0.entry(deed).or_default() += times;
        }
        self
    }
}
