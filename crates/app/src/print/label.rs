//! A label of who somebody is: nothing clinical stands on it, so the front desk prints it too.

use super::{
    lay::{letterhead, not_laid, person},
    sheet::manner,
    values,
};
use crate::{
    error::ToldResult,
    host::{Host, PrintJob},
    open::Session,
    permit::Permit,
};
use api::{ApiError, PrintLabel, PrintOutcome};
use clinical::SheetKind;

/// No more at once.
const COPIES_MAX: u32 = 50;

/// Prints labels of a patient. They have no number and are not kept; that they were printed is
/// audited.
///
/// # Errors
/// `disputed` where two people disagree on who it is; `not-found`; the store's.
pub(crate) fn print_label<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<PrintLabel>,
    command: &PrintLabel,
) -> Result<PrintOutcome, ApiError> {
    let paper = session.open.store.letterhead().told()?;
    let choice = (command.paper, command.language.as_deref());
    let manner = manner(session, &paper, SheetKind::Label, choice)?;
    let chart = session.chart_summary(command.patient)?;
    let whose = values::person(&chart, &session.today_or_told()?)?;
    let number = whose.identity.identifier.first().map(|number| number.value.clone());
    let label = print::Label {
        letterhead: letterhead(&values::clinic(session, &paper)?),
        code: number.unwrap_or_else(|| command.patient.to_string()),
        person: person(&whose),
    };
    let laid = print::label(&label, &manner.printing()).map_err(not_laid)?;
    session.audit(permit, Some(command.patient))?;
    let copies = command.copies.clamp(1, COPIES_MAX);
    let job = PrintJob { pdf: &laid.pdf, name: "label", paper: manner.paper, copies };
    Ok(session.host.print(&job))
}
