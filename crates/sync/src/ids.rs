//! Opaque fixed-length names: who, which, and the digests that tie them together.
//!
//! This crate knows no clinical ids: a device or clinic is sixteen bytes (a UUID elsewhere).

use core::fmt;

/// Declares newtypes over byte arrays that print as hexadecimal and encode as they are.
macro_rules! byte_ids {
    ($($(#[$doc:meta])* $name:ident [$len:literal];)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl crate::codec::Canonical for $name {
            fn encode(&self, out: &mut crate::codec::Writer) {
                out.raw(&self.0);
            }

            fn decode(
                input: &mut crate::codec::Reader<'_>,
            ) -> Result<Self, crate::codec::DecodeError> {
                Ok(Self(input.array()?))
            }
        }
    )*};
}

byte_ids! {
    /// SHA-256 of the sealed bytes of a blob.
    BlobId[32];
    /// A running hash over the ids of a log: `chain_n = SHA-256(chain_{n-1} ‖ id_n)`.
    Chain[32];
    /// A server's 32 random bytes to be signed once.
    ChallengeNonce[32];
    /// A clinic (the bytes of its UUID).
    ClinicId[16];
    /// A digest that commits to an epoch key without telling it.
    Commitment[32];
    /// An enrolled device (the bytes of its UUID).
    DeviceId[16];
    /// A keyed hash of a document: the server sees which opaque one, not which patient.
    DocTag[32];
    /// `SHA-256(header ‖ ciphertext)` of an envelope.
    EnvelopeId[32];
    /// SHA-256 of a membership entry without its signature.
    EntryHash[32];
    /// A device's X25519 public key, to which epoch keys are sealed.
    HpkeKey[32];
    /// Where an invite blob lies at a server: a digest of the code's secret.
    InviteId[32];
    /// One life of a server's log; a server that lost rows starts another.
    LogEpoch[16];
    /// Where a room lies at a server: a digest of its code.
    RoomId[32];
    /// 32 random bytes from which, with the document key, an envelope's key is derived.
    Salt[32];
    /// SHA-256 of the subject public key info of a server's enrolled key.
    ServerPin[32];
    /// An Ed25519 signature.
    Signature[64];
    /// A bearer token of a server.
    Token[32];
    /// An Ed25519 public key.
    VerifyKey[32];
}

impl EnvelopeId {
    /// What stands before a device's first envelope of a generation.
    pub const NONE: Self = Self([0; 32]);
}

impl Chain {
    /// The chain of an empty log.
    pub const START: Self = Self([0; 32]);
}

impl ServerPin {
    /// Reads what [`fmt::Display`] writes: 64 hexadecimal digits; upper-case ones are taken too.
    /// `None` for anything else.
    pub fn from_hex(digits: &str) -> Option<Self> {
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            *byte = pair.iter().try_fold(0, |sum, digit| Some(sum * 16 + nibble(*digit)?))?;
        }
        Some(Self(bytes))
    }
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_from_its_digits_alone() {
        let check = |text: String, expected| assert_eq!(ServerPin::from_hex(&text), expected);
        let pin = ServerPin([0xab; 32]);
        check(pin.to_string(), Some(pin));
        check(pin.to_string().to_uppercase(), Some(pin));
        check(String::new(), None);
        check("ab".repeat(31), None);
        check("ab".repeat(33), None);
        check(format!("{}+0", "ab".repeat(31)), None);
        check(format!("{}g0", "ab".repeat(31)), None);
        check(format!("{}é", "ab".repeat(31)), None);
    }

    #[test]
    fn ids_print_as_hexadecimal() {
        let id = DeviceId([0x0f; 16]);
        assert_eq!(id.to_string(), "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f");
        assert_eq!(format!("{id:?}"), "DeviceId(0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f)");
    }
}
