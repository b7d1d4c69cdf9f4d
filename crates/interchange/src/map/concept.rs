//! `CodeableConcept` and `Coding`.

use super::{Reader, unclear::unclear};
use crate::json::Json;
use clinical::{CodeableConcept, Coding};

/// Reads a concept. A bare text is taken for its words.
pub(crate) fn concept(reader: &mut Reader<'_>, element: Json<'_>) -> CodeableConcept {
    if !element.is_object() {
        reader.wrong(element, "a concept was expected here");
        let is_text = element.text().is_some();
        let text = is_text.then(|| reader.own_text(element)).flatten();
        return text.map_or_else(CodeableConcept::default, CodeableConcept::from_text);
    }
    let codings = element.get("coding").into_iter().flat_map(Json::items);
    CodeableConcept {
        coding: codings.filter_map(|one| coding(reader, one)).collect(),
        text: reader.text(element, "text"),
    }
}

fn coding(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Coding> {
    if !element.is_object() {
        reader.wrong(element, "a coding was expected here");
        return None;
    }
    let coding = Coding {
        system: reader.text(element, "system").unwrap_or_default(),
        code: reader.text(element, "code").unwrap_or_default(),
        display: reader.text(element, "display"),
    };
    (coding != Coding::default()).then_some(coding)
}

/// A concept of the resource of which a part stands twice: every name that is written, each as a
/// coding too, so that whoever compares by names heeds them all. `None` where there is one name.
pub(super) fn of_two(reader: &mut Reader<'_>, name: &str, what: &str) -> Option<CodeableConcept> {
    let resource = reader.resource;
    let written = || resource.members().filter(|(key, _)| *key == name).map(|(_, value)| value);
    if !written().any(Json::has_twice) {
        return None;
    }
    let mut coding: Vec<Coding> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for element in written() {
        let one = every_name(reader, element);
        names.extend(one.1.into_iter().filter(|name| !name.trim().is_empty()));
        coding.extend(one.0);
    }
    let mut told = std::collections::BTreeSet::new();
    names.retain(|name| told.insert(name.clone()));
    if names.len() < 2 {
        return None;
    }
    coding.extend(names.iter().map(|name| Coding::new("", "", name)));
    let text = Some(unclear(what, &names.join(" or ")));
    Some(CodeableConcept { coding, text })
}

/// The codings of a concept and its names, those that stand twice among them: its texts, or what
/// its codings are called where it has none.
fn every_name(reader: &mut Reader<'_>, element: Json<'_>) -> (Vec<Coding>, Vec<String>) {
    if !element.is_object() {
        return (Vec::new(), element.text().map(Into::into).into_iter().collect());
    }
    let members = |name: &'static str| {
        element.members().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    };
    let codings = members("coding").flat_map(Json::items);
    let codings: Vec<Coding> = codings.filter_map(|one| coding(reader, one)).collect();
    let texts: Vec<String> = members("text").filter_map(|text| reader.own_text(text)).collect();
    if !texts.is_empty() {
        return (codings, texts);
    }
    let called = |coding: &Coding| coding.display.clone().unwrap_or_else(|| coding.code.clone());
    let names = codings.iter().map(called).collect();
    (codings, names)
}
