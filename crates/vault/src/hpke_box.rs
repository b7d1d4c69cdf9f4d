//! Sealing to one device: HPKE (RFC 9180), X25519, HKDF-SHA-256, AES-256-GCM, base mode; between
//! two that know each other's keys, authenticated mode.
//!
//! A sealed box is `version (1) ‖ encapsulated key (32) ‖ ciphertext`.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::random::{Entropy, EntropyRng, make_secret};

type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

const VERSION: u8 = 1;

/// The private half of a device's sealing key.
#[derive(Clone)]
pub struct HpkeKeys(PrivateKey);

/// Why a box could not be made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HpkeBoxError {
    /// The recipient's public key is not one that can be sealed to.
    #[error("the recipient's key cannot be sealed to")]
    Recipient,
    /// The box was made by a newer version of the program.
    #[error("sealed by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The box is damaged, was made for another key, or for another purpose.
    #[error("the sealed box is damaged or was not made for this device")]
    NotOpened,
}

impl HpkeKeys {
    /// Makes a new key pair.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        let ikm = make_secret::<32>(entropy);
        Self(X25519HkdfSha256::derive_keypair(ikm.expose()).0)
    }

    /// Derives the key pair that a secret stands for (RFC 9180, DeriveKeyPair).
    pub(crate) fn derive(secret: &Sensitive<[u8; 32]>) -> Self {
        Self(X25519HkdfSha256::derive_keypair(secret.expose()).0)
    }

    /// Takes a private key that was kept.
    pub fn from_bytes(private: &Sensitive<[u8; 32]>) -> Option<Self> {
        PrivateKey::from_bytes(private.expose()).ok().map(Self)
    }

    /// The private key, to be kept.
    pub fn to_bytes(&self) -> Sensitive<[u8; 32]> {
        Sensitive::new(self.0.to_bytes().into())
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        X25519HkdfSha256::sk_to_pk(&self.0).to_bytes().into()
    }

    /// Opens a box made by [`seal_to`] for this key and the same `info`.
    pub fn open(&self, info: &[u8], sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, HpkeBoxError> {
        self.open_in(&OpModeR::Base, info, sealed)
    }

    /// Seals `plaintext` as [`seal_to`] does, and so that the recipient knows it for ours.
    pub fn seal_from(
        &self,
        recipient: &[u8; 32],
        info: &[u8],
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, HpkeBoxError> {
        let public = X25519HkdfSha256::sk_to_pk(&self.0);
        let mode = OpModeS::Auth((self.0.clone(), public));
        seal_in(&mode, recipient, info, plaintext, entropy)
    }

    /// Opens a box that the holder of the private half of `sender` made by
    /// [`HpkeKeys::seal_from`] for this key and the same `info`.
    pub fn open_from(
        &self,
        sender: &[u8; 32],
        info: &[u8],
        sealed: &[u8],
    ) -> Result<Sensitive<Vec<u8>>, HpkeBoxError> {
        let sender = PublicKey::from_bytes(sender).or(Err(HpkeBoxError::NotOpened))?;
        self.open_in(&OpModeR::Auth(sender), info, sealed)
    }

    fn open_in(
        &self,
        mode: &OpModeR<'_, X25519HkdfSha256>,
        info: &[u8],
        sealed: &[u8],
    ) -> Result<Sensitive<Vec<u8>>, HpkeBoxError> {
        let mut reader = Reader::new(sealed);
        match reader.u8() {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(HpkeBoxError::NewerFormat(version)),
            _ => return Err(HpkeBoxError::NotOpened),
        }
        let encapped = reader.array::<32>().ok_or(HpkeBoxError::NotOpened)?;
        let encapped = EncappedKey::from_bytes(&encapped).or(Err(HpkeBoxError::NotOpened))?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            mode,
            &self.0,
            &encapped,
            info,
            reader.rest(),
            &[VERSION],
        )
        .map(Sensitive::new)
        .or(Err(HpkeBoxError::NotOpened))
    }
}

impl std::fmt::Debug for HpkeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HpkeKeys(..)")
    }
}

/// Seals `plaintext` so that only the holder of the private half of `recipient` opens it, and
/// only for the purpose named by `info`.
pub fn seal_to(
    recipient: &[u8; 32],
    info: &[u8],
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, HpkeBoxError> {
    seal_in(&OpModeS::Base, recipient, info, plaintext, entropy)
}

fn seal_in(
    mode: &OpModeS<'_, X25519HkdfSha256>,
    recipient: &[u8; 32],
    info: &[u8],
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, HpkeBoxError> {
    let recipient = PublicKey::from_bytes(recipient).or(Err(HpkeBoxError::Recipient))?;
    let (encapped, ciphertext) =
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            mode,
            &recipient,
            info,
            plaintext,
            &[VERSION],
            &mut EntropyRng(entropy),
        )
        .or(Err(HpkeBoxError::Recipient))?;
    let mut writer = Writer::with_capacity(33 + ciphertext.len());
    writer.u8(VERSION).raw(&encapped.to_bytes()).raw(&ciphertext);
    Ok(writer.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn only_the_recipient_opens_it_and_only_for_its_purpose() {
        let mut entropy = FixedEntropy::new(3);
        let keys = HpkeKeys::make(&mut entropy);
        let other = HpkeKeys::make(&mut entropy);
        let sealed = seal_to(&keys.public(), b"epoch", b"secret", &mut entropy).unwrap();
        assert_eq!(keys.open(b"epoch", &sealed).unwrap().expose(), b"secret");
        assert_eq!(other.open(b"epoch", &sealed).unwrap_err(), HpkeBoxError::NotOpened);
        assert_eq!(keys.open(b"invite", &sealed).unwrap_err(), HpkeBoxError::NotOpened);
        let again = HpkeKeys::from_bytes(&keys.to_bytes()).unwrap();
        assert_eq!(again.open(b"epoch", &sealed).unwrap().expose(), b"secret");
        assert_eq!(again.public(), keys.public());
    }

    #[test]
    fn between_two_nobody_else_seals_or_opens() {
        let mut entropy = FixedEntropy::new(6);
        let (ours, theirs) = (HpkeKeys::make(&mut entropy), HpkeKeys::make(&mut entropy));
        let other = HpkeKeys::make(&mut entropy);
        let sealed = ours.seal_from(&theirs.public(), b"i", b"secret", &mut entropy).unwrap();
        let opened = theirs.open_from(&ours.public(), b"i", &sealed);
        assert_eq!(opened.unwrap().expose(), b"secret");
        let refused = |opened: Result<Sensitive<Vec<u8>>, HpkeBoxError>| opened.unwrap_err();
        for error in [
            refused(other.open_from(&ours.public(), b"i", &sealed)),
            refused(theirs.open_from(&other.public(), b"i", &sealed)),
            refused(theirs.open_from(&ours.public(), b"j", &sealed)),
            refused(theirs.open_from(&[0; 32], b"i", &sealed)),
            // Who knows the public key alone is nobody.
            refused(theirs.open(b"i", &sealed)),
        ] {
            assert_eq!(error, HpkeBoxError::NotOpened);
        }
        let anyone = seal_to(&theirs.public(), b"i", b"secret", &mut entropy).unwrap();
        let error = refused(theirs.open_from(&ours.public(), b"i", &anyone));
        assert_eq!(error, HpkeBoxError::NotOpened);
    }

    #[test]
    fn damage_truncation_and_a_newer_format_are_told() {
        let mut entropy = FixedEntropy::new(4);
        let keys = HpkeKeys::make(&mut entropy);
        let sealed = seal_to(&keys.public(), b"i", b"secret", &mut entropy).unwrap();
        for place in 1..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 0x20;
            assert_eq!(keys.open(b"i", &bad).unwrap_err(), HpkeBoxError::NotOpened, "{place}");
            assert_eq!(keys.open(b"i", &sealed[..place]).unwrap_err(), HpkeBoxError::NotOpened);
        }
        let mut newer = sealed;
        newer[0] = 2;
        assert_eq!(keys.open(b"i", &newer).unwrap_err(), HpkeBoxError::NewerFormat(2));
    }

    #[test]
    fn an_all_zero_recipient_is_refused() {
        let sealed = seal_to(&[0; 32], b"i", b"secret", &mut FixedEntropy::new(5));
        assert_eq!(sealed.unwrap_err(), HpkeBoxError::Recipient);
    }
}
