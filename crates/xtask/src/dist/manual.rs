//! The pages of the manual, as the program writes them.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::failure::{At, Outcome};
use crate::program::Program;

/// Has the command line write its pages into a folder.
pub(super) fn write(program: &Path, folder: &Path) -> Outcome {
    fs::create_dir_all(folder).at(folder)?;
    let words: [OsString; 2] = ["manual".into(), folder.into()];
    Program::new(program).args(words).answer().map(drop)
}

/// Packs each page, as Debian has them.
pub(super) fn pack(folder: &Path) -> Outcome {
    for entry in fs::read_dir(folder).at(folder)? {
        let page = entry.at(folder)?.path();
        // Without the time of packing: the same pages are the same package.
        Program::new("gzip").args(["-9", "-n"]).args([page]).answer()?;
    }
    Ok(())
}
