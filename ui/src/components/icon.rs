//! Icons: one stroke, 24 by 24, always beside a word.

use crate::markup::prelude::*;

/// The icons there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Alert,
    Check,
    Computer,
    Conflict,
    Find,
    Import,
    Info,
    Keys,
    Lock,
    Paper,
    People,
    Sync,
    Tasks,
    Today,
}

/// An icon; it says nothing to those who listen, the word beside it does.
pub(crate) fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path(icon)></path>
        </svg>
    }
    .into_any()
}

fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Alert => "M12 3 2.5 20h19L12 3zM12 10v4.5M12 17.2v.3",
        Icon::Check => "M4.5 12.5l5 5 10-11",
        Icon::Computer => "M4 5h16v11H4zM12 16v4M8 20h8",
        Icon::Conflict => "M12 21v-7M12 14 5 5M12 14l7-9M5 10V5h5M14 5h5v5",
        Icon::Find => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3 21 21",
        Icon::Import => "M12 3v12M7 10l5 5 5-5M4 16v4h16v-4",
        Icon::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7.2v.3",
        Icon::Keys => "M3 6h18v12H3zM7 10v.3M11 10v.3M15 10v.3M8 14.5h8",
        Icon::Lock => "M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3",
        Icon::Paper => "M6 3h9l4 4v14H6V3zM14.5 3v4.5H19M9 12h7M9 16h7",
        Icon::People => {
            "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20a7 7 0 0 1 14 0M16 3.5a4 4 0 0 1 0 7.5M19 20a7 7 0 0 0-3-5.5"
        }
        Icon::Sync => "M4 12a8 8 0 0 1 14-5.3L20 9M20 4v5h-5M20 12a8 8 0 0 1-14 5.3L4 15M4 20v-5h5",
        Icon::Today => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
        Icon::Tasks => {
            "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6h8M12 12h8M12 18h8"
        }
    }
}
