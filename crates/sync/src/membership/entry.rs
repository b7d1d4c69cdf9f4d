//! One entry of the membership log and its encoding.

use sha2::{Digest as _, Sha256};

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::have::{Lane, Position};
use crate::ids::{ClinicId, Commitment, DeviceId, EntryHash, HpkeKey, Signature, VerifyKey};
use crate::limits::{
    CUT_ENTRIES_MAX, DEVICES_MAX, KIT_BYTES_MAX, SEALED_KEY_BYTES_MAX, SEALED_NAME_BYTES_MAX,
};
use crate::signing::{Domain, Signer, sign, verify};

/// The first byte of an entry this build writes.
pub const ENTRY_VERSION: u8 = 1;

/// What a device may do to the membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Invites and revokes devices, opens epochs.
    Admin,
    /// Reads and writes the record.
    Member,
}

/// The first entry: a clinic and its first device, an admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The founding device.
    pub device: DeviceId,
    /// To which epoch keys are sealed.
    pub hpke_key: HpkeKey,
    /// The device's name, sealed by the host.
    pub sealed_name: Vec<u8>,
    /// Commits to the key of epoch 1.
    pub commitment: Commitment,
}

/// Allows one device to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Whose private half is in the invite's blob.
    pub invite_key: VerifyKey,
    /// What the joining device will be.
    pub role: Role,
    /// After which it is void, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A device that joins; the entry is signed with the invite's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The new device.
    pub device: DeviceId,
    /// Its signing key.
    pub sign_key: VerifyKey,
    /// To which epoch keys are sealed.
    pub hpke_key: HpkeKey,
    /// The device's name, sealed by the host.
    pub sealed_name: Vec<u8>,
    /// The new device's own signature: it holds `sign_key`.
    pub possession: Signature,
}

/// Shuts a device out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoke {
    /// The device.
    pub device: DeviceId,
    /// How far each of its generations counts; what comes after waits for a human. Ordered.
    pub cut: Vec<(u32, Position)>,
}

/// A recovery kit: keys on paper that stand in the log like a device's, so that every epoch key is
/// sealed to them. One takes the place of the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// Its place and keys, with the proof that whoever made it holds them.
    pub join: Join,
    /// What a clinic is recovered with, sealed by the host.
    pub sealed: Vec<u8>,
}

/// An epoch key for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// Who can open it.
    pub device: DeviceId,
    /// The key, sealed to the device's [`HpkeKey`].
    pub sealed: Vec<u8>,
}

/// A new key for everything sealed from now on. Open invites end with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The epoch before plus one.
    pub number: u32,
    /// Commits to the key.
    pub commitment: Commitment,
    /// The key for every active device, by device.
    pub keys: Vec<SealedKey>,
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryBody {
    /// Founds the clinic.
    Found(Found),
    /// Allows one device to join.
    Invite(Invite),
    /// Adds a device.
    Join(Join),
    /// Shuts a device out.
    Revoke(Revoke),
    /// Changes the epoch key.
    Epoch(Epoch),
    /// Makes a recovery kit, and voids the one before it.
    Kit(Kit),
}

/// What is signed: a body, its place, its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The clinic.
    pub clinic: ClinicId,
    /// Its place in the log, from 0.
    pub index: u32,
    /// Hash of the entry before; zeroes at 0.
    pub prev: EntryHash,
    /// The author's clock, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// The key that signs.
    pub author: VerifyKey,
    /// What it does.
    pub body: EntryBody,
}

/// An entry with its author's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry {
    entry: Entry,
    signature: Signature,
    hash: EntryHash,
}

/// How long a membership log is and what stands last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersHead {
    /// Number of entries.
    pub count: u32,
    /// Hash of the last; zeroes when there is none.
    pub hash: EntryHash,
}

impl MembersHead {
    /// A log without entries.
    pub const EMPTY: Self = Self { count: 0, hash: EntryHash([0; 32]) };
}

impl SignedEntry {
    /// Signs an entry; its `author` becomes the signer's key.
    pub fn sign(mut entry: Entry, signer: &dyn Signer) -> Self {
        entry.author = VerifyKey(signer.public_key());
        let hash = hash_of(&entry);
        let signature = sign(signer, Domain::Membership, hash.as_bytes());
        Self { entry, signature, hash }
    }

    /// What is signed.
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// SHA-256 of the entry without the signature.
    pub const fn hash(&self) -> EntryHash {
        self.hash
    }

    /// Whether its author's key signed it.
    pub fn is_signed(&self) -> bool {
        verify(&self.entry.author, Domain::Membership, self.hash.as_bytes(), &self.signature)
    }

    /// Length of its encoding, in bytes.
    pub fn encoded_len(&self) -> usize {
        self.to_bytes().len()
    }

    /// The head of a log that ends with this entry.
    pub const fn head(&self) -> MembersHead {
        MembersHead { count: self.entry.index.saturating_add(1), hash: self.hash }
    }
}

impl Join {
    /// A join with the new device's proof that it holds its key.
    pub fn prove(
        clinic: ClinicId,
        device: DeviceId,
        hpke_key: HpkeKey,
        sealed_name: Vec<u8>,
        signer: &dyn Signer,
    ) -> Self {
        let sign_key = VerifyKey(signer.public_key());
        let content = possession_content(clinic, device, &sign_key, &hpke_key);
        let possession = sign(signer, Domain::Possession, &content);
        Self { device, sign_key, hpke_key, sealed_name, possession }
    }

    /// Whether the proof holds.
    pub fn is_proved(&self, clinic: ClinicId) -> bool {
        let content = possession_content(clinic, self.device, &self.sign_key, &self.hpke_key);
        verify(&self.sign_key, Domain::Possession, &content, &self.possession)
    }
}

fn possession_content(
    clinic: ClinicId,
    device: DeviceId,
    sign_key: &VerifyKey,
    hpke_key: &HpkeKey,
) -> Vec<u8> {
    [&clinic.0[..], &device.0[..], &sign_key.0[..], &hpke_key.0[..]].concat()
}

fn hash_of(entry: &Entry) -> EntryHash {
    EntryHash(Sha256::digest(entry.to_bytes()).into())
}

impl Canonical for SignedEntry {
    fn encode(&self, out: &mut Writer) {
        self.entry.encode(out);
        self.signature.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let entry = Entry::decode(input)?;
        let signature = Signature::decode(input)?;
        let hash = hash_of(&entry);
        Ok(Self { entry, signature, hash })
    }
}

impl Canonical for MembersHead {
    fn encode(&self, out: &mut Writer) {
        out.u32(self.count);
        self.hash.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { count: input.u32()?, hash: EntryHash::decode(input)? })
    }
}

impl Canonical for Entry {
    fn encode(&self, out: &mut Writer) {
        out.u8(ENTRY_VERSION);
        self.clinic.encode(out);
        out.u32(self.index);
        self.prev.encode(out);
        out.i64(self.at_ms);
        self.author.encode(out);
        self.body.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = input.u8()?;
        if version != ENTRY_VERSION {
            return Err(DecodeError::Version { what: "membership entry", version });
        }
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            index: input.u32()?,
            prev: EntryHash::decode(input)?,
            at_ms: input.i64()?,
            author: VerifyKey::decode(input)?,
            body: EntryBody::decode(input)?,
        })
    }
}

impl Canonical for EntryBody {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Found(found) => {
                out.u8(1);
                found.encode(out);
            }
            Self::Invite(invite) => {
                out.u8(2);
                invite.encode(out);
            }
            Self::Join(join) => {
                out.u8(3);
                join.encode(out);
            }
            Self::Revoke(revoke) => {
                out.u8(4);
                revoke.encode(out);
            }
            Self::Epoch(epoch) => {
                out.u8(5);
                epoch.encode(out);
            }
            Self::Kit(kit) => {
                out.u8(6);
                kit.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match input.u8()? {
            1 => Self::Found(Found::decode(input)?),
            2 => Self::Invite(Invite::decode(input)?),
            3 => Self::Join(Join::decode(input)?),
            4 => Self::Revoke(Revoke::decode(input)?),
            5 => Self::Epoch(Epoch::decode(input)?),
            6 => Self::Kit(Kit::decode(input)?),
            tag => return Err(DecodeError::Tag { what: "membership entry", tag }),
        })
    }
}

impl Canonical for Role {
    fn encode(&self, out: &mut Writer) {
        out.u8(match self {
            Self::Admin => 1,
            Self::Member => 2,
        });
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Admin),
            2 => Ok(Self::Member),
            tag => Err(DecodeError::Tag { what: "device role", tag }),
        }
    }
}

fn sealed_name(input: &mut Reader<'_>) -> Result<Vec<u8>, DecodeError> {
    Ok(input.bytes("device name", SEALED_NAME_BYTES_MAX)?.to_vec())
}

impl Canonical for Found {
    fn encode(&self, out: &mut Writer) {
        self.device.encode(out);
        self.hpke_key.encode(out);
        out.bytes(&self.sealed_name);
        self.commitment.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device: DeviceId::decode(input)?,
            hpke_key: HpkeKey::decode(input)?,
            sealed_name: sealed_name(input)?,
            commitment: Commitment::decode(input)?,
        })
    }
}

impl Canonical for Invite {
    fn encode(&self, out: &mut Writer) {
        self.invite_key.encode(out);
        self.role.encode(out);
        out.i64(self.expires_at_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            invite_key: VerifyKey::decode(input)?,
            role: Role::decode(input)?,
            expires_at_ms: input.i64()?,
        })
    }
}

impl Canonical for Join {
    fn encode(&self, out: &mut Writer) {
        self.device.encode(out);
        self.sign_key.encode(out);
        self.hpke_key.encode(out);
        out.bytes(&self.sealed_name);
        self.possession.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device: DeviceId::decode(input)?,
            sign_key: VerifyKey::decode(input)?,
            hpke_key: HpkeKey::decode(input)?,
            sealed_name: sealed_name(input)?,
            possession: Signature::decode(input)?,
        })
    }
}

impl Canonical for Revoke {
    fn encode(&self, out: &mut Writer) {
        self.device.encode(out);
        out.length(self.cut.len());
        for (generation, position) in &self.cut {
            out.u32(*generation);
            position.encode(out);
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let device = DeviceId::decode(input)?;
        let count = input.length("cut", CUT_ENTRIES_MAX)?;
        let mut cut: Vec<(u32, Position)> = Vec::new();
        for _ in 0..count {
            let lane = Lane::checked(device, input.u32()?)?;
            if cut.last().is_some_and(|(last, _)| *last >= lane.generation) {
                return Err(DecodeError::NotCanonical("order of the cut"));
            }
            cut.push((lane.generation, Position::decode(input)?));
        }
        Ok(Self { device, cut })
    }
}

impl Canonical for Kit {
    fn encode(&self, out: &mut Writer) {
        self.join.encode(out);
        out.bytes(&self.sealed);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let join = Join::decode(input)?;
        Ok(Self { join, sealed: input.bytes("recovery kit", KIT_BYTES_MAX)?.to_vec() })
    }
}

impl Canonical for SealedKey {
    fn encode(&self, out: &mut Writer) {
        self.device.encode(out);
        out.bytes(&self.sealed);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device: DeviceId::decode(input)?,
            sealed: input.bytes("sealed epoch key", SEALED_KEY_BYTES_MAX)?.to_vec(),
        })
    }
}

impl Canonical for Epoch {
    fn encode(&self, out: &mut Writer) {
        out.u32(self.number);
        self.commitment.encode(out);
        out.list(&self.keys);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = input.u32()?;
        let commitment = Commitment::decode(input)?;
        let keys: Vec<SealedKey> = input.list("sealed epoch keys", DEVICES_MAX)?;
        if !keys.is_sorted_by(|a, b| a.device < b.device) {
            return Err(DecodeError::NotCanonical("order of the epoch keys"));
        }
        Ok(Self { number, commitment, keys })
    }
}
