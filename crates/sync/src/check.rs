//! The order of checks on an envelope that arrives, up to its opening, and why one is set aside.
//!
//! Length cap (in the decoder) → clinic → device known → signature → kind → device not shut out →
//! epoch → *AEAD → payload → document tag → change under `catch_unwind` → schema → commit*; the
//! host does what is in italics. What fails goes to quarantine with its reason and blocks nothing.
//! The signature stands first of what can be told of a known device: whoever is not that device
//! is told as nothing else.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::envelope::{Envelope, Kind};
use crate::ids::{DeviceId, VerifyKey};
use crate::membership::{Members, Standing};
use crate::signing::{Together, Verifier};
use crate::wire::Refused;

/// Why an envelope was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum QuarantineReason {
    /// It belongs to another clinic.
    #[error("it belongs to another clinic")]
    WrongClinic,
    /// Its kind is one this version does not read.
    #[error("it is of a kind that this version does not read")]
    UnknownKind,
    /// Its device is not in the membership log.
    #[error("its device is not in the membership log")]
    UnknownDevice,
    /// Its device was shut out before it.
    #[error("its device was removed from the clinic before it")]
    AfterCut,
    /// It is sealed under an epoch the membership log does not name.
    #[error("it is sealed under an epoch that is not known here")]
    UnknownEpoch,
    /// Its device did not sign it.
    #[error("its signature is wrong")]
    BadSignature,
    /// No key of its document is here, or none that opens it.
    #[error("the key of its document is not here")]
    NoKey,
    /// No key opened it that was here: so versions told it that did not wait for another.
    #[error("it cannot be opened")]
    NotOpened,
    /// What was sealed is not a payload.
    #[error("its content is not readable")]
    Malformed,
    /// What was sealed is of another document than the header's tag says.
    #[error("its content is of another document than its tag says")]
    WrongTag,
    /// The merge did not survive it.
    #[error("its content broke the merge")]
    Panicked,
    /// The merge refused it.
    #[error("its content cannot be merged")]
    NotMerged,
}

/// What may make a quarantined envelope acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// More of the membership log or of the table of keys: check again when one has grown.
    Membership,
    /// A newer version: check again after an update.
    Update,
    /// Someone's decision.
    Decision,
    /// Nothing.
    Nothing,
}

impl QuarantineReason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::WrongClinic,
        Self::UnknownKind,
        Self::UnknownDevice,
        Self::AfterCut,
        Self::UnknownEpoch,
        Self::BadSignature,
        Self::NoKey,
        Self::NotOpened,
        Self::Malformed,
        Self::WrongTag,
        Self::Panicked,
        Self::NotMerged,
    ];

    /// A word that is stored and never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongClinic => "wrong-clinic",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownDevice => "unknown-device",
            Self::AfterCut => "after-cut",
            Self::UnknownEpoch => "unknown-epoch",
            Self::BadSignature => "bad-signature",
            Self::NoKey => "no-key",
            Self::NotOpened => "not-opened",
            Self::Malformed => "malformed",
            Self::WrongTag => "wrong-tag",
            Self::Panicked => "panicked",
            Self::NotMerged => "not-merged",
        }
    }

    /// The reason of a stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The reasons of envelopes that await something.
    pub fn awaiting(awaits: Awaits) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |reason| reason.awaits() == awaits)
    }

    /// The reasons of envelopes that no device of this clinic sealed, whatever else may come:
    /// anybody can make up any number of them.
    pub const MADE_UP: [Self; 2] = [Self::WrongClinic, Self::BadSignature];

    /// Whether a computer of the clinic sealed the envelope, for the document that its header says.
    pub const fn is_genuine(self) -> bool {
        match self {
            Self::UnknownKind
            | Self::AfterCut
            | Self::UnknownEpoch
            | Self::NoKey
            | Self::NotOpened
            | Self::Malformed
            | Self::Panicked
            | Self::NotMerged => true,
            Self::WrongClinic | Self::UnknownDevice | Self::BadSignature | Self::WrongTag => false,
        }
    }

    /// What may make the envelope acceptable.
    pub const fn awaits(self) -> Awaits {
        match self {
            Self::UnknownDevice | Self::UnknownEpoch | Self::NoKey => Awaits::Membership,
            Self::UnknownKind | Self::Malformed => Awaits::Update,
            Self::AfterCut => Awaits::Decision,
            Self::WrongClinic
            | Self::BadSignature
            | Self::NotOpened
            | Self::WrongTag
            | Self::Panicked
            | Self::NotMerged => Awaits::Nothing,
        }
    }
}

/// Whether a device may open `envelope`, of which [`Signers::check_origin`] held.
///
/// # Errors
/// The [`QuarantineReason`] of the first check that fails.
pub fn after_origin(envelope: &Envelope, members: &Members) -> Result<(), QuarantineReason> {
    let header = envelope.header();
    check_kind(header.kind)?;
    match members.standing(header.lane(), header.counter, header.key_epoch) {
        Standing::Member => {}
        Standing::AfterCut => return Err(QuarantineReason::AfterCut),
        Standing::Unknown => return Err(QuarantineReason::UnknownDevice),
    }
    if members.commitment(header.key_epoch).is_none() {
        return Err(QuarantineReason::UnknownEpoch);
    }
    Ok(())
}

/// Whether `envelope` is of this clinic and of the device it names: whatever else it is, its place
/// in its lane is taken. One that a server made up is never that.
///
/// # Errors
/// The [`QuarantineReason`] of the first check that fails; of a device not known yet, nothing can
/// be said.
pub fn check_origin(envelope: &Envelope, members: &Members) -> Result<(), QuarantineReason> {
    Signers::of(members).check_origin(envelope)
}

/// The devices of a clinic, whose keys are each made ready once for all the envelopes that come
/// together.
#[derive(Debug)]
pub struct Signers<'m> {
    members: &'m Members,
    ready: BTreeMap<DeviceId, Verifier>,
}

impl<'m> Signers<'m> {
    /// Of a clinic; no key is read yet.
    pub const fn of(members: &'m Members) -> Self {
        Self { members, ready: BTreeMap::new() }
    }

    /// As [`check_origin`].
    ///
    /// # Errors
    /// As there.
    pub fn check_origin(&mut self, envelope: &Envelope) -> Result<(), QuarantineReason> {
        let header = envelope.header();
        if header.clinic != self.members.clinic() {
            return Err(QuarantineReason::WrongClinic);
        }
        match self.is_signed(envelope) {
            None => Err(QuarantineReason::UnknownDevice),
            Some(false) => Err(QuarantineReason::BadSignature),
            Some(true) => Ok(()),
        }
    }

    /// Whether a server may store `envelope`. Those of a device that was shut out are stored too:
    /// each device judges them by the cut.
    ///
    /// # Errors
    /// The [`Refused`] of the first check that fails.
    pub fn before_storing(&mut self, envelope: &Envelope) -> Result<(), Refused> {
        sealed_by(envelope, self.members)?;
        match self.is_signed(envelope) {
            None => Err(Refused::UnknownDevice),
            Some(false) => Err(Refused::BadSignature),
            Some(true) => Ok(()),
        }
    }

    /// Whether the device that an envelope names signed it; `None` where the clinic has no such
    /// device.
    fn is_signed(&mut self, envelope: &Envelope) -> Option<bool> {
        let device = envelope.header().device;
        let key = match self.ready.entry(device) {
            Entry::Occupied(ready) => ready.into_mut(),
            Entry::Vacant(place) => {
                place.insert(Verifier::of(&self.members.device(device)?.sign_key))
            }
        };
        Some(envelope.is_verified_by(key))
    }
}

/// Whether each of `envelopes` may be stored: [`Signers::before_storing`] of each, at a fraction of the
/// cost where all their signatures hold ([`Together`]).
pub fn before_storing(envelopes: &[Envelope], members: &Members) -> Vec<Result<(), Refused>> {
    if envelopes.len() >= TOGETHER_MIN {
        let sealed: Vec<_> = envelopes.iter().map(|it| sealed_by(it, members)).collect();
        if are_signed(envelopes.iter().zip(&sealed)) {
            return sealed.into_iter().map(|by| by.map(drop)).collect();
        }
    }
    let mut signers = Signers::of(members);
    envelopes.iter().map(|envelope| signers.before_storing(envelope)).collect()
}

/// So few are quicker checked one by one.
const TOGETHER_MIN: usize = 4;

/// The key of the device that an envelope names, where a server may store what it signed.
fn sealed_by<'m>(envelope: &Envelope, members: &'m Members) -> Result<&'m VerifyKey, Refused> {
    let header = envelope.header();
    if header.clinic != members.clinic() {
        return Err(Refused::WrongClinic);
    }
    if header.kind == Kind::Membership {
        return Err(Refused::Kind);
    }
    Ok(&members.device(header.device).ok_or(Refused::UnknownDevice)?.sign_key)
}

/// Whether of envelopes all that name a device are signed by it.
fn are_signed<'e>(
    envelopes: impl Iterator<Item = (&'e Envelope, &'e Result<&'e VerifyKey, Refused>)>,
) -> bool {
    let mut together = Together::new();
    for (envelope, by) in envelopes {
        if let Ok(key) = by {
            envelope.check_with(&mut together, key);
        }
    }
    together.hold()
}

const fn check_kind(kind: Kind) -> Result<(), QuarantineReason> {
    match kind {
        Kind::Change
        | Kind::Pack
        | Kind::Checkpoint
        | Kind::Snapshot
        | Kind::Countersign
        | Kind::Notice => Ok(()),
        Kind::Membership | Kind::BlobRef => Err(QuarantineReason::UnknownKind),
    }
}
