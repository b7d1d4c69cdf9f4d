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
use api::{
    ApiError, Command, ListSheets, ReprintSheet, SheetItem, SheetPicture, SheetPrinted, ShowSheet,
};
use clinical::{Instant, PatientId};
use print::{Language, Sheet};
use sha2::{Digest, Sha256};
use store::SheetRow;

/// Among so many sheets of a patient, the newest, one that says the same is looked for: what stands on
/// it bears the day it was written.
const SAME_MAX: u32 = 20;
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
    let originals = originals(session, command.patient, command.limit.min(LIST_MAX))?;
    session.audit_listed(permit.deed(), originals.iter().map(|row| row.patient))?;
    let names = read::names(session)?;
    let item = |row: SheetRow| Ok(item(&store.sheet(&row.serial).told()?, &names));
    let items: Result<Vec<_>, ApiError> = originals.into_iter().map(item).collect();
    Ok(items?.into_iter().flatten().collect())
}

/// What was printed, the newest first: of somebody with several charts what was of any of them.
fn originals<H: Host>(
    session: &Session<'_, H>,
    patient: Option<PatientId>,
    limit: u32,
) -> Result<Vec<SheetRow>, ApiError> {
    let store = &session.open.store;
    let Some(patient) = patient else { return store.sheets(None, limit).told() };
    let group = session.group(patient)?;
    let mut originals = Vec::new();
    for member in group.members() {
        originals.extend(store.sheets(Some(member), limit).told()?);
    }
    if !group.is_alone() {
        originals.sort_by_key(|row| std::cmp::Reverse(row.at));
        originals.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(originals)
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
    let (original, _) = ends(&printed).ok_or_else(|| not_found("sheet"))?;
    let manner = manner(session, original, (original.copy, session.host.now()))?;
    let copy = print_copy(session, permit, &printed, manner)?;
    drop(writing);
    Ok(copy.sent(session))
}

/// A copy that is kept, and has not left for the printer yet.
pub(super) struct Copy {
    row: SheetRow,
    laid: Sheet,
    content: SheetContent,
}

impl Copy {
    /// Hands it to the computer.
    pub(super) fn sent<H: Host>(&self, session: &Session<'_, H>) -> SheetPrinted {
        sent(session, &self.row, &self.laid, &self.content)
    }
}

/// The next copy of what was printed, in a manner that may be another than before. Whoever calls it
/// holds the right to write.
pub(super) fn print_copy<H: Host, C: Command>(
    session: &Session<'_, H>,
    permit: &Permit<C>,
    printed: &[SheetRow],
    manner: Manner,
) -> Result<Copy, ApiError> {
    let (original, last) = ends(printed).ok_or_else(|| not_found("sheet"))?;
    let content = SheetContent::of_bytes(&original.content)?;
    let manner = Manner { copy: last.copy.saturating_add(1), ..manner };
    let laid = lay(&content, (&original.serial, &original.code), &manner)?;
    let row = SheetRow {
        copy: manner.copy,
        at: session.stamp().at,
        author: session.open.person.id,
        device: session.open.device,
        paper: manner.paper,
        language: manner.language.tag().to_owned(),
        content: Vec::new(),
        digest: Sha256::digest(&laid.pdf).into(),
        ..original.clone()
    };
    keep(session, permit, &row, &laid)?;
    Ok(Copy { row, laid, content })
}

/// What was printed here of a patient that says just this, with all its copies.
pub(super) fn printed_already<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    content: &[u8],
) -> Result<Option<Vec<SheetRow>>, ApiError> {
    let store = &session.open.store;
    for original in store.sheets(Some(patient), SAME_MAX).told()? {
        let printed = store.sheet(&original.serial).told()?;
        if ends(&printed).is_some_and(|(original, _)| original.content == content) {
            return Ok(Some(printed));
        }
    }
    Ok(None)
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
