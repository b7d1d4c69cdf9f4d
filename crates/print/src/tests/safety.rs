//! What people type is text on paper and nothing else; the same sheet is the same file.

use super::samples::{a_prescription, item, person, printing, text};
use crate::{Language, Paper, Prescription, prescription};
use clinical::CodeableConcept;
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
    let sheet = prescription(&hostile(), &printing(Paper::A4, Language::English)).unwrap();
    let file = Document::load_mem(&sheet.pdf).unwrap();
    let mut found = Vec::new();
    file.objects.values().for_each(|object| keys(object, &mut found));
    file.trailer.iter().for_each(|(_, value)| keys(value, &mut found));
    assert!(found.len() > 50, "the file was looked through");
    for deed in DEEDS {
        assert!(!found.iter().any(|key| key == deed), "{deed}");
    }
    let read = text(&sheet);
    assert!(read.contains("gm 005 xy"), "controls are gone, words are not: {read}");
    assert!(read.contains("APP.ALERT(1)"), "{read}");
}

#[test]
fn the_same_sheet_is_the_same_file() {
    let file =
        |of: &Prescription| prescription(of, &printing(Paper::A4, Language::English)).unwrap().pdf;
    let of = a_prescription();
    assert_eq!(file(&of), file(&of));
    let other = Prescription { serial: "2026-000418".to_owned(), ..of.clone() };
    assert_ne!(file(&of), file(&other));
}
