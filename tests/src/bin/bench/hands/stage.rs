//! Where the hands work: a window of the app on a store, signed in.

use crate::{clock::Usage, outcome::Outcome, places::Places, row::Row, tree::Tree};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::{
    pictures::Pictures,
    window::{Place, Window},
};

/// Whether there is a display of the bench's own, and a driver for windows.
pub(super) fn is_here() -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&folders);
    let has_driver = folders.any(|folder| folder.join("WebKitWebDriver").is_file());
    has_driver && std::env::var_os("FIELDCHART_SCREEN").is_some()
}

/// Opens the app on a store that was made without a keyring; nothing of an earlier window is left.
pub(super) fn open(
    places: &Places,
    name: &str,
    store: &Path,
    variables: Vec<(&'static str, String)>,
) -> Outcome<Window> {
    let keyring = ("FIELDCHART_KEYRING", "none".to_owned());
    // Drawn as users have it: the bench takes no pictures.
    let graphics = ("FIELDCHART_GRAPHICS", String::new());
    let variables = [keyring, graphics].into_iter().chain(variables).collect();
    start(places, name, tests::programs::app(), store.to_path_buf(), variables)
}

/// Starts a program in a home of its own, in which nothing of an earlier one is left.
pub(super) fn start(
    places: &Places,
    name: &str,
    program: PathBuf,
    store: PathBuf,
    variables: Vec<(&'static str, String)>,
) -> Outcome<Window> {
    let home = places.own(&format!("hands-{name}"));
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let place = Place { home, program, store, variables };
    Ok(Window::open(name, place, Pictures::of_test(&format!("bench-{name}"))))
}

/// Writes the password; the key that sends it is not pressed yet.
pub(super) fn write_password(window: &Window, password: &str) {
    window.see("Sign in");
    window.fill("Password", password);
}

/// The rows with what others had of the machine since `before`: the window is none of them.
pub(super) fn beside(rows: Vec<Row>, window: &Window, before: &Usage) -> Vec<Row> {
    let watched = Tree::of(window.process()).cpu();
    let others = Usage::now().and(watched).others_percent_since(before);
    rows.into_iter().map(|row| row.beside(others)).collect()
}
