//! The fuzz targets as they stand in `fuzz`, built here in place of there and run on what is known:
//! one that no longer compiles, or that misses a form, is found by every test run.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::forms::samples::samples;
use crate::hostile_bytes::file;
use sync::forms::{FRAMES, SEALED, read_as_bundle};

#[allow(unused_attributes, reason = "the target is a program where it is fuzzed")]
#[path = "../fuzz/fuzz_targets/bundle.rs"]
mod bundle;
#[allow(unused_attributes, reason = "the target is a program where it is fuzzed")]
#[path = "../fuzz/fuzz_targets/envelope.rs"]
mod envelope;
#[allow(unused_attributes, reason = "the target is a program where it is fuzzed")]
#[path = "../fuzz/fuzz_targets/frame.rs"]
mod frame;

/// What stands in another form alone, or never comes from outside.
const PARTS: &[&str] = &[
    "Batch",
    "Batches",
    "ChainBlock",
    "DocumentName",
    "Entry",
    "EntryBody",
    "EntryError",
    "Epoch",
    "Erasure",
    "Floor",
    "Found",
    "Invite",
    "Join",
    "KeysPlaced",
    "Kind",
    "Kit",
    "Lane",
    "Listed",
    "LogVerdict",
    "Mark",
    "MembersHead",
    "MembersVerdict",
    "Notice",
    "Outline",
    "Own",
    "OwnVerdict",
    "Pack",
    "Packed",
    "People",
    "Planned",
    "Position",
    "Principal",
    "Refused",
    "Revoke",
    "Role",
    "RoomMessage",
    "SealedKey",
    "Told",
    "Verdict",
    "WrappedKey",
];

struct Target {
    name: &'static str,
    run: fn(&[u8]),
}

const TARGETS: [Target; 3] = [
    Target { name: "frame", run: frame::run },
    Target { name: "envelope", run: envelope::run },
    Target { name: "bundle", run: bundle::run },
];

/// What each target begins with.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let of = |forms: &[sync::forms::Form]| {
        let names: BTreeSet<_> = forms.iter().map(|form| form.name).collect();
        let all = samples().iter().filter(|sample| names.contains(sample.form.name));
        all.map(|sample| (sample.name.clone(), sample.bytes.clone())).collect()
    };
    match target {
        "frame" => of(FRAMES),
        "envelope" => of(SEALED),
        _ => vec![("file".to_owned(), file())],
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// `FIELDCHART_SEEDS=DIR` puts them where the fuzzer takes them from.
#[test]
fn every_target_reads_what_it_is_about() {
    assert!(read_as_bundle(&file()[..]));
    for target in &TARGETS {
        let seeds = seeds(target.name);
        assert!(!seeds.is_empty(), "{}", target.name);
        for (name, bytes) in seeds {
            (target.run)(&bytes);
            if let Some(to) = std::env::var_os("FIELDCHART_SEEDS") {
                let to = Path::new(&to).join(target.name);
                fs::create_dir_all(&to).unwrap();
                fs::write(to.join(name), bytes).unwrap();
            }
        }
    }
}

#[test]
fn every_target_is_built_here_and_there() {
    let named: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let files = fs::read_dir(folder().join("fuzz/fuzz_targets")).unwrap();
    let files: BTreeSet<_> = files
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, named);
    let manifest = fs::read_to_string(folder().join("fuzz/Cargo.toml")).unwrap();
    for name in named {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}

/// Every sample is of a form of the list, or it could not be made.
#[test]
fn every_form_has_a_golden_file() {
    let sampled: BTreeSet<_> = samples().iter().map(|sample| sample.form.name).collect();
    let lacking: Vec<_> = FRAMES.iter().chain(SEALED).map(|form| form.name).collect();
    let lacking: Vec<_> = lacking.into_iter().filter(|name| !sampled.contains(name)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn whatever_is_encoded_is_a_form_or_a_part_of_one() {
    let known = FRAMES.iter().chain(SEALED).map(|form| form.name).chain(PARTS.iter().copied());
    let known: BTreeSet<_> = known.collect();
    let mut found = BTreeSet::new();
    let mut folders = vec![folder().join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let encoded = text.lines().filter_map(|line| line.strip_prefix("impl Canonical for "));
            found.extend(encoded.filter_map(|it| it.split(' ').next()).map(str::to_owned));
        }
    }
    let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
    let strange: Vec<_> = found.symmetric_difference(&known).collect();
    assert!(strange.is_empty(), "neither in `sync::forms` nor a part, or gone: {strange:?}");
}
