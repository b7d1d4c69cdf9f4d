//! Two computers that know nothing of each other, and two people who compare a number.
//!
//! Both make a key for this one meeting. The joiner says first what its key will be, by a hash;
//! then the admitter shows its key, then the joiner shows its own:
//!
//! ```text
//! joiner → admitter   commitment = SHA-256(domain ‖ room ‖ joiner's key)
//! admitter → joiner   admitter's key
//! joiner → admitter   joiner's key, which must be the one committed to
//! transcript = SHA-256(domain ‖ room ‖ commitment ‖ admitter's key ‖ joiner's key)
//! number     = HKDF-SHA-256(transcript, domain), 8 bytes, modulo 10^7
//! ```
//! Whoever stands between the two must choose a key towards each side before seeing the other
//! side's: the two numbers are then the same by chance alone, once in 10^7, and there is one try,
//! because the keys are of no use for another meeting. (Vaudenay, "Secure communications over
//! insecure channels based on short authenticated strings", CRYPTO 2005, in the form of Bluetooth's
//! numeric comparison.) What passes once the numbers are the same is sealed from one key to the
//! other ([`crate::hpke_box`], authenticated mode), bound to the transcript and to its direction.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::hpke_box::{HpkeBoxError, HpkeKeys};
use crate::kdf::derive;
use crate::random::Entropy;

const COMMITMENT_DOMAIN: &[u8] = b"fieldchart sas commitment v1";
const TRANSCRIPT_DOMAIN: &[u8] = b"fieldchart sas transcript v1";
const NUMBER_DOMAIN: &[u8] = b"fieldchart sas number v1";
const BOX_DOMAIN: &[u8] = b"fieldchart sas box v1";
const MESSAGE_VERSION: u8 = 1;
const NUMBERS: u64 = 10_000_000;
const DIGITS: usize = 7;

/// The number that two people compare: seven digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(u64);

/// The computer that wants in, before it has seen the other's key.
#[derive(Debug)]
pub struct Joiner {
    room: [u8; 32],
    keys: HpkeKeys,
}

/// The computer that lets in, before it has seen the other's key.
#[derive(Debug)]
pub struct Admitter {
    room: [u8; 32],
    keys: HpkeKeys,
}

/// Two keys that have met, as one of the two sides holds them. Whether the other is who it should
/// be, people say.
#[derive(Debug)]
pub struct Meeting {
    side: Side,
    keys: HpkeKeys,
    other: [u8; 32],
    transcript: [u8; 32],
}

/// What one side says to the other, as it lies in the room: `version (1) ‖ kind (1) ‖ body`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Kind 1: what the joiner's key will hash to.
    Commitment([u8; 32]),
    /// Kind 2: a public key.
    Key([u8; 32]),
    /// Kind 3: something sealed by [`Meeting::seal`].
    Sealed(Vec<u8>),
    /// Kind 4: a person said that the numbers differ.
    Differs,
}

/// Why there is no meeting, or a message cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SasError {
    /// The joiner showed another key than it had committed to.
    #[error("the other computer showed another key than it had committed to")]
    NotCommitted,
    /// The message was written by a newer version of the program.
    #[error("the other computer works with a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The bytes are no message.
    #[error("what the other computer sent is damaged")]
    Damaged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Joiner,
    Admitter,
}

impl Joiner {
    /// Makes the key for one meeting in the room of this id.
    pub fn make(room: [u8; 32], entropy: &mut dyn Entropy) -> Self {
        Self { room, keys: HpkeKeys::make(entropy) }
    }

    /// What is said first.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(&self.room, &self.keys.public())
    }

    /// What is shown once the admitter's key has come.
    pub fn public(&self) -> [u8; 32] {
        self.keys.public()
    }

    /// Meets the admitter of this key.
    pub fn meet(self, admitter: [u8; 32]) -> Meeting {
        let own = self.keys.public();
        let transcript = transcript(&self.room, &commitment(&self.room, &own), &admitter, &own);
        Meeting { side: Side::Joiner, keys: self.keys, other: admitter, transcript }
    }
}

impl Admitter {
    /// Makes the key for one meeting in the room of this id.
    pub fn make(room: [u8; 32], entropy: &mut dyn Entropy) -> Self {
        Self { room, keys: HpkeKeys::make(entropy) }
    }

    /// What is shown once a commitment has come, and never before.
    pub fn public(&self) -> [u8; 32] {
        self.keys.public()
    }

    /// Meets the joiner of this key.
    ///
    /// # Errors
    /// [`SasError::NotCommitted`].
    pub fn meet(self, committed: &[u8; 32], joiner: [u8; 32]) -> Result<Meeting, SasError> {
        if commitment(&self.room, &joiner) != *committed {
            return Err(SasError::NotCommitted);
        }
        let transcript = transcript(&self.room, committed, &self.keys.public(), &joiner);
        Ok(Meeting { side: Side::Admitter, keys: self.keys, other: joiner, transcript })
    }
}

impl Meeting {
    /// The number to compare.
    pub fn number(&self) -> Number {
        let bytes = derive::<8>(&self.transcript, &[], &[NUMBER_DOMAIN]);
        // 2^64 is not a multiple of 10^7: some numbers come more often by 5 in 10^13.
        Number(u64::from_be_bytes(*bytes.expose()) % NUMBERS)
    }

    /// Seals something for the other side.
    ///
    /// # Errors
    /// [`HpkeBoxError::Recipient`] for a key that none can be sealed to.
    pub fn seal(
        &self,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, HpkeBoxError> {
        self.keys.seal_from(&self.other, &self.info(self.side), plaintext, entropy)
    }

    /// Opens what the other side sealed in this meeting.
    ///
    /// # Errors
    /// [`HpkeBoxError`].
    pub fn open(&self, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, HpkeBoxError> {
        let sender = match self.side {
            Side::Joiner => Side::Admitter,
            Side::Admitter => Side::Joiner,
        };
        self.keys.open_from(&self.other, &self.info(sender), sealed)
    }

    fn info(&self, sender: Side) -> Vec<u8> {
        let sender: &[u8] = match sender {
            Side::Joiner => b" joiner",
            Side::Admitter => b" admitter",
        };
        [BOX_DOMAIN, sender, &self.transcript].concat()
    }
}

impl Number {
    /// Whether somebody typed this number: seven digits, with spaces wherever they like.
    pub fn is(self, typed: &str) -> bool {
        let digits: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
        let all_are = digits.bytes().all(|sign| sign.is_ascii_digit());
        all_are && digits.len() == DIGITS && digits.parse() == Ok(self.0)
    }
}

/// As it is shown: `123 4567`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl Message {
    /// Writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, body): (u8, &[u8]) = match self {
            Self::Commitment(hash) => (1, hash),
            Self::Key(key) => (2, key),
            Self::Sealed(sealed) => (3, sealed),
            Self::Differs => (4, &[]),
        };
        let mut writer = Writer::with_capacity(2 + body.len());
        writer.u8(MESSAGE_VERSION).u8(kind).raw(body);
        writer.finish()
    }

    /// Reads what [`Message::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`SasError::NewerFormat`], [`SasError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SasError> {
        let mut reader = Reader::new(bytes);
        match reader.u8() {
            Some(MESSAGE_VERSION) => {}
            Some(version) if version > MESSAGE_VERSION => {
                return Err(SasError::NewerFormat(version));
            }
            Some(_) | None => return Err(SasError::Damaged),
        }
        Self::of_kind(reader.u8(), reader).ok_or(SasError::Damaged)
    }

    fn of_kind(kind: Option<u8>, mut body: Reader<'_>) -> Option<Self> {
        let message = match kind? {
            1 => Self::Commitment(body.array()?),
            2 => Self::Key(body.array()?),
            3 => return Some(Self::Sealed(body.rest().to_vec())),
            4 => Self::Differs,
            _ => return None,
        };
        body.end()?;
        Some(message)
    }
}

fn commitment(room: &[u8; 32], joiner: &[u8; 32]) -> [u8; 32] {
    hash(&[COMMITMENT_DOMAIN, room, joiner])
}

fn transcript(
    room: &[u8; 32],
    commitment: &[u8; 32],
    admitter: &[u8; 32],
    joiner: &[u8; 32],
) -> [u8; 32] {
    hash(&[TRANSCRIPT_DOMAIN, room, commitment, admitter, joiner])
}

/// Each part has one length in each domain: nothing can be shifted from one to the next.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    const ROOM: [u8; 32] = [7; 32];

    fn met(room: [u8; 32], seed: u64) -> (Meeting, Meeting) {
        let mut entropy = FixedEntropy::new(seed);
        let joiner = Joiner::make(room, &mut entropy);
        let admitter = Admitter::make(room, &mut entropy);
        let (committed, shown) = (joiner.commitment(), joiner.public());
        let there = joiner.meet(admitter.public());
        (admitter.meet(&committed, shown).unwrap(), there)
    }

    #[test]
    fn both_sides_see_one_number_and_open_what_the_other_sealed() {
        for seed in 0..20 {
            let (here, there) = met(ROOM, seed);
            assert_eq!(here.number(), there.number());
            let mut entropy = FixedEntropy::new(99);
            let sealed = here.seal(b"the code", &mut entropy).unwrap();
            assert_eq!(there.open(&sealed).unwrap().expose(), b"the code");
            assert!(here.open(&sealed).is_err(), "not back to where it came from");
            let back = there.seal(b"yes", &mut entropy).unwrap();
            assert_eq!(here.open(&back).unwrap().expose(), b"yes");
        }
    }

    #[test]
    fn another_meeting_has_another_number_and_opens_nothing() {
        let numbers: std::collections::BTreeSet<u64> =
            (0..1000).map(|seed| met(ROOM, seed).0.number().0).collect();
        assert!(numbers.len() > 995, "{}", numbers.len());
        assert!(numbers.iter().all(|number| *number < NUMBERS));
        assert!(numbers.iter().any(|number| *number >= NUMBERS / 2), "all digits are in use");
        let (here, _) = met(ROOM, 1);
        let (_, there) = met([8; 32], 1);
        assert_ne!(here.number(), there.number(), "the room counts");
        let sealed = here.seal(b"x", &mut FixedEntropy::new(2)).unwrap();
        assert!(there.open(&sealed).is_err());
    }

    #[test]
    fn whoever_stands_between_is_seen_in_the_number() {
        for seed in 0..200 {
            let mut entropy = FixedEntropy::new(seed);
            let joiner = Joiner::make(ROOM, &mut entropy);
            let admitter = Admitter::make(ROOM, &mut entropy);
            // A joiner towards the admitter, an admitter towards the joiner.
            let false_joiner = Joiner::make(ROOM, &mut entropy);
            let false_admitter = Admitter::make(ROOM, &mut entropy);
            let there = joiner.meet(false_admitter.public());
            let committed = false_joiner.commitment();
            let here = admitter.meet(&committed, false_joiner.public()).unwrap();
            assert_ne!(here.number(), there.number(), "{seed}");
            let sealed = here.seal(b"x", &mut entropy).unwrap();
            assert!(there.open(&sealed).is_err());
        }
    }

    #[test]
    fn a_key_that_was_chosen_after_the_others_was_seen_is_refused() {
        let mut entropy = FixedEntropy::new(5);
        let (first, second) = (Joiner::make(ROOM, &mut entropy), Joiner::make(ROOM, &mut entropy));
        let admitter = || Admitter::make(ROOM, &mut FixedEntropy::new(6));
        let met = admitter().meet(&first.commitment(), second.public());
        assert_eq!(met.unwrap_err(), SasError::NotCommitted);
        let elsewhere = Joiner::make([8; 32], &mut FixedEntropy::new(5));
        assert_eq!(elsewhere.public(), first.public());
        let met = admitter().meet(&elsewhere.commitment(), first.public());
        assert_eq!(met.unwrap_err(), SasError::NotCommitted, "a commitment is of one room");
        assert!(admitter().meet(&first.commitment(), first.public()).is_ok());
    }

    #[test]
    fn a_number_is_seven_digits_in_two_groups() {
        for (number, shown) in [(0, "000 0000"), (42, "000 0042"), (1_234_567, "123 4567")] {
            assert_eq!(Number(number).to_string(), shown);
            assert!(Number(number).is(shown) && Number(number).is(&shown.replace(' ', "")));
        }
        for typed in ["", "1234567", "0000420", "42", "+000042", "000 0042 0", "yes"] {
            assert!(!Number(42).is(typed), "{typed}");
        }
    }

    #[test]
    fn messages_are_read_as_they_were_written_and_nothing_else_is() {
        for message in [
            Message::Commitment([1; 32]),
            Message::Key([2; 32]),
            Message::Sealed(vec![3; 9]),
            Message::Differs,
        ] {
            let bytes = message.to_bytes();
            assert_eq!(Message::from_bytes(&bytes), Ok(message.clone()));
            if !matches!(message, Message::Sealed(_)) {
                for cut in 0..bytes.len() {
                    assert_eq!(Message::from_bytes(&bytes[..cut]), Err(SasError::Damaged));
                }
                let longer = [&bytes[..], &[0]].concat();
                assert_eq!(Message::from_bytes(&longer), Err(SasError::Damaged));
            }
        }
        assert_eq!(Message::from_bytes(&[2, 1]), Err(SasError::NewerFormat(2)));
        assert_eq!(Message::from_bytes(&[1, 9]), Err(SasError::Damaged));
    }
}
