//! The members of a value of a visit, and which of them are read together.

use serde_json::{Map, Value};

/// The members of a value by their names: also those that only a newer version of the program knows.
pub(super) type Members = Map<String, Value>;

/// What became of a visit, and since when.
pub(super) const BECAME: &str = "status";
/// When a visit ended: it says nothing without [`BECAME`].
pub(super) const ENDED: &str = "end";
/// Who sees the patient.
pub(super) const SEEN_BY: &str = "participant";
/// Why the patient came.
pub(super) const REASON: &str = "reason";

/// The part that a member belongs to: what is read together is one part, every other member is one
/// of its own.
pub(super) fn part(member: &str) -> &str {
    if member == ENDED { BECAME } else { member }
}

/// The members of one part.
pub(super) fn with(name: &str, members: &Members) -> Members {
    let of_part = members.iter().filter(|(member, _)| part(member) == name);
    of_part.map(|(member, value)| (member.clone(), value.clone())).collect()
}
