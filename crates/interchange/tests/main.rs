//! FHIR in and out, from outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod ambiguous;
mod export;
mod hostile;
mod impossible;
mod read;
mod shared_data;
mod support;
mod twice;
