//! Square codes (ISO/IEC 18004): as boxes on paper, as a path on a screen.

use crate::{error::PrintError, layout::Block, pdf::Mark};
use qrcode::{Color, EcLevel, QrCode};

/// A code of a text, so wide and high.
///
/// # Errors
/// [`PrintError::Code`] when the text is longer than a code holds.
pub(crate) fn code(text: &str, side: f32) -> Result<Block, PrintError> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PrintError::Code)?;
    let width = code.width();
    // Four modules on each side stay blank.
    let module = side / modules(width + 8);
    let colors = code.to_colors();
    let mut marks = Vec::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        // Dark modules beside each other are one box: no hair of white between them.
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let at = (modules(x + 4) * module, modules(y + 4) * module);
                marks.push(Mark::Box { at, size: (modules(run.len()) * module, module) });
            }
            x += run.len();
        }
    }
    Ok(Block { marks, height: side })
}

/// A code has at most 177 modules on a side.
fn modules(count: usize) -> f32 {
    u16::try_from(count).map_or(0.0, f32::from)
}

/// Blank modules around a code: what a reader needs at least.
const QUIET: usize = 4;

/// A code of a text for a screen: how many modules a side has, the blank edge among them, and the
/// dark ones as the `d` of an SVG path in which a module is one by one. `None` for a text that is
/// longer than a code holds.
#[must_use]
pub fn path(text: &str) -> Option<(u32, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = QUIET;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let run = run.len();
                path.push_str(&format!("M{x} {}h{run}v1h-{run}z", y + QUIET));
            }
            x += run.len();
        }
    }
    Some((u32::try_from(width + 2 * QUIET).ok()?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_for_a_screen_has_the_modules_of_the_code() {
        let text = "ABCD-".repeat(20);
        let (side, drawn) = path(&text).unwrap();
        let code = QrCode::with_error_correction_level(&text, EcLevel::L).unwrap();
        assert_eq!(usize::try_from(side).unwrap(), code.width() + 2 * QUIET);
        // A finder begins in the corner: seven dark modules, after the blank edge.
        assert!(drawn.starts_with("M4 4h7v1h-7z"), "{drawn}");
        let runs = drawn.split('M').skip(1).map(|run| run.split(['h', 'v']).nth(1).unwrap());
        let dark: usize = runs.map(|run| run.parse::<usize>().unwrap()).sum();
        assert_eq!(dark, code.to_colors().iter().filter(|color| **color == Color::Dark).count());
        assert_eq!(path(&"a".repeat(4000)), None);
    }
}
