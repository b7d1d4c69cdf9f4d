//! The living record from outside: its forms, its merges, its limits.

mod golden;
mod large;
mod merge;
mod refresh;
mod tasks;
