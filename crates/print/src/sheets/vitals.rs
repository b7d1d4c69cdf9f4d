//! What was measured.

use super::{heading::labelled, parts::unbroken};
use crate::{
    language::Language,
    layout::{Block, Column, Size},
    text::Words,
};

/// In which order vital signs stand, whenever each was taken: who knows the sheet finds them at once.
const VITALS: [&str; 9] = [
    "vitals.pressure",
    "vitals.systolic",
    "vitals.diastolic",
    "vitals.heart-rate",
    "vitals.respiratory-rate",
    "vitals.temperature",
    "vitals.oxygen-saturation",
    "vitals.weight",
    "vitals.height",
];

/// What was measured, a line each, the value heavier than its name; others than the usual signs stand
/// last, and several of one sign in the order they came in.
pub(super) fn vitals(all: &[(String, String)], column: Column) -> Vec<Block> {
    let place = |(sign, _): &&(String, String)| {
        // A sign that is told with its value in one has a number after its name.
        let is_named = |name: &str| {
            let rest = sign.strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_numeric))
        };
        let is_named = |key: &&str| {
            let mut names = Language::ALL.iter().filter_map(|(language, _)| language.of(key));
            names.any(is_named)
        };
        VITALS.iter().position(is_named).unwrap_or(VITALS.len())
    };
    let mut all: Vec<&(String, String)> = all.iter().collect();
    all.sort_by_key(place);
    let line = |(sign, value): &(String, String)| match value.as_str() {
        "" => Words::plain(&unbroken(sign)),
        value => labelled(sign, &unbroken(value)),
    };
    all.into_iter().map(|one| column.hanging(&line(one), Size::Body)).collect()
}
