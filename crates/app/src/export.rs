//! Taking the record out as FHIR files. Every export is audited, patient by patient; what belongs
//! to the record and is not in the files is told.

mod files;

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::Host,
    open::{Open, Session},
    permit::Permit,
    read,
};
use api::{ApiError, Coming, ErrorCode, Origin};
use chart::waiting_by_device;
use clinical::{Chart, Conflict, DocumentKind, EntryKind, PatientId, Practitioner, Waiting};
use files::Files;
use interchange::{Export as Writing, Line, Sender};
use serde::Serialize;
use std::{collections::BTreeSet, path::PathBuf};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A FHIR R4 Bundle for each patient.
    Bundle,
    /// FHIR R4 NDJSON, one file for each resource type.
    Ndjson,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What to write.
    pub format: Format,
    /// Whose chart; all when `None`.
    pub patient: Option<PatientId>,
    /// A file that is not there yet (one patient's Bundle), else a folder.
    pub out: PathBuf,
}

/// What was written, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Patients.
    pub patients: u64,
    /// Resources.
    pub resources: u64,
    /// Files.
    pub files: u64,
    /// Entries, and versions of disputed ones, of those patients that this version of the program
    /// cannot read: the files tell of them.
    pub unreadable: u64,
    /// Changes in charts of those patients that wait for others that have not arrived: likewise.
    pub waiting: u64,
    /// Documents of those patients: the files tell of them, and their bytes are not in them.
    #[serde(skip_serializing_if = "is_none")]
    pub documents: u64,
    /// Patients of whom nothing is in the files.
    pub left_out: Vec<LeftOut>,
    /// Of an export of all, where not all of the clinic's record is on this computer, how much is:
    /// the files are of that part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A patient of whom nothing could be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Who.
    pub patient: PatientId,
    /// Why.
    pub error: ApiError,
}

impl<H: Host> App<H> {
    /// Writes the record of one patient or of all to new files. Of all, a chart that cannot be
    /// written is named in the answer and costs none of the others.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`, `not-found`; `already-exists` when a file is there;
    /// `disk-full` and the like; of one patient, why the chart cannot be written.
    pub fn export(
        &self,
        export: &Export,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Exported, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Host };
        let permit = session.permit_other(OtherDeed::Export)?;
        write(&session, &permit, export, &mut progress)
    }
}

fn write<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OtherDeed>,
    export: &Export,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ApiError> {
    let patients = match export.patient {
        Some(patient) => Vec::from([patient]),
        None => everyone(session.open)?,
    };
    let named = named(session.open, &patients)?;
    let sources = session.load_clinic()?.read().sources;
    let people: Vec<Practitioner> = session.open.store.people().told()?;
    let (_, devices) = read::names(session)?;
    let clinic = session.open.clinic;
    let sender = Sender { clinic, sources: &sources, people: &people, devices };
    let writing = Writing::new(sender, session.host.now());
    let mut files = Files::begin(export)?;
    let mut exported = Exported::default();
    let all = u64::try_from(patients.len()).unwrap_or(u64::MAX);
    for (done, patient) in (1..).zip(patients) {
        let read = chart_of(session, patient);
        match read.and_then(|read| written(&writing, files.format, &read, &named)) {
            Ok(written) => {
                put(session, permit, (patient, &written), &mut files)?;
                exported.patients += 1;
                exported.unreadable += written.unreadable;
                exported.waiting += written.waiting;
                exported.documents += written.documents;
            }
            Err(error) if export.patient.is_some() => return Err(error),
            Err(error) => exported.left_out.push(LeftOut { patient, error }),
        }
        progress(done, all);
    }
    if export.patient.is_none() || export.format == Format::Ndjson {
        let lines = writing.clinic_lines(&|patient| named.contains(&patient));
        let lines = lines.map_err(|error| failed(&error))?;
        lines.iter().try_for_each(|line| files.line(&line.resource_type, &line.json))?;
    }
    let counts = files.finish()?;
    if export.patient.is_none() {
        exported.coming = crate::sync::coming_here(session)?;
    }
    Ok(Exported { resources: counts.resources, files: counts.files, ..exported })
}

/// A chart with the changes of it that wait.
type Read = (Chart, Vec<Waiting>);

/// A patient's record as it goes out.
struct Written {
    content: Content,
    unreadable: u64,
    waiting: u64,
    documents: u64,
}

enum Content {
    Bundle(String),
    Lines(Vec<Line>),
}

/// Reads a chart.
fn chart_of<H: Host>(session: &Session<'_, H>, patient: PatientId) -> Result<Read, ApiError> {
    let (mut document, waiting) = session.load_with_waiting(patient)?;
    let chart = document.read();
    if chart.patient.is_some() {
        return Ok((chart, waiting_by_device(&waiting)));
    }
    Err(if chart.unreadable.iter().any(|entry| entry.kind == EntryKind::Patient) {
        let detail = "Who the patient is was written by a newer version of the program.";
        ApiError::new(ErrorCode::NewerVersion, detail)
    } else {
        let detail = "The change that registers the patient has not arrived on this computer.";
        ApiError::new(ErrorCode::NotFound, detail)
    })
}

fn written(
    writing: &Writing<'_>,
    format: Format,
    (chart, waiting): &Read,
    named: &BTreeSet<PatientId>,
) -> Result<Written, ApiError> {
    let content = match format {
        Format::Bundle => writing.bundle(chart, waiting).map(Content::Bundle),
        Format::Ndjson => {
            let lines = writing.lines(chart, waiting, &|other| named.contains(&other));
            lines.map(Content::Lines)
        }
    };
    let versions = chart.conflicts.iter().flat_map(Conflict::unreadable).count();
    let unreadable = chart.unreadable.len().saturating_add(versions);
    Ok(Written {
        content: content.map_err(|error| failed(&error))?,
        unreadable: u64::try_from(unreadable).unwrap_or(u64::MAX),
        waiting: u64::from(Waiting::total(waiting)),
        documents: u64::try_from(chart.documents.len()).unwrap_or(u64::MAX),
    })
}

/// Puts one patient's record into the files: audited before a byte leaves.
fn put<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OtherDeed>,
    (patient, written): (PatientId, &Written),
    files: &mut Files,
) -> Result<(), ApiError> {
    let event = session.event(permit, Some(patient));
    session.open.store.record_audit(&[event]).told()?;
    match &written.content {
        Content::Bundle(json) => files.bundle(patient, json),
        Content::Lines(lines) => {
            lines.iter().try_for_each(|line| files.line(&line.resource_type, &line.json))
        }
    }
}

/// Every chart there is, also one that cannot be written: it is told.
fn everyone(open: &Open) -> Result<Vec<PatientId>, ApiError> {
    let charts = open.store.documents(DocumentKind::Chart).told()?;
    let ids: BTreeSet<_> = charts.iter().map(|name| PatientId::from_uuid(name.id)).collect();
    Ok(ids.into_iter().collect())
}

/// Those of them whose patient is known: references to them meet.
fn named(open: &Open, patients: &[PatientId]) -> Result<BTreeSet<PatientId>, ApiError> {
    let mut named = BTreeSet::new();
    for patient in patients {
        if open.store.patient(*patient).told()?.is_some() {
            named.insert(*patient);
        }
    }
    Ok(named)
}

fn failed(error: &interchange::ExportError) -> ApiError {
    ApiError::new(ErrorCode::Internal, format!("The record is safe: {error}."))
}
