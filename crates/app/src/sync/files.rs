//! How the bytes of files travel: out to the server after what names them, in when they are asked
//! for, or by themselves where they are kept here.
//!
//! They are sealed and named by their hash, so neither a server nor a disk can put others in their
//! place. What is half come stays and goes on with the next attempt. Nothing is ever taken away here
//! but what is not what its name says.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    files::{KEEP, KEEP_ALL, damaged},
    host::Host,
    open::Session,
};
use api::{ApiError, ErrorCode, Origin, Topic};
use clinical::PatientId;
use std::{
    collections::BTreeSet,
    io::Write as _,
    ops::ControlFlow,
    sync::{MutexGuard, PoisonError},
};
use store::{NamedRow, StoreError};
use sync::{
    carrier::Carrier,
    ids::BlobId,
    limits::BLOB_BYTES_MAX,
    session::Failure,
    wire::{BlobsRequest, Principal, RefusalCode},
};

use super::{
    failure::told_failure,
    keys::{Keys, clinic_of},
    peer::Peer,
    server::{Server, server_of},
};

/// Why files wait, as the last exchange left it.
const WAITS: &str = "files/waits";
/// Of which log the server was asked what it has.
const ASKED: &str = "files/asked";

/// Files that one exchange fetches for themselves: the next goes on.
const FETCHED_MAX: usize = 64;

/// Whether there is a server for files to go to.
///
/// # Errors
/// The store's.
pub(crate) fn has_server<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(server_of(session)?.is_some())
}

/// Why files wait since the last exchange.
///
/// # Errors
/// The store's.
pub(crate) fn files_wait<H: Host>(session: &Session<'_, H>) -> Result<Option<ErrorCode>, ApiError> {
    let kept = session.open.store.named(WAITS).told()?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// The sealed bytes of a file: those that are here, or from the server.
///
/// # Errors
/// `file-not-here` with what to do where nobody has them who can be reached; `file-damaged` where
/// the server has others; the store's.
pub(crate) fn file_bytes<H: Host>(
    session: &Session<'_, H>,
    blob: &[u8; 32],
) -> Result<Vec<u8>, ApiError> {
    let _turn = fetching(session);
    let files = session.open.store.files();
    if let Some(bytes) = files.read(blob).map_err(StoreError::from).told()? {
        return Ok(bytes);
    }
    let Some(server) = server_of(session)? else { return Err(nowhere("there is no server")) };
    let mut carrier = way_to(session, &server)?.map_err(|failure| away(&failure))?;
    match fetch(session, carrier.as_mut(), blob)? {
        Fetched::Here => {}
        Fetched::NotThere => return Err(nowhere("the server does not have it yet")),
        Fetched::Other => return Err(damaged()),
        Fetched::Broken(failure) => return Err(away(&failure)),
    }
    files.read(blob).map_err(StoreError::from).told()?.ok_or_else(damaged)
}

impl<H: Host> App<H> {
    /// Sends the server the files it does not have, and fetches those that are kept here; why
    /// something waits is told beside the files. It blocks for as long as that takes on the line
    /// there is, and holds up no exchange. Nothing is done while another carries.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; the store's.
    pub fn carry_files(&self) -> Result<(), ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync)?;
        match server_of(&session)? {
            Some(server) => carry_files(&session, &server),
            None => Ok(()),
        }
    }
}

/// Nobody is asked where there is nothing to carry.
fn carry_files<H: Host>(session: &Session<'_, H>, server: &Server) -> Result<(), ApiError> {
    let Ok(_turn) = session.open.store.turns().carrying.try_lock() else { return Ok(()) };
    if !session.open.store.has_documents().told()? {
        return Ok(());
    }
    note_server(session, server)?;
    let (unheld, missing) = (session.open.store.blobs_unheld().told()?, missing(session)?);
    if unheld.is_empty() && missing.is_empty() {
        return keep_waits(session, None);
    }
    let waits = match way_to(session, server)? {
        Ok(mut carrier) => {
            let sent = send(session, carrier.as_mut(), &unheld)?;
            let fetched = fetch_kept(session, carrier.as_mut(), &missing)?;
            sent.or(fetched)
        }
        Err(failure) => Some(told_failure(&failure).code),
    };
    keep_waits(session, waits)?;
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// A way to the server, for this computer.
fn way_to<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Result<Box<dyn Carrier>, Failure>, ApiError> {
    let keys = Keys::load(session)?;
    let connected = session.host.connect(&server.url, server.pin);
    Ok(connected.map(|mut carrier| {
        carrier.identify(clinic_of(session), Principal::Device(keys.device), keys.signer);
        carrier
    }))
}

fn keep_waits<H: Host>(session: &Session<'_, H>, waits: Option<ErrorCode>) -> Result<(), ApiError> {
    let store = &session.open.store;
    match waits {
        Some(code) => {
            let bytes = serde_json::to_vec(&code).unwrap_or_default();
            store.put_named(&[NamedRow { name: WAITS.to_owned(), bytes }]).told()
        }
        None if store.named(WAITS).told()?.is_some() => store.remove_named(WAITS).told(),
        None => Ok(()),
    }
}

/// What a server said holds for the life of its log: another, or one that was put back from a copy,
/// is asked anew.
fn note_server<H: Host>(session: &Session<'_, H>, server: &Server) -> Result<(), ApiError> {
    let store = &session.open.store;
    let life = store.cursor(&Peer::server(server).name()).told()?.map(|row| row.log_epoch);
    let now = [server.text().as_bytes(), &life.unwrap_or_default()].concat();
    if store.named(ASKED).told()?.as_ref() == Some(&now) {
        return Ok(());
    }
    store.forget_blobs_held(None).told()?;
    store.put_named(&[NamedRow { name: ASKED.to_owned(), bytes: now }]).told()
}

/// Sends what is here and not there. Answers why something still waits.
fn send<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
    unheld: &[[u8; 32]],
) -> Result<Option<ErrorCode>, ApiError> {
    let (store, files) = (&session.open.store, session.open.store.files());
    if unheld.is_empty() {
        return Ok(None);
    }
    let ids = unheld.iter().copied().map(BlobId).collect();
    let held = match carrier.blobs_held(&BlobsRequest { clinic: clinic_of(session), ids }) {
        Ok(held) => held.ids.into_iter().map(|id| id.0).collect::<BTreeSet<_>>(),
        Err(failure) => return Ok(Some(told_failure(&failure).code)),
    };
    let known: Vec<[u8; 32]> = unheld.iter().copied().filter(|it| held.contains(it)).collect();
    if !known.is_empty() {
        store.note_blobs_held(&known).told()?;
    }
    let mut waits = None;
    for blob in unheld.iter().filter(|blob| !held.contains(*blob) && files.has(blob)) {
        let Some(bytes) = files.read(blob).map_err(StoreError::from).told()? else { continue };
        match carrier.put_blob(BlobId(*blob), bytes) {
            Ok(_) => store.note_blobs_held(&[*blob]).told()?,
            Err(failure) => {
                waits = Some(told_failure(&failure).code);
                // What is refused for itself is in no other's way.
                if !is_refused(&failure, &[RefusalCode::TooLarge, RefusalCode::Malformed]) {
                    break;
                }
            }
        }
    }
    Ok(waits)
}

/// What is kept on this computer and not here yet, as much as one exchange fetches.
fn missing<H: Host>(session: &Session<'_, H>) -> Result<Vec<[u8; 32]>, ApiError> {
    let (files, wanted) = (session.open.store.files(), kept(session)?);
    Ok(wanted.into_iter().filter(|blob| !files.has(blob)).take(FETCHED_MAX).collect())
}

/// Fetches files of charts that are kept on this computer. Answers why something still waits.
fn fetch_kept<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
    missing: &[[u8; 32]],
) -> Result<Option<ErrorCode>, ApiError> {
    let mut waits = None;
    for blob in missing {
        let _turn = fetching(session);
        match fetch(session, carrier, blob)? {
            // Whoever added it has yet to send it.
            Fetched::Here | Fetched::NotThere => {}
            Fetched::Other => waits = Some(ErrorCode::FileDamaged),
            Fetched::Broken(failure) => return Ok(Some(told_failure(&failure).code)),
        }
    }
    Ok(waits)
}

/// The names of what is kept on this computer.
fn kept<H: Host>(session: &Session<'_, H>) -> Result<BTreeSet<[u8; 32]>, ApiError> {
    let store = &session.open.store;
    if store.named(KEEP_ALL).told()?.is_some() {
        return Ok(store.blobs_of(None).told()?.into_iter().collect());
    }
    let mut wanted = BTreeSet::new();
    for row in store.named_with_prefix(KEEP).told()? {
        let patient = row.name.strip_prefix(KEEP).and_then(|id| id.parse::<PatientId>().ok());
        if let Some(patient) = patient {
            wanted.extend(store.blobs_of(Some(patient)).told()?);
        }
    }
    Ok(wanted)
}

/// How it went with one.
enum Fetched {
    /// It is here, and is what its name says.
    Here,
    /// The server does not have it.
    NotThere,
    /// The server gave other bytes; they are thrown away.
    Other,
    /// The line or the server broke off; what came stays.
    Broken(Failure),
}

/// Fetches one, from where it broke off before.
fn fetch<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
    blob: &[u8; 32],
) -> Result<Fetched, ApiError> {
    let (store, files) = (&session.open.store, session.open.store.files());
    let told = |error: std::io::Error| StoreError::from(error);
    loop {
        let from = files.come(blob);
        if from > 0 && files.end(blob).map_err(told).told()? {
            return Ok(Fetched::Here);
        }
        match take_in(session, carrier, blob, from)? {
            Ok(()) => {}
            Err(failure) if is_refused(&failure, &[RefusalCode::NotFound]) => {
                store.forget_blobs_held(Some(blob)).told()?;
                return Ok(Fetched::NotThere);
            }
            // What came before was not the beginning of what is there.
            Err(failure) if from > 0 && is_refused(&failure, &[RefusalCode::Malformed]) => {}
            Err(failure) => return Ok(Fetched::Broken(failure)),
        }
        if files.end(blob).map_err(told).told()? {
            store.note_blobs_held(&[*blob]).told()?;
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
    carrier: &mut dyn Carrier,
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
    let got = carrier.get_blob(BlobId(*blob), from, &mut take);
    match unwritten {
        Some(error) => Err(StoreError::from(error)).told(),
        None => Ok(got),
    }
}

/// One at a time: two would write into the same half file.
fn fetching<'a, H: Host>(session: &Session<'a, H>) -> MutexGuard<'a, ()> {
    session.open.store.turns().fetching.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_refused(failure: &Failure, codes: &[RefusalCode]) -> bool {
    matches!(failure, Failure::Refused(refused) if codes.contains(&refused.0.code))
}

fn away(failure: &Failure) -> ApiError {
    let cause = told_failure(failure);
    let detail = format!(
        "The file is not on this computer, and could not be fetched: {failure}. It opens once the \
         server can be reached; \"Keep on this computer\" fetches it ahead."
    );
    let is_away = matches!(cause.code, ErrorCode::Unreachable | ErrorCode::ServerSilent);
    ApiError::new(if is_away { ErrorCode::FileNotHere } else { cause.code }, detail)
}

fn nowhere(why: &str) -> ApiError {
    let detail = format!(
        "The file is not on this computer, and {why}. It is on the computer it was added on: let \
         that one exchange with the server, then open it here again."
    );
    ApiError::new(ErrorCode::FileNotHere, detail)
}
