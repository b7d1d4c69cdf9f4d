//! Pages as a sheet.

use crate::{
    error::PrintError,
    layout::Flow,
    pdf::{Imprint, Mark, Page, write},
    sheets::{Printing, Sheet},
};
use std::collections::BTreeSet;

/// Writes what has been laid out.
///
/// # Errors
/// The file's.
pub(crate) fn finish(
    flow: Flow<'_>,
    title: &str,
    printing: &Printing,
) -> Result<Sheet, PrintError> {
    let pages = flow.finish();
    let pdf = write(&pages, &Imprint { title: title.to_owned(), made_at: printing.at })?;
    Ok(Sheet { pdf, pages: pages.len(), unwritten: unwritten(&pages), laid: pages })
}

/// What could not be drawn, and what was left out.
fn unwritten(pages: &[Page]) -> Vec<char> {
    let mut all = BTreeSet::new();
    for mark in pages.iter().flat_map(|page| &page.marks) {
        let Mark::Text { line, .. } = mark else { continue };
        all.extend(line.left_out.chars());
        all.extend(line.pieces.iter().flat_map(|piece| piece.unwritten.chars()));
    }
    all.into_iter().collect()
}
