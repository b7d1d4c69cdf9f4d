//! A device's signing key as the key of a TLS handshake: raw, without a certificate (RFC 7250).
//!
//! The private key never comes here: a handshake is signed by [`sync::signing::Signer`], and by it
//! nothing but a handshake.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use sync::address::SPKI_PREFIX;
use sync::ids::VerifyKey;
use sync::signing::Signer;

/// What a handshake's signature is of (RFC 8446 §4.4.3): 64 spaces, one of two contexts with a zero
/// byte, and the hash of what was said.
const PADDING: [u8; 64] = [b' '; 64];
const CONTEXTS: [&[u8]; 2] =
    [b"TLS 1.3, server CertificateVerify\0", b"TLS 1.3, client CertificateVerify\0"];
/// The longest hash of a cipher suite of TLS 1.3, in bytes.
const HASH_BYTES_MAX: usize = 48;

/// The key of this device, as rustls takes it.
pub(crate) fn certified_key(signer: Arc<dyn Signer + Send + Sync>) -> Arc<CertifiedKey> {
    let spki = spki_of(&VerifyKey(signer.public_key()));
    let shown = CertificateDer::from(spki.clone());
    Arc::new(CertifiedKey::new(vec![shown], Arc::new(DeviceKey { signer, spki })))
}

/// The SubjectPublicKeyInfo of a key.
pub(crate) fn spki_of(key: &VerifyKey) -> Vec<u8> {
    [SPKI_PREFIX.as_slice(), &key.0].concat()
}

/// The key in a SubjectPublicKeyInfo; `None` for any other kind of key, and for a certificate.
pub(crate) fn key_in(spki: &[u8]) -> Option<VerifyKey> {
    let key = spki.strip_prefix(&SPKI_PREFIX)?;
    key.try_into().ok().map(VerifyKey)
}

#[derive(Clone)]
struct DeviceKey {
    signer: Arc<dyn Signer + Send + Sync>,
    spki: Vec<u8>,
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey")
    }
}

impl SigningKey for DeviceKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn rustls::sign::Signer>> {
        if !offered.contains(&SignatureScheme::ED25519) {
            return None;
        }
        Some(Box::new(self.clone()))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(SubjectPublicKeyInfoDer::from(self.spki.as_slice()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ED25519
    }
}

impl rustls::sign::Signer for DeviceKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        if !is_handshake(message) {
            return Err(Error::General("only a handshake is signed".to_owned()));
        }
        Ok(self.signer.sign(message).to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// Whether a message is what TLS 1.3 signs, and so none of ours: those begin with the tag of their
/// domain ([`sync::signing::Domain`]).
fn is_handshake(message: &[u8]) -> bool {
    let Some(rest) = message.strip_prefix(&PADDING) else { return false };
    let hash = CONTEXTS.into_iter().find_map(|context| rest.strip_prefix(context));
    hash.is_some_and(|hash| (1..=HASH_BYTES_MAX).contains(&hash.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::fixtures::key;
    use sync::signing::{Domain, sign};

    #[test]
    fn a_key_is_read_from_its_own_form_alone() {
        let whole = spki_of(&VerifyKey([7; 32]));
        let check = |spki: &[u8], expected| assert_eq!(key_in(spki), expected, "{spki:?}");
        check(&whole, Some(VerifyKey([7; 32])));
        check(&whole[..43], None);
        check(&[whole.as_slice(), &[0]].concat(), None);
        check(&[], None);
        // X25519 is written alike, but for its name.
        let mut other = whole;
        other[8] = 0x6e;
        check(&other, None);
    }

    #[test]
    fn nothing_but_a_handshake_is_signed() {
        let device = DeviceKey { signer: Arc::new(key(1)), spki: Vec::new() };
        let check = |message: &[u8], expected| {
            let signed = rustls::sign::Signer::sign(&device, message);
            assert_eq!(signed.is_ok(), expected, "{message:?}");
        };
        let [server, client] = CONTEXTS.map(|context| [&PADDING, context, &[9; 32]].concat());
        check(&server, true);
        check(&client, true);
        check(&server[1..], false);
        check(&server[..98], false);
        check(&[&PADDING, CONTEXTS[0], &[9; 49]].concat(), false);
        check(b"fieldchart envelope v1\0content", false);
        check(&[], false);
    }

    /// What a key signs for TLS is no signature under a domain, and the other way round.
    #[test]
    fn handshakes_and_our_own_domains_do_not_meet() {
        let domains = [Domain::Envelope, Domain::Membership, Domain::Possession, Domain::Challenge];
        for domain in domains {
            struct Told(std::sync::Mutex<Vec<u8>>);
            impl Signer for Told {
                fn sign(&self, message: &[u8]) -> [u8; 64] {
                    *self.0.lock().unwrap() = message.to_vec();
                    [0; 64]
                }
                fn public_key(&self) -> [u8; 32] {
                    [0; 32]
                }
            }
            let told = Told(std::sync::Mutex::default());
            // As hostile as content can be: a handshake's message itself.
            sign(&told, domain, &[&PADDING, CONTEXTS[0], &[9; 32]].concat());
            assert!(!is_handshake(&told.0.lock().unwrap()), "{domain:?}");
        }
    }
}
