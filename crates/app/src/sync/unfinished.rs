//! The mark of a joining that is under way, or of a clinic that is being made: a small file beside the
//! store.
//!
//! A computer that joins makes keys and a store before it enters the clinic's list of computers,
//! and may die at any instant between. The mark stands first and goes last. Its first line says
//! which joining it is; further lines say how far it has come: `ready` once everything that is
//! needed is durable, before anyone is told; `entered` once the computer is in the list; `over`
//! once it is given up. Until it has entered nothing was recorded in the store, so that giving up
//! loses nothing. From then on the computer is one of the clinic's, and the mark says only that
//! the recovery code may not have been seen: the same code given again shows a new one. The next
//! sign-in takes it away.

use crate::{
    error::{Told, ToldResult, code_of, folder_refused},
    hex::hex,
    host::{Host, HostEntropy},
};
use api::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use store::{Store, StoreError};
use vault::{KeyslotsFile, random::make_array};

const FILE: &str = "fieldchart.joining";
/// A mark is short; what is longer is not one.
const BYTES_MAX: u64 = 4096;
const READY: &str = "ready";
const ENTERED: &str = "entered";
const OVER: &str = "over";

/// Which joining it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    /// The version of the form.
    pub(super) version: u8,
    /// The id under which the server keeps the invitation, in hex: it tells one code from another.
    pub(super) invite: String,
    /// The name the person signs in with.
    pub(super) user_name: String,
    /// Random, so that no two marks are the same.
    pub(super) token: String,
    /// The id of the computer that joins, in hex: it tells whether the store beside the mark is
    /// the one that was made for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) device: String,
}

/// Whose the files of a store beside a mark are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// There are none.
    Nobodys,
    /// They were made for this joining.
    Ours,
    /// They are another store: a backup that was put here, say. The mark says nothing of them.
    Others,
}

/// How a joining stands, as anyone may look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Joining {
    /// None is under way.
    None,
    /// One was begun and nobody was told.
    Begun,
    /// One is ready to be brought to its end, by the person of this name.
    Ready(String),
    /// It is in the list; the recovery code may not have been seen.
    Entered,
}

/// The mark, held by this process alone.
#[derive(Debug)]
pub(crate) struct Mark {
    file: File,
    path: PathBuf,
    head: Option<Head>,
    stands: Stands,
}

/// How far a joining has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Begun,
    Ready,
    Entered,
}

/// Looks at the mark without holding it.
///
/// # Errors
/// The disk's: a mark that cannot be read may be one.
pub(crate) fn joining_under_way<H: Host>(host: &H) -> Result<Joining, ApiError> {
    match fs::read(host.directory().join(FILE)).map(|bytes| read(&bytes)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Joining::None),
        Err(error) => Err(folder_refused(host.directory(), &error)),
        Ok((_, Stands::Entered)) => Ok(Joining::Entered),
        Ok((head, stands)) => match (whose(head.as_ref(), host.directory()), head, stands) {
            (Whose::Others, None, _) => Err(unclear()),
            (Whose::Others, Some(_), _) => Ok(Joining::None),
            (_, Some(head), Stands::Ready) => Ok(Joining::Ready(head.user_name)),
            (_, _, Stands::Begun | Stands::Ready | Stands::Entered) => Ok(Joining::Begun),
        },
    }
}

/// Whose what lies in the folder is. Only what was made for a joining goes when it is given up.
fn whose(head: Option<&Head>, folder: &Path) -> Whose {
    if is_empty(folder) {
        return Whose::Nobodys;
    }
    let here = KeyslotsFile::at(folder).read().ok().map(|loaded| hex(&loaded.keyslots.device()));
    match (head, here) {
        (Some(head), Some(here)) if head.device == here => Whose::Ours,
        (Some(_) | None, Some(_) | None) => Whose::Others,
    }
}

/// A store lies beside a mark that does not say whose it is.
fn unclear() -> ApiError {
    let detail = format!(
        "{FILE} cannot be read, which tells how far joining a clinic came. Nothing was changed. \
         If this computer has worked in its clinic before, take that file away and sign in."
    );
    ApiError::new(ErrorCode::Damaged, detail)
}

/// Refuses to open a store whose joining is not at its end.
///
/// # Errors
/// `joining-unfinished`; the disk's.
pub(crate) fn refuse_unfinished<H: Host>(host: &H) -> Result<(), ApiError> {
    match joining_under_way(host)? {
        Joining::Ready(_) => {
            let detail = "Joining the clinic was interrupted here; bring it to its end first: \
                          `fieldchart clinic join` with the same code.";
            Err(ApiError::new(ErrorCode::JoiningUnfinished, detail))
        }
        Joining::Begun if !is_empty(host.directory()) => {
            let detail = "There is no clinic here yet: making or joining one was interrupted, before \
                          anything was recorded. Do it again; what is left of it is cleared away.";
            Err(ApiError::new(ErrorCode::NoClinic, detail))
        }
        Joining::None | Joining::Begun | Joining::Entered => Ok(()),
    }
}

fn is_empty(folder: &Path) -> bool {
    KeyslotsFile::at(folder).ensure_absent(&[]).is_ok() && !Store::exists(folder)
}

/// Clears away a joining that was begun and of which nobody was told.
///
/// # Errors
/// `store-in-use` while it goes on; the disk's.
pub(crate) fn clear_unready<H: Host>(host: &H) -> Result<(), ApiError> {
    match Mark::take(host.directory())? {
        Some(mark) if mark.stands == Stands::Begun && mark.whose() != Whose::Others => {
            mark.give_up(host)
        }
        Some(_) | None => Ok(()),
    }
}

/// Takes the mark of a joining that has entered away: somebody signed in, who can go on without
/// the code that was shown then. One that stays costs nothing but another try.
pub(crate) fn end_entered<H: Host>(host: &H) {
    if !matches!(joining_under_way(host), Ok(Joining::Entered)) {
        return;
    }
    let ended = Mark::take(host.directory())
        .and_then(|mark| mark.map_or(Ok(()), |mark| mark.end(host.directory())));
    if let Err(error) = ended {
        tracing::warn!(code = ?error.code, "the mark of a joining stays");
    }
}

impl Mark {
    /// Sets the mark of a new joining, where there is none. The folder is there.
    pub(crate) fn set<H: Host>(
        host: &H,
        invite: String,
        user_name: String,
        device: [u8; 16],
    ) -> Result<Self, ApiError> {
        let token = hex(&make_array::<16>(&mut HostEntropy(host)));
        let head = Head { version: 1, invite, user_name, token, device: hex(&device) };
        let path = host.directory().join(FILE);
        let mut file =
            File::options().read(true).append(true).create_new(true).open(&path).map_err(
                |error| {
                    if error.kind() == io::ErrorKind::AlreadyExists {
                        StoreError::Locked.told()
                    } else {
                        folder_refused(host.directory(), &error)
                    }
                },
            )?;
        lock(&file)?;
        let mut line = serde_json::to_string(&head).unwrap_or_default();
        line.push('\n');
        append(&mut file, &line).map_err(|error| cannot(&error))?;
        sync_folder(host.directory()).map_err(|error| cannot(&error))?;
        let mark = Self { file, path, head: Some(head), stands: Stands::Begun };
        // Whoever looked between may have taken it for one that was left, and cleared it away.
        if fs::read(&mark.path).ok().as_deref() == Some(line.as_bytes()) {
            Ok(mark)
        } else {
            Err(StoreError::Locked.told())
        }
    }

    /// Takes hold of the mark that stands in a folder.
    ///
    /// # Errors
    /// `store-in-use` while another process holds it; the disk's.
    pub(super) fn take(folder: &Path) -> Result<Option<Self>, ApiError> {
        let path = folder.join(FILE);
        let mut file = match File::options().read(true).append(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(folder_refused(folder, &error)),
        };
        lock(&file)?;
        let mut bytes = Vec::new();
        let read_whole = (&mut file).take(BYTES_MAX).read_to_end(&mut bytes);
        read_whole.map_err(|error| cannot(&error))?;
        if fs::read(&path).ok().as_ref() != Some(&bytes) {
            return Err(StoreError::Locked.told());
        }
        let (head, stands) = read(&bytes);
        Ok(Some(Self { file, path, head, stands }))
    }

    /// Which joining it is, once it is ready to be brought to its end, or has entered.
    pub(super) fn ready(&self) -> Option<&Head> {
        let is_ready = self.stands != Stands::Begun && self.whose() == Whose::Ours;
        self.head.as_ref().filter(|_| is_ready)
    }

    fn whose(&self) -> Whose {
        whose(self.head.as_ref(), self.path.parent().unwrap_or(Path::new("")))
    }

    /// Whether the computer is in the list: then it is not given up any more.
    pub(super) fn has_entered(&self) -> bool {
        self.stands == Stands::Entered
    }

    /// Everything that is needed is durable: from now on others may be told.
    pub(super) fn set_ready(&mut self) -> Result<(), ApiError> {
        append(&mut self.file, "\nready\n").map_err(|error| cannot(&error))?;
        self.stands = Stands::Ready;
        Ok(())
    }

    /// The computer is in the list. The mark stays until somebody signs in.
    pub(crate) fn set_entered(&mut self) -> Result<(), ApiError> {
        if self.has_entered() {
            return Ok(());
        }
        append(&mut self.file, "\nentered\n").map_err(|error| cannot(&error))?;
        self.stands = Stands::Entered;
        Ok(())
    }

    /// Gives the joining up: its keys and its store go, then the mark. What the keyring held for it
    /// goes too, where the keyring answers: it opens nothing any more.
    ///
    /// # Errors
    /// `already-exists` where the store is another's, or its computer has entered; the disk's.
    pub(crate) fn give_up<H: Host>(mut self, host: &H) -> Result<(), ApiError> {
        let folder = host.directory();
        if self.has_entered() || self.whose() == Whose::Others {
            return Err(StoreError::AlreadyExists.told());
        }
        // Not ready any more, whatever of the rest is left.
        append(&mut self.file, "\nover\n").map_err(|error| cannot(&error))?;
        if self.whose() != Whose::Nobodys {
            Store::discard(folder).told()?;
        }
        let slots = KeyslotsFile::at(folder);
        if let Ok(loaded) = slots.read() {
            loaded.keyslots.forget_device_secrets(host.keyring());
        }
        slots.discard().told()?;
        self.end(folder)
    }

    /// Takes the mark away: the joining is at its end.
    pub(crate) fn end(self, folder: &Path) -> Result<(), ApiError> {
        let gone = fs::remove_file(&self.path).and_then(|()| sync_folder(folder));
        gone.map_err(|error| cannot(&error))
    }
}

/// Reads whole lines; one that a crash cut short does not count. Each new word begins a line of its
/// own, so that what was cut short spoils none.
fn read(bytes: &[u8]) -> (Option<Head>, Stands) {
    let text = String::from_utf8_lossy(bytes);
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut lines = whole.lines();
    let head = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let stands = lines.fold(Stands::Begun, |stands, line| match line {
        READY => Stands::Ready,
        ENTERED => Stands::Entered,
        OVER => Stands::Begun,
        _ => stands,
    });
    (head, stands)
}

fn append(file: &mut File, line: &str) -> io::Result<()> {
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn lock(file: &File) -> Result<(), ApiError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked.told()),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}

/// Makes what happened to a name in the folder durable; only Unix lets a folder be synced.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn cannot(error: &io::Error) -> ApiError {
    let detail =
        format!("Joining a clinic went no further here: the folder of the store refused: {error}.");
    ApiError::new(code_of(error), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form stays readable: a joining begun by this version is ended by any later one.
    #[test]
    fn the_mark_keeps_its_form() {
        // The first releases did not say which computer joins.
        check_form(r#"{"version":1,"invite":"00ff","userName":"ana","token":"ab"}"#);
        check_form(r#"{"version":1,"invite":"00ff","userName":"ana","token":"ab","device":"0a"}"#);
    }

    fn check_form(head: &str) {
        use Stands::{Begun, Entered, Ready};
        let check = |text: String, known: bool, stands: Stands| {
            let (found, stood) = read(text.as_bytes());
            assert_eq!((found.is_some(), stood), (known, stands), "{text}");
            if let Some(found) = found {
                assert_eq!(serde_json::to_string(&found).unwrap(), head);
            }
        };
        check(String::new(), false, Begun);
        check(head.to_owned(), false, Begun);
        check(format!("{head}\n"), true, Begun);
        check(format!("{head}\nrea"), true, Begun);
        check(format!("{head}\nready"), true, Begun);
        check(format!("{head}\nready\n"), true, Ready);
        check(format!("{head}\nready\nov"), true, Ready);
        check(format!("{head}\n\nready\n\nenter"), true, Ready);
        check(format!("{head}\n\nready\n\nentered\n"), true, Entered);
        check(format!("{head}\n\nready\n\nov\nover\n"), true, Begun);
        check("\u{fffd}\nready\n".to_owned(), false, Ready);
    }
}
