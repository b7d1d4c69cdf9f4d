//! The glyphs a document uses: what they stand for, and the fonts cut down to them.

use super::{Mark, Page};
use crate::{
    error::PrintError,
    text::{Face, FaceId, Glyph, Piece, face_of},
};
use printpdf::{FontId, ParsedFont, PdfFont, PdfFontHandle};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;

/// The used part of each typeface.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    used: BTreeMap<FaceId, Used>,
}

#[derive(Debug, Default)]
struct Used {
    remapper: GlyphRemapper,
    /// What a glyph stands for where nothing else is said; one text for each.
    stands_for: BTreeMap<u32, String>,
}

impl Fonts {
    /// What pages use.
    pub(super) fn of(pages: &[Page]) -> Self {
        let mut fonts = Self::default();
        for mark in pages.iter().flat_map(|page| &page.marks) {
            if let Mark::Text { line, .. } = mark {
                line.pieces.iter().for_each(|piece| fonts.take(piece));
            }
        }
        fonts
    }

    fn take(&mut self, piece: &Piece) {
        let used = self.used.entry(piece.face).or_default();
        let is_several = |glyph: &Glyph| glyph.is_mark() || glyph.text.chars().nth(1).is_some();
        if piece.rtl && piece.glyphs.iter().any(is_several) {
            let blank = face_of(piece.face).and_then(Face::blank);
            used.remapper.remap(narrow(blank.unwrap_or_default()));
        }
        for glyph in &piece.glyphs {
            used.remapper.remap(narrow(glyph.id));
            if glyph.is_nominal {
                used.stands_for.insert(glyph.id, glyph.text.clone());
            } else {
                used.stands_for.entry(glyph.id).or_insert_with(|| glyph.text.clone());
            }
        }
    }

    /// What a glyph stands for where nothing else is said.
    pub(super) fn stands_for(&self, face: FaceId, glyph: &Glyph) -> &str {
        let used = self.used.get(&face);
        used.and_then(|used| used.stands_for.get(&glyph.id)).map_or("", String::as_str)
    }

    /// The number of a glyph in the cut font.
    pub(super) fn number(&self, face: FaceId, glyph: &Glyph) -> u16 {
        let used = self.used.get(&face);
        used.and_then(|used| used.remapper.get(narrow(glyph.id))).unwrap_or_default()
    }

    /// The cut fonts, by the names that [`handle`] gives.
    ///
    /// # Errors
    /// [`PrintError::Font`] when one cannot be cut.
    pub(super) fn cut(&self) -> Result<Vec<(FontId, PdfFont)>, PrintError> {
        self.used.iter().map(|(id, used)| Ok((font_id(*id), cut(*id, used)?))).collect()
    }
}

/// What the operations of a page call a typeface.
pub(super) fn handle(id: FaceId) -> PdfFontHandle {
    PdfFontHandle::External(font_id(id))
}

fn font_id(id: FaceId) -> FontId {
    // No name of the built-in fonts, "F1" to "F14".
    FontId(format!("T{}", id.index()))
}

fn cut(id: FaceId, used: &Used) -> Result<PdfFont, PrintError> {
    let face = face_of(id).ok_or(PrintError::Font)?;
    let cut = subsetter::subset(face.data, 0, &used.remapper).map_err(|_| PrintError::Font)?;
    // That the cut font has no table of characters is told as a warning; glyphs are named by number.
    let mut parsed = ParsedFont::from_bytes(&cut, 0, &mut Vec::new()).ok_or(PrintError::Font)?;
    parsed.font_name = Some(format!("FCHART+{}", face.name));
    Ok(PdfFont::new(parsed))
}

/// No typeface of ours has more glyphs than a number of two bytes names.
fn narrow(glyph: u32) -> u16 {
    u16::try_from(glyph).unwrap_or_default()
}
