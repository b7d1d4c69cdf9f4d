//! A label of who somebody is: nothing clinical stands on it, so the front desk prints it too.

use super::{
    lay::{Manner, letterhead, not_laid, person},
    sheet::{drawn, manner},
    values,
};
use crate::{
    error::ToldResult,
    host::{Host, PrintJob},
    open::Session,
    permit::Permit,
};
use api::{ApiError, LabelPrinted, PreviewLabel, PrintLabel, SheetPicture};
use clinical::{PatientId, SheetKind, SheetPaper};
use print::Sheet;

/// No more at once.
const COPIES_MAX: u32 = 50;

/// Prints labels of a patient. They have no number and are not kept; that they were printed is
/// audited.
///
/// # Errors
/// As [`label`].
pub(crate) fn print_label<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PrintLabel>,
    command: &PrintLabel,
) -> Result<LabelPrinted, ApiError> {
    let choice = (command.paper, command.language.as_deref());
    let (laid, manner) = label(session, command.patient, choice)?;
    session.audit(permit, Some(command.patient))?;
    let copies = command.copies.clamp(1, COPIES_MAX);
    let job =
        PrintJob { pdf: &laid.pdf, name: "label", paper: manner.paper, copies, is_secret: false };
    let outcome = session.host.print(&job);
    Ok(LabelPrinted { outcome, unwritten: laid.unwritten.iter().collect() })
}

/// Draws a label as it would be printed now. Whom it shows is audited.
///
/// # Errors
/// As [`label`].
pub(crate) fn preview_label<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PreviewLabel>,
    command: &PreviewLabel,
) -> Result<SheetPicture, ApiError> {
    let choice = (command.paper, command.language.as_deref());
    let (laid, manner) = label(session, command.patient, choice)?;
    session.audit(permit, Some(command.patient))?;
    Ok(drawn(&laid, &manner))
}

/// Lays a label of a patient out, and tells on what.
///
/// # Errors
/// `disputed` where two people disagree on who it is; `not-found`; `invalid` for a language that
/// sheets cannot be in; the store's.
fn label<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    choice: (Option<SheetPaper>, Option<&str>),
) -> Result<(Sheet, Manner), ApiError> {
    let paper = session.open.store.letterhead().told()?;
    let manner = manner(session, &paper, SheetKind::Label, choice)?;
    let chart = session.chart_summary(patient)?;
    let whose = values::person(&chart, &session.today_or_told()?)?;
    let number = whose.identity.identifier.first().map(|number| number.value.clone());
    let label = print::Label {
        letterhead: letterhead(&values::clinic(session, &paper)?),
        code: number.unwrap_or_else(|| patient.to_string()),
        person: person(&whose),
    };
    let laid = print::label(&label, &manner.printing()).map_err(not_laid)?;
    Ok((laid, manner))
}
