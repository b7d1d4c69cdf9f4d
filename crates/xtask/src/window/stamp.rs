//! A mark of what the window was made from: when it still holds, nothing is written, and the app
//! is not packed anew.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::failure::{At, Outcome};
use crate::window::pages::Page;

const NAME: &str = "stamp";

/// The mark of a compiled module and the pages beside it.
pub(crate) fn of(profile: &str, module: &Path, pages: &[Page]) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    profile.hash(&mut hasher);
    fs::read(module).at(module)?.hash(&mut hasher);
    for page in pages {
        page.to.hash(&mut hasher);
        fs::read(&page.from).at(&page.from)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// Whether the folder was made under this mark and is complete.
pub(crate) fn stands(dist: &Path, stamp: &str) -> bool {
    fs::read_to_string(dist.join(NAME)).is_ok_and(|found| found == stamp)
}

/// Marks the folder; the last thing written, so that a half-made folder has no mark.
pub(crate) fn write(dist: &Path, stamp: &str) -> Outcome {
    let path = dist.join(NAME);
    fs::write(&path, stamp).at(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_gives_another_mark() {
        let folder = tempfile::tempdir().unwrap();
        let (module, css) = (folder.path().join("ui.wasm"), folder.path().join("main.css"));
        fs::write(&module, "wasm").unwrap();
        fs::write(&css, "body{}").unwrap();
        let pages = [Page { from: css.clone(), to: "main.css".into() }];
        let first = of("dev", &module, &pages).unwrap();
        assert_eq!(of("dev", &module, &pages).unwrap(), first);
        assert_ne!(of("release", &module, &pages).unwrap(), first);
        assert_ne!(of("dev", &module, &[]).unwrap(), first);
        fs::write(&css, "body{} ").unwrap();
        assert_ne!(of("dev", &module, &pages).unwrap(), first);
    }

    #[test]
    fn a_mark_stands_until_it_differs() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!stands(folder.path(), "a"));
        write(folder.path(), "a").unwrap();
        assert!(stands(folder.path(), "a"));
        assert!(!stands(folder.path(), "b"));
    }
}
