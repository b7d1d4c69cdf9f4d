//! Sheets as people and programs read them.

mod safety;
mod samples;
mod scripts;
mod sheets;
