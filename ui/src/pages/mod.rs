//! The pages: each a list of sections, or one question answered.

mod account;
mod audit;
mod blocked;
mod chart;
mod find;
mod first_run;
mod handed;
mod import;
mod inbox;
mod joining;
mod language;
mod letterhead;
mod look;
mod paging;
mod people;
mod shown;
mod sign_in;
mod sync;
mod today;
mod visit;

pub(crate) use account::account;
pub(crate) use audit::audit;
pub(crate) use blocked::blocked;
pub(crate) use chart::chart;
pub(crate) use find::{find, open_hit};
pub(crate) use first_run::first_run;
pub(crate) use handed::handed;
pub(crate) use import::import;
pub(crate) use inbox::inbox;
pub(crate) use joining::joining;
pub(crate) use letterhead::letterhead;
pub(crate) use people::people;
pub(crate) use sign_in::sign_in;
pub(crate) use sync::sync;
pub(crate) use today::today;
pub(crate) use visit::visit;
