//! The clinic's recovery kit: what brings the record back where every computer is lost, to be locked
//! away.

use super::{
    heading::{Printing, Sheet, labelled, moment},
    letterhead::Letterhead,
    parts::section,
};
use crate::{
    error::PrintError,
    finish::finish,
    layout::{Block, Column, Flow, Frame, Size},
    qr,
    text::Words,
};

/// The side of the square code, in points: 40 mm, for it holds some two hundred signs.
const SQUARE_SIDE: f32 = 113.0;

/// What a kit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// The clinic, as its paper names it.
    pub letterhead: Letterhead,
    /// The code.
    pub code: String,
    /// The clinic's id.
    pub clinic: String,
    /// The address of its server, with the pin.
    pub server: String,
    /// Whom it brings back, by the names they sign in with.
    pub people: Vec<String>,
    /// What the square code holds: the three above, for a scanner.
    pub square: String,
}

/// The foot alone: when it was printed, for a newer one makes it void.
struct Foot<'a>(&'a Printing);

impl Frame for Foot<'_> {
    fn head(&self, _: Column, _: usize) -> Block {
        Block::default()
    }

    fn foot(&self, column: Column, page: usize, pages: usize) -> Block {
        let Printing { language, at_local, .. } = self.0;
        let (page, pages) = (page.to_string(), pages.to_string());
        let page = language.filled("page", &[("page", &page), ("pages", &pages)]);
        let printed = language.filled("printed", &[("at", &moment(at_local, *language))]);
        let words = Words::plain(&page).then(super::heading::BETWEEN).then(&printed);
        Block::stack([Block::rule(column.width), column.words(&words, Size::Small)])
    }
}

/// Lays a kit out.
///
/// # Errors
/// [`PrintError::Code`] when the text is longer than a square code holds; the file's.
pub fn kit(of: &Kit, printing: &Printing) -> Result<Sheet, PrintError> {
    let language = printing.language;
    let foot = Foot(printing);
    let mut flow = Flow::new(printing.paper, language.is_rtl(), &foot);
    let column = flow.column;
    let square = qr::code(&of.square, SQUARE_SIDE)?;
    let said = |key: &'static str| language.words(key);
    flow.put_all(of.letterhead.invented(column, "kit", language));
    flow.put(column.words(&Words::bold(said("kit")), Size::Title));
    flow.put(column.words(&Words::bold(&of.letterhead.name), Size::Large));
    flow.put(column.words(&Words::plain(said("kit.what")), Size::Body));
    let code = Words::bold(said("kit.code"));
    let frame = column.framed(|column| {
        let value = Words::plain("").then_bold_apart(&of.code);
        Block::stack([column.words(&code, Size::Body), column.words(&value, Size::Large)])
    });
    flow.put(Block::stack([Block::gap(8.0), frame, Block::gap(8.0)]));
    flow.put(column.split(column.width - SQUARE_SIDE - 8.0, |one, _| {
        let line = |key, value: &str| one.words(&labelled(said(key), value), Size::Body);
        let people = of.people.join(", ");
        let lines = [
            line("kit.clinic", &of.clinic),
            line("kit.server", &of.server),
            line("kit.people", &people),
        ];
        (Block::stack(lines), square)
    }));
    for (title, text) in
        [("kit.use", "kit.use.how"), ("kit.keep", "kit.keep.where"), ("kit.lost", "kit.lost.what")]
    {
        flow.put_all(section(said(title), said(text), column));
    }
    finish(flow, said("kit"), printing)
}
