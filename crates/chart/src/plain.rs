//! A document of whom nobody here trusts, looked at before Automerge unpacks it.
//!
//! Automerge keeps a document in columns (<https://automerge.org/automerge-binary-format-spec>): each
//! may be compressed, and each tells its rows by how often a value is repeated. A few bytes of either
//! can stand for more than any memory holds. So a document of another clinic must come as one piece,
//! with nothing compressed in it, none of its columns may have more rows than any chart, and all texts
//! together, as often as they are repeated, must be no more than a computer of ours has room for.

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const DOCUMENT_CHUNK: u8 = 0;
const HEAD_BYTES: usize = 32;
/// Columns of changes and of operations; the format knows two dozen.
const COLUMNS_MAX: u64 = 64;
/// Actors; a chart has one for each start of the program that wrote in it.
const ACTORS_MAX: u64 = 1 << 16;
/// Bytes of an actor, of which every change holds a copy: ours have sixteen.
const ACTOR_BYTES_MAX: u64 = 32;
/// Rows of a column: a chart with a thousand visits has some hundred thousand.
const ROWS_MAX: u64 = 1 << 20;
/// Bytes of all texts, each as often as it stands: of the keys of values, and of who made a change. Of
/// a chart with a thousand visits they are some ten million.
const TEXT_BYTES_MAX: u64 = 128 << 20;
const COMPRESSED: u64 = 0b1000;

/// Whether the bytes are one document, nothing in it is compressed, and it claims no more rows and no
/// more text than a chart has.
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
        let length = reader.number().filter(|length| *length <= ACTOR_BYTES_MAX)?;
        reader.take(length)?;
    }
    let heads = reader.number()?.checked_mul(u64::try_from(HEAD_BYTES).ok()?)?;
    reader.take(heads)?;
    let of_changes = reader.columns()?;
    let of_operations = reader.columns()?;
    let mut text = 0_u64;
    for (kind, length) in of_changes.into_iter().chain(of_operations) {
        let column = Reader(reader.take(length)?);
        let claims = column.claims(kind).filter(|claims| claims.rows <= ROWS_MAX)?;
        text = text.checked_add(claims.text).filter(|text| *text <= TEXT_BYTES_MAX)?;
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

/// What a column stands for.
#[derive(Clone, Copy, Default)]
struct Claims {
    rows: u64,
    /// Bytes of its texts, each as often as it is repeated.
    text: u64,
}

impl Claims {
    /// Adds so many rows, each of a text of so many bytes.
    fn with(self, rows: u64, text: u64) -> Option<Self> {
        let text = self.text.checked_add(rows.checked_mul(text)?)?;
        Some(Self { rows: self.rows.checked_add(rows)?, text })
    }
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

    /// How many rows a column claims, and how much text in them.
    fn claims(mut self, kind: Kind) -> Option<Claims> {
        let mut claims = Claims::default();
        match kind {
            Kind::Raw => return Some(claims),
            Kind::Truths => {
                while !self.0.is_empty() {
                    claims = claims.with(self.number()?, 0)?;
                }
                return Some(claims);
            }
            Kind::Numbers | Kind::Deltas | Kind::Texts => {}
        }
        while !self.0.is_empty() {
            let run = self.signed()?;
            claims = match run {
                // So many of nothing.
                0 => claims.with(self.number()?, 0)?,
                // So many of one value.
                1.. => claims.with(run.unsigned_abs(), self.value(kind)?)?,
                // So many values, one after the other.
                _ => {
                    let count = run.unsigned_abs();
                    if count > ROWS_MAX {
                        return None;
                    }
                    for _ in 0..count {
                        claims = claims.with(1, self.value(kind)?)?;
                    }
                    claims
                }
            };
        }
        Some(claims)
    }

    /// Reads a value; how long it is where it is a text.
    fn value(&mut self, kind: Kind) -> Option<u64> {
        match kind {
            Kind::Deltas => self.signed().map(|_| 0),
            Kind::Texts => {
                let length = self.number()?;
                self.take(length).map(|_| length)
            }
            Kind::Numbers | Kind::Truths | Kind::Raw => self.number().map(|_| 0),
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

    /// An unsigned LEB128 number.
    fn leb(mut number: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        bytes.push(u8::try_from(number).unwrap());
        bytes
    }

    /// A document of some columns of operations.
    fn of_columns(columns: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let heads =
            columns.iter().flat_map(|(number, column)| [vec![*number], leb(column.len())].concat());
        let mut body = vec![0, 0, 0, u8::try_from(columns.len()).unwrap()];
        body.extend(heads);
        body.extend(columns.iter().flat_map(|(_, column)| column.clone()));
        [&MAGIC[..], &[0; 5], &leb(body.len()), &body].concat()
    }

    fn claims(number: u8, column: &[u8]) -> Vec<u8> {
        of_columns(&[(number, column.to_vec())])
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

    /// A column that repeats a text.
    fn repeated(length: usize, times: usize) -> Vec<u8> {
        // A sign stands in the seventh bit of the last byte: one that is not set says "positive".
        let mut run = leb(times);
        if run.last().unwrap() & 0x40 != 0 {
            *run.last_mut().unwrap() |= 0x80;
            run.push(0);
        }
        [run, leb(length), vec![b'k'; length]].concat()
    }

    #[test]
    fn a_text_that_is_repeated_beyond_all_memory_is_not() {
        const KEYS: u8 = 0x15;
        const MORE: u8 = 0x25;
        // A megabyte that stands for a hundred gigabytes.
        let bomb = of_columns(&[(KEYS, repeated(1 << 20, 100_000))]);
        assert!(bomb.len() < 2 << 20);
        assert!(!is_plain(&bomb));
        assert!(is_plain(&of_columns(&[(KEYS, repeated(1 << 20, 128))])));
        assert!(!is_plain(&of_columns(&[(KEYS, repeated(1 << 20, 129))])));
        // Neither in one column nor in all together.
        let half = repeated(1 << 20, 65);
        assert!(is_plain(&of_columns(&[(KEYS, half.clone())])));
        assert!(!is_plain(&of_columns(&[(KEYS, half.clone()), (MORE, half)])));
        // As a chart has them.
        assert!(is_plain(&of_columns(&[(KEYS, repeated(40, 1 << 20))])));
        assert!(!is_plain(&of_columns(&[(KEYS, repeated(1, (1 << 20) + 1))])));
        // An actor stands in every change of its own.
        let actor = |length: usize| {
            let body = [vec![1], leb(length), vec![7; length], vec![0, 0, 0]].concat();
            [&MAGIC[..], &[0; 5], &leb(body.len()), &body].concat()
        };
        assert!(is_plain(&actor(16)) && !is_plain(&actor(1 << 10)));
    }
}
