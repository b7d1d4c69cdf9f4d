//! A file that is being written beside the name it is to have.

use crate::{
    error::code_of,
    hex::hex,
    host::{Host, HostEntropy},
    sync::unfinished::sync_folder,
};
use api::ApiError;
use std::{
    fs::{self, File},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use vault::random::make_array;

/// A file under a name of its own, made new: nothing that was there is written over, and no link is
/// followed. Unless it gets its name, it goes again.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    is_named: bool,
}

impl Part {
    /// Makes it, empty; on Unix nobody but this user reads it.
    ///
    /// # Errors
    /// `already-exists` where there is something by the name it is to have; the disk's.
    pub(super) fn create<H: Host>(host: &H, out: &Path) -> Result<Self, ApiError> {
        must_be_free(out)?;
        let mut name = out.file_name().unwrap_or_default().to_owned();
        let random: [u8; 8] = make_array(&mut HostEntropy(host));
        name.push(format!(".{}.part", hex(&random)));
        let path = out.with_file_name(name);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|error| cannot_write(&error))?;
        Ok(Self { path, file, is_named: false })
    }

    /// Writes all of it, in the place of what it held before.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), ApiError> {
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write(&mut self.file).map_err(|error| cannot_write(&error))
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// The disk's: the chart says by then that it was given.
    pub(super) fn name(mut self, out: &Path) -> Result<(), ApiError> {
        let failed = |error: io::Error| {
            let detail = format!(
                "The chart says that it was given, and the file could not be named ({error}): give \
                 it once more."
            );
            ApiError::new(code_of(&error), detail)
        };
        fs::rename(&self.path, out).map_err(failed)?;
        self.is_named = true;
        let folder = out.parent().filter(|parent| !parent.as_os_str().is_empty());
        // A file system that knows no such thing is believed.
        drop(sync_folder(folder.unwrap_or(Path::new("."))));
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_named {
            // What cannot be removed names itself a part.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Refuses a name by which there is something, be it a link that leads nowhere.
///
/// # Errors
/// `already-exists`; the disk's.
pub(super) fn must_be_free(out: &Path) -> Result<(), ApiError> {
    match out.symlink_metadata() {
        Ok(_) => Err(cannot_write(&io::ErrorKind::AlreadyExists.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot_write(&error)),
    }
}

fn cannot_write(error: &io::Error) -> ApiError {
    let detail =
        format!("Nothing was given, and nothing changed: the file cannot be written ({error}).");
    ApiError::new(code_of(error), detail)
}
