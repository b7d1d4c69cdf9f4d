//! Keys and sealing: the key hierarchy of a clinic, and the ciphertext of what travels.
//!
//! ```text
//! password --Argon2id--+
//! device secret -------+--HKDF--> slot key --opens--> database key, user's signing seed
//! recovery code -----------HKDF--> slot key --opens--> database key
//! database key -- is the raw key of the encrypted store --HKDF--> key of the store's anchor
//! clinic keys: epoch key --wraps--> document key --HKDF per envelope--> key and nonce
//!              doc-tag key --HMAC--> the name under which a server sees a document
//! enrolment code (128 bits) --HKDF--> opens the invitation of a new device
//! recovery kit's code --HKDF--> keys with which it stands in the list of computers
//! epoch key --HKDF--> what opens what is sealed to the clinic's card of that epoch
//! doc-tag key --HKDF--> what the clinic signs its cards and what it gives with
//! two computers' keys in a room --HKDF--> the number on both screens; --HPKE--> what then passes
//! ```
//!
//! `make_*` is random, `derive_*` is deterministic, and every secret wears [`Sensitive`].
//! Every sealed form begins with a version byte and stays readable for ever (`tests/golden`).
//!
//! Invariants: this crate knows no patient, no chart and no SQL; it does not know which keyring
//! holds the device secret (a [`keyring::KeyringPort`] does), nor the clock, nor a random source
//! (an [`Entropy`] is passed in). The only files it touches are the two copies of `keyslots`.

pub mod blob;
pub mod card;
mod cipher;
pub mod clinic_keys;
mod codec;
pub mod crockford;
pub mod database_key;
pub mod device;
pub mod device_name;
pub mod doc_tag;
pub mod document_key;
pub mod enrolment;
pub mod epoch;
pub mod given;
pub mod hpke_box;
pub mod invitation;
mod kdf;
pub mod keyring;
pub mod keyslots;
mod packed;
mod padding;
pub mod password;
pub mod random;
pub mod recovery_code;
pub mod recovery_kit;
pub mod room_code;
pub mod sas;
pub mod seal;
pub mod sensitive;
pub mod stretch;
pub mod user_keys;

pub use clinic_keys::ClinicKeys;
pub use database_key::DatabaseKey;
pub use device::DeviceKeys;
pub use doc_tag::DocTagKey;
pub use document_key::DocumentKey;
pub use epoch::EpochKey;
pub use keyring::{KeyringError, KeyringPort};
pub use keyslots::{Keyslots, KeyslotsFile, Unlocked};
pub use random::Entropy;
pub use recovery_code::RecoveryCode;
pub use sensitive::Sensitive;
pub use user_keys::UserKeys;
