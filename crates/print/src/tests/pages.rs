//! What stands on which page.

use super::samples::{a_prescription, item, printing};
use crate::{
    Item, Language, Prescription, Printing, Sheet,
    pdf::{Mark, Page},
    prescription,
};
use clinical::{LetterheadTemplate, SheetPaper};

fn of(count: usize) -> Sheet {
    let items: Vec<Item> = (0..count).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let printing = Printing { copy: 2, ..printing(SheetPaper::A5, Language::English) };
    prescription(&Prescription { items, ..a_prescription() }, &printing).unwrap()
}

/// The words of a page, each with how far from the top it stands.
fn words(page: &Page) -> Vec<(f32, &str)> {
    let lines = page.marks.iter().filter_map(|mark| match mark {
        Mark::Text { line, y, .. } => Some((*y, line)),
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    });
    lines
        .flat_map(|(y, line)| line.pieces.iter().map(move |piece| (y, piece.text.as_str())))
        .collect()
}

fn is_struck(page: &Page) -> bool {
    page.marks.iter().any(|mark| match mark {
        Mark::Stroke { from, to, .. } => from.0 != to.0 && from.1 != to.1,
        Mark::Text { .. } | Mark::Box { .. } => false,
    })
}

#[test]
fn no_signature_stands_without_a_medicine() {
    for count in [1, 4, 5, 6, 7, 11] {
        let sheet = of(count);
        let last = words(sheet.laid.last().unwrap());
        let number = format!("{count}.");
        for word in ["Signature", &number] {
            assert!(last.iter().any(|(_, said)| *said == word), "{count}: {word} in {last:?}");
        }
    }
}

#[test]
fn what_stays_blank_on_a_prescription_is_struck_on_every_page() {
    let sheet = of(7);
    assert!(sheet.pages > 1);
    for page in &sheet.laid {
        assert!(is_struck(page), "{:?}", words(page));
        let is_marked = |(y, said): &(f32, &str)| *y < 60.0 && *said == "COPY";
        assert!(words(page).iter().any(is_marked), "a copy is one at the head of each page");
    }
}

/// Where the first word of a page that is this one begins: from the left, and from the top.
fn place(page: &Page, wanted: &str) -> Option<(f32, f32)> {
    page.marks.iter().find_map(|mark| match mark {
        Mark::Text { line, x, y, .. } => {
            line.pieces.iter().any(|piece| piece.text == wanted).then_some((*x, *y))
        }
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    })
}

#[test]
fn a_sheet_begins_as_the_clinic_chose() {
    let begins = |template| {
        let mut of = a_prescription();
        of.letterhead.template = template;
        let sheet = prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap();
        let page = sheet.laid.first().unwrap();
        (place(page, "Lakeside"), place(page, "OKELLO,").unwrap())
    };
    let (Some((left, _)), (_, plain)) = begins(None) else { panic!("the name is there") };
    assert_eq!(begins(Some(LetterheadTemplate::Plain)), begins(None));
    let (Some((middle, _)), (_, centred)) = begins(Some(LetterheadTemplate::Centred)) else {
        panic!("the name is there")
    };
    assert!(middle > left + 50.0, "{middle} is in the middle, {left} at the side");
    assert!((centred - plain).abs() < 1.0, "it takes the same room");
    let (none, (_, below)) = begins(Some(LetterheadTemplate::Preprinted));
    assert_eq!(none, None, "the paper says it already");
    assert!(below > 99.0, "35 mm stay blank: {below}");
}
