//! Entries of the clinic's list of computers that this computer writes: each is checked as it is
//! written, and all that belong together are sent as one.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::{ApiError, ErrorCode};
use sync::{
    carrier::Carrier,
    ids::{Commitment, VerifyKey},
    membership::{Entry, EntryBody, Epoch, Members, SealedKey, SignedEntry},
    signing::Signer,
    wire::MembersVerdict,
};
use vault::EpochKey;

use super::{
    failure::told_failure,
    keys::{Keys, clinic_of, internal},
    server::Server,
    state::{Rest, sync_with},
    token,
};

/// How long an entry is good by which a computer is let in whose own entry follows at once: an hour, in
/// milliseconds, for the case that it is cut off.
pub(super) const INVITE_LIFE_MS: i64 = 60 * 60 * 1000;

/// What only the server, or what others do there, has to do with.
const OF_THE_SERVER: [ErrorCode; 10] = [
    ErrorCode::Changed,
    ErrorCode::ServerElsewhere,
    ErrorCode::Unreachable,
    ErrorCode::ServerSilent,
    ErrorCode::ServerFull,
    ErrorCode::OverQuota,
    ErrorCode::ServerDamaged,
    ErrorCode::ServerNotTrusted,
    ErrorCode::NewerPeer,
    ErrorCode::ServerMisbehaves,
];

/// What is needed to write entries at the server.
type Begun = (Keys, Box<dyn Carrier>);

/// Entries that follow the list as it is known here.
pub(super) struct NewEntries<'k> {
    keys: &'k Keys,
    members: Members,
    at_ms: i64,
    entries: Vec<SignedEntry>,
}

impl<'k> NewEntries<'k> {
    /// None yet; they will say that they were written at `at_ms` (Unix time, in milliseconds).
    pub(super) fn after(keys: &'k Keys, at_ms: i64) -> Self {
        Self { keys, members: keys.members.clone(), at_ms, entries: Vec::new() }
    }

    /// Signs the next entry.
    ///
    /// # Errors
    /// `internal` of one that breaks a rule of the list.
    pub(super) fn add(&mut self, body: EntryBody) -> Result<(), ApiError> {
        self.add_as(self.keys.signer.as_ref(), body)
    }

    /// Has another sign the next entry.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub(super) fn add_as(&mut self, signer: &dyn Signer, body: EntryBody) -> Result<(), ApiError> {
        let head = self.members.head();
        let entry = Entry {
            clinic: self.members.clinic(),
            index: head.count,
            prev: head.hash,
            at_ms: self.at_ms,
            author: VerifyKey(signer.public_key()),
            body,
        };
        let entry = SignedEntry::sign(entry, signer);
        self.members.apply(&entry).map_err(|error| internal(&error))?;
        self.entries.push(entry);
        Ok(())
    }

    /// Makes the key of a new epoch, sealed to every computer that is left.
    ///
    /// # Errors
    /// As [`Self::add`]; `internal` where a computer's key cannot be sealed to.
    pub(super) fn add_epoch<H: Host>(&mut self, session: &Session<'_, H>) -> Result<(), ApiError> {
        let epoch = next_epoch(session, &self.members)?;
        self.add(EntryBody::Epoch(epoch))
    }

    /// What is to be sent.
    pub(super) fn into_entries(self) -> Vec<SignedEntry> {
        self.entries
    }
}

/// Brings this computer up to date with the server, so that what is appended next follows.
///
/// # Errors
/// `unreachable` and the server's other ones; the store's.
pub(super) fn begin<H: Host>(session: &Session<'_, H>, server: &Server) -> Result<Begun, ApiError> {
    sync_with(session, server, Rest::Leave)??;
    let keys = Keys::load(session)?;
    let mut carrier =
        session.host.connect(&server.url, server.pin).map_err(|f| told_failure(&f))?;
    token::identify(session, (server, &keys), carrier.as_mut())?;
    Ok((keys, carrier))
}

/// As [`begin`]; inside, why not where the server is away, full or answers wrongly: what is decided then is a
/// wish. No server may keep a clinic from shutting out a computer.
///
/// # Errors
/// As there, but for what the server did.
pub(super) fn begin_or_wish<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Result<Begun, ErrorCode>, ApiError> {
    match begin(session, server) {
        Ok(begun) => Ok(Ok(begun)),
        Err(error) if is_of_the_server(error.code) => Ok(Err(error.code)),
        Err(error) => Err(error),
    }
}

/// Whether only the server, or what others do there at the same time, has to do with an error.
pub(super) fn is_of_the_server(code: ErrorCode) -> bool {
    OF_THE_SERVER.contains(&code)
}

/// Has a wish entered now, where a server answered that took nothing else: one that is full still
/// takes the list of computers. Where that fails too the next exchange tries again.
///
/// # Errors
/// The store's.
pub(super) fn enter_at_once<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    why_not: ErrorCode,
) -> Result<(), ApiError> {
    if [ErrorCode::Unreachable, ErrorCode::ServerSilent].contains(&why_not) {
        return Ok(());
    }
    sync_with(session, server, Rest::Leave).map(drop)
}

/// Appends entries at the server, then keeps them here.
///
/// # Errors
/// The server's; `changed` where others changed the list meanwhile, `device-refused`
/// where it takes none from here; the store's.
pub(super) fn append<H: Host>(
    session: &Session<'_, H>,
    keys: &mut Keys,
    carrier: &mut dyn Carrier,
    entries: &[SignedEntry],
) -> Result<(), ApiError> {
    let reply = carrier.push_members(entries.to_vec()).map_err(|f| told_failure(&f))?;
    match reply.verdict {
        MembersVerdict::Stored => {}
        MembersVerdict::Stale => {
            let detail = "Another computer changed the list of computers at the same time; try \
                          again.";
            return Err(ApiError::new(ErrorCode::Changed, detail));
        }
        MembersVerdict::Refused(error) => {
            let detail = format!("Nothing was changed: {error}.");
            return Err(ApiError::new(ErrorCode::DeviceRefused, detail));
        }
        MembersVerdict::Closed => {
            let detail = "The server takes no new clinics.";
            return Err(ApiError::new(ErrorCode::DeviceRefused, detail));
        }
    }
    // Another computer may have given these and later ones while the answer was under way: what was
    // taken in then, a key of a later epoch, must not be written over with what stood before.
    let _alone = session.open.store.turns().take_in_beside();
    let now = Keys::load(session)?;
    let since = now.members.head().count.saturating_sub(keys.members.head().count);
    let known = usize::try_from(since).unwrap_or(usize::MAX).min(entries.len());
    *keys = now;
    let rows = keys.take_entries(entries.get(known..).unwrap_or_default());
    session.open.store.put_named(&rows.map_err(|error| internal(&error))?).told()
}

/// A new epoch key, sealed to every active computer.
fn next_epoch<H: Host>(session: &Session<'_, H>, members: &Members) -> Result<Epoch, ApiError> {
    let entropy = &mut HostEntropy(session.host);
    let clinic = clinic_of(session);
    let number = members.epoch().saturating_add(1);
    let key = EpochKey::make(entropy);
    let mut sealed_keys = Vec::new();
    for (device, member) in members.active() {
        let sealed = key.seal_to(&member.hpke_key.0, &clinic.0, number, entropy);
        sealed_keys.push(SealedKey { device, sealed: sealed.map_err(|error| internal(&error))? });
    }
    let commitment = Commitment(key.derive_commitment(&clinic.0, number));
    Ok(Epoch { number, commitment, keys: sealed_keys })
}
