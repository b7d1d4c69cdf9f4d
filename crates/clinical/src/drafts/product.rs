//! Numbers and strengths of medicines, as they are typed.

use super::check;
use crate::{Decimal, Finding, Quantity, possible};

/// The strengths of a product, one for each substance: `5 mg`, `250 mg/5 mL`, `500 mg + 125 mg`,
/// `500/125 mg`.
pub(super) fn strength(text: &str, findings: &mut Vec<Finding>) -> Vec<Quantity> {
    let Some(text) = check::line("strength", text, findings) else { return Vec::new() };
    let Some(read) = read(&text) else {
        let detail = "Please write the strength as 5 mg or 250 mg/5 mL.";
        findings.push(Finding::error("strength", "strength", detail));
        return Vec::new();
    };
    let one = |it| possible_or_told("strength", it, possible::dose, findings);
    read.into_iter().filter_map(one).collect()
}

fn read(text: &str) -> Option<Vec<Quantity>> {
    let mut all: Vec<Quantity> = Vec::new();
    for part in parts(text).into_iter().rev() {
        let part = part.trim();
        let ends = part.find(|sign: char| !sign.is_ascii_digit() && sign != '.');
        let (digits, unit) = part.split_at(ends.unwrap_or(part.len()));
        // "500/125 mg": the unit that stands last is that of all. Of a volume it is none: "250/5 mL"
        // does not say of what there are 250.
        let unit = match unit.trim() {
            "" => all.last().map(|next| next.unit.clone()).filter(|unit| !is_volume(unit))?,
            unit => written(unit),
        };
        if !unit.starts_with(|sign: char| sign.is_alphabetic() || "%[{".contains(sign)) {
            return None;
        }
        let value = decimal(digits)?;
        all.push(Quantity { value, comparator: None, ucum: ucum(&unit), unit });
    }
    all.reverse();
    Some(all)
}

/// A text parted between its substances: at a plus, or at a stroke between two numbers.
fn parts(text: &str) -> Vec<&str> {
    let is_number = |text: &str, from_end: bool| {
        let text = text.trim();
        let sign = if from_end { text.chars().next_back() } else { text.chars().next() };
        sign.is_some_and(|sign| sign.is_ascii_digit())
    };
    let (mut parts, mut begins) = (Vec::new(), 0);
    for (at, sign) in text.char_indices() {
        let (before, after) = (text.get(begins..at), text.get(at + sign.len_utf8()..));
        let (Some(before), Some(after)) = (before, after) else { continue };
        if sign == '+' || (sign == '/' && is_number(before, true) && is_number(after, false)) {
            parts.push(before);
            begins = at + sign.len_utf8();
        }
    }
    parts.extend(text.get(begins..));
    parts
}

/// A unit as it is kept: no spaces about its stroke, and one behind a number after it.
fn written(unit: &str) -> String {
    let side = |side: &str| {
        let side = side.trim();
        let ends = side.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(0);
        let (number, unit) = side.split_at(ends);
        let unit = match unit.trim() {
            "ml" | "ML" | "cc" => "mL",
            unit => unit,
        };
        if number.is_empty() { unit.to_owned() } else { format!("{number} {unit}") }
    };
    unit.split('/').map(side).collect::<Vec<_>>().join("/")
}

fn is_volume(unit: &str) -> bool {
    matches!(unit.to_ascii_lowercase().as_str(), "ml" | "l" | "dose" | "actuation" | "puff")
}

/// A number as it was typed; a finding where it is none.
pub(super) fn number(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Decimal> {
    let number = decimal(&check::optional(text)?);
    if number.is_none() {
        let detail = "Please write the number with digits and a point, such as 2.5.";
        findings.push(Finding::error(path, "number", detail));
    }
    number
}

/// A bare point is typed and never kept: ".5" is read as 5 (ISMP).
fn decimal(text: &str) -> Option<Decimal> {
    if text.starts_with('.') { format!("0{text}").parse().ok() } else { text.parse().ok() }
}

/// The value, where it can be.
pub(super) fn possible_or_told<T>(
    path: &str,
    value: T,
    is_possible: impl Fn(&T) -> bool,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    if is_possible(&value) {
        return Some(value);
    }
    let detail = "This amount is impossible. Nothing was saved; please check it.";
    findings.push(Finding::error(path, "amount-impossible", detail));
    None
}

/// The UCUM code of units that are their own code.
pub(super) fn ucum(unit: &str) -> Option<String> {
    let own = ["mg", "g", "mL", "L", "ug", "[iU]", "mmol", "mg/kg", "mg/mL"];
    own.contains(&unit).then(|| unit.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strength_is_read_as_it_stands_on_the_box() {
        let check = |text: &str, want: Result<&[&str], &str>| {
            let mut findings = Vec::new();
            let read = strength(text, &mut findings);
            let read: Vec<String> = read.iter().map(Quantity::label).collect();
            let told = findings.first().map(|finding| finding.code.clone());
            match want {
                Ok(want) => {
                    assert_eq!((read.as_slice(), told), (&to_owned(want)[..], None), "{text}");
                }
                Err(want) => {
                    assert_eq!((read, told.as_deref()), (Vec::new(), Some(want)), "{text}");
                }
            }
        };
        check("", Ok(&[]));
        check("5 mg", Ok(&["5\u{a0}mg"]));
        check("5mg", Ok(&["5\u{a0}mg"]));
        check(".5 mg", Ok(&["0.5\u{a0}mg"]));
        check("250 mg/5 mL", Ok(&["250\u{a0}mg/5 mL"]));
        check("250mg / 5ml", Ok(&["250\u{a0}mg/5 mL"]));
        check("100 units/mL", Ok(&["100\u{a0}units/mL"]));
        check("100 mcg/dose", Ok(&["100\u{a0}mcg/dose"]));
        check("0.05%", Ok(&["0.05%"]));
        check("500 mg + 125 mg", Ok(&["500\u{a0}mg", "125\u{a0}mg"]));
        check("500/125 mg", Ok(&["500\u{a0}mg", "125\u{a0}mg"]));
        check("200+40 mg/5 mL", Ok(&["200\u{a0}mg/5 mL", "40\u{a0}mg/5 mL"]));
        check("250/5 mL", Err("strength"));
        check("5", Err("strength"));
        check("strong", Err("strength"));
        check("1,000 mg", Err("strength"));
        check("5 mg +", Err("strength"));
        check("1:1000", Err("strength"));
        check("0 mg", Err("amount-impossible"));
    }

    fn to_owned(list: &[&str]) -> Vec<String> {
        list.iter().map(|it| (*it).to_owned()).collect()
    }
}
