//! Reading the audit log. It is read like a chart: the reading leaves a row.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit, read};
use api::{ApiError, AuditFrom, AuditItem, AuditPage, ReadAudit};
use clinical::{PatientId, display::banner_name};
use std::collections::{BTreeMap, BTreeSet};
use store::{AuditRow, AuditSpan};

/// Rows of one page at most.
const PAGE_MAX: u32 = 500;

/// Reads a part of the log, in the order in which it was written.
///
/// # Errors
/// The store's.
pub(crate) fn read_audit<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ReadAudit>,
    command: &ReadAudit,
) -> Result<AuditPage, ApiError> {
    let limit = command.limit.clamp(1, PAGE_MAX);
    let (span, newest_first) = match command.from {
        AuditFrom::Newest => (AuditSpan::Before(u64::MAX), true),
        AuditFrom::Before(seq) => (AuditSpan::Before(seq), true),
        AuditFrom::After(seq) => (AuditSpan::After(seq), false),
    };
    let mut rows = session.open.store.audit_span(command.patient, span, limit + 1).told()?;
    session.audit(permit, command.patient)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    if newest_first {
        rows.reverse();
    }
    let (people, devices) = read::names(session)?;
    let patients = names_of(session, &rows)?;
    let item = |row: AuditRow| AuditItem {
        seq: row.seq,
        at: row.event.at,
        author: row.event.author,
        name: people.get(&row.event.author).cloned().unwrap_or_default(),
        device: devices.get(&row.event.device).cloned().unwrap_or_default(),
        action: row.event.action.word().to_owned(),
        resource: row.event.resource,
        patient: row.event.patient,
        patient_name: row.event.patient.and_then(|patient| patients.get(&patient).cloned()),
        outcome: row.event.outcome.word().to_owned(),
        purpose: row.event.purpose.word().to_owned(),
    };
    Ok(AuditPage { rows: rows.into_iter().map(item).collect(), more })
}

/// Who the patients of the rows are. One whose chart this computer does not have is told by id.
fn names_of<H: Host>(
    session: &Session<'_, H>,
    rows: &[AuditRow],
) -> Result<BTreeMap<PatientId, String>, ApiError> {
    let patients: BTreeSet<PatientId> = rows.iter().filter_map(|row| row.event.patient).collect();
    let mut names = BTreeMap::new();
    for patient in patients {
        if let Some(identity) = session.identity(patient)? {
            names.insert(patient, banner_name(&identity));
        }
    }
    Ok(names)
}
