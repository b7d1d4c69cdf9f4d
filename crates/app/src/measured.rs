//! Charts that whoever measures hands in and reads back, in a demonstration clinic; and what two
//! computers that hold the same have in common.
//!
//! Charts go in by the door of an import, many to a transaction. A later finding is a change of its
//! own, as if it had been recorded by itself: only the waits for the disk are shared.

use crate::{
    App, access,
    audit::OtherDeed,
    commit::ChartDraft,
    demonstration::refuse_among_real_people,
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
    sync,
};
use api::{ApiError, CreateClinic};
use chart::ChartEdit;
use clinical::{Chart, DocumentRef, Observation, Patient, PatientId, PractitionerId};
use std::{collections::BTreeMap, sync::Arc};
use store::{Commit, Fingerprint, Newest, Record, View};

/// So many charts go into one transaction.
const BATCH: usize = 200;

/// A person with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredChart {
    /// Who it is.
    pub patient: Patient,
    /// What was found.
    pub observations: Vec<Observation>,
}

/// What is found later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredEdits {
    /// Of whom.
    pub patient: PatientId,
    /// The findings, in the order in which they are recorded.
    pub observations: Vec<Observation>,
}

/// The names people sign in with.
pub type UserNames = BTreeMap<PractitionerId, String>;

impl<H: Host> App<H> {
    /// Makes an empty demonstration clinic of one person and signs them in.
    ///
    /// # Errors
    /// `already-exists`; a cause of the store's.
    pub fn begin_measured(&self, user_name: &str, password: &str) -> Result<(), ApiError> {
        let command = CreateClinic {
            clinic_name: "Measured clinic".to_owned(),
            user_name: user_name.to_owned(),
            name: user_name.to_owned(),
            password: password.to_owned(),
            device_name: None,
            server: None,
        };
        let made = access::make_clinic(self, &command, true)?;
        self.set_open(Some(made.open));
        Ok(())
    }

    /// Forgets the token that the server granted, so that the next exchange signs in anew, as after
    /// a quarter of an hour.
    ///
    /// # Errors
    /// `not-permitted`; the store's.
    pub fn forget_token_measured(&self) -> Result<(), ApiError> {
        self.maintain(OtherDeed::Demonstration, |session, permit| {
            session.audit(permit, None)?;
            sync::forget_token(session)
        })
    }

    /// Writes new charts.
    ///
    /// # Errors
    /// `not-permitted` in a clinic of real people; the store's.
    pub fn record_measured(
        &self,
        charts: impl Iterator<Item = MeasuredChart>,
    ) -> Result<(), ApiError> {
        let drafts = charts.map(draft_of);
        self.in_batches(drafts, |session, permit, drafts| {
            session.commit_charts(permit, drafts).map(drop)
        })
    }

    /// Records later findings, each as a change of its own.
    ///
    /// # Errors
    /// `not-permitted` in a clinic of real people; `not-found`; the store's.
    pub fn amend_measured(
        &self,
        edits: impl Iterator<Item = MeasuredEdits>,
    ) -> Result<(), ApiError> {
        self.in_batches(edits, |session, permit, edits| {
            let _writing = session.open.writing();
            let mut records = Vec::new();
            for one in edits {
                records.extend(amended(session, permit, one)?);
            }
            session.commit(Commit::local(records))
        })
    }

    /// Shows charts as the lists of this computer have them.
    ///
    /// # Errors
    /// `not-permitted`; `not-found`; what `look` answers; the store's.
    pub fn read_measured(
        &self,
        patients: impl Iterator<Item = PatientId>,
        mut look: impl FnMut(PatientId, &Chart, &UserNames) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        self.maintain(OtherDeed::Check, |session, permit| {
            let store = &session.open.store;
            session.audit(permit, None)?;
            let people = store.people().told()?;
            let names = people.into_iter().map(|person| (person.id, person.user_name)).collect();
            for patient in patients {
                let read = store.chart(patient, Newest::ALL).told()?;
                look(patient, &read.ok_or_else(|| not_found("patient"))?.chart, &names)?;
            }
            Ok(())
        })
    }

    /// The fingerprint of every document: two computers that hold the same of one have the same of
    /// it.
    ///
    /// # Errors
    /// `not-permitted`; the store's.
    pub fn fingerprints_measured(&self) -> Result<BTreeMap<DocumentRef, Fingerprint>, ApiError> {
        self.maintain(OtherDeed::Check, |session, _| session.open.store.fingerprints().told())
    }

    fn in_batches<T>(
        &self,
        mut all: impl Iterator<Item = T>,
        mut write: impl FnMut(&Session<'_, H>, &Permit<OtherDeed>, Vec<T>) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        self.maintain(OtherDeed::Demonstration, |session, permit| {
            refuse_among_real_people(session)?;
            loop {
                let batch: Vec<T> = all.by_ref().take(BATCH).collect();
                if batch.is_empty() {
                    return Ok(());
                }
                write(session, permit, batch)?;
            }
        })
    }
}

fn draft_of(chart: MeasuredChart) -> ChartDraft {
    let patient = chart.patient.id;
    let findings = chart.observations.into_iter().map(ChartEdit::RecordObservation);
    let edits = std::iter::once(ChartEdit::RecordPatient(chart.patient)).chain(findings).collect();
    ChartDraft { patient, edits }
}

/// Findings of one chart as they are committed.
fn amended<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OtherDeed>,
    edits: MeasuredEdits,
) -> Result<Vec<Record>, ApiError> {
    let patient = edits.patient;
    let mut document = session.load_chart(patient)?;
    let mut changes = Vec::new();
    for observation in edits.observations {
        let edit = ChartEdit::RecordObservation(observation);
        changes.push(document.apply(&[edit], session.stamp()).told()?);
    }
    let view = View::Chart(Arc::new(document.read()));
    let record =
        |change| Record::edited(change, view.clone(), session.event(permit, Some(patient)));
    Ok(changes.into_iter().map(record).collect())
}
