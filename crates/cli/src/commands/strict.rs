//! JSON that says one thing: objects with names, each once.
//!
//! A list would be read as the fields in their order, and one put in would move the others; of two
//! values under one name a reader takes the last, and nobody sees it.

use super::reading::place;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{collections::BTreeSet, fmt};

const LIST: &str = "a list";
const TWICE: &str = "a name twice";

/// Why a text that may be JSON does not say one thing, and where; `None` where it does, or is no
/// JSON.
pub(super) fn ambiguous(text: &str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, Strict>(&mut reader).err()?;
    let (place, error) = (place(error.path()), error.inner().to_string());
    if error.starts_with(TWICE) {
        return Some(format!("has two values under the name `{place}`"));
    }
    let at = if place.is_empty() { place } else { format!(" at `{place}`") };
    error.starts_with(LIST).then(|| {
        format!("has a list{at} where one JSON object with the names of the fields was asked for")
    })
}

/// A value that is read to be judged.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Judge)
    }
}

/// A second value of a name, which is not read: where it stands is told with it.
struct Again;

impl<'de> Deserialize<'de> for Again {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(TWICE))
    }
}

struct Judge;

impl<'de> Visitor<'de> for Judge {
    type Value = Strict;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.insert(name) {
                members.next_value::<Strict>()?;
            } else {
                members.next_value::<Again>()?;
            }
        }
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Err(A::Error::custom(LIST))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_unit<E: Error>(self) -> Result<Strict, E> {
        Ok(Strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_names_that_stand_twice_are_told() {
        let check = |text: &str, want: Option<&str>| {
            let told = ambiguous(text);
            assert_eq!(told.is_some(), want.is_some(), "{text}: {told:?}");
            assert!(
                told.as_deref().unwrap_or_default().contains(want.unwrap_or_default()),
                "{text}: {told:?}"
            );
        };
        check(r#"["Metformin", "5"]"#, Some("list"));
        check(r#"{"medication": "a", "dosage": ["", "5"]}"#, Some("a list at `dosage` where"));
        check(r#"{"values": {"systolic": "120", "systolic": "220"}}"#, Some("`values.systolic`"));
        check(r#"{"dose": "5", "d\u006fse": "50"}"#, Some("two values"));
        check(
            r#"{"dose": "5", "unit": "mg", "asNeeded": true, "a": null, "b": 1.5, "c": -1}"#,
            None,
        );
        check(r#"{"dose": "#, None);
        check("null", None);
    }
}
