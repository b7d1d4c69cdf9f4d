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
        Err(PartialDateError::Shape) => {
            let detail = format!("Please check: {}.", PartialDateError::Shape);
            findings.push(Finding::error(path, "date-shape", detail));
            None
        }
        Err(PartialDateError::Impossible) => {
            let detail = format!("{} Please check it.", impossible(&text));
            findings.push(Finding::error(path, "date-impossible", detail));
            None
        }
    }
}

/// Which part of a date of the right shape is not in the calendar.
fn impossible(date: &str) -> &'static str {
    let month: Option<u8> = date.get(5..7).and_then(|month| month.parse().ok());
    match (date.get(..4), month) {
        (Some("0000"), _) => "There is no year 0000.",
        (_, Some(1..=12)) => "This day is not in the calendar.",
        (_, _) => "There is no such month: they are 01 to 12.",
    }
}

/// The value when nothing is wrong, else what is.
pub(super) fn finish<T>(value: T, findings: Vec<Finding>) -> Result<T, Vec<Finding>> {
    if findings.is_empty() { Ok(value) } else { Err(findings) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_impossible_about_a_date_is_named() {
        let check = |text: &str, want: &str| {
            let mut findings = Vec::new();
            assert_eq!(date("onset", text, &mut findings), None);
            let told: Vec<_> =
                findings.iter().map(|f| (f.code.as_str(), f.detail.as_str())).collect();
            assert!(
                matches!(told[..], [("date-impossible", detail)] if detail.contains(want)),
                "{told:?}"
            );
        };
        check("1980-13", "no such month");
        check(" 1980-00-05", "no such month");
        check("1981-02-29", "day is not in the calendar");
        check("0000", "no year 0000");
    }
}
