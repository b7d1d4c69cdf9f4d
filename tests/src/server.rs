//! A sync server on this machine.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::pictures::Pictures;
use crate::process::{Running, wait_for};
use crate::programs;

/// A server and where its log is.
#[derive(Debug)]
pub struct SyncServer {
    running: Running,
    data: PathBuf,
    address: String,
    pictures: Pictures,
}

impl SyncServer {
    /// Starts one that keeps its log in `data`, at a free port; what it says is kept beside the
    /// pictures.
    pub fn start(data: &Path, pictures: Pictures) -> Self {
        Self::start_at(data, "127.0.0.1:0", pictures)
    }

    /// Ends the server, as a power cut would.
    pub fn stop(mut self) -> Stopped {
        self.running.kill();
        let place = self.address.trim_start_matches("https://");
        let listen = place.split('#').next().unwrap_or_default().to_owned();
        Stopped { data: self.data, listen, pictures: self.pictures }
    }

    /// `https://host:port#sha256:…`, as clinics are told it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Starts one through other words, such as `strace -o FILE`; what was started may end before it
    /// serves.
    ///
    /// # Errors
    /// The server, which is stopped.
    pub fn start_through(
        words: &[String],
        data: &Path,
        listen: &str,
        pictures: Pictures,
    ) -> Result<Self, Stopped> {
        let (first, rest) = words.split_first().expect("a program");
        let mut command = Command::new(first);
        command.args(rest).arg(programs::sync_server());
        Self::try_start(command, data, listen, pictures)
    }

    fn start_at(data: &Path, listen: &str, pictures: Pictures) -> Self {
        let command = Command::new(programs::sync_server());
        let started = Self::try_start(command, data, listen, pictures);
        started.unwrap_or_else(|_| panic!("the server ended before it said where it listens"))
    }

    fn try_start(
        mut command: Command,
        data: &Path,
        listen: &str,
        pictures: Pictures,
    ) -> Result<Self, Stopped> {
        command.arg("--data").arg(data).args(["--listen", listen]).stdout(Stdio::piped());
        command.stderr(pictures.transcript("sync-server"));
        let mut running = Running::start("fieldchart-sync", &mut command);
        let out = running.child().stdout.take().expect("the server's output");
        let mut lines = BufReader::new(out).lines();
        let address = wait_for("the server's address", || match lines.next() {
            Some(line) => address_in(&line.expect("text")).map(Some),
            None => Some(None),
        });
        let data = data.to_path_buf();
        match address {
            Some(address) => Ok(Self { running, data, address, pictures }),
            None => Err(Stopped { data, listen: listen.to_owned(), pictures }),
        }
    }
}

/// A server that was ended, and can be started again where it was.
#[derive(Debug)]
pub struct Stopped {
    data: PathBuf,
    listen: String,
    pictures: Pictures,
}

impl Stopped {
    /// Starts it again on the same log and port.
    pub fn start_again(self) -> SyncServer {
        SyncServer::start_at(&self.data, &self.listen, self.pictures)
    }

    /// Leaves of its folder nothing but the key it is known by.
    #[must_use]
    pub fn emptied(self) -> Self {
        for entry in std::fs::read_dir(&self.data).expect("its folder").flatten() {
            let path = entry.path();
            let gone = if entry.file_name() == "identity.pem" {
                Ok(())
            } else if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
            gone.expect("it goes");
        }
        self
    }

    /// Starts it again through other words.
    ///
    /// # Errors
    /// The server, which is stopped still.
    pub fn try_start_through(self, words: &[String]) -> Result<SyncServer, Self> {
        SyncServer::start_through(words, &self.data, &self.listen, self.pictures)
    }
}

/// Reads `listening on https://HOST:PORT pin sha256:…`.
fn address_in(line: &str) -> Option<String> {
    let (url, pin) = line.strip_prefix("listening on ")?.split_once(" pin ")?;
    Some(format!("{url}#{pin}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_as_clinics_are_told_it() {
        let line = "listening on https://127.0.0.1:4 pin sha256:ab";
        assert_eq!(address_in(line).as_deref(), Some("https://127.0.0.1:4#sha256:ab"));
        assert_eq!(address_in("fieldchart-sync 0.1.0"), None);
    }
}
