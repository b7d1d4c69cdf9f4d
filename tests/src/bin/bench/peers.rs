//! Other people's programs with the same files, run in the same minutes.
//!
//! They are copied into the target directory and made ready there, once. Where one cannot be had
//! the figures say so.

use crate::{outcome::Outcome, places::Places};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The folders of the peers' programs.
const PROGRAMS: [&str; 2] = ["peer-import-bench", "fhir-validate"];
/// What the peers call the stages we compare with.
const ANCHOR: &str = "python orjson + sqlite3 import";
const VALIDATOR: &str = "node @medplum/core validateResource";

/// What became of one peer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Peer {
    /// It ran.
    Ran {
        /// Megabytes of bundles for each second on the processor.
        mb_per_cpu_second: f64,
    },
    /// It could not be had.
    Absent {
        /// In a sentence.
        why: String,
    },
}

/// Both peers.
pub(crate) struct Peers {
    /// Parses, follows references, writes rows and indices: no encryption, no history.
    pub(crate) anchor: Peer,
    /// Parses and validates: writes nothing.
    pub(crate) validator: Peer,
}

/// Makes them ready and runs them.
pub(crate) fn run(places: &Places) -> Peers {
    let absent = |error: Box<dyn std::error::Error>| Peer::Absent { why: error.to_string() };
    let folder = match copied(places) {
        Ok(folder) => folder,
        Err(error) => {
            let peer = absent(error);
            return Peers { anchor: peer.clone(), validator: peer };
        }
    };
    let files = places.fhir();
    Peers {
        anchor: python(&folder, &files).unwrap_or_else(absent),
        validator: node(&folder, &files).unwrap_or_else(absent),
    }
}

/// The programs in a folder that can be written to.
fn copied(places: &Places) -> Outcome<PathBuf> {
    let folder = places.own("peers");
    for program in PROGRAMS {
        let (from, to) = (places.peers().join(program), folder.join(program));
        fs::create_dir_all(&to)?;
        let entries = fs::read_dir(&from)
            .map_err(|error| format!("its program is not in this place ({error})"))?;
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            // Written anew and not copied: what is read-only there is not so here.
            fs::write(to.join(entry.file_name()), fs::read(entry.path())?)?;
        }
    }
    Ok(folder)
}

fn python(folder: &Path, files: &Path) -> Outcome<Peer> {
    let place = folder.join("peer-import-bench");
    let inside = if cfg!(windows) { "v/Scripts/python.exe" } else { "v/bin/python" };
    let python = place.join(inside);
    if !python.exists() {
        let found = if cfg!(windows) { "python" } else { "python3" };
        answer(Command::new(found).args(["-m", "venv", "v"]).current_dir(&place))?;
    }
    let pins = fs::read_to_string(place.join("requirements.txt"))?;
    let pin = pins.lines().find(|line| line.starts_with("orjson")).unwrap_or("orjson");
    let ready = Command::new(&python).args(["-c", "import orjson"]).output()?.status.success();
    if !ready {
        let install = ["-m", "pip", "install", "--quiet", pin];
        answer(Command::new(&python).args(install).current_dir(&place))?;
    }
    let told = answer(Command::new(&python).arg("bench_py.py").arg(files).current_dir(&place))?;
    stage(&told, ANCHOR)
}

fn node(folder: &Path, files: &Path) -> Outcome<Peer> {
    let modules = folder.join("fhir-validate");
    if !modules.join("node_modules/@medplum/core").exists() {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let install = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
        answer(Command::new(npm).args(install).current_dir(&modules))?;
    }
    let place = folder.join("peer-import-bench");
    let told = answer(Command::new("node").arg("bench_node.cjs").arg(files).current_dir(&place))?;
    stage(&told, VALIDATOR)
}

/// Runs a program for what it prints.
fn answer(command: &mut Command) -> Outcome<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let name = Path::new(&name).file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let output = command.output().map_err(|error| format!("{name} could not be run ({error})"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(format!("{name} did not succeed ({})", last.trim()).into())
}

/// The speed of one stage, of the peers' lines of JSON.
fn stage(told: &str, name: &str) -> Outcome<Peer> {
    let lines = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let named = |line: &Value| line.get("peer").and_then(Value::as_str) == Some(name);
    let line = lines.into_iter().find(named).ok_or_else(|| format!("no stage {name:?}"))?;
    let speed = line.get("MB_per_cpu_s").and_then(Value::as_f64);
    let mb_per_cpu_second = speed.filter(|speed| *speed > 0.0).ok_or("it told no speed")?;
    Ok(Peer::Ran { mb_per_cpu_second })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_found_by_its_name() {
        let told = "{\"peer\": \"other\", \"MB_per_cpu_s\": 1}\nnot json\n\
                    {\"peer\": \"ours\", \"MB_per_cpu_s\": 41.5}\n";
        assert_eq!(stage(told, "ours").unwrap(), Peer::Ran { mb_per_cpu_second: 41.5 });
        assert!(stage(told, "none").unwrap_err().to_string().contains("none"));
    }
}
