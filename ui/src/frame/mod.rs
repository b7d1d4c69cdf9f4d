//! The frame around every page: which stage we are at, where we are, what is open beside it.

mod aside;
mod done;
mod gate;
mod idle;
mod keeper;
mod kept;
mod lock;
mod palette;
mod place;
mod rail;
mod sheet_region;
mod shortcuts;
mod state;
mod subject;
mod top_bar;
mod workspace;

pub(crate) use done::{Done, Next};
pub(crate) use gate::{Gate, Handed, Paper, root};
pub(crate) use keeper::Keeper;
pub(crate) use lock::lock;
pub(crate) use place::{Route, Sheet};
pub(crate) use shortcuts::sync_now;
pub(crate) use state::Frame;
pub(crate) use subject::Subject;
