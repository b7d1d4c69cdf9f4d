//! Where things lie: the repository, the target directory, and the binaries in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// The folders and packages of the workspace, as cargo itself sees them.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    root: PathBuf,
    target: PathBuf,
    targets: Vec<Target>,
}

/// One thing cargo can build.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    package: String,
    kind: String,
    name: String,
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
        let packages = metadata.get("packages")?.as_array()?;
        let targets = packages.iter().flat_map(targets_of).collect();
        Some(Self { root: path("workspace_root")?, target: path("target_directory")?, targets })
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

    /// What is packed into the app: the built window.
    pub(crate) fn ui_dist(&self) -> PathBuf {
        self.root.join("ui").join("dist")
    }

    /// Where the demonstration leaves its pictures: always inside the repository.
    pub(crate) fn demo(&self) -> PathBuf {
        self.root.join("target").join("demo")
    }

    /// A debug binary of the workspace.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.profile_binary("debug", name)
    }

    /// A binary of the workspace, built under `profile`.
    pub(crate) fn profile_binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Whether a package has a target of this kind (`bin`, `test`, `bench`) and name.
    pub(crate) fn has_target(&self, package: &str, kind: &str, name: &str) -> bool {
        self.targets.iter().any(|t| t.package == package && t.kind == kind && t.name == name)
    }
}

fn targets_of(package: &Value) -> Vec<Target> {
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let Some(owner) = text(package, "name") else { return Vec::new() };
    let targets = package.get("targets").and_then(Value::as_array).into_iter().flatten();
    targets
        .filter_map(|target| {
            let kind = target.get("kind")?.get(0)?.as_str()?.to_owned();
            Some(Target { package: owner.clone(), kind, name: text(target, "name")? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_gives_folders_and_targets() {
        let places = Places::read(
            r#"{"workspace_root":"/r","target_directory":"/t","packages":[
                {"name":"tests","targets":[{"kind":["lib"],"name":"tests"},
                                           {"kind":["bin"],"name":"bench"}]}]}"#,
        )
        .unwrap();
        assert_eq!(places.ui_dist(), Path::new("/r/ui/dist"));
        assert_eq!(places.ui_target(), Path::new("/t/ui"));
        assert!(places.has_target("tests", "bin", "bench"));
        assert!(!places.has_target("tests", "bin", "soak"));
        assert!(!places.has_target("app", "bin", "bench"));
    }

    #[test]
    fn another_answer_is_no_answer() {
        for text in ["", "[]", "{}", r#"{"workspace_root":"/r"}"#] {
            assert!(Places::read(text).is_none(), "{text}");
        }
    }
}
