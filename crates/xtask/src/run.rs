//! `cargo xtask run`: the app with a demonstration clinic, or, where there is no display, the
//! story of two windows with pictures.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::{HOST, build_programs, cargo};
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::session::{Session, display};
use crate::test::{Counts, program_paths, session_home};
use crate::window::{self, Front, Profile};
use crate::{say, setup};

/// Enough people for the lists to look like a clinic's, few enough to be there at once.
const PATIENTS: &str = "60";

/// Sets up, builds, and shows the product.
pub(crate) fn run(places: &Places) -> Outcome {
    let wasm = setup::setup(places)?;
    window::build(places, &wasm, Profile::Dev, &[Front::Window])?;
    say::doing("building the app, the command line and the server");
    build_programs(places)?;
    if display::is_here() { open(places) } else { play(places) }
}

/// Opens the app on a demonstration clinic, made on the first run and kept for the next.
fn open(places: &Places) -> Outcome {
    let (store, told) = (places.demo().join("store"), places.demo().join("sign-in"));
    if !store.exists() || !told.exists() {
        say::doing("making a demonstration clinic");
        demonstrate(places, &store, &told)?;
    }
    say::tell(fs::read_to_string(&told).at(&told)?.trim_end());
    Program::new(places.binary("fieldchart-desktop")).args(["--store"]).args([&store]).show()
}

/// Makes the clinic, and keeps what was said about signing in to it.
fn demonstrate(places: &Places, store: &Path, told: &Path) -> Outcome {
    renew(store)?;
    let made = Program::new(places.binary("fieldchart"))
        .args(["demo", "--patients", PATIENTS, "--store"])
        .args([store])
        .answer()?;
    // Written last: an interrupted run is begun anew by the next.
    fs::write(told, made).at(told)
}

/// Plays the story in two real windows on a virtual display.
fn play(places: &Places) -> Outcome {
    say::tell("no display here: playing the story of two windows on a virtual one");
    let pictures = places.demo();
    clear_pictures(&pictures)?;
    let session = Session::start(&session_home())?;
    let heard = cargo(places)
        .args(["test", "--quiet"])
        .args(HOST)
        .args(["--test", "e2e", "--", "two_windows", "--nocapture"])
        .set_all(session.variables())
        .set_all(&program_paths(|name| places.binary(name)))
        .set("FIELDCHART_PICTURES", &pictures)
        .listen()?;
    let counts = Counts::of(&heard);
    if counts.failed > 0 || counts.passed == 0 {
        return Err(Failure::Tests { failed: counts.failed.max(1) });
    }
    say::tell(&format!("pictures and the transcript of the sync are in {}", pictures.display()));
    Ok(())
}

/// Removes the pictures of an earlier run, and nothing else.
fn clear_pictures(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).at(folder)?;
    for file in fs::read_dir(folder).at(folder)? {
        let path: PathBuf = file.at(folder)?.path();
        if path.extension().is_some_and(|extension| extension == "png" || extension == "txt") {
            fs::remove_file(&path).at(&path)?;
        }
    }
    Ok(())
}

/// Makes a folder, or makes it empty.
pub(crate) fn renew(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).at(folder)?;
    }
    fs::create_dir_all(folder).at(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_and_transcripts_are_cleared() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["01-first.png", "sync.txt", "store.db"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        clear_pictures(folder.path()).unwrap();
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(left, ["store.db"]);
    }
}
