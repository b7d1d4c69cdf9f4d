//! Entering the clinic's list of computers with the key of an invitation.

use crate::{
    audit::OtherDeed,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::{ApiError, ErrorCode};
use std::sync::Arc;
use store::{NamedRow, Store};
use sync::{
    carrier::Carrier,
    codec::Canonical as _,
    ids::{ClinicId as Clinic, DeviceId as Device, HpkeKey, VerifyKey},
    membership::{Entry, EntryBody, EntryError, Join, Members, MembersHead, SignedEntry},
    session::Failure,
    signing::Signer as _,
    wire::{MembersReply, MembersRequest, MembersVerdict, Principal, RefusalCode},
};
use vault::{DeviceKeys, invitation::Invitation};

use super::{
    exchange::is_unknown_clinic,
    failure::told_failure,
    join_at::JoinAt,
    keys::{DeviceSigner, InviteSigner, Keys, internal, name_row, sealed_name},
    names,
};

/// Membership entries read at most: a server may not keep us reading.
const PAGES_MAX: usize = 1000;
/// Others may change the list at the same time, so many times in a row.
const TRIES_MAX: usize = 5;

/// An entry that is about to be sent.
pub(super) struct Entering {
    /// The list as it was read.
    pub(super) log: Vec<SignedEntry>,
    founding_key: VerifyKey,
    entry: SignedEntry,
}

impl Entering {
    /// Reads the list and signs the entry that follows it.
    ///
    /// # Errors
    /// `bad-code` when the invitation is not open; the server's.
    pub(super) fn begin<H: Host>(
        host: &H,
        invitation: &Invitation,
        (device, device_keys): (Device, &DeviceKeys),
        device_name: &str,
        carrier: &mut dyn Carrier,
    ) -> Result<Self, ApiError> {
        let clinic = Clinic(invitation.clinic);
        let (log, head, ends_ms) = read_open(invitation, carrier)?;
        let entropy = &mut HostEntropy(host);
        let keys = &invitation.clinic_keys;
        let name = sealed_name(entropy, keys, clinic, device, device_name.trim())?;
        let hpke_key = HpkeKey(device_keys.public().hpke_key);
        let join = Join::prove(clinic, device, hpke_key, name, &DeviceSigner(device_keys.clone()));
        let entry = sign(invitation, head, host.now().unix_ms().min(ends_ms), join);
        Ok(Self { log, founding_key: VerifyKey(invitation.founding_key), entry })
    }

    /// The key that founded the clinic.
    pub(super) const fn founding_key(&self) -> VerifyKey {
        self.founding_key
    }

    /// What is kept until the entry is in the list.
    pub(super) fn rows(&self, invitation: &Invitation) -> Result<[NamedRow; 2], ApiError> {
        let bytes = invitation.to_bytes().map_err(|error| internal(&error))?.expose().clone();
        let invitation = NamedRow { name: names::INVITATION.to_owned(), bytes };
        Ok([invitation, entry_row(&self.entry)])
    }
}

/// Sends the entry that is kept until the list has it. Where it is in the list already, nothing is
/// done. The inner error says that the list will never take it.
///
/// # Errors
/// The server's and the store's: trying again may help.
pub(super) fn enter<H: Host>(
    session: &Session<'_, H>,
    at: &JoinAt,
) -> Result<Result<(), ApiError>, ApiError> {
    let store = &session.open.store;
    let Some(invitation) = invitation(store)? else { return Ok(Ok(())) };
    let Some(kept) = store.named(names::JOIN_ENTRY).told()? else { return Ok(Ok(())) };
    let mut entry = SignedEntry::from_bytes(&kept).map_err(|error| internal(&error))?;
    let mut carrier = at.connect(session.host).map_err(|failure| told_failure(&failure))?;
    for _ in 0..TRIES_MAX {
        let reply = push(session, &invitation, &entry, carrier.as_mut())?;
        match reply.verdict {
            MembersVerdict::Stored => return keep(session, &invitation, &entry).map(Ok),
            MembersVerdict::Refused(error @ (EntryError::NoInvite | EntryError::Expired)) => {
                tracing::info!(%error, "the code lets nobody in any more");
                return Ok(Err(bad_code(&DEAD)));
            }
            MembersVerdict::Stale => match again(session, &invitation, &entry, carrier.as_mut()) {
                Ok(next) => entry = next,
                Err(error) if error.code == ErrorCode::BadCode => return Ok(Err(error)),
                Err(error) => return Err(error),
            },
            MembersVerdict::Refused(_) | MembersVerdict::Closed => {
                let detail = "The server did not take this computer into the clinic; try again.";
                return Err(ApiError::new(ErrorCode::ServerMisbehaves, detail));
            }
        }
    }
    let detail = "The list of computers changes all the time; try again in a moment.";
    Err(ApiError::new(ErrorCode::ServerMisbehaves, detail))
}

/// Sends the entry as who was invited. A computer lets nobody in by an invitation that was used: where
/// that was this one's own entry, whose answer was lost, this one is of the clinic, and asks as such.
fn push<H: Host>(
    session: &Session<'_, H>,
    invitation: &Invitation,
    entry: &SignedEntry,
    carrier: &mut dyn Carrier,
) -> Result<MembersReply, ApiError> {
    identify(invitation, carrier);
    let mut reply = carrier.push_members(vec![entry.clone()]);
    if reply.as_ref().is_err_and(is_unknown) {
        let keys = Keys::load(session)?;
        let device = Principal::Device(keys.device);
        carrier.identify(Clinic(invitation.clinic), device, keys.signer);
        reply = carrier.push_members(vec![entry.clone()]);
    }
    reply.map_err(
        |failure| if is_unknown(&failure) { bad_code(&DEAD) } else { told_failure(&failure) },
    )
}

/// Whether who answers does not know who asks.
fn is_unknown(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(refused) if refused.0.code == RefusalCode::UnknownDevice)
}

/// The invitation of a join that is not in the list yet.
///
/// # Errors
/// The store's.
pub(super) fn invitation(store: &Store) -> Result<Option<Invitation>, ApiError> {
    let kept = store.named(names::INVITATION).told()?;
    let read = |bytes: Vec<u8>| Invitation::from_bytes(&bytes).map_err(|error| internal(&error));
    kept.map(read).transpose()
}

/// What there is to say of a code that was good: a server forgets which of these it was.
const DEAD: &str = "the code was used already or is no longer valid";

/// What there is to say of a code that nobody knows.
pub(super) const UNKNOWN: &str = "nothing waits under this code: compare it with the one that was made, \
                                  letter by letter; where it is the same, it was used already or is no \
                                  longer valid";

/// The code lets nobody in.
pub(super) fn bad_code(cause: &dyn std::fmt::Display) -> ApiError {
    let help = "Ask for a new code; each works once and for a day.";
    ApiError::new(ErrorCode::BadCode, format!("The clinic was not joined: {cause}. {help}"))
}

/// The entry is in the list: it is kept with the others, and the invitation is forgotten.
fn keep<H: Host>(
    session: &Session<'_, H>,
    invitation: &Invitation,
    entry: &SignedEntry,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    let mut rows = vec![names::entry_row(entry)];
    rows.extend(name_row(&invitation.clinic_keys, entry));
    store.put_named(&rows).told()?;
    session.audit(OtherDeed::JoinClinic, None)?;
    store.remove_named(names::JOIN_ENTRY).told()?;
    store.remove_named(names::INVITATION).told()
}

/// Another entry took the place: the same join is signed for the next one, and kept before it is
/// sent.
fn again<H: Host>(
    session: &Session<'_, H>,
    invitation: &Invitation,
    entry: &SignedEntry,
    carrier: &mut dyn Carrier,
) -> Result<SignedEntry, ApiError> {
    let EntryBody::Join(join) = &entry.entry().body else {
        return Err(ApiError::new(ErrorCode::Damaged, "The entry that was kept is no join."));
    };
    let (log, head, ends_ms) = read_open(invitation, carrier)?;
    let at_ms = session.host.now().unix_ms().min(ends_ms);
    let next = sign(invitation, head, at_ms, join.clone());
    let mut rows: Vec<NamedRow> = log.iter().map(names::entry_row).collect();
    rows.extend(log.iter().filter_map(|entry| name_row(&invitation.clinic_keys, entry)));
    rows.push(entry_row(&next));
    session.open.store.put_named(&rows).told()?;
    Ok(next)
}

fn entry_row(entry: &SignedEntry) -> NamedRow {
    NamedRow { name: names::JOIN_ENTRY.to_owned(), bytes: entry.to_bytes() }
}

fn sign(invitation: &Invitation, head: MembersHead, at_ms: i64, join: Join) -> SignedEntry {
    let signer = InviteSigner(invitation.invite_keys.clone());
    let entry = Entry {
        clinic: Clinic(invitation.clinic),
        index: head.count,
        prev: head.hash,
        at_ms,
        author: VerifyKey(signer.public_key()),
        body: EntryBody::Join(join),
    };
    SignedEntry::sign(entry, &signer)
}

fn identify(invitation: &Invitation, carrier: &mut dyn Carrier) {
    let signer = Arc::new(InviteSigner(invitation.invite_keys.clone()));
    let principal = Principal::Invite(VerifyKey(signer.public_key()));
    carrier.identify(Clinic(invitation.clinic), principal, signer);
}

/// The list with its end, while the invitation is open in it, and when that ends. Whether it has
/// ended the server's clock says: this computer's may be wrong.
fn read_open(
    invitation: &Invitation,
    carrier: &mut dyn Carrier,
) -> Result<(Vec<SignedEntry>, MembersHead, i64), ApiError> {
    let clinic = Clinic(invitation.clinic);
    identify(invitation, carrier);
    let log = read_log(clinic, carrier)?;
    let founding = VerifyKey(invitation.founding_key);
    let members = Members::replay(clinic, &founding, &log).map_err(|error| {
        ApiError::new(ErrorCode::ServerMisbehaves, format!("The clinic was not joined: {error}."))
    })?;
    let invite_key = VerifyKey(invitation.invite_keys.public());
    let open = members.open_invite(&invite_key).ok_or_else(|| bad_code(&DEAD))?;
    Ok((log, members.head(), open.expires_at_ms))
}

/// The list, as whoever is identified reads it.
///
/// # Errors
/// `bad-code` where the server knows nobody of theirs; the server's other ones.
pub(super) fn read_log(
    clinic: Clinic,
    carrier: &mut dyn Carrier,
) -> Result<Vec<SignedEntry>, ApiError> {
    let mut entries: Vec<SignedEntry> = Vec::new();
    for _ in 0..PAGES_MAX {
        let from = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let page = carrier.members(&MembersRequest { clinic, from });
        let page = page.map_err(|failure| match told_failure(&failure) {
            // Whoever holds a used or expired invite is nobody to the server.
            error if error.code != ErrorCode::DeviceRefused => error,
            // The server is another by now, or lost what it had.
            _ if is_unknown_clinic(&failure) => bad_code(&failure),
            _ => bad_code(&DEAD),
        })?;
        let is_last = page.entries.is_empty();
        entries.extend(page.entries);
        if is_last || entries.len() >= usize::try_from(page.head.count).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(entries)
}
