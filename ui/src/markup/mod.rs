//! What `view!` makes: elements, attributes, handlers and what is drawn anew, each of one type.
//!
//! With types of its own for every element, attribute and closure a page cost the window's module
//! four times as much. Whoever adds a kind of value writes a conversion here, short, and what it
//! converts into is drawn by code that is in the module once.

mod attribute;
mod child;
mod draw;
mod element;

pub(crate) use attribute::Place;
pub(crate) use element::{element, row};

/// What a page needs to draw: Leptos, with a `view!` and an `into_any` whose views are small.
pub(crate) mod prelude {
    pub(crate) use super::child::IntoAny;
    pub(crate) use leptos::prelude::*;
    pub(crate) use markup::view;
}
