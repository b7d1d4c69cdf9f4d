//! Which files an import reads, and in which order.

use api::{ApiError, ErrorCode};
use std::path::{Path, PathBuf};

/// Names a folder's files are recognised by; a file that is named itself is always read.
const EXTENSIONS: [&str; 3] = ["json", "ndjson", "jsonl"];
/// Folders are not followed deeper than this: no path is.
const DEPTH_MAX: u32 = 256;

/// The files of `paths`, people and places before what refers to them, each once.
///
/// # Errors
/// `unreadable-file` when a path is not there or nothing is found.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ApiError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, DEPTH_MAX, &mut files);
        } else if path.is_file() || is_pipe(path) {
            files.push(path.clone());
        } else if path.exists() {
            // A device may never end.
            return Err(unreadable(&format!("{} is neither a file nor a folder.", path.display())));
        } else {
            return Err(unreadable(&format!("There is no file {}.", path.display())));
        }
    }
    if files.is_empty() {
        return Err(unreadable("There are no .json or .ndjson files in there."));
    }
    files.sort_by_key(|path| (order(path), path.clone()));
    files.dedup();
    Ok(files)
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

fn walk(folder: &Path, depth: u32, files: &mut Vec<PathBuf>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        // A link to a folder may lead back into this one.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, depth, files);
        } else if is_ours(&path) && path.is_file() {
            files.push(path);
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

    #[test]
    fn folders_give_their_json_and_missing_paths_are_told() {
        let folder = std::env::temp_dir().join(format!("fieldchart-files-{}", std::process::id()));
        let within = folder.join("deeper");
        std::fs::create_dir_all(&within).unwrap();
        for name in ["b.json", "a.txt", "deeper/Patient.ndjson"] {
            std::fs::write(folder.join(name), "{}").unwrap();
        }
        let found = find(std::slice::from_ref(&folder)).unwrap();
        let mut names: Vec<_> =
            found.iter().map(|f| f.file_name().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        assert_eq!(names, ["Patient.ndjson", "b.json"]);
        assert_eq!(find(&[folder.join("a.txt")]).unwrap().len(), 1, "named itself");
        let missing = find(&[folder.join("none")]).unwrap_err();
        assert_eq!(missing.code, ErrorCode::UnreadableFile);
        std::fs::remove_dir_all(folder).unwrap();
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
        assert_eq!(found, [folder.join("deeper/a.json")]);
        let device = find(&["/dev/null".into()]).unwrap_err();
        assert_eq!(device.code, ErrorCode::UnreadableFile);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
