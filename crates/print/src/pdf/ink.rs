//! Marks as the operations of a page. Where glyphs alone would not give the text back, the text
//! stands beside them (`ActualText`, PDF 32000-1, 14.9.4).

use super::{
    Mark,
    fonts::{Fonts, handle},
};
use crate::text::{FaceId, Glyph, Line, Piece, face_of};
use printpdf::{
    Codepoint, DictItem, Line as Path, LinePoint, Op, PaintMode, Point, Pt, Rect, TextItem,
    TextMatrix,
};

/// The operations that draw marks on a page of this height.
pub(super) fn draw(marks: &[Mark], height: f32, fonts: &Fonts) -> Vec<Op> {
    let mut ops = Vec::new();
    for mark in marks {
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
    fn line(mut self, line: &Line) -> Vec<Op> {
        let mut ops = vec![Op::StartTextSection];
        let mut begins = 0.0;
        for piece in &line.pieces {
            self.piece(piece, begins, &mut ops);
            begins += piece.advance;
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
        // Readers turn the text beside glyphs around where it is read from right to left: there it
        // stands beside single glyphs alone.
        let is_told_whole =
            !piece.rtl && piece.glyphs.iter().any(|glyph| self.lacks(piece.face, glyph));
        if is_told_whole {
            ops.push(actual_text(&piece.text));
        }
        for run in self.runs(piece) {
            let told = run.first().filter(|glyph| piece.rtl && self.is_told_alone(piece, glyph));
            ops.extend(told.map(|glyph| actual_text(&glyph.text)));
            self.run(piece.face, run, begins, ops);
            ops.extend(told.map(|_| Op::EndMarkedContent));
        }
        if is_told_whole {
            ops.push(Op::EndMarkedContent);
        }
    }

    /// Glyphs that are written in one go: on one base line, and none that is told alone with others.
    fn runs<'p>(&self, piece: &'p Piece) -> Vec<&'p [Glyph]> {
        let is_alone = |glyph: &Glyph| piece.rtl && self.is_told_alone(piece, glyph);
        let together =
            |one: &Glyph, next: &Glyph| is_same(one.y, next.y) && !is_alone(one) && !is_alone(next);
        piece.glyphs.chunk_by(together).collect()
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

    fn is_told_alone(&self, piece: &Piece, glyph: &Glyph) -> bool {
        !glyph.is_part && self.lacks(piece.face, glyph)
    }
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
