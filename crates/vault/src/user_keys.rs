//! Ed25519 signing: the seed, its public half, and verification.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::Sensitive;
use crate::random::{Entropy, make_secret};

/// The key a person signs notes and decisions with; kept in the person's own slot.
#[derive(Clone)]
pub struct UserKeys(SigningKey);

impl UserKeys {
    /// Makes a new key.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self::from_seed(&make_secret(entropy))
    }

    /// Derives the key that belongs to a seed.
    pub fn from_seed(seed: &Sensitive<[u8; 32]>) -> Self {
        Self(SigningKey::from_bytes(seed.expose()))
    }

    /// The seed, to be kept.
    pub fn seed(&self) -> Sensitive<[u8; 32]> {
        Sensitive::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs `message`, which begins with a tag of its purpose.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for UserKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserKeys(..)")
    }
}

/// Verifies strictly: small-order keys and signatures that could be altered are refused.
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(public) else { return false };
    key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn a_signature_holds_for_one_message_and_one_key() {
        let keys = UserKeys::make(&mut FixedEntropy::new(1));
        let other = UserKeys::make(&mut FixedEntropy::new(2));
        let signature = keys.sign(b"note");
        assert!(verify(&keys.public(), b"note", &signature));
        assert!(!verify(&keys.public(), b"nota", &signature));
        assert!(!verify(&other.public(), b"note", &signature));
        assert_eq!(UserKeys::from_seed(&keys.seed()).sign(b"note"), signature);
        assert_eq!(format!("{keys:?}"), "UserKeys(..)");
    }

    #[test]
    fn a_small_order_key_verifies_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!verify(&identity, b"anything", &signature));
    }
}
