//! Lists whose lines are walked by the arrow keys.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Moves the keyboard from line to line of the element that heard the key: the lines are what bears
/// the class `row` in it. Keys typed into something are left alone.
pub(crate) fn walk_rows(event: &KeyboardEvent) {
    if walk(event).is_some() {
        event.prevent_default();
    }
}

fn walk(event: &KeyboardEvent) -> Option<()> {
    let is_plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
    let within: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let from: HtmlElement = event.target()?.dyn_into().ok()?;
    let from = from.closest(".row").ok()??;
    let rows = within.query_selector_all(".row").ok()?;
    let all = (0..rows.length()).filter_map(|at| rows.get(at));
    let at = all.into_iter().position(|row| row == *from)?;
    let at = u32::try_from(at).ok().filter(|_| is_plain)?;
    let row = rows.get(next(&event.key(), at, rows.length())?)?;
    row.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

/// The line a key leads to; the ends hold.
fn next(key: &str, at: u32, count: u32) -> Option<u32> {
    let last = count.saturating_sub(1);
    Some(match key {
        "ArrowDown" => (at + 1).min(last),
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_from_line_to_line() {
        let check = |key: &str, at: u32, want: Option<u32>| assert_eq!(next(key, at, 3), want);
        check("ArrowDown", 0, Some(1));
        check("ArrowDown", 2, Some(2));
        check("ArrowUp", 0, Some(0));
        check("End", 0, Some(2));
        check("Home", 2, Some(0));
        check("x", 1, None);
    }
}
