//! The card of a clinic: what another clinic needs to give it a chart.
//!
//! ```text
//! card        = version (1) ‖ clinic (16) ‖ Ed25519 key (32) ‖ epoch (4) ‖ X25519 key (32)
//!               ‖ name (2 + n) ‖ signature (64)
//! Ed25519 key = HKDF-SHA-256(doc-tag key, domain ‖ clinic): one for the life of the clinic
//! X25519 key  = HKDF-SHA-256(epoch key, domain ‖ clinic ‖ epoch): another in each epoch
//! number      = HKDF-SHA-256(clinic ‖ Ed25519 key, domain), 16 bytes, modulo 10^30
//! ```
//! Every computer of the clinic derives the same keys, so that nothing is kept and any of them opens
//! what was sealed to a card, also to an older one. A computer that was removed does not have the
//! keys of later epochs: what is sealed to a card made since does not open there. The number stays
//! the same, as it is of the key that signs.

use std::fmt;

use crate::Sensitive;
use crate::clinic_keys::ClinicKeys;
use crate::codec::{Reader, Writer};
use crate::crockford::{self, BadCharacter, Check};
use crate::epoch::{EpochKey, EpochNumber};
use crate::hpke_box::HpkeKeys;
use crate::kdf::derive;
use crate::user_keys::{UserKeys, verify};

const VERSION: u8 = 1;
const SIGN_DOMAIN: &[u8] = b"fieldchart card signing key v1";
const SEAL_DOMAIN: &[u8] = b"fieldchart card sealing key v1";
const CARD_DOMAIN: &[u8] = b"fieldchart card v1";
const NUMBER_DOMAIN: &[u8] = b"fieldchart card number v1";
const NUMBERS: u128 = 1_000_000_000_000_000_000_000_000_000_000;
const DIGITS: usize = 30;
/// Longest name of a clinic on a card, bytes.
pub const CARD_NAME_BYTES_MAX: usize = 200;
/// A card is a code of a few hundred characters; nobody reads more.
const TEXT_BYTES_MAX: usize = 4096;
const FIXED_BYTES: usize = 1 + 16 + 32 + 4 + 32 + 2 + 64;
const CHECK: Check = Check { modulus: 1021, weight: 10, characters: 2 };

/// The card of a clinic, its signature checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    clinic: [u8; 16],
    sign_key: [u8; 32],
    epoch: EpochNumber,
    hpke_key: [u8; 32],
    name: String,
    signature: [u8; 64],
}

/// The number of a card, which two people compare: thirty digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardNumber(u128);

/// Why a text or bytes are no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// A character that no card contains.
    #[error("character {place} of the card, {character:?}, cannot be one")]
    BadCharacter {
        /// Place, from 1, spaces and dashes not counted.
        place: usize,
        /// The character.
        character: char,
    },
    /// The check characters do not agree, or there are too few or too many.
    #[error("the card is mistyped or incomplete")]
    Mistyped,
    /// Made by a newer version of the program.
    #[error("the card was made by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The bytes are no card, or were not signed by the clinic they name.
    #[error("the card is damaged, or is not what its clinic made")]
    Damaged,
    /// The clinic has no keys here.
    #[error("this computer has no keys of its clinic")]
    NoKey,
}

impl From<BadCharacter> for CardError {
    fn from(bad: BadCharacter) -> Self {
        Self::BadCharacter { place: bad.place, character: bad.character }
    }
}

impl Card {
    /// Derives the card of a clinic for its newest epoch. Of the name stands as much as fits.
    ///
    /// # Errors
    /// [`CardError::NoKey`].
    pub fn derive(keys: &ClinicKeys, clinic: &[u8; 16], name: &str) -> Result<Self, CardError> {
        let (epoch, key) = keys.current().ok_or(CardError::NoKey)?;
        let signing = derive_signing(keys, clinic);
        let mut end = name.len().min(CARD_NAME_BYTES_MAX);
        while !name.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let mut card = Self {
            clinic: *clinic,
            sign_key: signing.public(),
            epoch,
            hpke_key: derive_sealing(key, clinic, epoch).public(),
            name: name.get(..end).unwrap_or_default().to_owned(),
            signature: [0; 64],
        };
        card.signature = signing.sign(&card.message());
        Ok(card)
    }

    /// Which clinic.
    pub const fn clinic(&self) -> &[u8; 16] {
        &self.clinic
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs with, for ever.
    pub const fn sign_key(&self) -> &[u8; 32] {
        &self.sign_key
    }

    /// The epoch of the key that is sealed to.
    pub const fn epoch(&self) -> EpochNumber {
        self.epoch
    }

    pub(crate) const fn hpke_key(&self) -> &[u8; 32] {
        &self.hpke_key
    }

    /// The number people compare.
    pub fn number(&self) -> CardNumber {
        let secret = [&self.clinic[..], &self.sign_key].concat();
        let bytes = derive::<16>(&secret, &[], &[NUMBER_DOMAIN]);
        CardNumber(u128::from_be_bytes(*bytes.expose()) % NUMBERS)
    }

    /// Writes the card.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.signed();
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// Reads a card and checks that its clinic made it so.
    ///
    /// # Errors
    /// [`CardError::NewerFormat`], [`CardError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardError> {
        match bytes.first() {
            Some(&VERSION) => {}
            Some(&version) if version > VERSION => return Err(CardError::NewerFormat(version)),
            Some(_) | None => return Err(CardError::Damaged),
        }
        let card = Self::read(bytes).ok_or(CardError::Damaged)?;
        let is_signed = verify(&card.sign_key, &card.message(), &card.signature);
        if is_signed { Ok(card) } else { Err(CardError::Damaged) }
    }

    /// Reads a card as it was typed or pasted.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn parse(typed: &str) -> Result<Self, CardError> {
        if typed.len() > TEXT_BYTES_MAX {
            return Err(CardError::Mistyped);
        }
        let values = crockford::read(typed)?;
        let body = CHECK.strip(&values).ok_or(CardError::Mistyped)?;
        let bytes = crockford::bytes_of(body).ok_or(CardError::Mistyped)?;
        Self::from_bytes(&bytes)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.u8()?;
        let (clinic, sign_key) = (reader.array()?, reader.array()?);
        let (epoch, hpke_key) = (reader.u32()?, reader.array()?);
        let name = reader.text()?.to_owned();
        let signature = reader.array()?;
        reader.end()?;
        let is_name = name.len() <= CARD_NAME_BYTES_MAX && !name.contains(char::is_control);
        is_name.then_some(Self { clinic, sign_key, epoch, hpke_key, name, signature })
    }

    fn signed(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(FIXED_BYTES + self.name.len());
        writer.u8(VERSION).raw(&self.clinic).raw(&self.sign_key);
        writer.u32(self.epoch).raw(&self.hpke_key).short(self.name.as_bytes());
        writer.finish()
    }

    fn message(&self) -> Vec<u8> {
        [CARD_DOMAIN, &self.signed()].concat()
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = crockford::values_of(&self.to_bytes());
        let check = CHECK.values(&values);
        values.extend(check);
        crockford::write_groups(&values, f)
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0DIGITS$}", self.0);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && place % 5 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Derives what a clinic signs its cards and what it gives with.
pub(crate) fn derive_signing(keys: &ClinicKeys, clinic: &[u8; 16]) -> UserKeys {
    let secret = keys.doc_tag_key().expose();
    let seed: Sensitive<[u8; 32]> = derive(secret, &[], &[SIGN_DOMAIN, clinic]);
    UserKeys::from_seed(&seed)
}

/// Derives what opens what is sealed to the card of an epoch.
pub(crate) fn derive_sealing(key: &EpochKey, clinic: &[u8; 16], epoch: EpochNumber) -> HpkeKeys {
    let info = [SEAL_DOMAIN, clinic, &epoch.to_be_bytes()];
    HpkeKeys::derive(&derive(key.expose(), &[], &info))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    const CLINIC: [u8; 16] = [7; 16];

    fn keys() -> ClinicKeys {
        ClinicKeys::make(&mut FixedEntropy::new(1))
    }

    fn card() -> Card {
        Card::derive(&keys(), &CLINIC, "Clínica del Río").unwrap()
    }

    #[test]
    fn a_card_survives_being_pasted_and_a_slip_is_noticed() {
        let (card, text) = (card(), card().to_string());
        assert_eq!(Card::parse(&text), Ok(card.clone()));
        let typed = text.to_lowercase().replace('-', "\n");
        assert_eq!(Card::parse(&typed), Ok(card));
        let plain: Vec<char> = text.replace('-', "").chars().collect();
        for place in 0..plain.len() {
            let mut typed = plain.clone();
            typed[place] = if typed[place] == '7' { '8' } else { '7' };
            let typed: String = typed.into_iter().collect();
            assert_eq!(Card::parse(&typed), Err(CardError::Mistyped), "{place}");
            let cut: String = plain.iter().take(place).collect();
            assert!(Card::parse(&cut).is_err(), "{place}");
        }
        let bad = CardError::BadCharacter { place: 3, character: '?' };
        assert_eq!(Card::parse("AB?"), Err(bad));
        assert_eq!(Card::parse(&"0".repeat(5000)), Err(CardError::Mistyped));
    }

    #[test]
    fn what_its_clinic_did_not_sign_is_no_card() {
        let bytes = card().to_bytes();
        for bit in 8..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Card::from_bytes(&bad), Err(CardError::Damaged), "{bit}");
        }
        for cut in 0..bytes.len() {
            assert_eq!(Card::from_bytes(&bytes[..cut]), Err(CardError::Damaged), "{cut}");
        }
        let newer = [&[2], &bytes[1..]].concat();
        assert_eq!(Card::from_bytes(&newer), Err(CardError::NewerFormat(2)));
        let nameless = Card { name: "a\u{1b}[2J".to_owned(), ..card() };
        assert_eq!(Card::from_bytes(&nameless.to_bytes()), Err(CardError::Damaged));
    }

    #[test]
    fn the_number_is_of_the_clinic_and_stays_while_its_keys_change() {
        let mut keys = keys();
        let before = Card::derive(&keys, &CLINIC, "One").unwrap();
        keys.add_epoch(2, EpochKey::make(&mut FixedEntropy::new(2)));
        let after = Card::derive(&keys, &CLINIC, "Two").unwrap();
        assert_eq!(before.number(), after.number());
        assert_ne!(before.hpke_key, after.hpke_key);
        assert_eq!((before.epoch(), after.epoch()), (1, 2));
        let number = before.number().to_string();
        assert_eq!(number.len(), 35, "{number}");
        assert!(number.split(' ').all(|group| group.len() == 5), "{number}");
        let other = Card::derive(&ClinicKeys::make(&mut FixedEntropy::new(9)), &CLINIC, "One");
        assert_ne!(other.unwrap().number(), before.number());
        assert_ne!(Card::derive(&keys, &[8; 16], "One").unwrap().number(), before.number());
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        let card = Card::derive(&keys(), &CLINIC, &"é".repeat(150)).unwrap();
        assert_eq!(card.name(), "é".repeat(100));
    }
}
