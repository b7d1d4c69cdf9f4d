//! Answers as lines for people.

mod access;
mod chart;
mod clock;
mod dispute;
mod documents;
mod entries;
mod holders;
mod line;
mod lists;
mod merging;
mod ordered;
mod paper;
mod readback;
mod travel;

pub(super) use access::{
    audit, created, devices, joined, kit, people, recovered, recovery_code, revoked,
};
pub(super) use chart::{Ids, chart, history, recorded};
pub(super) use clock::Clock;
pub(super) use dispute::{CHANGE_SIGNS, conflicts, whole_change};
pub(super) use documents::documents;
pub(super) use line::{counted, identity};
pub(super) use lists::{duplicate, hits, listed, tasks};
pub(super) use merging::compared;
pub(super) use ordered::ordered;
pub(super) use paper::{
    against, letterhead, outcome, preview, printed, remarks, sheets, unvouched, verdict,
};
pub(super) use readback::{before, read_back};
pub(super) use travel::{
    bundle_taken, bundle_written, check, exported, far, floor_made, import, kept_apart, met_peer,
    sync, to_decide,
};
