//! Files on their way to the printer: readable by this user alone, and removed when they were taken.

use app::PrintJob;
use clinical::Instant;
use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

/// A file that a viewer shows stays so long: it was read by then.
pub(super) const SHOWN: Duration = Duration::from_secs(600);

/// The folder of these files.
#[derive(Debug, Clone)]
pub(crate) struct Spool(PathBuf);

/// A file in it, removed when it is dropped.
#[derive(Debug)]
pub(super) struct Spooled(Option<PathBuf>);

impl Spool {
    /// The folder of a store: in the memory of the session where the system has such a place (it
    /// never reaches a disk, and is empty after signing out), else beside the store.
    pub(super) fn of_store(store: &Path) -> Self {
        let session = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let session = session.filter(|path| path.is_absolute() && path.is_dir());
        Self(session.map_or_else(|| store.join("spool"), |path| path.join("fieldchart-spool")))
    }

    /// Writes a file.
    pub(super) fn put(&self, job: &PrintJob<'_>) -> io::Result<Spooled> {
        make_folder(&self.0)?;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let suffix = u64::from_be_bytes(random);
        let name: String = job.name.chars().filter(|sign| is_plain(*sign)).collect();
        let path = self.0.join(format!("{name}-{suffix:016x}.pdf"));
        write_new(&path, job.pdf)?;
        Ok(Spooled(Some(path)))
    }

    /// Removes what no viewer shows any more.
    pub(super) fn sweep(&self, now: Instant) {
        let Ok(files) = fs::read_dir(&self.0) else { return };
        for file in files.flatten() {
            let written = file.metadata().and_then(|about| about.modified()).ok();
            let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let written_ms = written.and_then(|since| i64::try_from(since.as_millis()).ok());
            let shown_ms = i64::try_from(SHOWN.as_millis()).unwrap_or_default();
            if written_ms.is_none_or(|at| at.saturating_add(shown_ms) < now.unix_ms()) {
                remove(&file.path());
            }
        }
    }
}

impl Spooled {
    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or_else(|| Path::new(""))
    }

    /// Removes it when a viewer has shown it long enough; where the program ends before, the next
    /// start does.
    pub(super) fn keep_shown(mut self) {
        let Some(path) = self.0.take() else { return };
        drop(std::thread::spawn(move || {
            std::thread::sleep(SHOWN);
            remove(&path);
        }));
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        self.0.iter().for_each(|path| remove(path));
    }
}

/// Writes a file that is not there yet; on Unix nobody but this user reads it.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn make_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(path) => Ok(()),
        made => made,
    }
}

/// A folder, and no link to one elsewhere.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

const fn is_plain(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '-'
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::warn!(kind = ?error.kind(), "a file for the printer could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::SheetPaper;

    fn job(name: &str) -> PrintJob<'_> {
        PrintJob { pdf: b"%PDF", name, paper: SheetPaper::A4, copies: 1, is_secret: false }
    }

    fn files(spool: &Spool) -> usize {
        fs::read_dir(&spool.0).map_or(0, Iterator::count)
    }

    #[test]
    fn a_file_is_this_users_alone_and_goes_when_it_was_taken() {
        let store = tempfile::tempdir().unwrap();
        let spool = Spool(store.path().join("spool"));
        let spooled = spool.put(&job("7KQ3/../../0F2M")).unwrap();
        let path = spooled.path().to_owned();
        assert_eq!(path.parent(), Some(spool.0.as_path()), "no name leads elsewhere");
        assert_eq!(fs::read(&path).unwrap(), b"%PDF");
        #[cfg(unix)]
        for (path, mode) in [(&path, 0o600), (&spool.0, 0o700)] {
            let about = fs::metadata(path).unwrap();
            let found = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777;
            assert_eq!(found, mode, "{path:?}");
        }
        drop(spooled);
        assert_eq!(files(&spool), 0);
    }

    #[test]
    fn what_was_left_is_swept_when_it_is_old() {
        let store = tempfile::tempdir().unwrap();
        let spool = Spool(store.path().join("spool"));
        spool.put(&job("one")).unwrap().0.take();
        let written = fs::read_dir(&spool.0).unwrap().next().unwrap().unwrap();
        let at = written.metadata().unwrap().modified().unwrap();
        let at_ms = at.duration_since(UNIX_EPOCH).unwrap().as_millis();
        let after = |s: u64| {
            Instant::from_unix_ms(i64::try_from(at_ms).unwrap() + i64::try_from(s * 1000).unwrap())
        };
        spool.sweep(after(SHOWN.as_secs() - 1));
        assert_eq!(files(&spool), 1, "a viewer may still read it");
        spool.sweep(after(SHOWN.as_secs() + 1));
        assert_eq!(files(&spool), 0);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_elsewhere() {
        let (store, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let spool = Spool(store.path().join("spool"));
        std::os::unix::fs::symlink(elsewhere.path(), &spool.0).unwrap();
        assert!(spool.put(&job("one")).is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
