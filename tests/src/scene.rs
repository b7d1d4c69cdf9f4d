//! The stage of one test: a folder of its own, an album, and windows on it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::pictures::Pictures;
use crate::programs;
use crate::server::SyncServer;
use crate::window::Window;

/// A stage; what lies on it goes when it goes.
#[derive(Debug)]
pub struct Scene {
    folder: TempDir,
    pictures: Pictures,
}

impl Scene {
    /// An empty stage for the test `name`.
    pub fn new(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("fieldchart-").tempdir();
        Self { folder: folder.expect("a temporary folder"), pictures: Pictures::of_test(name) }
    }

    /// The folder everything of this test is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the store of the computer `computer`.
    pub fn store(&self, computer: &str) -> PathBuf {
        self.folder().join(computer).join("store")
    }

    /// The test's album.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// Opens the app on the computer `computer`, with that computer's store.
    pub fn open(&self, computer: &str) -> Window {
        let home = self.folder().join(computer);
        std::fs::create_dir_all(&home).expect("a folder for a computer");
        Window::open(computer, &home, &self.store(computer), self.pictures.clone())
    }

    /// Opens another program on the store of `computer`, with the name `name` in pictures.
    pub fn open_beside(&self, computer: &str, name: &str) -> Window {
        let home = self.folder().join(name);
        std::fs::create_dir_all(&home).expect("a folder for a program");
        Window::open(name, &home, &self.store(computer), self.pictures.clone())
    }

    /// Copies the store of a computer whose program does not run to the folder `copy`.
    pub fn copy_store(&self, computer: &str, copy: &str) {
        copy_folder(&self.store(computer), &self.folder().join(copy));
    }

    /// Puts a copy in the place of the store of a computer whose program does not run.
    pub fn put_store_back(&self, copy: &str, computer: &str) {
        let store = self.store(computer);
        std::fs::remove_dir_all(&store).expect("the old store goes");
        copy_folder(&self.folder().join(copy), &store);
    }

    /// Fails when any file of this test holds the text in the clear.
    pub fn must_hold_no(&self, text: &str) {
        let holding = files_holding(self.folder(), text.as_bytes());
        assert!(holding.is_empty(), "{text:?} stands in the clear in {holding:?}");
    }

    /// Starts the clinic's sync server.
    pub fn server(&self) -> SyncServer {
        SyncServer::start(&self.folder().join("server"), self.pictures.clone())
    }

    /// The command line on the computer `computer`, with that computer's store.
    pub fn cli(&self, computer: &str) -> Command {
        let mut command = Command::new(programs::cli());
        command.arg("--store").arg(self.store(computer));
        command
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder for a copy");
    for entry in files_of(from) {
        let target = to.join(entry.strip_prefix(from).expect("it lies in the folder"));
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder for a copy");
        std::fs::copy(&entry, target).expect("a file is copied");
    }
}

fn files_holding(folder: &Path, text: &[u8]) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| {
        std::fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text))
    };
    files_of(folder).into_iter().filter(holds).collect()
}

/// Every file below a folder; sockets and the like are passed over.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(files_of(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_the_clear_is_found_in_any_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("store/deep");
        std::fs::create_dir_all(&deep).expect("a folder");
        std::fs::write(deep.join("file"), b"\0\xffGrace Okello\0").expect("a file");
        copy_folder(&folder.path().join("store"), &folder.path().join("copy"));
        let found = files_holding(folder.path(), b"Okello");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(files_holding(folder.path(), b"Amina").is_empty());
    }
}
