//! What `cargo xtask` starts: tells an old compiler's owner what to install, else runs the tasks.
//!
//! It stands outside the workspace because cargo refuses the whole workspace, in many lines, when
//! one edition or one `rust-version` in it is too new. For the same reason it is written in the
//! Rust of 2022.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, ffi::OsString};

/// The oldest compiler the workspace builds with: `rust-version` in the root `Cargo.toml`.
const OLDEST: (u32, u32) = (1, 95);

fn main() -> ExitCode {
    for program in [tool("CARGO", "cargo"), tool("RUSTC", "rustc")] {
        if let Some(complaint) = complaint(&program) {
            eprintln!("xtask: {}: {}", complaint, ADVICE);
            return ExitCode::FAILURE;
        }
    }
    hand_over()
}

const ADVICE: &str = "Fieldchart needs Rust 1.95 or newer, which you get by `rustup update stable` \
                      (https://rustup.rs), or on Debian 12 by `apt-get install rustc-web cargo-web`.";

/// What is wrong with a compiler or cargo, if anything.
fn complaint(program: &OsString) -> Option<String> {
    let name = Path::new(program).file_stem().unwrap_or(program).to_string_lossy();
    match version(program) {
        None => Some(format!("{} does not answer", name)),
        Some((major, minor)) if (major, minor) < OLDEST => {
            Some(format!("this {} is {}.{}", name, major, minor))
        }
        Some(_) => None,
    }
}

/// The compiler or cargo that is running us, or the one on the path.
fn tool(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}

/// The `1.95` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version(program: &OsString) -> Option<(u32, u32)> {
    let out = Command::new(program).arg("--version").current_dir(root()).output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let mut parts = text.split_whitespace().nth(1)?.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Runs the task given in the same words, and ends with its exit code.
fn hand_over() -> ExitCode {
    let mut cargo = Command::new(tool("CARGO", "cargo"));
    cargo.current_dir(root()).arg("run");
    if built_before() {
        cargo.arg("--quiet");
    } else {
        eprintln!("xtask: building the task runner, once (a minute or two)");
    }
    cargo.args(["--package", "xtask", "--"]).args(env::args_os().skip(1));
    match cargo.status().map(|status| status.code()) {
        Ok(Some(code)) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Ok(None) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: cargo could not be started: {}", error);
            ExitCode::FAILURE
        }
    }
}

/// Whether the task runner stands in the target directory already: then cargo may be silent.
fn built_before() -> bool {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("debug").join(format!("xtask{}", env::consts::EXE_SUFFIX)).exists()
}

/// The top of the repository: three folders above this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}
