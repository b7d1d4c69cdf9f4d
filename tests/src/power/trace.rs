//! What a program asked of the files of a folder, as `strace` writes it down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::is_memory;
use crate::process::wait_for;

/// What changes a file, a name or what is durable of them, and what says where a write without a place
/// goes. Some are known on some processors alone.
const CALLS: &str = "trace=openat,?open,?creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,\
    ?truncate,fallocate,copy_file_range,lseek,fsync,fdatasync,sync_file_range,?rename,?renameat,\
    renameat2,?unlink,unlinkat,?rmdir,?mkdir,mkdirat,?link,linkat,symlinkat";

/// Longest text that is written down whole, in bytes: more than is ever written at once.
const TEXT_BYTES_MAX: &str = "67108864";

/// Something that was asked, when it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When, in microseconds since 1970.
    pub at_us: u64,
    /// What.
    pub step: Step,
}

/// What was done to the folder, by paths within it; the folder itself has the empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A file is there, as it was where it was there already.
    Created(PathBuf),
    /// A folder is there.
    FolderMade(PathBuf),
    /// Bytes stand at a place of a file.
    Written {
        /// The file.
        path: PathBuf,
        /// From which byte on; none is at its end.
        at: Option<usize>,
        /// What was written.
        bytes: Vec<u8>,
    },
    /// A file has another length.
    Resized(PathBuf, usize),
    /// A name leads to what another one led to.
    Renamed(PathBuf, PathBuf),
    /// A name leads to nothing.
    Removed(PathBuf),
    /// What was asked for a file, or for the names of a folder, before the syncing began is durable.
    Synced {
        /// The file or the folder.
        path: PathBuf,
        /// When it began, in microseconds since 1970.
        begun_us: u64,
    },
    /// Whoever started the program was told this.
    Told(Vec<u8>),
}

/// The words that start a program so that what it asks is written to the file `record`; more words of
/// `strace` may follow.
pub fn looking_on(record: &Path) -> Vec<String> {
    let record = record.to_str().expect("a path that is text");
    // It looks on from the side: the program is the child of who starts it, and can be killed.
    let words = ["strace", "-D", "-f", "-ttt", "-y", "-xx", "-s", TEXT_BYTES_MAX, "-o", record];
    words.into_iter().chain(["-e", CALLS]).map(str::to_owned).collect()
}

/// The record of a program that has ended or is about to, once it is written to its end.
pub fn whole(record: &Path) -> String {
    wait_for("the end of a record", || {
        let record = std::fs::read_to_string(record).ok()?;
        let (first, _) = record.split_once(' ')?;
        let is_end = |line: &str| {
            line.split_once(' ')
                .is_some_and(|(thread, said)| thread == first && said.contains("+++ "))
        };
        record.lines().any(is_end).then_some(record)
    })
}

/// Reads what a record says of a folder, in the order in which it was done.
///
/// # Panics
/// Where a call was made there of a kind that is not understood: a record with gaps is none.
pub fn asked_in(record: &str, folder: &Path) -> Vec<Asked> {
    let mut reader = Reader { folder, begun: BTreeMap::new(), places: BTreeMap::new() };
    record.lines().flat_map(|line| reader.line(line)).collect()
}

/// Reads line by line.
struct Reader<'a> {
    folder: &'a Path,
    /// Of each thread the call that it waits for: when it began, and its words so far.
    begun: BTreeMap<&'a str, (u64, &'a str)>,
    /// Where the next write goes that names no place, by the number under which a file is open.
    places: BTreeMap<String, Place>,
}

/// Where a write goes that names no place.
#[derive(Debug, Clone, Copy)]
enum Place {
    At(usize),
    End,
}

/// A call that came back.
struct Call<'a> {
    begun_us: u64,
    name: &'a str,
    words: Vec<&'a str>,
    answer: &'a str,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) -> Vec<Asked> {
        let Some((thread, rest)) = line.split_once(' ') else { return Vec::new() };
        let Some((time, said)) = rest.trim_start().split_once(' ') else { return Vec::new() };
        let at_us = time.replace('.', "").parse().expect("a time in microseconds");
        if let Some(begun) = said.strip_suffix(" <unfinished ...>") {
            self.begun.insert(thread, (at_us, begun));
            return Vec::new();
        }
        let (begun_us, said) = match said.strip_prefix("<... ") {
            None => (at_us, said.to_owned()),
            Some(resumed) => {
                let (_, rest) = resumed.split_once(" resumed>").expect("what is resumed");
                let (begun_us, begun) = self.begun.remove(thread).expect("what was begun");
                (begun_us, format!("{begun}{rest}"))
            }
        };
        let Some(call) = Call::read(begun_us, &said) else { return Vec::new() };
        self.steps(&call).into_iter().map(|step| Asked { at_us, step }).collect()
    }

    fn steps(&mut self, call: &Call<'_>) -> Vec<Step> {
        match call.name {
            "openat" | "open" | "creat" => self.opened(call),
            "lseek" => {
                self.places.insert(number_of(call.word(0)), Place::At(call.count()));
                Vec::new()
            }
            "write" => self.written(call),
            "pwrite64" => {
                let at = call.word(3).parse().expect("a place in a file");
                let written = |path| Step::Written { path, at: Some(at), bytes: call.bytes(1) };
                self.of_file(call).map(written).into_iter().collect()
            }
            "ftruncate" => {
                let bytes = call.word(1).parse().expect("a length");
                self.of_file(call).map(|path| Step::Resized(path, bytes)).into_iter().collect()
            }
            "fsync" | "fdatasync" => {
                let synced = |path| Step::Synced { path, begun_us: call.begun_us };
                self.of_file(call).map(synced).into_iter().collect()
            }
            "rename" | "renameat" | "renameat2" => self.renamed(call),
            "unlink" | "unlinkat" | "rmdir" => {
                self.named(call, 0).map(Step::Removed).into_iter().collect()
            }
            "mkdir" | "mkdirat" => self.named(call, 0).map(Step::FolderMade).into_iter().collect(),
            _ => {
                let is_ours = call.words.iter().any(|word| {
                    let path = in_angles(word).unwrap_or_else(|| in_quotes(word));
                    self.within(&path).is_some()
                });
                assert!(!is_ours, "{} is not replayed: {:?}", call.name, call.words);
                Vec::new()
            }
        }
    }

    fn opened(&mut self, call: &Call<'_>) -> Vec<Step> {
        let Some(path) = in_angles(call.answer).and_then(|path| self.within(&path)) else {
            return Vec::new();
        };
        let has = |flag: &str| {
            call.name == "creat"
                || call.words.iter().any(|word| word.split('|').any(|is| is == flag))
        };
        let place = if has("O_APPEND") { Place::End } else { Place::At(0) };
        self.places.insert(number_of(call.answer), place);
        let made = has("O_CREAT").then(|| Step::Created(path.clone()));
        made.into_iter().chain(has("O_TRUNC").then_some(Step::Resized(path, 0))).collect()
    }

    fn written(&mut self, call: &Call<'_>) -> Vec<Step> {
        let number = number_of(call.word(0));
        let bytes = call.bytes(1);
        let Some(path) = self.of_file(call) else {
            let is_answer = number == "1";
            return is_answer.then_some(Step::Told(bytes)).into_iter().collect();
        };
        let place = self.places.entry(number).or_insert(Place::At(0));
        let at = match place {
            Place::End => None,
            Place::At(at) => {
                let from = *at;
                *at += bytes.len();
                Some(from)
            }
        };
        vec![Step::Written { path, at, bytes }]
    }

    fn renamed(&self, call: &Call<'_>) -> Vec<Step> {
        // With the folder that a path begins at, or without.
        let second = if call.name == "rename" { 1 } else { 2 };
        match (self.named(call, 0), self.named(call, second)) {
            (Some(from), Some(to)) => vec![Step::Renamed(from, to)],
            (None, None) => Vec::new(),
            (from, to) => panic!("what goes in or out is not replayed: {from:?} {to:?}"),
        }
    }

    /// The path of the open file, or folder, that a call is about.
    fn of_file(&self, call: &Call<'_>) -> Option<PathBuf> {
        in_angles(call.word(0)).and_then(|path| self.within(&path))
    }

    /// The path at the word `nth`, which may begin at a folder named before it.
    fn named(&self, call: &Call<'_>, nth: usize) -> Option<PathBuf> {
        let word = call.word(nth);
        let path = match in_angles(word) {
            Some(folder) => Path::new(&folder).join(in_quotes(call.word(nth + 1))),
            None => PathBuf::from(in_quotes(word)),
        };
        self.within(&path.to_string_lossy())
    }

    fn within(&self, path: &str) -> Option<PathBuf> {
        let path = Path::new(path).strip_prefix(self.folder).ok()?;
        let is_gone = path.to_string_lossy().ends_with(" (deleted)");
        (!is_gone && !is_memory(path)).then(|| path.to_owned())
    }
}

impl<'a> Call<'a> {
    /// Reads `name(words) = answer`; none where it failed or is no call.
    fn read(begun_us: u64, said: &'a str) -> Option<Self> {
        let (asked, answer) = said.rsplit_once(" = ")?;
        let (name, words) = asked.trim_end().strip_suffix(')')?.split_once('(')?;
        let answer = answer.trim();
        let failed = answer.starts_with('-') || answer.starts_with('?');
        // In bytes that are all written as numbers no comma can stand.
        let words = words.split(", ").collect();
        (!failed).then_some(Self { begun_us, name, words, answer })
    }

    fn word(&self, nth: usize) -> &str {
        let word = self.words.get(nth);
        word.unwrap_or_else(|| panic!("{} has no word {nth}: {:?}", self.name, self.words))
    }

    /// What it answered, as a number.
    fn count(&self) -> usize {
        self.answer.parse().expect("a number of bytes")
    }

    /// The bytes at the word `nth`, as many of them as were taken.
    fn bytes(&self, nth: usize) -> Vec<u8> {
        let word = self.word(nth);
        assert!(!word.ends_with("..."), "{}: more is written at once than is kept", self.name);
        let mut bytes = unescaped(word.trim_matches('"'));
        assert!(bytes.len() >= self.count(), "{}: {} bytes", self.name, bytes.len());
        bytes.truncate(self.count());
        bytes
    }
}

/// The number under which a file is open.
fn number_of(word: &str) -> String {
    word.split('<').next().unwrap_or_default().to_owned()
}

/// The path of an open file, as in `3<\x2f>`.
fn in_angles(word: &str) -> Option<String> {
    let (_, path) = word.split_once('<')?;
    let path = path.split('>').next().unwrap_or_default();
    // Outside of them it says that the file has no name any more.
    let gone = if word.ends_with("(deleted)") { " (deleted)" } else { "" };
    Some(format!("{}{gone}", String::from_utf8_lossy(&unescaped(path))))
}

/// The path in a text, as in `"\x2f"`.
fn in_quotes(word: &str) -> String {
    String::from_utf8_lossy(&unescaped(word.trim_matches('"'))).into_owned()
}

/// The bytes that stand as `\x2f\x61`; nothing where others stand.
fn unescaped(text: &str) -> Vec<u8> {
    let digits = text.split("\\x").skip(1);
    digits.map_while(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Vec<Step> {
        asked_in(lines, Path::new("/s")).into_iter().map(|asked| asked.step).collect()
    }

    /// `/s/a` as it is written down.
    const A: &str = r"\x2f\x73\x2f\x61";

    #[test]
    fn calls_are_read_as_they_were_made() {
        let a = || PathBuf::from("a");
        let check = |lines: &str, want: &[Step]| {
            let lines = lines.replace("@A@", A);
            let lines: String =
                lines.split('\n').map(|line| format!("7 1.000001 {}\n", line.trim())).collect();
            assert_eq!(read(&lines), want, "{lines}");
        };
        let written = |at, bytes: &[u8]| Step::Written { path: a(), at, bytes: bytes.to_vec() };
        check(r#"pwrite64(3<@A@>, "\x62\x63", 2, 40) = 2"#, &[written(Some(40), b"bc")]);
        check(r#"pwrite64(3<@A@>, "\x62\x63", 2, 40) = 1"#, &[written(Some(40), b"b")]);
        check(r#"pwrite64(3<@A@>, "\x62\x63", 2, 40) = -1 ENOSPC (No space)"#, &[]);
        check(r#"pwrite64(3<@A@\x2d\x73\x68\x6d>, "\x62", 1, 0) = 1"#, &[]);
        check(r#"pwrite64(3<@A@>(deleted), "\x62", 1, 0) = 1"#, &[]);
        check(r#"pwrite64(3<\x2f\x62>, "\x62", 1, 0) = 1"#, &[]);
        let at = r#"openat(AT_FDCWD<\x2f>, "@A@", O_RDWR|O_CLOEXEC) = 3<@A@>"#;
        let begun = r#"lseek(3<@A@>, 4096, SEEK_SET) = 4096
            write(3<@A@>, "\x62\x63", 2) = 2
            write(3<@A@>, "\x64", 1) = 1"#;
        let two = [written(Some(4096), b"bc"), written(Some(4098), b"d")];
        check(&format!("{at}\n{begun}"), &two);
        let end = r#"openat(AT_FDCWD<\x2f>, "@A@", O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0666) = 3<@A@>
            write(3<@A@>, "\x62", 1) = 1"#;
        check(end, &[Step::Created(a()), written(None, b"b")]);
        let anew = r#"openat(AT_FDCWD<\x2f>, "@A@", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3<@A@>"#;
        check(anew, &[Step::Created(a()), Step::Resized(a(), 0)]);
        check("ftruncate(3<@A@>, 10) = 0", &[Step::Resized(a(), 10)]);
        let b = PathBuf::from("a.b");
        check(r#"rename("@A@\x2e\x62", "@A@") = 0"#, &[Step::Renamed(b.clone(), a())]);
        let at = r#"renameat2(AT_FDCWD<\x2f>, "\x73\x2f\x61\x2e\x62", 4<\x2f\x73>, "\x61", 0) = 0"#;
        check(at, &[Step::Renamed(b, a())]);
        check(r#"unlink("@A@")  = 0"#, &[Step::Removed(a())]);
        check(r#"unlinkat(4<\x2f\x73>, "\x61", AT_REMOVEDIR) = 0"#, &[Step::Removed(a())]);
        check(r#"mkdir("@A@", 0700) = 0"#, &[Step::FolderMade(a())]);
        check(r#"write(1<\x70>, "\x62", 1) = 1"#, &[Step::Told(b"b".to_vec())]);
        check("+++ exited with 0 +++", &[]);
        let folder = Step::Synced { path: PathBuf::new(), begun_us: 1_000_001 };
        check(r"fsync(4<\x2f\x73>) = 0", &[folder]);
    }

    #[test]
    fn a_sync_covers_what_was_done_before_it_began() {
        let lines = format!(
            "7 1.000001 fdatasync(3<{A}> <unfinished ...>\n\
             8 1.000002 ftruncate(3<{A}>, 1) = 0\n\
             7 1.000003 <... fdatasync resumed>) = 0\n"
        );
        let path = PathBuf::from("a");
        let synced = Step::Synced { path: path.clone(), begun_us: 1_000_001 };
        assert_eq!(read(&lines), [Step::Resized(path, 1), synced]);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let lines = [
            format!("7 1.0 fallocate(3<{A}>, 0, 0, 10) = 0"),
            "7 1.0 linkat(4<\\x2f>, \"\\x62\", 4<\\x2f\\x73>, \"\\x62\", 0) = 0".to_owned(),
            format!("7 1.0 rename(\"\\x2f\\x62\", \"{A}\") = 0"),
        ];
        for line in lines {
            assert!(std::panic::catch_unwind(|| read(&line)).is_err(), "{line}");
        }
    }
}
