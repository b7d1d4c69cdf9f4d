//! Signatures over domain-tagged messages. The private key stays with the host.

mod together;

pub use together::Together;

use ed25519_dalek::{Signature as DalekSignature, VerifyingKey};
use ed25519_zebra::{Signature as ZebraSignature, VerificationKey};

use crate::ids::{Signature, VerifyKey};

/// Signs with a key that this crate never sees.
pub trait Signer {
    /// The Ed25519 signature of the whole message (no prehash).
    fn sign(&self, message: &[u8]) -> [u8; 64];

    /// The public key that verifies what [`Signer::sign`] returns.
    fn public_key(&self) -> [u8; 32];
}

/// What a signature speaks about. One key signs several kinds of thing; the domain keeps a
/// signature of one from being passed off as a signature of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// An envelope's id.
    Envelope,
    /// The hash of a membership entry.
    Membership,
    /// A joining device's proof that it holds its own key.
    Possession,
    /// A server's challenge.
    Challenge,
    /// The end of a bundle.
    Bundle,
}

impl Domain {
    const fn tag(self) -> &'static [u8] {
        match self {
            Self::Envelope => b"fieldchart envelope v1\0",
            Self::Membership => b"fieldchart membership v1\0",
            Self::Possession => b"fieldchart possession v1\0",
            Self::Challenge => b"fieldchart challenge v1\0",
            Self::Bundle => b"fieldchart bundle v1\0",
        }
    }

    fn message(self, content: &[u8]) -> Vec<u8> {
        [self.tag(), content].concat()
    }
}

/// Signs `content` under `domain`.
pub fn sign(signer: &dyn Signer, domain: Domain, content: &[u8]) -> Signature {
    Signature(signer.sign(&domain.message(content)))
}

/// Whether `signature` is one of `content` under `domain` by `key`. Strict: small-order keys and
/// signatures that could be written differently are refused.
pub fn verify(key: &VerifyKey, domain: Domain, content: &[u8], signature: &Signature) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
    let signature = DalekSignature::from_bytes(&signature.0);
    key.verify_strict(&domain.message(content), &signature).is_ok()
}

/// A public key made ready for the signatures of many envelopes: reading one takes a part of what
/// verifying by it takes. By the rules of [`Together`], so that all who judge an envelope, one by one or
/// many at once, come to the same.
#[derive(Clone, Debug)]
pub struct Verifier(Option<VerificationKey>);

impl Verifier {
    /// Of a key. One that is no point of the curve verifies nothing.
    pub fn of(key: &VerifyKey) -> Self {
        Self(VerificationKey::try_from(key.0).ok())
    }

    /// Whether a signature is one of `content` under `domain`.
    pub fn verify(&self, domain: Domain, content: &[u8], signature: &Signature) -> bool {
        let Some(key) = &self.0 else { return false };
        let signature = ZebraSignature::from_bytes(&signature.0);
        key.verify(&signature, &domain.message(content)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::key;

    #[test]
    fn a_signature_holds_for_its_key_domain_and_content_only() {
        let signature = sign(&key(1), Domain::Envelope, b"content");
        let check = |seed, domain, content: &[u8], expected| {
            let key = VerifyKey(key(seed).public_key());
            assert_eq!(verify(&key, domain, content, &signature), expected);
        };
        check(1, Domain::Envelope, b"content", true);
        check(2, Domain::Envelope, b"content", false);
        check(1, Domain::Challenge, b"content", false);
        check(1, Domain::Envelope, b"Content", false);
    }

    #[test]
    fn signatures_hold_together_where_each_holds() {
        // Who signed, whose key is named, and what was signed and is said to be.
        let check = |all: &[(u8, u8, &[u8], &[u8])], expected| {
            let mut together = Together::new();
            for (by, named, content, said) in all {
                let signature = sign(&key(*by), Domain::Envelope, content);
                let named = VerifyKey(key(*named).public_key());
                together.add(&named, Domain::Envelope, said, &signature);
            }
            assert_eq!(together.hold(), expected, "{all:?}");
        };
        check(&[], true);
        check(&[(1, 1, b"a", b"a")], true);
        check(&[(1, 1, b"a", b"a"), (2, 2, b"b", b"b"), (1, 1, b"c", b"c")], true);
        check(&[(1, 1, b"a", b"a"), (1, 1, b"b", b"a"), (1, 1, b"a", b"b")], false);
        check(&[(1, 1, b"a", b"a"), (1, 2, b"b", b"b")], false);
        check(&[(1, 1, b"a", b"b")], false);
    }

    #[test]
    fn no_byte_of_a_signature_may_differ_where_many_are_checked_together() {
        let named = VerifyKey(key(1).public_key());
        for byte in 0..64 {
            let mut together = Together::new();
            for content in 0..9_u8 {
                let mut signature = sign(&key(1), Domain::Envelope, &[content]);
                if content == 4 {
                    signature.0[byte] ^= 1;
                }
                together.add(&named, Domain::Envelope, &[content], &signature);
            }
            assert!(!together.hold(), "byte {byte}");
        }
    }

    #[test]
    fn the_key_of_order_one_verifies_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!verify(&VerifyKey(identity), Domain::Envelope, b"x", &Signature(signature)));
    }
}
