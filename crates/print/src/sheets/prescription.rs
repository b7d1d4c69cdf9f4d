//! A prescription: what the WHO's Guide to Good Prescribing (chapter 9) asks for, medicines by the
//! rules of ISMP, blank space struck.

use super::{
    heading::{Heading, Letterhead, Person, Prescriber, Printing, Sheet, date, labelled},
    parts::{allergies, closing, medicine, opening},
};
use crate::{
    error::PrintError,
    finish::finish,
    in_words::in_words,
    language::Language,
    layout::{Block, Column, Flow, Size},
    text::Words,
};
use clinical::{AllergyState, ErrorProne, MedicationOrder, PartialDate, error_prone};

/// One medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What, and how it is taken.
    pub order: MedicationOrder,
    /// How much is handed out, and of what: `21`, `capsules`.
    pub quantity: Option<(u32, String)>,
    /// Whether the law asks for the quantity in words beside the figures.
    pub controlled: bool,
    /// How often it may be handed out again.
    pub repeats: u32,
    /// What the patient is to know.
    pub instruction: Option<String>,
}

/// What a prescription says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescription {
    /// The clinic.
    pub letterhead: Letterhead,
    /// For whom.
    pub person: Person,
    /// By whom.
    pub prescriber: Prescriber,
    /// When it was written.
    pub written: PartialDate,
    /// The patient's weight with its unit, and when it was measured.
    pub weight: Option<(String, PartialDate)>,
    /// The state of the allergy list, and those that are known.
    pub allergies: (AllergyState, Vec<String>),
    /// The medicines, at least one.
    pub items: Vec<Item>,
    /// Its number.
    pub serial: String,
    /// What the square code holds: the number, signed.
    pub code: String,
}

impl Prescription {
    /// What a pharmacist may misread in the instructions, each with the place of its medicine among
    /// the items and as it is written: to be shown before it is printed. What is printed stays as it
    /// was written.
    pub fn misread(&self) -> Vec<(usize, String, ErrorProne)> {
        let of_item = |(place, item): (usize, &Item)| {
            let typed = item.order.dosage.iter().filter_map(|dosage| dosage.text.as_deref());
            let texts = typed.chain(item.instruction.as_deref());
            let found = texts.flat_map(|text| {
                let written = |one: &ErrorProne| text.get(one.range.clone()).map(str::to_owned);
                error_prone(text).into_iter().map(move |one| (place, written(&one), one))
            });
            let found: Vec<_> = found.collect();
            found.into_iter().map(|(place, text, one)| (place, text.unwrap_or_default(), one))
        };
        self.items.iter().enumerate().flat_map(of_item).collect()
    }
}

/// Lays a prescription out.
///
/// # Errors
/// [`PrintError::Nothing`] without a medicine; the file's.
pub fn prescription(of: &Prescription, printing: &Printing) -> Result<Sheet, PrintError> {
    if of.items.is_empty() {
        return Err(PrintError::Nothing);
    }
    let language = printing.language;
    let heading = Heading { letterhead: &of.letterhead, person: &of.person, printing };
    let mut flow = Flow::new(printing.paper, language.is_rtl(), &heading);
    let column = flow.column;
    flow.put_all(about(of, column, language));
    for (number, item) in (1..).zip(&of.items) {
        flow.put(prescribed(number, item, column, language));
    }
    flow.put_last(closing(&of.prescriber, (&of.serial, &of.code), column, language)?);
    let title = language.filled("prescription.number", &[("serial", &of.serial)]);
    finish(flow, &title, printing)
}

fn about(of: &Prescription, column: Column, language: Language) -> Vec<Block> {
    let mut blocks = opening("prescription", &of.written, column, language);
    if let Some(address) = &of.person.address {
        blocks.push(column.words(&labelled(language.words("address"), address), Size::Body));
    }
    if let Some((weight, measured)) = &of.weight {
        let words = labelled(language.words("weight"), weight);
        let words = words.then(" (").then_apart(&date(measured, language)).then(")");
        blocks.push(column.words(&words, Size::Body));
    }
    let (state, known) = &of.allergies;
    blocks.push(column.words(&allergies(*state, known, language), Size::Body));
    blocks.push(Block::rule(column.width));
    blocks
}

/// A medicine: its line, how much is handed out, and what the patient is to know. They stand
/// together on one page.
fn prescribed(number: u32, item: &Item, column: Column, language: Language) -> Block {
    let indent = 18.0;
    let lines = column.indented(indent, |column| {
        let mut lines = vec![column.words(&medicine(&item.order, language), Size::Large)];
        let mut told = Vec::new();
        if let Some((count, of)) = &item.quantity {
            told.push(quantity(*count, of, item, language));
        }
        told.push(match item.repeats {
            0 => Words::plain(language.words("repeats.none")),
            repeats => labelled(language.words("repeats"), &repeats.to_string()),
        });
        told.extend(item.instruction.as_deref().map(Words::plain));
        lines.extend(told.iter().map(|words| column.words(words, Size::Body)));
        lines.push(Block::gap(Size::Body.points()));
        Block::stack(lines)
    });
    let number = Column { width: indent, rtl: column.rtl }
        .words(&Words::bold(&format!("{number}.")), Size::Large);
    let x = if column.rtl { column.width - indent } else { 0.0 };
    Block::beside([(x, number), (0.0, lines)])
}

/// In figures, and in words where the law asks for them: a digit that is added shows.
fn quantity(count: u32, of: &str, item: &Item, language: Language) -> Words {
    let words = labelled(language.words("quantity"), &format!("{count}\u{a0}{of}"));
    match in_words(count, language).filter(|_| item.controlled) {
        Some(spoken) => words.then_bold(" (").then_bold_apart(&spoken).then_bold(")"),
        None => words,
    }
}
