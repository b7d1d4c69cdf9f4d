//! What the eye would find wrong with a page.

use serde_json::json;
use tests::window::Window;

/// What is cut off or reaches out of its place.
const CUT: &str = r#"
const cut = [];
const told = (what, e) => cut.push(`${what} ${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 60)}`);
for (const e of document.querySelectorAll("body *")) {
  if (!e.getClientRects().length || e.closest(".only-heard, .skip, svg")) continue;
  const box = e.getBoundingClientRect();
  if (box.left < -1 || box.right > innerWidth + 1) told("outside", e);
  const holds = e.matches("button, .chip, .rail-link, .badge, label, h1, h2, h3, th, dt");
  if (holds && e.scrollWidth > e.clientWidth + 1) told("too long", e);
}
if (document.documentElement.scrollWidth > innerWidth) cut.push("the page is too wide");
return [...new Set(cut)];
"#;

/// Fails the test where something is cut off.
pub fn nothing_is_cut_off(window: &Window, page: &str) {
    assert_eq!(window.ask(CUT, &[]), json!([]), "{page}");
}

/// What makes the window itself longer than it is high: its bar would slip away with the page.
const SLIPS: &str = r#"
const of = document.documentElement;
return [of.scrollHeight - innerHeight, of.scrollWidth - innerWidth, of.scrollTop, of.scrollLeft];
"#;

/// Fails the test where the whole window scrolls, and not the page within it.
pub fn the_window_stands_still(window: &Window, page: &str) {
    assert_eq!(window.ask(SLIPS, &[]), json!([0, 0, 0, 0]), "{page}");
}

/// Where the search of the bar begins, with a short and a long word of the sync beside it.
const SEARCH: &str = r#"
const chip = document.querySelector(".sync-chip [role=status]");
const said = [...chip.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
const was = said.data;
const places = ["Sync", "Offline · 12 to send"].map((words) => {
  said.data = words;
  return document.querySelector(".find-button").getBoundingClientRect().left;
});
said.data = was;
return places[0] - places[1];
"#;

/// Fails the test where the search slides when the sync says another thing.
pub fn the_search_stands_still(window: &Window) {
    let slid = window.ask(SEARCH, &[]).as_f64();
    assert!(slid.is_some_and(|slid| slid.abs() < 0.5), "{slid:?}");
}
