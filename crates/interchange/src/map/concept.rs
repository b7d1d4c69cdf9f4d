//! `CodeableConcept` and `Coding`.

use super::Reader;
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
