//! What was printed on this computer: listed, shown, and printed once more.

use super::{
    content::SheetContent,
    lay::{Manner, lay},
    serial::Serial,
    sheet::{drawn, keep, no_language, sent},
};
use crate::{
    error::{ToldResult, not_found},
    hex::hex,
    host::Host,
    open::Session,
    permit::Permit,
    read::{self, Names},
};
use api::{ApiError, ListSheets, ReprintSheet, SheetItem, SheetPicture, SheetPrinted, ShowSheet};
use clinical::Instant;
use print::Language;
use sha2::{Digest, Sha256};
use store::SheetRow;

/// No list is longer.
const LIST_MAX: u32 = 200;

/// Lists what was printed, the newest first. Whom it shows is audited.
///
/// # Errors
/// The store's.
pub(crate) fn list_sheets<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListSheets>,
    command: &ListSheets,
) -> Result<Vec<SheetItem>, ApiError> {
    let store = &session.open.store;
    let originals = store.sheets(command.patient, command.limit.min(LIST_MAX)).told()?;
    session.audit_listed(permit.deed(), originals.iter().map(|row| row.patient))?;
    let names = read::names(session)?;
    let item = |row: SheetRow| Ok(item(&store.sheet(&row.serial).told()?, &names));
    let items: Result<Vec<_>, ApiError> = originals.into_iter().map(item).collect();
    Ok(items?.into_iter().flatten().collect())
}

/// Prints a sheet once more: what stands on it is what stood on it, with which copy it is.
///
/// # Errors
/// `not-found` where it was not printed on this computer; `newer-version`; the store's.
pub(crate) fn reprint_sheet<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ReprintSheet>,
    command: &ReprintSheet,
) -> Result<SheetPrinted, ApiError> {
    let serial: Serial = command.serial.parse().map_err(|_| not_found("sheet"))?;
    // Held from counting the copies to keeping this one.
    let writing = session.open.writing();
    let printed = session.open.store.sheet(&serial.to_string()).told()?;
    let (original, last) = ends(&printed).ok_or_else(|| not_found("sheet"))?;
    let content = SheetContent::of_bytes(&original.content)?;
    let (copy, now) = (last.copy.saturating_add(1), session.host.now());
    let manner = manner(session, original, (copy, now))?;
    let laid = lay(&content, (&original.serial, &original.code), &manner)?;
    let row = SheetRow {
        copy,
        at: now,
        author: session.open.person.id,
        device: session.open.device,
        content: Vec::new(),
        digest: Sha256::digest(&laid.pdf).into(),
        ..original.clone()
    };
    keep(session, permit, &row, &laid)?;
    drop(writing);
    Ok(sent(session, &row, &laid, &content))
}

/// Draws a sheet as it was printed the first time. Whom it shows is audited.
///
/// # Errors
/// As [`reprint_sheet`].
pub(crate) fn show_sheet<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ShowSheet>,
    command: &ShowSheet,
) -> Result<SheetPicture, ApiError> {
    let serial: Serial = command.serial.parse().map_err(|_| not_found("sheet"))?;
    let printed = session.open.store.sheet(&serial.to_string()).told()?;
    let (original, _) = ends(&printed).ok_or_else(|| not_found("sheet"))?;
    session.audit(permit, Some(original.patient))?;
    let content = SheetContent::of_bytes(&original.content)?;
    let manner = manner(session, original, (original.copy, original.at))?;
    let laid = lay(&content, (&original.serial, &original.code), &manner)?;
    Ok(drawn(&laid, &manner))
}

/// How a sheet that is kept is printed: which time it is, and when.
fn manner<H: Host>(
    session: &Session<'_, H>,
    original: &SheetRow,
    (copy, at): (u32, Instant),
) -> Result<Manner, ApiError> {
    Ok(Manner {
        paper: original.paper,
        language: Language::from_tag(&original.language).ok_or_else(no_language)?,
        at: at.unix_ms().div_euclid(1000),
        at_local: session.moment_of(at)?,
        copy,
    })
}

/// A sheet with all its copies, as it is listed.
pub(super) fn item(printed: &[SheetRow], (people, _): &Names) -> Option<SheetItem> {
    let (original, last) = ends(printed)?;
    let name = |row: &SheetRow| people.get(&row.author).cloned().unwrap_or_default();
    Some(SheetItem {
        serial: original.serial.clone(),
        kind: original.kind,
        patient: original.patient,
        encounter: original.encounter,
        first_at: original.at,
        first_by: name(original),
        at: last.at,
        by: name(last),
        copies: last.copy,
        paper: original.paper,
        language: original.language.clone(),
        code: original.code.clone(),
        digest: hex(&original.digest),
    })
}

/// The original and the last time.
fn ends(printed: &[SheetRow]) -> Option<(&SheetRow, &SheetRow)> {
    Some((printed.first().filter(|row| row.copy == 1)?, printed.last()?))
}
