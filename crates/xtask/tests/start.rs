//! Whoever has an older compiler is told in one sentence what to install.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds what `cargo xtask` starts.
fn start() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("start/Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start");
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--offline", "--manifest-path"]).arg(manifest);
    build.arg("--target-dir").arg(&target).env_remove("CARGO_TARGET_DIR");
    assert!(build.status().unwrap().success());
    target.join("debug/start")
}

/// A program that only tells its version; when it is asked for more it says so by its exit code.
fn says(folder: &Path, name: &str, version: &str) -> PathBuf {
    let path = folder.join(name);
    let text = format!("#!/bin/sh\n[ \"$1\" = --version ] && echo '{version}' || exit 7\n");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn an_older_compiler_is_told_in_one_sentence_what_to_install() {
    let start = start();
    let folder = tempfile::tempdir().unwrap();
    let run = |cargo: &str, rustc: &str| -> Output {
        let cargo = says(folder.path(), "cargo", cargo);
        let rustc = says(folder.path(), "rustc", rustc);
        let mut start = Command::new(&start);
        start.arg("test").env("CARGO", cargo).env("RUSTC", rustc).output().unwrap()
    };
    let check = |cargo: &str, rustc: &str, said: &str| {
        let output = run(cargo, rustc);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.starts_with(said) && text.contains("`rustup update stable`"), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    };
    let new = "rustc 1.95.0 (59807616e 2026-04-14)";
    check("cargo 1.65.0", new, "xtask: this cargo is 1.65: ");
    check("cargo 1.96.0", "rustc 1.80.1 (3f5fd8dd4 2024-08-06)", "xtask: this rustc is 1.80: ");
    check("cargo 1.96.0", "rustc 0.9", "xtask: this rustc is 0.9: ");
    check("cargo 1.96.0", "", "xtask: rustc does not answer: ");
    // New ones are handed the task, and their exit code is ours.
    assert_eq!(run("cargo 1.95.0-nightly", new).status.code(), Some(7));
}
