//! The checks all forms share.

use crate::{Finding, PartialDate, PartialDateError};

/// The longest line a form takes, in characters.
const LINE_MAX: usize = 500;

/// A trimmed text, or `None` when nothing was typed.
pub(super) fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A line that may be left out and is no longer than a line.
pub(super) fn line(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<String> {
    let text = optional(text)?;
    if text.chars().count() > LINE_MAX {
        let detail = format!("Please keep this under {LINE_MAX} characters.");
        findings.push(Finding::error(path, "too-long", detail));
    } else if text.chars().any(char::is_control) {
        let detail = "There are signs in here that cannot be shown; please type it again.";
        findings.push(Finding::error(path, "unprintable", detail));
    }
    Some(text)
}

/// A text that must be there.
pub(super) fn required(path: &str, text: &str, findings: &mut Vec<Finding>) -> String {
    let text = text.trim();
    if text.is_empty() {
        findings.push(Finding::error(path, "required", "Please fill this in."));
    } else if text.chars().count() > LINE_MAX {
        let detail = format!("Please keep this under {LINE_MAX} characters.");
        findings.push(Finding::error(path, "too-long", detail));
    }
    text.to_owned()
}

/// A date that may be left out.
pub(super) fn date(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<PartialDate> {
    let text = optional(text)?;
    match text.parse::<PartialDate>() {
        Ok(date) => Some(date),
        Err(error) => {
            let code = match error {
                PartialDateError::Shape => "date-shape",
                PartialDateError::Impossible => "date-impossible",
            };
            findings.push(Finding::error(path, code, format!("Please check: {error}.")));
            None
        }
    }
}

/// The value when nothing is wrong, else what is.
pub(super) fn finish<T>(value: T, findings: Vec<Finding>) -> Result<T, Vec<Finding>> {
    if findings.is_empty() { Ok(value) } else { Err(findings) }
}
