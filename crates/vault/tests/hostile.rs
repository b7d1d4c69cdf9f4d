//! Bytes and texts from anywhere: an error by name, never a panic, never endless memory.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use proptest::prelude::*;
use sha2::Digest;
use vault::enrolment::{EnrolmentCode, InviteSecret};
use vault::invitation::Invitation;
use vault::keyring::NoKeyring;
use vault::keyslots::{DeviceBinding, NewKeyslots, NewPassword};
use vault::random::FixedEntropy;
use vault::stretch::StretchParams;
use vault::{ClinicKeys, DeviceKeys, DocumentKey, EpochKey, Keyslots, RecoveryCode};

fn keyslots() -> Vec<u8> {
    let params = StretchParams::weak_for_tests();
    let first = NewPassword { user: "Lan", password: "marrow kettle pine", params };
    let binding = DeviceBinding::PasswordOnly;
    let new = NewKeyslots { clinic: [1; 16], device: [2; 16], binding, first };
    let created = Keyslots::create(&new, &NoKeyring, &mut FixedEntropy::new(1)).unwrap();
    created.keyslots.to_bytes()
}

fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = sha2::Sha256::digest(&bytes);
    bytes.extend(sum);
    bytes
}

proptest! {
    /// Whoever forges the checksum gets past it: what is inside is not believed either, and what
    /// is read is written as it was.
    #[test]
    fn forged_keyslots(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in 0_usize..40) {
        let mut bytes = keyslots();
        bytes.truncate(bytes.len() - 32 - cut);
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        let bytes = with_sum(bytes);
        if let Ok(read) = Keyslots::from_bytes(&bytes) {
            prop_assert_eq!(Keyslots::from_bytes(&read.to_bytes()), Ok(read.clone()));
            let _opened = read.unlock("Lan", "wrong", &NoKeyring).is_err();
        }
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), version in 0_u8..3) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = version;
        }
        let mut entropy = FixedEntropy::new(1);
        let keys = DeviceKeys::make(&mut entropy);
        prop_assert!(Keyslots::from_bytes(&bytes).is_err());
        prop_assert!(keys.open(b"info", &bytes).is_err());
        prop_assert!(InviteSecret::make(&mut entropy).open(&bytes).is_err());
        let under = EpochKey::make(&mut entropy);
        prop_assert!(DocumentKey::unwrap(&bytes, &under, &[1; 16], &[2; 32]).is_err());
        if let Ok(read) = ClinicKeys::from_bytes(&bytes) {
            let written = read.to_bytes();
            prop_assert_eq!(written.expose(), &bytes);
        }
        if let Ok(read) = Invitation::from_bytes(&bytes) {
            let written = read.to_bytes().unwrap();
            prop_assert_eq!(written.expose(), &bytes);
        }
    }

    #[test]
    fn any_text(typed in "\\PC{0,200}", codelike in "[0-9A-Za-z -]{0,200}") {
        for text in [typed, codelike] {
            prop_assert!(EnrolmentCode::parse(&text).is_err());
            prop_assert!(RecoveryCode::parse(&text).is_err());
        }
    }
}
