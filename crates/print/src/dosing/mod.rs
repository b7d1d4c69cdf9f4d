//! A dose as a pharmacist checks it: as so many tablets of its strength, and whether the
//! instruction beside it tells another one.

mod changed;
mod exact;
mod measured;
mod parted;

pub(crate) use changed::changes;
pub(crate) use measured::companion;
pub(crate) use parted::amount;
