//! Square codes (ISO/IEC 18004), as boxes.

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
