//! The one door by which sealed bytes of files come here: from other computers on the local network
//! that were met, the last first, then from the server; or from a folder on a stick. Each is asked the
//! same way, and what it gives is held against its name; one that does not have them says so, and the
//! next is asked.

use crate::{error::ToldResult, files::damaged, hex::hex, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
};
use store::StoreError;
use sync::{
    carrier::Carrier,
    ids::BlobId,
    limits::{BLOB_BYTES_MAX, BLOB_PART_BYTES_MAX},
    session::{Failure, RefusedRequest},
    wire::{BlobsHeld, BlobsRequest, Principal, Refusal, RefusalCode},
};

use super::super::{
    failure::told_failure,
    keys::{Keys, clinic_of},
    lan::is_lan_off,
    neighbour,
    server::{Server, server_of},
};

/// Who may have sealed bytes.
#[derive(Clone, Debug)]
pub(super) enum Holder {
    /// Another computer, by where it answered last.
    Neighbour(String),
    /// The clinic's server.
    Server(Server),
}

/// The other computers that were met, the last first; none where the local network is switched off.
///
/// # Errors
/// The store's.
pub(super) fn neighbours<H: Host>(session: &Session<'_, H>) -> Result<Vec<Holder>, ApiError> {
    if is_lan_off(session)? {
        return Ok(Vec::new());
    }
    Ok(session.open.store.turns().neighbours().iter().cloned().map(Holder::Neighbour).collect())
}

/// All who may have sealed bytes, in the order they are asked.
///
/// # Errors
/// The store's.
pub(super) fn holders<H: Host>(session: &Session<'_, H>) -> Result<Vec<Holder>, ApiError> {
    let mut all = neighbours(session)?;
    all.extend(server_of(session)?.map(Holder::Server));
    Ok(all)
}

/// The way to one of them.
pub(super) struct Source {
    way: Way,
    /// Whether what it says it has is noted.
    is_server: bool,
}

enum Way {
    Carrier(Box<dyn Carrier>),
    /// Sealed files, each under its name.
    Folder(PathBuf),
}

impl Source {
    /// Opens the way, for this computer. Another computer proves to be of the clinic first.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn open<H: Host>(
        session: &Session<'_, H>,
        holder: &Holder,
    ) -> Result<Result<Self, Failure>, ApiError> {
        let opened = match holder {
            Holder::Server(server) => {
                let keys = Keys::load(session)?;
                // By a token of its own: a long file takes most of its life.
                session.host.connect(&server.url, server.pin).map(|mut carrier| {
                    let caller = Principal::Device(keys.device);
                    carrier.identify(clinic_of(session), caller, keys.signer);
                    carrier
                })
            }
            Holder::Neighbour(address) => neighbour::call(session, address)?.map(|it| it.carrier),
        };
        let is_server = matches!(holder, Holder::Server(_));
        Ok(opened.map(|carrier| Self { way: Way::Carrier(carrier), is_server }))
    }

    /// A folder of sealed files, as on a stick.
    pub(super) const fn folder(folder: PathBuf) -> Self {
        Self { way: Way::Folder(folder), is_server: false }
    }

    /// Which of some are there.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) fn held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        match &mut self.way {
            Way::Carrier(carrier) => carrier.blobs_held(request),
            Way::Folder(folder) => {
                let is_there = |id: &BlobId| folder.join(hex(&id.0)).is_file();
                Ok(BlobsHeld { ids: request.ids.iter().copied().filter(is_there).collect() })
            }
        }
    }

    /// Leaves one there.
    ///
    /// # Errors
    /// [`Failure`]; a folder is written to by who fills a stick.
    pub(super) fn put(&mut self, id: BlobId, bytes: Vec<u8>) -> Result<(), Failure> {
        match &mut self.way {
            Way::Carrier(carrier) => carrier.put_blob(id, bytes).map(drop),
            Way::Folder(_) => Err(Failure::Host),
        }
    }

    fn get(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        match &mut self.way {
            Way::Carrier(carrier) => carrier.get_blob(id, from, take),
            Way::Folder(folder) => {
                let read = read_file(&folder.join(hex(&id.0)), from, take);
                read.map_err(|error| failure_of(&error))
            }
        }
    }
}

/// Reads a file from a place on, in pieces. What is none, as a pipe, may wait for ever: it is not
/// opened.
fn read_file(
    path: &Path,
    from: u64,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if from > 0 && from >= found.len() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut piece = vec![0; BLOB_PART_BYTES_MAX];
    loop {
        let read = file.read(&mut piece)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok(());
        };
        if take(bytes).is_break() {
            return Ok(());
        }
    }
}

fn failure_of(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound {
        return refused(RefusalCode::NotFound);
    }
    if error.kind() == io::ErrorKind::InvalidInput {
        return refused(RefusalCode::Malformed);
    }
    Failure::Unreachable
}

const fn refused(code: RefusalCode) -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(code)))
}

/// How it went with one.
pub(super) enum Fetched {
    /// It is here, and is what its name says.
    Here,
    /// Who was asked does not have it.
    NotThere,
    /// Who was asked gave other bytes; they are thrown away.
    Other,
    /// The line or the other side broke off; what came stays.
    Broken(Failure),
}

/// Fetches one, from where it broke off before, whoever gave what came then.
///
/// # Errors
/// The store's.
pub(super) fn fetch<H: Host>(
    session: &Session<'_, H>,
    source: &mut Source,
    blob: &[u8; 32],
) -> Result<Fetched, ApiError> {
    let (store, files) = (&session.open.store, session.open.store.files());
    let told = |error: io::Error| StoreError::from(error);
    // It may have come by another way while the turn was waited for.
    if files.has(blob) {
        return Ok(Fetched::Here);
    }
    loop {
        let from = files.come(blob);
        if from > 0 && files.end(blob).map_err(told).told()? {
            return Ok(Fetched::Here);
        }
        match take_in(session, source, blob, from)? {
            Ok(()) => {}
            Err(failure) if is_refused(&failure, &[RefusalCode::NotFound]) => {
                if source.is_server {
                    store.forget_blobs_held(Some(blob)).told()?;
                }
                return Ok(Fetched::NotThere);
            }
            // What came before was not the beginning of what is there.
            Err(failure) if from > 0 && is_refused(&failure, &[RefusalCode::Malformed]) => {}
            Err(failure) => return Ok(Fetched::Broken(failure)),
        }
        if files.end(blob).map_err(told).told()? {
            if source.is_server {
                store.note_blobs_held(&[*blob]).told()?;
            }
            return Ok(Fetched::Here);
        }
        files.begin_anew(blob).map_err(told).told()?;
        if from == 0 {
            return Ok(Fetched::Other);
        }
    }
}

/// Takes in what comes of one from a place on.
fn take_in<H: Host>(
    session: &Session<'_, H>,
    source: &mut Source,
    blob: &[u8; 32],
    from: u64,
) -> Result<Result<(), Failure>, ApiError> {
    let file = session.open.store.files().go_on(blob);
    let mut file = file.map_err(StoreError::from).told()?;
    let (mut come, mut unwritten) = (from, None);
    let mut take = |bytes: &[u8]| {
        come = come.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if come > BLOB_BYTES_MAX {
            return ControlFlow::Break(());
        }
        match file.write_all(bytes) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                unwritten = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let got = source.get(BlobId(*blob), from, &mut take);
    match unwritten {
        Some(error) => Err(StoreError::from(error)).told(),
        None => Ok(got),
    }
}

pub(super) fn is_refused(failure: &Failure, codes: &[RefusalCode]) -> bool {
    matches!(failure, Failure::Refused(refused) if codes.contains(&refused.0.code))
}

/// Why nobody who was asked gave one.
#[derive(Default)]
pub(super) struct Nowhere {
    /// Why the server could not be asked.
    away: Option<Failure>,
    /// The server does not have it.
    not_on_server: bool,
    /// Somebody gave other bytes.
    others: bool,
    /// Another computer was asked.
    asked: bool,
}

impl Nowhere {
    /// Notes how it went with one that did not give it.
    pub(super) fn note(&mut self, holder: &Holder, fetched: Fetched) {
        let is_server = matches!(holder, Holder::Server(_));
        self.asked |= !is_server;
        match fetched {
            Fetched::Here => {}
            Fetched::NotThere => self.not_on_server |= is_server,
            Fetched::Other => self.others = true,
            Fetched::Broken(failure) => {
                self.away = self.away.take().or(is_server.then_some(failure));
            }
        }
    }

    /// What to do about it.
    pub(super) fn told(self) -> ApiError {
        if let Some(failure) = &self.away {
            return away(failure);
        }
        if self.others {
            return damaged();
        }
        let why = match (self.not_on_server, self.asked) {
            (true, _) => "the server does not have it yet",
            (false, true) => "no other computer that was asked has it",
            (false, false) => {
                "there is no server, and no other computer was met on the local network"
            }
        };
        let detail = format!(
            "The file is not on this computer, and {why}. It is on the computer it was added on: let \
             that one exchange with the server, or be on the local network together with this one, \
             then open it here again."
        );
        ApiError::new(ErrorCode::FileNotHere, detail)
    }
}

fn away(failure: &Failure) -> ApiError {
    let cause = told_failure(failure);
    let detail = format!(
        "The file is not on this computer, and could not be fetched: {failure}. It opens once the \
         server can be reached, or a computer that has it on the local network; \"Keep on this \
         computer\" fetches it ahead."
    );
    let is_away = matches!(cause.code, ErrorCode::Unreachable | ErrorCode::ServerSilent);
    ApiError::new(if is_away { ErrorCode::FileNotHere } else { cause.code }, detail)
}
