//! The code of a room in which two computers meet: short enough to be said aloud.
//!
//! It finds the room and protects nothing: what passes there is protected by the number that two
//! people compare ([`crate::sas`]). 40 random bits, in Crockford's base 32 with two check
//! characters: `ABCD-EFGH-JK`.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::crockford::{self, Check};
use crate::random::{Entropy, make_array};

const CHECK: Check = Check { modulus: 1021, weight: 10, characters: 2 };

/// The code of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomCode([u8; 5]);

/// Why a text is no code of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoomCodeError {
    /// A character that no code contains.
    #[error("character {place} of the room's code, {character:?}, cannot be one")]
    BadCharacter {
        /// Place, from 1, spaces and dashes not counted.
        place: usize,
        /// The character.
        character: char,
    },
    /// The check characters do not agree, or there are too few or too many.
    #[error("the room's code is mistyped or incomplete")]
    Mistyped,
}

impl RoomCode {
    /// Makes the code of a new room.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_array(entropy))
    }

    /// Reads a code as people type it.
    pub fn parse(typed: &str) -> Result<Self, RoomCodeError> {
        let values = crockford::read(typed).map_err(|bad| RoomCodeError::BadCharacter {
            place: bad.place,
            character: bad.character,
        })?;
        let body = CHECK.strip(&values).ok_or(RoomCodeError::Mistyped)?;
        let bytes = crockford::bytes_of(body).ok_or(RoomCodeError::Mistyped)?;
        bytes.try_into().map(Self).or(Err(RoomCodeError::Mistyped))
    }

    /// Derives the name under which the server keeps the room:
    /// `SHA-256("fieldchart room id" ‖ code)`.
    pub fn derive_room_id(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"fieldchart room id");
        hash.update(self.0);
        hash.finalize().into()
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = crockford::values_of(&self.0);
        let check = CHECK.values(&values);
        values.extend(check);
        crockford::write_groups(&values, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn a_code_survives_being_typed_and_a_slip_is_noticed() {
        let code = RoomCode::make(&mut FixedEntropy::new(1));
        let text = code.to_string();
        assert_eq!(text.len(), 12, "{text}");
        let typed = text.to_lowercase().replace('-', " ");
        assert_eq!(RoomCode::parse(&typed), Ok(code));
        let plain: Vec<char> = text.replace('-', "").chars().collect();
        for place in 0..plain.len() {
            for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                let mut typed = plain.clone();
                typed[place] = wrong;
                let read = RoomCode::parse(&typed.iter().collect::<String>());
                assert_eq!(read.is_ok(), wrong == plain[place], "{place} {wrong}");
            }
            let cut: String = plain.iter().take(place).collect();
            assert_eq!(RoomCode::parse(&cut), Err(RoomCodeError::Mistyped), "{cut}");
        }
        let bad = RoomCodeError::BadCharacter { place: 3, character: '?' };
        assert_eq!(RoomCode::parse("AB?"), Err(bad));
        let other = RoomCode::make(&mut FixedEntropy::new(2));
        assert_ne!(other.derive_room_id(), code.derive_room_id());
    }
}
