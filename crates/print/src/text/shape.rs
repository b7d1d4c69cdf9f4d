//! Glyphs of a segment, by HarfBuzz's rules (`harfrust`), cut into pieces at blanks.

use super::{
    face::{self, Face, FaceId},
    segment::Segment,
    words::is_bidi_control,
};
use harfrust::{Buffer, ClusterLevel, Direction, Feature, ShapeOptions, Tag};
use std::collections::BTreeSet;
use unicode_script::Script;

/// One glyph, its place in thousandths of an em from the beginning of its piece.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    /// Which, in its typeface.
    pub(crate) id: u32,
    /// Where the text it is of begins among the words, in bytes.
    pub(crate) at: usize,
    /// How far it moves the pen.
    pub(crate) advance: f32,
    /// Rightwards.
    pub(crate) x: f32,
    /// Upwards, from the line.
    pub(crate) y: f32,
    /// What it stands for; nothing on the later glyphs of several for one text.
    pub(crate) text: String,
    /// Whether it is one of several for one text.
    pub(crate) is_part: bool,
    /// Whether it is the one that its character has alone.
    pub(crate) is_nominal: bool,
}

impl Glyph {
    /// Whether it stands on the letter it is drawn beside, and moves no pen.
    pub(crate) fn is_mark(&self) -> bool {
        self.advance == 0.0
    }
}

/// A word, or one blank.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// Its typeface.
    pub(crate) face: FaceId,
    /// What it says.
    pub(crate) text: String,
    /// How it is drawn.
    pub(crate) glyphs: Vec<Glyph>,
    /// How wide it is, in thousandths of an em.
    pub(crate) advance: f32,
    /// Whether it is read from right to left.
    pub(crate) rtl: bool,
    /// What of it could not be drawn.
    pub(crate) unwritten: String,
}

/// Shapes a segment; its pieces in the order they stand.
pub(crate) fn pieces(text: &str, segment: &Segment) -> Vec<Piece> {
    let Some(face) = face::of(segment.face) else { return Vec::new() };
    let shaped = Shaped::of(text, segment, face);
    if shaped.buffer.is_empty() {
        return vec![Piece { unwritten: shaped.segment().to_owned(), ..Piece::new(segment) }];
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = None;
    for glyph in shaped.glyphs(face) {
        let kind = Kind::of(&glyph.covers);
        if kind != Kind::Control {
            let goes_on = kind == Kind::Letter && before == Some(Kind::Letter);
            if !goes_on {
                pieces.push(Piece::new(segment));
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(glyph);
            }
        }
        before = Some(kind);
    }
    pieces.iter_mut().for_each(|piece| piece.text = piece.logical());
    pieces
}

/// What a glyph is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Blank,
    Control,
}

impl Kind {
    fn of(text: &str) -> Self {
        match text.chars().next() {
            Some(first) if first.is_whitespace() => Self::Blank,
            Some(first) if is_bidi_control(first) => Self::Control,
            Some(_) | None => Self::Letter,
        }
    }
}

/// A glyph as the shaper gave it, its numbers in thousandths of an em.
struct Raw {
    id: u32,
    offset: (f32, f32),
    advance: f32,
    /// The text of its cluster, and where that begins.
    covers: String,
    at: usize,
    is_first: bool,
    is_part: bool,
    is_nominal: bool,
    /// What of its text could not be drawn.
    unwritten: String,
}

impl Piece {
    fn new(segment: &Segment) -> Self {
        let (face, rtl) = (segment.face, segment.rtl);
        let [text, unwritten] = [String::new(), String::new()];
        Self { face, text, glyphs: Vec::new(), advance: 0.0, rtl, unwritten }
    }

    fn push(&mut self, raw: Raw) {
        self.glyphs.push(Glyph {
            id: raw.id,
            at: raw.at,
            advance: raw.advance,
            x: self.advance + raw.offset.0,
            y: raw.offset.1,
            text: if raw.is_first { raw.covers } else { String::new() },
            is_part: raw.is_part,
            is_nominal: raw.is_nominal,
        });
        self.advance += raw.advance;
        self.unwritten.push_str(&raw.unwritten);
    }

    /// What it says, in the order it is read in.
    pub(crate) fn logical(&self) -> String {
        let texts = self.glyphs.iter().map(|glyph| glyph.text.as_str());
        if self.rtl { texts.rev().collect() } else { texts.collect() }
    }
}

/// What the shaper made of a segment.
struct Shaped<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    buffer: Buffer,
}

impl<'a> Shaped<'a> {
    fn of(text: &'a str, segment: &Segment, face: &Face) -> Self {
        let (start, end) = (segment.range.start, segment.range.end);
        let mut buffer = Buffer::new();
        buffer.push_str(text.get(start..end).unwrap_or_default());
        // Letters join across the borders of a segment.
        buffer.set_pre_context(text.get(..start).unwrap_or_default());
        buffer.set_post_context(text.get(end..).unwrap_or_default());
        buffer.guess_segment_properties();
        if segment.script != Script::Common {
            buffer.set_script(segment.script.short_name().parse().ok());
        }
        // From right to left each letter keeps a glyph of its own: readers of the file turn what
        // stands for several letters around.
        let alone = [b"liga", b"dlig"].map(|tag| Feature::new(Tag::new(tag), 0, ..));
        let features: &[Feature] = if segment.rtl {
            buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);
            buffer.set_direction(Direction::RightToLeft);
            &alone
        } else {
            buffer.set_direction(Direction::LeftToRight);
            &[]
        };
        let plan = face.plan(&buffer, features);
        let options = ShapeOptions::new().plan(Some(&plan)).features(features);
        // What cannot be shaped at all leaves an empty buffer: nothing is drawn of it, and that is told.
        if harfrust::shape(&face.shaper(), &mut buffer, options).is_err() {
            buffer.clear();
        }
        Self { text, start, end, buffer }
    }

    fn segment(&self) -> &str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    fn glyphs(&self, face: &Face) -> Vec<Raw> {
        let infos = self.buffer.glyph_infos();
        let at = |cluster: u32| self.start + usize::try_from(cluster).unwrap_or(usize::MAX);
        let starts: BTreeSet<usize> = infos.iter().map(|info| at(info.cluster)).collect();
        let clusters: Vec<u32> = infos.iter().map(|info| info.cluster).collect();
        let is_cluster = |index: Option<usize>, cluster: u32| {
            index.and_then(|index| clusters.get(index)) == Some(&cluster)
        };
        let read = |(index, (info, position)): (
            usize,
            (&harfrust::GlyphInfo, &harfrust::GlyphPosition),
        )| {
            let begins = at(info.cluster);
            let ends = starts.range(begins + 1..).next().copied().unwrap_or(self.end);
            let covers = self.text.get(begins..ends).unwrap_or_default().to_owned();
            let is_first = !is_cluster(index.checked_sub(1), info.cluster);
            let is_last = !is_cluster(index.checked_add(1), info.cluster);
            let mut characters = covers.chars();
            let alone = characters.next().filter(|_| characters.next().is_none());
            Raw {
                id: info.glyph_id,
                offset: (face.thousandths(position.x_offset), face.thousandths(position.y_offset)),
                advance: face.thousandths(position.x_advance),
                is_nominal: alone.and_then(|one| face.glyph_of(one)) == Some(info.glyph_id),
                unwritten: if info.glyph_id == 0 { lacking(&covers, face) } else { String::new() },
                covers,
                at: begins,
                is_first,
                is_part: !(is_first && is_last),
            }
        };
        infos.iter().zip(self.buffer.glyph_positions()).enumerate().map(read).collect()
    }
}

/// What a box in a cluster stands for: the characters that the typeface lacks, or all where it is none
/// of them by itself.
fn lacking(covers: &str, face: &Face) -> String {
    let lacking: String = covers.chars().filter(|one| !face.has(*one)).collect();
    if lacking.is_empty() { covers.to_owned() } else { lacking }
}
