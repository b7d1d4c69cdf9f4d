//! The sheet of the clinic's recovery kit, which is a secret: nothing of it stays here.
//!
//! It is no sheet about a patient, has no number, and is not among those that are kept. No viewer
//! shows it, for its file would lie about; on a stick it is written because somebody asked for that.

use super::{
    lay::{letterhead, not_laid},
    sheet::manner,
    values,
};
use crate::{
    error::ToldResult,
    files::write_new,
    host::{Host, PrintJob},
    open::Session,
    permit::Permit,
    sync::{drive_named, stamp},
};
use api::{ApiError, ErrorCode, KitPrinted, PrintOutcome, PrintRecoveryKit};
use clinical::SheetKind;
use std::path::Path;

/// Prints the sheet of a kit, or writes it to a stick with the text a new computer reads.
///
/// # Errors
/// `invalid` for a kit that is not this clinic's, and for a language that sheets cannot be in;
/// `not-found` of a stick that is gone; `already-exists` where it has such a file; the disk's.
pub(crate) fn print_recovery_kit<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PrintRecoveryKit>,
    command: &PrintRecoveryKit,
) -> Result<KitPrinted, ApiError> {
    let kit = &command.kit;
    if kit.clinic != session.open.clinic {
        return Err(ApiError::new(ErrorCode::Invalid, "That is no kit of this clinic."));
    }
    let paper = session.open.store.letterhead().told()?;
    let choice = (None, command.language.as_deref());
    let manner = manner(session, &paper, SheetKind::Referral, choice)?;
    let sheet = print::Kit {
        letterhead: letterhead(&values::clinic(session, &paper)?),
        code: kit.code.clone(),
        clinic: kit.clinic.to_string(),
        server: kit.server.clone(),
        people: kit.people.clone(),
        square: kit.to_text(),
    };
    let laid = print::kit(&sheet, &manner.printing()).map_err(not_laid)?;
    let stick = command.drive.as_deref().map(|name| drive_named(session, name)).transpose()?;
    session.audit(permit, None)?;
    match stick {
        Some(stick) => {
            let files = write_to(session, &stick.path, (kit.to_text().as_bytes(), &laid.pdf))?;
            Ok(KitPrinted { outcome: PrintOutcome::File, files })
        }
        None => {
            let job = PrintJob {
                pdf: &laid.pdf,
                name: "recovery-kit",
                paper: manner.paper,
                copies: 1,
                is_secret: true,
            };
            Ok(KitPrinted { outcome: session.host.print(&job), files: Vec::new() })
        }
    }
}

/// Writes the sheet and the text; nothing is written over, and one is not left without the other.
fn write_to<H: Host>(
    session: &Session<'_, H>,
    folder: &Path,
    (text, pdf): (&[u8], &[u8]),
) -> Result<Vec<String>, ApiError> {
    let name = format!("fieldchart-recovery-kit-{}", stamp(session.host.now()));
    let [sheet, read] = ["pdf", "txt"].map(|ending| format!("{name}.{ending}"));
    write_new(&folder.join(&sheet), pdf)?;
    write_new(&folder.join(&read), text).inspect_err(|_| {
        drop(std::fs::remove_file(folder.join(&sheet)));
    })?;
    Ok(vec![sheet, read])
}
