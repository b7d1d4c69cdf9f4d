//! The sources and the texts know the same keys.

use super::*;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// Every string literal with a dot that looks like a key, so that keys kept in tables count.
fn used() -> BTreeSet<String> {
    let mut found = Vec::new();
    // Those of a medication line are named in `clinical`.
    for folder in ["src", "../crates/clinical/src/display"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    let mut keys = BTreeSet::new();
    for file in found.iter().filter(|file| !file.to_string_lossy().contains("/tests")) {
        let text = std::fs::read_to_string(file).unwrap();
        let production = text.split("#[cfg(test)]").next().unwrap().to_owned();
        for literal in production.split('"').skip(1).step_by(2) {
            let shape = literal.contains('.')
                && literal.split('.').all(|part| {
                    part.starts_with(|first: char| first.is_ascii_lowercase())
                        && part
                            .bytes()
                            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                });
            if shape {
                keys.insert(literal.to_owned());
            }
        }
    }
    keys
}

/// Keys that are put together at run time.
const MADE: [&str; 9] = [
    "finding.",
    "history.",
    "drug.",
    "advice.said.",
    "advice.from.",
    "duplicate.",
    "audit.did.",
    "audit.of.",
    "noun.",
];

#[test]
fn every_key_in_the_sources_has_a_text_and_every_text_a_use() {
    let english = read("en").texts;
    let used = used();
    let known = |key: &String| {
        english.contains_key(key)
            || ["one", "other"].iter().all(|form| english.contains_key(&format!("{key}.{form}")))
    };
    let missing: Vec<_> = used.iter().filter(|key| !known(key)).collect();
    assert!(missing.is_empty(), "no text for {missing:?}");
    let is_used = |key: &String| {
        let stem = key.rsplit_once('.').map_or("", |(stem, _)| stem);
        used.contains(key) || used.contains(stem) || MADE.iter().any(|made| key.starts_with(made))
    };
    let idle: Vec<_> = english.keys().filter(|key| !is_used(key)).collect();
    assert!(idle.is_empty(), "never shown: {idle:?}");
}
