//! A dose as a pharmacist checks it: in the unit of the strength, as so many tablets, and whether the
//! instruction beside it tells another one.

mod changed;
mod exact;
mod measured;
mod parted;

pub(crate) use changed::changes;
pub(crate) use measured::{companion, in_strength};
pub(crate) use parted::amount;
