//! A document of whom nobody here trusts, looked at before Automerge unpacks it.
//!
//! Automerge keeps a document in columns (<https://automerge.org/automerge-binary-format-spec>): each
//! may be compressed, and each tells its rows by how often a value is repeated. A few bytes of either
//! can stand for more than any memory holds. So a document of another clinic must come as one piece,
//! with nothing compressed in it, and none of its columns may have more rows than any chart.

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const DOCUMENT_CHUNK: u8 = 0;
const HEAD_BYTES: usize = 32;
/// Columns of changes and of operations; the format knows two dozen.
const COLUMNS_MAX: u64 = 64;
/// Actors; a chart has one for each start of the program that wrote in it.
const ACTORS_MAX: u64 = 1 << 20;
/// Rows of a column: a chart with a thousand visits has some hundred thousand.
const ROWS_MAX: u64 = 1 << 23;
const COMPRESSED: u64 = 0b1000;

/// Whether the bytes are one document, nothing in it is compressed, and no column claims more rows
/// than a chart has.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    read(bytes).is_some()
}

fn read(bytes: &[u8]) -> Option<()> {
    let (head, rest) = bytes.split_at_checked(MAGIC.len() + 4)?;
    let (kind, rest) = rest.split_first()?;
    if !head.starts_with(&MAGIC) || *kind != DOCUMENT_CHUNK {
        return None;
    }
    let mut reader = Reader(rest);
    let length = usize::try_from(reader.number()?).ok()?;
    if reader.0.len() != length {
        return None;
    }
    for _ in 0..reader.number().filter(|actors| *actors <= ACTORS_MAX)? {
        let length = reader.number()?;
        reader.take(length)?;
    }
    let heads = reader.number()?.checked_mul(u64::try_from(HEAD_BYTES).ok()?)?;
    reader.take(heads)?;
    let of_changes = reader.columns()?;
    let of_operations = reader.columns()?;
    for (kind, length) in of_changes.into_iter().chain(of_operations) {
        let column = Reader(reader.take(length)?);
        column.rows(kind).filter(|rows| *rows <= ROWS_MAX)?;
    }
    Some(())
}

/// What a column holds, by the last three bits of its number.
#[derive(Clone, Copy)]
enum Kind {
    /// Runs of numbers: a group, an actor, an integer, the length of a value.
    Numbers,
    /// Runs of numbers with a sign.
    Deltas,
    /// Runs of truth values, told by turns.
    Truths,
    /// Runs of texts.
    Texts,
    /// Values one after the other.
    Raw,
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0_u64, 0_u32);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            if shift > 63 || (shift == 63 && bits > 1) {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// A signed LEB128 number.
    fn signed(&mut self) -> Option<i64> {
        let (mut value, mut shift) = (0_i64, 0_u32);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            if shift > 63 {
                return None;
            }
            value |= i64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0 && shift < 64;
                return Some(if is_negative { value | (-1_i64 << shift) } else { value });
            }
        }
    }

    /// The columns that follow: what each holds, and its length in bytes.
    fn columns(&mut self) -> Option<Vec<(Kind, u64)>> {
        let count = self.number().filter(|count| *count <= COLUMNS_MAX)?;
        let mut columns = Vec::new();
        for _ in 0..count {
            let (number, length) = (self.number()?, self.number()?);
            if number & COMPRESSED != 0 {
                return None;
            }
            let kind = match number & 0b111 {
                0 | 1 | 2 | 6 => Kind::Numbers,
                3 => Kind::Deltas,
                4 => Kind::Truths,
                5 => Kind::Texts,
                _ => Kind::Raw,
            };
            columns.push((kind, length));
        }
        Some(columns)
    }

    /// How many rows a column claims.
    fn rows(mut self, kind: Kind) -> Option<u64> {
        let mut rows = 0_u64;
        match kind {
            Kind::Raw => return Some(0),
            Kind::Truths => {
                while !self.0.is_empty() {
                    rows = rows.checked_add(self.number()?)?;
                }
                return Some(rows);
            }
            Kind::Numbers | Kind::Deltas | Kind::Texts => {}
        }
        while !self.0.is_empty() {
            let run = self.signed()?;
            let count = match run {
                // So many of nothing.
                0 => self.number()?,
                // So many of one value.
                1.. => {
                    self.value(kind)?;
                    run.unsigned_abs()
                }
                // So many values, one after the other.
                _ => {
                    let count = run.unsigned_abs();
                    if count > ROWS_MAX {
                        return None;
                    }
                    for _ in 0..count {
                        self.value(kind)?;
                    }
                    count
                }
            };
            rows = rows.checked_add(count)?;
        }
        Some(rows)
    }

    fn value(&mut self, kind: Kind) -> Option<()> {
        match kind {
            Kind::Deltas => self.signed().map(drop),
            Kind::Texts => {
                let length = self.number()?;
                self.take(length).map(drop)
            }
            Kind::Numbers | Kind::Truths | Kind::Raw => self.number().map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{AutoCommit, ROOT, transaction::Transactable};

    fn long() -> AutoCommit {
        let mut doc = AutoCommit::new();
        for n in 0..400 {
            doc.put(ROOT, format!("key {n}"), "the same again and again ".repeat(8)).unwrap();
            doc.put(ROOT, "n", n).unwrap();
            doc.commit();
        }
        doc
    }

    #[test]
    fn what_is_not_compressed_is_plain() {
        assert!(is_plain(&AutoCommit::new().save_nocompress()));
        let mut doc = long();
        let plain = doc.save_nocompress();
        assert!(is_plain(&plain));
        assert!(AutoCommit::load(&plain).is_ok());
        assert!(!is_plain(&doc.save()), "its columns are compressed");
        for cut in 0..plain.len().min(2000) {
            assert!(!is_plain(&plain[..cut]), "{cut}");
        }
        assert!(!is_plain(&[&plain[..], &plain].concat()), "two pieces");
        let change = doc.get_changes(&[]).first().unwrap().raw_bytes().to_vec();
        assert!(!is_plain(&change), "a change is no document");
    }

    /// A document of one column of operations.
    fn claims(number: u8, column: &[u8]) -> Vec<u8> {
        let length = u8::try_from(column.len()).unwrap();
        let body = [&[0, 0, 0, 1, number, length][..], column].concat();
        let head = [&MAGIC[..], &[0; 4], &[0, u8::try_from(body.len()).unwrap()]].concat();
        [head, body].concat()
    }

    #[test]
    fn a_column_that_claims_too_much_is_not() {
        let check = |number: u8, column: &[u8], want: bool| {
            assert_eq!(is_plain(&claims(number, column)), want, "{number} {column:?}");
        };
        check(0x42, &[5, 1], true);
        check(0x42, &[0x7d, 1, 2, 3], true);
        check(0x42, &[0x7d, 1, 2], false);
        // 2^40 times one value, nothing, and a truth.
        let much = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
        check(0x42, &[&much[..], &[1]].concat(), false);
        check(0x42, &[&[0][..], &much].concat(), false);
        check(0x34, &much, false);
        check(0x15, &[&much[..], &[1, b'a']].concat(), false);
        check(0x57, &much, true);
        check(0x4a, &[5, 1], false);
    }
}
