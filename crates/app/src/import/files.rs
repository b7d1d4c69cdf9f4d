//! Which files an import reads, and in which order.

use api::{ApiError, ErrorCode};
use std::{
    fs::DirEntry,
    io::Error,
    path::{Path, PathBuf},
};

/// Names a folder's files are recognised by; a file that is named itself is always read.
const EXTENSIONS: [&str; 3] = ["json", "ndjson", "jsonl"];
/// Folders are not followed deeper than this: no path is.
const DEPTH_MAX: u32 = 256;

/// What there is to read.
#[derive(Debug)]
pub(super) struct Found {
    /// A file, or a folder that could not be read.
    pub(super) path: PathBuf,
    /// It was named itself.
    pub(super) named: bool,
    /// Why a folder could not be read.
    pub(super) unread: Option<Error>,
}

impl Found {
    /// How long it is, bytes, where that is known.
    pub(super) fn len(&self) -> u64 {
        let is_file = self.unread.is_none();
        let metadata = is_file.then(|| std::fs::metadata(&self.path).ok()).flatten();
        metadata.map_or(0, |metadata| metadata.len())
    }
}

/// The files of `paths`, people and places before what refers to them, each once, and the folders
/// that could not be read.
///
/// # Errors
/// `unreadable-file` when a path is not there or nothing is found.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, ApiError> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(&list, path, DEPTH_MAX, &mut found);
        } else if path.is_file() || is_pipe(path) {
            found.push(Found { path: path.clone(), named: true, unread: None });
        } else if path.exists() {
            // A device may never end.
            return Err(unreadable(&format!("{} is neither a file nor a folder.", path.display())));
        } else {
            return Err(unreadable(&format!("There is no file {}.", path.display())));
        }
    }
    if found.is_empty() {
        return Err(unreadable("There are no .json or .ndjson files in there."));
    }
    found.iter_mut().for_each(|one| one.named |= paths.contains(&one.path));
    found.sort_by_key(|one| (order(&one.path), one.path.clone()));
    found.dedup_by(|one, other| one.path == other.path);
    Ok(found)
}

/// Whether another program writes what is read: a pipe that is named is meant, one in a folder is
/// not.
#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    path.metadata().is_ok_and(|found| found.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

/// What is in a folder: each path, and whether it is a folder itself.
fn list(folder: &Path) -> Result<Vec<(PathBuf, bool)>, Error> {
    // A link to a folder may lead back into this one.
    let one = |entry: DirEntry| (entry.path(), entry.file_type().is_ok_and(|kind| kind.is_dir()));
    std::fs::read_dir(folder)?.map(|entry| entry.map(one)).collect()
}

/// What lists a folder: each entry's path, and whether it is a folder.
type List<'a> = &'a dyn Fn(&Path) -> Result<Vec<(PathBuf, bool)>, Error>;

/// Adds the files of a folder and of those in it. One that cannot be read is added itself: it must
/// be told.
fn walk(list: List<'_>, folder: &Path, depth: u32, found: &mut Vec<Found>) {
    let deeper = || Error::other("folders are not followed so deep");
    let Some((depth, entries)) = depth
        .checked_sub(1)
        .ok_or_else(deeper)
        .and_then(|depth| Ok((depth, list(folder)?)))
        .map_err(|error| {
            found.push(Found { path: folder.to_owned(), named: false, unread: Some(error) });
        })
        .ok()
    else {
        return;
    };
    for (path, is_folder) in entries {
        if is_folder {
            walk(list, &path, depth, found);
        } else if is_ours(&path) && path.is_file() {
            found.push(Found { path, named: false, unread: None });
        }
    }
}

fn is_ours(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.to_lowercase().as_str()))
}

fn order(path: &Path) -> u8 {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    interchange::reading_order(&name.unwrap_or_default())
}

fn unreadable(detail: &str) -> ApiError {
    ApiError::new(ErrorCode::UnreadableFile, format!("{detail} Nothing was changed."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    fn names(found: &[Found]) -> Vec<String> {
        found.iter().map(|f| f.path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn folders_give_their_json_and_missing_paths_are_told() {
        let folder = std::env::temp_dir().join(format!("fieldchart-files-{}", std::process::id()));
        let within = folder.join("deeper");
        std::fs::create_dir_all(&within).unwrap();
        for name in ["b.json", "a.txt", "deeper/Patient.ndjson"] {
            std::fs::write(folder.join(name), "{}").unwrap();
        }
        let found = find(&[folder.clone(), folder.join("b.json")]).unwrap();
        assert_eq!(names(&found), ["Patient.ndjson", "b.json"], "each once");
        assert_eq!(found.iter().map(|one| one.named).collect::<Vec<_>>(), [false, true]);
        assert_eq!(find(&[folder.join("a.txt")]).unwrap().len(), 1, "named itself");
        let missing = find(&[folder.join("none")]).unwrap_err();
        assert_eq!(missing.code, ErrorCode::UnreadableFile);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_told_and_costs_the_others_nothing() {
        let list = |folder: &Path| match folder.to_str() {
            Some("top") => Ok(vec![("top/shut".into(), true), ("top/open".into(), true)]),
            Some("top/open") => Ok(vec![("Cargo.toml.json".into(), false)]),
            _ => Err(Error::from(ErrorKind::PermissionDenied)),
        };
        let mut found = Vec::new();
        walk(&list, Path::new("top"), 9, &mut found);
        let unread = |one: &Found| one.unread.as_ref().map(Error::kind);
        let got: Vec<_> =
            found.iter().map(|one| (one.path.to_str().unwrap(), unread(one))).collect();
        assert_eq!(got, [("top/shut", Some(ErrorKind::PermissionDenied))], "no such file is open");
        let mut found = Vec::new();
        walk(&list, Path::new("top"), 1, &mut found);
        let got: Vec<_> = found.iter().map(|one| one.path.to_str().unwrap()).collect();
        assert_eq!(got, ["top/shut", "top/open"], "too deep to be followed");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_into_no_circle_and_what_never_ends_is_not_read() {
        let folder = std::env::temp_dir().join(format!("fieldchart-links-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deeper")).unwrap();
        std::fs::write(folder.join("deeper/a.json"), "{}").unwrap();
        std::os::unix::fs::symlink(&folder, folder.join("deeper/back")).unwrap();
        std::os::unix::fs::symlink("/dev/null", folder.join("null.json")).unwrap();
        let found = find(std::slice::from_ref(&folder)).unwrap();
        assert_eq!(names(&found), ["a.json"]);
        let device = find(&["/dev/null".into()]).unwrap_err();
        assert_eq!(device.code, ErrorCode::UnreadableFile);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
