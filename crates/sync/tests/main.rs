//! The exchange from outside: its forms, its network, those who lie.

// What a fuzz target is built with, so that it is built here too.
extern crate self as libfuzzer_sys;

mod forms;
mod hostile_bytes;
mod left;
mod lying_server;
mod membership;
mod mending;
mod network;
mod own_keys;
mod own_places;
mod pushed;
mod targets;

/// Makes a fuzz target a function.
#[macro_export]
macro_rules! fuzz_target {
    (|$bytes:ident: &[u8]| $body:block) => {
        pub(crate) fn run($bytes: &[u8]) $body
    };
}
