//! Recording what comes as JSON on standard input.

use super::{
    Desk,
    chart::{by_the_clock, look, tell_coming, tell_set_aside},
    days::{self, Days},
    named::Named,
    notes, parse, reading, show,
};
use crate::{arguments::RecordKind, failure::Failure};
use api::{ApiError, ChartView, DuplicateHit, ErrorCode, Recorded};
use clinical::{
    ConditionId, EncounterId, EntryKind, EntryRef, MedicationDraft, MedicationId, ObservationId,
    PatientDraft, PatientId, VitalsDraft,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, io::Read};

/// More than anyone types; it bounds what is read.
const INPUT_LEN_MAX: u64 = 4 << 20;

/// The `heads` of the chart as it was shown; what was not looked at is not held against it.
type Seen = Option<String>;

/// Another dosage.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DosageInput {
    medication: Named,
    seen: Seen,
    dosage: MedicationDraft,
}

/// The end of a medicine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopInput {
    medication: Named,
    seen: Seen,
    #[serde(default)]
    reason: String,
}

/// The end of a problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResolutionInput {
    condition: Named,
    seen: Seen,
    #[serde(default)]
    end: String,
}

/// The end of a visit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartureInput {
    encounter: Named,
    seen: Seen,
}

/// Another value of a vital sign.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionInput {
    observation: Named,
    values: BTreeMap<String, String>,
}

/// A mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawalInput {
    kind: EntryKind,
    id: Named,
    seen: Seen,
    #[serde(default)]
    reason: String,
}

/// What `record` answered, of which the way back needs a part.
#[derive(Debug, Deserialize)]
struct UndoInput {
    entries: Vec<EntryRef>,
    before: String,
    heads: String,
}

/// A patient who was registered, and who may be the same person.
#[derive(Debug, Serialize)]
struct Registered {
    patient: PatientId,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<DuplicateHit>,
}

/// Records one thing.
pub(super) fn run(desk: &Desk, kind: RecordKind, patient: Option<&str>) -> Result<(), Failure> {
    if kind == RecordKind::Patient {
        return register(desk, patient);
    }
    let text = patient.ok_or_else(|| Failure::Usage("say whose chart by --patient".to_owned()))?;
    let patient: PatientId = parse(text)?;
    desk.sign_in()?;
    tell_removed(desk)?;
    let id = |named: Named, kind| named.of(kind).map_err(|error| desk.failed(error));
    let recorded: Recorded = match kind {
        RecordKind::Patient => return register(desk, None),
        RecordKind::Allergy => desk.call(api::RecordAllergy { patient, draft: draft(desk)? })?,
        RecordKind::Condition => {
            desk.call(api::RecordCondition { patient, draft: draft(desk)? })?
        }
        RecordKind::Medication => {
            let draft: MedicationDraft = input(desk)?;
            let recorded = desk.call(api::RecordMedication { patient, draft: draft.clone() })?;
            answer_with(desk, patient, &recorded, None, |recorded, back| {
                show::ordered(back, recorded, &draft)
            });
            tell_set_aside(desk, patient);
            return Ok(());
        }
        RecordKind::Dosage => {
            let DosageInput { medication, seen, dosage: draft } = input(desk)?;
            let medication = MedicationId::from_uuid(id(medication, EntryKind::Medication)?);
            let was = look(desk, patient);
            let change = api::ChangeDosage { patient, medication, seen, draft: draft.clone() };
            let recorded = desk.call(change)?;
            answer_with(desk, patient, &recorded, was.as_ref(), |recorded, back| {
                show::ordered(back, recorded, &draft)
            });
            return Ok(());
        }
        RecordKind::Stop => {
            let StopInput { medication, seen, reason } = input(desk)?;
            let medication = MedicationId::from_uuid(id(medication, EntryKind::Medication)?);
            desk.call(api::StopMedication { patient, medication, seen, reason })?
        }
        RecordKind::Resolution => {
            let ResolutionInput { condition, seen, end } = input(desk)?;
            let condition = ConditionId::from_uuid(id(condition, EntryKind::Condition)?);
            dated(desk, &[("end", &end)])?;
            desk.call(api::EndCondition { patient, condition, seen, end })?
        }
        RecordKind::Encounter => desk.call(api::BeginEncounter { patient, draft: input(desk)? })?,
        RecordKind::Departure => {
            let DepartureInput { encounter, seen } = input(desk)?;
            let encounter = EncounterId::from_uuid(id(encounter, EntryKind::Encounter)?);
            desk.call(api::EndEncounter { patient, encounter, seen })?
        }
        RecordKind::Vitals => desk.call(api::RecordVitals { patient, draft: input(desk)? })?,
        RecordKind::Correction => {
            let CorrectionInput { observation, values } = input(desk)?;
            let observation = ObservationId::from_uuid(id(observation, EntryKind::Observation)?);
            let draft = VitalsDraft { values, ..VitalsDraft::default() };
            desk.call(api::CorrectVitals { patient, observation, draft })?
        }
        RecordKind::Undo => {
            let UndoInput { entries, before, heads: seen } = read_by(desk, reading::answer)?;
            desk.call(api::UndoEdit { patient, entries, before, seen })?
        }
        RecordKind::Note => return notes::note(desk, patient),
        RecordKind::Signature => return notes::sign(desk, patient),
        RecordKind::Withdrawal => return withdraw(desk, patient),
    };
    answer_with(desk, patient, &recorded, None, |recorded, back| {
        back.to_owned() + &show::recorded(recorded)
    });
    Ok(())
}

/// Answers with what was recorded; where people read it, with whose chart it is in, how it stands
/// there and, of what was in it before, how it was.
fn answer_with(
    desk: &Desk,
    patient: PatientId,
    recorded: &Recorded,
    was: Option<&ChartView>,
    text: impl FnOnce(&Recorded, &str) -> String,
) {
    let now = look(desk, patient);
    by_the_clock(desk, |clock| {
        let back = now.map(|view| show::read_back(&view, &recorded.entries, clock));
        let entries = recorded.entries.iter();
        let before = was.map(|was| entries.map(|it| show::before(was, *it, clock)).collect());
        let before: String = before.unwrap_or_default();
        let back = back.unwrap_or_default() + &before;
        desk.output.answer(recorded, |recorded| text(recorded, &back));
    });
}

fn register(desk: &Desk, patient: Option<&str>) -> Result<(), Failure> {
    if patient.is_some() {
        return Err(Failure::Usage("a new patient has no --patient yet".to_owned()));
    }
    desk.sign_in()?;
    let draft: PatientDraft = draft(desk)?;
    // Before it is one of them itself.
    let duplicates = desk.call(api::FindDuplicates { draft: draft.clone() })?;
    let patient = desk.call(api::RegisterPatient { draft })?;
    duplicates.iter().for_each(|it| desk.output.warn(&show::duplicate(it)));
    tell_coming(
        desk,
        "look for this person again once all are",
        "this person may have a chart that is not here",
    )?;
    desk.output.answer(&Registered { patient, duplicates }, |it| it.patient.to_string());
    Ok(())
}

/// Tells, where people read the answer, that what is written here reaches nobody.
pub(super) fn tell_removed(desk: &Desk) -> Result<(), Failure> {
    if !desk.output.json && desk.call(api::GetSyncState {})?.is_removed() {
        desk.output
            .warn("this computer was removed from the clinic: what you record here reaches nobody");
    }
    Ok(())
}

fn withdraw(desk: &Desk, patient: PatientId) -> Result<(), Failure> {
    let WithdrawalInput { kind, id, seen, reason } = input(desk)?;
    let id = id.of(kind).map_err(|error| desk.failed(error))?;
    let entry = EntryRef::new(kind, id);
    desk.call(api::WithdrawEntry { patient, entry, seen, reason })?;
    let withdrawn = serde_json::json!({ "withdrawn": entry });
    desk.output.answer(&withdrawn, |_| format!("withdrawn {entry}"));
    Ok(())
}

/// Standard input as a draft with its days.
fn draft<T: DeserializeOwned + Days>(desk: &Desk) -> Result<T, Failure> {
    let draft: T = input(desk)?;
    dated(desk, &draft.days())?;
    Ok(draft)
}

fn dated(desk: &Desk, days: &[(&str, &str)]) -> Result<(), Failure> {
    let misread = days::misread(days);
    if misread.is_empty() { Ok(()) } else { Err(desk.failed(ApiError::invalid(misread))) }
}

/// Standard input as JSON.
pub(super) fn input<T: DeserializeOwned>(desk: &Desk) -> Result<T, Failure> {
    read_by(desk, reading::read)
}

fn read_by<T>(desk: &Desk, reader: fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(INPUT_LEN_MAX).read_to_string(&mut text);
    let invalid = |detail: String| desk.failed(ApiError::new(ErrorCode::Invalid, detail));
    read.map_err(|_| invalid("Standard input is not text; nothing was saved.".to_owned()))?;
    reader(&text).map_err(invalid)
}
