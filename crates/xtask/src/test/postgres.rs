//! A throw-away PostgreSQL for the tests: made in a temporary folder, gone with the run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::{At, Failure, Outcome};
use crate::program::Program;
use crate::say;

/// Where Debian and Ubuntu keep the programs of each version, away from `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The oldest version that has what the server's tables need.
const VERSION_MIN: u32 = 15;
/// The user to whom the programs of the package belong: they refuse to run as root.
const OWNER: &str = "postgres";

/// A cluster that runs; it stops and is removed when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    as_owner: bool,
}

impl Postgres {
    /// Makes a cluster in `folder`, which is made too, and starts it at a socket in there alone.
    pub(crate) fn start(folder: &Path) -> Outcome<Self> {
        // Nothing of it outlives the run: what a power cut would lose may be lost.
        Self::start_with(folder, "-c fsync=off")
    }

    /// One that waits for its disk as any does that keeps something: for figures.
    pub(crate) fn start_durable(folder: &Path) -> Outcome<Self> {
        Self::start_with(folder, "-c fsync=on")
    }

    fn start_with(folder: &Path, more: &str) -> Outcome<Self> {
        let programs = programs()?;
        let as_owner = is_root();
        // Made here and for us alone: whoever can open the socket is its superuser.
        make_private(folder).at(folder)?;
        let cluster = Self { programs, folder: folder.to_owned(), as_owner };
        if as_owner {
            Program::new("chown").args([OWNER]).args([folder]).show()?;
        }
        say::doing("starting a PostgreSQL for the tests");
        let data = cluster.data();
        let new = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"];
        cluster.program("initdb").args(["--pgdata"]).args([&data]).args(new).answer()?;
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={} {more} -c max_connections=300",
            folder.display()
        );
        let log = folder.join("log");
        cluster
            .program("pg_ctl")
            .args(["start", "--wait", "--silent", "--pgdata"])
            .args([&data])
            .args(["--log"])
            .args([&log])
            .args(["--options", &settings])
            .show()?;
        Ok(cluster)
    }

    /// How the tests reach it as its superuser.
    pub(crate) fn address(&self) -> String {
        format!("host={} user=postgres", self.folder.display())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Program {
        let path = self.programs.join(name);
        // Its own folder: this one may be closed to the owner.
        if self.as_owner {
            Program::new("runuser").args(["-u", OWNER, "--"]).args([path]).directory(&self.folder)
        } else {
            Program::new(path).directory(&self.folder)
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stop = ["stop", "--mode=immediate", "--silent", "--pgdata"];
        self.program("pg_ctl").args(stop).args([self.data()]).works();
        // What cannot be removed lies in the system's folder for such things.
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// The folder of PostgreSQL's programs: the newest of Debian's, or where `PATH` has them.
fn programs() -> Outcome<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let numbered = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        (number >= VERSION_MIN && programs.join("initdb").is_file()).then_some((number, programs))
    });
    if let Some((_, programs)) = numbered.max() {
        return Ok(programs);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    on_path.ok_or_else(|| {
        Failure::Missing(format!(
            "please install PostgreSQL {VERSION_MIN} or newer with its server, then start again"
        ))
    })
}

/// Fails where something of that name is there already.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut maker = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)
}

fn is_root() -> bool {
    Program::new("id").args(["-u"]).answer().is_ok_and(|id| id.trim() == "0")
}
