//! A prescription: what the WHO's Guide to Good Prescribing (chapter 9) asks for, medicines by the
//! rules of ISMP, blank space struck.

use super::{
    heading::{BETWEEN, Heading, Letterhead, Person, Prescriber, Printing, Sheet, date, labelled},
    parts::{allergies, closing, guardian, medicine, opening, unbroken},
};
use crate::{
    error::PrintError,
    finish::finish,
    in_words::in_words,
    language::Language,
    layout::{Block, Column, Flow, Size},
    nouns::order_in,
    text::Words,
};
use clinical::{AllergyState, ErrorProne, MedicationOrder, PartialDate, error_prone};

/// One medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What, how it is taken, how much is handed out and how often again.
    pub order: MedicationOrder,
    /// Whether the law asks for the quantity in words beside the figures.
    pub controlled: bool,
    /// What the patient is to know.
    pub instruction: Option<String>,
    /// The allergies it is prescribed in spite of, each with its reaction.
    pub against: Vec<String>,
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
    let sheet = ("prescription", of.serial.as_str());
    let heading = Heading {
        letterhead: &of.letterhead,
        person: &of.person,
        printing,
        sheet,
        allergies: Some(&of.allergies),
    };
    let mut flow = Flow::new(printing.paper, language.is_rtl(), &heading).struck();
    let column = flow.column;
    flow.put_all(about(of, column, language));
    let closing = closing(("prescriber", &of.prescriber), &of.code, column, language)?;
    // As wide as the last of the numbers.
    let indent = if of.items.len() < 10 { 18.0 } else { 25.0 };
    let items = (1..).zip(&of.items);
    let items = items.map(|(number, item)| prescribed((number, indent), item, column, language));
    let mut items: Vec<Block> = items.collect();
    let last = items.pop().unwrap_or_default();
    flow.put_all(items);
    flow.put_last(last, closing);
    finish(flow, &heading.title(), printing)
}

fn about(of: &Prescription, column: Column, language: Language) -> Vec<Block> {
    let mut blocks = opening(("prescription", &of.serial), &of.written, column, language);
    if let Some(address) = &of.person.address {
        blocks.push(column.words(&labelled(language.words("address"), address), Size::Body));
    }
    blocks.extend(guardian(&of.person, column, language));
    if let Some((weight, measured)) = &of.weight {
        let words = labelled(language.words("weight"), weight);
        let words = words.then(" (").then_apart(&date(measured, language)).then(")");
        blocks.push(column.words(&words, Size::Body));
    }
    blocks.push(Block::gap(4.0));
    blocks.push(allergies(&of.allergies, column, language));
    blocks.push(Block::gap(10.0));
    blocks
}

/// A medicine: its line, the allergies that speak against it, how much is handed out, and what the patient is to know. They stand
/// together on one page.
fn prescribed(
    (number, indent): (u32, f32),
    item: &Item,
    column: Column,
    language: Language,
) -> Block {
    let lines = column.indented(indent, |column| {
        let line = column.words(&medicine(&item.order, language), Size::Large);
        let told = [supply(item, language)]
            .into_iter()
            .chain(item.instruction.as_deref().map(Words::plain));
        let told = told.map(|words| column.words(&words, Size::Body));
        let apart = Block::gap(Size::Body.points());
        let against = against(&item.against, column, language);
        Block::stack([line].into_iter().chain(against).chain(told).chain([apart]))
    });
    let number = Column { width: indent, rtl: column.rtl }
        .words(&Words::bold(&format!("{number}.")), Size::Large);
    let x = if column.rtl { column.width - indent } else { 0.0 };
    Block::beside([(x, number), (0.0, lines)])
}

/// That an allergy speaks against a medicine and it was prescribed all the same: beside it, in a
/// frame, with what the reaction was.
fn against(known: &[String], column: Column, language: Language) -> Option<Block> {
    let (first, more) = known.split_first()?;
    let words = Words::bold("\u{26a0}\u{a0}").then_bold(language.words("against")).then(" ");
    let words = more.iter().fold(words.then_bold_apart(&unbroken(first)), |words, one| {
        words.then(language.words("and")).then_bold_apart(&unbroken(one))
    });
    let framed = column.framed(|column| column.words(&words, Size::Body));
    Some(Block::stack([Block::gap(2.0), framed, Block::gap(2.0)]))
}

/// How much is handed out, in figures, and in words where the law asks for them, so that a digit that
/// is added shows; and how often again. Where nothing is told there are no repeats: nobody can write
/// them in.
fn supply(item: &Item, language: Language) -> Words {
    let dispense = order_in(&item.order, language).dispense.unwrap_or_default();
    let repeats = match dispense.repeats.unwrap_or_default() {
        0 => Words::plain(&unbroken(language.words("repeats.none"))),
        repeats => labelled(language.words("repeats"), &repeats.to_string()),
    };
    let Some(quantity) = dispense.quantity else { return repeats };
    let figures = language.dose_words().amount(&quantity);
    let mut words = labelled(language.words("quantity"), &figures);
    let count = quantity.value.as_str().parse().ok().filter(|_| quantity.comparator.is_none());
    if let Some(spoken) = count.filter(|_| item.controlled).and_then(|n| in_words(n, language)) {
        words = words.then_bold(" (").then_bold_apart(&spoken).then_bold(")");
    }
    words.then(BETWEEN).then_words(repeats)
}
