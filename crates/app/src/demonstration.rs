//! A clinic of invented people to try the product with.

use crate::{
    App, access,
    audit::OtherDeed,
    commit::ChartDraft,
    demo::{self, DemoPatient},
    error::ToldResult,
    host::Host,
    notes,
    open::Session,
    permit::Permit,
};
use api::{ApiError, CreateClinic, CreateDemonstration, DemonstrationCreated, ErrorCode, Origin};
use chart::ChartEdit;
use clinical::{CompositionId, PatientId};
use serde::Serialize;

/// The name the demonstration's person signs in with.
const USER: &str = "demo";
/// It protects nothing, and is shown wherever it is needed.
const PASSWORD: &str = "nobody here is real";
/// More than a window should wait for; the command line makes larger ones.
const PATIENTS_MAX: u32 = 1000;
/// The population every demonstration shows.
const SEED: u64 = 1;
/// So many charts go into one transaction.
const BATCH: u32 = 200;

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

/// Makes a demonstration clinic where there is none.
///
/// # Errors
/// `already-exists`; a cause of the store's.
pub(crate) fn create_demonstration<H: Host>(
    app: &App<H>,
    command: &CreateDemonstration,
) -> Result<DemonstrationCreated, ApiError> {
    begin(app)?;
    let patients = command.patients.min(PATIENTS_MAX);
    let session = app.with_session(Origin::Host, |session| {
        let permit = session.permit_other(OtherDeed::Demonstration)?;
        invent(session, &permit, patients, &mut |_, _| {})?;
        Ok(session.open.view())
    })?;
    Ok(DemonstrationCreated { user_name: USER.to_owned(), password: PASSWORD.to_owned(), session })
}

impl<H: Host> App<H> {
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
            begin(self)?;
        }
        self.maintain(OtherDeed::Demonstration, |session, permit| {
            invent(session, permit, patients, &mut progress)
        })?;
        Ok(Demonstrated { patients, user_name: USER.to_owned(), password: PASSWORD.to_owned() })
    }

    /// Invents one more person of a demonstration clinic, who has come `encounters` times.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted` in a clinic of real people; the store's.
    pub fn demonstrate_long(&self, encounters: usize) -> Result<PatientId, ApiError> {
        self.maintain(OtherDeed::Demonstration, |session, permit| {
            refuse_among_real_people(session)?;
            let index = session.open.store.counts().told()?.patients;
            let person = demo::generate_long(SEED, index, encounters);
            let patient = person.patient.id;
            session.commit_charts(permit, vec![draft_of(session, person)])?;
            Ok(patient)
        })
    }
}

/// Makes the empty demonstration clinic and signs its person in.
pub(crate) fn begin<H: Host>(app: &App<H>) -> Result<(), ApiError> {
    let command = CreateClinic {
        clinic_name: "Demonstration clinic".to_owned(),
        user_name: USER.to_owned(),
        name: "Dr Demo".to_owned(),
        password: PASSWORD.to_owned(),
        device_name: None,
        server: None,
    };
    let made = access::make_clinic(app, &command, true)?;
    app.set_open(Some(made.open));
    Ok(())
}

/// Invents people, many charts to a transaction. Refused where people are real.
fn invent<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OtherDeed>,
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
            session.commit_charts(permit, std::mem::take(&mut batch))?;
            progress(u64::from(index) + 1, u64::from(patients));
        }
    }
    Ok(())
}

/// Refuses where people are real.
///
/// # Errors
/// `not-permitted`.
pub(crate) fn refuse_among_real_people<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    if session.open.demonstration {
        return Ok(());
    }
    let detail = "This clinic is not a demonstration: people are invented only there.";
    Err(ApiError::new(ErrorCode::NotPermitted, detail))
}

/// An invented person's chart; the notes are signed by whoever makes the demonstration.
pub(crate) fn draft_of<H: Host>(session: &Session<'_, H>, person: DemoPatient) -> ChartDraft {
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
