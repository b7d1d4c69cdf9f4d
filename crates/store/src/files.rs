//! Sealed bytes of files, beside the database: each under its name, the SHA-256 of what it holds.
//!
//! They are sealed before they come here and are of no transaction: what is written is written
//! whole, then named, and an entry names it only after. What is read is held against its name. So
//! the database stays small, and so do its log and whatever is copied of it; a file that is damaged
//! or gone costs that file.

use crate::{
    error::Result,
    hex::hex,
    projections::document_reference,
    store::Store,
    tables::{blob_held, document},
};
use clinical::{DocumentKind, DocumentRef, PatientId};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

/// Names that are asked for at a time at most.
const BLOBS_MAX: u32 = 1024;
/// Names of all charts that one call gives at most.
const ALL_BLOBS_MAX: u32 = 65_536;

/// The folder of sealed bytes, and what is on its way into it.
#[derive(Debug, Clone)]
pub struct SealedFiles {
    folder: PathBuf,
}

impl SealedFiles {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Whether they are here, as far as there is a file of the name.
    pub fn has(&self, blob: &[u8; 32]) -> bool {
        fs::metadata(self.whole(blob)).is_ok_and(|found| found.is_file())
    }

    /// How many bytes lie under a name; none where there is no file.
    pub fn bytes_of(&self, blob: &[u8; 32]) -> u64 {
        fs::metadata(self.whole(blob)).map_or(0, |found| found.len())
    }

    /// Reads sealed bytes; `None` where there are none, or others than the name says: these are
    /// taken away, so that they can be fetched again.
    ///
    /// # Errors
    /// What the disk says.
    pub fn read(&self, blob: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        let path = self.whole(blob);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        if is_named(&bytes, blob) {
            return Ok(Some(bytes));
        }
        fs::remove_file(&path)?;
        Ok(None)
    }

    /// How many bytes lie under a name, and those from a place on, at most so many; `None` where
    /// there are none. Nobody has held them against the name: that is for who gets all of them.
    ///
    /// # Errors
    /// What the disk says.
    pub fn part_from(
        &self,
        blob: &[u8; 32],
        from: u64,
        most: usize,
    ) -> io::Result<Option<(u64, Vec<u8>)>> {
        let mut file = match File::open(self.whole(blob)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let bytes = file.metadata()?.len();
        let mut part = Vec::new();
        if from >= bytes {
            return Ok(Some((bytes, part)));
        }
        file.seek(SeekFrom::Start(from))?;
        file.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut part)?;
        Ok(Some((bytes, part)))
    }

    /// Keeps sealed bytes under their name, durably.
    ///
    /// # Errors
    /// What the disk says; nothing is under the name then but what was before.
    pub fn keep(&self, blob: &[u8; 32], bytes: &[u8]) -> io::Result<()> {
        self.make_folder()?;
        let part = self.part(blob);
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.name(&part, blob)
    }

    /// How many of its bytes have come so far.
    pub fn come(&self, blob: &[u8; 32]) -> u64 {
        fs::metadata(self.part(blob)).map_or(0, |found| found.len())
    }

    /// Where bytes go that come piece by piece, after those that came before.
    ///
    /// # Errors
    /// What the disk says.
    pub fn go_on(&self, blob: &[u8; 32]) -> io::Result<File> {
        self.make_folder()?;
        File::options().create(true).append(true).open(self.part(blob))
    }

    /// Gives what came its name, where it is what the name says. Else it stays as it is, and nothing
    /// is under the name but what was before.
    ///
    /// # Errors
    /// What the disk says.
    pub fn end(&self, blob: &[u8; 32]) -> io::Result<bool> {
        let part = self.part(blob);
        if !is_named(&fs::read(&part)?, blob) {
            return Ok(false);
        }
        File::options().append(true).open(&part)?.sync_all()?;
        self.name(&part, blob)?;
        Ok(true)
    }

    /// Throws away what came.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin_anew(&self, blob: &[u8; 32]) -> io::Result<()> {
        fs::remove_file(self.part(blob))
    }

    fn name(&self, part: &Path, blob: &[u8; 32]) -> io::Result<()> {
        fs::rename(part, self.whole(blob))?;
        // The folder's own name is one of the folder it lies in, and may be new.
        #[cfg(unix)]
        for folder in std::iter::once(self.folder.as_path()).chain(self.folder.parent()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    fn whole(&self, blob: &[u8; 32]) -> PathBuf {
        self.folder.join(hex(blob))
    }

    fn part(&self, blob: &[u8; 32]) -> PathBuf {
        self.whole(blob).with_extension("part")
    }
}

fn is_named(bytes: &[u8], blob: &[u8; 32]) -> bool {
    Sha256::digest(bytes).as_slice() == blob
}

impl Store {
    /// The sealed bytes of files, beside the database.
    pub fn files(&self) -> SealedFiles {
        SealedFiles::new(self.files_folder())
    }

    /// Whether any chart has files.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn has_documents(&self) -> Result<bool> {
        self.read(|r| document_reference::any(&r.db))
    }

    /// The names of the sealed bytes of a chart's files, or of all charts', the newest 65,536.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn blobs_of(&self, patient: Option<PatientId>) -> Result<Vec<[u8; 32]>> {
        self.read(|r| {
            let Some(patient) = patient else {
                return document_reference::blobs(&r.db, None, ALL_BLOBS_MAX);
            };
            let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
            let Some(row) = document::find(&r.db, name)? else { return Ok(Vec::new()) };
            document_reference::blobs(&r.db, Some(row.ord), ALL_BLOBS_MAX)
        })
    }

    /// Those of which no server is known to have them, the newest 1024.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn blobs_unheld(&self) -> Result<Vec<[u8; 32]>> {
        self.read(|r| document_reference::unheld(&r.db, BLOBS_MAX))
    }

    /// Whether the server said that it has one.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_blob_held(&self, blob: &[u8; 32]) -> Result<bool> {
        self.read(|r| blob_held::has(&r.db, blob))
    }

    /// Notes which the server says it has.
    ///
    /// # Errors
    /// [`crate::StoreError`]: none is noted.
    pub fn note_blobs_held(&self, blobs: &[[u8; 32]]) -> Result<()> {
        self.write(|tx| blobs.iter().try_for_each(|blob| blob_held::put(tx, blob)))
    }

    /// Forgets that the server has one, or all it ever said of any.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing is forgotten.
    pub fn forget_blobs_held(&self, blob: Option<&[u8; 32]>) -> Result<()> {
        self.write(|tx| match blob {
            Some(blob) => blob_held::forget(tx, blob),
            None => blob_held::forget_all(tx),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }

    #[test]
    fn what_is_kept_is_there_and_what_is_damaged_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = SealedFiles::new(folder.path().join("documents"));
        let blob = name_of(b"sealed");
        assert_eq!((files.has(&blob), files.read(&blob).unwrap()), (false, None));
        files.keep(&blob, b"sealed").unwrap();
        assert_eq!(files.read(&blob).unwrap().as_deref(), Some(b"sealed".as_slice()));
        fs::write(files.whole(&blob), b"sealee").unwrap();
        assert_eq!(files.read(&blob).unwrap(), None);
        assert!(!files.has(&blob), "it can be fetched again");
    }

    #[test]
    fn parts_of_what_is_here_make_up_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = SealedFiles::new(folder.path().join("documents"));
        let blob = name_of(b"sealed");
        assert_eq!(files.part_from(&blob, 0, 4).unwrap(), None);
        files.keep(&blob, b"sealed").unwrap();
        let check = |from, want: &[u8]| {
            assert_eq!(files.part_from(&blob, from, 4).unwrap(), Some((6, want.to_vec())));
        };
        check(0, b"seal");
        check(4, b"ed");
        check(6, b"");
        check(u64::MAX, b"");
    }

    #[test]
    fn what_comes_in_pieces_goes_on_and_is_held_against_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let files = SealedFiles::new(folder.path().join("documents"));
        let check = |pieces: &[&[u8]], want: bool| {
            let blob = name_of(b"sealed bytes");
            let mut come = 0;
            for piece in pieces {
                assert_eq!(files.come(&blob), come);
                // Each piece as of another start of the program.
                files.go_on(&blob).unwrap().write_all(piece).unwrap();
                come += u64::try_from(piece.len()).unwrap();
            }
            assert_eq!(files.end(&blob).unwrap(), want);
            assert_eq!(files.come(&blob) == 0, want, "it goes on where it is not whole");
            if !want {
                files.begin_anew(&blob).unwrap();
            }
        };
        check(&[b"sealed ", b"byteS"], false);
        assert!(!files.has(&name_of(b"sealed bytes")));
        check(&[b"sealed ", b"bytes"], true);
        assert!(files.has(&name_of(b"sealed bytes")));
        check(&[b"other bytes!"], false);
        let kept = files.read(&name_of(b"sealed bytes")).unwrap();
        assert_eq!(kept.as_deref(), Some(b"sealed bytes".as_slice()), "nothing was replaced");
    }
}
