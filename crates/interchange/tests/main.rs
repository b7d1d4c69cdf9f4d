//! FHIR in and out, from outside.

mod ambiguous;
mod export;
mod hostile;
mod impossible;
mod read;
mod shared_data;
mod support;
mod twice;
