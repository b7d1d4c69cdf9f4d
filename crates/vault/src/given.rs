//! What one clinic gives another, sealed to the other's card ([`crate::card`]).
//!
//! ```text
//! file    = magic (7) ‖ version (1) ‖ hint (8) ‖ epoch (4) ‖ box (2 + n) ‖ ciphertext
//! hint    = first 8 bytes of SHA-256(domain ‖ recipient's Ed25519 key)
//! box     = HPKE(recipient's X25519 key of the epoch, domain ‖ clinic ‖ epoch, content key (32))
//! body    = seal::prepare(card of the giver (2 + n) ‖ signature (64) ‖ content)
//! ciphertext = AES-256-GCM(body), all before it being the additional data
//! key ‖ nonce = HKDF-SHA-256(content key, no salt, domain), 44 bytes
//! signature   = Ed25519(domain ‖ recipient's clinic, Ed25519 key ‖ SHA-256(content))
//! ```
//! Nothing of who gave it stands outside: whoever finds the file learns a size and, where they have
//! the recipient's card, for whom it is. The signature names the recipient, so that nobody passes on
//! what was given to them as if the giver had sealed it for a third.

use sha2::{Digest as _, Sha256};

use crate::Sensitive;
use crate::card::{Card, CardError, derive_sealing, derive_signing};
use crate::cipher::OneTimeKey;
use crate::clinic_keys::ClinicKeys;
use crate::codec::{Reader, Writer};
use crate::epoch::EpochNumber;
use crate::hpke_box::{self, HpkeBoxError};
use crate::random::{Entropy, make_secret};
use crate::seal::{self, OpenError, SealError};
use crate::user_keys::verify;

/// The first bytes of a file, the last of them its version.
pub const MAGIC: [u8; 8] = *b"FCSHARE\x01";
const HINT_DOMAIN: &[u8] = b"fieldchart given hint v1";
const BOX_DOMAIN: &[u8] = b"fieldchart given box v1";
const BODY_DOMAIN: &[u8] = b"fieldchart given body v1";
const SIGN_DOMAIN: &[u8] = b"fieldchart given v1";
const HINT_BYTES: usize = 8;

/// What was given, opened: who gave it is proven, for whoever knows their card's number.
#[derive(Debug)]
pub struct Given {
    /// The card of the giver, as it was then.
    pub from: Card,
    /// What they gave.
    pub content: Sensitive<Vec<u8>>,
}

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GiveError {
    /// Our own card could not be made.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The other's card has a key that cannot be sealed to.
    #[error(transparent)]
    Recipient(#[from] HpkeBoxError),
    /// It is too large.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Why a file could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// The bytes begin as no such file.
    #[error("this is no file by which a clinic gives a chart")]
    NotOne,
    /// Made by a newer version of the program.
    #[error("the file was made by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// It is sealed for another clinic.
    #[error("the file is sealed for another clinic")]
    ForAnother,
    /// It is sealed to a card of which the key has not come to this computer.
    #[error("the file is sealed to a card that this computer has no key of yet (epoch {0})")]
    NoKey(EpochNumber),
    /// A bit differs, or it is cut off.
    #[error("the file is damaged or cut off")]
    Damaged,
    /// It opens to more than is accepted.
    #[error("the file opens to more than {limit} bytes")]
    TooLong {
        /// What is accepted.
        limit: u32,
    },
    /// It opens, and was not signed by the clinic it names.
    #[error("the file is not signed by the clinic it names")]
    NotSigned,
}

/// Seals `content` from a clinic to the card of another.
///
/// # Errors
/// [`GiveError`].
pub fn give(
    keys: &ClinicKeys,
    own: &Card,
    to: &Card,
    content: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, GiveError> {
    let key = make_secret::<32>(entropy);
    let info = box_info(to.clinic(), to.epoch());
    let sealed_key = hpke_box::seal_to(to.hpke_key(), &info, key.expose(), entropy)?;
    let card = own.to_bytes();
    let signature = derive_signing(keys, own.clinic()).sign(&message(to, content));
    let mut plain = Writer::with_capacity(2 + card.len() + 64 + content.len());
    plain.short(&card).raw(&signature).raw(content);
    let prepared = seal::prepare(Sensitive::new(plain.finish()).expose())?;
    let mut file =
        Writer::with_capacity(MAGIC.len() + 14 + sealed_key.len() + prepared.sealed_len());
    file.raw(&MAGIC).raw(&hint(to.sign_key())).u32(to.epoch()).short(&sealed_key);
    let mut file = file.finish();
    let ciphertext = prepared.seal_once(one_time(&key), &file)?;
    file.extend_from_slice(&ciphertext);
    Ok(file)
}

/// Opens what was given to a clinic, up to `plain_bytes_max` of it.
///
/// # Errors
/// [`GivenError`].
pub fn open(
    keys: &ClinicKeys,
    own: &Card,
    file: &[u8],
    plain_bytes_max: u32,
) -> Result<Given, GivenError> {
    let (name, version) = MAGIC.split_at(MAGIC.len() - 1);
    let mut reader = Reader::new(file);
    if reader.take(name.len()) != Some(name) {
        return Err(GivenError::NotOne);
    }
    match (reader.u8(), version.first().copied().unwrap_or_default()) {
        (Some(found), known) if found == known => {}
        (Some(found), known) if found > known => return Err(GivenError::NewerFormat(found)),
        (Some(_), _) => return Err(GivenError::NotOne),
        (None, _) => return Err(GivenError::Damaged),
    }
    let for_whom = reader.array::<HINT_BYTES>().ok_or(GivenError::Damaged)?;
    if for_whom != hint(own.sign_key()) {
        return Err(GivenError::ForAnother);
    }
    let epoch = reader.u32().ok_or(GivenError::Damaged)?;
    let sealed_key = reader.short().ok_or(GivenError::Damaged)?;
    let ciphertext = reader.rest();
    let head = file.len().checked_sub(ciphertext.len()).and_then(|end| file.get(..end));
    let head = head.ok_or(GivenError::Damaged)?;
    let epoch_key = keys.epoch(epoch).ok_or(GivenError::NoKey(epoch))?;
    let sealing = derive_sealing(epoch_key, own.clinic(), epoch);
    let info = box_info(own.clinic(), epoch);
    let key = sealing.open(&info, sealed_key).or(Err(GivenError::Damaged))?;
    let key = Sensitive::new(key.expose().as_slice().try_into().or(Err(GivenError::Damaged))?);
    let plain = seal::open_once(one_time(&key), head, ciphertext, plain_bytes_max);
    let plain = plain.map_err(|error| match error {
        OpenError::TooLong { limit, .. } => GivenError::TooLong { limit },
        OpenError::NewerMethod(method) => GivenError::NewerFormat(method),
        OpenError::NotAuthentic | OpenError::Malformed => GivenError::Damaged,
    })?;
    read(own, &plain)
}

fn read(own: &Card, plain: &Sensitive<Vec<u8>>) -> Result<Given, GivenError> {
    let mut reader = Reader::new(plain.expose());
    let card = reader.short().ok_or(GivenError::Damaged)?;
    let signature = reader.array::<64>().ok_or(GivenError::Damaged)?;
    let content = reader.rest();
    let from = Card::from_bytes(card).or(Err(GivenError::NotSigned))?;
    if !verify(from.sign_key(), &message(own, content), &signature) {
        return Err(GivenError::NotSigned);
    }
    Ok(Given { from, content: Sensitive::new(content.to_vec()) })
}

fn message(to: &Card, content: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(content).into();
    [SIGN_DOMAIN, to.clinic(), to.sign_key(), &digest].concat()
}

fn hint(sign_key: &[u8; 32]) -> [u8; HINT_BYTES] {
    let mut hash = Sha256::new();
    hash.update(HINT_DOMAIN);
    hash.update(sign_key);
    let digest: [u8; 32] = hash.finalize().into();
    let mut hint = [0; HINT_BYTES];
    hint.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    hint
}

fn box_info(clinic: &[u8; 16], epoch: EpochNumber) -> Vec<u8> {
    [BOX_DOMAIN, clinic, &epoch.to_be_bytes()].concat()
}

/// The content key is drawn for one file: what is derived from it is used once.
fn one_time(key: &Sensitive<[u8; 32]>) -> OneTimeKey {
    OneTimeKey::derive(key.expose(), &[], &[BODY_DOMAIN])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epoch::EpochKey;
    use crate::random::FixedEntropy;

    const LIMIT: u32 = 1 << 20;

    /// A clinic with its keys.
    struct Clinic {
        id: [u8; 16],
        keys: ClinicKeys,
    }

    impl Clinic {
        fn new(byte: u8) -> Self {
            Self { id: [byte; 16], keys: ClinicKeys::make(&mut FixedEntropy::new(byte.into())) }
        }

        fn card(&self) -> Card {
            Card::derive(&self.keys, &self.id, "Clinic").unwrap()
        }

        fn give(&self, to: &Card, content: &[u8]) -> Vec<u8> {
            give(&self.keys, &self.card(), to, content, &mut FixedEntropy::new(77)).unwrap()
        }

        fn open(&self, file: &[u8]) -> Result<Given, GivenError> {
            open(&self.keys, &self.card(), file, LIMIT)
        }
    }

    #[test]
    fn what_one_gives_the_other_opens_and_knows_whose_it_is() {
        let (one, other, third) = (Clinic::new(1), Clinic::new(2), Clinic::new(3));
        let file = one.give(&other.card(), b"chart");
        let given = other.open(&file).unwrap();
        assert_eq!((given.content.expose().as_slice(), given.from), (&b"chart"[..], one.card()));
        assert_eq!(third.open(&file).unwrap_err(), GivenError::ForAnother);
        assert_eq!(one.open(&file).unwrap_err(), GivenError::ForAnother);
        for word in [&b"chart"[..], b"Clinic", &one.id, &other.id, one.card().sign_key()] {
            assert!(!file.windows(word.len()).any(|part| part == word));
        }
    }

    #[test]
    fn each_flipped_bit_and_each_cut_is_told_and_opens_nothing() {
        let (one, other) = (Clinic::new(1), Clinic::new(2));
        let file = one.give(&other.card(), b"chart");
        for place in 0..file.len() {
            let mut bad = file.clone();
            bad[place] ^= 1 << (place % 8);
            assert!(other.open(&bad).is_err(), "byte {place}");
        }
        for cut in 0..file.len() {
            let error = other.open(&file[..cut]).unwrap_err();
            let want = if cut < 7 { GivenError::NotOne } else { GivenError::Damaged };
            assert_eq!(error, want, "cut at {cut}");
        }
        let longer = [&file[..], b"x"].concat();
        assert_eq!(other.open(&longer).unwrap_err(), GivenError::Damaged);
        let mut newer = file;
        newer[7] = 9;
        assert_eq!(other.open(&newer).unwrap_err(), GivenError::NewerFormat(9));
    }

    #[test]
    fn an_older_card_still_opens_and_a_newer_one_not_with_older_keys() {
        let (one, mut other) = (Clinic::new(1), Clinic::new(2));
        let (old, removed) = (other.card(), Clinic { id: other.id, keys: other.keys.clone() });
        other.keys.add_epoch(2, EpochKey::make(&mut FixedEntropy::new(5)));
        assert!(other.open(&one.give(&old, b"chart")).is_ok());
        let file = one.give(&other.card(), b"chart");
        assert!(other.open(&file).is_ok());
        assert_eq!(removed.open(&file).unwrap_err(), GivenError::NoKey(2));
    }

    #[test]
    fn what_was_given_to_us_cannot_be_passed_on_as_the_givers() {
        let (one, other, third) = (Clinic::new(1), Clinic::new(2), Clinic::new(3));
        // The other seals for the third what it says the first gave.
        let file =
            give(&other.keys, &one.card(), &third.card(), b"chart", &mut FixedEntropy::new(78));
        assert_eq!(third.open(&file.unwrap()).unwrap_err(), GivenError::NotSigned);
    }

    #[test]
    fn more_than_is_accepted_is_not_unpacked() {
        let (one, other) = (Clinic::new(1), Clinic::new(2));
        let file = one.give(&other.card(), &vec![0; 4 << 20]);
        assert!(file.len() < 1 << 16, "a bomb: {}", file.len());
        assert_eq!(other.open(&file).unwrap_err(), GivenError::TooLong { limit: LIMIT });
    }
}
