//! Packs the built page into the program.

use std::{error::Error, fs, path::Path};

/// What stands in for the page until it is built.
const NOT_BUILT: &str = "<!doctype html><title>Bare</title><p>Not built: run cargo xtask bench.";

fn main() -> Result<(), Box<dyn Error>> {
    let dist = Path::new("../bare-page/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(&page, NOT_BUILT)?;
    }
    println!("cargo:rerun-if-changed=../bare-page/dist");
    Ok(tauri_build::try_build(tauri_build::Attributes::new())?)
}
