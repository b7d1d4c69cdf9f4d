//! The sticks and drives that are plugged in: where systems mount them.

use app::Drive;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Drives that are shown.
const DRIVES_MAX: usize = 16;

/// The drives. `FIELDCHART_DRIVES` names them where a system mounts them elsewhere, as `PATH` names
/// folders.
pub(crate) fn plugged_in() -> Vec<Drive> {
    let set = env::var_os("FIELDCHART_DRIVES");
    let paths = match set {
        Some(set) => env::split_paths(&set).filter(|path| path.is_dir()).collect(),
        None => mounted(),
    };
    let mut drives: Vec<Drive> = paths.into_iter().map(drive).collect();
    drives.sort_by(|one, other| one.path.cmp(&other.path));
    drives.dedup_by(|one, other| one.path == other.path);
    drives.truncate(DRIVES_MAX);
    name_apart(&mut drives);
    drives
}

fn drive(path: PathBuf) -> Drive {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Drive { name, path }
}

/// Two of one name are told apart by where they are.
fn name_apart(drives: &mut [Drive]) {
    let names: Vec<String> = drives.iter().map(|drive| drive.name.clone()).collect();
    for drive in drives {
        if names.iter().filter(|name| **name == drive.name).count() > 1 {
            drive.name = drive.path.display().to_string();
        }
    }
}

#[cfg(target_os = "linux")]
fn mounted() -> Vec<PathBuf> {
    // Of each person who is logged in, and the older way of one folder for all.
    let users = ["/run/media", "/media"].iter().flat_map(|root| folders(Path::new(root)));
    users.flat_map(|user| folders(&user)).filter(|path| is_mount(path)).collect()
}

#[cfg(target_os = "macos")]
fn mounted() -> Vec<PathBuf> {
    let volumes = folders(Path::new("/Volumes"));
    volumes.into_iter().filter(|path| is_mount(path)).collect()
}

#[cfg(windows)]
fn mounted() -> Vec<PathBuf> {
    let letters = ('D'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\")));
    letters.filter(|path| path.is_dir()).collect()
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
const fn mounted() -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(not(windows))]
fn folders(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let folder = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.ok()?.path();
        path.is_dir().then_some(path)
    };
    entries.filter_map(folder).collect()
}

/// Whether another file system begins there.
#[cfg(unix)]
fn is_mount(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::metadata(path).map(|data| data.dev()).ok();
    let above = path.parent().and_then(device);
    device(path).is_some_and(|here| above.is_some_and(|above| above != here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_of_one_name_are_told_apart() {
        let mut drives: Vec<_> = ["/media/ana/STICK", "/media/ben/STICK", "/media/ana/BLUE"]
            .map(Into::into)
            .map(drive)
            .into();
        name_apart(&mut drives);
        let names: Vec<&str> = drives.iter().map(|drive| drive.name.as_str()).collect();
        assert_eq!(names, ["/media/ana/STICK", "/media/ben/STICK", "BLUE"]);
    }
}
