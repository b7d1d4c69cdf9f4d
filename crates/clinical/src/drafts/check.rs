//! The checks all forms share.

use crate::{Finding, PartialDate, TypedDate, TypedDateError, has_hidden, read_typed};

/// The longest line a form takes, in characters.
const LINE_MAX: usize = 500;

/// The longest text a form takes, in characters.
pub(super) const TEXT_MAX: usize = 10_000;

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
    } else {
        findings.extend(unprintable(path, &text));
    }
    Some(text)
}

/// A text of several lines that may be left out.
pub(super) fn text(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<String> {
    let text = optional(text)?;
    if text.chars().count() > TEXT_MAX {
        let detail = format!("Please keep this under {TEXT_MAX} characters.");
        findings.push(Finding::error(path, "too-long", detail));
    } else {
        let breaks = ['\n', '\r', '\t'];
        findings.extend(unprintable(path, &text.replace(breaks, " ")));
    }
    Some(text)
}

/// A remark on signs that cannot be shown, or are not seen.
fn unprintable(path: &str, text: &str) -> Option<Finding> {
    let detail = "There are signs in here that cannot be shown; please type it again.";
    let is_odd = text.chars().any(char::is_control) || has_hidden(text);
    is_odd.then(|| Finding::error(path, "unprintable", detail))
}

/// A text that must be there.
pub(super) fn required(path: &str, text: &str, findings: &mut Vec<Finding>) -> String {
    let text = text.trim();
    if text.is_empty() {
        findings.push(Finding::error(path, "required", "Please fill this in."));
    } else if text.chars().count() > LINE_MAX {
        let detail = format!("Please keep this under {LINE_MAX} characters.");
        findings.push(Finding::error(path, "too-long", detail));
    } else {
        findings.extend(unprintable(path, text));
    }
    text.to_owned()
}

/// What is wrong with names that must be there, each with its field: one finding for each to mend.
pub fn name_findings(names: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, name) in names {
        required(path, name, &mut findings);
    }
    findings
}

/// A date that may be left out.
pub(super) fn date(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<PartialDate> {
    typed_date(path, text, None, findings).map(|typed| typed.date)
}

/// A date that may be left out, or an age counted back from `today`.
pub(super) fn typed_date(
    path: &str,
    text: &str,
    today: Option<&PartialDate>,
    findings: &mut Vec<Finding>,
) -> Option<TypedDate> {
    let text = optional(text)?;
    let (code, detail) = match read_typed(&text, today.and_then(PartialDate::date)) {
        Ok(typed) => return Some(typed),
        Err(TypedDateError::Shape) => {
            ("date-shape", format!("Please check: {}.", TypedDateError::Shape))
        }
        Err(TypedDateError::ShortYear) => {
            ("date-short-year", "Please write the year with four digits.".to_owned())
        }
        Err(TypedDateError::Impossible) => {
            ("date-impossible", format!("{} Please check it.", impossible(&text)))
        }
    };
    findings.push(Finding::error(path, code, detail));
    None
}

/// Which part of a date of the right shape is not in the calendar.
fn impossible(date: &str) -> &'static str {
    let year_first = date.get(4..5) == Some("-");
    let month: Option<u8> =
        date.get(5..7).filter(|_| year_first).and_then(|month| month.parse().ok());
    match (date.get(..4), month) {
        (Some("0000"), _) => "There is no year 0000.",
        (_, Some(1..=12)) => "This day is not in the calendar.",
        (_, Some(_)) => "There is no such month: they are 01 to 12.",
        (_, None) => "This day or month is not in the calendar; the day comes first.",
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
    fn a_text_has_lines_and_nothing_that_is_not_seen() {
        let check = |typed: &str, want: &[&str]| {
            let mut findings = Vec::new();
            let kept = text("note", typed, &mut findings);
            assert_eq!(kept.as_deref(), Some(typed.trim()));
            assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), want);
        };
        check(" rash\r\nafter\t3 days ", &[]);
        check("1\u{8}0 mg", &["unprintable"]);
        check("1\u{202e}0 mg", &["unprintable"]);
        check("1\u{fe0e}0 mg", &["unprintable"]);
        check(&"x".repeat(TEXT_MAX), &[]);
        check(&"x".repeat(TEXT_MAX + 1), &["too-long"]);
        assert_eq!(text("note", " \n", &mut Vec::new()), None);
    }

    #[test]
    fn a_name_is_there_and_reads_one_way() {
        let check = |name: &str, want: &[&str]| {
            let told = name_findings(&[("userName", "ana"), ("name", name)]);
            let told: Vec<_> = told.iter().map(|f| (f.path.as_str(), f.code.as_str())).collect();
            assert_eq!(told, want.iter().map(|code| ("name", *code)).collect::<Vec<_>>());
        };
        check("José d’Ávila", &[]);
        check(" ", &["required"]);
        check("Ana\u{202e}olleko", &["unprintable"]);
        check("Ana\u{7}", &["unprintable"]);
        check(&"x".repeat(LINE_MAX + 1), &["too-long"]);
    }

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
        check("03/14/1980", "the day comes first");
    }
}
