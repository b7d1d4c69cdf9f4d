//! Printing a sheet, and drawing it as it would be printed.

use super::{
    code::SheetCode,
    content::SheetContent,
    kept::{print_copy, printed_already},
    lay::{Manner, is_unsigned, lay, misread},
    serial::Serial,
    values,
};
use crate::{
    error::ToldResult,
    host::{Host, PrintJob},
    open::Session,
    permit::Permit,
};
use api::{
    ApiError, Command, PreviewSheet, PrintOutcome, PrintSheet, SheetPicture, SheetPrinted, Topic,
};
use clinical::{Finding, Letterhead, SheetKind, SheetPaper};
use print::{Language, Sheet};
use sha2::{Digest, Sha256};
use store::{AuditEvent, SheetRow};

/// Prints a sheet: it gets a number and a code, is kept with its file, and only then leaves for the
/// printer. Whatever becomes of it there, it was printed: it is printed again as a copy, also where it is
/// asked for as if it were new. There are no two originals that say the same.
///
/// # Errors
/// As [`values::content`]; the store's.
pub(crate) fn print_sheet<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PrintSheet>,
    command: &PrintSheet,
) -> Result<SheetPrinted, ApiError> {
    let (patient, kind) = (command.patient, command.sheet.kind());
    let letterhead = session.open.store.letterhead().told()?;
    let choice = (command.paper, command.language.as_deref());
    let manner = manner(session, &letterhead, kind, choice)?;
    let from = (&letterhead, manner.language);
    let (content, against) = values::content(session, patient, &command.sheet, from)?;
    let bytes = content.to_bytes()?;
    // Held from giving a number out to keeping it: no two sheets get one.
    let writing = session.open.writing();
    if let Some(printed) = printed_already(session, patient, &bytes)? {
        let copy = print_copy(session, permit, &printed, manner)?;
        drop(writing);
        return Ok(SheetPrinted { against, ..copy.sent(session) });
    }
    let serial = next_serial(session)?;
    let code = SheetCode::signed(serial, &bytes, &session.open.user_keys).text();
    let laid = lay(&content, (&serial.to_string(), &code), &manner)?;
    let row = SheetRow {
        serial: serial.to_string(),
        copy: 1,
        kind,
        patient,
        encounter: command.sheet.encounter(),
        at: session.stamp().at,
        author: session.open.person.id,
        device: session.open.device,
        paper: manner.paper,
        language: manner.language.tag().to_owned(),
        code,
        content: bytes,
        digest: Sha256::digest(&laid.pdf).into(),
    };
    keep(session, permit, &row, &laid)?;
    drop(writing);
    Ok(SheetPrinted { against, ..sent(session, &row, &laid, &content) })
}

/// Draws a sheet as it would be printed now.
///
/// # Errors
/// As [`print_sheet`].
pub(crate) fn preview_sheet<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PreviewSheet>,
    command: &PreviewSheet,
) -> Result<SheetPicture, ApiError> {
    let letterhead = session.open.store.letterhead().told()?;
    let choice = (command.paper, command.language.as_deref());
    let manner = manner(session, &letterhead, command.sheet.kind(), choice)?;
    session.audit(permit, Some(command.patient))?;
    let from = (&letterhead, manner.language);
    let (content, against) = values::content(session, command.patient, &command.sheet, from)?;
    Ok(SheetPicture { against, ..picture(&content, &manner)? })
}

/// Pictures of a sheet that has no number.
///
/// # Errors
/// As [`lay`].
pub(super) fn picture(content: &SheetContent, manner: &Manner) -> Result<SheetPicture, ApiError> {
    let laid = lay(content, ("—", "PREVIEW"), manner)?;
    let (misread, unsigned_note) = (misread(content), is_unsigned(content));
    Ok(SheetPicture { misread, unsigned_note, ..drawn(&laid, manner) })
}

/// Pictures of what was laid out.
pub(super) fn drawn(laid: &Sheet, manner: &Manner) -> SheetPicture {
    SheetPicture {
        pages: laid.pictures(),
        paper: manner.paper,
        language: manner.language.tag().to_owned(),
        misread: Vec::new(),
        against: Vec::new(),
        unsigned_note: false,
        unwritten: laid.unwritten.iter().collect(),
    }
}

/// How a kind of sheet is printed: as it was chosen, else as the clinic prints it.
///
/// # Errors
/// `invalid` for a language that sheets cannot be in.
pub(super) fn manner<H: Host>(
    session: &Session<'_, H>,
    letterhead: &Letterhead,
    kind: SheetKind,
    (paper, language): (Option<SheetPaper>, Option<&str>),
) -> Result<Manner, ApiError> {
    let language = match language.unwrap_or(&letterhead.language) {
        "" => Language::default(),
        tag => Language::from_tag(tag).ok_or_else(no_language)?,
    };
    let now = session.host.now();
    Ok(Manner {
        paper: paper.unwrap_or_else(|| letterhead.paper(kind)),
        language,
        at: now.unix_ms().div_euclid(1000),
        at_local: session.moment()?,
        copy: 1,
    })
}

/// Sheets are in no such language.
pub(super) fn no_language() -> ApiError {
    let detail = "Sheets are in no such language.";
    ApiError::invalid(vec![Finding::error("language", "unknown", detail)])
}

/// Keeps a sheet with the audit row that attests its file.
///
/// # Errors
/// The store's.
pub(super) fn keep<H: Host, C: Command>(
    session: &Session<'_, H>,
    permit: &Permit<C>,
    row: &SheetRow,
    laid: &Sheet,
) -> Result<(), ApiError> {
    let event = session.event(permit, Some(row.patient));
    let event = AuditEvent { resource: format!("{}/{}", C::NAME, row.serial), ..event };
    session.open.store.archive(row, &laid.pdf, &event).told()
}

/// Hands a sheet that is kept to the computer, and tells the windows that it is.
pub(super) fn sent<H: Host>(
    session: &Session<'_, H>,
    row: &SheetRow,
    laid: &Sheet,
    content: &SheetContent,
) -> SheetPrinted {
    session.tell(vec![Topic::Sheets(row.patient)]);
    let job = PrintJob {
        pdf: &laid.pdf,
        name: &row.serial,
        paper: row.paper,
        copies: 1,
        is_secret: false,
    };
    let outcome: PrintOutcome = session.host.print(&job);
    SheetPrinted {
        serial: row.serial.clone(),
        copy: row.copy,
        pages: u32::try_from(laid.pages).unwrap_or(u32::MAX),
        outcome,
        misread: misread(content),
        against: Vec::new(),
        unsigned_note: is_unsigned(content),
        unwritten: laid.unwritten.iter().collect(),
    }
}

fn next_serial<H: Host>(session: &Session<'_, H>) -> Result<Serial, ApiError> {
    let device = session.open.device;
    let last = session.open.store.last_serial(&Serial::prefix(device)).told()?;
    let last = last.and_then(|last| last.parse().ok());
    Ok(Serial::next(device, last, session.host.now()))
}
