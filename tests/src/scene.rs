//! The stage of one test: a folder of its own, an album, and windows on it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::pictures::Pictures;
#[cfg(target_os = "linux")]
use crate::programs;
use crate::server::SyncServer;
#[cfg(target_os = "linux")]
use crate::window::{Place, Window};

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
    #[cfg(target_os = "linux")]
    pub fn open(&self, computer: &str) -> Window {
        self.open_with(computer, Vec::new())
    }

    /// Opens the app on the computer `computer` with more in its environment.
    #[cfg(target_os = "linux")]
    pub fn open_with(&self, computer: &str, variables: Vec<(&'static str, String)>) -> Window {
        self.open_in(computer, Place { variables, ..self.place(computer, computer) })
    }

    /// Opens the app on the computer `computer` in the language of a tag, and tells the window so.
    #[cfg(target_os = "linux")]
    pub fn open_speaking(&self, computer: &str, tag: &str) -> Window {
        let store = self.store(computer);
        std::fs::create_dir_all(&store).expect("a folder for the store");
        std::fs::write(store.join("fieldchart.language"), tag).expect("the language is kept");
        self.open(computer).speaking(tag)
    }

    /// Opens an app that lies elsewhere, as one that was installed.
    #[cfg(target_os = "linux")]
    pub fn open_program(&self, computer: &str, program: PathBuf) -> Window {
        self.open_in(computer, Place { program, ..self.place(computer, computer) })
    }

    /// Opens another program on the store of `computer`, with the name `name` in pictures.
    #[cfg(target_os = "linux")]
    pub fn open_beside(&self, computer: &str, name: &str) -> Window {
        self.open_in(name, self.place(computer, name))
    }

    #[cfg(target_os = "linux")]
    fn open_in(&self, name: &str, place: Place) -> Window {
        Window::open(name, place, self.pictures.clone())
    }

    /// The store of `computer`, and a home of its own for the program `name`.
    #[cfg(target_os = "linux")]
    fn place(&self, computer: &str, name: &str) -> Place {
        let home = self.folder().join(name);
        std::fs::create_dir_all(&home).expect("a folder for a program");
        let program = programs::app();
        Place { home, program, store: self.store(computer), variables: Vec::new() }
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

    /// Starts the clinic's sync server.
    pub fn server(&self) -> SyncServer {
        SyncServer::start(&self.folder().join("server"), self.pictures.clone())
    }

    /// Starts another sync server, with a log and a key of its own.
    pub fn another_server(&self) -> SyncServer {
        SyncServer::start(&self.folder().join("another-server"), self.pictures.clone())
    }

    /// Starts the clinic's sync server at an address of its own, through other words, as at the end of
    /// a line.
    pub fn server_through(&self, words: &[String], listen: &str) -> SyncServer {
        let data = self.folder().join("server");
        let started = SyncServer::start_through(words, &data, listen, self.pictures.clone());
        started.unwrap_or_else(|_| panic!("no server at {listen}"))
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

/// Every file below a folder; sockets and the like are passed over, and what goes meanwhile.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
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
    fn a_copy_holds_every_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
        std::fs::create_dir_all(store.join("deep")).expect("a folder");
        std::fs::write(store.join("deep/file"), b"\0\xffbytes").expect("a file");
        copy_folder(&store, &copy);
        assert_eq!(files_of(&copy), [copy.join("deep/file")]);
        assert_eq!(
            std::fs::read(copy.join("deep/file")).ok().as_deref(),
            Some(&b"\0\xffbytes"[..])
        );
        assert!(files_of(&folder.path().join("none")).is_empty());
    }
}
