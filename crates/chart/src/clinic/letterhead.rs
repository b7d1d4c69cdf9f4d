//! What the clinic's paper says, a key for each field among the settings: two people who change
//! different fields change both. What a newer version chose and this one does not know stays.

use crate::{EditError, document::Document};
use clinical::{
    Credentials, Letterhead, LetterheadTemplate, PractitionerId, SheetKind, SheetPaper,
};
use std::collections::BTreeMap;

use super::SETTINGS;

/// Reads the letterhead.
pub(super) fn read(document: &Document) -> Letterhead {
    let text = |field: &str| text(document, &key(field));
    let address = serde_json::from_str(&text("address")).unwrap_or_default();
    let paper = |kind: SheetKind| {
        let paper = SheetPaper::from_code(&text(&paper_field(kind)))?;
        Some((kind, paper))
    };
    let papers: BTreeMap<_, _> = SheetKind::ALL.iter().copied().filter_map(paper).collect();
    Letterhead {
        name: text("name"),
        address,
        telephone: text("telephone"),
        registration: text("registration"),
        footer: text("footer"),
        language: text("language"),
        template: LetterheadTemplate::from_code(&text("template")),
        papers,
    }
}

/// Writes the fields that are others than those that show.
pub(super) fn put(document: &mut Document, letterhead: &Letterhead) -> Result<(), EditError> {
    let Letterhead { name, address, telephone, registration, footer, language, template, papers } =
        letterhead;
    let lines = match address.as_slice() {
        [] => String::new(),
        lines => serde_json::to_string(lines).map_err(|_| EditError::Refused)?,
    };
    for (field, value) in [
        ("name", name),
        ("address", &lines),
        ("telephone", telephone),
        ("registration", registration),
        ("footer", footer),
        ("language", language),
    ] {
        put_text(document, &key(field), value)?;
    }
    let before = read(document);
    if before.template != *template {
        let code = template.map_or("", LetterheadTemplate::code);
        put_text(document, &key("template"), code)?;
    }
    for kind in SheetKind::ALL {
        let paper = papers.get(kind);
        if before.papers.get(kind) != paper {
            let code = paper.map_or("", |paper| paper.code());
            put_text(document, &key(&paper_field(*kind)), code)?;
        }
    }
    Ok(())
}

/// Reads what stands on paper beside a person's name.
pub(super) fn credentials(document: &Document, person: PractitionerId) -> Credentials {
    let of = |field| text(document, &credential(person, field));
    Credentials { registration: of("registration"), qualification: of("qualification") }
}

/// Writes it.
pub(super) fn put_credentials(
    document: &mut Document,
    person: PractitionerId,
    credentials: &Credentials,
) -> Result<(), EditError> {
    let Credentials { registration, qualification } = credentials;
    put_text(document, &credential(person, "registration"), registration)?;
    put_text(document, &credential(person, "qualification"), qualification)
}

/// Nothing is written where nothing is said and nothing was.
fn put_text(document: &mut Document, key: &str, value: &str) -> Result<(), EditError> {
    if value == text(document, key) {
        return Ok(());
    }
    document.put(SETTINGS, key, value.as_bytes()).map(drop)
}

fn text(document: &Document, key: &str) -> String {
    let bytes = document.get(SETTINGS, key).map(|present| present.bytes);
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn key(field: &str) -> String {
    format!("letterhead.{field}")
}

fn paper_field(kind: SheetKind) -> String {
    format!("paper.{}", kind.code())
}

fn credential(person: PractitionerId, field: &str) -> String {
    format!("credentials.{}.{field}", person.uuid().simple())
}
