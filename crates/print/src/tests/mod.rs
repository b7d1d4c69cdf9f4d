//! Sheets as people and programs read them.

mod heeded;
mod languages;
mod pages;
mod pictures;
mod safety;
mod samples;
mod scripts;
mod sheets;
