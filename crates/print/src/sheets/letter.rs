//! Sheets of parts: what a visit came to, a note for an employer, a letter to a colleague.

use super::{
    heading::{Heading, Prescriber, Printing, Sheet, date, labelled},
    letterhead::Letterhead,
    parts::{allergies, bound, closing, guardian, opening, section, under},
    person::Person,
    taken::{Medicines, taken},
    vitals::vitals,
    weight::{Weight, weighed},
};
use crate::{
    error::PrintError,
    finish::finish,
    language::Language,
    layout::{Block, Column, Flow, Size},
    text::Words,
};
use clinical::{AllergyState, PartialDate};

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
    /// What was measured: what it is, and the value with its unit.
    pub vitals: Vec<(String, String)>,
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
    /// Whether a note of the visit is not signed: what it says is not here.
    pub is_unsigned: bool,
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
    /// Whether it is for a child that goes to no work.
    pub is_school: bool,
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
    /// What the patient weighs, where a dose goes by it.
    pub weight: Option<Weight>,
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
    let heeded = &summary.allergies;
    let head = Head { kind: Kind::Summary, allergies: Some(heeded), weight: None };
    sheet(of, head, printing, |column, language| {
        let mut blocks = vec![heed(heeded, column, language)];
        blocks.extend(section(language.words("reason"), &summary.reason, column));
        if summary.is_unsigned {
            let unsigned = Words::bold("\u{26a0}\u{a0}").then_bold(language.words("unsigned"));
            let framed = column.framed(|column| column.words(&unsigned, Size::Body));
            blocks.push(Block::stack([Block::gap(8.0), framed]));
        }
        let signs: Vec<Block> = vitals(&summary.vitals, column);
        if !signs.is_empty() {
            let title = column.words(&Words::bold(language.words("vitals")), Size::Body);
            blocks.extend(under(title, signs));
        }
        blocks.extend(section(language.words("assessment"), &summary.assessment, column));
        blocks.extend(section(language.words("plan"), &summary.plan, column));
        blocks.extend(taken(&summary.medicines, "one-of.take", column, language));
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
    let head = Head { kind: Kind::SickNote, allergies: None, weight: None };
    sheet(of, head, printing, |column, language| {
        let [from, until] = [&note.from, &note.until].map(|day| date(day, language));
        let unfit = if note.is_school { "sick-note.unfit-school" } else { "sick-note.unfit" };
        let words = Words::plain(language.words(unfit)).then(" ");
        let words = words.then(language.words("from")).then(" ").then_bold_apart(&from).then(" ");
        let mut words = words.then(language.words("until")).then(" ").then_bold_apart(&until);
        if let Some(days) = days(&note.from, &note.until) {
            let said = language.counted(["sick-note.day", "sick-note.days"], &days.to_string());
            words = words.then(" ").then_bold_apart(&bound(&format!("({said})")));
        }
        let mut blocks = vec![Block::gap(6.0), column.words(&words, Size::Large)];
        blocks.extend(section(language.words("remark"), &note.remark, column));
        blocks
    })
}

/// How many days there are from one to another, the last included; none where one is no day.
fn days(from: &PartialDate, until: &PartialDate) -> Option<i32> {
    let (from, until) = (from.date()?, until.date()?);
    let hours = from.duration_until(until).as_hours();
    i32::try_from(hours / 24 + 1).ok().filter(|days| *days > 0)
}

/// Lays a letter of referral out.
///
/// # Errors
/// [`PrintError::Code`]; the file's.
pub fn referral(of: &Letter, letter: &Referral, printing: &Printing) -> Result<Sheet, PrintError> {
    let heeded = &letter.allergies;
    let head =
        Head { kind: Kind::Referral, allergies: Some(heeded), weight: letter.weight.as_ref() };
    sheet(of, head, printing, |column, language| {
        let mut blocks = Vec::new();
        if letter.urgent {
            let urgent = Words::bold(language.words("urgent"));
            let framed = column.framed(|column| column.words(&urgent, Size::Large));
            blocks.push(Block::stack([Block::gap(4.0), framed, Block::gap(4.0)]));
        }
        blocks.push(column.words(&labelled(language.words("to"), &letter.to), Size::Large));
        blocks.push(heed(heeded, column, language));
        for (title, text) in [
            ("situation", &letter.situation),
            ("background", &letter.background),
            ("assessment", &letter.assessment),
            ("recommendation", &letter.recommendation),
        ] {
            blocks.extend(section(language.words(title), text, column));
        }
        blocks.extend(
            letter
                .weight
                .as_ref()
                .map(|weight| Block::stack([Block::gap(6.0), weighed(weight, column, language)])),
        );
        blocks.extend(taken(&letter.medicines, "one-of.give", column, language));
        blocks
    })
}

/// Which sheet it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Summary,
    /// What stays blank on it is struck: it goes to people who gain by a day that is added.
    SickNote,
    Referral,
}

impl Kind {
    const fn title(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::SickNote => "sick-note",
            Self::Referral => "referral",
        }
    }
}

/// What such a sheet is, and what of it each further page repeats.
struct Head<'a> {
    kind: Kind,
    allergies: Option<&'a (AllergyState, Vec<String>)>,
    weight: Option<&'a Weight>,
}

fn sheet(
    of: &Letter,
    Head { kind, allergies, weight }: Head<'_>,
    printing: &Printing,
    body: impl FnOnce(Column, Language) -> Vec<Block>,
) -> Result<Sheet, PrintError> {
    let language = printing.language;
    let sheet = (kind.title(), of.serial.as_str());
    let heading = Heading {
        letterhead: &of.letterhead,
        person: &of.person,
        printing,
        sheet,
        allergies,
        weight,
        signs: ("author", &of.author),
    };
    let blank = || {
        let flow = Flow::new(printing.paper, language.is_rtl(), &heading);
        if kind == Kind::SickNote { flow.struck() } else { flow }
    };
    let column = blank().column;
    let mut blocks = opening(sheet, &of.written, column, language);
    blocks.extend(guardian(&of.person, column, language));
    blocks.extend(body(column, language));
    let last = blocks.pop().unwrap_or_default();
    let closing = closing(heading.signs, &of.code, column, language)?;
    let flow = Flow::filled(blank, |flow| {
        flow.put_all(blocks.iter().cloned());
        flow.put_last(last.clone(), closing.clone());
    });
    finish(flow, &heading.title(), printing)
}

/// The allergies, before anything else is read.
fn heed(of: &(AllergyState, Vec<String>), column: Column, language: Language) -> Block {
    Block::stack([Block::gap(4.0), allergies(of, column, language)])
}
