//! A prescription: what the WHO's Guide to Good Prescribing (chapter 9) asks for, medicines by the
//! rules of ISMP, blank space struck.

use super::{
    heading::{BETWEEN, Heading, Prescriber, Printing, Sheet, kept, labelled},
    letterhead::Letterhead,
    medicine::{Purpose, against, is_changed, lacks, medicine},
    parts::{allergies, bound, closing, guardian, opening, unbroken},
    person::Person,
    weight::{Weight, weighed},
};
use crate::{
    dosing::amount,
    error::PrintError,
    finish::finish,
    in_words::in_words,
    language::Language,
    layout::{Block, Column, Flow, Size},
    text::Words,
};
use clinical::{AllergyState, Dosage, MedicationOrder, PartialDate, error_prone};

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
    /// Why it is prescribed in spite of them.
    pub reason: Option<String>,
}

/// Something that is to be looked at before a prescription is printed; what is printed stays as it was
/// written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The place of the medicine among the items.
    pub place: usize,
    /// What of it.
    pub text: String,
    /// What to write in its place.
    pub instead: String,
    /// Why, as a stable name: one of [`clinical::MisreadRule`], `no-dose`, `no-frequency`,
    /// `no-quantity`, `no-weight`, `odd-weight` or `other-dose`.
    pub rule: &'static str,
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
    /// What the patient weighs.
    pub weight: Option<Weight>,
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
    /// What a pharmacist may misread in the names and instructions, which medicine lacks its dose, how
    /// often it is taken, or the weight its dose goes by, which controlled one lacks what the law asks
    /// for, and which instruction tells another dose than the one that is ordered.
    pub fn misread(&self) -> Vec<Remark> {
        let weight = self.weight.as_ref();
        let all = self.items.iter().enumerate();
        all.flat_map(|(place, item)| item.remarks(place, weight)).collect()
    }
}

impl Item {
    fn remarks(&self, place: usize, weight: Option<&Weight>) -> Vec<Remark> {
        let remark = |text: &str, instead: &str, rule| {
            let (text, instead) = (text.to_owned(), instead.to_owned());
            Remark { place, text, instead, rule }
        };
        let typed = self.order.dosage.iter().filter_map(|dosage| dosage.text.as_deref());
        let texts: Vec<&str> = typed.chain(self.instruction.as_deref()).collect();
        let name = self.order.medication.label();
        let found = [name].into_iter().chain(texts.iter().copied()).flat_map(|text| {
            error_prone(text).into_iter().map(move |one| {
                let written = text.get(one.range.clone()).unwrap_or_default();
                remark(written, &one.instead, one.rule.code())
            })
        });
        let mut remarks: Vec<Remark> = found.collect();
        let missing = self.missing(weight.is_some()).into_iter();
        remarks.extend(missing.map(|(text, instead, rule)| remark(text, instead, rule)));
        let before = weight.and_then(|weight| Some((&weight.value, weight.jumps_from.as_ref()?)));
        if let Some((value, before)) = before.filter(|_| self.order.goes_by_weight()) {
            let text = format!("{value}, before: {before}");
            remarks.push(remark(&text, "the dose once the weight is checked", "odd-weight"));
        }
        let instruction = self.instruction.as_deref();
        let mut dosages = self.order.dosage.iter();
        if dosages.any(|dosage| is_changed(dosage, &self.order, instruction)) {
            let instead = "each dose by itself. The instruction changes the dose: look at it before \
                           it is printed";
            remarks.push(remark(&texts.join(" — "), instead, "other-dose"));
        }
        remarks
    }

    /// What it does not say: what, what to write, and the rule.
    fn missing(&self, has_weight: bool) -> Vec<(&'static str, &'static str, &'static str)> {
        let (lacks_dose, lacks_frequency) = lacks(&self.order);
        let mut missing = Vec::new();
        if lacks_dose {
            missing.push(("Dose not written", "the dose", "no-dose"));
        }
        if lacks_frequency || (self.controlled && self.lacks_frequency()) {
            missing.push(("How often not written", "how often it is taken", "no-frequency"));
        }
        if self.controlled && self.lacks_quantity() {
            missing.push(("Quantity not written", "how many, in figures", "no-quantity"));
        }
        if self.order.goes_by_weight() && !has_weight {
            let text = "The dose goes by weight and no weight is known";
            missing.push((text, "the weight, or the dose for this patient", "no-weight"));
        }
        missing
    }

    fn lacks_quantity(&self) -> bool {
        self.order.dispense.as_ref().is_none_or(|dispense| dispense.quantity.is_none())
    }

    fn lacks_frequency(&self) -> bool {
        let is_untold = |dosage: &Dosage| dosage.timing.is_none() && dosage.text.is_none();
        self.order.dosage.iter().all(is_untold)
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
        weight: of.weight.as_ref(),
        signs: ("prescriber", &of.prescriber),
    };
    let blank = || Flow::new(printing.paper, language.is_rtl(), &heading).struck();
    let column = blank().column;
    let about = about(of, column, language);
    let closing = closing(heading.signs, &of.code, column, language)?;
    // As wide as the last of the numbers.
    let indent = if of.items.len() < 10 { 18.0 } else { 25.0 };
    let items = (1..).zip(&of.items);
    let purpose = Purpose::Order { has_weight: of.weight.is_some() };
    let items =
        items.map(|(number, item)| prescribed((number, indent), (item, purpose), column, language));
    let mut items: Vec<Block> = items.collect();
    let last = items.pop().unwrap_or_default();
    let flow = Flow::filled(blank, |flow| {
        flow.put_all(about.iter().chain(&items).cloned());
        flow.put_last(last.clone(), closing.clone());
    });
    finish(flow, &heading.title(), printing)
}

fn about(of: &Prescription, column: Column, language: Language) -> Vec<Block> {
    let mut blocks = opening(("prescription", &of.serial), &of.written, column, language);
    if let Some(address) = &of.person.address {
        blocks.push(column.words(&labelled(language.words("address"), address), Size::Body));
    }
    blocks.extend(guardian(&of.person, column, language));
    blocks.extend(of.weight.as_ref().map(|weight| weighed(weight, column, language)));
    blocks.push(Block::gap(4.0));
    blocks.push(allergies(&of.allergies, column, language));
    blocks.push(Block::gap(10.0));
    blocks
}

/// A medicine: its line, the allergies that speak against it, how much is handed out, and what the
/// patient is to know. They stand together on one page.
fn prescribed(
    (number, indent): (u32, f32),
    (item, purpose): (&Item, Purpose),
    column: Column,
    language: Language,
) -> Block {
    let lines = column.indented(indent, |column| {
        let instruction = item.instruction.as_deref();
        let line = medicine(&item.order, instruction, purpose, language);
        let line = column.words(&line, Size::Large);
        let supply = supply(item, language);
        let supply = match item.lacks_quantity() {
            true => column.struck(&supply, Size::Body),
            false => column.words(&supply, Size::Body),
        };
        let told = instruction.map(|text| column.words(&Words::plain(&bound(text)), Size::Body));
        let apart = Block::gap(Size::Body.points());
        let against = against(&item.against, item.reason.as_deref(), column, language);
        Block::stack([line].into_iter().chain(against).chain([supply]).chain(told).chain([apart]))
    });
    let number = Column { width: indent, rtl: column.rtl }
        .words(&Words::bold(&format!("{number}.")), Size::Large);
    let x = if column.rtl { column.width - indent } else { 0.0 };
    Block::beside([(x, number), (0.0, lines)])
}

/// How much is handed out, in figures, and in words where the law asks for them, so that a digit that
/// is added shows; and how often again. Where nothing is told, that is said, and there are no repeats:
/// nobody can write them in.
fn supply(item: &Item, language: Language) -> Words {
    let dispense = item.order.dispense.clone().unwrap_or_default();
    let repeats = match dispense.repeats.unwrap_or_default() {
        0 => Words::plain(&unbroken(language.words("repeats.none"))),
        repeats => kept(&unbroken(language.words("repeats")), &repeats.to_string()),
    };
    let Some(quantity) = dispense.quantity else {
        let none = Words::bold(&unbroken(language.words("quantity.none")));
        return none.then(BETWEEN).then_words(repeats);
    };
    let figures = unbroken(&amount(&quantity, language));
    let mut words = kept(language.words("quantity"), &figures);
    let count = quantity.value.as_str().parse().ok().filter(|_| quantity.comparator.is_none());
    if let Some(spoken) = count.filter(|_| item.controlled).and_then(|n| in_words(n, language)) {
        words = words.then_bold(" (").then_bold_apart(&spoken).then_bold(")");
    }
    words.then(BETWEEN).then_words(repeats)
}
