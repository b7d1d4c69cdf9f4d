//! What is asked of the hands' rows, on every system.

use std::time::Duration;

/// A row: what is measured, and what is asked of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// What is measured.
    pub(super) what: &'static str,
    /// What is asked, in words.
    pub(super) most: &'static str,
}

const fn target(what: &'static str, most: &'static str) -> Target {
    Target { what, most }
}

/// The rows of unlocking.
pub(super) const OPENING: [Target; 1] =
    [target("unlock: from Enter on the password to Today painted", "≤ 1 s")];
/// What unlocking may take.
#[cfg(target_os = "linux")]
pub(super) const UNLOCK_MAX: Duration = Duration::from_secs(1);

/// The rows of typing: search, chart, long chart, note, note while it is kept; and what the display
/// takes by itself.
pub(super) const TYPING: [Target; 7] = [
    target("search: key to painted results", "p95 ≤ 50 ms"),
    target("chart of 30 entries: Enter to painted", "p95 ≤ 150 ms"),
    target("chart of 700 encounters: Enter to painted", "p95 ≤ 150 ms"),
    target("note: key to glyph", "p95 ≤ 32 ms"),
    target("note: key to glyph while it is kept", "p95 ≤ 32 ms"),
    target("a bare page: key to glyph", "what the display takes"),
    target("a bare page: key to 20 lines that change 18 ms later", "what the display takes"),
];
/// What a key of a search may take.
#[cfg(target_os = "linux")]
pub(super) const SEARCH_MAX: Duration = Duration::from_millis(50);
/// What a chart may take.
#[cfg(target_os = "linux")]
pub(super) const CHART_MAX: Duration = Duration::from_millis(150);
/// What a letter may take.
#[cfg(target_os = "linux")]
pub(super) const GLYPH_MAX: Duration = Duration::from_millis(32);

/// The rows of a day: memory, growth.
pub(super) const DAY: [Target; 2] = [
    target(
        "memory of app and webview together (PSS) after a day of 60 visits",
        "≤ 1.5 x a bare Tauri + Leptos page",
    ),
    target("the same, from the 20th visit to the 60th", "not growing: ≤ 1.05 x"),
];
/// Memory is at most so many times the bare page's.
#[cfg(target_os = "linux")]
pub(super) const MEMORY_MAX: f64 = 1.5;
/// Two measures of one memory differ by so much.
#[cfg(target_os = "linux")]
pub(super) const GROWTH_MAX: f64 = 1.05;
