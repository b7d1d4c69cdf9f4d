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
