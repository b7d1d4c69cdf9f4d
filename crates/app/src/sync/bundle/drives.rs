//! Bundles on the drives that are plugged in, for who has a window and no command line.

use super::{NewBundle, read, write};
use crate::{
    host::{Drive, Host},
    open::Session,
    permit::Permit,
    sync::{
        carried::OnStick,
        files::Documents,
        keys::{clinic_of, device_names},
        sharing,
    },
};
use api::{
    ApiError, BundleFile, BundleOrigin, BundleTaken, BundleWritten, ChartFile, DriveView,
    ErrorCode, FileAct, ListDrives, ReadBundle,
};
use clinical::{DeviceId, Instant};
use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fs::{self, File},
    io::BufReader,
    path::Path,
};
use sync::bundle::{BundleReader, FILE_ENDING};
use uuid::Uuid;

/// Files of a drive that are shown.
const FILES_MAX: usize = 20;

/// Lists the drives with the bundles on them, and who wrote each. One that cannot be read is shown
/// without any.
///
/// # Errors
/// The store's.
pub(crate) fn list_drives<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ListDrives>,
    _command: &ListDrives,
) -> Result<Vec<DriveView>, ApiError> {
    let name = format!("chart-{}.{}", stamp(session.host.now()), sharing::FILE_ENDING);
    let names = device_names(session)?;
    let bundle = |folder: &Path, file: BundleFile| BundleFile {
        written: origin(session, &names, &folder.join(&file.name)),
        ..file
    };
    let view = |drive: Drive| DriveView {
        files: bundles(&drive.path).into_iter().map(|file| bundle(&drive.path, file)).collect(),
        charts: charts(&drive.path),
        new_chart: drive.path.join(&name).into_os_string().into_string().ok(),
        name: drive.name,
    };
    Ok(session.host.drives().into_iter().map(view).collect())
}

/// Writes a bundle to a drive, in a new file that bears the time.
///
/// # Errors
/// `not-found` of a drive that is gone; `file-stopped`; as [`crate::App::write_bundle`].
pub(crate) fn write_to_drive<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<api::WriteBundle>,
    command: &api::WriteBundle,
) -> Result<BundleWritten, ApiError> {
    let drive = drive_named(session, &command.drive)?;
    let name = format!("fieldchart-{}.{FILE_ENDING}", stamp(session.host.now()));
    let documents = if command.documents { Documents::UpTo(u64::MAX) } else { Documents::Wanted };
    let bundle = NewBundle { out: drive.path.join(name), only_for: None };
    let mut stick = OnStick::new(session, FileAct::WriteBundle);
    write::write(session, permit, (&bundle, documents), &mut |act, far| stick.at(act, far))
}

/// Takes in a bundle of a drive.
///
/// # Errors
/// `not-found` of a drive that is gone; as [`crate::App::read_bundle`].
pub(crate) fn read_from_drive<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ReadBundle>,
    command: &ReadBundle,
) -> Result<BundleTaken, ApiError> {
    let drive = drive_named(session, &command.drive)?;
    // What lies on the drive, and no path that leads elsewhere.
    let is_there = bundles(&drive.path).iter().any(|file| file.name == command.file);
    if !is_there {
        return Err(gone("That file is not on the drive any more; nothing was taken in."));
    }
    let documents = if command.documents { Documents::UpTo(u64::MAX) } else { Documents::Wanted };
    let mut stick = OnStick::new(session, FileAct::ReadBundle);
    let file = drive.path.join(&command.file);
    read::read(session, permit, (&file, documents), &mut |act, far| stick.at(act, far))
}

/// The drive of a name.
///
/// # Errors
/// `not-found` of one that is gone.
pub(crate) fn drive_named<H: Host>(
    session: &Session<'_, H>,
    name: &str,
) -> Result<Drive, ApiError> {
    let mut drives = session.host.drives().into_iter();
    let found = drives.find(|drive| drive.name == name);
    found.ok_or_else(|| gone("That drive is not plugged in any more; nothing was changed."))
}

fn gone(detail: &str) -> ApiError {
    ApiError::new(ErrorCode::NotFound, detail)
}

/// Who wrote a bundle of this clinic, by its head alone.
fn origin<H: Host>(
    session: &Session<'_, H>,
    names: &BTreeMap<DeviceId, String>,
    file: &Path,
) -> Option<BundleOrigin> {
    let reader = BundleReader::begin(BufReader::new(File::open(file).ok()?)).ok()?;
    let head = reader.head();
    let device = DeviceId::from_uuid(Uuid::from_bytes(head.device.0));
    (head.clinic == clinic_of(session)).then(|| BundleOrigin {
        name: names.get(&device).cloned(),
        at: Instant::from_unix_ms(head.made_at_ms),
        here: device == session.open.device,
    })
}

/// The bundles in a folder, the last by name first: names bear the time.
fn bundles(folder: &Path) -> Vec<BundleFile> {
    let mut files = ending(folder, FILE_ENDING);
    files.sort_by(|one, other| other.name.cmp(&one.name));
    files.truncate(FILES_MAX);
    let file = |ChartFile { name, bytes, .. }| BundleFile { name, bytes, written: None };
    files.into_iter().map(file).collect()
}

/// The charts in a folder that one clinic gives another, the last by time first: their names are
/// whatever somebody called them.
fn charts(folder: &Path) -> Vec<ChartFile> {
    let mut files = ending(folder, sharing::FILE_ENDING);
    let written = |file: &ChartFile| fs::metadata(&file.path).and_then(|data| data.modified()).ok();
    files.sort_by_cached_key(|file| Reverse((written(file), file.name.clone())));
    files.truncate(FILES_MAX);
    files
}

/// The files in a folder whose names end so.
fn ending(folder: &Path, ending: &str) -> Vec<ChartFile> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let file = |entry: fs::DirEntry| {
        let path = entry.path();
        let is_ours = path.extension().is_some_and(|of| of == ending);
        let data = entry.metadata().ok().filter(|data| is_ours && data.is_file())?;
        let name = entry.file_name().into_string().ok()?;
        Some(ChartFile { path: path.into_os_string().into_string().ok()?, name, bytes: data.len() })
    };
    entries.filter_map(|entry| file(entry.ok()?)).collect()
}

/// A moment as part of a file's name: `20261128-140533`, in UTC.
pub(crate) fn stamp(at: Instant) -> String {
    let digits: String = at.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    let (day, time) = digits.split_at_checked(8).unwrap_or((&digits, ""));
    format!("{day}-{time}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_bears_the_time_and_sorts_by_it() {
        assert_eq!(stamp(Instant::from_unix_ms(1_795_874_733_000)), "20261128-140533");
    }
}
