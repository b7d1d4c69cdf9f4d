//! The recovery kit of a clinic: a code on paper that stands in the clinic's list of computers with
//! keys of its own, so that every epoch's key is sealed to it, and no computer needs to be left.
//!
//! 160 random bits: 32 characters and two check characters, in groups of four, told from the code of
//! one computer by its check. What was before the kit, and by what the list is known for the
//! clinic's, stands sealed in the list too:
//!
//! ```text
//! sealed  = version (1) ‖ salt (32) ‖ AES-256-GCM(HKDF-SHA-256(code, salt, domain), content)
//! AAD     = domain ‖ version ‖ clinic (16) ‖ salt
//! content = clinic name ‖ founding key (32) ‖ clinic keys ‖ people
//! ```
//! The name stands behind a length of two bytes, the keys and the people behind one of four.

use std::fmt;

use crate::cipher::OneTimeKey;
use crate::clinic_keys::ClinicKeys;
use crate::codec::{Reader, Writer};
use crate::crockford::{self, Check};
use crate::kdf::derive;
use crate::random::{Entropy, make_array, make_secret};
use crate::{DeviceKeys, RecoveryCode, Sensitive};

const CHARACTERS: usize = 34;
/// Another weight than that of a computer's code: of 1,021 codes one alone passes for the other.
const CHECK: Check = Check { modulus: 1021, weight: 30, characters: 2 };
const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"fieldchart recovery kit v1";
const SIGNING_DOMAIN: &[u8] = b"fieldchart recovery kit signing key v1";
const SEALING_DOMAIN: &[u8] = b"fieldchart recovery kit sealing key v1";
const ID_DOMAIN: &[u8] = b"fieldchart recovery kit id v1";

/// The code on the paper. It is shown once, when it is printed, by [`KitCode::to_text`].
#[derive(Debug, Clone)]
pub struct KitCode(Sensitive<[u8; 20]>);

/// What a clinic is recovered with, beside the keys that the list has for the kit.
#[derive(Debug, Clone)]
pub struct KitContent {
    /// The clinic's name, to be shown.
    pub clinic_name: String,
    /// The Ed25519 key that signed the first entry of the membership log.
    pub founding_key: [u8; 32],
    /// The keys to read and name the clinic's documents, up to the kit's first epoch.
    pub clinic_keys: ClinicKeys,
    /// Whom the kit brings back; unknown to this crate.
    pub people: Sensitive<Vec<u8>>,
}

/// Why typed characters are no code of a kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KitCodeError {
    /// Too few or too many characters.
    #[error("the code of a recovery kit has 34 characters, and these are {characters}")]
    WrongLength {
        /// Characters found, spaces and dashes not counted.
        characters: usize,
    },
    /// A character that no code contains.
    #[error("character {place} of the code, {character:?}, cannot be one")]
    BadCharacter {
        /// Place, from 1, spaces and dashes not counted.
        place: usize,
        /// The character.
        character: char,
    },
    /// It is the recovery code of a computer.
    #[error("this is the recovery code of one computer, and not that of the clinic's recovery kit")]
    OfAComputer,
    /// The check characters do not agree.
    #[error("the code of the recovery kit is mistyped")]
    Mistyped,
}

/// Why the content of a kit could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// The name or the people are too long.
    #[error("a name in the recovery kit is too long")]
    TooLong,
    /// Sealed by a newer version of the program.
    #[error("the recovery kit was made by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// It is damaged, or was made for another code or clinic.
    #[error("the recovery kit is damaged, or this is not its code")]
    NotOpened,
}

impl KitCode {
    /// Makes the code of a new kit.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Reads a code as people type it: any case, with or without dashes, `o` for `0`.
    ///
    /// # Errors
    /// [`KitCodeError`].
    pub fn parse(typed: &str) -> Result<Self, KitCodeError> {
        let values = crockford::read(typed).map_err(|bad| KitCodeError::BadCharacter {
            place: bad.place,
            character: bad.character,
        })?;
        let values = Sensitive::new(values);
        let characters = values.expose().len();
        if characters != CHARACTERS {
            return Err(KitCodeError::WrongLength { characters });
        }
        let Some(body) = CHECK.strip(values.expose()) else {
            let is_of_a_computer = RecoveryCode::parse(typed).is_ok();
            return Err(if is_of_a_computer {
                KitCodeError::OfAComputer
            } else {
                KitCodeError::Mistyped
            });
        };
        let bytes = crockford::bytes_of(body).ok_or(KitCodeError::Mistyped)?;
        let code = bytes.try_into().or(Err(KitCodeError::Mistyped))?;
        Ok(Self(Sensitive::new(code)))
    }

    /// The code as it is printed: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XX`.
    pub fn to_text(&self) -> Sensitive<String> {
        let mut values = Sensitive::new(crockford::values_of(self.0.expose()));
        let check = CHECK.values(values.expose());
        values.expose_mut().extend(check);
        let mut text = Sensitive::new(String::with_capacity(CHARACTERS + 8));
        match crockford::write_groups(values.expose(), text.expose_mut()) {
            // Writing to a string has no error.
            Ok(()) | Err(fmt::Error) => text,
        }
    }

    /// Derives the keys with which the kit stands in the list of computers.
    pub fn derive_keys(&self) -> DeviceKeys {
        let signing = derive(self.0.expose(), &[], &[SIGNING_DOMAIN]);
        let sealing = derive(self.0.expose(), &[], &[SEALING_DOMAIN]);
        DeviceKeys::derive(&signing, &sealing)
    }

    /// Derives the id under which it stands there: a UUID of version 8 (RFC 9562).
    pub fn derive_id(&self) -> [u8; 16] {
        let mut id: [u8; 16] = *derive(self.0.expose(), &[], &[ID_DOMAIN]).expose();
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut id;
        *version = (*version & 0x0f) | 0x80;
        *variant = (*variant & 0x3f) | 0x80;
        id
    }

    /// Seals what a clinic is recovered with.
    ///
    /// # Errors
    /// [`KitError::TooLong`].
    pub fn seal(
        &self,
        clinic: &[u8; 16],
        content: &KitContent,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, KitError> {
        let salt = make_array(entropy);
        let plain = content.to_bytes()?;
        let sealed = self.key(&salt).seal(&aad(clinic, &salt), plain.expose());
        let sealed = sealed.ok_or(KitError::TooLong)?;
        let mut writer = Writer::with_capacity(33 + sealed.len());
        writer.u8(VERSION).raw(&salt).raw(&sealed);
        Ok(writer.finish())
    }

    /// Opens what [`KitCode::seal`] sealed under this code, for the same clinic.
    ///
    /// # Errors
    /// [`KitError`].
    pub fn open(&self, clinic: &[u8; 16], sealed: &[u8]) -> Result<KitContent, KitError> {
        let mut reader = Reader::new(sealed);
        match reader.u8() {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(KitError::NewerFormat(version)),
            Some(_) | None => return Err(KitError::NotOpened),
        }
        let salt = reader.array().ok_or(KitError::NotOpened)?;
        let plain = self.key(&salt).open(&aad(clinic, &salt), reader.rest());
        KitContent::read(plain.ok_or(KitError::NotOpened)?.expose()).ok_or(KitError::NotOpened)
    }

    fn key(&self, salt: &[u8; 32]) -> OneTimeKey {
        OneTimeKey::derive(self.0.expose(), salt, &[DOMAIN])
    }
}

impl KitContent {
    fn to_bytes(&self) -> Result<Sensitive<Vec<u8>>, KitError> {
        let keys = self.clinic_keys.to_bytes();
        let (keys, people) = (keys.expose(), self.people.expose());
        let long = |length: usize| u32::try_from(length).or(Err(KitError::TooLong));
        u16::try_from(self.clinic_name.len()).or(Err(KitError::TooLong))?;
        let capacity = 2 + self.clinic_name.len() + 32 + 4 + keys.len() + 4 + people.len();
        let mut writer = Writer::with_capacity(capacity);
        writer.short(self.clinic_name.as_bytes()).raw(&self.founding_key);
        writer.u32(long(keys.len())?).raw(keys).u32(long(people.len())?).raw(people);
        Ok(Sensitive::new(writer.finish()))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let clinic_name = reader.text()?.to_owned();
        let founding_key = reader.array()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        let clinic_keys = ClinicKeys::from_bytes(reader.take(length)?).ok()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        let people = Sensitive::new(reader.take(length)?.to_vec());
        reader.end()?;
        Some(Self { clinic_name, founding_key, clinic_keys, people })
    }
}

fn aad(clinic: &[u8; 16], salt: &[u8; 32]) -> Vec<u8> {
    [DOMAIN, &[VERSION], clinic, salt].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    fn code(seed: u64) -> KitCode {
        KitCode::make(&mut FixedEntropy::new(seed))
    }

    fn content() -> KitContent {
        KitContent {
            clinic_name: "Lakeside".to_owned(),
            founding_key: [7; 32],
            clinic_keys: ClinicKeys::make(&mut FixedEntropy::new(8)),
            people: Sensitive::new(b"[\"ana\"]".to_vec()),
        }
    }

    #[test]
    fn a_code_is_read_as_it_is_typed_and_is_no_computers() {
        for seed in 0..8 {
            let code = code(seed);
            let typed = code.to_text().expose().to_lowercase().replace('-', " ").replace('0', "o");
            let read = KitCode::parse(&typed).unwrap();
            assert_eq!(read.0.expose(), code.0.expose());
            let error = RecoveryCode::parse(code.to_text().expose()).unwrap_err();
            assert_eq!(error, crate::recovery_code::RecoveryCodeError::Mistyped);
            let other = RecoveryCode::make(&mut FixedEntropy::new(seed)).to_text();
            let error = KitCode::parse(other.expose()).unwrap_err();
            assert_eq!(error, KitCodeError::OfAComputer);
        }
        for (typed, expected) in [
            ("", KitCodeError::WrongLength { characters: 0 }),
            ("ABCD-U", KitCodeError::BadCharacter { place: 5, character: 'U' }),
            (&"A".repeat(34), KitCodeError::Mistyped),
        ] {
            assert_eq!(KitCode::parse(typed).unwrap_err(), expected, "{typed}");
        }
        assert_eq!(format!("{:?}", code(1)), "KitCode(Sensitive(..))");
    }

    #[test]
    fn each_wrong_character_and_each_exchange_is_noticed() {
        let text = code(1).to_text();
        let signs: Vec<char> = text.expose().chars().filter(|sign| *sign != '-').collect();
        let read = |typed: &[char]| KitCode::parse(&typed.iter().collect::<String>());
        for place in 0..signs.len() {
            for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                let mut typed = signs.clone();
                typed[place] = wrong;
                assert_eq!(read(&typed).is_ok(), typed == signs, "{place}: {wrong}");
            }
            for other in 0..place {
                let mut typed = signs.clone();
                typed.swap(place, other);
                assert_eq!(read(&typed).is_ok(), typed == signs, "{place} and {other}");
            }
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_code_and_clinic_alone() {
        let sealed = code(1).seal(&[1; 16], &content(), &mut FixedEntropy::new(3)).unwrap();
        let opened = code(1).open(&[1; 16], &sealed).unwrap();
        assert_eq!(opened.to_bytes().unwrap().expose(), content().to_bytes().unwrap().expose());
        let refused = |code: KitCode, clinic: u8, sealed: &[u8]| {
            code.open(&[clinic; 16], sealed).map(|_| ()).unwrap_err()
        };
        assert_eq!(refused(code(2), 1, &sealed), KitError::NotOpened);
        assert_eq!(refused(code(1), 2, &sealed), KitError::NotOpened);
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 1;
            refused(code(1), 1, &bad);
            refused(code(1), 1, &sealed[..place]);
        }
        let newer = [&[2][..], &sealed[1..]].concat();
        assert_eq!(refused(code(1), 1, &newer), KitError::NewerFormat(2));
    }

    #[test]
    fn keys_and_id_are_the_codes_own() {
        let (one, other) = (code(1), code(2));
        assert_eq!(one.derive_keys().public(), code(1).derive_keys().public());
        assert_ne!(one.derive_keys().public().sign_key, other.derive_keys().public().sign_key);
        assert_ne!(one.derive_keys().public().hpke_key, other.derive_keys().public().hpke_key);
        assert_ne!(one.derive_id(), other.derive_id());
        let id = one.derive_id();
        assert_eq!((id[6] >> 4, id[8] >> 6), (8, 2));
    }
}
