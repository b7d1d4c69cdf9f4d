//! How the bytes of files travel: out to the server after what names them, in when they are asked
//! for, or by themselves where they are kept here, from whoever has them (`door.rs`).
//!
//! They are sealed and named by their hash, so neither a server, another computer nor a disk can put
//! others in their place. What is half come stays and goes on with the next attempt. Nothing is ever
//! taken away here but what is not what its name says.

mod door;
mod stick;

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
    sync::{MutexGuard, PoisonError},
};
use store::{NamedRow, StoreError};
use sync::{
    ids::BlobId,
    limits::BLOBS_ASKED_MAX,
    wire::{BlobsRequest, RefusalCode},
};

pub use stick::Documents;
pub(super) use stick::{put_on_stick, take_from_stick};

use door::{Fetched, Holder, Nowhere, Source, fetch, holders, is_refused, neighbours};

use super::{
    failure::told_failure,
    keys::clinic_of,
    peer::Peer,
    server::{Server, server_of},
};

/// Why files wait, as the last exchange left it.
const WAITS: &str = "files/waits";
/// Of which log the server was asked what it has, and in which week.
const ASKED: &str = "files/asked";
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

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

/// The sealed bytes of a file: those that are here, or from who has them: other computers that were
/// met on the local network are asked, then the server.
///
/// # Errors
/// `file-not-here` with what to do where nobody has them who can be reached; `file-damaged` where
/// who was asked has others; the store's.
pub(crate) fn file_bytes<H: Host>(
    session: &Session<'_, H>,
    blob: &[u8; 32],
) -> Result<Vec<u8>, ApiError> {
    let files = session.open.store.files();
    let here = || files.read(blob).map_err(StoreError::from).told();
    // What is here waits for nobody who fetches something else.
    if let Some(bytes) = here()? {
        return Ok(bytes);
    }
    let _turn = fetching(session);
    // It may have come while the turn was waited for.
    if let Some(bytes) = here()? {
        return Ok(bytes);
    }
    let mut nowhere = Nowhere::default();
    for holder in holders(session)? {
        let fetched = match Source::open(session, &holder)? {
            Ok(mut source) => fetch(session, &mut source, blob)?,
            Err(failure) => Fetched::Broken(failure),
        };
        if matches!(fetched, Fetched::Here) {
            return here()?.ok_or_else(damaged);
        }
        nowhere.note(&holder, fetched);
    }
    Err(nowhere.told())
}

impl<H: Host> App<H> {
    /// Sends the server the files it does not have, and fetches those that are kept here, from other
    /// computers on the local network where they have them; why something waits for the server is
    /// told beside the files. It blocks for as long as that takes on the line there is, and holds up
    /// no exchange. Nothing is done while another carries.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; the store's.
    pub fn carry_files(&self) -> Result<(), ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync)?;
        match server_of(&session)? {
            Some(server) => carry_files(&session, &server),
            None => fetch_from_neighbours(&session),
        }
    }

    /// Fetches the files that are kept here from other computers that were met on the local network.
    /// It blocks as [`Self::carry_files`] does, and is in no way of what goes to the server.
    ///
    /// # Errors
    /// As there.
    pub fn fetch_files_nearby(&self) -> Result<(), ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync)?;
        fetch_from_neighbours(&session)
    }
}

/// Nobody is asked where there is nothing to carry.
fn carry_files<H: Host>(session: &Session<'_, H>, server: &Server) -> Result<(), ApiError> {
    let Ok(_turn) = session.open.store.turns().carrying.try_lock() else { return Ok(()) };
    if !session.open.store.has_documents().told()? {
        return Ok(());
    }
    note_server(session, server)?;
    let (unheld, mut missing) = (session.open.store.blobs_unheld().told()?, missing(session)?);
    if unheld.is_empty() && missing.is_empty() {
        return keep_waits(session, None);
    }
    // What is nowhere else goes first: a neighbour may be slow.
    let waits = match Source::open(session, &Holder::Server(server.clone()))? {
        Ok(mut source) => {
            let sent = send(session, &mut source, &unheld)?;
            fetch_nearby(session, &mut missing)?;
            let fetched = fetch_kept(session, &mut source, &mut missing)?;
            sent.or(fetched)
        }
        Err(failure) => {
            fetch_nearby(session, &mut missing)?;
            Some(told_failure(&failure).code)
        }
    };
    keep_waits(session, waits)?;
    session.tell(vec![Topic::Sync]);
    Ok(())
}

fn fetch_from_neighbours<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let mut missing = missing(session)?;
    let before = missing.len();
    fetch_nearby(session, &mut missing)?;
    if missing.len() < before {
        session.tell(vec![Topic::Sync]);
    }
    Ok(())
}

/// Fetches from other computers what they have; what they do not have stays among `missing`.
fn fetch_nearby<H: Host>(
    session: &Session<'_, H>,
    missing: &mut Vec<[u8; 32]>,
) -> Result<(), ApiError> {
    if missing.is_empty() {
        return Ok(());
    }
    for holder in neighbours(session)? {
        // One that is gone, or gives other bytes, is in no other's way.
        let Ok(mut source) = Source::open(session, &holder)? else { continue };
        if let Some(code) = fetch_kept(session, &mut source, missing)? {
            tracing::warn!(?code, "a computer did not give the files it has");
        }
    }
    Ok(())
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

/// Has the server be asked anew which files it has: it was put back from a copy.
///
/// # Errors
/// The store's.
pub(super) fn ask_anew<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    session.open.store.remove_named(ASKED).told()
}

/// What a server said holds for a week of the life of its log: another is asked anew, and so is one
/// that may have been put back from a copy without its files.
fn note_server<H: Host>(session: &Session<'_, H>, server: &Server) -> Result<(), ApiError> {
    let store = &session.open.store;
    let life = store.cursor(&Peer::server(server).name()).told()?.map(|row| row.log_epoch);
    let week = session.host.now().unix_ms().div_euclid(WEEK_MS).to_be_bytes();
    let now = [server.text().as_bytes(), &life.unwrap_or_default(), &week].concat();
    if store.named(ASKED).told()?.as_ref() == Some(&now) {
        return Ok(());
    }
    store.forget_blobs_held(None).told()?;
    store.put_named(&[NamedRow { name: ASKED.to_owned(), bytes: now }]).told()
}

/// Sends what is here and not there. Answers why something still waits.
fn send<H: Host>(
    session: &Session<'_, H>,
    source: &mut Source,
    unheld: &[[u8; 32]],
) -> Result<Option<ErrorCode>, ApiError> {
    let (store, files) = (&session.open.store, session.open.store.files());
    if unheld.is_empty() {
        return Ok(None);
    }
    let ids = unheld.iter().copied().map(BlobId).collect();
    let held = match source.held(&BlobsRequest { clinic: clinic_of(session), ids }) {
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
        match source.put(BlobId(*blob), bytes) {
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

/// What is kept on this computer and not here yet.
fn missing<H: Host>(session: &Session<'_, H>) -> Result<Vec<[u8; 32]>, ApiError> {
    let (files, wanted) = (session.open.store.files(), kept(session)?);
    Ok(wanted.into_iter().filter(|blob| !files.has(blob)).collect())
}

/// Fetches of what is missing what one has, as much as it gives in one exchange; the rest stays
/// among `missing`. Answers why something still waits.
fn fetch_kept<H: Host>(
    session: &Session<'_, H>,
    source: &mut Source,
    missing: &mut Vec<[u8; 32]>,
) -> Result<Option<ErrorCode>, ApiError> {
    let (mut held, mut waits) = (BTreeSet::new(), None);
    for some in missing.chunks(BLOBS_ASKED_MAX) {
        let ids = some.iter().copied().map(BlobId).collect();
        match source.held(&BlobsRequest { clinic: clinic_of(session), ids }) {
            Ok(reply) => held.extend(reply.ids.into_iter().map(|id| id.0)),
            // An older computer has no word for it.
            Err(failure) if is_refused(&failure, &[RefusalCode::NotFound]) => return Ok(None),
            Err(failure) => return Ok(Some(told_failure(&failure).code)),
        }
    }
    // Whoever added the others has yet to send them.
    let wanted: Vec<_> = missing.iter().copied().filter(|blob| held.contains(blob)).collect();
    for blob in wanted.into_iter().take(FETCHED_MAX) {
        let _turn = fetching(session);
        match fetch(session, source, &blob)? {
            Fetched::Here => missing.retain(|one| *one != blob),
            Fetched::NotThere => {}
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
        let Some(patient) = patient else { continue };
        // Whoever is kept is kept whole, whichever of the person's charts it was said of.
        for member in session.group(patient)?.members() {
            wanted.extend(store.blobs_of(Some(member)).told()?);
        }
    }
    Ok(wanted)
}

/// One at a time: two would write into the same half file.
fn fetching<'a, H: Host>(session: &Session<'a, H>) -> MutexGuard<'a, ()> {
    session.open.store.turns().fetching.lock().unwrap_or_else(PoisonError::into_inner)
}
