//! wasm-bindgen, used as a library: its version is always the one in Cargo.lock, and there is
//! nothing to install.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Outcome};
use crate::window::{Front, Profile};

/// Writes `ui.js` and `ui_bg.wasm` (or another front's) into `dist`.
pub(crate) fn bind(front: Front, module: &Path, dist: &Path, profile: Profile) -> Outcome {
    let written = write(front, module, dist, profile);
    written.map_err(|error| Failure::Bind { reason: format!("{error:#}") })
}

/// The wasm that binding leaves in `dist`.
pub(crate) fn bound(front: Front, dist: &Path) -> PathBuf {
    dist.join(format!("{}_bg.wasm", front.package()))
}

fn write(
    front: Front,
    module: &Path,
    dist: &Path,
    profile: Profile,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let release = profile == Profile::Release;
    Bindgen::new()
        .input_path(module)
        .out_name(front.package())
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .remove_name_section(release)
        .debug(!release)
        .generate(dist)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn version_of(package: &str, lock: &str) -> String {
        let name = format!("name = \"{package}\"");
        let mut lines = lock.lines().skip_while(|line| **line != name);
        lines.nth(1).unwrap().to_owned()
    }

    #[test]
    fn the_binder_is_of_the_version_the_window_is_compiled_with() {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
        let lock = std::fs::read_to_string(lock).unwrap();
        let binder = version_of("wasm-bindgen-cli-support", &lock);
        assert!(binder.starts_with("version = "), "{binder}");
        assert_eq!(binder, version_of("wasm-bindgen", &lock));
    }
}
