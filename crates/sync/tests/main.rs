//! The exchange from outside: its forms, its network, those who lie.

mod forms;
mod hostile_bytes;
mod left;
mod lying_server;
mod membership;
mod mending;
mod network;
mod pushed;
