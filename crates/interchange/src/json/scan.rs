//! One pass over one JSON value.

use super::view::{Document, Kind, Node};
use crate::Limits;
use clinical::{Decimal, Finding};

/// A scanned value, the byte after it, and what was odd about it.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) document: Document,
    pub(crate) end: usize,
    pub(crate) findings: Vec<Finding>,
}

/// Why a value could not be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScanError {
    /// The text ends within the value.
    #[error("the text ends in the middle, after {0} bytes")]
    Truncated(usize),
    /// The text is not JSON.
    #[error("this is not JSON, at byte {0}")]
    Syntax(usize),
    /// Arrays and objects within each other beyond the limit.
    #[error("arrays and objects are nested too deeply")]
    Depth,
    /// More values or bytes than one resource may have.
    #[error("there are too many values in one resource")]
    Values,
}

/// Scans the value that begins at `at`: compacts it and finds its parts. It never recurses.
pub(crate) fn scan(text: &str, at: usize, limits: &Limits) -> Result<Scanned, ScanError> {
    let out = String::with_capacity(1024);
    let mut scanner = Scanner {
        text,
        at,
        out,
        nodes: Vec::new(),
        open: Vec::new(),
        keys: Vec::new(),
        twice: false,
        findings: Vec::new(),
        limits,
    };
    scanner.run()?;
    let Scanner { out, nodes, at, findings, twice, .. } = scanner;
    Ok(Scanned { document: Document { text: out, nodes, twice }, end: at, findings })
}

/// A container that is not closed yet.
struct Open {
    node: usize,
    kind: Kind,
    /// Children so far.
    count: usize,
    /// The name of the member being read.
    key: (usize, usize),
}

/// A member of the object being closed.
#[derive(Clone, Copy)]
struct Key {
    start: u32,
    end: u32,
    /// The node of its value.
    value: usize,
}

/// So few names are held against each other one by one.
const KEYS_FEW: usize = 12;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    out: String,
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// Room for the names of one object.
    keys: Vec<Key>,
    /// Whether any name is there twice.
    twice: bool,
    findings: Vec<Finding>,
    limits: &'a Limits,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), ScanError> {
        loop {
            if self.value()? && self.after_value()? {
                return Ok(());
            }
        }
    }

    /// Reads a value, or the opening of one that has children; says whether it is complete.
    fn value(&mut self) -> Result<bool, ScanError> {
        match self.peek()? {
            b'{' => self.opening(Kind::Object, b'}'),
            b'[' => self.opening(Kind::Array, b']'),
            b'"' => self.string().map(|()| true),
            _ => self.word().map(|()| true),
        }
    }

    /// Goes on after a complete value; says whether it was the outermost one.
    fn after_value(&mut self) -> Result<bool, ScanError> {
        loop {
            let Some(open) = self.open.last_mut() else { return Ok(true) };
            open.count += 1;
            let kind = open.kind;
            match (self.peek()?, kind) {
                (b',', Kind::Object) => {
                    self.byte(',');
                    self.key()?;
                    return Ok(false);
                }
                (b',', _) => {
                    self.byte(',');
                    return Ok(false);
                }
                (b'}', Kind::Object) => self.closing('}')?,
                (b']', Kind::Array) => self.closing(']')?,
                _ => return Err(ScanError::Syntax(self.at)),
            }
        }
    }

    fn opening(&mut self, kind: Kind, close: u8) -> Result<bool, ScanError> {
        if self.open.len() >= self.limits.depth {
            return Err(ScanError::Depth);
        }
        let start = self.out.len();
        self.byte(if kind == Kind::Object { '{' } else { '[' });
        self.open.push(Open { node: self.nodes.len(), kind, count: 0, key: (0, 0) });
        self.node(kind, start, start)?;
        if self.peek()? == close {
            self.closing(char::from(close))?;
            return Ok(true);
        }
        if kind == Kind::Object {
            self.key()?;
        }
        Ok(false)
    }

    fn closing(&mut self, close: char) -> Result<(), ScanError> {
        self.byte(close);
        let (end, next) = (place(self.out.len())?, place(self.nodes.len())?);
        self.duplicates();
        if let Some(open) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(open.node)
        {
            node.end = end;
            node.next = next;
        }
        Ok(())
    }

    fn key(&mut self) -> Result<(), ScanError> {
        if self.peek()? != b'"' {
            return Err(ScanError::Syntax(self.at));
        }
        self.string()?;
        let written = self.nodes.last().map(|node| (node.kind, node.start, node.end));
        if let Some((kind, start, end)) = written {
            let start = usize::try_from(start).unwrap_or_default();
            let mut end = usize::try_from(end).unwrap_or_default();
            if kind == Kind::Escaped {
                end = self.plain_key(start)?;
            }
            if let Some(open) = self.open.last_mut() {
                open.key = (start, end);
            }
        }
        if self.peek()? != b':' {
            return Err(ScanError::Syntax(self.at));
        }
        self.byte(':');
        Ok(())
    }

    /// Writes the key just read without needless escapes, so that equal names are equal text.
    fn plain_key(&mut self, start: usize) -> Result<usize, ScanError> {
        let raw = self.out.get(start.saturating_sub(1)..).unwrap_or_default();
        let key: String = serde_json::from_str(raw).map_err(|_| ScanError::Syntax(self.at))?;
        let plain = serde_json::to_string(&key).map_err(|_| ScanError::Syntax(self.at))?;
        self.out.truncate(start.saturating_sub(1));
        self.out.push_str(&plain);
        let end = self.out.len().saturating_sub(1);
        if let Some(node) = self.nodes.last_mut() {
            node.end = place(end)?;
        }
        Ok(end)
    }

    fn string(&mut self) -> Result<(), ScanError> {
        self.byte('"');
        let start = self.out.len();
        let (mut run, mut kind) = (self.at, Kind::Plain);
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
            let stop = rest.iter().position(special).ok_or(self.truncated())?;
            self.at += stop;
            match rest.get(stop) {
                Some(b'"') => break,
                Some(b'\\') => {
                    kind = Kind::Escaped;
                    self.escape(&mut run)?;
                }
                Some(control) => {
                    kind = Kind::Escaped;
                    self.copy(run, self.at);
                    self.out.push_str(&format!("\\u{control:04x}"));
                    self.at += 1;
                    run = self.at;
                    let detail = "A control character stood bare in a text. It is kept, escaped.";
                    self.remark("json-control-character", detail);
                }
                None => return Err(self.truncated()),
            }
        }
        self.copy(run, self.at);
        let end = self.out.len();
        self.byte('"');
        if end - start > self.limits.string_bytes {
            self.remark("string-long", "A very long text. It is kept whole.");
        }
        self.node(kind, start, end)
    }

    /// Passes over one escape; half of a surrogate pair becomes U+FFFD.
    fn escape(&mut self, run: &mut usize) -> Result<(), ScanError> {
        let code = self.text.as_bytes().get(self.at + 1).ok_or(self.truncated())?;
        match code {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 2;
                return Ok(());
            }
            b'u' => {}
            _ => return Err(ScanError::Syntax(self.at)),
        }
        let unit = self.unit(self.at)?;
        let low = |unit: u32| (0xdc00..=0xdfff).contains(&unit);
        let high = (0xd800..=0xdbff).contains(&unit);
        if high && self.unit(self.at + 6).is_ok_and(low) {
            self.at += 12;
        } else if high || low(unit) {
            self.copy(*run, self.at);
            self.out.push_str("\\ufffd");
            self.at += 6;
            *run = self.at;
            let detail = "Half a character was written. It is replaced by U+FFFD.";
            self.remark("json-lone-surrogate", detail);
        } else {
            self.at += 6;
        }
        Ok(())
    }

    fn unit(&self, at: usize) -> Result<u32, ScanError> {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let [b'\\', b'u', a, b, c, d, ..] = rest else {
            return Err(if rest.len() < 6 { self.truncated() } else { ScanError::Syntax(at) });
        };
        [a, b, c, d].into_iter().try_fold(0, |unit, byte| {
            let digit = char::from(*byte).to_digit(16).ok_or(ScanError::Syntax(at))?;
            Ok(unit * 16 + digit)
        })
    }

    /// Reads `true`, `false`, `null` or a number; another bare word is kept as a text.
    fn word(&mut self) -> Result<(), ScanError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let word = rest.find(|c| !part(c)).and_then(|end| rest.get(..end)).unwrap_or(rest);
        let start = self.out.len();
        let kind = match word {
            "true" => Kind::True,
            "false" => Kind::False,
            "null" => Kind::Null,
            "" => return Err(ScanError::Syntax(self.at)),
            word if is_number(word) => Kind::Number,
            _ => return self.bare(word),
        };
        self.copy(self.at, self.at + word.len());
        self.at += word.len();
        self.node(kind, start, self.out.len())
    }

    fn bare(&mut self, word: &str) -> Result<(), ScanError> {
        let ends = self.text.len() == self.at + word.len();
        if ends && ["true", "false", "null"].iter().any(|whole| whole.starts_with(word)) {
            return Err(self.truncated());
        }
        self.remark("json-number", "Neither a number nor a text in quotes. It is kept as a text.");
        self.out.push('"');
        let start = self.out.len();
        self.copy(self.at, self.at + word.len());
        self.at += word.len();
        self.node(Kind::Plain, start, self.out.len())?;
        self.out.push('"');
        Ok(())
    }

    /// Marks members of one name within the object being closed, and remarks on them.
    fn duplicates(&mut self) {
        let Some(open) = self.open.last().filter(|open| open.kind == Kind::Object) else { return };
        if open.count < 2 {
            return;
        }
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        let mut at = open.node + 1;
        while let Some((key, value)) = self.nodes.get(at).zip(self.nodes.get(at + 1)) {
            keys.push(Key { start: key.start, end: key.end, value: at + 1 });
            at = usize::try_from(value.next).unwrap_or(usize::MAX);
        }
        let twice = repeated(&mut keys, &self.out);
        self.keys = keys;
        let Some(first) = twice.first() else { return };
        if self.findings.len() < self.limits.findings {
            let name = slice(&self.out, first.start, first.end);
            let path = format!("{}.{name}", self.path_of(self.open.len().saturating_sub(1)));
            let detail = "One member is there twice. Nobody knows which one holds: neither is \
                          taken as a value, and both are kept.";
            self.findings.push(Finding::warning(&path, "json-duplicate-key", detail));
        }
        for key in twice {
            self.twice = true;
            if let Some(value) = self.nodes.get_mut(key.value) {
                value.twice = true;
            }
        }
    }

    fn remark(&mut self, code: &str, detail: &str) {
        if self.findings.len() < self.limits.findings {
            let path = self.path_of(self.open.len());
            self.findings.push(Finding::warning(&path, code, detail));
        }
    }

    /// The path through the first `depth` open containers.
    fn path_of(&self, depth: usize) -> String {
        let mut path = String::new();
        for open in self.open.iter().take(depth) {
            if open.kind == Kind::Object {
                path.push('.');
                path.push_str(self.out.get(open.key.0..open.key.1).unwrap_or_default());
            } else {
                path.push_str(&format!("[{}]", open.count));
            }
        }
        path.trim_start_matches('.').to_owned()
    }

    fn node(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), ScanError> {
        if self.nodes.len() >= self.limits.values {
            return Err(ScanError::Values);
        }
        let next = place(self.nodes.len() + 1)?;
        self.nodes.push(Node { kind, start: place(start)?, end: place(end)?, next, twice: false });
        Ok(())
    }

    fn peek(&mut self) -> Result<u8, ScanError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let skip = rest.iter().position(|byte| !blank(byte)).ok_or(self.truncated())?;
        self.at += skip;
        rest.get(skip).copied().ok_or(self.truncated())
    }

    /// Copies one structural byte.
    fn byte(&mut self, byte: char) {
        self.out.push(byte);
        self.at += 1;
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.out.push_str(self.text.get(from..to).unwrap_or_default());
    }

    fn truncated(&self) -> ScanError {
        ScanError::Truncated(self.text.len())
    }
}

/// The keys whose name is there twice.
fn repeated(keys: &mut [Key], text: &str) -> Vec<Key> {
    let name = |key: &Key| slice(text, key.start, key.end);
    let same = |one: &Key, other: &Key| {
        one.end - one.start == other.end - other.start && name(one) == name(other)
    };
    let mut twice = Vec::new();
    if keys.len() <= KEYS_FEW {
        let mut rest = &*keys;
        while let Some((first, others)) = rest.split_first() {
            for other in others.iter().filter(|other| same(first, other)) {
                twice.extend([*first, *other]);
            }
            rest = others;
        }
        return twice;
    }
    keys.sort_unstable_by(|one, other| name(one).cmp(name(other)));
    for pair in keys.windows(2) {
        if let [one, other] = pair
            && same(one, other)
        {
            twice.extend([*one, *other]);
        }
    }
    twice
}

/// The grammar of JSON numbers, however long.
fn is_number(word: &str) -> bool {
    if word.len() <= 40 {
        return word.parse::<Decimal>().is_ok();
    }
    serde_json::from_str::<serde_json::Number>(word).is_ok()
}

fn slice(text: &str, start: u32, end: u32) -> &str {
    let place = |at: u32| usize::try_from(at).unwrap_or_default();
    text.get(place(start)..place(end)).unwrap_or_default()
}

fn place(at: usize) -> Result<u32, ScanError> {
    u32::try_from(at).map_err(|_| ScanError::Values)
}
