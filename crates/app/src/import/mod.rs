//! Taking FHIR files in: found, read, written in batches, reported.

mod batch;
mod files;
mod fit;
mod progress;

use crate::{
    App,
    error::signed_out,
    host::Host,
    open::{Open, Session},
    permit::{Action, Permit, permit_action},
};
use api::{ApiError, ErrorCode, GetImport, ImportFiles, ImportView, Origin, Topic};
use batch::Batch;
use interchange::{Import, Options};
use progress::Watch;
use std::{
    io::BufReader,
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
    std::thread::spawn(move || {
        let watch = Watch::new(&shared, |_, _| {});
        run(&*host, &open, &files, watch);
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

/// Marks the permit of an import from the command line.
#[derive(Debug)]
struct FromCommandLine;

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
        let _permit: Permit<FromCommandLine> = permit_action(open.person.role, Action::Import)?;
        let files = files::find(paths)?;
        begin(&self.import, &files)?;
        run(self.host(), &open, &files, Watch::new(&self.import, progress));
        Ok(locked(&self.import).clone())
    }
}

/// Reads every file. What cannot be read or written is reported; the rest is taken in.
fn run<H: Host>(host: &H, open: &Open, files: &[PathBuf], mut watch: Watch<'_>) {
    let session = Session { host, open, origin: Origin::Import };
    let mut import = Import::new(Options { today: session.today(), ..Options::default() });
    let mut batch = Batch::new(&session);
    let mut names = Vec::with_capacity(files.len());
    for path in files {
        names.push(name_of(path));
        watch.file_begun(len_of(path));
        if let Err(error) = read(&mut import, path, &mut batch, &mut watch) {
            watch.fail(error);
            break;
        }
        watch.file_done();
        session.tell(vec![Topic::Import]);
    }
    let report = import.finish(&mut |taken| batch.take(taken, &mut watch));
    if let Err(error) = batch.finish(&mut watch) {
        watch.fail(error);
    }
    if let Err(error) = open.store.optimize() {
        tracing::debug!(%error, "the search index was not tidied");
    }
    watch.end(names, report);
    session.tell(vec![Topic::Import, Topic::Patients]);
}

fn read<H: Host>(
    import: &mut Import,
    path: &Path,
    batch: &mut Batch<'_, '_, H>,
    watch: &mut Watch<'_>,
) -> Result<(), ApiError> {
    let name = name_of(path);
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) => {
            watch.unreadable(&name, &error);
            import.pass_over();
            return Ok(());
        }
    };
    let mut input = BufReader::with_capacity(1 << 20, file);
    let outcome = import.read(&name, &mut input, &mut |taken| batch.take(taken, watch));
    match outcome {
        Ok(()) => Ok(()),
        Err(interchange::ImportError::Stopped) => Err(batch.stopped()),
        Err(interchange::ImportError::Read(error)) => {
            watch.unreadable(&name, &error);
            Ok(())
        }
    }
}

fn len_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn begin(import: &Mutex<ImportView>, files: &[PathBuf]) -> Result<ImportView, ApiError> {
    let mut view = locked(import);
    if view.running {
        let detail = "Another import is still running; wait for its end.";
        return Err(ApiError::new(ErrorCode::AlreadyExists, detail));
    }
    let bytes = files.iter().map(|path| len_of(path)).fold(0, u64::saturating_add);
    let files = u64::try_from(files.len()).unwrap_or(u64::MAX);
    let (files, bytes) = ((0, files), (0, bytes));
    *view = ImportView { running: true, files, bytes, ..ImportView::default() };
    Ok(view.clone())
}

fn locked(import: &Mutex<ImportView>) -> MutexGuard<'_, ImportView> {
    import.lock().unwrap_or_else(PoisonError::into_inner)
}
