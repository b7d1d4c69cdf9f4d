//! What an administrator does to the store: checking, rebuilding, inventing people.

use crate::{
    App,
    access::demonstration,
    commit::ChartDraft,
    demo::{self, DemoPatient},
    error::{ToldResult, signed_out},
    host::Host,
    notes,
    open::Session,
    permit::{Action, Permit, permit_action},
};
use api::{ApiError, Origin};
use chart::ChartEdit;
use clinical::{CompositionId, PatientId};
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

/// A demonstration was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Demonstrated {
    /// Patients that were invented.
    pub patients: u32,
    /// The name to sign in with.
    pub user_name: String,
    /// The password.
    pub password: String,
}

/// Marks the permit of the command line's own actions.
#[derive(Debug)]
pub(crate) struct Upkeep;

/// The population every demonstration shows.
const SEED: u64 = 1;
/// So many charts go into one transaction.
const BATCH: u32 = 200;

impl<H: Host> App<H> {
    /// Checks pages, audit chain, counts and anchor.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`; the store's.
    pub fn check(&self) -> Result<CheckReport, ApiError> {
        self.maintain(|session| {
            let store = &session.open.store;
            let report = store.check(Some(session.open.actor)).told()?;
            Ok(CheckReport {
                sound: report.is_whole(),
                findings: findings(&report),
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
        self.maintain(|session| {
            let all = session.open.store.counts().told()?.patients;
            let mut watch = |done: u64| progress(done, all.max(done));
            let rebuilt = session.open.store.rebuild(session.open.actor, &mut watch).told()?;
            session.audit_read("rebuild", None)?;
            Ok(rebuilt.documents)
        })
    }

    /// Invents people, in a demonstration clinic made on the spot where there is none.
    ///
    /// # Errors
    /// `not-permitted` in a clinic of real people; the store's.
    pub fn demonstrate(
        &self,
        patients: u32,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Demonstrated, ApiError> {
        if self.opened().is_none() {
            demonstration::begin(self)?;
        }
        self.maintain(|session| invent(session, patients, &mut progress))?;
        Ok(Demonstrated {
            patients,
            user_name: demonstration::USER.to_owned(),
            password: demonstration::PASSWORD.to_owned(),
        })
    }

    /// Invents one more person of a demonstration clinic, who has come `encounters` times.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted` in a clinic of real people; the store's.
    pub fn demonstrate_long(&self, encounters: usize) -> Result<PatientId, ApiError> {
        self.maintain(|session| {
            refuse_among_real_people(session)?;
            let index = session.open.store.counts().told()?.patients;
            let person = demo::generate_long(SEED, index, encounters);
            let patient = person.patient.id;
            session.commit_charts("demonstration", vec![draft_of(session, person)])?;
            Ok(patient)
        })
    }

    fn maintain<T>(
        &self,
        work: impl FnOnce(&Session<'_, H>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let _permit: Permit<Upkeep> = permit_action(open.person.role, Action::MaintainStore)?;
        work(&Session { host: self.host(), open: &open, origin: Origin::Host })
    }
}

/// What a check found, in sentences.
fn findings(report: &store::CheckReport) -> Vec<String> {
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
    findings
}

/// Invents people, many charts to a transaction. Refused where people are real.
pub(crate) fn invent<H: Host>(
    session: &Session<'_, H>,
    patients: u32,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ApiError> {
    refuse_among_real_people(session)?;
    let begun = session.open.store.counts().told()?.patients;
    let mut batch: Vec<ChartDraft> = Vec::new();
    for index in 0..patients {
        let person = demo::generate(SEED, begun.saturating_add(u64::from(index)));
        batch.push(draft_of(session, person));
        if batch.len() >= usize::try_from(BATCH).unwrap_or(1) || index + 1 == patients {
            session.commit_charts("demonstration", std::mem::take(&mut batch))?;
            progress(u64::from(index) + 1, u64::from(patients));
        }
    }
    Ok(())
}

fn refuse_among_real_people<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    if session.open.demonstration {
        return Ok(());
    }
    let detail = "This clinic is not a demonstration: people are invented only there.";
    Err(ApiError::new(api::ErrorCode::NotPermitted, detail))
}

/// An invented person's chart; the notes are signed by whoever makes the demonstration.
fn draft_of<H: Host>(session: &Session<'_, H>, person: DemoPatient) -> ChartDraft {
    let patient = person.patient.id;
    let mut edits = vec![ChartEdit::RecordPatient(person.patient)];
    edits.extend(person.allergies.into_iter().map(ChartEdit::RecordAllergy));
    edits.extend(person.conditions.into_iter().map(ChartEdit::RecordCondition));
    edits.extend(person.encounters.into_iter().map(ChartEdit::RecordEncounter));
    edits.extend(person.medications.into_iter().map(ChartEdit::RecordMedication));
    edits.extend(person.observations.into_iter().map(ChartEdit::RecordObservation));
    let notes = person.notes.into_iter().map(|note| {
        let draft = CompositionId::from_uuid(session.make_uuid());
        let sections = note.section;
        notes::signed(session, draft, Some(note.encounter), note.title, note.written_at, sections)
    });
    edits.extend(notes.map(ChartEdit::RecordComposition));
    ChartDraft { patient, edits }
}
