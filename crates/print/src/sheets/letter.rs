//! Sheets of parts: what a visit came to, a note for an employer, a letter to a colleague.

use super::{
    heading::{Heading, Letterhead, Person, Prescriber, Printing, Sheet, date, labelled},
    parts::{allergies, closing, medicine, opening, section},
};
use crate::{
    error::PrintError,
    finish::finish,
    language::Language,
    layout::{Block, Column, Flow, Size},
    text::Words,
};
use clinical::{AllergyState, MedicationOrder, PartialDate};

/// What every such sheet has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The clinic.
    pub letterhead: Letterhead,
    /// Whom it is about.
    pub person: Person,
    /// Who signs.
    pub author: Prescriber,
    /// When it was written.
    pub written: PartialDate,
    /// Its number.
    pub serial: String,
    /// What the square code holds: the number, signed.
    pub code: String,
}

/// What a visit came to, for the patient to take along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Why the patient came.
    pub reason: String,
    /// What was measured, a line each.
    pub vitals: Vec<String>,
    /// What was found.
    pub assessment: String,
    /// What is to be done.
    pub plan: String,
    /// The medicines that are to be taken now.
    pub medicines: Medicines,
    /// The state of the allergy list, and those that are known.
    pub allergies: (AllergyState, Vec<String>),
    /// When to come back.
    pub follow_up: Option<PartialDate>,
}

/// The medicines of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Medicines {
    /// Those that everybody who wrote them agrees on.
    pub agreed: Vec<MedicationOrder>,
    /// Every version of those that two people wrote differently: none is to be given before one is
    /// chosen.
    pub disputed: Vec<MedicationOrder>,
}

/// That somebody cannot work or go to school. It holds no diagnosis unless one is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SickNote {
    /// The first day.
    pub from: PartialDate,
    /// The last day.
    pub until: PartialDate,
    /// Anything else that is to be said.
    pub remark: String,
}

/// A patient is sent to somebody else: situation, background, assessment, recommendation (SBAR).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// To whom.
    pub to: String,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// Why.
    pub situation: String,
    /// What went before.
    pub background: String,
    /// What is thought of it.
    pub assessment: String,
    /// What is asked for.
    pub recommendation: String,
    /// The medicines that are taken now.
    pub medicines: Medicines,
    /// The state of the allergy list, and those that are known.
    pub allergies: (AllergyState, Vec<String>),
}

/// Lays a summary of a visit out.
///
/// # Errors
/// [`PrintError::Code`]; the file's.
pub fn summary(of: &Letter, summary: &Summary, printing: &Printing) -> Result<Sheet, PrintError> {
    sheet(of, "summary", printing, |column, language| {
        let mut blocks = section(language.words("reason"), &summary.reason, column);
        let vitals = summary.vitals.join("\n");
        blocks.extend(section(language.words("vitals"), &vitals, column));
        blocks.extend(section(language.words("assessment"), &summary.assessment, column));
        blocks.extend(section(language.words("plan"), &summary.plan, column));
        blocks.extend(taken(&summary.medicines, &summary.allergies, column, language));
        if let Some(day) = &summary.follow_up {
            let words = labelled(language.words("follow-up"), &date(day, language));
            blocks.push(Block::stack([Block::gap(6.0), column.words(&words, Size::Large)]));
        }
        blocks
    })
}

/// Lays a sick note out.
///
/// # Errors
/// [`PrintError::Code`]; the file's.
pub fn sick_note(of: &Letter, note: &SickNote, printing: &Printing) -> Result<Sheet, PrintError> {
    sheet(of, "sick-note", printing, |column, language| {
        let [from, until] = [&note.from, &note.until].map(|day| date(day, language));
        let words = Words::plain(language.words("sick-note.unfit")).then(" ");
        let words = words.then(language.words("from")).then(" ").then_bold_apart(&from).then(" ");
        let words = words.then(language.words("until")).then(" ").then_bold_apart(&until);
        let mut blocks = vec![Block::gap(6.0), column.words(&words, Size::Large)];
        blocks.extend(section(language.words("remark"), &note.remark, column));
        blocks
    })
}

/// Lays a letter of referral out.
///
/// # Errors
/// [`PrintError::Code`]; the file's.
pub fn referral(of: &Letter, letter: &Referral, printing: &Printing) -> Result<Sheet, PrintError> {
    sheet(of, "referral", printing, |column, language| {
        let mut blocks =
            vec![column.words(&labelled(language.words("to"), &letter.to), Size::Large)];
        if letter.urgent {
            blocks.push(column.words(&Words::bold(language.words("urgent")), Size::Large));
        }
        for (title, text) in [
            ("situation", &letter.situation),
            ("background", &letter.background),
            ("assessment", &letter.assessment),
            ("recommendation", &letter.recommendation),
        ] {
            blocks.extend(section(language.words(title), text, column));
        }
        blocks.extend(taken(&letter.medicines, &letter.allergies, column, language));
        blocks
    })
}

fn sheet(
    of: &Letter,
    title: &'static str,
    printing: &Printing,
    body: impl FnOnce(Column, Language) -> Vec<Block>,
) -> Result<Sheet, PrintError> {
    let language = printing.language;
    let heading = Heading { letterhead: &of.letterhead, person: &of.person, printing };
    let mut flow = Flow::new(printing.paper, language.is_rtl(), &heading);
    let column = flow.column;
    flow.put_all(opening(title, &of.written, column, language));
    flow.put_all(body(column, language));
    flow.put_last(closing(&of.author, (&of.serial, &of.code), column, language)?);
    finish(flow, &format!("{} {}", language.words(title), of.serial), printing)
}

/// The medicines and the allergies: who reads the sheet prescribes by it.
fn taken(
    medicines: &Medicines,
    (state, known): &(AllergyState, Vec<String>),
    column: Column,
    language: Language,
) -> Vec<Block> {
    let title = column.words(&Words::bold(language.words("medicines")), Size::Body);
    let mut blocks = vec![Block::stack([Block::gap(6.0), title])];
    let Medicines { agreed, disputed } = medicines;
    if agreed.is_empty() && disputed.is_empty() {
        blocks.push(column.words(&Words::plain(language.words("medicines.none")), Size::Body));
    }
    let line = |order| column.words(&medicine(order, language), Size::Body);
    blocks.extend(agreed.iter().map(line));
    if !disputed.is_empty() {
        let words = Words::bold(language.words("medicines.disputed"));
        blocks.push(column.words(&words, Size::Body));
        blocks.extend(disputed.iter().map(line));
    }
    let allergies = column.words(&allergies(*state, known, language), Size::Body);
    blocks.push(Block::stack([Block::gap(6.0), allergies]));
    blocks
}
