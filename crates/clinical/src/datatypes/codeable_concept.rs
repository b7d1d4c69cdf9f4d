//! A concept by code, by words, or both (FHIR R4 `CodeableConcept`).

use serde::{Deserialize, Serialize};

/// A code of a code system.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coding {
    /// The code system's URI; empty when the sender gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What the code system calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A concept: codings in the order of preference, and the words a person chose.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodeableConcept {
    /// Codes, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    /// The words of the person who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Coding {
    /// Makes a coding with its display.
    pub fn new(system: &str, code: &str, display: &str) -> Self {
        Self { system: system.to_owned(), code: code.to_owned(), display: Some(display.to_owned()) }
    }
}

impl CodeableConcept {
    /// Makes a concept of words alone.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { coding: Vec::new(), text: Some(text.into()) }
    }

    /// Makes a concept of one coding whose display are its words.
    pub fn from_coding(system: &str, code: &str, display: &str) -> Self {
        Self { coding: vec![Coding::new(system, code, display)], text: Some(display.to_owned()) }
    }

    /// What to show: the words, else the first display, else the first code.
    pub fn label(&self) -> &str {
        let words = self.text.as_deref().filter(|text| !text.trim().is_empty());
        words
            .or_else(|| self.coding.iter().find_map(|coding| coding.display.as_deref()))
            .or_else(|| self.coding.first().map(|coding| coding.code.as_str()))
            .unwrap_or_default()
    }

    /// The first code of `system`.
    pub fn code_of(&self, system: &str) -> Option<&str> {
        self.coding.iter().find(|coding| coding.system == system).map(|coding| coding.code.as_str())
    }

    /// Whether there is neither code nor word.
    pub fn is_empty(&self) -> bool {
        self.label().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_is_the_best_word_there_is() {
        let check = |concept: &CodeableConcept, label: &str| assert_eq!(concept.label(), label);
        check(&CodeableConcept::from_text("Penicillin"), "Penicillin");
        let mut coded = CodeableConcept::from_coding("s", "c", "Display");
        coded.text = Some("  ".into());
        check(&coded, "Display");
        for coding in &mut coded.coding {
            coding.display = None;
        }
        check(&coded, "c");
        check(&CodeableConcept::default(), "");
    }
}
