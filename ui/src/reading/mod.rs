//! Reads the shell's JSON into the values of the contract.
//!
//! Window and program are built of one contract, so a text that cannot be read has no reason worth
//! telling: its error is empty, an object is read as an object alone, and the module is a good
//! deal smaller than with the general reader, which is made anew for every type.

mod json;
mod members;
mod node;
#[cfg(test)]
mod tests;
mod unreadable;
mod variant;

use json::Json;
use node::Node;
use serde::de::DeserializeOwned;

/// The value a text stands for, when it is of the type.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    T::deserialize(Json(&node(json)?)).ok()
}

/// A text as JSON: in the module once for all types.
#[inline(never)]
fn node(json: &str) -> Option<Node<'_>> {
    serde_json::from_str(json).ok()
}
