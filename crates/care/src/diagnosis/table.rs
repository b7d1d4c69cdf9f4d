//! The classification: its categories in their order, and the seventh characters of injuries.

use std::io::Read as _;

/// The packed classification; `examples/icd10cm.rs` says what is in it.
const PACKED: &[u8] = include_bytes!("../../../../assets/terminology/icd10cm.zst");
/// No more than this is unpacked.
const UNPACKED_MAX: u64 = 8 << 20;
/// Where the seventh character stands in a code without its dot.
const SEVENTH_AT: usize = 6;

/// The classification.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Every category, each before what is beneath it.
    pub(super) nodes: Vec<Node>,
    /// The sets of seventh characters.
    pub(super) sets: Vec<Vec<Seventh>>,
}

/// One category of the classification.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// How many are above it.
    pub(super) depth: usize,
    /// Its code, with the dot.
    pub(super) code: &'static str,
    /// Whether it can be reported.
    pub(super) kind: Kind,
    /// What it is called.
    pub(super) display: &'static str,
    /// What else belongs to it.
    pub(super) inclusions: &'static str,
}

/// Whether a category can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No: it stands for what is beneath it.
    Header,
    /// As it is.
    Whole,
    /// With a seventh character of this set.
    Seventh(usize),
}

/// A seventh character.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seventh {
    /// The character.
    pub(super) sign: char,
    /// What it adds to the name.
    pub(super) display: &'static str,
}

impl Table {
    /// The classification that is part of the program.
    pub(super) fn bundled() -> Self {
        Self::read(Box::leak(unpacked().into_boxed_str()))
    }

    /// Reads the unpacked form: lines of sets begin with `=`, the others are categories.
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines().skip(1) {
            match line.strip_prefix('=') {
                Some(set) => table.sets.push(set.split('|').filter_map(seventh).collect()),
                None => table.nodes.extend(node(line)),
            }
        }
        table
    }

    /// The codes of a category that can be reported, with their names: in the order of the seventh
    /// characters.
    pub(super) fn codes(&self, node: &Node) -> Vec<(String, String)> {
        match node.kind {
            Kind::Header => Vec::new(),
            Kind::Whole => vec![(node.code.to_owned(), node.display.to_owned())],
            Kind::Seventh(set) => {
                let set = self.sets.get(set).map(Vec::as_slice).unwrap_or_default();
                set.iter().map(|seventh| with_seventh(node, seventh)).collect()
            }
        }
    }

    /// What a code that can be reported is called.
    pub(super) fn display_of(&self, code: &str) -> Option<String> {
        let among = self.nodes.iter().filter(|node| code.starts_with(node.code));
        let mut codes = among.flat_map(|node| self.codes(node));
        codes.find(|(found, _)| found == code).map(|(_, display)| display)
    }
}

impl Node {
    /// Its code as it stands before a seventh character.
    pub(super) fn before_seventh(&self) -> String {
        let mut code = self.code.to_owned();
        if !code.contains('.') {
            code.push('.');
        }
        while code.len() <= SEVENTH_AT {
            code.push('X');
        }
        code
    }
}

/// The code and name of a category with one of its seventh characters.
pub(super) fn with_seventh(node: &Node, seventh: &Seventh) -> (String, String) {
    let mut code = node.before_seventh();
    code.push(seventh.sign);
    (code, format!("{}, {}", node.display, seventh.display))
}

/// What was packed; nothing where the program itself is damaged.
pub(super) fn unpacked() -> String {
    let mut text = String::new();
    let read = zstd::stream::read::Decoder::new(PACKED)
        .and_then(|unpacking| unpacking.take(UNPACKED_MAX).read_to_string(&mut text));
    if read.is_err() {
        text.clear();
    }
    text
}

fn node(line: &'static str) -> Option<Node> {
    let mut parts = line.split('\t');
    let depth = parts.next()?.parse().ok()?;
    let code = parts.next()?;
    let kind = match parts.next()? {
        "" => Kind::Header,
        "." => Kind::Whole,
        set => Kind::Seventh(set.parse().ok()?),
    };
    let (display, inclusions) = (parts.next()?, parts.next()?);
    Some(Node { depth, code, kind, display, inclusions })
}

fn seventh(part: &'static str) -> Option<Seventh> {
    let (sign, display) = part.split_once(' ')?;
    Some(Seventh { sign: sign.chars().next()?, display })
}
