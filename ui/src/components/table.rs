//! Tables.

use crate::markup::prelude::*;

/// A table with a name for those who do not see what stands around it, the heads of its columns,
/// and its rows.
pub(crate) fn table(
    class: &'static str,
    name: &'static str,
    heads: &[&'static str],
    rows: Vec<AnyView>,
) -> AnyView {
    let heads: Vec<AnyView> = heads.iter().map(|head| column(head)).collect();
    view! {
        <table class=class>
            <caption class="only-heard">{name}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn column(head: &'static str) -> AnyView {
    view! { <th scope="col">{head}</th> }.into_any()
}
