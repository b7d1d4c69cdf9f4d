//! Packs the built window into the program, and declares the one command it may call.

use std::{error::Error, fs, path::Path};

use tauri_build::{AppManifest, Attributes};

/// What stands in for the window until it is built, so that `cargo check` and the tests of this
/// crate do not need a wasm compiler.
const NOT_BUILT: &str = "<!doctype html><title>Fieldchart</title>\
    <p>The window is not built into this program: run <code>cargo xtask ui</code>.</p>";

fn main() -> Result<(), Box<dyn Error>> {
    let dist = Path::new("../ui/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(&page, NOT_BUILT)?;
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let manifest = AppManifest::new().commands(&["dispatch"]);
    Ok(tauri_build::try_build(Attributes::new().app_manifest(manifest))?)
}
