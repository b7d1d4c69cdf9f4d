//! Who did what.

use super::{Desk, chart::by_the_clock, parse, show};
use crate::failure::Failure;
use api::AuditFrom;

/// Shows a part of the audit log.
pub(super) fn audit(
    desk: &Desk,
    patient: Option<&str>,
    limit: u32,
    after: Option<u64>,
) -> Result<(), Failure> {
    let patient = patient.map(parse).transpose()?;
    desk.sign_in()?;
    let from = after.map_or(AuditFrom::Newest, AuditFrom::After);
    let page = desk.call(api::ReadAudit { patient, from, limit })?;
    by_the_clock(desk, |clock| {
        desk.output.answer(&page, |page| show::audit(page, from, clock));
    });
    Ok(())
}
