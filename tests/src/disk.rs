//! Small disks, to be filled.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk of its own, where the system lets us make one.
#[derive(Debug)]
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one at a folder, with options such as `size=3m`; none where we may not.
    pub fn mount(dir: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(dir).expect("a folder for a disk");
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir).output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(dir.to_owned()));
        }
        println!("skipped: a small disk can only be made by root on Linux");
        None
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Mounts it anew with other options.
    pub fn remount(&self, options: &str) {
        let done = Command::new("mount").args(["-o", options]).arg(&self.0).status();
        assert!(done.is_ok_and(|status| status.success()), "remounted with {options}");
    }

    /// Fills it to its last byte.
    pub fn take_what_is_left(&self) {
        let file = File::options().append(true).create(true).open(self.rest());
        let (mut rest, mut piece) = (file.expect("a file that fills it"), vec![1; 64 * 1024]);
        while !piece.is_empty() {
            if rest.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
    }

    /// Fills it to so many bytes before its last.
    pub fn leave(&self, bytes: u64) {
        self.take_what_is_left();
        let rest = File::options().write(true).open(self.rest()).expect("a file that fills it");
        let taken = rest.metadata().expect("its length").len();
        rest.set_len(taken.saturating_sub(bytes)).expect("a little room");
    }

    /// Gives back what was taken.
    pub fn give_back(&self) {
        fs::remove_file(self.rest()).expect("what was taken");
    }

    fn rest(&self) -> PathBuf {
        self.0.join("rest")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}
