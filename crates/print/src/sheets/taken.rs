//! The medicines of somebody, as who reads a sheet prescribes by them or takes them.

use super::{
    medicine::{Purpose, against, medicine},
    parts::under,
};
use crate::{
    language::Language,
    layout::{Block, Column, Size},
    text::Words,
};
use clinical::{MedicationOrder, display};

/// The medicines of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Medicines {
    /// Those that everybody who wrote them agrees on.
    pub agreed: Vec<Taken>,
    /// Every version of each that was written differently in two places: one of them is taken, and
    /// none before somebody has said which.
    pub disputed: Vec<Vec<Taken>>,
}

/// A medicine that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What, and how it is taken.
    pub order: MedicationOrder,
    /// The allergies it is prescribed in spite of, each with its reaction.
    pub against: Vec<String>,
    /// Why it is prescribed in spite of them.
    pub reason: Option<String>,
}

impl From<MedicationOrder> for Taken {
    /// No allergy speaks against it.
    fn from(order: MedicationOrder) -> Self {
        Self { order, against: Vec::new(), reason: None }
    }
}

/// The medicines: who reads the sheet prescribes by it, or takes them. `asked` are the words for whom
/// it is to ask before one of two versions.
pub(super) fn taken(
    Medicines { agreed, disputed }: &Medicines,
    asked: &'static str,
    column: Column,
    language: Language,
) -> Vec<Block> {
    let apart = || [Block::gap(4.0)];
    let agreed_lines = agreed.iter().map(|one| line(one, column, language));
    let boxes = disputed.iter().map(|versions| one_of(versions, asked, column, language));
    let lines = agreed_lines.chain(boxes).map(|one| Block::stack([one].into_iter().chain(apart())));
    let mut lines: Vec<Block> = lines.collect();
    if lines.is_empty() {
        lines.push(column.words(&Words::plain(language.words("medicines.none")), Size::Body));
    }
    under(column.words(&Words::bold(language.words("medicines")), Size::Body), lines)
}

fn line(taken: &Taken, column: Column, language: Language) -> Block {
    let line = medicine(&taken.order, None, Purpose::Told, language);
    let line = column.hanging(&line, Size::Body);
    let against = against(&taken.against, taken.reason.as_deref(), column, language);
    Block::stack([line].into_iter().chain(against))
}

/// The versions of one medicine, in one frame: two lines of a list are read as two medicines, and both
/// are taken.
fn one_of(versions: &[Taken], asked: &'static str, column: Column, language: Language) -> Block {
    let words = |column: Column, words: &Words| column.words(words, Size::Body);
    let only = if versions.len() > 2 { "one-of.several" } else { "one-of.two" };
    let only = Words::bold("\u{26a0}\u{a0}").then_bold(language.words(only));
    column.framed(|column| {
        let apart = language.words("one-of.apart");
        let one_of = only.then_bold(apart).then_bold(language.words(asked));
        let why = Words::plain(language.words("one-of.why"));
        let mut blocks = vec![words(column, &one_of), words(column, &why)];
        for (place, version) in versions.iter().enumerate() {
            let or = (place > 0).then(|| Words::bold(language.words("one-of.or")));
            blocks.extend(or.map(|or| words(column, &or)));
            blocks.push(of_version(version, column, language));
        }
        Block::stack(blocks)
    })
}

/// A version; one by which the medicine is over says that and no dose.
fn of_version(version: &Taken, column: Column, language: Language) -> Block {
    if version.order.holds() {
        return line(version, column, language);
    }
    let name = display::tall_man(version.order.medication.label());
    let over = Words::default().then_bold_apart(&name).then("\u{a0}— ");
    column.words(&over.then_bold(language.words("one-of.over")), Size::Body)
}
