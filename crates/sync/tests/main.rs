//! The exchange from outside: its forms, its network, those who lie.

mod forms;
mod lying_server;
mod membership;
mod network;
