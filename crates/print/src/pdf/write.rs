//! Pages as the bytes of a file. The same pages give the same bytes.

use super::{Page, fonts::Fonts, ink};
use crate::error::PrintError;
use lopdf::{Object, StringFormat};
use printpdf::{Mm, OffsetDateTime, PdfDocument, PdfPage, PdfSaveOptions, Pt};
use sha2::{Digest as _, Sha256};

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Imprint {
    /// Its title.
    pub(crate) title: String,
    /// When it was made, in seconds since the Unix epoch.
    pub(crate) made_at: i64,
}

/// Writes pages.
///
/// # Errors
/// [`PrintError::Font`] when a font cannot be cut; [`PrintError::File`] when the file cannot be put
/// together.
pub(crate) fn write(pages: &[Page], imprint: &Imprint) -> Result<Vec<u8>, PrintError> {
    let fonts = Fonts::of(pages);
    let mut document = PdfDocument::new(&imprint.title);
    let made_at =
        OffsetDateTime::from_unix_timestamp(imprint.made_at).map_err(|_| PrintError::File)?;
    document.metadata.info.creation_date = made_at;
    document.metadata.info.modification_date = made_at;
    document.metadata.info.producer = "Fieldchart".to_owned();
    document.resources.fonts.map.extend(fonts.cut()?);
    let pages = pages.iter().map(|page| {
        let (width, height) = page.size;
        PdfPage::new(
            Mm::from(Pt(width)),
            Mm::from(Pt(height)),
            ink::draw(&page.marks, height, &fonts),
        )
    });
    document.with_pages(pages.collect());
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    name(&mut file, imprint)?;
    file.prune_objects();
    file.compress();
    bytes(&mut file)
}

/// Gives the file an id that its content alone decides.
fn name(file: &mut lopdf::Document, imprint: &Imprint) -> Result<(), PrintError> {
    file.trailer.set("ID", Object::Array(Vec::new()));
    let digest = Sha256::digest([bytes(file)?, imprint.title.clone().into_bytes()].concat());
    let id = Object::String(digest.iter().take(16).copied().collect(), StringFormat::Hexadecimal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    Ok(())
}

fn bytes(file: &mut lopdf::Document) -> Result<Vec<u8>, PrintError> {
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|_| PrintError::File)?;
    Ok(bytes)
}
