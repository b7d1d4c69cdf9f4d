//! The code that lets a new device join a clinic, and the sealing of the invitation it opens.
//!
//! The code carries the server's address, the pin of its key and a 128-bit secret. The secret
//! derives both the name under which the server keeps the invitation and the key that opens it:
//! the server learns neither.
//!
//! Code bytes: `version (1) ‖ secret (16) ‖ pin (32) ‖ scheme (1) ‖ address`, written in
//! Crockford's base 32 with four check characters. Scheme 1 stands for `https://`, 2 for
//! `http://`, 3 for `lan://` (a computer of the clinic, where it has no server), 0 for an address
//! written out.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::Sensitive;
use crate::cipher::OneTimeKey;
use crate::codec::{Reader, Writer};
use crate::crockford::{self, Check};
use crate::random::{Entropy, make_array, make_secret};

const CODE_VERSION: u8 = 1;
const BOX_VERSION: u8 = 1;
const BOX_DOMAIN: &[u8] = b"fieldchart invitation v1";
const CHECK: Check = Check { modulus: 1_048_573, weight: 10, characters: 4 };
/// Limit on the server's address, in bytes.
pub const SERVER_URL_BYTES_MAX: usize = 255;
const SCHEMES: [(u8, &str); 4] = [(1, "https://"), (2, "http://"), (3, "lan://"), (0, "")];

/// The 128-bit secret of one invitation.
#[derive(Debug, Clone)]
pub struct InviteSecret(Sensitive<[u8; 16]>);

/// What an enrolment code says.
#[derive(Debug, Clone)]
pub struct EnrolmentCode {
    /// Where the invitation lies: a server, or a computer of the clinic.
    pub server_url: String,
    /// SHA-256 of the SubjectPublicKeyInfo of the server's certificate, or of the computer's own key.
    pub spki_pin: [u8; 32],
    /// What finds and opens the invitation.
    pub secret: InviteSecret,
}

/// Why a code could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentCodeError {
    /// The address is empty, too long, or holds more than printable ASCII.
    #[error("the server's address does not fit an enrolment code")]
    BadAddress,
    /// A character that no code contains.
    #[error("character {place} of the enrolment code, {character:?}, cannot be one")]
    BadCharacter {
        /// Place, from 1, spaces and dashes not counted.
        place: usize,
        /// The character.
        character: char,
    },
    /// The check characters do not agree, or characters are missing.
    #[error("the enrolment code is mistyped or incomplete")]
    Mistyped,
    /// Rightly typed, made by a newer version of the program.
    #[error("the enrolment code was made by a newer version of Fieldchart (format {0})")]
    NewerVersion(u8),
}

/// Why an invitation could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenInviteError {
    /// Made by a newer version of the program.
    #[error("the invitation was made by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// Damaged, or sealed under another code.
    #[error("the invitation is damaged or belongs to another code")]
    NotOpened,
}

impl InviteSecret {
    /// Makes the secret of a new invitation.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Takes a secret that was kept.
    pub fn from_bytes(bytes: Sensitive<[u8; 16]>) -> Self {
        Self(bytes)
    }

    /// The 16 raw bytes.
    pub fn expose(&self) -> &[u8; 16] {
        self.0.expose()
    }

    /// Derives the name under which the server keeps the invitation:
    /// `SHA-256("fieldchart invite id" ‖ secret)`.
    pub fn derive_invite_id(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"fieldchart invite id");
        hash.update(self.0.expose());
        hash.finalize().into()
    }

    /// Seals an invitation: `version (1) ‖ salt (32) ‖ AES-256-GCM ciphertext`.
    pub fn seal(&self, invitation: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        let salt: [u8; 32] = make_array(entropy);
        let mut writer = Writer::with_capacity(49 + invitation.len());
        writer.u8(BOX_VERSION).raw(&salt);
        // No invitation comes near the 64 GiB AES-GCM refuses; nothing would open an empty one.
        let sealed = self.box_key(&salt).seal(&self.aad(), invitation);
        writer.raw(&sealed.unwrap_or_default());
        writer.finish()
    }

    /// Opens what [`InviteSecret::seal`] made with the same secret.
    pub fn open(&self, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, OpenInviteError> {
        let mut reader = Reader::new(sealed);
        match reader.u8() {
            Some(BOX_VERSION) => {}
            Some(version) if version > BOX_VERSION => {
                return Err(OpenInviteError::NewerFormat(version));
            }
            Some(_) | None => return Err(OpenInviteError::NotOpened),
        }
        let salt = reader.array().ok_or(OpenInviteError::NotOpened)?;
        let opened = self.box_key(&salt).open(&self.aad(), reader.rest());
        opened.ok_or(OpenInviteError::NotOpened)
    }

    fn box_key(&self, salt: &[u8; 32]) -> OneTimeKey {
        OneTimeKey::derive(self.0.expose(), salt, &[BOX_DOMAIN])
    }

    fn aad(&self) -> Vec<u8> {
        [BOX_DOMAIN, &[BOX_VERSION], self.derive_invite_id().as_slice()].concat()
    }
}

impl EnrolmentCode {
    /// Joins address, pin and secret after checking that the address can be written.
    pub fn new(
        server_url: &str,
        spki_pin: [u8; 32],
        secret: InviteSecret,
    ) -> Result<Self, EnrolmentCodeError> {
        if !is_address(server_url) {
            return Err(EnrolmentCodeError::BadAddress);
        }
        Ok(Self { server_url: server_url.to_owned(), spki_pin, secret })
    }

    /// The code as it is shown: groups of four characters.
    pub fn to_text(&self) -> Sensitive<String> {
        let (scheme, address) = split_scheme(&self.server_url);
        let mut writer = Writer::with_capacity(50 + address.len());
        writer.u8(CODE_VERSION).raw(self.secret.expose()).raw(&self.spki_pin);
        writer.u8(scheme).raw(address.as_bytes());
        let bytes = Sensitive::new(writer.finish());
        let mut values = Sensitive::new(crockford::values_of(bytes.expose()));
        let check = CHECK.values(values.expose());
        values.expose_mut().extend(check);
        let mut text = Sensitive::new(String::with_capacity(values.expose().len() * 5 / 4 + 1));
        match crockford::write_groups(values.expose(), text.expose_mut()) {
            // Writing to a string has no error.
            Ok(()) | Err(fmt::Error) => text,
        }
    }

    /// Reads a code as people type or paste it.
    pub fn parse(typed: &str) -> Result<Self, EnrolmentCodeError> {
        let values = crockford::read(typed).map_err(|bad| EnrolmentCodeError::BadCharacter {
            place: bad.place,
            character: bad.character,
        })?;
        let values = Sensitive::new(values);
        let body = CHECK.strip(values.expose()).ok_or(EnrolmentCodeError::Mistyped)?;
        let bytes = crockford::bytes_of(body).ok_or(EnrolmentCodeError::Mistyped)?;
        let bytes = Sensitive::new(bytes);
        match bytes.expose().first() {
            Some(&CODE_VERSION) => read_code(bytes.expose()).ok_or(EnrolmentCodeError::Mistyped),
            Some(&version) if version > CODE_VERSION => {
                Err(EnrolmentCodeError::NewerVersion(version))
            }
            Some(_) | None => Err(EnrolmentCodeError::Mistyped),
        }
    }
}

fn read_code(bytes: &[u8]) -> Option<EnrolmentCode> {
    let mut reader = Reader::new(bytes);
    reader.u8()?;
    let secret = InviteSecret(Sensitive::new(reader.array()?));
    let spki_pin = reader.array()?;
    let scheme = reader.u8()?;
    let prefix = SCHEMES.iter().find(|(number, _)| *number == scheme)?.1;
    let address = std::str::from_utf8(reader.rest()).ok()?;
    EnrolmentCode::new(&format!("{prefix}{address}"), spki_pin, secret).ok()
}

fn split_scheme(server_url: &str) -> (u8, &str) {
    let known = SCHEMES
        .iter()
        .find_map(|(number, prefix)| Some((*number, server_url.strip_prefix(prefix)?)));
    known.unwrap_or((0, server_url))
}

fn is_address(server_url: &str) -> bool {
    (1..=SERVER_URL_BYTES_MAX).contains(&server_url.len())
        && server_url.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::FixedEntropy;

    fn code(server_url: &str) -> EnrolmentCode {
        let secret = InviteSecret::make(&mut FixedEntropy::new(1));
        EnrolmentCode::new(server_url, [0x5a; 32], secret).unwrap()
    }

    /// Writes a code of another version, rightly checked.
    fn text_of_version(version: u8) -> String {
        let mut values = crockford::values_of(&[version, 9, 9]);
        values.extend(CHECK.values(&values.clone()));
        let mut text = String::new();
        crockford::write_groups(&values, &mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn a_code_survives_being_typed(
            scheme in prop_oneof!["https://", "http://", "lan://", ""],
            address in "[!-~]{1,150}",
            pin: [u8; 32],
            seed: u64,
        ) {
            let secret = InviteSecret::make(&mut FixedEntropy::new(seed));
            let code = EnrolmentCode::new(&format!("{scheme}{address}"), pin, secret).unwrap();
            let typed = code.to_text().expose().to_lowercase().replace('-', " ");
            let read = EnrolmentCode::parse(&typed).unwrap();
            prop_assert_eq!(read.server_url, code.server_url);
            prop_assert_eq!(read.spki_pin, code.spki_pin);
            prop_assert_eq!(read.secret.expose(), code.secret.expose());
        }
    }

    #[test]
    fn each_wrong_character_and_each_neighbour_exchange_is_noticed() {
        let text = code("https://sync.example:8443").to_text().expose().replace('-', "");
        assert_eq!(EnrolmentCode::parse(&text).unwrap().server_url, "https://sync.example:8443");
        for place in 0..text.len() {
            for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                let mut typed: Vec<char> = text.chars().collect();
                if typed[place] == wrong {
                    continue;
                }
                typed[place] = wrong;
                let typed: String = typed.into_iter().collect();
                let read = EnrolmentCode::parse(&typed);
                assert_eq!(read.unwrap_err(), EnrolmentCodeError::Mistyped, "{place} {wrong}");
            }
            let mut typed: Vec<char> = text.chars().collect();
            if place > 0 && typed[place] != typed[place - 1] {
                typed.swap(place, place - 1);
                let typed: String = typed.into_iter().collect();
                assert!(EnrolmentCode::parse(&typed).is_err(), "exchange at {place}");
            }
            let cut: String = text.chars().take(place).collect();
            assert!(EnrolmentCode::parse(&cut).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn mistyped_and_newer_are_told_apart() {
        for (typed, expected) in [
            (String::new(), EnrolmentCodeError::Mistyped),
            (text_of_version(0), EnrolmentCodeError::Mistyped),
            (text_of_version(1), EnrolmentCodeError::Mistyped),
            (text_of_version(2), EnrolmentCodeError::NewerVersion(2)),
            ("ABC!".to_owned(), EnrolmentCodeError::BadCharacter { place: 4, character: '!' }),
        ] {
            assert_eq!(EnrolmentCode::parse(&typed).unwrap_err(), expected, "{typed}");
        }
        for address in ["", "https://a b", "https://\u{e9}", &"a".repeat(256)] {
            let secret = InviteSecret::make(&mut FixedEntropy::new(1));
            let code = EnrolmentCode::new(address, [0; 32], secret);
            assert_eq!(code.unwrap_err(), EnrolmentCodeError::BadAddress, "{address}");
        }
    }

    #[test]
    fn an_invitation_opens_under_its_code_alone() {
        let mut entropy = FixedEntropy::new(3);
        let (secret, other) = (InviteSecret::make(&mut entropy), InviteSecret::make(&mut entropy));
        let sealed = secret.seal(b"welcome", &mut entropy);
        assert_eq!(secret.open(&sealed).unwrap().expose(), b"welcome");
        assert_eq!(other.open(&sealed).unwrap_err(), OpenInviteError::NotOpened);
        assert_ne!(secret.derive_invite_id(), other.derive_invite_id());
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 0x80;
            assert!(secret.open(&bad).is_err(), "{place}");
            assert!(secret.open(&sealed[..place]).is_err(), "{place}");
        }
        assert_eq!(secret.open(&[2, 0]).unwrap_err(), OpenInviteError::NewerFormat(2));
    }
}
