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
