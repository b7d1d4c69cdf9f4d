//! Reads the shell's JSON into the values of the contract.
//!
//! Window and program are built of one contract, so a text that cannot be read has no reason worth
//! telling: its error is empty, an object is read as an object alone, and the module is a good
//! deal smaller than with the general reader, which is made anew for every type.

mod json;
mod members;
#[cfg(test)]
mod tests;
mod unreadable;
mod variant;

use json::Json;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The value a text stands for, when it is of the type.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    of_value(&value(json)?)
}

/// The same of JSON that is parsed already.
fn of_value<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(Json(value)).ok()
}

/// A text as JSON: in the module once for all types.
#[inline(never)]
fn value(json: &str) -> Option<Value> {
    serde_json::from_str(json).ok()
}
