//! The files of an export. Nothing that is there is written over, and on Unix nobody but their
//! owner reads them: what is in them is not encrypted.

use super::{Export, Format};
use crate::error::code_of;
use api::ApiError;
use clinical::PatientId;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// How much was written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) resources: u64,
    pub(super) files: u64,
}

/// The files of an export.
pub(super) struct Files {
    pub(super) format: Format,
    out: PathBuf,
    alone: bool,
    by_type: BTreeMap<String, BufWriter<File>>,
    counts: Counts,
}

impl Files {
    /// Makes the folder; nothing that is there is written over.
    pub(super) fn begin(export: &Export) -> Result<Self, ApiError> {
        let alone = export.format == Format::Bundle && export.patient.is_some();
        if !alone {
            make_folder(&export.out).map_err(|error| cannot(&export.out, &error))?;
        }
        Ok(Self {
            format: export.format,
            out: export.out.clone(),
            alone,
            by_type: BTreeMap::new(),
            counts: Counts::default(),
        })
    }

    /// One patient's Bundle.
    pub(super) fn bundle(&mut self, patient: PatientId, json: &str) -> Result<(), ApiError> {
        let path =
            if self.alone { self.out.clone() } else { self.out.join(format!("{patient}.json")) };
        let mut file = create(&path)?;
        file.write_all(json.as_bytes()).map_err(|error| cannot(&path, &error))?;
        file.sync_all().map_err(|error| cannot(&path, &error))?;
        self.counts.files += 1;
        let entries = json.matches("\"fullUrl\"").count();
        self.counts.resources += u64::try_from(entries).unwrap_or_default();
        Ok(())
    }

    /// One line of the file of its type.
    pub(super) fn line(&mut self, resource_type: &str, json: &str) -> Result<(), ApiError> {
        let path = self.out.join(format!("{resource_type}.ndjson"));
        if !self.by_type.contains_key(resource_type) {
            let file = BufWriter::new(create(&path)?);
            self.by_type.insert(resource_type.to_owned(), file);
            self.counts.files += 1;
        }
        if let Some(file) = self.by_type.get_mut(resource_type) {
            writeln!(file, "{json}").map_err(|error| cannot(&path, &error))?;
        }
        self.counts.resources += 1;
        Ok(())
    }

    /// Everything is on the disk.
    pub(super) fn finish(self) -> Result<Counts, ApiError> {
        for (_, file) in self.by_type {
            let file = file.into_inner().map_err(|error| cannot(&self.out, error.error()))?;
            file.sync_all().map_err(|error| cannot(&self.out, &error))?;
        }
        Ok(self.counts)
    }
}

fn create(path: &Path) -> Result<File, ApiError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| cannot(path, &error))
}

fn make_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn cannot(path: &Path, error: &io::Error) -> ApiError {
    let code = code_of(error);
    let detail = format!(
        "{} could not be written: {error}. The record is safe; name another place.",
        path.display()
    );
    ApiError::new(code, detail)
}
