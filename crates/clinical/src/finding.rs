//! What a reader or a check has to say about a value, without refusing it.

use serde::{Deserialize, Serialize};

/// How much a [`Finding`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing was changed.
    Information,
    /// Taken in, but something was kept aside or could not be understood.
    Warning,
    /// Not taken in; the original is kept.
    Error,
}

/// One remark about one place. `path` is the field (`dosage.dose`), `code` is stable and
/// translated by the window, `detail` is for people who read logs and holds no patient data
/// unless it is shown to the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The field it is about.
    pub path: String,
    /// A stable word for the kind of remark, such as `required` or `date-impossible`.
    pub code: String,
    /// One plain sentence: what is wrong, what is safe, what to do.
    pub detail: String,
}

impl Finding {
    /// Makes an error about `path`.
    pub fn error(path: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, path, code, detail)
    }

    /// Makes a warning about `path`.
    pub fn warning(path: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, path, code, detail)
    }

    /// Makes a remark about `path`.
    pub fn information(path: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Severity::Information, path, code, detail)
    }

    fn new(severity: Severity, path: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { severity, path: path.to_owned(), code: code.to_owned(), detail: detail.into() }
    }
}
