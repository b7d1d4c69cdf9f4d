//! What people type is text on paper and nothing else; the same sheet is the same file.

use super::samples::{a_prescription, item, person, printing, text};
use crate::pdf::Mark;
use crate::{
    Label, Language, Letter, Medicines, Prescription, Referral, Sheet, SickNote, Summary, Taken,
    label, prescription, referral, sick_note, summary,
};
use clinical::{AllergyState, CodeableConcept, Quantity, SheetPaper};
use lopdf::{Document, Object};

/// Keys of a file that make a reader do something (PDF 32000-1, 12.6 and 7.11).
const DEEDS: [&str; 14] = [
    "JS",
    "JavaScript",
    "OpenAction",
    "AA",
    "A",
    "Launch",
    "URI",
    "GoToR",
    "EmbeddedFile",
    "EmbeddedFiles",
    "SubmitForm",
    "ImportData",
    "RichMedia",
    "XFA",
];

fn keys(object: &Object, found: &mut Vec<String>) {
    let of = |dictionary: &lopdf::Dictionary, found: &mut Vec<String>| {
        for (key, value) in dictionary {
            found.push(String::from_utf8_lossy(key).into_owned());
            keys(value, found);
        }
    };
    match object {
        Object::Dictionary(dictionary) => of(dictionary, found),
        Object::Stream(stream) => of(&stream.dict, found),
        Object::Array(items) => items.iter().for_each(|item| keys(item, found)),
        Object::Name(name) => found.push(String::from_utf8_lossy(name).into_owned()),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::String(..)
        | Object::Reference(_) => {}
    }
}

pub(super) fn hostile() -> Prescription {
    let mut of = Prescription {
        person: person(") /OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "<</URI(x)>>"),
        ..a_prescription()
    };
    of.letterhead.name = "endstream endobj 1 0 obj << /AA << /O 2 0 R >> >>".to_owned();
    of.serial = ") /Launch (calc.exe".to_owned();
    of.items = vec![item("x", "5", "mg", "1", "7")];
    let name = "\u{202e}gm 005\u{202c} x\u{7}\u{0}y \\) Tj ET /URI";
    of.items.iter_mut().for_each(|item| item.order.medication = CodeableConcept::from_text(name));
    of
}

#[test]
fn hostile_words_make_no_reader_do_anything() {
    let sheet = prescription(&hostile(), &printing(SheetPaper::A4, Language::English)).unwrap();
    must_do_nothing("prescription", &sheet);
    let read = text(&sheet);
    assert!(read.contains("gm 005 x y"), "controls are blanks, words stay apart: {read}");
    assert!(read.contains("APP.ALERT(1)"), "{read}");
}

/// Fails where a file holds anything that makes a reader act.
fn must_do_nothing(what: &str, sheet: &Sheet) {
    let file = Document::load_mem(&sheet.pdf).unwrap();
    let mut found = Vec::new();
    file.objects.values().for_each(|object| keys(object, &mut found));
    file.trailer.iter().for_each(|(_, value)| keys(value, &mut found));
    assert!(found.len() > 50, "{what}: the file was looked through");
    for deed in DEEDS {
        assert!(!found.iter().any(|key| key == deed), "{what}: {deed}");
    }
}

/// What could end a text of a file, or begin something else in it, if it were not shown as it is.
const WORDS: [&str; 14] = [
    ") Tj ET /OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
    "<</Type/Action/S/URI/URI(https://example.org)>>",
    "endstream endobj 1 0 obj << /AA << /O 2 0 R >> >>",
    "%%EOF\nxref\n0 1\ntrailer << /Root 1 0 R >>",
    "\\) \\( \\\\ \\000 \\12",
    "BT /F1 12 Tf (x) Tj ET",
    "/Launch /F (calc.exe)",
    "<FEFF003C>",
    "]] >> stream",
    "</bdi><script>alert(1)</script>",
    "javascript:alert(1)",
    "https://example.org/a?b=c#d",
    "\u{202e}gm 005\u{202c}\u{2066}x\u{2069}",
    "\u{0}\u{7}\u{1b}[31m\u{feff}\u{fff9}",
];

/// Every field that people type into, of every kind of sheet, on a page and on a roll.
#[test]
fn no_sheet_lets_words_do_anything() {
    let words = WORDS.join("\n");
    let line = WORDS.join(" ");
    let mut of = hostile();
    of.letterhead.address = vec![line.clone()];
    of.letterhead.footer = Some(line.clone());
    of.prescriber.name = line.clone();
    of.items.iter_mut().for_each(|item| item.instruction = Some(words.clone()));
    let Prescription { letterhead, person, prescriber, written, serial, code, .. } = of.clone();
    let letter = Letter { letterhead, person, author: prescriber, written, serial, code };
    let taken: Vec<Taken> = of.items.iter().map(|item| Taken::from(item.order.clone())).collect();
    let medicines = || Medicines { agreed: taken.clone(), disputed: vec![taken.clone()] };
    let allergies = || (AllergyState::Known, vec![line.clone()]);
    let of_visit = Summary {
        reason: line.clone(),
        vitals: vec![(line.clone(), line.clone())],
        assessment: words.clone(),
        plan: words.clone(),
        medicines: medicines(),
        allergies: allergies(),
        follow_up: None,
        is_unsigned: false,
    };
    let day = || "2026-11-27".parse().unwrap();
    let note = SickNote { from: day(), until: day(), remark: words.clone(), is_school: true };
    let referring = Referral {
        to: line.clone(),
        urgent: true,
        situation: words.clone(),
        background: words.clone(),
        assessment: words.clone(),
        recommendation: words,
        weight: None,
        medicines: medicines(),
        allergies: allergies(),
    };
    let Letter { letterhead, person, .. } = letter.clone();
    let tag = Label { letterhead, person, code: "CLN-88417".to_owned() };
    for paper in [SheetPaper::A4, SheetPaper::Roll80] {
        let with = printing(paper, Language::English);
        must_do_nothing("prescription", &prescription(&of, &with).unwrap());
        must_do_nothing("summary", &summary(&letter, &of_visit, &with).unwrap());
        must_do_nothing("sick note", &sick_note(&letter, &note, &with).unwrap());
        let sheet = referral(&letter, &referring, &with).unwrap();
        must_do_nothing("referral", &sheet);
        let read = text(&sheet);
        assert!(read.contains("javascript:alert(1)"), "it is there, as text: {read}");
        must_do_nothing("label", &label(&tag, &with).unwrap());
    }
}

#[test]
fn the_same_sheet_is_the_same_file() {
    let file = |of: &Prescription| {
        prescription(of, &printing(SheetPaper::A4, Language::English)).unwrap().pdf
    };
    let of = a_prescription();
    assert_eq!(file(&of), file(&of));
    let other = Prescription { serial: "2026-000418".to_owned(), ..of.clone() };
    assert_ne!(file(&of), file(&other));
}

#[test]
fn a_number_with_a_struck_or_covered_digit_is_never_printed_as_a_clean_one() {
    let strength = |unit: &str| {
        vec![Quantity {
            unit: unit.to_owned(),
            ucum: None,
            ..Quantity::ucum("5".parse().unwrap(), "mg")
        }]
    };
    let marks =
        ['\u{336}', '\u{338}', '\u{489}', '\u{20d2}', '\u{20dd}', '\u{20e5}', '\u{332}', '\u{30d}'];
    for (mark, (language, tag)) in marks.into_iter().zip(Language::ALL.into_iter().cycle()) {
        let mut of = a_prescription();
        let line = |number: &str| number.replace('~', &mark.to_string());
        of.items[0].instruction = Some(line("take 7~1 mg, 0.~72 mL, 73\u{fe0f}~ IU"));
        of.items[0].order.medication = CodeableConcept::from_text(line("drug 7~4"));
        of.items[0].order.dosage[0].text = Some(line("then 7\u{34f}~5 mg"));
        of.items[1].order.strength = strength(&line("mg/7~6 mL"));
        of.items[1].against = vec![line("77~ kinds")];
        for paper in [SheetPaper::A4, SheetPaper::Roll80] {
            let sheet = prescription(&of, &printing(paper, language)).unwrap();
            assert_eq!(sheet.unwritten, [mark], "{tag}");
            let read = text(&sheet);
            for clean in ["71", "0.72", "73 ", "73\u{a0}", "74", "75", "76", "77 ", "77\u{a0}"] {
                assert!(!read.contains(clean), "{mark:?} {tag}: {clean} in {read}");
            }
            assert_eq!(read.matches('\u{fffd}').count(), 7, "{mark:?} {tag}: {read}");
        }
    }
}

#[test]
fn marks_reach_into_no_line_around_them() {
    let heap = |marks: std::ops::RangeInclusive<char>| -> String {
        "Zalgo".chars().flat_map(|letter| [letter].into_iter().chain(marks.clone())).collect()
    };
    let mut of = a_prescription();
    let heaps = ['\u{300}'..='\u{308}', '\u{323}'..='\u{326}', '\u{363}'..='\u{36f}'].map(heap);
    of.items[0].instruction = Some(format!("clean 5\n{}\nclean 5", heaps.join("\nclean 5\n")));
    of.items[1].instruction = Some("clean 5\nمُّدَّكِرٍۭ هَٰذَا\nclean 5".to_owned());
    let sheet = prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap();
    let lines = sheet.laid[0].marks.iter().filter_map(|mark| match mark {
        Mark::Text { line, y, size, .. } if !line.pieces.is_empty() => Some((line, *y, *size)),
        Mark::Text { .. } | Mark::Stroke { .. } | Mark::Box { .. } => None,
    });
    let lines: Vec<_> = lines.collect();
    let mut met = 0;
    for pair in lines.windows(2) {
        let [(above, at, size), (below, next, _)] = pair else { continue };
        // Two that stand beside each other.
        if next <= at {
            continue;
        }
        let hangs = at + size * (above.reach.1 / 1000.0).max(0.24);
        let (high, ordinary) = (next - size * below.reach.0 / 1000.0, next - size * 0.76);
        assert!(at + size * 0.24 <= high + 0.1 && hangs <= ordinary + 0.1, "{above:?} {below:?}");
        met += usize::from(below.reach.0 > 1_110.0 || above.reach.1 > 570.0);
    }
    assert!(met > 4, "{met}");
}
