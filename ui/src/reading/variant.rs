//! Names, and the variants they stand for.

use super::json::Json;
use super::node::Node;
use super::unreadable::{Answer, Unreadable};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The name of a member or a variant.
pub(super) struct Name<'a>(pub(super) &'a str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Answer<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        visitor.visit_enum(Variant { name: self.0, content: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant: a text, or the one member of an object.
pub(super) struct Variant<'a> {
    name: &'a str,
    content: Option<&'a Node<'a>>,
}

impl<'a> Variant<'a> {
    pub(super) fn of(value: &'a Node<'a>) -> Option<Self> {
        match value {
            Node::Text(name) => Some(Self { name, content: None }),
            Node::Object(members) => match members.as_slice() {
                [(name, content)] => Some(Self { name, content: Some(content) }),
                _ => None,
            },
            Node::Null
            | Node::Bool(_)
            | Node::Unsigned(_)
            | Node::Signed(_)
            | Node::Odd
            | Node::List(_) => None,
        }
    }

    fn content(self) -> Answer<Json<'a>> {
        self.content.map(Json).ok_or(Unreadable)
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Answer<(V::Value, Self)> {
        Ok((seed.deserialize(Name(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Answer<()> {
        if self.content.is_none_or(Node::is_null) { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Answer<T::Value> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Answer<V::Value> {
        self.content()?.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        self.content()?.deserialize_map(visitor)
    }
}
