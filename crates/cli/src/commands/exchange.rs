//! What comes in and goes out: import, export, sync.

use super::{Desk, parse, show};
use crate::{arguments::ExportFormat, failure::Failure, terminal::Progress};
use app::{Export, Format};
use std::path::{Path, PathBuf};

/// Takes files and folders in.
pub(super) fn import(desk: &Desk, paths: &[PathBuf]) -> Result<(), Failure> {
    desk.sign_in()?;
    let progress = Progress::new("importing");
    let watch = |done, all| progress.at(done, all);
    let view = desk.app.import(paths, watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    desk.output.answer(&view, show::import);
    match view.failed {
        Some(error) => Err(desk.failed(error)),
        None => Ok(()),
    }
}

/// Writes the record.
pub(super) fn export(
    desk: &Desk,
    format: ExportFormat,
    patient: Option<&str>,
    out: &Path,
) -> Result<(), Failure> {
    desk.sign_in()?;
    let export = Export {
        format: match format {
            ExportFormat::Fhir => Format::Bundle,
            ExportFormat::Ndjson => Format::Ndjson,
        },
        patient: patient.map(parse).transpose()?,
        out: out.to_owned(),
    };
    let progress = Progress::new("exporting");
    let watch = |done, all| progress.at(done, all);
    let written = desk.app.export(&export, watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    desk.output.answer(&written, |written| {
        format!(
            "{} patients, {} resources in {}",
            written.patients,
            written.resources,
            out.display()
        )
    });
    Ok(())
}

/// Exchanges with the server.
pub(super) fn sync(desk: &Desk, server: Option<&str>, status: bool) -> Result<(), Failure> {
    desk.sign_in()?;
    if let Some(server) = server {
        desk.call(api::SetServer { server: server.to_owned() })?;
    }
    let view = if status { desk.call(api::GetSyncState {})? } else { desk.call(api::SyncNow {})? };
    desk.output.answer(&view, show::sync);
    match view.phase {
        api::SyncPhase::Failed(error) => Err(desk.failed(error)),
        api::SyncPhase::Alone | api::SyncPhase::Idle | api::SyncPhase::Running => Ok(()),
    }
}
