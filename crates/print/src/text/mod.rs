//! From words to glyphs on lines: bidirectional order, scripts, typefaces, shaping, wrapping.

mod face;
mod line;
mod marks;
mod numbers;
mod segment;
mod shape;
mod words;

pub(crate) use face::{Face, FaceId, of as face_of};
pub(crate) use line::{Line, wrap};
pub(crate) use shape::{Glyph, Piece};
pub(crate) use words::{Words, is_bidi_control};
