//! Where the product's programs are.

use std::path::PathBuf;

/// The app with its window.
pub fn app() -> PathBuf {
    find("FIELDCHART_APP", "fieldchart-desktop")
}

/// Whether the app is one as it is given to users.
pub fn app_is_released() -> bool {
    app().parent().is_some_and(|folder| folder.ends_with("release"))
}

/// The command line.
pub fn cli() -> PathBuf {
    find("FIELDCHART_CLI", "fieldchart")
}

/// The sync server.
pub fn sync_server() -> PathBuf {
    find("FIELDCHART_SYNC", "fieldchart-sync")
}

/// The tasks of the workspace.
pub fn xtask() -> PathBuf {
    find("FIELDCHART_XTASK", "xtask")
}

/// The top of the repository.
pub fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the tests stand in the repository").to_path_buf()
}

/// Says that a test, or what makes it one, did not run here: nobody takes it for passed.
pub fn skipped(why: &str) {
    println!("SKIPPED: {why}");
}

/// The one named by `variable`, else the one cargo put beside the test's own binary.
fn find(variable: &str, name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let beside = || {
        let test = std::env::current_exe().expect("the test knows where it is");
        let deps = test.parent().expect("it is in a folder");
        deps.parent().expect("which is in the target directory").join(file)
    };
    let path = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    assert!(path.is_file(), "{} is not built: run `cargo xtask test`", path.display());
    path
}
