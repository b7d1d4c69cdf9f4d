//! Failed attempts to get in, kept until someone does: while the store is closed there is no audit
//! chain to write them to.
//!
//! A small file beside the key slots says for whom of those who sign in here, what was tried and
//! when; no word of what was typed. With the next sign-in it becomes rows of the chain. The first
//! times are kept and the rest counted, so that it stays small however often somebody tries.

use crate::{
    audit::{Deed, OtherDeed},
    host::Host,
    open::Session,
    people::at_work,
};
use clinical::{Instant, PractitionerId, Stamp};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use store::{AuditEvent, AuditOutcome};
use uuid::Uuid;
use vault::keyslots::same_user;

const FILE: &str = "fieldchart.attempts";
const LOCK_FILE: &str = "fieldchart.attempts-lock";
/// So often it is asked for the turn at the file, and so long is waited between: 2 s in all.
const TURN_TRIES_MAX: u32 = 1000;
const TURN_PAUSE: Duration = Duration::from_millis(2);
/// What is longer is not ours.
const BYTES_MAX: u64 = 256 * 1024;
/// Times kept of one person and way in; beyond them it is counted.
const TIMES_MAX: usize = 50;
/// The newest form of the file this version knows. The first had two ways in.
const FORM: u8 = 2;
/// Persons and ways in that are kept.
const GROUPS_MAX: usize = 100;

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attempts {
    version: u8,
    failed: Vec<Group>,
}

/// What is the same in every form of the file.
#[derive(Default, Deserialize)]
struct Form {
    version: u64,
}

/// The failed attempts of one person by one way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    /// As the slot names the person; empty for a name that no slot has.
    user_name: String,
    way: Way,
    /// The first times.
    at: Vec<Instant>,
    /// How many there were beyond these, and the last of them.
    #[serde(default)]
    more: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<Instant>,
}

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    SignIn,
    RecoverAccess,
    ResumeJoining,
    /// The password was right, and the person may not do it.
    AcceptLoss,
}

impl Way {
    fn deed(self) -> Deed {
        let deed = match self {
            Self::SignIn => OtherDeed::SignIn,
            Self::RecoverAccess => OtherDeed::RecoverAccess,
            Self::ResumeJoining => OtherDeed::ResumeJoining,
            Self::AcceptLoss => OtherDeed::AcceptLoss,
        };
        deed.into()
    }

    const fn outcome(self) -> AuditOutcome {
        match self {
            Self::SignIn | Self::RecoverAccess | Self::ResumeJoining => AuditOutcome::Failure,
            Self::AcceptLoss => AuditOutcome::Refused,
        }
    }
}

/// Keeps that somebody failed to get in, for the chain. `user_name` is one that a slot has: what
/// else was typed as a name may be a password. A disk that refuses is told to the log alone:
/// the attempt has failed all the same.
pub(super) fn keep<H: Host>(host: &H, user_name: &str, way: Way) {
    keep_in(host.directory(), user_name, way, host.now());
}

fn keep_in(folder: &Path, user_name: &str, way: Way, at: Instant) {
    let _turn = Turn::take(folder);
    let path = path(folder);
    let Some(mut attempts) = read(&path) else {
        tracing::warn!("failed sign-ins of a newer version are kept; this one is not beside them");
        return;
    };
    attempts.add(user_name, way, at);
    if let Err(error) = write(&path, &attempts) {
        tracing::warn!(kind = ?error.kind(), "a failed sign-in was not kept");
    }
}

/// Hands the rows of what was kept to `record`, in the order in which it happened.
///
/// # Errors
/// Those of `record`; what was kept stays.
pub(super) fn hand_over<H: Host, E>(
    session: &Session<'_, H>,
    record: impl FnOnce(Vec<AuditEvent>) -> Result<(), E>,
) -> Result<(), E> {
    hand_over_from(session.host.directory(), |attempts| record(rows(session, attempts)))
}

/// What was kept is forgotten once it is recorded: where the program dies between, it comes twice
/// rather than never. Nothing is kept meanwhile: it would be forgotten with the rest.
fn hand_over_from<E>(
    folder: &Path,
    record: impl FnOnce(Attempts) -> Result<(), E>,
) -> Result<(), E> {
    let _turn = Turn::take(folder);
    let attempts = read(&path(folder)).unwrap_or_default();
    let is_any = !attempts.failed.is_empty();
    record(attempts)?;
    if is_any {
        forget(folder);
    }
    Ok(())
}

fn rows<H: Host>(session: &Session<'_, H>, attempts: Attempts) -> Vec<AuditEvent> {
    let now = session.host.now();
    let people = at_work(session.open.store.people().unwrap_or_default());
    let of = |name: &str| {
        let named = people.iter().find(|one| same_user(&one.user_name, name));
        named.map_or(PractitionerId::from_uuid(Uuid::nil()), |person| person.id)
    };
    let mut rows: Vec<AuditEvent> = Vec::new();
    for group in attempts.failed {
        let deed = group.way.deed();
        // Nothing was tried later than now.
        let row = |at: Instant| {
            let at = at.min(now);
            let stamp = Stamp { author: of(&group.user_name), device: session.open.device, at };
            AuditEvent { outcome: group.way.outcome(), ..deed.event(stamp, None) }
        };
        rows.extend(group.at.iter().map(|at| row(*at)));
        if let Some(last) = group.last {
            let resource = format!("{}+{}", deed.command, group.more);
            rows.push(AuditEvent { resource, ..row(last) });
        }
    }
    rows.sort_by_key(|row| row.at);
    rows
}

/// Forgets what is in the chain now.
fn forget(folder: &Path) {
    let path = path(folder);
    if read(&path).is_none() {
        return;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(kind = ?error.kind(), "failed sign-ins will be told again");
        }
        Ok(()) | Err(_) => {}
    }
}

/// The turn at the file, held while it is read and written: of guesses made at once, in one program
/// or in several, each counts.
struct Turn(#[expect(dead_code, reason = "held for its lock")] Option<File>);

impl Turn {
    /// Waits for the turn, and not for ever: a guess that is told without it counts better than one
    /// that is not told.
    fn take(folder: &Path) -> Self {
        let path = folder.join(LOCK_FILE);
        if !is_file_or_absent(&path) {
            tracing::warn!("failed sign-ins are kept without a lock: its file is none");
            return Self(None);
        }
        // To read too: a pipe that was put there since would be waited for by who writes alone.
        let open = || File::options().create(true).read(true).append(true).open(&path);
        let Ok(file) = open() else { return Self(None) };
        for _ in 0..TURN_TRIES_MAX {
            match file.try_lock() {
                Ok(()) => return Self(Some(file)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(TURN_PAUSE),
                Err(TryLockError::Error(error)) => {
                    tracing::warn!(kind = ?error.kind(), "failed sign-ins are kept without a lock");
                    return Self(None);
                }
            }
        }
        tracing::warn!("failed sign-ins are kept without their turn");
        Self(None)
    }
}

impl Attempts {
    /// No more than this program ever keeps: whoever reaches the folder can write the file too, and
    /// the rows it becomes are for ever.
    fn limit(&mut self) {
        self.failed.truncate(GROUPS_MAX);
        self.failed.iter_mut().for_each(|group| group.at.truncate(TIMES_MAX));
    }

    fn add(&mut self, user_name: &str, way: Way, at: Instant) {
        self.version = FORM;
        let is_it = |group: &&mut Group| group.way == way && group.user_name == user_name;
        let room = self.failed.len() < GROUPS_MAX;
        match self.failed.iter_mut().find(is_it) {
            Some(group) if group.at.len() < TIMES_MAX => group.at.push(at),
            Some(group) => {
                group.more = group.more.saturating_add(1);
                group.last = Some(at);
            }
            None if room => {
                let user_name = user_name.to_owned();
                self.failed.push(Group { user_name, way, at: vec![at], more: 0, last: None });
            }
            None => {}
        }
    }
}

/// Whether a path can be opened without waiting for anybody: no pipe, no device.
fn is_file_or_absent(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(found) => found.is_file(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// What is there; nothing where it is no file of ours: it must not keep anybody out. `None` where
/// a newer version wrote it: it is left for that one.
fn read(path: &Path) -> Option<Attempts> {
    let is_short = |found: fs::Metadata| found.is_file() && found.len() <= BYTES_MAX;
    let short = fs::metadata(path).is_ok_and(is_short);
    let bytes = if short { fs::read(path).unwrap_or_default() } else { Vec::new() };
    let form: Form = serde_json::from_slice(&bytes).unwrap_or_default();
    if form.version > u64::from(FORM) {
        return None;
    }
    let mut attempts: Attempts = serde_json::from_slice(&bytes).unwrap_or_default();
    attempts.limit();
    Some(attempts)
}

/// Writes it aside first, so that it is there whole or as it was.
fn write(path: &Path, attempts: &Attempts) -> io::Result<()> {
    let aside = path.with_extension("attempts-new");
    if !is_file_or_absent(&aside) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::write(&aside, serde_json::to_vec(attempts)?)?;
    fs::rename(aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::from_unix_ms(ms)
    }

    #[test]
    fn a_file_that_somebody_filled_becomes_no_more_rows_than_ours() {
        let group = Group {
            user_name: "ana".to_owned(),
            way: Way::SignIn,
            at: (0..9000).map(at).collect(),
            more: 0,
            last: None,
        };
        let folder = tempfile::tempdir().unwrap();
        let filled = Attempts { version: FORM, failed: vec![group; GROUPS_MAX + 9] };
        fs::write(path(folder.path()), serde_json::to_vec(&filled).unwrap()).unwrap();
        assert_eq!(read(&path(folder.path())), Some(Attempts::default()), "too long");
        let failed = filled
            .failed
            .iter()
            .cloned()
            .map(|group| Group { at: group.at[..60].to_vec(), ..group });
        let filled = Attempts { version: FORM, failed: failed.collect() };
        fs::write(path(folder.path()), serde_json::to_vec(&filled).unwrap()).unwrap();
        let kept = read(&path(folder.path())).unwrap().failed;
        assert_eq!((kept.len(), kept[0].at.len()), (GROUPS_MAX, TIMES_MAX));
    }

    #[test]
    fn the_file_keeps_its_form() {
        let mut attempts = Attempts::default();
        attempts.add("ana", Way::SignIn, at(1_795_512_600_000));
        attempts.add("ana", Way::SignIn, at(1_795_512_601_000));
        attempts.add("", Way::RecoverAccess, at(1_795_512_602_000));
        let first = Attempts { version: 1, ..attempts.clone() };
        attempts.add("ana", Way::ResumeJoining, at(1_795_512_603_000));
        attempts.add("ben", Way::AcceptLoss, at(1_795_512_604_000));
        let text = serde_json::to_string(&attempts).unwrap();
        insta::assert_snapshot!(
            text,
            @r#"{"version":2,"failed":[{"userName":"ana","way":"sign-in","at":[1795512600000,1795512601000],"more":0},{"userName":"","way":"recover-access","at":[1795512602000],"more":0},{"userName":"ana","way":"resume-joining","at":[1795512603000],"more":0},{"userName":"ben","way":"accept-loss","at":[1795512604000],"more":0}]}"#
        );
        let released = r#"{"version":1,"failed":[{"userName":"ana","way":"sign-in","at":[1795512600000,1795512601000],"more":0},{"userName":"","way":"recover-access","at":[1795512602000],"more":0}]}"#;
        assert_eq!(serde_json::from_str::<Attempts>(released).unwrap(), first);
        assert_eq!(serde_json::from_str::<Attempts>(&text).unwrap(), attempts);
    }

    #[test]
    fn it_stays_small_and_counts_on() {
        let mut attempts = Attempts::default();
        let count = i64::try_from(TIMES_MAX).unwrap() + 7;
        (0..count).for_each(|ms| attempts.add("ana", Way::SignIn, at(ms)));
        let group = &attempts.failed[0];
        assert_eq!((group.at.len(), group.more, group.last), (TIMES_MAX, 7, Some(at(count - 1))));
        (0..200).for_each(|n| attempts.add(&n.to_string(), Way::SignIn, at(n)));
        assert_eq!(attempts.failed.len(), GROUPS_MAX);
    }

    #[test]
    fn of_guesses_made_at_once_each_counts() {
        let folder = tempfile::tempdir().unwrap();
        let count = |attempts: &Attempts| -> u64 {
            let of = |group: &Group| u64::try_from(group.at.len()).unwrap() + group.more;
            attempts.failed.iter().map(of).sum()
        };
        let guess = || (0..20).for_each(|ms| keep_in(folder.path(), "ana", Way::SignIn, at(ms)));
        std::thread::scope(|threads| {
            (0..8).for_each(|_| drop(threads.spawn(guess)));
        });
        assert_eq!(read(&path(folder.path())).as_ref().map(count), Some(160));
        // Also while what was kept goes into the chain.
        let told = std::sync::atomic::AtomicU64::default();
        let tell = || {
            for _ in 0..20 {
                let told_now = hand_over_from(folder.path(), |attempts| {
                    told.fetch_add(count(&attempts), std::sync::atomic::Ordering::SeqCst);
                    Ok::<(), ()>(())
                });
                assert_eq!(told_now, Ok(()));
            }
        };
        std::thread::scope(|threads| {
            (0..4).for_each(|_| drop(threads.spawn(guess)));
            (0..2).for_each(|_| drop(threads.spawn(tell)));
        });
        tell();
        assert_eq!(told.into_inner(), 160 + 80);
        // What could not be recorded stays.
        guess();
        assert_eq!(hand_over_from(folder.path(), |_| Err(())), Err(()));
        assert_eq!(read(&path(folder.path())).as_ref().map(count), Some(20));
    }

    /// Whoever opened one would wait for its other end for ever.
    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_a_file_keeps_nobody_waiting() {
        for name in [LOCK_FILE, FILE, "fieldchart.attempts-new"] {
            let folder = tempfile::tempdir().unwrap();
            let pipe = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            keep_in(folder.path(), "ana", Way::SignIn, at(1));
            let told = hand_over_from(folder.path(), Err::<(), _>);
            let kept = told.unwrap_err().failed.len();
            assert_eq!(kept, usize::from(name != "fieldchart.attempts-new"), "{name}");
        }
    }

    #[test]
    fn what_is_no_file_of_ours_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path());
        for bytes in [b"".to_vec(), b"{".to_vec(), vec![b'['; 300 * 1024]] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path), Some(Attempts::default()));
        }
        forget(folder.path());
        assert!(!path.exists());
        forget(folder.path());
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path());
        let newer = br#"{"version":3,"failed":[{"who":"ana"}]}"#;
        fs::write(&path, newer).unwrap();
        assert_eq!(read(&path), None);
        forget(folder.path());
        assert_eq!(fs::read(&path).unwrap(), newer);
    }
}
