//! Looking into scanned text.

use serde_json::{Number, Value};
use std::borrow::Cow;

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
}

/// Compact JSON text and the places of its values, in the order of the text. The children of an
/// object are its keys and values in turn.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(super) text: String,
    pub(super) nodes: Vec<Node>,
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
        let node = Node { kind: Kind::Null, start: 0, end: 0, next: 1 };
        self.json(0).unwrap_or(Json { document: self, node, at: 0 })
    }

    /// The compact text.
    pub(crate) fn text(&self) -> &str {
        &self.text
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

    /// The member of that name; of two, the last.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        let found = self.members().filter(|(key, _)| *key == name).last();
        found.map(|(_, value)| value).filter(|value| value.kind() != Kind::Null)
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

    /// The value as a tree, its numbers as written. The depth is that of the scan's limit.
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
                let members = self.members().map(|(key, value)| {
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
