//! The files that stand beside the wasm: the page, its start script, styles, icons, fonts and texts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{At, Outcome};
use crate::window::Front;

/// A file to copy into the window's folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Page {
    /// Where it is.
    pub(crate) from: PathBuf,
    /// Where it goes, relative to the window's folder.
    pub(crate) to: PathBuf,
}

/// The files of a front's own folder that are served as they are.
const FILES: [&str; 2] = ["index.html", "boot.js"];

/// Finds all of them, in the order of their names.
pub(crate) fn find(root: &Path, front: Front) -> Outcome<Vec<Page>> {
    let own = front.folder(root);
    let page = |name: &str| Page { from: own.join(name), to: PathBuf::from(name) };
    let mut pages: Vec<Page> = FILES.into_iter().map(page).collect();
    for name in front.assets() {
        let folder = root.join("assets").join(name);
        if folder.is_dir() {
            walk(&folder, Path::new(name), &mut pages)?;
        }
    }
    pages.sort();
    Ok(pages)
}

fn walk(folder: &Path, to: &Path, pages: &mut Vec<Page>) -> Outcome {
    for entry in fs::read_dir(folder).at(folder)? {
        let entry = entry.at(folder)?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            walk(&from, &to, pages)?;
        } else {
            pages.push(Page { from, to });
        }
    }
    Ok(())
}

/// Copies them into the window's folder.
pub(crate) fn copy(pages: &[Page], dist: &Path) -> Outcome {
    for page in pages {
        let to = dist.join(&page.to);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).at(folder)?;
        }
        fs::copy(&page.from, &to).at(&page.from)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_keep_their_folders() {
        let root = tempfile::tempdir().unwrap();
        for path in [
            "ui/index.html",
            "ui/boot.js",
            "assets/styles/kit/button.css",
            "assets/locales/en.json",
            "assets/x/no",
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let pages = find(root.path(), Front::Window).unwrap();
        let dist = root.path().join("dist");
        copy(&pages, &dist).unwrap();
        assert!(dist.join("index.html").is_file() && dist.join("boot.js").is_file());
        assert!(dist.join("styles/kit/button.css").is_file());
        assert!(dist.join("locales/en.json").is_file(), "what the window says");
        assert_eq!(pages.len(), 4);
        assert_eq!(find(root.path(), Front::Bare).unwrap().len(), 2, "it has no styles");
    }

    #[test]
    fn a_missing_page_is_named() {
        let root = tempfile::tempdir().unwrap();
        let failure = copy(&find(root.path(), Front::Window).unwrap(), &root.path().join("dist"))
            .unwrap_err();
        assert!(failure.to_string().contains("boot.js"), "{failure}");
    }
}
