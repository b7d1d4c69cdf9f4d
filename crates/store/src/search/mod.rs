//! Finding a patient by whatever a person types: a name in any script, digits of a telephone
//! number, an identifier, a birth date.
//!
//! Every word is folded to Latin letters and digits before it is indexed or looked up, so the
//! index is small and one rule serves all scripts. Each word of a query must match (as a prefix),
//! in whatever it may mean. Nothing is ranked by the index: ranking is what costs.

mod alike;
mod dates;
mod find;
pub(crate) mod index;
mod query;
mod sound;
pub(crate) mod words;

pub(crate) use alike::find as find_alike;
pub use alike::{ALIKE_MAX, Alike, Likeness};
pub(crate) use find::find;
pub use find::{Found, Matched, RESULTS_MAX};
