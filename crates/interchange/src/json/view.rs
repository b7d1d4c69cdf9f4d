//! Looking into scanned text.

use serde_json::{Number, Value};
use std::borrow::Cow;

/// A value longer than this is not told in words, bytes.
const SHORT: usize = 40;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// Text without escapes.
    Plain,
    /// Text with escapes.
    Escaped,
    Number,
    True,
    False,
    Null,
}

/// A value's place in the text (of a text: without its quotes) and the node after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) next: u32,
    /// Whether it is a member whose name stands twice in its object.
    pub(super) twice: bool,
}

/// Compact JSON text and the places of its values, in the order of the text. The children of an
/// object are its keys and values in turn.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(super) text: String,
    pub(super) nodes: Vec<Node>,
    /// Whether any name stands twice in its object.
    pub(super) twice: bool,
}

/// A value within a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<'a> {
    document: &'a Document,
    node: Node,
    at: u32,
}

impl Document {
    /// The outermost value.
    pub(crate) fn root(&self) -> Json<'_> {
        let node = Node { kind: Kind::Null, start: 0, end: 0, next: 1, twice: false };
        self.json(0).unwrap_or(Json { document: self, node, at: 0 })
    }

    /// The compact text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a name stands twice in one of its objects.
    pub(crate) fn has_twice(&self) -> bool {
        self.twice
    }

    /// The compact text, leaving the index.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Every key of every object with its value, in the order of the text.
    pub(crate) fn keyed(&self) -> impl Iterator<Item = (&str, Json<'_>)> {
        Keyed { document: self, at: 0, open: Vec::new() }
    }

    fn json(&self, at: u32) -> Option<Json<'_>> {
        let node = *self.nodes.get(usize::try_from(at).ok()?)?;
        Some(Json { document: self, node, at })
    }

    fn slice(&self, node: Node) -> &str {
        let place = |at: u32| usize::try_from(at).unwrap_or_default();
        self.text.get(place(node.start)..place(node.end)).unwrap_or_default()
    }
}

impl<'a> Json<'a> {
    /// What it is.
    pub(crate) fn kind(self) -> Kind {
        self.node.kind
    }

    /// Whether it is an object.
    pub(crate) fn is_object(self) -> bool {
        self.node.kind == Kind::Object
    }

    /// The text of a text value, unescaped.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self.node.kind {
            Kind::Plain => Some(Cow::Borrowed(self.document.slice(self.node))),
            Kind::Escaped => serde_json::from_str(self.raw()).ok().map(Cow::Owned),
            Kind::Object | Kind::Array | Kind::Number | Kind::True | Kind::False | Kind::Null => {
                None
            }
        }
    }

    /// The value as it stands in the text, with quotes.
    pub(crate) fn raw(self) -> &'a str {
        let node = match self.node.kind {
            Kind::Plain | Kind::Escaped => {
                let (start, end) = (self.node.start.saturating_sub(1), self.node.end + 1);
                Node { start, end, ..self.node }
            }
            Kind::Object | Kind::Array | Kind::Number | Kind::True | Kind::False | Kind::Null => {
                self.node
            }
        };
        self.document.slice(node)
    }

    /// The member of that name; of two neither, for nobody knows which one holds.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        let (_, found) = self.members().find(|(key, _)| *key == name)?;
        (found.kind() != Kind::Null && !found.node.twice).then_some(found)
    }

    /// The first member of that name, also of two: for what is heeded whichever holds.
    pub(crate) fn first(self, name: &str) -> Option<Self> {
        let (_, found) = self.members().find(|(key, _)| *key == name)?;
        (found.kind() != Kind::Null || found.node.twice).then_some(found)
    }

    /// Whether there are two members of that name.
    pub(crate) fn is_twice(self, name: &str) -> bool {
        self.document.twice && self.members().any(|(key, value)| value.node.twice && key == name)
    }

    /// Whether it is a member, or has one at any depth, whose name stands twice.
    pub(crate) fn has_twice(self) -> bool {
        let all = || {
            let place = |at: u32| usize::try_from(at).unwrap_or_default();
            self.document.nodes.get(place(self.at)..place(self.node.next)).unwrap_or_default()
        };
        self.document.twice && all().iter().any(|node| node.twice)
    }

    /// What stands twice within it, in words: `value 5 or 50`; `None` where nothing does.
    pub(crate) fn twice_in_words(self) -> Option<String> {
        if !self.has_twice() {
            return None;
        }
        let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
        let within = |value: &Json<'_>| self.at <= value.at && value.at < self.node.next;
        let twice = self.document.keyed().filter(|(_, value)| value.node.twice && within(value));
        for (name, value) in twice {
            match found.last_mut() {
                Some((last, values)) if *last == name => values.push(value.raw()),
                _ => found.push((name, vec![value.raw()])),
            }
        }
        let is_short =
            |values: &[&str]| values.len() > 1 && values.iter().all(|value| value.len() <= SHORT);
        let words = found.into_iter().map(|(name, values)| match is_short(&values) {
            true => format!("{name} {}", values.join(" or ")),
            false => format!("{name} in two ways"),
        });
        Some(words.collect::<Vec<_>>().join(", "))
    }

    /// Names and values of an object, none of anything else. Names are as written: the scanner
    /// has undone needless escapes.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Json<'a>)> {
        let mut children = self.children(Kind::Object);
        std::iter::from_fn(move || {
            let key = children.next()?;
            Some((key.document.slice(key.node), children.next()?))
        })
    }

    /// The items of an array; a value that is none is taken as the only item, as senders of
    /// older FHIR releases write it.
    pub(crate) fn items(self) -> impl Iterator<Item = Json<'a>> {
        let alone = (self.node.kind != Kind::Array).then_some(self);
        alone.into_iter().chain(self.children(Kind::Array))
    }

    /// The path from the outermost value to this one, as FHIR writes it. Only a finding needs it.
    pub(crate) fn path(self) -> String {
        let mut path = self.document.root().resource_type().unwrap_or_default().into_owned();
        let mut here = self.document.root();
        while here.at != self.at {
            let inside = |child: &Json<'_>| child.at <= self.at && self.at < child.node.next;
            let next = if here.is_object() {
                let member = here.members().find(|(_, value)| inside(value));
                member.map(|(key, value)| (format!(".{key}"), value))
            } else {
                let mut items = here.children(Kind::Array).enumerate();
                let item = items.find(|(_, item)| inside(item));
                item.map(|(index, item)| (format!("[{index}]"), item))
            };
            let Some((step, child)) = next else { return path };
            path.push_str(&step);
            here = child;
        }
        path
    }

    /// The value as a tree, its numbers as written and without what stands twice: a tree has room
    /// for one. The depth is that of the scan's limit.
    pub(crate) fn to_value(self) -> Value {
        match self.node.kind {
            Kind::Null => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => Value::Number(Number::from_string_unchecked(self.raw().to_owned())),
            Kind::Plain | Kind::Escaped => {
                Value::String(self.text().unwrap_or_default().into_owned())
            }
            Kind::Array => Value::Array(self.items().map(Json::to_value).collect()),
            Kind::Object => {
                let unescaped = |key: &str| serde_json::from_str(&format!("\"{key}\"")).ok();
                let members = self.members().filter(|(_, value)| !value.node.twice);
                let members = members.map(|(key, value)| {
                    (unescaped(key).unwrap_or_else(|| key.to_owned()), value.to_value())
                });
                Value::Object(members.collect())
            }
        }
    }

    /// The member `resourceType`.
    pub(crate) fn resource_type(self) -> Option<Cow<'a, str>> {
        self.get("resourceType")?.text()
    }

    fn children(self, of: Kind) -> impl Iterator<Item = Json<'a>> {
        let end = if self.node.kind == of { self.node.next } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then(|| self.document.json(at))??;
            at = child.node.next;
            Some(child)
        })
    }
}

struct Keyed<'a> {
    document: &'a Document,
    at: u32,
    /// For each open container: where it ends, and whether a key comes next (objects only).
    open: Vec<(u32, Option<bool>)>,
}

impl<'a> Iterator for Keyed<'a> {
    type Item = (&'a str, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while self.open.last().is_some_and(|(end, _)| *end <= self.at) {
                self.open.pop();
            }
            let here = self.document.json(self.at)?;
            self.at += 1;
            let key_is_next = self.open.last_mut().and_then(|(_, key)| key.as_mut());
            let is_key = key_is_next.is_some_and(|key| std::mem::replace(key, !*key));
            if here.kind() == Kind::Object {
                self.open.push((here.node.next, Some(true)));
            } else if here.kind() == Kind::Array {
                self.open.push((here.node.next, None));
            }
            if is_key {
                return Some((self.document.slice(here.node), self.document.json(self.at)?));
            }
        }
    }
}
