//! A text as a square code (ISO/IEC 18004) that a camera reads off a terminal.

use qrcode::{Color, EcLevel, QrCode};

/// Blank modules around the code: what a reader needs at least.
const QUIET: usize = 4;

/// The code as lines of half blocks, two rows of modules a line. What is light is drawn, as a
/// terminal is dark; on a light one the code is a negative, which cameras read too. `None` for a
/// text that no code holds.
pub(super) fn of(text: &str) -> Option<String> {
    // Codes are typed with dashes for people; a reader gets them as they are shown.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let is_light = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < width);
        let (Some(x), Some(y)) = (inside(x), inside(y)) else { return true };
        colors.get(y * width + x) != Some(&Color::Dark)
    };
    let side = width + 2 * QUIET;
    let line = |y: usize| {
        let below = |x: usize| y + 1 < side && is_light(x, y + 1);
        let half = |x: usize| match (is_light(x, y), below(x)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..side).map(half).chain(['\n']).collect::<String>()
    };
    Some((0..side).step_by(2).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_quiet_zone_and_its_corners() {
        let drawn = of("ABCD-EFGH").unwrap();
        let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        let side = lines[0].len();
        assert!(lines.iter().all(|line| line.len() == side), "{drawn}");
        assert_eq!(lines.len(), side.div_ceil(2), "{drawn}");
        assert!(lines[..2].iter().flatten().all(|half| *half == '█'), "{drawn}");
        let is_dark = |x: usize, y: usize| {
            let half = lines[y / 2][x];
            if y.is_multiple_of(2) {
                matches!(half, '▄' | ' ')
            } else {
                matches!(half, '▀' | ' ')
            }
        };
        // A finder stands in three corners: a dark frame of seven with a light one inside it.
        for (left, top) in [(4, 4), (side - 11, 4), (4, side - 11)] {
            for at in 0..7 {
                assert!(
                    is_dark(left + at, top) && is_dark(left, top + at),
                    "{left} {top}: {drawn}"
                );
            }
            assert!(!is_dark(left + 1, top + 1) && is_dark(left + 3, top + 3), "{left} {top}");
        }
    }

    #[test]
    fn the_longest_code_of_an_invitation_fits_and_more_is_refused() {
        let longest = "ABCD-".repeat(100);
        assert!(of(&longest).is_some());
        assert!(of(&"a".repeat(4000)).is_none());
    }
}
