//! docs/SECURITY.md names the tests that hold its claims; each of them exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn each_claim_is_held_by_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/SECURITY.md")).unwrap();
    let named = named_tests(&page);
    assert!(named.len() > 40, "the page names few tests: {named:?}");
    let sources: Vec<String> =
        rust_files(&root).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let missing: Vec<&str> = named
        .into_iter()
        .filter(|name| {
            // One that runs on every log is told of which.
            let forms = [format!("fn {name}("), format!("fn {name}<")];
            !sources.iter().any(|source| forms.iter().any(|form| source.contains(form)))
        })
        .collect();
    assert!(missing.is_empty(), "docs/SECURITY.md names tests that are not there: {missing:#?}");
}

/// The names in backticks in the last column of each table.
fn named_tests(page: &str) -> BTreeSet<&str> {
    let rows = page.lines().filter_map(|line| line.trim().strip_suffix('|'));
    let cells = rows.filter_map(|row| row.rsplit('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["crates", "src-tauri/src", "sync-server", "tests", "ui/src"]
        .map(|folder| root.join(folder))
        .into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}
