//! A disk as it may be after the power went.
//!
//! What a file system promises, and no more: a file holds what was written to it before it was synced,
//! a folder the names that it had before it was synced. Of what came since, each block of a file is as it
//! was at any time since, the length likewise, whatever its blocks are; but a file that was cut is so as
//! a whole. Each new, other or removed name of a folder is so already or not yet. One file, and one name,
//! says nothing about another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Asked, Contents, Dice, Node, Step, contents};

/// Blocks that disks write whole or not at all, in bytes.
const BLOCKS: [usize; 2] = [512, 4096];

/// What is left of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing of it.
    Nothing,
    /// All of it, as where a program ends and the power stays.
    All,
    /// Of each file and each name as the dice fall: nothing, all, or block by block.
    Some,
}

/// What a folder holds, and what of it is durable.
#[derive(Debug, Clone)]
pub struct Platter {
    files: Vec<File>,
    /// What is there for programs.
    names: BTreeMap<PathBuf, Name>,
    /// What is there for ever.
    durable: BTreeMap<PathBuf, Name>,
    /// What happened to names since, in its order.
    since: Vec<Naming>,
}

/// What a name leads to: one of the files, or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    File(usize),
    Folder,
}

/// A file, whatever its name.
#[derive(Debug, Clone, Default)]
struct File {
    durable: Vec<u8>,
    since: Vec<Change>,
    /// Its length for programs.
    length: usize,
}

/// Something that was done to a file.
#[derive(Debug, Clone)]
struct Change {
    at_us: u64,
    /// Bytes that stand from a place on; none where it was cut, or made longer, to end there.
    bytes: Option<Vec<u8>>,
    at: usize,
}

/// Something that was done to names, at once.
#[derive(Debug, Clone)]
struct Naming {
    at_us: u64,
    folder: PathBuf,
    gone: Option<PathBuf>,
    come: Option<(PathBuf, Name)>,
}

impl Platter {
    /// A disk on which a folder lies that has not been written to for long.
    pub fn of(contents: &Contents) -> Self {
        let mut files = Vec::new();
        let mut names = BTreeMap::new();
        for (path, node) in contents {
            let name = match node {
                Node::Folder => Name::Folder,
                Node::File(bytes) => {
                    let length = bytes.len();
                    files.push(File { durable: bytes.clone(), since: Vec::new(), length });
                    Name::File(files.len() - 1)
                }
            };
            names.insert(path.clone(), name);
        }
        Self { files, durable: names.clone(), names, since: Vec::new() }
    }

    /// Does what was asked.
    pub fn take(&mut self, asked: &Asked) {
        let at_us = asked.at_us;
        match &asked.step {
            Step::Created(path) => {
                if !self.names.contains_key(path) {
                    self.files.push(File::default());
                    self.come(at_us, path, Name::File(self.files.len() - 1));
                }
            }
            Step::FolderMade(path) => self.come(at_us, path, Name::Folder),
            Step::Written { path, at, bytes } => {
                let file = self.file(path);
                let at = at.unwrap_or(file.length);
                file.take(Change { at_us, bytes: Some(bytes.clone()), at });
            }
            Step::Resized(path, length) => {
                self.file(path).take(Change { at_us, bytes: None, at: *length });
            }
            Step::Renamed(from, to) => {
                let name = self.names.remove(from).expect("what is renamed is there");
                assert!(matches!(name, Name::File(_)), "a folder that is renamed is not replayed");
                self.names.insert(to.clone(), name);
                let (gone, come) = (Some(from.clone()), Some((to.clone(), name)));
                self.since.push(Naming { at_us, folder: folder_of(to), gone, come });
            }
            Step::Removed(path) => {
                self.names.remove(path).expect("what is removed is there");
                let (folder, gone) = (folder_of(path), Some(path.clone()));
                self.since.push(Naming { at_us, folder, gone, come: None });
            }
            Step::Synced { path, begun_us } => self.sync(path, *begun_us),
            Step::Told(_) => {}
        }
    }

    /// What is there when the power comes back.
    pub fn after_a_cut(&self, left: Left, dice: &mut Dice) -> Contents {
        let mut names = self.durable.clone();
        for naming in &self.since {
            let is_left = match left {
                Left::Nothing => false,
                Left::All => true,
                Left::Some => dice.below(2) == 0,
            };
            if is_left {
                naming.apply(&mut names);
            }
        }
        let mut found = Contents::new();
        for (path, name) in &names {
            // It comes before what is in it.
            let folder = folder_of(path);
            let has_folder = folder == Path::new("") || found.contains_key(&folder);
            let node = match name {
                Name::Folder => Node::Folder,
                Name::File(nth) => {
                    let of_file = if left == Left::Some {
                        dice.one_of([Left::Nothing, Left::All, Left::Some])
                    } else {
                        left
                    };
                    Node::File(self.files.get(*nth).expect("a file").after_a_cut(of_file, dice))
                }
            };
            if has_folder {
                found.insert(path.clone(), node);
            }
        }
        found
    }

    /// How much was asked that is not durable yet.
    pub fn at_stake(&self) -> usize {
        self.since.len() + self.files.iter().map(|file| file.since.len()).sum::<usize>()
    }

    /// Checks that the record is whole: the folder is what it makes of itself when nothing is lost.
    pub fn must_be(&self, folder: &Path) {
        let (made, found) = (self.after_a_cut(Left::All, &mut Dice::of(0)), contents(folder));
        let others: Vec<_> = made
            .keys()
            .chain(found.keys())
            .filter(|path| made.get(*path) != found.get(*path))
            .collect();
        assert!(others.is_empty(), "something passed by the record of {others:?}");
    }

    fn file(&mut self, path: &Path) -> &mut File {
        match self.names.get(path) {
            Some(Name::File(nth)) => self.files.get_mut(*nth).expect("a file"),
            found => panic!("{}: no file, but {found:?}", path.display()),
        }
    }

    fn come(&mut self, at_us: u64, path: &Path, name: Name) {
        self.names.insert(path.to_owned(), name);
        let come = Some((path.to_owned(), name));
        self.since.push(Naming { at_us, folder: folder_of(path), gone: None, come });
    }

    fn sync(&mut self, path: &Path, begun_us: u64) {
        if let Some(Name::File(nth)) = self.names.get(path) {
            return self.files.get_mut(*nth).expect("a file").sync(begun_us);
        }
        let synced = |naming: &Naming| naming.folder == path && naming.at_us <= begun_us;
        let (synced, since) = std::mem::take(&mut self.since).into_iter().partition(synced);
        self.since = since;
        let synced: Vec<Naming> = synced;
        for naming in synced {
            naming.apply(&mut self.durable);
        }
    }
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<PathBuf, Name>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((path, name)) = &self.come {
            names.insert(path.clone(), *name);
        }
    }
}

impl File {
    fn take(&mut self, change: Change) {
        self.length = change.length_after(self.length);
        self.since.push(change);
    }

    fn sync(&mut self, begun_us: u64) {
        let synced = self.since.iter().take_while(|change| change.at_us <= begun_us).count();
        for change in self.since.drain(..synced) {
            let length = change.length_after(self.durable.len());
            self.durable.resize(length, 0);
            change.apply(0, &mut self.durable);
        }
    }

    fn after_a_cut(&self, left: Left, dice: &mut Dice) -> Vec<u8> {
        match left {
            Left::Nothing => self.durable.clone(),
            Left::All => {
                let mut whole = self.clone();
                whole.sync(u64::MAX);
                whole.durable
            }
            Left::Some => self.torn(dice),
        }
    }

    /// Each block as it may be. A cut is one step of the file system, with what it frees: where it is
    /// made it is made everywhere, and where it is not, nothing that came after it is there.
    fn torn(&self, dice: &mut Dice) -> Vec<u8> {
        let cuts: Vec<usize> = (0..self.since.len()).filter(|nth| self.is_cut(*nth)).collect();
        let end = cuts.get(dice.below(cuts.len() + 1)).copied().unwrap_or(self.since.len());
        let made = cuts.iter().take_while(|nth| **nth < end).last().map_or(0, |nth| nth + 1);
        let length = self.length_after(made + dice.below(end - made + 1));
        let size = dice.one_of(BLOCKS);
        let blocks = (0..length).step_by(size);
        blocks.flat_map(|from| self.block(from, size.min(length - from), end, dice)).collect()
    }

    /// Whether a change takes bytes away.
    fn is_cut(&self, nth: usize) -> bool {
        let cut = self.since.get(nth).filter(|change| change.bytes.is_none());
        cut.is_some_and(|cut| cut.at < self.length_after(nth))
    }

    /// The length when so many of the changes were made.
    fn length_after(&self, changes: usize) -> usize {
        let made = self.since.iter().take(changes);
        made.fold(self.durable.len(), |length, change| change.length_after(length))
    }

    /// One block as it was after one of the changes before the `end`th.
    fn block(&self, from: usize, length: usize, end: usize, dice: &mut Dice) -> Vec<u8> {
        let durable = self.durable.iter().skip(from).take(length);
        let mut block: Vec<u8> = durable.copied().collect();
        block.resize(length, 0);
        let touches =
            |nth: &usize| self.since.get(*nth).is_some_and(|change| change.touches(from, length));
        let of_block: Vec<usize> = (0..end).filter(touches).collect();
        let last_cut = of_block.iter().rposition(|nth| self.is_cut(*nth));
        let (least, all) = (last_cut.map_or(0, |nth| nth + 1), of_block.len());
        let drawn = least + dice.below(all - least + 1);
        let made = of_block.iter().take(dice.one_of([least, all, drawn]));
        for change in made.filter_map(|nth| self.since.get(*nth)) {
            change.apply(from, &mut block);
        }
        block
    }
}

impl Change {
    fn length_after(&self, length: usize) -> usize {
        match &self.bytes {
            Some(bytes) => length.max(self.at + bytes.len()),
            None => self.at,
        }
    }

    fn touches(&self, from: usize, length: usize) -> bool {
        match &self.bytes {
            Some(bytes) => self.at < from + length && self.at + bytes.len() > from,
            // What it cuts off is nothing from then on.
            None => self.at < from + length,
        }
    }

    /// Makes the change to what stands from a place of the file on.
    fn apply(&self, from: usize, block: &mut [u8]) {
        match &self.bytes {
            Some(bytes) => {
                let (skipped, into) = (from.saturating_sub(self.at), self.at.saturating_sub(from));
                let written = bytes.iter().skip(skipped);
                for (there, byte) in block.iter_mut().skip(into).zip(written) {
                    *there = *byte;
                }
            }
            None => block.iter_mut().skip(self.at.saturating_sub(from)).for_each(|byte| *byte = 0),
        }
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn path(name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    fn written(name: &str, at: usize, bytes: &[u8]) -> Step {
        Step::Written { path: path(name), at: Some(at), bytes: bytes.to_vec() }
    }

    fn synced(name: &str, begun_us: u64) -> Step {
        Step::Synced { path: path(name), begun_us }
    }

    /// A disk with one old file, after these steps, each a microsecond after the one before.
    fn disk(steps: Vec<Step>) -> Platter {
        let old = Contents::from([(path("old"), Node::File(b"old".to_vec()))]);
        let mut platter = Platter::of(&old);
        for (at_us, step) in (1..).zip(steps) {
            platter.take(&Asked { at_us, step });
        }
        platter
    }

    fn told(contents: &Contents) -> String {
        let one = |(path, node): (&PathBuf, &Node)| match node {
            Node::Folder => format!("{}/", path.display()),
            Node::File(bytes) => format!("{}={}", path.display(), bytes.escape_ascii()),
        };
        contents.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_synced_stays_and_nothing_else_has_to() {
        let check = |steps: &[Step], nothing: &str, all: &str| {
            let (platter, mut dice) = (disk(steps.to_vec()), Dice::of(0));
            assert_eq!(told(&platter.after_a_cut(Left::Nothing, &mut dice)), nothing, "{steps:?}");
            assert_eq!(told(&platter.after_a_cut(Left::All, &mut dice)), all, "{steps:?}");
        };
        let rename = || Step::Renamed(path("new"), path("old"));
        check(&[written("old", 0, b"new")], "old=old", "old=new");
        check(&[written("old", 0, b"new"), synced("old", 2)], "old=new", "old=new");
        check(&[written("old", 0, b"new"), synced("old", 0)], "old=old", "old=new");
        check(&[written("old", 1, b"new"), Step::Resized(path("old"), 2)], "old=old", "old=on");
        let made = [Step::Created(path("new")), written("new", 0, b"1"), synced("new", 3)];
        check(&made, "old=old", "new=1 old=old");
        check(&[&made[..], &[synced("", 4)]].concat(), "new=1 old=old", "new=1 old=old");
        check(&[&made[..], &[rename()]].concat(), "old=old", "old=1");
        check(&[&made[..], &[rename(), synced("", 5)]].concat(), "old=1", "old=1");
        check(&[Step::Removed(path("old"))], "old=old", "");
        check(&[Step::Removed(path("old")), synced("", 2)], "", "");
        let deep = [Step::FolderMade(path("d")), Step::Created(path("d/e"))];
        check(&[&deep[..], &[synced("d", 3)]].concat(), "old=old", "d/ d/e= old=old");
        check(
            &[&deep[..], &[synced("d", 3), synced("", 4)]].concat(),
            "d/ d/e= old=old",
            "d/ d/e= old=old",
        );
    }

    #[test]
    fn what_is_not_synced_is_torn_everywhere() {
        let mut lengths = BTreeSet::new();
        let mut torn = BTreeSet::new();
        for seed in 0..8000 {
            let long = [written("old", 0, &[b'1'; 1024]), written("old", 0, &[b'2'; 1024])];
            let left = disk(long.to_vec()).after_a_cut(Left::Some, &mut Dice::of(seed));
            let Some(Node::File(bytes)) = left.get(Path::new("old")) else { panic!("it is there") };
            lengths.insert(bytes.len());
            let of_block = bytes.chunks(512).map(|block| *block.last().expect("a byte"));
            torn.insert(of_block.collect::<Vec<_>>());
        }
        assert_eq!(lengths, BTreeSet::from([3, 1024]));
        // The old, the first and the second, in any two blocks.
        let blocks = [0, b'1', b'2'];
        let pairs = blocks.iter().flat_map(|one| blocks.map(|two| vec![*one, two]));
        let short = [b'd', b'1', b'2'].map(|last| vec![last]);
        assert_eq!(torn, pairs.chain(short).collect::<BTreeSet<_>>());
    }

    #[test]
    fn a_cut_is_made_everywhere_or_nowhere() {
        let mut found = BTreeSet::new();
        for seed in 0..400 {
            let old = [written("old", 0, &[b'1'; 1024]), synced("old", 2)];
            let new = [Step::Resized(path("old"), 0), written("old", 0, &[b'2'; 512])];
            let left = disk([old, new].concat()).after_a_cut(Left::Some, &mut Dice::of(seed));
            found.insert(told(&left));
        }
        let all = ["1".repeat(1024), String::new(), "2".repeat(512), "\\x00".repeat(512)];
        assert_eq!(found, all.map(|bytes| format!("old={bytes}")).into_iter().collect());
    }

    #[test]
    fn a_gap_in_the_record_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("old"), b"new").expect("a file");
        let told = |steps| std::panic::catch_unwind(|| disk(steps).must_be(folder.path())).is_err();
        assert!(!told(vec![written("old", 0, b"new")]));
        assert!(told(vec![written("old", 0, b"ne")]));
        assert!(told(vec![written("old", 0, b"new"), Step::Created(path("other"))]));
    }
}
