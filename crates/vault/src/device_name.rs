//! The name of a device in the membership log, which the server keeps and must not read.
//!
//! A sealed name is `version (1) ‖ epoch (4) ‖ salt (32) ‖ AES-256-GCM ciphertext`, of one length
//! for all names up to 62 bytes.

use crate::cipher::OneTimeKey;
use crate::clinic_keys::ClinicKeys;
use crate::codec::{Reader, Writer};
use crate::epoch::EpochKey;
use crate::random::{Entropy, make_array};

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"fieldchart device name v1";
const BLOCK_BYTES: usize = 64;
/// Longest name of a device, in bytes.
pub const NAME_BYTES_MAX: usize = 126;

/// Why a device's name could not be sealed or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceNameError {
    /// Longer than [`NAME_BYTES_MAX`].
    #[error("the name of a device has at most 126 bytes")]
    TooLong,
    /// This device was not given the key of the epoch.
    #[error("the key of epoch {0} is missing")]
    NoKey(u32),
    /// Sealed by a newer version of the program.
    #[error("a device's name was sealed by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// Damaged, or sealed for another device or clinic.
    #[error("a device's name is damaged")]
    NotOpened,
}

/// Seals the name of `device` under the newest epoch.
pub fn seal(
    keys: &ClinicKeys,
    clinic: &[u8; 16],
    device: &[u8; 16],
    name: &str,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, DeviceNameError> {
    if name.len() > NAME_BYTES_MAX {
        return Err(DeviceNameError::TooLong);
    }
    let (epoch, key) = keys.current().ok_or(DeviceNameError::NoKey(0))?;
    let mut plain = Writer::with_capacity(2 * BLOCK_BYTES);
    plain.short(name.as_bytes());
    let mut plain = plain.finish();
    plain.resize(plain.len().next_multiple_of(BLOCK_BYTES), 0);
    let salt = make_array(entropy);
    let sealed = derive_key(key, clinic, &salt).seal(&aad(clinic, device, epoch), &plain);
    let mut writer = Writer::with_capacity(200);
    writer.u8(VERSION).u32(epoch).raw(&salt).raw(&sealed.ok_or(DeviceNameError::TooLong)?);
    Ok(writer.finish())
}

/// Opens the sealed name of `device`.
pub fn open(
    keys: &ClinicKeys,
    clinic: &[u8; 16],
    device: &[u8; 16],
    sealed: &[u8],
) -> Result<String, DeviceNameError> {
    let mut reader = Reader::new(sealed);
    match reader.u8() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(DeviceNameError::NewerFormat(version)),
        Some(_) | None => return Err(DeviceNameError::NotOpened),
    }
    let (Some(epoch), Some(salt)) = (reader.u32(), reader.array()) else {
        return Err(DeviceNameError::NotOpened);
    };
    let key = keys.epoch(epoch).ok_or(DeviceNameError::NoKey(epoch))?;
    let plain = derive_key(key, clinic, &salt).open(&aad(clinic, device, epoch), reader.rest());
    let plain = plain.ok_or(DeviceNameError::NotOpened)?;
    let name = Reader::new(plain.expose()).text().ok_or(DeviceNameError::NotOpened)?;
    Ok(name.to_owned())
}

fn derive_key(key: &EpochKey, clinic: &[u8; 16], salt: &[u8; 32]) -> OneTimeKey {
    OneTimeKey::derive(key.expose(), salt, &[DOMAIN, clinic])
}

fn aad(clinic: &[u8; 16], device: &[u8; 16], epoch: u32) -> Vec<u8> {
    [DOMAIN, &[VERSION], clinic.as_slice(), device, &epoch.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    const CLINIC: [u8; 16] = [1; 16];
    const DEVICE: [u8; 16] = [2; 16];

    #[test]
    fn a_name_opens_for_its_device_and_clinic_alone() {
        let mut entropy = FixedEntropy::new(1);
        let (keys, other) = (ClinicKeys::make(&mut entropy), ClinicKeys::make(&mut entropy));
        let longest = "n".repeat(NAME_BYTES_MAX);
        for name in ["", "Reception", "Quầy tiếp đón", &longest] {
            let sealed = seal(&keys, &CLINIC, &DEVICE, name, &mut entropy).unwrap();
            assert!(sealed.len() <= 256, "the membership log takes no more");
            assert_eq!(open(&keys, &CLINIC, &DEVICE, &sealed).as_deref(), Ok(name));
            for opened in [
                open(&other, &CLINIC, &DEVICE, &sealed),
                open(&keys, &[9; 16], &DEVICE, &sealed),
                open(&keys, &CLINIC, &[9; 16], &sealed),
            ] {
                assert_eq!(opened, Err(DeviceNameError::NotOpened));
            }
        }
        let long = "n".repeat(NAME_BYTES_MAX + 1);
        let refused = seal(&keys, &CLINIC, &DEVICE, &long, &mut entropy);
        assert_eq!(refused, Err(DeviceNameError::TooLong));
    }

    #[test]
    fn short_names_have_one_length_and_damage_is_told() {
        let mut entropy = FixedEntropy::new(2);
        let keys = ClinicKeys::make(&mut entropy);
        let mut sealed = |name: &str| seal(&keys, &CLINIC, &DEVICE, name, &mut entropy).unwrap();
        assert_eq!(sealed("a").len(), sealed(&"a".repeat(62)).len());
        let sealed = sealed("Reception");
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 0x10;
            assert!(open(&keys, &CLINIC, &DEVICE, &bad).is_err(), "{place}");
            assert!(open(&keys, &CLINIC, &DEVICE, &sealed[..place]).is_err(), "{place}");
        }
        let mut unknown = sealed;
        unknown[4] = 9;
        assert_eq!(open(&keys, &CLINIC, &DEVICE, &unknown), Err(DeviceNameError::NoKey(9)));
        assert_eq!(open(&keys, &CLINIC, &DEVICE, &[2]), Err(DeviceNameError::NewerFormat(2)));
    }
}
