//! What an administrator does to the store: checking, rebuilding.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::Host,
    open::Session,
    permit::Permit,
};
use api::{ApiError, Origin};
use serde::Serialize;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// Nothing is wrong.
    pub sound: bool,
    /// What is wrong, one sentence each.
    pub findings: Vec<String>,
    /// Commits the store has.
    pub commits: u64,
    /// Entries of the audit chain.
    pub audit_entries: u64,
    /// Patients.
    pub patients: u64,
}

impl<H: Host> App<H> {
    /// Checks pages, audit chain, counts and anchor.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`; the store's.
    pub fn check(&self) -> Result<CheckReport, ApiError> {
        self.maintain(OtherDeed::Check, |session, _| {
            let store = &session.open.store;
            let report = store.check(Some(session.open.actor)).told()?;
            Ok(CheckReport {
                sound: report.is_whole(),
                findings: findings(&report, store.counts().told()?.clinic_unreadable),
                commits: report.commits,
                audit_entries: report.audit_rows,
                patients: store.counts().told()?.patients,
            })
        })
    }

    /// Makes every projection and the search index again; answers how many documents were read.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`; the store's.
    pub fn rebuild(&self, mut progress: impl FnMut(u64, u64)) -> Result<u64, ApiError> {
        self.maintain(OtherDeed::Rebuild, |session, permit| {
            let all = session.open.store.counts().told()?.patients;
            let mut watch = |done: u64| progress(done, all.max(done));
            let rebuilt = session.open.store.rebuild(session.open.actor, &mut watch).told()?;
            session.audit(permit, None)?;
            Ok(rebuilt.documents)
        })
    }

    /// Runs what only who looks after the store may do, by the name the chain has for it.
    pub(crate) fn maintain<T>(
        &self,
        deed: OtherDeed,
        work: impl FnOnce(&Session<'_, H>, &Permit<OtherDeed>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Host };
        let permit = session.permit_other(deed)?;
        work(&session, &permit)
    }
}

/// What a check found, in sentences.
/// What this version cannot read is told, and is no damage.
fn findings(report: &store::CheckReport, unreadable: u64) -> Vec<String> {
    let mut findings: Vec<String> = Vec::new();
    findings.extend(report.damaged_pages.iter().map(|page| format!("A page is damaged: {page}.")));
    findings.extend(
        report.broken_structure.iter().map(|what| format!("The database is broken: {what}.")),
    );
    let broken = |seq| format!("The audit chain is broken at entry {seq}.");
    findings.extend(report.audit_broken_at.map(broken));
    let told = [
        (!report.record_whole, "Documents or changes are missing, or there are others."),
        (!report.anchor_agrees, "The anchor does not agree with the database."),
        (report.stray_rows > 0, "There are rows that belong to nothing."),
        (
            report.projections_true == Some(false),
            "The lists are not what the record makes of them; `rebuild` mends this.",
        ),
    ];
    findings.extend(told.iter().filter(|(wrong, _)| *wrong).map(|(_, text)| (*text).to_owned()));
    if unreadable > 0 {
        findings.push(format!(
            "{unreadable} of the clinic's people cannot be read: a newer Fieldchart wrote them. They \
             are kept as they are; update this computer."
        ));
    }
    findings
}
