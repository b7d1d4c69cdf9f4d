//! What stands on which page.

use super::samples::{a_letter, a_prescription, a_referral, a_summary, item, person, printing};
use crate::{
    Item, Language, Medicines, Prescription, Printing, Sheet, Summary, Taken,
    paper::Extent,
    pdf::{Mark, Page},
    prescription, referral, summary,
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

/// The lines of a page in the order of the page: from the left, to the right, from the top, and words.
fn lines(page: &Page) -> Vec<(f32, f32, f32, String)> {
    let lines = page.marks.iter().filter_map(|mark| match mark {
        Mark::Text { line, x, y, .. } => {
            let mut pieces: Vec<_> = line.pieces.iter().collect();
            pieces.sort_by_key(|piece| piece.glyphs.iter().map(|glyph| glyph.at).min());
            let said: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            Some((*x, mark.right(), *y, said.replace('\u{a0}', " ")))
        }
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    });
    lines.collect()
}

const PAPERS: [SheetPaper; 4] =
    [SheetPaper::A4, SheetPaper::A5, SheetPaper::Letter, SheetPaper::Roll80];

/// So many medicines, each of some lines: `begins0` to `ends0`, and so on.
fn taken(count: usize) -> Vec<Taken> {
    let of = |number: usize| {
        let mut item = item(&format!("begins{number}"), "5", "mg", "1", "30");
        let words = "with a glass of water before the first meal of the day, sitting upright";
        item.order.dosage[0].text = Some(format!("{words}, ends{number}"));
        let against = vec!["penicillin (rash)".to_owned()];
        Taken { against, reason: None, order: item.order }
    };
    (0..count).map(of).collect()
}

#[test]
fn no_medicine_is_broken_between_pages() {
    let items = taken(14).into_iter().map(|taken| Item {
        order: taken.order,
        controlled: false,
        instruction: None,
        against: taken.against,
        reason: None,
    });
    let of = Prescription { items: items.collect(), ..a_prescription() };
    let medicines = || Medicines { agreed: taken(14), disputed: vec![taken(2), taken(2)] };
    for paper in PAPERS {
        let with = printing(paper, Language::English);
        let sheets = [
            prescription(&of, &with).unwrap(),
            summary(&a_letter(), &a_summary(medicines()), &with).unwrap(),
            referral(&a_letter(), &a_referral(medicines()), &with).unwrap(),
        ];
        for sheet in sheets {
            assert_eq!(sheet.pages > 1, paper != SheetPaper::Roll80, "{paper:?}");
            for page in &sheet.laid {
                let count = |wanted: &str| {
                    let lines = lines(page);
                    lines.iter().map(|(.., said)| said.matches(wanted).count()).sum::<usize>()
                };
                let whole = count("ends");
                assert_eq!((count("begins"), count("penicillin (rash)")), (whole, whole));
            }
        }
    }
}

#[test]
fn a_medicine_that_wraps_has_a_hanging_indent() {
    for (language, is_rtl) in [(Language::English, false), (Language::Arabic, true)] {
        let medicines = Medicines { agreed: taken(2), disputed: Vec::new() };
        let sheet =
            summary(&a_letter(), &a_summary(medicines), &printing(SheetPaper::A5, language));
        let all: Vec<_> = sheet.unwrap().laid.iter().flat_map(lines).collect();
        let first = all.iter().position(|(.., said)| said.contains("begins")).unwrap();
        let end = all.iter().skip(first).position(|(.., said)| said.contains("ends0")).unwrap();
        assert!(end > 0, "{all:?}");
        let side =
            |(left, right, ..): &(f32, f32, f32, String)| if is_rtl { -right } else { *left };
        let begins = side(&all[first]);
        for line in &all[first + 1..=first + end] {
            // An English sentence on an Arabic sheet begins at its own side.
            let is_indented = (side(line) - begins - 12.0).abs() < 0.1;
            assert!(is_indented, "{line:?} {begins}");
        }
    }
}

#[test]
fn vital_signs_stand_in_one_order_and_their_values_are_bold() {
    let signs = [
        ("Head circumference", "45 cm"),
        ("Weight", "68.5 kg"),
        ("Temperature", "38.2 °C"),
        ("Blood pressure", "150/95 mmHg"),
        ("Weight for height", "1.2"),
        ("Heart rate", "92 /min"),
        ("Blood pressure", "140/90 mmHg"),
    ];
    let vitals = signs.map(|(sign, value)| (sign.to_owned(), value.to_owned())).into();
    let of = Summary { vitals, ..a_summary(Medicines::default()) };
    let sheet = summary(&a_letter(), &of, &printing(SheetPaper::A4, Language::English)).unwrap();
    let lines = lines(&sheet.laid[0]);
    let begins = lines.iter().position(|(.., said)| said == "Vital signs").unwrap();
    let said: Vec<&str> =
        lines[begins + 1..begins + 8].iter().map(|(.., said)| said.as_str()).collect();
    let want = [
        "Blood pressure 150/95 mmHg",
        "Blood pressure 140/90 mmHg",
        "Heart rate 92 /min",
        "Temperature 38.2 °C",
        "Weight 68.5 kg",
        "Head circumference 45 cm",
        "Weight for height 1.2",
    ];
    assert_eq!(said, want);
    let pieces = sheet.laid[0].marks.iter().filter_map(|mark| match mark {
        Mark::Text { line, .. } => Some(&line.pieces),
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    });
    let faces: Vec<(&str, bool)> = pieces
        .flatten()
        .map(|piece| {
            (piece.text.as_str(), crate::text::face_of(piece.face).unwrap().name.ends_with("Bold"))
        })
        .collect();
    for (word, is_bold) in [("150/95", true), ("38.2", true), ("Temperature", false)] {
        assert!(faces.contains(&(word, is_bold)), "{word}");
    }
}

#[test]
fn nothing_stands_out_of_its_page() {
    let long = "Oral-rehydration-salts-with-a-name-that-no-line-holds 1234567890 ".repeat(3);
    let mut of = a_prescription();
    of.person = person(&long, &long);
    of.letterhead.name = long.clone();
    of.letterhead.footer = Some(long.clone());
    of.prescriber.name = long.clone();
    of.allergies.1 = vec![long.clone(); 3];
    of.items[0].order.medication = clinical::CodeableConcept::from_text(&long);
    of.items[0].instruction = Some(long.clone());
    of.items[0].order.dosage.clear();
    of.items[1].against = vec![long];
    for paper in PAPERS {
        for (language, tag) in [(Language::English, "en"), (Language::Arabic, "ar")] {
            let with = Printing { copy: 2, ..printing(paper, language) };
            let sheet = prescription(&of, &with).unwrap();
            let (width, margin) = (paper.width(), paper.margin());
            for (page, mark) in
                sheet.laid.iter().flat_map(|page| page.marks.iter().map(move |mark| (page, mark)))
            {
                let (left, right) = (mark.left(), mark.right());
                let is_within = left > margin - 0.5 && right < width - margin + 0.5;
                assert!(is_within, "{tag} {paper:?}: {left} to {right} of {width}: {mark:?}");
                let (top, bottom) = (mark.top(), mark.bottom());
                assert!(
                    top > 0.0 && bottom < page.size.1 - margin / 2.0,
                    "{tag} {paper:?}: {mark:?}"
                );
            }
        }
    }
}
