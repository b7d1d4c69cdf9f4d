//! What every sheet has: the clinic, whose sheet it is, and at the foot the page, when it was
//! printed and which copy it is.

use super::{
    letterhead::Letterhead,
    parts::{allergies_short, unbroken},
    person::Person,
    weight::{Weight, weighed},
};
use crate::{
    language::Language,
    layout::{Block, Column, Frame, Size},
    pdf::Page,
    svg::picture,
    text::Words,
};
use clinical::{AllergyState, PartialDate, SheetPaper, display};

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prescriber {
    /// The name.
    pub name: String,
    /// The number they are registered with.
    pub registration: Option<String>,
}

/// How it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printing {
    /// On what.
    pub paper: SheetPaper,
    /// For whom.
    pub language: Language,
    /// When, in seconds since the Unix epoch.
    pub at: i64,
    /// When, as the place's clock and calendar write it.
    pub at_local: PartialDate,
    /// Which time it is printed: 1 is the original, and more are marked as copies.
    pub copy: u32,
}

/// A sheet that can be printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that are not written as they were typed. Of those that no typeface of ours has, a box
    /// stands in the place of each; marks that would hide a letter or cover others are left out.
    pub unwritten: Vec<char>,
    /// What stands on its pages.
    pub(crate) laid: Vec<Page>,
}

impl Sheet {
    /// Each page as a picture (SVG), for a preview: what the file shows, drawn from the same marks,
    /// and no text. It names its outlines; the same name is the same outline in every picture.
    pub fn pictures(&self) -> Vec<String> {
        self.laid.iter().map(picture).collect()
    }
}

/// The head and foot of a sheet about one person.
pub(super) struct Heading<'a> {
    pub(super) letterhead: &'a Letterhead,
    pub(super) person: &'a Person,
    pub(super) printing: &'a Printing,
    /// What the sheet is, and its number.
    pub(super) sheet: (&'static str, &'a str),
    /// The allergies, where they are on the sheet: the first page has them in a frame, each further
    /// one in a line at its head.
    pub(super) allergies: Option<&'a (AllergyState, Vec<String>)>,
    /// What the person weighs, where medicines stand on each page: each further one has it at its head.
    pub(super) weight: Option<&'a Weight>,
    /// Who signs at its end: each page before the last names them.
    pub(super) signs: (&'static str, &'a Prescriber),
}

impl Frame for Heading<'_> {
    /// The clinic's address stands on the first page alone.
    fn head(&self, column: Column, page: usize) -> Block {
        let language = self.printing.language;
        let mut lines: Vec<Block> =
            self.letterhead.invented(column, self.sheet.0, language).into_iter().collect();
        lines.extend(self.letterhead.head(column, language, (page, self.copy())));
        lines.push(Block::rule(column.width));
        lines.push(self.person.lines(column, language));
        let weight = self.weight.filter(|_| page > 1);
        lines.extend(weight.map(|of| weighed(of, column, language)));
        let allergies = self.allergies.filter(|_| page > 1);
        lines.extend(allergies.map(|of| column.words(&allergies_short(of, language), Size::Body)));
        lines.push(Block::rule(column.width));
        Block::stack(lines)
    }

    fn foot(&self, column: Column, page: usize, pages: usize) -> Block {
        let continued = (page < pages).then(|| self.continued());
        let Printing { language, at_local, .. } = self.printing;
        let (page, pages) = (page.to_string(), pages.to_string());
        let page = language.filled("page", &[("page", &page), ("pages", &pages)]);
        let printed = language.filled("printed", &[("at", &moment(at_local, *language))]);
        let (title, serial) = self.sheet;
        let words = Words::plain(&page).then(BETWEEN).then(language.words(title));
        let words = words.then("\u{a0}").then_apart(serial);
        let mut words = words.then(BETWEEN).then(&printed);
        if let Some(copy) = self.copy() {
            words = words.then(BETWEEN).then_words(copy);
        }
        let footer = self.letterhead.footer.as_deref().map(Words::plain);
        let footer = footer.map(|words| column.words(&words, Size::Small));
        let continued = continued.map(|words| column.words(&words, Size::Small));
        let lines = continued.into_iter().chain(footer);
        let lines = lines.chain([column.words(&words, Size::Small)]);
        Block::stack([Block::rule(column.width)].into_iter().chain(lines))
    }
}

impl Heading<'_> {
    /// What the file is called.
    pub(super) fn title(&self) -> String {
        let (title, serial) = self.sheet;
        format!("{} {serial}", self.printing.language.words(title))
    }

    /// That another page follows, and who signs there; a prescription is none before its last page.
    fn continued(&self) -> Words {
        let (language, (label, prescriber)) = (self.printing.language, self.signs);
        let mut words = Words::bold(language.words("continued")).then(BETWEEN);
        if self.sheet.0 == "prescription" {
            words = words.then_bold(language.words("signed-last")).then(BETWEEN);
        }
        words.then_words(kept(language.words(label), &unbroken(&prescriber.name)))
    }

    /// Which copy it is; nothing on the original.
    fn copy(&self) -> Option<Words> {
        let Printing { language, copy, .. } = self.printing;
        let said = language.filled("copy", &[("n", &copy.to_string())]);
        (*copy > 1).then(|| Words::bold(&said))
    }
}

/// What stands between the parts of a line: never at the beginning of one.
pub(super) const BETWEEN: &str = "\u{a0}· ";

/// The same, never parted from its label.
pub(super) fn kept(label: &str, value: &str) -> Words {
    Words::plain(label).then("\u{a0}").then_bold_apart(value)
}

/// `Label value`, the value heavier than its label, without a colon (PAB-0022).
pub(super) fn labelled(label: &str, value: &str) -> Words {
    Words::plain(label).then(" ").then_bold_apart(value)
}

/// A date in the words of a language (D+Ta-0002..0005).
pub(super) fn date(date: &PartialDate, language: Language) -> String {
    display::date_in(date, &language.months())
}

pub(super) fn moment(at: &PartialDate, language: Language) -> String {
    let time = at.as_str().split_once('T').and_then(|(_, time)| time.get(..5));
    let day = date(at, language);
    time.map_or_else(|| day.clone(), |time| format!("{day} {time}"))
}
