//! Pages as pictures (SVG 2), for a preview: drawn from the same marks as the file.
//!
//! Letters are outlines. No word stands in a picture, so that none that was typed does anything in
//! it, and no typeface is asked for that a webview may lack.

use crate::{
    pdf::{Mark, Page},
    text::{Face, FaceId, Glyph, Line, Piece, face_of},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// A page, its size in points.
pub(crate) fn picture(page: &Page) -> String {
    let mut ink = Ink::default();
    page.marks.iter().for_each(|mark| ink.mark(mark));
    let [width, height] = [page.size.0, page.size.1].map(number);
    let Ink { outlines, drawn, boxes } = ink;
    let outlines = outlines.into_iter().filter(|(_, path)| !path.is_empty());
    let outlines: String =
        outlines.map(|(id, path)| format!("<path id=\"{}\" d=\"{path}\"/>", name(id))).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\
         <defs>{outlines}</defs>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\
         <g fill=\"#000\">{drawn}<path d=\"{boxes}\"/></g></svg>"
    )
}

/// What has been drawn.
#[derive(Default)]
struct Ink {
    /// The outline of each glyph, once.
    outlines: BTreeMap<(FaceId, u32), String>,
    drawn: String,
    /// All boxes as one path.
    boxes: String,
}

impl Ink {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { line, x, y, size } => self.line(line, (*x, *y), *size),
            Mark::Stroke { from, to, thickness } => {
                let [x, y, to_x, to_y, thick] =
                    [from.0, from.1, to.0, to.1, *thickness].map(number);
                self.draw(format_args!(
                    "<path d=\"M{x},{y}L{to_x},{to_y}\" stroke=\"#000\" stroke-width=\"{thick}\"/>"
                ));
            }
            Mark::Box { at, size } => {
                let [x, y, wide, high] = [at.0, at.1, size.0, size.1].map(number);
                push(&mut self.boxes, format_args!("M{x},{y}h{wide}v{high}h-{wide}z"));
            }
        }
    }

    /// A line, the pieces of one typeface in the units of that.
    fn line(&mut self, line: &Line, (x, y): (f32, f32), size: f32) {
        let mut begins = 0.0;
        for pieces in line.pieces.chunk_by(|one, next| one.face == next.face) {
            let Some((id, face)) =
                pieces.first().and_then(|one| Some((one.face, face_of(one.face)?)))
            else {
                continue;
            };
            let [x, y] = [x, y].map(number);
            let unit = fine(size / 1000.0 / face.units(1.0));
            self.draw(format_args!("<g transform=\"matrix({unit} 0 0 -{unit} {x} {y})\">"));
            for piece in pieces {
                self.piece(piece, (id, face), begins);
                begins += piece.advance;
            }
            self.draw(format_args!("</g>"));
        }
    }

    fn piece(&mut self, piece: &Piece, (id, face): (FaceId, &Face), begins: f32) {
        for Glyph { id: glyph, x, y, .. } in &piece.glyphs {
            let id = (id, *glyph);
            let outline = self.outlines.entry(id).or_insert_with(|| face.outline(*glyph));
            if outline.is_empty() {
                continue;
            }
            let [x, y] = [begins + x, *y].map(|place| whole(face.units(place)));
            self.draw(format_args!("<use href=\"#{}\" x=\"{x}\" y=\"{y}\"/>", name(id)));
        }
    }

    fn draw(&mut self, element: std::fmt::Arguments<'_>) {
        push(&mut self.drawn, element);
    }
}

/// The same outline has the same name in every picture: several may stand in one window.
fn name((face, glyph): (FaceId, u32)) -> String {
    format!("t{}-{glyph}", face.index())
}

fn push(to: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _written = to.write_fmt(text);
}

/// A length in points.
fn number(points: f32) -> String {
    short(&format!("{points:.2}"))
}

/// A factor of lengths.
fn fine(factor: f32) -> String {
    short(&format!("{factor:.6}"))
}

/// A length in units of a font, a thousandth or two thousandths of an em.
fn whole(units: f32) -> String {
    short(&format!("{units:.1}"))
}

/// A number without the noughts at its end.
fn short(number: &str) -> String {
    let short = number.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}
