//! Marks as the operations of a page. Where glyphs alone would not give the text back, the text
//! stands beside them (`ActualText`, PDF 32000-1, 14.9.4).

use super::{
    Mark,
    fonts::{Fonts, handle},
    steer::steered,
};
use crate::text::{Face, FaceId, Glyph, Line, Piece, face_of, is_bidi_control};
use printpdf::{
    Codepoint, DictItem, Line as Path, LinePoint, Op, PaintMode, Point, Pt, Rect, TextItem,
    TextMatrix,
};

/// The operations that draw marks on a page of this height.
pub(super) fn draw(marks: &[Mark], height: f32, fonts: &Fonts) -> Vec<Op> {
    let mut ops = Vec::new();
    for mark in steered(marks).iter() {
        match mark {
            Mark::Text { line, x, y, size } => {
                let origin = (*x, height - *y);
                ops.extend(
                    Pen { fonts, size: *size, origin, at: 0.0, base: None, face: None }.line(line),
                );
            }
            Mark::Stroke { from, to, thickness } => {
                ops.push(Op::SetOutlineThickness { pt: Pt(*thickness) });
                ops.push(Op::DrawLine { line: stroke(*from, *to, height) });
            }
            Mark::Box { at, size } => {
                let (x, y) = (Pt(at.0), Pt(height - at.1 - size.1));
                let mut rectangle = Rect::from_xywh(x, y, Pt(size.0), Pt(size.1));
                rectangle.mode = Some(PaintMode::Fill);
                ops.push(Op::DrawRectangle { rectangle });
            }
        }
    }
    ops
}

fn stroke(from: (f32, f32), to: (f32, f32), height: f32) -> Path {
    let point =
        |(x, y): (f32, f32)| LinePoint { p: Point { x: Pt(x), y: Pt(height - y) }, bezier: false };
    Path { points: vec![point(from), point(to)], is_closed: false }
}

/// A pen that writes one line; lengths in thousandths of an em, from where the line begins.
struct Pen<'a> {
    fonts: &'a Fonts,
    size: f32,
    origin: (f32, f32),
    /// Where the file's own pen stands.
    at: f32,
    base: Option<f32>,
    face: Option<FaceId>,
}

impl Pen<'_> {
    /// Writes the pieces in the order they are read in: readers that go by the file's order get it.
    fn line(mut self, line: &Line) -> Vec<Op> {
        let mut ops = vec![Op::StartTextSection];
        let mut begins = 0.0;
        let placed = line.pieces.iter().map(|piece| {
            begins += piece.advance;
            (begins - piece.advance, piece)
        });
        let mut placed: Vec<(f32, &Piece)> = placed.collect();
        placed.sort_by_key(|(_, piece)| piece.glyphs.iter().map(|glyph| glyph.at).min());
        for (begins, piece) in placed {
            self.piece(piece, begins, &mut ops);
        }
        ops.push(Op::EndTextSection);
        ops
    }

    fn piece(&mut self, piece: &Piece, begins: f32, ops: &mut Vec<Op>) {
        if self.face != Some(piece.face) {
            self.face = Some(piece.face);
            let size = Pt(self.size * scale_of(piece.face));
            ops.push(Op::SetFont { font: handle(piece.face), size });
        }
        if piece.rtl {
            self.backwards(piece, begins, ops);
            return;
        }
        let is_told = piece.glyphs.iter().any(|glyph| self.lacks(piece.face, glyph));
        if is_told {
            ops.push(actual_text(&piece.text));
        }
        self.runs(piece.face, &piece.glyphs, begins, ops);
        if is_told {
            ops.push(Op::EndMarkedContent);
        }
    }

    /// A piece that is read from right to left. Readers turn the text beside several glyphs around
    /// there: each character is told by itself.
    fn backwards(&mut self, piece: &Piece, begins: f32, ops: &mut Vec<Op>) {
        // A letter with the marks on it, which stand before it from left to right.
        let letters = piece.glyphs.split_inclusive(|glyph| !glyph.is_mark());
        let letters: Vec<(&[Glyph], bool)> =
            letters.map(|letter| (letter, self.is_plain(piece.face, letter))).collect();
        for together in letters.chunk_by(|(_, one), (_, next)| *one && *next) {
            match together {
                [([one], false)] if is_one(&one.text) => {
                    ops.push(actual_text(&one.text));
                    self.runs(piece.face, std::slice::from_ref(one), begins, ops);
                    ops.push(Op::EndMarkedContent);
                }
                [(letter, false)] => self.marked(piece.face, letter, begins, ops),
                plain => {
                    let glyphs: Vec<Glyph> =
                        plain.iter().flat_map(|(letter, _)| letter.iter().cloned()).collect();
                    self.runs(piece.face, &glyphs, begins, ops);
                }
            }
        }
    }

    /// A letter with its marks. A mark is drawn above or below the line, where readers take it for a
    /// line of its own: for them each character has an equal part of the letter's width, on the line,
    /// from a glyph that draws nothing; the letter is drawn with the last of them.
    fn marked(&mut self, face: FaceId, letter: &[Glyph], begins: f32, ops: &mut Vec<Op>) {
        let told: Vec<char> = letter.iter().flat_map(|glyph| glyph.text.chars().rev()).collect();
        let (Some(base), Some(blank)) = (letter.last(), face_of(face).and_then(Face::blank)) else {
            self.runs(face, letter, begins, ops);
            return;
        };
        let place = |x: f32| Glyph {
            id: blank,
            at: base.at,
            advance: 0.0,
            x,
            y: 0.0,
            text: String::new(),
            is_part: true,
            is_nominal: false,
        };
        let mut left = told.len();
        let (mut x, width) = (base.x, base.advance / told.iter().map(|_| 1.0).sum::<f32>());
        for character in told {
            left -= 1;
            let mut glyphs = vec![place(x)];
            x += width;
            match left {
                0 => glyphs.extend(letter.iter().cloned()),
                _ => glyphs.push(place(x)),
            }
            ops.push(actual_text(character.encode_utf8(&mut [0; 4])));
            self.runs(face, &glyphs, begins, ops);
            ops.push(Op::EndMarkedContent);
        }
    }

    /// Whether the glyph of a letter gives it back.
    fn is_plain(&self, face: FaceId, letter: &[Glyph]) -> bool {
        match letter {
            [one] => one.is_part || !self.lacks(face, one),
            _ => letter.iter().all(|glyph| glyph.text.is_empty()),
        }
    }

    /// Glyphs that stand beside each other: those on one base line are written in one go.
    fn runs(&mut self, face: FaceId, glyphs: &[Glyph], begins: f32, ops: &mut Vec<Op>) {
        for run in glyphs.chunk_by(|one, next| is_same(one.y, next.y)) {
            self.run(face, run, begins, ops);
        }
    }

    fn run(&mut self, face: FaceId, run: &[Glyph], begins: f32, ops: &mut Vec<Op>) {
        let Some(first) = run.first() else { return };
        if !self.base.is_some_and(|base| is_same(base, first.y)) {
            self.base = Some(first.y);
            self.at = begins + first.x;
            ops.push(Op::SetTextMatrix { matrix: self.matrix(first.y) });
        }
        let (mut items, mut glyphs) = (Vec::new(), Vec::<Codepoint>::new());
        for glyph in run {
            // The pen goes back by so many thousandths of an em, as large as the typeface is set.
            let back = ((self.at - begins - glyph.x) / scale_of(face)).round();
            if back != 0.0 {
                match glyphs.last_mut() {
                    Some(before) => before.offset = back,
                    None => items.push(TextItem::Offset(back)),
                }
                self.at -= back * scale_of(face);
            }
            let number = self.fonts.number(face, glyph);
            let text = self.fonts.stands_for(face, glyph).to_owned();
            glyphs.push(Codepoint::with_cid(number, 0.0, text));
            self.at += face_of(face).map_or(0.0, |face| face.advance(glyph.id));
        }
        items.push(TextItem::GlyphIds(glyphs));
        ops.push(Op::ShowText { items });
    }

    fn matrix(&self, base: f32) -> TextMatrix {
        let points = |thousandths: f32| thousandths * self.size / 1000.0;
        let (x, y) = (self.origin.0 + points(self.at), self.origin.1 + points(base));
        TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, round(x), round(y)])
    }

    /// Whether a glyph alone does not give its text back.
    fn lacks(&self, face: FaceId, glyph: &Glyph) -> bool {
        glyph.is_part || self.fonts.stands_for(face, glyph) != glyph.text
    }
}

/// Whether a text is of one character; marks of direction do not count.
fn is_one(text: &str) -> bool {
    text.chars().filter(|one| !is_bidi_control(*one)).count() == 1
}

fn scale_of(face: FaceId) -> f32 {
    face_of(face).map_or(1.0, |face| face.scale)
}

fn actual_text(text: &str) -> Op {
    let mut data = vec![0xFE, 0xFF];
    data.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let text = DictItem::String { data, literal: false };
    let properties = DictItem::Dict { map: [("ActualText".to_owned(), text)].into() };
    Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties }
}

fn is_same(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.01
}

fn round(points: f32) -> f32 {
    (points * 1000.0).round() / 1000.0
}
