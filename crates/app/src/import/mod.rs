//! Taking FHIR files in: found, read, written in batches, reported.

mod batch;
mod coming;
mod directory;
mod facts;
mod files;
mod fit;
mod holder;
mod progress;
mod tally;
mod waiting;
mod work;

use crate::{App, error::signed_out, host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, GetImport, ImportFiles, ImportView};
use files::Found;
use holder::Holder;
use progress::Watch;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Begins an import and answers at once; how it goes is asked by `get-import`.
///
/// # Errors
/// `already-exists` while another import runs; `unreadable-file` when there is nothing to read.
pub(crate) fn import_files<H: Host>(
    app: &App<H>,
    _permit: &Permit<ImportFiles>,
    command: &ImportFiles,
) -> Result<ImportView, ApiError> {
    let open = app.opened().ok_or_else(signed_out)?;
    let paths: Vec<PathBuf> = command.paths.iter().map(PathBuf::from).collect();
    let files = files::find(&paths)?;
    let view = begin(&app.import, &files)?;
    let (host, shared) = (app.shared_host(), Arc::clone(&app.import));
    let open = Arc::downgrade(&open);
    std::thread::spawn(move || {
        let watch = Watch::new(&shared, |_, _| {});
        work::run(&Holder { host: &*host, open }, &files, watch);
    });
    Ok(view)
}

/// Tells how the running or the last import stands.
///
/// # Errors
/// None.
pub(crate) fn get_import<H: Host>(
    app: &App<H>,
    _permit: &Permit<GetImport>,
    _command: &GetImport,
) -> Result<ImportView, ApiError> {
    Ok(locked(&app.import).clone())
}

impl<H: Host> App<H> {
    /// Imports files and folders and answers when all are read. `progress` is told bytes read, of
    /// how many.
    ///
    /// # Errors
    /// `signed-out`, `not-permitted`, `unreadable-file`; what is wrong in the files is in the
    /// report.
    pub fn import(
        &self,
        paths: &[PathBuf],
        progress: impl FnMut(u64, u64),
    ) -> Result<ImportView, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session::of_host(self.host(), &open);
        let _permit: Permit<ImportFiles> = session.permit(None)?;
        let files = files::find(paths)?;
        begin(&self.import, &files)?;
        let holder = Holder { host: self.host(), open: Arc::downgrade(&open) };
        drop(open);
        work::run(&holder, &files, Watch::new(&self.import, progress));
        Ok(locked(&self.import).clone())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn begin(import: &Mutex<ImportView>, files: &[Found]) -> Result<ImportView, ApiError> {
    let mut view = locked(import);
    if view.running {
        let detail = "Another import is still running; wait for its end.";
        return Err(ApiError::new(ErrorCode::AlreadyExists, detail));
    }
    let bytes = files.iter().map(Found::len).fold(0, u64::saturating_add);
    let files = u64::try_from(files.len()).unwrap_or(u64::MAX);
    let (files, bytes) = ((0, files), (0, bytes));
    *view = ImportView { running: true, files, bytes, ..ImportView::default() };
    Ok(view.clone())
}

fn locked(import: &Mutex<ImportView>) -> MutexGuard<'_, ImportView> {
    import.lock().unwrap_or_else(PoisonError::into_inner)
}
