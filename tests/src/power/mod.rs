//! What a power cut leaves of a folder. A program is looked on by `strace` as it works there, and the
//! disk is made again as it may be after the power went between any two of its calls: what was synced
//! is there, and of everything else a part.
//!
//! That nothing passes by the record is shown by holding the folder against what the record makes of it
//! when nothing is lost: see [`Platter::must_be`].

mod platter;
mod trace;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use platter::{Left, Platter};
pub use trace::{Asked, Step, asked_in, looking_on, whole};

/// What is in a folder, by paths within it.
pub type Contents = BTreeMap<PathBuf, Node>;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A folder.
    Folder,
    /// A file of these bytes.
    File(Vec<u8>),
}

/// Numbers that look drawn, and are the same again for the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Those of a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// One below `end`, or nothing where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let end = u64::try_from(end).expect("a small number");
        usize::try_from((mixed ^ (mixed >> 31)).checked_rem(end).unwrap_or(0)).expect("no more")
    }

    /// One of several.
    pub fn one_of<T: Copy, const N: usize>(&mut self, of: [T; N]) -> T {
        of.get(self.below(N)).copied().expect("there are some")
    }
}

/// Reads a folder, but for the memory that programs share: it is on no disk.
pub fn contents(folder: &Path) -> Contents {
    let mut found = Contents::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let entries = fs::read_dir(folder.join(&inner)).expect("a folder");
        for entry in entries.map(|entry| entry.expect("what is in it")) {
            let path = inner.join(entry.file_name());
            if entry.path().is_dir() {
                found.insert(path.clone(), Node::Folder);
                folders.push(path);
            } else if !is_memory(&path) {
                let bytes = fs::read(entry.path()).expect("a file is read");
                found.insert(path, Node::File(bytes));
            }
        }
    }
    found
}

/// Makes a folder what it is to be, and nothing else.
pub fn lay(contents: &Contents, folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("what was there goes");
    }
    fs::create_dir_all(folder).expect("a folder");
    // A folder comes before what is in it.
    for (path, node) in contents {
        match node {
            Node::Folder => fs::create_dir(folder.join(path)).expect("a folder"),
            Node::File(bytes) => fs::write(folder.join(path), bytes).expect("a file"),
        }
    }
}

/// Whether a file is memory that programs share.
fn is_memory(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_laid_as_it_was_read() {
        let scene = tempfile::tempdir().expect("a folder");
        let (one, two) = (scene.path().join("one"), scene.path().join("two"));
        fs::create_dir_all(one.join("deep/er")).expect("a folder");
        for (path, bytes) in [("a", "1"), ("a-shm", "2"), ("deep/er/b", "3")] {
            fs::write(one.join(path), bytes).expect("a file");
        }
        fs::create_dir(&two).expect("a folder");
        fs::write(two.join("old"), b"4").expect("a file");
        lay(&contents(&one), &two);
        assert_eq!(contents(&two), contents(&one));
        let paths = contents(&two).into_keys().collect::<Vec<_>>();
        assert_eq!(paths, ["a", "deep", "deep/er", "deep/er/b"].map(PathBuf::from));
    }

    #[test]
    fn dice_fall_on_every_side() {
        let mut dice = Dice::of(6);
        let fallen: std::collections::BTreeSet<_> = (0..200).map(|_| dice.below(6)).collect();
        assert_eq!(fallen.len(), 6);
        assert_eq!(dice.below(0), 0);
    }
}
