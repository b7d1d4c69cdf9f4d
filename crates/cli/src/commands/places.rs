//! Where something new is written, and what stands in the way there.

use super::Desk;
use crate::failure::Failure;
use api::{ApiError, ErrorCode, Origin};
use std::path::Path;

/// Carries out a command that writes something new.
///
/// # Errors
/// Those of the command, as [`unwritten`] tells them.
pub(super) fn write<C: api::Command>(
    desk: &Desk,
    command: C,
    out: &Path,
) -> Result<C::Reply, Failure> {
    let written = desk.app.call(command, Origin::Host);
    written.map_err(|error| desk.failed(unwritten(error, out)))
}

/// Why something new could not be written, with the way out where that is known: something is there
/// already, or the folder that it should lie in is not. Anything else stays as it was told.
pub(super) fn unwritten(error: ApiError, out: &Path) -> ApiError {
    let is_of_the_disk = matches!(error.code, ErrorCode::Internal | ErrorCode::ReadOnlyDisk);
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if error.code == ErrorCode::AlreadyExists {
        let detail = format!(
            "{} is there already and is not written over: choose another name.",
            out.display()
        );
        return ApiError::new(ErrorCode::AlreadyExists, detail);
    }
    match folder.filter(|folder| is_of_the_disk && !folder.is_dir()) {
        Some(folder) => no_folder(folder),
        None => error,
    }
}

/// The folder that something should be written into is not there.
pub(super) fn no_folder(folder: &Path) -> ApiError {
    let detail = format!(
        "Nothing was written: the folder {} is not there. Make it first, or name another.",
        folder.display()
    );
    ApiError::new(ErrorCode::NotFound, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_way_is_told_with_the_way_out() {
        let check = |code, out: &str, want: (ErrorCode, &str)| {
            let error = ApiError::new(code, "as it came (os error 2)");
            let told = unwritten(error, Path::new(out));
            assert_eq!((told.code, told.detail.as_str()), want, "{out}");
        };
        let there = "/media/stick/a.fcbundle is there already and is not written over: choose \
                     another name.";
        let exists = ErrorCode::AlreadyExists;
        check(exists, "/media/stick/a.fcbundle", (exists, there));
        let nowhere = "Nothing was written: the folder /nowhere/at is not there. Make it first, or \
                       name another.";
        for code in [ErrorCode::Internal, ErrorCode::ReadOnlyDisk] {
            check(code, "/nowhere/at/all", (ErrorCode::NotFound, nowhere));
            // A folder that is there has another reason.
            check(code, "Cargo.toml", (code, "as it came (os error 2)"));
        }
        for code in [ErrorCode::DiskFull, ErrorCode::NotFound] {
            check(code, "/nowhere/at/all", (code, "as it came (os error 2)"));
        }
    }
}
