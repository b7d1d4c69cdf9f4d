//! The name under which a server sees a document: a keyed hash it cannot undo or guess.

use crate::Sensitive;
use crate::kdf::hmac_of;
use crate::random::{Entropy, make_secret};

/// The clinic's key for naming documents. It does not rotate, or a document would change its name.
#[derive(Debug, Clone)]
pub struct DocTagKey(Sensitive<[u8; 32]>);

impl DocTagKey {
    /// Makes the key of a new clinic.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Takes a key that was kept.
    pub fn from_bytes(bytes: Sensitive<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes, to be kept.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Derives `doc_tag = HMAC-SHA-256(key, kind ‖ id)`. The id has a fixed size and stands last,
    /// so no two documents share an input.
    pub fn derive_doc_tag(&self, kind: &str, id: &[u8; 16]) -> [u8; 32] {
        hmac_of(self.0.expose(), &[kind.as_bytes(), id])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn key_kind_and_id_all_count() {
        let one = DocTagKey::make(&mut FixedEntropy::new(1));
        let two = DocTagKey::make(&mut FixedEntropy::new(2));
        let tags: BTreeSet<[u8; 32]> = [
            one.derive_doc_tag("chart", &[1; 16]),
            one.derive_doc_tag("chart", &[2; 16]),
            one.derive_doc_tag("draft", &[1; 16]),
            two.derive_doc_tag("chart", &[1; 16]),
        ]
        .into();
        assert_eq!(tags.len(), 4);
        let kept = DocTagKey::from_bytes(Sensitive::new(*one.expose()));
        assert!(tags.contains(&kept.derive_doc_tag("chart", &[1; 16])));
    }
}
