//! A line cut into segments of one direction, one script and one typeface, in the order they stand.

use super::{
    face::{self, FaceId, Weight},
    words::{Words, is_bidi_control},
};
use std::ops::Range;
use unicode_bidi::{BidiInfo, ParagraphInfo};
use unicode_script::{Script, UnicodeScript};

/// Text that is shaped in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Where it stands in the words, in bytes.
    pub(crate) range: Range<usize>,
    /// Its script; `Common` where it has only signs and digits.
    pub(crate) script: Script,
    /// Its typeface.
    pub(crate) face: FaceId,
    /// Whether it is read from right to left.
    pub(crate) rtl: bool,
    weight: Weight,
}

/// Cuts a line of a paragraph, by the Unicode Bidirectional Algorithm (UAX 9).
pub(crate) fn visual(
    words: &Words,
    bidi: &BidiInfo<'_>,
    paragraph: &ParagraphInfo,
    line: Range<usize>,
) -> Vec<Segment> {
    let (levels, runs) = bidi.visual_runs(paragraph, line);
    let mut all = Vec::new();
    for run in runs {
        let rtl = levels.get(run.start).is_some_and(|level| level.is_rtl());
        let mut segments = of_run(words, run, rtl);
        if rtl {
            segments.reverse();
        }
        all.append(&mut segments);
    }
    all
}

/// Cuts a run of one direction, in the order it is written in.
fn of_run(words: &Words, run: Range<usize>, rtl: bool) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let text = words.text().get(run.clone()).unwrap_or_default();
    for (offset, character) in text.char_indices() {
        let at = run.start + offset;
        let next = Segment {
            range: at..at + character.len_utf8(),
            script: strong(character.script()),
            face: FaceId::default(),
            rtl,
            weight: words.weight_at(at),
        };
        match segments.last_mut() {
            Some(last) if last.takes(character, &next) => last.extend(&next),
            Some(_) | None => {
                segments.push(Segment { face: writing(character, next.weight), ..next });
            }
        }
    }
    segments
}

impl Segment {
    /// Whether the next character can be shaped with it.
    fn takes(&self, character: char, next: &Self) -> bool {
        if next.weight != self.weight {
            return false;
        }
        if joins(character) {
            return true;
        }
        let is_same = next.script == self.script || next.script == Script::Common;
        let is_first_strong =
            self.script == Script::Common && writing(character, self.weight) == self.face;
        (is_same && self.has(character)) || is_first_strong
    }

    fn has(&self, character: char) -> bool {
        // A sign of a typeface that was asked last does not hold what others have.
        let best = writing(character, self.weight);
        best == self.face
            || self.script != Script::Common
                && face::of(self.face).is_some_and(|face| face.has(character))
    }

    fn extend(&mut self, next: &Self) {
        if self.script == Script::Common {
            self.script = next.script;
        }
        self.range.end = next.range.end;
    }
}

/// What stands on the character before it, joins two, or is not drawn.
fn joins(character: char) -> bool {
    character.script() == Script::Inherited
        || matches!(character, '\u{200c}' | '\u{200d}')
        || is_bidi_control(character)
}

fn writing(character: char, weight: Weight) -> FaceId {
    face::writing(character, weight).unwrap_or(face::plain(weight))
}

/// Signs, digits and blanks are of the script they stand in.
fn strong(script: Script) -> Script {
    let is_weak = matches!(script, Script::Inherited | Script::Unknown);
    if is_weak { Script::Common } else { script }
}
