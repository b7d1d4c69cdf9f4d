//! A label for a patient's folder or sample: who it is, twice over, to be read and to be scanned.

use super::{
    heading::{Printing, Sheet},
    letterhead::Letterhead,
    parts::guardian,
    person::Person,
};
use crate::{
    error::PrintError,
    finish::finish,
    layout::{Block, Column, Flow, Frame, Size},
    qr,
    text::Words,
};

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The clinic.
    pub letterhead: Letterhead,
    /// Whose it is.
    pub person: Person,
    /// What the square code holds: the patient's number.
    pub code: String,
}

/// Nothing stands at the head and foot of a label.
struct Bare;

impl Frame for Bare {
    fn head(&self, _: Column, _: usize) -> Block {
        Block::default()
    }

    fn foot(&self, _: Column, _: usize, _: usize) -> Block {
        Block::default()
    }
}

/// Lays a label out.
///
/// # Errors
/// [`PrintError::Code`] when the number is longer than a code holds; the file's.
pub fn label(of: &Label, printing: &Printing) -> Result<Sheet, PrintError> {
    let language = printing.language;
    let mut flow = Flow::new(printing.paper, language.is_rtl(), &Bare);
    let column = flow.column;
    let side = 56.0;
    let code = qr::code(&of.code, side)?;
    flow.put_all(of.letterhead.invented(column, "label", language));
    flow.put(column.split(column.width - side, |one, _| {
        let who = of.person.lines(one, language);
        let guardian = guardian(&of.person, one, language);
        let clinic = one.words(&Words::plain(&of.letterhead.name), Size::Small);
        (Block::stack([who].into_iter().chain(guardian).chain([clinic])), code)
    }));
    finish(flow, language.words("label.file"), printing)
}
