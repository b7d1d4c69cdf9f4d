//! What every sheet has: the clinic, whose sheet it is, and at the foot the page, when it was
//! printed and which copy it is.

use super::parts::{allergies_short, unbroken};
use crate::{
    language::Language,
    layout::{Block, Column, Frame, Size},
    pdf::Page,
    svg::picture,
    text::Words,
};
use clinical::{
    AdministrativeGender, AllergyState, Identity, LetterheadTemplate, PartialDate, SheetPaper,
    display,
};

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

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prescriber {
    /// The name.
    pub name: String,
    /// The number they are registered with.
    pub registration: Option<String>,
}

/// Whose sheet it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name, sex, birth date, numbers.
    pub identity: Identity,
    /// The age, as `clinical::display::age` gives it: `46y`, `about 8m`.
    pub age: Option<String>,
    /// The address, on one line.
    pub address: Option<String>,
    /// Who looks after a child, on one line: name, what they are to it, how they are reached.
    pub guardian: Option<String>,
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

    /// That another page follows, and who signs there.
    fn continued(&self) -> Words {
        let (language, (label, prescriber)) = (self.printing.language, self.signs);
        let words = Words::bold(language.words("continued")).then(BETWEEN);
        words.then_words(labelled(language.words(label), &prescriber.name))
    }

    /// Which copy it is; nothing on the original.
    fn copy(&self) -> Option<Words> {
        let Printing { language, copy, .. } = self.printing;
        let said = language.filled("copy", &[("n", &copy.to_string())]);
        (*copy > 1).then(|| Words::bold(&said))
    }
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
    fn head(
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

impl Person {
    /// `FAMILY, Given`, and below it `Born dd-Mmm-yyyy (age) · Sex · number` (PAB-0033..0061).
    pub(super) fn lines(&self, column: Column, language: Language) -> Block {
        let Identity { gender, identifier, birth_date, .. } = &self.identity;
        let has_name = self.identity.preferred_name().is_some_and(|name| !name.is_empty());
        let name = match has_name {
            true => display::banner_name(&self.identity),
            false => language.words("not-known").to_owned(),
        };
        let born = birth_date.as_ref().map(|born| date(born, language));
        let born = match (born, &self.age) {
            (Some(born), Some(age)) => format!("{born} ({})", age_in(age, language)),
            (Some(born), None) => born,
            (None, _) => language.words("not-known").to_owned(),
        };
        let sex = language.words(sex_key(*gender));
        let mut words = kept(language.words("born"), &born).then(BETWEEN);
        words = words.then_words(kept(language.words("sex"), sex));
        let number = match identifier.first() {
            Some(number) => kept(language.words("number"), &number.value),
            None => Words::bold(&unbroken(language.words("number.none"))),
        };
        words = words.then(BETWEEN).then_words(number);
        let name = Words::default().then_bold_apart(&name);
        Block::stack([column.words(&name, Size::Large), column.words(&words, Size::Body)])
    }
}

/// An age in the words of a language.
fn age_in(age: &str, language: Language) -> String {
    let (bare, is_about) = age.strip_prefix("about ").map_or((age, false), |bare| (bare, true));
    let number = bare.trim_end_matches(char::is_alphabetic);
    let keys = match bare.strip_prefix(number) {
        Some("d") => ["age.day", "age.days"],
        Some("m") => ["age.month", "age.months"],
        Some(_) | None => ["age.year", "age.years"],
    };
    let said = language.counted(keys, number);
    if is_about { language.filled("age.about", &[("age", &said)]) } else { said }
}

const fn sex_key(gender: AdministrativeGender) -> &'static str {
    match gender {
        AdministrativeGender::Female => "sex.female",
        AdministrativeGender::Male => "sex.male",
        AdministrativeGender::Other => "sex.other",
        AdministrativeGender::Unknown => "sex.unknown",
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

fn moment(at: &PartialDate, language: Language) -> String {
    let time = at.as_str().split_once('T').and_then(|(_, time)| time.get(..5));
    let day = date(at, language);
    time.map_or_else(|| day.clone(), |time| format!("{day} {time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_in_the_readers_language() {
        let check = |age: &str, want: [&str; 5]| {
            let said = Language::ALL.map(|(language, _)| age_in(age, language));
            assert_eq!(said.map(|said| said.replace('\u{a0}', " ")), want, "{age}");
        };
        check("46y", ["46y", "46 ans", "46 años", "miaka 46", "46 سنة"]);
        check("5y", ["5y", "5 ans", "5 años", "miaka 5", "5 سنوات"]);
        check("8m", ["8m", "8 mois", "8 meses", "miezi 8", "8 أشهر"]);
        check("1m", ["1m", "1 mois", "1 mes", "mwezi 1", "شهر واحد"]);
        check("2d", ["2d", "2 jours", "2 días", "siku 2", "يومان"]);
        let about = ["about 1y", "environ 1 an", "aproximadamente 1 año", "takriban mwaka 1"];
        let [one, two, three, four] = about;
        check("about 1y", [one, two, three, four, "سنة واحدة تقريبًا"]);
    }
}
