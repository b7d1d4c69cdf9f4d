//! The typefaces that come with the program, and which of them writes a character.
//!
//! Noto Sans, Noto Naskh Arabic and Noto Sans Devanagari (SIL Open Font License 1.1), each regular
//! and bold; DejaVu Sans (Bitstream Vera licence) for the signs that these lack.

use harfrust::{
    Buffer, Feature, Font, GlyphId, ShapePlan, ShapePlanKey, ShaperFont,
    font::glyph::outline::{DrawMemory, DrawOptions, SvgSink},
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How heavy letters are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Ordinary.
    #[default]
    Regular,
    /// Bold.
    Bold,
}

/// One typeface.
pub(crate) struct Face {
    /// As it is called in the file.
    pub(crate) name: &'static str,
    /// How much larger its letters are set, to be read as easily as the Latin ones beside them.
    pub(crate) scale: f32,
    /// The whole font file.
    pub(crate) data: &'static [u8],
    font: Font,
    units_per_em: f32,
    /// How each script has been shaped in it so far: to find that out takes longer than to do it.
    plans: Mutex<Vec<Arc<ShapePlan>>>,
}

/// Which typeface: an index of [`all`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FaceId(usize);

impl FaceId {
    /// Its place among [`all`].
    pub(crate) const fn index(self) -> usize {
        self.0
    }
}

macro_rules! font {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../assets/fonts/", $name, ".ttf")).as_slice())
    };
}

const FILES: [(&str, &[u8]); 7] = [
    font!("NotoSans-Regular"),
    font!("NotoSans-Bold"),
    font!("NotoNaskhArabic-Regular"),
    font!("NotoNaskhArabic-Bold"),
    font!("NotoSansDevanagari-Regular"),
    font!("NotoSansDevanagari-Bold"),
    font!("DejaVuSans"),
];
/// The letters of Noto Naskh are small beside those of Noto Sans.
const NASKH: f32 = 1.25;
/// In the order they are asked.
const REGULAR: [usize; 4] = [0, 2, 4, 6];
const BOLD: [usize; 4] = [1, 3, 5, 6];

/// All typefaces.
pub(crate) fn all() -> &'static [Face] {
    static ALL: OnceLock<Vec<Face>> = OnceLock::new();
    ALL.get_or_init(|| FILES.iter().filter_map(|(name, data)| Face::read(name, data)).collect())
}

/// The typeface of this id.
pub(crate) fn of(id: FaceId) -> Option<&'static Face> {
    all().get(id.0)
}

/// The first typeface that has a character; none where no one has.
pub(crate) fn writing(character: char, weight: Weight) -> Option<FaceId> {
    asked(weight).find(|id| of(*id).is_some_and(|face| face.has(character)))
}

/// The typeface of what no one has: its empty box is drawn.
pub(crate) const fn plain(weight: Weight) -> FaceId {
    match weight {
        Weight::Regular => FaceId(0),
        Weight::Bold => FaceId(1),
    }
}

fn asked(weight: Weight) -> impl Iterator<Item = FaceId> {
    let order = match weight {
        Weight::Regular => REGULAR,
        Weight::Bold => BOLD,
    };
    order.into_iter().map(FaceId)
}

impl Face {
    fn read(name: &'static str, data: &'static [u8]) -> Option<Self> {
        let font = Font::new(data, 0)?;
        let units_per_em = f32::from(font.units_per_em());
        let scale = if name.starts_with("NotoNaskh") { NASKH } else { 1.0 };
        Some(Self { name, scale, data, font, units_per_em, plans: Mutex::default() })
    }

    /// How text in a buffer is shaped, with these features.
    pub(crate) fn plan(&self, buffer: &Buffer, features: &[Feature]) -> Arc<ShapePlan> {
        let (script, direction) = (buffer.script(), buffer.direction());
        let key = ShapePlanKey::new(&self.font, script, direction).features(features);
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = plans.iter().find(|plan| key.matches(plan)) {
            return Arc::clone(known);
        }
        let plan = Arc::new(ShapePlan::new(&self.font, direction, script, None, features));
        plans.push(Arc::clone(&plan));
        plan
    }

    /// What shapes text in it.
    pub(crate) fn shaper(&self) -> ShaperFont<'_, 'static> {
        ShaperFont::new(&self.font)
    }

    /// Whether it has a character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.glyph_of(character).is_some()
    }

    /// The glyph that stands for a character alone. What typefaces draw for private characters is
    /// what nobody meant.
    pub(crate) fn glyph_of(&self, character: char) -> Option<u32> {
        if is_private(character) {
            return None;
        }
        let glyph = self.font.charmap().map_unicode(character)?.to_u32();
        Some(glyph).filter(|glyph| *glyph > 0)
    }

    /// A glyph that draws nothing and moves no pen: it gives text a place of its own. (Those of the
    /// joiners and of the marks of direction have ink in some typefaces.)
    pub(crate) fn blank(&self) -> Option<u32> {
        let is_nothing =
            |glyph: &u32| self.advance(*glyph) == 0.0 && self.outline(*glyph).is_empty();
        self.glyph_of('\u{200b}').filter(is_nothing)
    }

    /// Thousandths of an em of the line for a length in the font's own units.
    pub(crate) fn thousandths(&self, units: i32) -> f32 {
        // No glyph of these fonts is wider than an i16 tells.
        let units = i16::try_from(units).map_or(0.0, f32::from);
        self.own_thousandths(units) * self.scale
    }

    /// The font's own units for thousandths of an em of the line.
    pub(crate) fn units(&self, thousandths: f32) -> f32 {
        thousandths / self.scale * self.units_per_em / 1000.0
    }

    fn own_thousandths(&self, units: f32) -> f32 {
        units * 1000.0 / self.units_per_em
    }

    /// How far a glyph moves the pen, in thousandths of an em of the line: whole ones of its own, as
    /// the file says it.
    pub(crate) fn advance(&self, glyph: u32) -> f32 {
        let units = self.font.glyph_metrics().h_advance(GlyphId::new(glyph));
        self.own_thousandths(units).trunc() * self.scale
    }

    /// How far a glyph reaches above the line and below it, in thousandths of an em of the line; nothing
    /// of a blank.
    pub(crate) fn reach(&self, glyph: u32) -> Option<(f32, f32)> {
        let ink = self.font.glyph_metrics().extents(GlyphId::new(glyph))?;
        let of_line = |units: f32| self.own_thousandths(units) * self.scale;
        let (above, below) = (ink.y_bearing, ink.height - ink.y_bearing);
        (ink.height > 0.0).then(|| (of_line(above), of_line(below)))
    }

    /// The outline of a glyph in the font's own units, upwards, as the data of a path (SVG 2, 9.3);
    /// nothing of a blank.
    pub(crate) fn outline(&self, glyph: u32) -> String {
        let mut path = SvgSink::new();
        let drawn = self
            .font
            .outline_glyphs()
            .get(GlyphId::new(glyph))
            .map(|outline| outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut path));
        match drawn {
            Some(Ok(_)) => path.into(),
            Some(Err(_)) | None => String::new(),
        }
    }
}

/// Whether a character is for private use: what it is, its writer and reader agree on by themselves.
const fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typeface_of_arabic_has_a_glyph_that_draws_nothing() {
        for id in [Weight::Regular, Weight::Bold].map(|weight| writing('ل', weight).unwrap()) {
            let face = of(id).unwrap();
            let blank = face.blank().unwrap();
            assert_eq!((face.outline(blank).as_str(), face.advance(blank)), ("", 0.0));
        }
    }
}
