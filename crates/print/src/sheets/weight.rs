//! What somebody weighs: a dose may go by it.

use super::{
    heading::{date, labelled},
    parts::unbroken,
};
use crate::{
    language::Language,
    layout::{Block, Column, Size},
};
use clinical::PartialDate;

/// What somebody weighs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The value with its unit.
    pub value: String,
    /// When it was measured.
    pub measured: PartialDate,
    /// The weight before, with its unit, where nothing explains how far this one is from it.
    pub jumps_from: Option<String>,
}

/// What somebody weighs; where that is not to be believed as it stands, with what it was before.
pub(super) fn weighed(weight: &Weight, column: Column, language: Language) -> Block {
    let words = labelled(language.words("weight"), &weight.value);
    let words = words.then(" (").then_apart(&date(&weight.measured, language)).then(")");
    let words = match &weight.jumps_from {
        Some(before) => words
            .then_bold(" \u{26a0}\u{a0}")
            .then_bold(language.words("weight.odd"))
            .then(" ")
            .then_bold_apart(&unbroken(before)),
        None => words,
    };
    column.words(&words, Size::Body)
}
