//! Taking the record out as FHIR files. Every export is audited, patient by patient.

use crate::{
    App,
    audit::Deed,
    error::{ToldResult, code_of, not_found, signed_out},
    host::Host,
    open::{Open, Session},
    permit::{Action, Permit, permit_action},
    read,
};
use api::{ApiError, ErrorCode, Origin};
use chart::ClinicDocument;
use clinical::{DocumentKind, DocumentRef, PatientId, Practitioner, Source};
use interchange::Export as Writing;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

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

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Patients.
    pub patients: u64,
    /// Resources.
    pub resources: u64,
    /// Files.
    pub files: u64,
}

/// Marks the permit of an export.
#[derive(Debug)]
struct Out;

impl<H: Host> App<H> {
    /// Writes the record of one patient or of all to new files.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`, `not-found`; `already-exists` when a file is there;
    /// `disk-full` and the like.
    pub fn export(
        &self,
        export: &Export,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Exported, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let _permit: Permit<Out> = permit_action(open.person.role, Action::Export)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Host };
        write(&session, export, &mut progress)
    }
}

fn write<H: Host>(
    session: &Session<'_, H>,
    export: &Export,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ApiError> {
    let patients = match export.patient {
        Some(patient) => BTreeSet::from([patient]),
        None => everyone(session.open)?,
    };
    let sources = clinic_sources(session.open)?;
    let people: Vec<Practitioner> = session.open.store.people().told()?;
    let (_, devices) = read::names(session)?;
    let writing = Writing::new(&sources, &people, devices, session.host.now());
    let mut files = Files::begin(export)?;
    let all = u64::try_from(patients.len()).unwrap_or(u64::MAX);
    for (done, patient) in (1..).zip(&patients) {
        one(session, &writing, (*patient, &patients), &mut files)?;
        progress(done, all);
    }
    if export.patient.is_none() || export.format == Format::Ndjson {
        let lines = writing
            .clinic_lines(&|patient| patients.contains(&patient))
            .map_err(|error| failed(&error))?;
        lines.iter().try_for_each(|line| files.line(&line.resource_type, &line.json))?;
    }
    files.finish(all)
}

/// One patient: audited before a byte leaves.
fn one<H: Host>(
    session: &Session<'_, H>,
    writing: &Writing<'_>,
    (patient, exported): (PatientId, &BTreeSet<PatientId>),
    files: &mut Files,
) -> Result<(), ApiError> {
    let chart = session.load_chart(patient)?.read();
    if chart.patient.is_none() {
        return Err(not_found("patient"));
    }
    let event = session.event(Deed::of("export"), Some(patient));
    session.open.store.record_audit(vec![event]).told()?;
    match files.format {
        Format::Bundle => {
            files.bundle(patient, &writing.bundle(&chart).map_err(|error| failed(&error))?)
        }
        Format::Ndjson => {
            let lines = writing
                .lines(&chart, &|other| exported.contains(&other))
                .map_err(|error| failed(&error))?;
            lines.iter().try_for_each(|line| files.line(&line.resource_type, &line.json))
        }
    }
}

fn everyone(open: &Open) -> Result<BTreeSet<PatientId>, ApiError> {
    let charts = open.store.documents(DocumentKind::Chart).told()?;
    let mut patients = BTreeSet::new();
    for name in charts {
        // A chart whose first change has not arrived has nobody to export yet.
        let patient = PatientId::from_uuid(name.id);
        if open.store.patient(patient).told()?.is_some() {
            patients.insert(patient);
        }
    }
    Ok(patients)
}

fn clinic_sources(open: &Open) -> Result<Vec<Source>, ApiError> {
    let name = DocumentRef::new(DocumentKind::Clinic, open.clinic.uuid());
    let Some(stored) = open.store.document(name).told()? else { return Ok(Vec::new()) };
    let document = ClinicDocument::load(open.clinic, stored.stored(), open.actor);
    Ok(document.map_err(store::StoreError::Document).told()?.read().sources)
}

/// The files of an export.
struct Files {
    format: Format,
    out: PathBuf,
    alone: bool,
    by_type: BTreeMap<String, BufWriter<File>>,
    exported: Exported,
}

impl Files {
    /// Makes the folder; nothing that is there is written over.
    fn begin(export: &Export) -> Result<Self, ApiError> {
        let alone = export.format == Format::Bundle && export.patient.is_some();
        if !alone {
            std::fs::create_dir(&export.out).map_err(|error| cannot(&export.out, &error))?;
        }
        Ok(Self {
            format: export.format,
            out: export.out.clone(),
            alone,
            by_type: BTreeMap::new(),
            exported: Exported::default(),
        })
    }

    fn bundle(&mut self, patient: PatientId, json: &str) -> Result<(), ApiError> {
        let path =
            if self.alone { self.out.clone() } else { self.out.join(format!("{patient}.json")) };
        let mut file = create(&path)?;
        file.write_all(json.as_bytes()).map_err(|error| cannot(&path, &error))?;
        file.sync_all().map_err(|error| cannot(&path, &error))?;
        self.exported.files += 1;
        let entries = json.matches("\"fullUrl\"").count();
        self.exported.resources += u64::try_from(entries).unwrap_or_default();
        Ok(())
    }

    fn line(&mut self, resource_type: &str, json: &str) -> Result<(), ApiError> {
        let path = self.out.join(format!("{resource_type}.ndjson"));
        if !self.by_type.contains_key(resource_type) {
            let file = BufWriter::new(create(&path)?);
            self.by_type.insert(resource_type.to_owned(), file);
            self.exported.files += 1;
        }
        if let Some(file) = self.by_type.get_mut(resource_type) {
            writeln!(file, "{json}").map_err(|error| cannot(&path, &error))?;
        }
        self.exported.resources += 1;
        Ok(())
    }

    fn finish(self, patients: u64) -> Result<Exported, ApiError> {
        for (_, file) in self.by_type {
            let file = file.into_inner().map_err(|error| cannot(&self.out, error.error()))?;
            file.sync_all().map_err(|error| cannot(&self.out, &error))?;
        }
        Ok(Exported { patients, ..self.exported })
    }
}

fn create(path: &Path) -> Result<File, ApiError> {
    File::create_new(path).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &io::Error) -> ApiError {
    let code = code_of(error);
    let detail = format!(
        "{} could not be written: {error}. The record is safe; name another place.",
        path.display()
    );
    ApiError::new(code, detail)
}

fn failed(error: &interchange::ExportError) -> ApiError {
    ApiError::new(ErrorCode::Internal, format!("The record is safe: {error}."))
}
