//! The forms of a FHIR reference.

use crate::{FIELDCHART_FHIR, json::Json};
use std::borrow::Cow;

/// A literal reference, taken apart. Version and fragment are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference<'a> {
    /// `#id`: a resource contained in this one.
    Contained(&'a str),
    /// `urn:uuid:…`, `urn:oid:…`.
    Urn(&'a str),
    /// `Type/id`.
    Relative { resource_type: &'a str, id: &'a str },
    /// `http://server/base/Type/id`; the base ends in a slash.
    Absolute { base: &'a str, resource_type: &'a str, id: &'a str },
    /// `Type?identifier=…`.
    Conditional { resource_type: &'a str, query: &'a str },
    /// Anything else.
    Other(&'a str),
}

impl<'a> Reference<'a> {
    /// Takes a reference apart.
    pub(crate) fn parse(text: &'a str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        if let Some((resource_type, query)) = text.split_once('?')
            && is_type(resource_type)
        {
            return Self::Conditional { resource_type, query };
        }
        let whole = text.split_once("/_history/").map_or(text, |(whole, _)| whole);
        let whole = whole.split_once('#').map_or(whole, |(whole, _)| whole);
        if whole.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:")) {
            return Self::Urn(whole);
        }
        let Some((before, id)) = whole.rsplit_once('/').filter(|(_, id)| !id.is_empty()) else {
            return Self::Other(whole);
        };
        let resource_type = before.rsplit_once('/').map_or(before, |(_, last)| last);
        let base = before.strip_suffix(resource_type).unwrap_or_default();
        match (is_type(resource_type), base) {
            (true, "") => Self::Relative { resource_type, id },
            (true, base) if is_web(base) => Self::Absolute { base, resource_type, id },
            _ => Self::Other(whole),
        }
    }

    /// The type it names, where it names one.
    pub(crate) fn resource_type(self) -> Option<&'a str> {
        match self {
            Self::Relative { resource_type, .. }
            | Self::Absolute { resource_type, .. }
            | Self::Conditional { resource_type, .. } => Some(resource_type),
            Self::Contained(_) | Self::Urn(_) | Self::Other(_) => None,
        }
    }
}

/// The base of an absolute full URL, up to and with the slash before the type.
pub(super) fn base_of(full_url: &str) -> Option<&str> {
    let Reference::Absolute { base, .. } = Reference::parse(full_url) else { return None };
    Some(base)
}

/// A reference as it must be written away from the server it is relative to.
pub(crate) fn absolute(text: &str, full_url: Option<&str>) -> String {
    match (Reference::parse(text), full_url.and_then(base_of)) {
        (Reference::Relative { .. }, Some(base)) => format!("{base}{text}"),
        _ => text.to_owned(),
    }
}

/// Whether it reads like the name of a resource type.
pub(crate) fn is_type(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
    first && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What a `Reference` element refers to: its `reference`, or the one this product put aside when
/// it exported a reference to something that was not exported.
pub(crate) fn reference_text<'a>(element: Json<'a>) -> Option<Cow<'a, str>> {
    let literal = element.get("reference").and_then(Json::text);
    literal.or_else(|| {
        let url = format!("{FIELDCHART_FHIR}/unresolved-reference");
        let is_ours =
            |part: &Json<'_>| part.get("url").and_then(Json::text) == Some(url.as_str().into());
        let aside = element.get("extension")?.items().find(is_ours)?;
        aside.get("valueString")?.text()
    })
}

/// The identifiers of a resource, as conditional references write them: `system|value`, and the
/// value alone.
pub(crate) fn identifiers(resource: Json<'_>) -> Vec<String> {
    let mut tokens = Vec::new();
    for identifier in resource.get("identifier").into_iter().flat_map(Json::items) {
        let part = |name: &str| identifier.get(name).and_then(Json::text).unwrap_or_default();
        let (system, value) = (part("system"), part("value"));
        if !value.is_empty() {
            tokens.push(format!("{system}|{value}"));
            tokens.push(value.into_owned());
        }
    }
    tokens
}

/// The token of a conditional reference by identifier, percent-decoding undone.
pub(super) fn identifier_token(query: &str) -> Option<String> {
    let token = query.split('&').find_map(|part| part.strip_prefix("identifier="))?;
    let decoded = token.replace("%7C", "|").replace("%7c", "|").replace("%3A", ":");
    Some(decoded.replace("%2F", "/").replace("%3a", ":").replace("%2f", "/"))
}

fn is_web(base: &str) -> bool {
    base.starts_with("http://") || base.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_apart() {
        let check = |text: &str, want: Reference<'_>| {
            assert_eq!(Reference::parse(text), want, "{text}");
        };
        let relative = Reference::Relative { resource_type: "Patient", id: "1" };
        check("Patient/1", relative);
        check("Patient/1/_history/2", relative);
        check("Patient/1#part", relative);
        check("#med", Reference::Contained("med"));
        check("urn:uuid:0-1", Reference::Urn("urn:uuid:0-1"));
        check("URN:oid:1.2", Reference::Urn("URN:oid:1.2"));
        let base = "https://example.org/r4/";
        let absolute = Reference::Absolute { base, resource_type: "Group", id: "g.1" };
        check("https://example.org/r4/Group/g.1", absolute);
        let query = "identifier=http://a|1";
        let conditional = Reference::Conditional { resource_type: "Practitioner", query };
        check("Practitioner?identifier=http://a|1", conditional);
        for other in ["", "/", "Patient/", "patient/1", "ftp://a/Patient/1", "../Patient/1"] {
            check(other, Reference::Other(other));
        }
    }

    #[test]
    fn conditional_references_name_an_identifier() {
        let check = |query: &str, want: Option<&str>| {
            assert_eq!(identifier_token(query).as_deref(), want);
        };
        check("identifier=http://a|1", Some("http://a|1"));
        check("active=true&identifier=http%3A%2F%2Fa%7C1", Some("http://a|1"));
        check("name=Smith", None);
    }
}
