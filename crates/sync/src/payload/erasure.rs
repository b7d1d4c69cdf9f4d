//! That a chart is erased: what every computer needs to follow, and what stays to be told.

use super::DocumentName;
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::DocTag;
use crate::limits::{ERASED_GROUND_BYTES_MAX, ERASED_NUMBER_BYTES_MAX, ERASED_TAGS_MAX};

/// A document that is erased, on somebody's word. Nothing of its content is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    document: DocumentName,
    tags: Vec<DocTag>,
    number: String,
    ground: String,
    by: [u8; 16],
    at_ms: i64,
}

impl Erasure {
    /// What is told of one. `None` when it names nothing or too much, or a text is too long.
    pub fn new(
        document: DocumentName,
        tags: Vec<DocTag>,
        (number, ground): (String, String),
        (by, at_ms): ([u8; 16], i64),
    ) -> Option<Self> {
        let erasure = Self { document, tags, number, ground, by, at_ms };
        erasure.is_within_limits().then_some(erasure)
    }

    /// The same, of other documents and packs.
    pub fn of_tags(&self, tags: Vec<DocTag>) -> Option<Self> {
        let erasure = Self { tags, ..self.clone() };
        erasure.is_within_limits().then_some(erasure)
    }

    /// The document, as the host names it.
    pub const fn document(&self) -> &DocumentName {
        &self.document
    }

    /// What nobody is to read any more: the document, others of it, and packs it was in.
    pub fn tags(&self) -> &[DocTag] {
        &self.tags
    }

    /// The number that was typed to say which.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Why, in words.
    pub fn ground(&self) -> &str {
        &self.ground
    }

    /// Who said so (the bytes of a UUID).
    pub const fn by(&self) -> &[u8; 16] {
        &self.by
    }

    /// When, in milliseconds since the Unix epoch, by the device's clock.
    pub const fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn is_within_limits(&self) -> bool {
        (1..=ERASED_TAGS_MAX).contains(&self.tags.len())
            && self.number.len() <= ERASED_NUMBER_BYTES_MAX
            && (1..=ERASED_GROUND_BYTES_MAX).contains(&self.ground.len())
    }
}

impl Canonical for Erasure {
    fn encode(&self, out: &mut Writer) {
        self.document.encode(out);
        out.list(&self.tags);
        out.bytes(self.number.as_bytes());
        out.bytes(self.ground.as_bytes());
        out.raw(&self.by);
        out.i64(self.at_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let erasure = Self {
            document: DocumentName::decode(input)?,
            tags: input.list("erased documents", ERASED_TAGS_MAX)?,
            number: text(input, "number of an erased chart", ERASED_NUMBER_BYTES_MAX)?,
            ground: text(input, "ground of an erasing", ERASED_GROUND_BYTES_MAX)?,
            by: input.array()?,
            at_ms: input.i64()?,
        };
        let fits = erasure.is_within_limits();
        if fits { Ok(erasure) } else { Err(DecodeError::NotCanonical("erasure")) }
    }
}

fn text(input: &mut Reader<'_>, what: &'static str, max: usize) -> Result<String, DecodeError> {
    let bytes = input.bytes(what, max)?.to_vec();
    String::from_utf8(bytes).map_err(|_| DecodeError::NotCanonical(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_names_something_and_not_too_much() {
        let check = |tags: usize, number: usize, ground: usize, expected: bool| {
            let document = DocumentName::new("chart", [1; 16]).unwrap();
            let tags = vec![DocTag([2; 32]); tags];
            let texts = ("n".repeat(number), "g".repeat(ground));
            let made = Erasure::new(document.clone(), tags.clone(), texts.clone(), ([3; 16], 5));
            assert_eq!(made.is_some(), expected);
            let (number, ground) = texts;
            let raw = Erasure { document, tags, number, ground, by: [3; 16], at_ms: 5 };
            assert_eq!(Erasure::from_bytes(&raw.to_bytes()).is_ok(), expected);
        };
        check(1, 8, 1, true);
        check(ERASED_TAGS_MAX, ERASED_NUMBER_BYTES_MAX, ERASED_GROUND_BYTES_MAX, true);
        check(0, 8, 8, false);
        check(ERASED_TAGS_MAX + 1, 8, 8, false);
        check(1, 8, 0, false);
        check(1, ERASED_NUMBER_BYTES_MAX + 1, 8, false);
        check(1, 8, ERASED_GROUND_BYTES_MAX + 1, false);
    }
}
