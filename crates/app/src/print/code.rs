//! The square code of a sheet: its number, a hash of what stands on it, and who vouches for both.
//!
//! `FCS1:` and the number's twelve characters, `:`, and in base 32 the first 16 bytes of the SHA-256
//! of the content and the Ed25519 signature of a person of the clinic over both. Anybody's telephone
//! shows it; every computer of the clinic checks it without a network, by the keys the record has of
//! its people. All of it is of the alphabet that square codes hold most densely (ISO/IEC 18004,
//! alphanumeric mode).

use super::serial::Serial;
use sha2::{Digest, Sha256};
use vault::{UserKeys, crockford, user_keys};

/// What a code begins with: the form.
const FORM: &str = "FCS1";
/// What a sheet's signature begins with, so that it can be taken for nothing else.
const SHEET_DOMAIN: &[u8] = b"fieldchart sheet v1\0";
const HASH: usize = 16;
const SIGNATURE: usize = 64;

/// A code as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetCode {
    pub(super) serial: Serial,
    hash: [u8; HASH],
    signature: [u8; SIGNATURE],
}

impl SheetCode {
    /// Vouches for what stands on a sheet.
    pub(super) fn signed(serial: Serial, content: &[u8], keys: &UserKeys) -> Self {
        let hash = hash_of(content);
        Self { serial, hash, signature: keys.sign(&signed_bytes(serial, &hash)) }
    }

    /// Reads a code; nothing where it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text: String = text.split_whitespace().collect();
        let mut parts = text.split(':');
        let form = parts.next()?;
        let (serial, rest) = (parts.next()?.parse().ok()?, parts.next()?);
        if !form.eq_ignore_ascii_case(FORM) || parts.next().is_some() {
            return None;
        }
        let bytes = crockford::bytes_of(&crockford::read(rest).ok()?)?;
        let (hash, signature) = bytes.split_first_chunk()?;
        Some(Self { serial, hash: *hash, signature: signature.try_into().ok()? })
    }

    /// Whether whoever holds the other half of this key vouched for it.
    pub(super) fn is_signed_by(&self, public: &[u8; 32]) -> bool {
        let bytes = signed_bytes(self.serial, &self.hash);
        user_keys::verify(public, &bytes, &self.signature)
    }

    /// Whether it is of what stands on a sheet.
    pub(super) fn is_of(&self, content: &[u8]) -> bool {
        self.hash == hash_of(content)
    }

    /// As a square code holds it.
    pub(super) fn text(&self) -> String {
        let bytes = [&self.hash[..], &self.signature].concat();
        let mut rest = String::new();
        // Writing into a text does not fail.
        let _ = crockford::write_groups(&crockford::values_of(&bytes), &mut rest);
        format!("{FORM}:{}:{}", self.serial.bare(), rest.replace('-', ""))
    }
}

/// Whether a text is meant to be a code, and no number.
pub(super) fn is_code(text: &str) -> bool {
    text.contains(':')
}

fn hash_of(content: &[u8]) -> [u8; HASH] {
    let whole: [u8; 32] = Sha256::digest(content).into();
    whole.first_chunk().copied().unwrap_or_default()
}

fn signed_bytes(serial: Serial, hash: &[u8; HASH]) -> Vec<u8> {
    [SHEET_DOMAIN, serial.bare().as_bytes(), hash].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DeviceId, Instant};
    use vault::Sensitive;

    fn keys(seed: u8) -> UserKeys {
        UserKeys::from_seed(&Sensitive::new([seed; 32]))
    }

    fn serial() -> Serial {
        let device = DeviceId::from_uuid(uuid::Uuid::from_u128(1));
        Serial::next(device, None, Instant::from_unix_ms(1_795_500_000_000))
    }

    #[test]
    fn a_code_vouches_for_one_sheet_and_one_number() {
        let code = SheetCode::signed(serial(), b"amlodipine 5 mg", &keys(1));
        let text = code.text();
        assert_eq!(text.len(), 146);
        assert!(
            text.bytes()
                .all(|sign| sign == b':' || sign.is_ascii_digit() || sign.is_ascii_uppercase())
        );
        for typed in
            [text.clone(), text.to_lowercase(), format!(" {} \n", text.replace(':', " : "))]
        {
            assert_eq!(SheetCode::read(&typed), Some(code.clone()));
        }
        assert!(code.is_signed_by(&keys(1).public()) && !code.is_signed_by(&keys(2).public()));
        assert!(code.is_of(b"amlodipine 5 mg") && !code.is_of(b"amlodipine 50 mg"));
        let device = DeviceId::from_uuid(uuid::Uuid::from_u128(2));
        let other = Serial::next(device, None, Instant::from_unix_ms(1_795_500_000_000));
        let moved = SheetCode { serial: other, ..code };
        assert!(!moved.is_signed_by(&keys(1).public()), "it is of another number");
        let altered = SheetCode { hash: hash_of(b"amlodipine 50 mg"), ..code };
        assert!(!altered.is_signed_by(&keys(1).public()), "it is of another sheet");
    }

    #[test]
    fn what_is_no_code_is_none() {
        let text = SheetCode::signed(serial(), b"", &keys(1)).text();
        for wrong in [
            String::new(),
            serial().to_string(),
            text.replace("FCS1", "FCS2"),
            format!("{text}:"),
            format!("{text}0"),
            text.chars().take(145).collect(),
            "FCS1::".to_owned(),
        ] {
            assert_eq!(SheetCode::read(&wrong), None, "{wrong}");
        }
    }

    /// What was printed once is checked for ever.
    #[test]
    fn the_form_never_changes() {
        insta::assert_snapshot!(
            SheetCode::signed(serial(), b"content", &keys(1)).text(),
            @"FCS1:FGYC1NGA9Z0Z:XNR05D1SX6P88QS26NYR4AXC2JNMSSDKQPAEY0EBZC7T6T546G7HRJ3HY3XJBWWGK1WY7DG71462AV02Y87912J2THMM6PKDT63XW41YD55WZRK6APAR173WXV82880B"
        );
    }
}
