//! The server from outside: over its answers, and as a process.

mod carrier;
mod common;
mod durability;
mod exchange;
mod hostile;
mod patience;
mod process;
mod sessions;
