//! `view!`: markup as it is written in the pages of the window, made into few and small calls.
//!
//! What it gives is drawn by `ui/src/markup`. Leptos's own macro makes a type for every element and
//! an effect, a handler and an attribute anew for every closure; here all of them are of one type
//! each, so that a view costs the window little more than its words.

mod emit;

/// Markup, as Leptos writes it: elements with attributes, `on:EVENT`, `prop:NAME`, `class:NAME` and
/// `node_ref`; texts, and values in braces. A value that is a closure is drawn anew when a signal
/// it reads changes.
#[proc_macro]
pub fn view(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let nodes = rstml::parse2(input.into());
    let calls = nodes.and_then(|nodes| emit::nodes(&nodes));
    calls.unwrap_or_else(|error| error.to_compile_error()).into()
}
