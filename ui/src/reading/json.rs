//! A value of JSON, asked for a type.

use super::members::{Items, Members};
use super::node::Node;
use super::unreadable::{Answer, Unreadable};
use super::variant::Variant;
use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

/// A value that is read.
#[derive(Clone, Copy)]
pub(super) struct Json<'a>(pub(super) &'a Node<'a>);

impl<'a> Json<'a> {
    fn unsigned(self) -> Answer<u64> {
        let Node::Unsigned(value) = self.0 else { return Err(Unreadable) };
        Ok(*value)
    }

    fn signed(self) -> Answer<i64> {
        match self.0 {
            Node::Signed(value) => Ok(*value),
            Node::Unsigned(value) => i64::try_from(*value).map_err(|_| Unreadable),
            Node::Null
            | Node::Bool(_)
            | Node::Odd
            | Node::Text(_)
            | Node::List(_)
            | Node::Object(_) => Err(Unreadable),
        }
    }

    fn text(self) -> Answer<&'a str> {
        let Node::Text(text) = self.0 else { return Err(Unreadable) };
        Ok(text)
    }

    fn list(self) -> Answer<&'a [Node<'a>]> {
        let Node::List(items) = self.0 else { return Err(Unreadable) };
        Ok(items)
    }
}

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Unsigned(value) => visitor.visit_u64(*value),
            Node::Signed(value) => visitor.visit_i64(*value),
            Node::Odd => Err(Unreadable),
            Node::Text(text) => visitor.visit_str(text),
            Node::List(_) => self.deserialize_seq(visitor),
            Node::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        let Node::Bool(value) = self.0 else { return Err(Unreadable) };
        visitor.visit_bool(*value)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_u64(self.unsigned()?)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_u64(self.unsigned()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_u64(self.unsigned()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_u64(self.unsigned()?)
    }

    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_i64(self.signed()?)
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_i64(self.signed()?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_i64(self.signed()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_i64(self.signed()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Unreadable) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Answer<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_seq(Items(self.list()?.iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Answer<V::Value> {
        // A longer list is no pair, whatever comes first.
        if self.list()?.len() == len { self.deserialize_seq(visitor) } else { Err(Unreadable) }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Answer<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        let Node::Object(members) = self.0 else { return Err(Unreadable) };
        visitor.visit_map(Members::of(members))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        visitor.visit_enum(Variant::of(self.0).ok_or(Unreadable)?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf unit_struct }
}
