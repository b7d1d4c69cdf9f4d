//! What lists and objects are made of.

use super::json::Json;
use super::node::Node;
use super::unreadable::{Answer, Unreadable};
use super::variant::Name;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use std::borrow::Cow;

/// The items of a list, one after the other.
pub(super) struct Items<'a>(pub(super) std::slice::Iter<'a, Node<'a>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Answer<Option<T::Value>> {
        self.0.next().map(|item| seed.deserialize(Json(item))).transpose()
    }
}

/// The members of an object, one after the other.
pub(super) struct Members<'a> {
    rest: std::slice::Iter<'a, (Cow<'a, str>, Node<'a>)>,
    value: &'a Node<'a>,
}

impl<'a> Members<'a> {
    pub(super) fn of(members: &'a [(Cow<'a, str>, Node<'a>)]) -> Self {
        Self { rest: members.iter(), value: &Node::Null }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Answer<Option<K::Value>> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Name(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Answer<T::Value> {
        seed.deserialize(Json(self.value))
    }
}
