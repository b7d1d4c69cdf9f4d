//! The use-cases as a host calls them, in one program: linking is what a test binary costs.

mod clinic;
mod corrections;
mod duplicates;
mod ending;
mod exchange;
mod export;
mod forms;
mod import;
mod import_holds;
mod kept_chart;
mod keyring;
mod local_day;
mod merging;
mod paper;
mod queue;
mod seen;
mod signed_notes;
mod support;
mod undone;
mod user_names;
