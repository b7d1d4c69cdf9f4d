//! What a rule found (FHIR R4 `DetectedIssue`).

use super::status::codes;
use crate::EntryRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

codes! {
    /// How loudly it is told.
    AlertTier {
        /// Needs a reason and a second look.
        Block = "block",
        /// Needs a reason.
        Interrupt = "interrupt",
        /// A mark beside the line.
        Inline = "inline",
        /// On demand.
        Info = "info",
    }
}

impl AlertTier {
    /// Whether someone must look twice and say why it is right all the same.
    pub fn needs_reason(self) -> bool {
        match self {
            Self::Block | Self::Interrupt => true,
            Self::Inline | Self::Info => false,
        }
    }
}

/// A finding of a rule about entries of one chart. It advises; it never stops a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectedIssue {
    /// The rule's stable name, such as `drug-allergy`.
    pub rule: String,
    /// How loudly it is told.
    pub tier: AlertTier,
    /// What it is about, sorted.
    pub subject: Vec<EntryRef>,
    /// One plain sentence in English.
    pub detail: String,
    /// Where the rule's content comes from.
    pub source: String,
    /// The same as a code and values, for a window that speaks another language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

/// A sentence as its code and the values that fill it. A newer version may say what this one has
/// no words for: then the English sentence beside it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The sentence's stable code, such as `same-class`.
    pub code: String,
    /// What it names, by the role it has in the sentence.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Said {
    /// A code and what fills it.
    pub fn new(code: &str, values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(role, name)| ((*role).to_owned(), (*name).to_owned()));
        Self { code: code.to_owned(), values: values.collect() }
    }
}
