//! Where things lie: the repository, the target directory, and the programs in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// The folders of the workspace, as cargo itself sees them.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    root: PathBuf,
    target: PathBuf,
}

impl Places {
    /// Asks cargo about the workspace this program was built from.
    pub(crate) fn find() -> Outcome<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.ancestors().nth(2).unwrap_or(&here).to_path_buf();
        let text = Program::cargo()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .directory(&root)
            .answer()?;
        Self::read(&text).ok_or(Failure::Answer { program: "cargo metadata" })
    }

    fn read(metadata: &str) -> Option<Self> {
        let metadata: Value = serde_json::from_str(metadata).ok()?;
        let path = |key: &str| Some(PathBuf::from(metadata.get(key)?.as_str()?));
        Some(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// The top of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target directory for this machine's programs.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The target directory of the wasm build: another compiler may fill it.
    pub(crate) fn ui_target(&self) -> PathBuf {
        self.target.join("ui")
    }

    /// Where the demonstration leaves its pictures: always inside the repository.
    pub(crate) fn demo(&self) -> PathBuf {
        self.root.join("target").join("demo")
    }

    /// Where what is given to users is laid.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("target").join("dist")
    }

    /// A debug binary of the workspace.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.profile_binary("debug", name)
    }

    /// A binary of the workspace, built under `profile`.
    pub(crate) fn profile_binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_gives_the_folders() {
        let places = Places::read(r#"{"workspace_root":"/r","target_directory":"/t"}"#).unwrap();
        assert_eq!(places.ui_target(), Path::new("/t/ui"));
        assert_eq!(places.demo(), Path::new("/r/target/demo"));
        assert!(places.binary("x").starts_with("/t/debug"));
    }

    #[test]
    fn another_answer_is_no_answer() {
        for text in ["", "[]", "{}", r#"{"workspace_root":"/r"}"#] {
            assert!(Places::read(text).is_none(), "{text}");
        }
    }
}
