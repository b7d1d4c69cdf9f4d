//! The body of an envelope: compressed, padded, encrypted.
//!
//! ```text
//! body       = method (1) ‖ plain length (4) ‖ stored length (4) ‖ stored ‖ zeros up to Padmé
//! ciphertext = AES-256-GCM(body), 16 bytes longer than the body
//! key ‖ nonce = HKDF-SHA-256(document key, salt, domain ‖ clinic ‖ doc_tag ‖ epoch), 44 bytes
//! ```
//! The version stands in the envelope's header, which is the additional data. The header holds
//! the padded length, so sealing has two steps: [`prepare`] tells it, [`Prepared::seal`] takes
//! the finished header.

use crate::Sensitive;
use crate::cipher::{OneTimeKey, TAG_BYTES};
use crate::codec::{Reader, Writer};
use crate::document_key::DocumentKey;
use crate::epoch::EpochNumber;
pub use crate::packed::Effort;
use crate::packed::{self, Packed};
use crate::padding::padded_len;

const DOMAIN: &[u8] = b"fieldchart envelope body v1";
const HEAD_BYTES: u32 = 9;
/// The largest plaintext of one envelope: 64 MiB.
pub const PLAIN_BYTES_MAX: u32 = 64 * 1024 * 1024;

/// What binds a key to one envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealContext {
    /// The clinic's id.
    pub clinic: [u8; 16],
    /// The document's opaque name ([`crate::DocTagKey::derive_doc_tag`]).
    pub doc_tag: [u8; 32],
    /// The epoch named in the header.
    pub epoch: EpochNumber,
    /// 32 fresh random bytes, from the header.
    pub salt: [u8; 32],
}

/// A body ready to be encrypted once its header is written.
#[derive(Debug)]
pub struct Prepared(Sensitive<Vec<u8>>);

/// Why a body could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The plaintext exceeds [`PLAIN_BYTES_MAX`].
    #[error("an envelope of {bytes} bytes is above the limit of 64 MiB")]
    TooLong {
        /// Length of the plaintext.
        bytes: usize,
    },
    /// The key belongs to another epoch than the header names.
    #[error("a document key of epoch {key} cannot seal for epoch {header}")]
    WrongEpoch {
        /// The key's epoch.
        key: EpochNumber,
        /// The header's epoch.
        header: EpochNumber,
    },
}

/// Why a body could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A bit of header or ciphertext differs, or the key is another, or of another epoch.
    #[error("the envelope is damaged or was sealed under another key")]
    NotAuthentic,
    /// Authentic, yet larger than the reader accepts.
    #[error("the envelope opens to {bytes} bytes, more than the {limit} accepted")]
    TooLong {
        /// Length the envelope names for itself.
        bytes: u32,
        /// Limit asked for.
        limit: u32,
    },
    /// Packed by a method this version does not know.
    #[error("the envelope was packed by a newer version of Fieldchart (method {0})")]
    NewerMethod(u8),
    /// Authentic, yet its inside does not hold together.
    #[error("the envelope's contents are malformed")]
    Malformed,
}

/// Compresses and pads `plaintext`: with a dictionary of what changes repeat where it is small.
pub fn prepare(plaintext: &[u8]) -> Result<Prepared, SealError> {
    prepare_packed(plaintext, packed::pack)
}

/// Compresses `plaintext` as [`prepare`], where many things like each other stand in it, and pads it.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_many(plaintext: &[u8]) -> Result<Prepared, SealError> {
    prepare_packed(plaintext, packed::pack_many)
}

/// Compresses `plaintext` with so much work and pads it: for what is sealed once and read by many.
pub fn prepare_dense(plaintext: &[u8], effort: Effort) -> Result<Prepared, SealError> {
    prepare_packed(plaintext, |plaintext| packed::pack_dense(plaintext, effort))
}

fn prepare_packed(
    plaintext: &[u8],
    pack: impl FnOnce(&[u8]) -> Option<Packed>,
) -> Result<Prepared, SealError> {
    let too_long = SealError::TooLong { bytes: plaintext.len() };
    let plain_bytes = u32::try_from(plaintext.len()).or(Err(too_long))?;
    if plain_bytes > PLAIN_BYTES_MAX {
        return Err(too_long);
    }
    let packed = pack(plaintext);
    let (method, stored) = packed
        .as_ref()
        .map_or((packed::STORED, plaintext), |packed| (packed.method, packed.bytes.expose()));
    let stored_bytes = u32::try_from(stored.len()).or(Err(too_long))?;
    let body_bytes = padded_len(HEAD_BYTES + stored_bytes).ok_or(too_long)?;
    let body_bytes = usize::try_from(body_bytes).or(Err(too_long))?;
    let mut writer = Writer::with_capacity(body_bytes);
    writer.u8(method).u32(plain_bytes).u32(stored_bytes).raw(stored);
    let mut body = Sensitive::new(writer.finish());
    body.expose_mut().resize(body_bytes, 0);
    Ok(Prepared(body))
}

impl Prepared {
    /// Length of the padded body in bytes, for the header.
    pub fn padded_len(&self) -> u32 {
        u32::try_from(self.0.expose().len()).unwrap_or(u32::MAX)
    }

    /// Length of the ciphertext in bytes: the padded body and a 16-byte tag.
    pub fn sealed_len(&self) -> usize {
        self.0.expose().len() + TAG_BYTES
    }

    /// Encrypts the body under the finished `header`, with a key of the header's epoch.
    pub fn seal(
        self,
        key: &DocumentKey,
        context: &SealContext,
        header: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let one_time_key = context
            .one_time_key(key)
            .ok_or(SealError::WrongEpoch { key: key.epoch(), header: context.epoch })?;
        self.seal_once(one_time_key, header)
    }

    /// Encrypts the body under a key that is used for nothing else.
    pub(crate) fn seal_once(self, key: OneTimeKey, header: &[u8]) -> Result<Vec<u8>, SealError> {
        let bytes = self.0.expose().len();
        key.seal(header, self.0.expose()).ok_or(SealError::TooLong { bytes })
    }
}

/// Opens a ciphertext under the `header` it came with, up to `plain_bytes_max` of plaintext.
pub fn open(
    key: &DocumentKey,
    context: &SealContext,
    header: &[u8],
    ciphertext: &[u8],
    plain_bytes_max: u32,
) -> Result<Sensitive<Vec<u8>>, OpenError> {
    let one_time_key = context.one_time_key(key).ok_or(OpenError::NotAuthentic)?;
    open_once(one_time_key, header, ciphertext, plain_bytes_max)
}

/// Opens what [`Prepared::seal_once`] encrypted.
pub(crate) fn open_once(
    key: OneTimeKey,
    header: &[u8],
    ciphertext: &[u8],
    plain_bytes_max: u32,
) -> Result<Sensitive<Vec<u8>>, OpenError> {
    let body = key.open(header, ciphertext).ok_or(OpenError::NotAuthentic)?;
    let mut reader = Reader::new(body.expose());
    let (Some(method), Some(plain_bytes), Some(stored_bytes)) =
        (reader.u8(), reader.u32(), reader.u32())
    else {
        return Err(OpenError::Malformed);
    };
    if plain_bytes > plain_bytes_max {
        return Err(OpenError::TooLong { bytes: plain_bytes, limit: plain_bytes_max });
    }
    let stored_bytes = usize::try_from(stored_bytes).or(Err(OpenError::Malformed))?;
    let stored = reader.take(stored_bytes).ok_or(OpenError::Malformed)?;
    if reader.rest().iter().any(|byte| *byte != 0) {
        return Err(OpenError::Malformed);
    }
    let plain = packed::unpack(method, stored, plain_bytes)?;
    let agrees = u32::try_from(plain.expose().len()) == Ok(plain_bytes);
    if agrees { Ok(plain) } else { Err(OpenError::Malformed) }
}

impl SealContext {
    /// Answers only for a key of the same epoch, whatever a header claims.
    fn one_time_key(&self, key: &DocumentKey) -> Option<OneTimeKey> {
        if key.epoch() != self.epoch {
            return None;
        }
        let epoch = self.epoch.to_be_bytes();
        let info = [DOMAIN, &self.clinic, &self.doc_tag, &epoch];
        Some(OneTimeKey::derive(key.expose(), &self.salt, &info))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::{Entropy, FixedEntropy};

    const CONTEXT: SealContext =
        SealContext { clinic: [1; 16], doc_tag: [2; 32], epoch: 3, salt: [4; 32] };

    fn key() -> DocumentKey {
        DocumentKey::make(3, &mut FixedEntropy::new(1))
    }

    fn sealed(plaintext: &[u8]) -> Vec<u8> {
        prepare(plaintext).unwrap().seal(&key(), &CONTEXT, b"header").unwrap()
    }

    /// Encrypts a body made by hand, as a hostile holder of the key could.
    fn sealed_body(body: &[u8]) -> Vec<u8> {
        CONTEXT.one_time_key(&key()).unwrap().seal(b"header", body).unwrap()
    }

    fn opened(ciphertext: &[u8]) -> Result<Vec<u8>, OpenError> {
        open(&key(), &CONTEXT, b"header", ciphertext, 1 << 20).map(|plain| plain.expose().clone())
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(noise in proptest::collection::vec(any::<u8>(), 0..3000), repeat in 1_usize..20) {
            let plaintext = noise.repeat(repeat);
            let prepared = prepare(&plaintext).unwrap();
            let (padded, sealed_len) = (prepared.padded_len(), prepared.sealed_len());
            let ciphertext = prepared.seal(&key(), &CONTEXT, b"header").unwrap();
            prop_assert_eq!(ciphertext.len(), sealed_len);
            prop_assert_eq!(u32::try_from(ciphertext.len()).unwrap(), padded + 16);
            prop_assert_eq!(padded_len(padded), Some(padded));
            prop_assert_eq!(opened(&ciphertext), Ok(plaintext));
        }

        #[test]
        fn hostile_bodies_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200), method in 0_u8..4) {
            let mut body = body;
            if let Some(first) = body.first_mut() { *first = method }
            let _outcome = opened(&sealed_body(&body));
        }
    }

    #[test]
    fn lengths_hide_what_is_near() {
        let mut noise = vec![0; 2000];
        FixedEntropy::new(8).fill(&mut noise);
        let lengths: std::collections::BTreeSet<usize> =
            (1000..1010).map(|length| sealed(&noise[..length]).len()).collect();
        assert!(lengths.len() <= 2, "{lengths:?}");
    }

    #[test]
    fn each_flipped_bit_is_noticed() {
        let ciphertext = sealed(b"penicillin");
        for bit in 0..ciphertext.len() * 8 {
            let mut bad = ciphertext.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(opened(&bad), Err(OpenError::NotAuthentic), "bit {bit}");
        }
        for cut in 0..ciphertext.len() {
            assert_eq!(opened(&ciphertext[..cut]), Err(OpenError::NotAuthentic), "cut at {cut}");
        }
    }

    #[test]
    fn header_key_and_each_part_of_the_context_count() {
        let ciphertext = sealed(b"penicillin");
        let other = DocumentKey::make(3, &mut FixedEntropy::new(2));
        for (key, context, header) in [
            (other, CONTEXT, "header"),
            (key(), CONTEXT, "Header"),
            (key(), SealContext { clinic: [9; 16], ..CONTEXT }, "header"),
            (key(), SealContext { doc_tag: [9; 32], ..CONTEXT }, "header"),
            (key(), SealContext { epoch: 9, ..CONTEXT }, "header"),
            (key(), SealContext { salt: [9; 32], ..CONTEXT }, "header"),
        ] {
            let outcome = open(&key, &context, header.as_bytes(), &ciphertext, 1 << 20);
            assert_eq!(outcome.unwrap_err(), OpenError::NotAuthentic);
        }
    }

    #[test]
    fn a_key_seals_and_opens_in_its_own_epoch_alone() {
        let kept = Sensitive::new(*key().expose());
        let older = DocumentKey::from_bytes(2, kept);
        let refused = prepare(b"x").unwrap().seal(&older, &CONTEXT, b"header");
        assert_eq!(refused, Err(SealError::WrongEpoch { key: 2, header: 3 }));
        let opened = open(&older, &CONTEXT, b"header", &sealed(b"x"), 1 << 20);
        assert_eq!(opened.unwrap_err(), OpenError::NotAuthentic);
    }

    #[test]
    fn a_bomb_stops_at_its_limit() {
        let bomb = sealed(&vec![0; 8 << 20]);
        assert!(bomb.len() < 4096);
        assert_eq!(opened(&bomb), Err(OpenError::TooLong { bytes: 8 << 20, limit: 1 << 20 }));
        let lying = zstd::bulk::compress(&vec![0; 8 << 20], 3).unwrap();
        let mut body = vec![packed::ZSTD, 0, 0, 0, 10];
        body.extend(u32::try_from(lying.len()).unwrap().to_be_bytes());
        body.extend(&lying);
        assert_eq!(opened(&sealed_body(&body)), Err(OpenError::Malformed));
    }

    #[test]
    fn bodies_that_do_not_hold_together_are_refused() {
        for (body, expected) in [
            (vec![], OpenError::Malformed),
            (vec![0, 0, 0, 0, 1, 0, 0, 0, 9, 7], OpenError::Malformed),
            (vec![0, 0, 0, 0, 2, 0, 0, 0, 1, 7], OpenError::Malformed),
            (vec![0, 0, 0, 0, 1, 0, 0, 0, 1, 7, 1], OpenError::Malformed),
            (vec![1, 0, 0, 0, 1, 0, 0, 0, 1, 7], OpenError::Malformed),
            (vec![7, 0, 0, 0, 1, 0, 0, 0, 1, 7], OpenError::NewerMethod(7)),
        ] {
            assert_eq!(opened(&sealed_body(&body)), Err(expected), "{body:?}");
        }
        assert_eq!(opened(&sealed_body(&[0, 0, 0, 0, 1, 0, 0, 0, 1, 7, 0])), Ok(vec![7]));
    }

    #[test]
    fn too_much_is_refused_before_it_is_sealed() {
        let bytes = usize::try_from(PLAIN_BYTES_MAX).unwrap() + 1;
        assert_eq!(prepare(&vec![0; bytes]).unwrap_err(), SealError::TooLong { bytes });
    }
}
