//! Names and values, two columns.

use super::unbroken;
use crate::markup::prelude::*;

/// The list.
pub(crate) fn facts(facts: Vec<AnyView>) -> AnyView {
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

/// One of it: what it is, and what it says.
pub(crate) fn fact(name: impl Into<String>, value: impl Into<String>) -> AnyView {
    let (name, value) = (name.into(), value.into());
    view! { <dt>{name}</dt><dd><bdi>{unbroken(&value)}</bdi></dd> }.into_any()
}
