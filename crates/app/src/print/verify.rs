//! Whether a sheet of paper is one of the clinic's: without a network, by the keys of its people.

use super::{
    code::{SheetCode, is_code},
    content::SheetContent,
    kept::item,
    serial::Serial,
};
use crate::{
    error::ToldResult, hex::bytes_of_hex, host::Host, open::Session, permit::Permit, read,
};
use api::{ApiError, SheetStanding, SheetVerdict, VerifySheet};
use clinical::{Practitioner, display};
use store::SheetRow;

/// More than anybody scans or types.
const TYPED_MAX: usize = 1_000;

/// Tells what is known of a sheet. Whom it is about is audited.
///
/// # Errors
/// The store's.
pub(crate) fn verify_sheet<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<VerifySheet>,
    command: &VerifySheet,
) -> Result<SheetVerdict, ApiError> {
    // No code is longer, however it is typed.
    let typed =
        Some(command.code.trim()).filter(|typed| typed.len() < TYPED_MAX).unwrap_or_default();
    let code = is_code(typed).then(|| SheetCode::read(typed));
    let serial: Option<Serial> = match &code {
        Some(code) => code.as_ref().map(|code| code.serial),
        None => typed.parse().ok(),
    };
    let Some(serial) = serial else {
        session.audit(permit, None)?;
        return Ok(bare(SheetStanding::Mistyped));
    };
    let printed = session.open.store.sheet(&serial.to_string()).told()?;
    session.audit(permit, printed.first().map(|row| row.patient))?;
    let people = session.open.store.people().told()?;
    let signer = code.as_ref().and_then(Option::as_ref).and_then(|code| signer(code, &people));
    let content = printed.first().map(|row| SheetContent::of_bytes(&row.content)).transpose()?;
    let standing = match code.flatten() {
        Some(code) => of_code(&code, signer, printed.first()),
        None if printed.is_empty() => SheetStanding::NumberNotHere,
        None => SheetStanding::NumberKnown,
    };
    let patient = content.map(|content| display::banner_name(&content.person.identity));
    Ok(SheetVerdict {
        serial: serial.to_string(),
        signed_by: signer.map(|person| person.name.clone()),
        sheet: item(&printed, &read::names(session)?),
        patient,
        ..bare(standing)
    })
}

/// Who vouched for a code: whoever works or worked here, with any of their keys.
fn signer<'a>(code: &SheetCode, people: &'a [Practitioner]) -> Option<&'a Practitioner> {
    let signed = |key: &String| {
        let key: Option<[u8; 32]> = bytes_of_hex(key).and_then(|key| key.try_into().ok());
        key.is_some_and(|key| code.is_signed_by(&key))
    };
    people.iter().find(|person| person.public_keys.iter().any(signed))
}

fn of_code(
    code: &SheetCode,
    signer: Option<&Practitioner>,
    original: Option<&SheetRow>,
) -> SheetStanding {
    match (signer, original) {
        (None, _) => SheetStanding::Forged,
        (Some(_), None) => SheetStanding::GenuineElsewhere,
        (Some(_), Some(original)) if code.is_of(&original.content) => SheetStanding::Genuine,
        (Some(_), Some(_)) => SheetStanding::Forged,
    }
}

const fn bare(standing: SheetStanding) -> SheetVerdict {
    SheetVerdict { standing, serial: String::new(), signed_by: None, sheet: None, patient: None }
}
