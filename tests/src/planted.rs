//! Words planted in a record, looked for in every byte of every file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::scene::files_of;

/// A place where a planted word stands in the clear.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The file.
    pub file: PathBuf,
    /// The word.
    pub word: String,
    /// How it is written there.
    pub form: &'static str,
}

/// One form of a word.
#[derive(Debug)]
struct Pattern {
    bytes: Vec<u8>,
    word: String,
    form: &'static str,
}

/// What is looked for: each word in each form, by its first four bytes.
#[derive(Debug)]
pub struct Search {
    by_start: BTreeMap<[u8; 4], Vec<Pattern>>,
}

impl Search {
    /// Looks for words of at least four letters, large and small letters of ASCII alike, in
    /// UTF-8 and UTF-16 of both orders.
    pub fn new(words: &[&str]) -> Self {
        let mut by_start: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for word in words {
            assert!(word.chars().count() >= 4, "{word:?} is too short to be looked for");
            let wide = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect();
            let forms: [(&'static str, Vec<u8>); 3] = [
                ("UTF-8", word.as_bytes().to_vec()),
                ("UTF-16, low byte first", wide(u16::to_le_bytes)),
                ("UTF-16, high byte first", wide(u16::to_be_bytes)),
            ];
            for (form, bytes) in forms {
                let bytes = bytes.to_ascii_lowercase();
                let start = *bytes.first_chunk().expect("four bytes");
                let word = (*word).to_owned();
                by_start.entry(start).or_default().push(Pattern { bytes, word, form });
            }
        }
        Self { by_start }
    }

    /// Every leak in the files below some folders, and how many bytes were looked at.
    pub fn leaks(&self, folders: &[&Path]) -> (Vec<Leak>, usize) {
        let files = folders.iter().flat_map(|folder| files_of(folder));
        let (mut leaks, mut looked) = (Vec::new(), 0);
        for file in files {
            // While programs run, a file of theirs may go.
            let Ok(bytes) = std::fs::read(&file) else { continue };
            looked += bytes.len();
            for (word, form) in self.found(&bytes.to_ascii_lowercase()) {
                leaks.push(Leak { file: file.clone(), word, form });
            }
            let name = file.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
            for (word, form) in self.found(name.unwrap_or_default().as_bytes()) {
                leaks.push(Leak { file: file.clone(), word, form });
            }
        }
        leaks.sort();
        leaks.dedup();
        (leaks, looked)
    }

    fn found(&self, bytes: &[u8]) -> Vec<(String, &'static str)> {
        let mut found = Vec::new();
        for (at, start) in bytes.windows(4).enumerate() {
            let Some(patterns) = start.first_chunk().and_then(|key| self.by_start.get(key)) else {
                continue;
            };
            let (_, rest) = bytes.split_at(at);
            let whole = patterns.iter().filter(|pattern| rest.starts_with(&pattern.bytes));
            found.extend(whole.map(|pattern| (pattern.word.clone(), pattern.form)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_every_form_and_place() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("deep");
        std::fs::create_dir_all(&deep).unwrap();
        let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "Grace Нгуен".encode_utf16().flat_map(bytes).collect()
        };
        std::fs::write(deep.join("a"), b"\0xx OKELLO\0").unwrap();
        std::fs::write(deep.join("b"), wide(u16::to_le_bytes)).unwrap();
        std::fs::write(deep.join("c"), [&[0][..], &wide(u16::to_be_bytes)].concat()).unwrap();
        std::fs::write(deep.join("okello.txt"), b"").unwrap();
        let search = Search::new(&["Okello", "Нгуен", "nothing of it"]);
        let (leaks, looked) = search.leaks(&[folder.path()]);
        let names = leaks.iter().map(|leak| leak.file.file_name().unwrap().to_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["a", "b", "c", "okello.txt"], "{leaks:?}");
        assert!(looked > 40, "{looked}");
    }
}
