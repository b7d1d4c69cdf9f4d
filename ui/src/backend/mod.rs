//! The only way out of the window and in: commands to the shell, events from it.

mod bridge;
mod echo;
mod events;
mod remote;

pub(crate) use bridge::{Answer, answered, ask_for, call, question, reply_of};
pub(crate) use events::{
    listen, on_carrying, on_dropped_files, on_exchanging, on_rebuilding, subscribe, touch,
};
pub(crate) use remote::{Load, Remote, remote};
