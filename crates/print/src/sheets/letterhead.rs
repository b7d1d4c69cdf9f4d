//! The clinic at the head of its paper.

use super::heading::labelled;
use crate::{
    language::Language,
    layout::{Block, Column, Size},
    text::Words,
};
use clinical::LetterheadTemplate;

/// The clinic as its paper names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// Its name.
    pub name: String,
    /// Its address, a line each.
    pub address: Vec<String>,
    /// Its telephone.
    pub telephone: Option<String>,
    /// The number it is licensed under.
    pub registration: Option<String>,
    /// A line at the foot of each sheet.
    pub footer: Option<String>,
    /// How the first page begins; plain where nothing is chosen.
    pub template: Option<LetterheadTemplate>,
    /// Whether it is no clinic, and its patients are invented: each page says so.
    pub demonstration: bool,
}

impl Letterhead {
    /// That the patient of a sheet of a demonstration is invented, in a frame; of a prescription, that
    /// nobody is to hand out what stands on it.
    pub(super) fn invented(
        &self,
        column: Column,
        sheet: &'static str,
        language: Language,
    ) -> Option<Block> {
        if !self.demonstration {
            return None;
        }
        let is_prescription = sheet == "prescription";
        let key = if is_prescription { "demonstration" } else { "demonstration.patient" };
        let words = Words::bold(language.words(key));
        let framed = column.framed(|column| column.words(&words, Size::Large));
        Some(Block::stack([framed, Block::gap(4.0)]))
    }

    /// The clinic, and which copy it is: on paper that bears the clinic's name its room stays blank.
    pub(super) fn head(
        &self,
        column: Column,
        language: Language,
        (page, copy): (usize, Option<Words>),
    ) -> Vec<Block> {
        let large = |words: &Words| column.words(words, Size::Large);
        let name = Words::bold(&self.name);
        let template = self.template.filter(|_| page == 1).unwrap_or(LetterheadTemplate::Plain);
        let mut lines: Vec<Block> = match (template, copy) {
            (LetterheadTemplate::Plain, Some(copy)) => {
                vec![column.opposed((&name, Size::Large), (&copy, Size::Large))]
            }
            (LetterheadTemplate::Plain, None) => vec![large(&name)],
            (LetterheadTemplate::Centred, copy) => {
                let copy = copy.as_ref().map(large);
                copy.into_iter().chain([column.centred(&name, Size::Large)]).collect()
            }
            (LetterheadTemplate::Preprinted, copy) => {
                [Block::gap(PREPRINTED)].into_iter().chain(copy.as_ref().map(large)).collect()
            }
        };
        if page == 1 && template != LetterheadTemplate::Preprinted {
            lines.extend(self.lines(column, language));
        }
        lines
    }

    /// Where the clinic is, how it is reached, and its licence.
    fn lines(&self, column: Column, language: Language) -> Vec<Block> {
        let Self { address, telephone, registration, .. } = self;
        let is_centred = self.template == Some(LetterheadTemplate::Centred);
        let small = |words: &Words| {
            if is_centred {
                column.centred(words, Size::Small)
            } else {
                column.words(words, Size::Small)
            }
        };
        let mut lines: Vec<Block> = address.iter().map(|line| small(&Words::plain(line))).collect();
        for (label, value) in [("telephone", telephone), ("registration", registration)] {
            let words = value.as_ref().map(|value| labelled(language.words(label), value));
            lines.extend(words.map(|words| small(&words)));
        }
        lines
    }
}

/// The room that is left at the head of paper which bears the clinic already, in points: 35 mm.
const PREPRINTED: f32 = 99.0;
