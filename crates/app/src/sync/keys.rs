//! This device's keys and what it knows of the clinic's membership.

use crate::{
    error::ToldResult,
    hex::bytes_of_hex,
    host::{Host, HostEntropy},
    open::Session,
};
use api::{ApiError, ErrorCode};
use clinical::DeviceId;
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::NamedRow;
use sync::{
    codec::Canonical as _,
    ids::{ClinicId, Commitment, DeviceId as Device, EntryHash, EnvelopeId, HpkeKey, VerifyKey},
    membership::{Entry, EntryBody, EntryError, Found, Members, SignedEntry},
    signing::Signer,
};
use uuid::Uuid;
use vault::{ClinicKeys, DeviceKeys, EpochKey, UserKeys, device_name};

use super::{names, wishes::removals};

/// A device's signing key, as the sync asks for it.
pub(super) struct DeviceSigner(pub(super) DeviceKeys);

/// An invite's signing key, as the sync asks for it.
pub(super) struct InviteSigner(pub(super) UserKeys);

impl Signer for DeviceSigner {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public().sign_key
    }
}

impl Signer for InviteSigner {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public()
    }
}

/// Everything this device syncs with.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) signer: Arc<DeviceSigner>,
    pub(super) clinic_keys: ClinicKeys,
    pub(super) members: Members,
    pub(super) device: Device,
    /// Envelopes that a person decided to take in, although their computer had been removed.
    pub(super) taken_in: BTreeSet<EnvelopeId>,
}

/// Makes device keys, clinic keys and the founding membership entry of a new clinic; keeps them.
/// The computer goes by `device_name`, or by its own name where that is blank or none.
///
/// # Errors
/// The store's.
pub(crate) fn found_clinic<H: Host>(
    session: &Session<'_, H>,
    device_name: Option<&str>,
) -> Result<(), ApiError> {
    let entropy = &mut HostEntropy(session.host);
    let device_keys = DeviceKeys::make(entropy);
    let clinic_keys = ClinicKeys::make(entropy);
    let (clinic, device) = (clinic_of(session), device_of(session));
    let public = device_keys.public();
    let commitment = clinic_keys.current().map(|(n, key)| key.derive_commitment(&clinic.0, n));
    let named = device_name.map(str::trim).filter(|name| !name.is_empty());
    let name = named.map_or_else(|| session.host.device_name(), str::to_owned);
    let name = fitting(&name).to_owned();
    let found = Found {
        device,
        hpke_key: HpkeKey(public.hpke_key),
        sealed_name: seal_name(session, &clinic_keys, device, &name)?,
        commitment: Commitment(commitment.unwrap_or_default()),
    };
    let entry = Entry {
        clinic,
        index: 0,
        prev: EntryHash([0; 32]),
        at_ms: session.host.now().unix_ms(),
        author: VerifyKey(public.sign_key),
        body: EntryBody::Found(found),
    };
    let signer = DeviceSigner(device_keys);
    let first = SignedEntry::sign(entry, &signer);
    let mut rows = key_rows(&signer.0, &clinic_keys, &VerifyKey(public.sign_key));
    rows.push(names::entry_row(&first));
    rows.push(names::device_name_row(device, name));
    session.open.store.put_named(&rows).told()
}

/// Names of the clinic's computers, for stamps.
///
/// # Errors
/// The store's.
pub(crate) fn device_names<H: Host>(
    session: &Session<'_, H>,
) -> Result<BTreeMap<DeviceId, String>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::DEVICE_NAMES).told()?;
    let name = |row: NamedRow| {
        let id = row.name.strip_prefix(names::DEVICE_NAMES)?;
        let id = Uuid::try_parse(id).ok()?;
        Some((DeviceId::from_uuid(id), String::from_utf8(row.bytes).ok()?))
    };
    Ok(rows.into_iter().filter_map(name).collect())
}

/// The rows of a device's keys.
pub(super) fn key_rows(
    device_keys: &DeviceKeys,
    clinic_keys: &ClinicKeys,
    founding_key: &VerifyKey,
) -> Vec<NamedRow> {
    let row = |name: &str, bytes: Vec<u8>| NamedRow { name: name.to_owned(), bytes };
    vec![
        row(names::DEVICE_KEYS, device_keys.to_bytes().expose().clone()),
        row(names::CLINIC_KEYS, clinic_keys.to_bytes().expose().clone()),
        row(names::FOUNDING_KEY, founding_key.0.to_vec()),
    ]
}

/// Seals a device's name, cut to what fits.
pub(super) fn seal_name<H: Host>(
    session: &Session<'_, H>,
    clinic_keys: &ClinicKeys,
    device: Device,
    name: &str,
) -> Result<Vec<u8>, ApiError> {
    let entropy = &mut HostEntropy(session.host);
    sealed_name(entropy, clinic_keys, clinic_of(session), device, name)
}

/// Seals a device's name, cut to what fits, where no session is open yet.
pub(super) fn sealed_name(
    entropy: &mut dyn vault::Entropy,
    clinic_keys: &ClinicKeys,
    clinic: ClinicId,
    device: Device,
    name: &str,
) -> Result<Vec<u8>, ApiError> {
    device_name::seal(clinic_keys, &clinic.0, &device.0, fitting(name), entropy)
        .map_err(|error| internal(&error))
}

/// As much of a device's name as is kept.
pub(super) fn fitting(name: &str) -> &str {
    let mut end = name.len().min(device_name::NAME_BYTES_MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default()
}

pub(super) fn clinic_of<H>(session: &Session<'_, H>) -> ClinicId {
    ClinicId(*session.open.clinic.uuid().as_bytes())
}

pub(super) fn device_of<H>(session: &Session<'_, H>) -> Device {
    Device(*session.open.device.uuid().as_bytes())
}

/// Something of our own that does not hold together.
pub(super) fn internal(error: &dyn std::error::Error) -> ApiError {
    ApiError::new(ErrorCode::Internal, format!("Nothing was changed: {error}."))
}

fn damaged(what: &str) -> ApiError {
    ApiError::new(ErrorCode::Damaged, format!("The store's {what} cannot be read."))
}

impl Keys {
    /// Reads them from the store and verifies the membership log.
    ///
    /// # Errors
    /// `damaged`; the store's.
    pub(super) fn load<H: Host>(session: &Session<'_, H>) -> Result<Self, ApiError> {
        let named =
            |name: &str| session.open.store.named(name).told()?.ok_or_else(|| damaged("sync keys"));
        let device_keys =
            DeviceKeys::from_bytes(&named(names::DEVICE_KEYS)?).map_err(|e| internal(&e))?;
        let clinic_keys =
            ClinicKeys::from_bytes(&named(names::CLINIC_KEYS)?).map_err(|e| internal(&e))?;
        let founding = named(names::FOUNDING_KEY)?.try_into().map(VerifyKey);
        let founding = founding.map_err(|_| damaged("founding key"))?;
        let mut members = verified(session, &founding)?;
        removals(session)?.iter().for_each(|removal| members.expect_removal(removal));
        let (signer, device) = (Arc::new(DeviceSigner(device_keys)), device_of(session));
        let taken_in = taken_in(session)?;
        Ok(Self { signer, clinic_keys, members, device, taken_in })
    }

    /// Reads anew what people decided to take in.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn learn_decisions<H: Host>(
        &mut self,
        session: &Session<'_, H>,
    ) -> Result<(), ApiError> {
        self.taken_in = taken_in(session)?;
        Ok(())
    }

    /// The computer of the clinic with a key.
    pub(super) fn device_of_key(&self, key: &VerifyKey) -> Option<Device> {
        let mut staying = self.members.staying();
        staying.find(|(_, member)| member.sign_key == *key).map(|(device, _)| device)
    }

    /// Verifies entries, takes what they bring, and tells what to keep. On an error nothing
    /// changes.
    ///
    /// # Errors
    /// The rule that an entry breaks.
    pub(super) fn take_entries(
        &mut self,
        entries: &[SignedEntry],
    ) -> Result<Vec<NamedRow>, EntryError> {
        let mut members = self.members.clone();
        let mut clinic_keys = self.clinic_keys.clone();
        let mut rows = Vec::new();
        for entry in entries {
            members.apply(entry)?;
            rows.push(names::entry_row(entry));
            rows.extend(self.take_epoch(&mut clinic_keys, entry));
            rows.extend(name_row(&clinic_keys, entry));
        }
        self.members = members;
        self.clinic_keys = clinic_keys;
        Ok(rows)
    }

    /// The rows that keep the keys and names of another list, for the place of the one these stand on;
    /// both begin alike and knew `common_epoch`. `None` where this computer is not in it, or the newest
    /// key is not for it: it could seal nothing that is safe.
    pub(super) fn on_list(
        &self,
        members: &Members,
        entries: &[SignedEntry],
        common_epoch: u32,
    ) -> Option<Vec<NamedRow>> {
        let mut keys = Self { members: members.clone(), ..self.clone() };
        keys.clinic_keys.back_to(common_epoch);
        let mut clinic_keys = keys.clinic_keys.clone();
        let mut rows = Vec::new();
        for entry in entries {
            rows.extend(keys.take_epoch(&mut clinic_keys, entry));
            rows.extend(name_row(&clinic_keys, entry));
        }
        let bytes = clinic_keys.to_bytes().expose().clone();
        rows.push(NamedRow { name: names::CLINIC_KEYS.to_owned(), bytes });
        let is_newest = clinic_keys.current().is_some_and(|(n, _)| n == members.epoch());
        let is_in = members.active().any(|(device, _)| device == self.device);
        (is_newest && is_in).then_some(rows)
    }

    /// Opens the epoch key that an entry brings for this device. One that does not open, or is
    /// not the one the entry commits to, is left out: what is sealed under it waits.
    fn take_epoch(&self, clinic_keys: &mut ClinicKeys, entry: &SignedEntry) -> Option<NamedRow> {
        let EntryBody::Epoch(epoch) = &entry.entry().body else { return None };
        let mine = epoch.keys.iter().find(|key| key.device == self.device)?;
        let clinic = self.members.clinic();
        let key = EpochKey::open(&self.signer.0, &clinic.0, epoch.number, &mine.sealed).ok()?;
        if key.derive_commitment(&clinic.0, epoch.number) != epoch.commitment.0 {
            return None;
        }
        clinic_keys.add_epoch(epoch.number, key);
        let bytes = clinic_keys.to_bytes().expose().clone();
        Some(NamedRow { name: names::CLINIC_KEYS.to_owned(), bytes })
    }
}

fn taken_in<H: Host>(session: &Session<'_, H>) -> Result<BTreeSet<EnvelopeId>, ApiError> {
    let decided = session.open.store.aside_decisions().told()?;
    let taken = decided.iter().filter(|decision| decision.take_in);
    let id = |text: &str| Some(EnvelopeId(bytes_of_hex(text)?.try_into().ok()?));
    Ok(taken.filter_map(|decision| id(&decision.envelope)).collect())
}

/// The row of a device's name that an entry brings, where it can be opened.
pub(super) fn name_row(clinic_keys: &ClinicKeys, entry: &SignedEntry) -> Option<NamedRow> {
    let (device, sealed) = match &entry.entry().body {
        EntryBody::Found(found) => (found.device, &found.sealed_name),
        EntryBody::Join(join) => (join.device, &join.sealed_name),
        EntryBody::Invite(_) | EntryBody::Revoke(_) | EntryBody::Epoch(_) | EntryBody::Kit(_) => {
            return None;
        }
    };
    let clinic = entry.entry().clinic;
    let name = device_name::open(clinic_keys, &clinic.0, &device.0, sealed).ok()?;
    Some(names::device_name_row(device, name))
}

/// The membership log as it was verified last: each of its signatures costs as much as all else that an
/// exchange does in which nothing is new.
pub(crate) struct Verified {
    /// SHA-256 of the clinic's id, the founding key and the entries, as they are kept.
    of: [u8; 32],
    members: Members,
}

/// Reads the membership log and verifies it, where it is another than the last time.
fn verified<H: Host>(session: &Session<'_, H>, founding: &VerifyKey) -> Result<Members, ApiError> {
    let clinic = clinic_of(session);
    let rows = session.open.store.named_with_prefix(names::MEMBERSHIP).told()?;
    let mut digest = Sha256::new();
    digest.update(clinic.0);
    digest.update(founding.0);
    // Each entry says how long it is.
    rows.iter().for_each(|row| digest.update(&row.bytes));
    let of = digest.finalize().into();
    let mut last = session.open.store.turns().verified();
    if let Some(last) = last.as_ref().filter(|last| last.of == of) {
        return Ok(last.members.clone());
    }
    let members = Members::replay(clinic, founding, &read(&rows)?);
    let members = members.map_err(|_| damaged("membership log"))?;
    *last = Some(Verified { of, members: members.clone() });
    Ok(members)
}

fn read(rows: &[NamedRow]) -> Result<Vec<SignedEntry>, ApiError> {
    let entry =
        |row: &NamedRow| SignedEntry::from_bytes(&row.bytes).map_err(|_| damaged("membership log"));
    rows.iter().map(entry).collect()
}

/// The entries of the membership log, as kept.
///
/// # Errors
/// `damaged`; the store's.
pub(super) fn entries<H: Host>(session: &Session<'_, H>) -> Result<Vec<SignedEntry>, ApiError> {
    read(&session.open.store.named_with_prefix(names::MEMBERSHIP).told()?)
}
