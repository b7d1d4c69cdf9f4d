//! A file that is being written beside the name it is to have: nobody finds half a one under it.

use crate::{
    hex::hex,
    host::{Host, HostEntropy},
    sync::unfinished::sync_folder,
};
use std::{
    fs::{self, File},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use vault::random::make_array;

/// How much is written at a time, in bytes. Each reaches the disk before the next: what is told of is
/// there, and not in a memory that a stick is slow to empty.
const STEP_BYTES: usize = 4 << 20;

/// Who may read the file, where the file system knows such a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// This user of the computer alone.
    Oneself,
    /// Whoever the folder lets in.
    Anyone,
}

/// A file under a name of its own, made new: nothing that was there is written over, and no link is
/// followed. Unless it gets its name, it goes again.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    is_named: bool,
}

impl Part {
    /// Makes it, empty.
    ///
    /// # Errors
    /// Of something that is there by the name it is to have; the disk's.
    pub(super) fn create<H: Host>(host: &H, out: &Path, readers: Readers) -> io::Result<Self> {
        must_be_free(out)?;
        let mut name = out.file_name().unwrap_or_default().to_owned();
        let random: [u8; 8] = make_array(&mut HostEntropy(host));
        name.push(format!(".{}.part", hex(&random)));
        let path = out.with_file_name(name);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        match readers {
            Readers::Oneself => {
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            }
            Readers::Anyone => {}
        }
        let file = options.open(&path)?;
        Ok(Self { path, file, is_named: false })
    }

    /// What is written into.
    pub(super) const fn file(&self) -> &File {
        &self.file
    }

    /// Writes all of it, in the place of what it held before; `progress` is told of how many bytes
    /// were written.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        progress: &mut dyn FnMut(usize),
    ) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        let mut done = 0;
        for step in bytes.chunks(STEP_BYTES) {
            self.file.write_all(step)?;
            self.file.sync_data()?;
            done += step.len();
            progress(done);
        }
        self.file.sync_all()
    }

    /// Gives it its name, once what it holds is durable; answers its length in bytes. The name is
    /// durable then too, for a stick may be pulled out next; without it there is no file. A file system
    /// that knows no such thing is believed.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn name(mut self, out: &Path) -> io::Result<u64> {
        use io::ErrorKind as Kind;
        self.file.sync_all()?;
        let bytes = self.file.metadata()?.len();
        fs::rename(&self.path, out)?;
        self.is_named = true;
        let folder = out.parent().filter(|parent| !parent.as_os_str().is_empty());
        let unknown = [Kind::InvalidInput, Kind::Unsupported, Kind::PermissionDenied];
        match sync_folder(folder.unwrap_or(Path::new("."))) {
            Err(error) if !unknown.contains(&error.kind()) => fs::remove_file(out).and(Err(error)),
            Ok(()) | Err(_) => Ok(bytes),
        }
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
/// [`io::ErrorKind::AlreadyExists`]; the disk's.
pub(super) fn must_be_free(out: &Path) -> io::Result<()> {
    match out.symlink_metadata() {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
