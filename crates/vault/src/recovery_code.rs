//! The code on paper that opens a store when password or keyring is lost.
//!
//! 160 random bits: 32 characters and two check characters, in groups of four.

use std::fmt;

use crate::Sensitive;
use crate::crockford::{self, Check};
use crate::random::{Entropy, make_secret};

const CHARACTERS: usize = 34;
const CHECK: Check = Check { modulus: 1021, weight: 10, characters: 2 };

/// A recovery code. It is shown once, when it is printed, by [`RecoveryCode::to_text`].
#[derive(Debug, Clone)]
pub struct RecoveryCode(Sensitive<[u8; 20]>);

/// Why typed characters are no recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Too few or too many characters.
    #[error("a recovery code has 34 characters, and these are {characters}")]
    WrongLength {
        /// Characters found, spaces and dashes not counted.
        characters: usize,
    },
    /// A character that no code contains.
    #[error("character {place} of the recovery code, {character:?}, cannot be one")]
    BadCharacter {
        /// Place, from 1, spaces and dashes not counted.
        place: usize,
        /// The character.
        character: char,
    },
    /// The check characters do not agree.
    #[error("the recovery code is mistyped")]
    Mistyped,
}

impl RecoveryCode {
    /// Makes a new code.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Reads a code as people type it: any case, with or without dashes, `o` for `0`.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let values = crockford::read(typed).map_err(|bad| RecoveryCodeError::BadCharacter {
            place: bad.place,
            character: bad.character,
        })?;
        let values = Sensitive::new(values);
        let characters = values.expose().len();
        if characters != CHARACTERS {
            return Err(RecoveryCodeError::WrongLength { characters });
        }
        let body = CHECK.strip(values.expose()).ok_or(RecoveryCodeError::Mistyped)?;
        let bytes = crockford::bytes_of(body).ok_or(RecoveryCodeError::Mistyped)?;
        let code = bytes.try_into().or(Err(RecoveryCodeError::Mistyped))?;
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

    /// The 20 raw bytes.
    pub fn expose(&self) -> &[u8; 20] {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::FixedEntropy;

    fn code(seed: u64) -> RecoveryCode {
        RecoveryCode::make(&mut FixedEntropy::new(seed))
    }

    #[test]
    fn the_printed_code_is_stable() {
        let printed = RecoveryCode(Sensitive::new([0xf1; 20])).to_text();
        assert_eq!(printed.expose(), "Y7RZ-3WFH-Y7RZ-3WFH-Y7RZ-3WFH-Y7RZ-3WFH-B4");
    }

    #[test]
    fn each_wrong_character_and_each_exchange_is_noticed() {
        let text = code(1).to_text();
        let signs: Vec<char> = text.expose().chars().filter(|sign| *sign != '-').collect();
        for place in 0..signs.len() {
            for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                let mut typed = signs.clone();
                if typed[place] == wrong {
                    continue;
                }
                typed[place] = wrong;
                let typed: String = typed.into_iter().collect();
                assert_eq!(RecoveryCode::parse(&typed).unwrap_err(), RecoveryCodeError::Mistyped);
            }
            for other in 0..place {
                let mut typed = signs.clone();
                typed.swap(place, other);
                let same = typed == signs;
                let typed: String = typed.into_iter().collect();
                assert_eq!(RecoveryCode::parse(&typed).is_ok(), same, "{place} and {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_code_is_read_as_people_type_it(seed: u64, spaces in proptest::collection::vec(0_usize..34, 0..6)) {
            let code = code(seed);
            let mut typed: String = code.to_text().expose().to_lowercase().replace('0', "o").replace('1', "l");
            for place in spaces {
                typed.insert(place, ' ');
            }
            let read = RecoveryCode::parse(&typed).unwrap();
            prop_assert_eq!(read.expose(), code.expose());
        }
    }

    #[test]
    fn errors_name_what_is_wrong() {
        for (typed, expected) in [
            ("", RecoveryCodeError::WrongLength { characters: 0 }),
            ("ABCD-EFGH", RecoveryCodeError::WrongLength { characters: 8 }),
            ("ABCD-U", RecoveryCodeError::BadCharacter { place: 5, character: 'U' }),
            (&"A".repeat(34), RecoveryCodeError::Mistyped),
        ] {
            assert_eq!(RecoveryCode::parse(typed).unwrap_err(), expected, "{typed}");
        }
        assert_eq!(format!("{:?}", code(1)), "RecoveryCode(Sensitive(..))");
    }
}
