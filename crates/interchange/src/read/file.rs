//! Bytes as documents: encoding, byte order mark, JSON or NDJSON.

use clinical::Finding;
use std::io::{self, BufRead, Read};

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One document.
    Json,
    /// One document a line.
    Lines,
    /// XML.
    Xml,
    /// Nothing but white space.
    Empty,
}

/// One line, or more of a document than the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// The bytes.
    Bytes(Vec<u8>),
    /// There were more bytes than the limit; they were passed over.
    TooLong,
    /// The end of the file.
    End,
}

/// Reads one line of at most `limit` bytes.
pub(super) fn line(input: &mut dyn BufRead, limit: usize) -> io::Result<Piece> {
    let mut bytes = Vec::new();
    let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = Read::take(&mut *input, cap).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(Piece::End);
    }
    if bytes.len() > limit && bytes.last() != Some(&b'\n') {
        pass_over_line(input)?;
        return Ok(Piece::TooLong);
    }
    Ok(Piece::Bytes(bytes))
}

fn pass_over_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (used, found) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        input.consume(used);
        if found || used == 0 {
            return Ok(());
        }
    }
}

/// Reads the rest of a document after its first line.
pub(super) fn rest(input: &mut dyn BufRead, mut first: Vec<u8>, limit: usize) -> io::Result<Piece> {
    let left = u64::try_from(limit.saturating_sub(first.len())).unwrap_or(u64::MAX);
    Read::take(&mut *input, left.saturating_add(1)).read_to_end(&mut first)?;
    if first.len() > limit {
        return Ok(Piece::TooLong);
    }
    Ok(Piece::Bytes(first))
}

/// The layout of a file, told by its name, its first line that is not blank, and whether
/// anything follows.
pub(super) fn layout(name: &str, first: &str) -> Layout {
    let trimmed = first.trim();
    if trimmed.is_empty() {
        Layout::Empty
    } else if trimmed.starts_with('<') {
        Layout::Xml
    } else if is_named_lines(name) || is_whole(trimmed) {
        Layout::Lines
    } else {
        Layout::Json
    }
}

/// Whether a file's name says that it holds one document a line.
pub(super) fn is_named_lines(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".ndjson", ".jsonl", ".ldjson"].iter().any(|end| name.ends_with(end))
}

/// Whether a line is a whole object by itself.
fn is_whole(line: &str) -> bool {
    line.ends_with('}') && super::outline::outline(line, 0).is_some_and(|outline| outline.complete)
}

/// The text of bytes: UTF-8, a byte order mark left out; what is not UTF-8 is replaced and told.
pub(super) fn text(bytes: Vec<u8>, findings: &mut Vec<Finding>) -> String {
    let mut bytes = bytes;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        findings.push(Finding::warning(
            "",
            "encoding",
            "This is UTF-16; it was turned into UTF-8.",
        ));
        return utf16(&bytes);
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let detail = "Some bytes are not UTF-8. They were replaced by U+FFFD.";
            findings.push(Finding::warning("", "encoding", detail));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
    }
}

fn utf16(bytes: &[u8]) -> String {
    let big = bytes.first() == Some(&0xfe);
    let units = bytes.chunks_exact(2).skip(1).map(|pair| match pair {
        [a, b] if big => u16::from_be_bytes([*a, *b]),
        [a, b] => u16::from_le_bytes([*a, *b]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}
