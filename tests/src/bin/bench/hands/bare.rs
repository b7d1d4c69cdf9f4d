//! What the display takes by itself: letters in a bare page, measured as those in the app are.

use super::{
    gauge::{Gauge, Press},
    stage,
};
use crate::{outcome::Outcome, places::Places};
use ::tests::window::Window;
use serde_json::json;
use std::{path::PathBuf, thread, time::Duration};

/// What is typed.
const TEXT: &str = "a bare page takes so long for a letter on this display, whatever it is part of";
/// So many lines change with each letter where a list does: what a search shows.
const LINES: usize = 20;
/// So long after the letter they change: about what a search is answered in.
const ANSWER_MS: u32 = 18;
/// Between two letters.
const LETTER: Duration = Duration::from_millis(120);
/// A page that has not changed for so long is finished.
const QUIET: Duration = Duration::from_millis(120);

/// Letters typed into a field, and letters with each of which a list of lines changes.
pub(super) fn measure(places: &Places) -> Outcome<[Vec<Press>; 2]> {
    let program = std::env::var_os("FIELDCHART_BARE").map(PathBuf::from);
    let program = program.ok_or("there is no bare page: it is built by cargo xtask bench")?;
    let window = stage::start(places, "bare", program, places.own("bare"), Vec::new())?;
    let glyphs = type_text(&window, 0)?;
    let lists = type_text(&window, LINES)?;
    Ok([glyphs, lists])
}

fn type_text(window: &Window, lines: usize) -> Outcome<Vec<Press>> {
    window.see_count("main", 1);
    window.ask(include_str!("bare.js"), &[json!(lines), json!(ANSWER_MS)]);
    let gauge = Gauge::on(window);
    let is_glyph = lines == 0;
    gauge.begin(is_glyph);
    let mut presses = Vec::new();
    for letter in TEXT.chars() {
        if is_glyph {
            window.keys(&letter.to_string());
            thread::sleep(LETTER);
        } else {
            presses.push(gauge.press(&letter.to_string(), QUIET)?);
        }
    }
    Ok(if is_glyph { gauge.presses("")? } else { presses })
}
