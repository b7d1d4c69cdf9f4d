//! A database that lost its last moments: put back from a dump, copied, or promoted. The servers on
//! it begin another life of each log, and devices send again what is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::database::{TestDatabase, cluster};
use crate::common::{Process, World, founder, last, read_log, stored};
use link::Courier;
use sync::cursor::Cursor;
use sync::envelope::Envelope;
use sync::fixtures::run;
use sync::wire::{LogVerdict, OwnVerdict, Verdict};
use tempfile::{TempDir, tempdir};

/// A clinic whose device has pushed three envelopes and is to push three more.
struct Clinic {
    folder: TempDir,
    server: Process,
    world: World,
    courier: Courier,
    sent: Vec<Envelope>,
}

impl Clinic {
    async fn found(database: &TestDatabase) -> Self {
        let folder = tempdir().unwrap();
        let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
        let (world, mut courier) = founder(&server).await;
        let sent = run(1, 1, 6);
        courier.push(&world.push(&sent[..3])).await.unwrap();
        Self { folder, server, world, courier, sent }
    }

    /// Pushes what will be lost, and ends the server; where the device stands then.
    async fn go_on(mut self) -> Lost {
        self.courier.push(&self.world.push(&self.sent[3..])).await.unwrap();
        let (cursor, _) = read_log(&self.world, &mut self.courier).await;
        self.server.kill();
        Lost { folder: self.folder, world: self.world, sent: self.sent, cursor }
    }
}

/// A device that knows more than the database it meets next.
struct Lost {
    folder: TempDir,
    world: World,
    sent: Vec<Envelope>,
    cursor: Cursor,
}

impl Lost {
    /// A server on the other database tells it, and takes back what is missing.
    async fn is_told_and_mended(&self, url: &str) {
        let server = Process::start_with(self.folder.path(), &["--database-url", url]);
        let mut courier = self.world.courier(server.client(), 1);
        let mut hello = self.world.hello(1);
        hello.cursor = Some(self.cursor);
        hello.own = Some(last(&self.sent));
        let reply = courier.hello(&hello).await.unwrap();
        let LogVerdict::Other { log_epoch, .. } = reply.log else { panic!("not seen") };
        assert_ne!(log_epoch, self.cursor.log_epoch);
        assert_eq!(reply.own, OwnVerdict::Held(vec![last(&self.sent[..3])]));
        let again = courier.push(&self.world.push(&self.sent)).await.unwrap().verdicts;
        let known = (1..=3).map(|seq| Verdict::Duplicate { seq });
        assert_eq!(again, known.chain(stored(4, 3)).collect::<Vec<_>>());
        let (cursor, held) = read_log(&self.world, &mut courier).await;
        assert_eq!((held, cursor.log_epoch), (self.sent.clone(), log_epoch));
        // It stays that life at the next start.
        server.kill();
        let server = Process::start_with(self.folder.path(), &["--database-url", url]);
        let mut courier = self.world.courier(server.client(), 1);
        hello.cursor = Some(cursor);
        assert_eq!(courier.hello(&hello).await.unwrap().log, LogVerdict::Same);
    }
}

#[tokio::test]
async fn a_dump_that_is_put_back_is_another_life() {
    let database = TestDatabase::make().await;
    let clinic = Clinic::found(&database).await;
    let dump = clinic.folder.path().join("dump");
    run_program(&programs().join("pg_dump"), &["-Fc", "-d", &database.admin_url(), "-f"], &dump);
    let lost = clinic.go_on().await;
    let other = TestDatabase::empty().await;
    run_program(&programs().join("pg_restore"), &["-d", &other.admin_url()], &dump);
    lost.is_told_and_mended(&other.url()).await;
}

#[tokio::test]
async fn a_copy_within_the_cluster_is_another_life() {
    let database = TestDatabase::make().await;
    let clinic = Clinic::found(&database).await;
    let Clinic { folder, server, world, sent, .. } = clinic;
    server.kill();
    let copy = TestDatabase::copy_of(&database).await;
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    let courier = world.courier(server.client(), 1);
    let lost = Clinic { folder, server, world, courier, sent }.go_on().await;
    lost.is_told_and_mended(&copy.url()).await;
}

#[tokio::test]
async fn a_promoted_standby_is_another_life() {
    let database = TestDatabase::make().await;
    let clinic = Clinic::found(&database).await;
    let standby = Standby::copy_of(&cluster());
    let lost = clinic.go_on().await;
    standby.promote();
    lost.is_told_and_mended(&standby.url(&database.url())).await;
}

/// A copy of the whole cluster, which runs beside it.
struct Standby {
    folder: PathBuf,
}

impl Standby {
    fn copy_of(cluster: &str) -> Self {
        let host = cluster.split(' ').find_map(|word| word.strip_prefix("host=")).unwrap();
        // A short folder, for its socket's path, that the owner of the copy may use.
        let folder = std::env::temp_dir().join(format!("fcsb-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let standby = Self { folder };
        if is_root() {
            run_program(Path::new("chown"), &["postgres"], &standby.folder);
        }
        let copy = ["-h", host, "-U", "postgres", "--checkpoint=fast", "--no-sync", "-D"];
        standby.run("pg_basebackup", &copy);
        let socket = standby.folder.display();
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={socket} -c fsync=off -c max_connections=300"
        );
        let signal = standby.data().join("standby.signal");
        run_program(
            Path::new("cp"),
            &[standby.data().join("PG_VERSION").to_str().unwrap()],
            &signal,
        );
        if is_root() {
            run_program(Path::new("chown"), &["postgres"], &signal);
        }
        standby.run(
            "pg_ctl",
            &["start", "-w", "-s", "-l", &format!("{socket}/log"), "-o", &settings, "-D"],
        );
        standby
    }

    fn promote(&self) {
        self.run("pg_ctl", &["promote", "-w", "-s", "-D"]);
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The same database of the copy.
    fn url(&self, url: &str) -> String {
        let here = format!("host={}", self.folder.display());
        let words = url.split(' ');
        let words: Vec<&str> =
            words.map(|word| if word.starts_with("host=") { &here } else { word }).collect();
        words.join(" ")
    }

    /// As who may run a cluster, on the folder of this one.
    fn run(&self, program: &str, arguments: &[&str]) {
        let path = programs().join(program);
        if is_root() {
            let path = path.to_str().unwrap();
            let words = [&["-u", "postgres", "--", path], arguments].concat();
            run_program(Path::new("runuser"), &words, &self.data());
        } else {
            run_program(&path, arguments, &self.data());
        }
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.run("pg_ctl", &["stop", "-m", "immediate", "-s", "-D"]);
        }
        // What cannot be removed lies in the system's folder for such things.
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a program to its good end; nothing it says is of interest but why it failed.
fn run_program(program: &Path, arguments: &[&str], last: &Path) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let status = Command::new(program)
        .args(arguments)
        .arg(last)
        .current_dir("/")
        .stdout(log.reopen().unwrap())
        .stderr(log.reopen().unwrap())
        .status()
        .unwrap();
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert!(status.success(), "{}: {said}", program.display());
}

/// The programs of the newest PostgreSQL, where Debian keeps them, or else on the path.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        Some((number, version.path().join("bin")))
    });
    numbered.max().map(|(_, programs)| programs).unwrap_or_default()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}
