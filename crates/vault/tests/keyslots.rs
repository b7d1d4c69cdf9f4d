//! Keyslots as a host uses them: every way in, every way to fail, and each told by its own name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use vault::keyring::{HangingKeyring, MemoryKeyring, NoKeyring, TimeLimited};
use vault::keyslots::{
    Copies, Created, DecodeError, DeviceBinding, KeyslotsError, KeyslotsFileError, NewKeyslots,
    NewPassword,
};
use vault::random::FixedEntropy;
use vault::stretch::StretchParams;
use vault::{
    DatabaseKey, KeyringError, KeyringPort, Keyslots, KeyslotsFile, RecoveryCode, Sensitive,
};

const PASSWORD: &str = "marrow kettle pine";

fn new_password<'a>(user: &'a str, password: &'a str) -> NewPassword<'a> {
    NewPassword { user, password, params: StretchParams::weak_for_tests() }
}

fn create(keyring: &dyn KeyringPort, binding: DeviceBinding) -> Result<Created, KeyslotsError> {
    let first = new_password("Lan", PASSWORD);
    let new = NewKeyslots { clinic: [1; 16], device: [2; 16], binding, first };
    Keyslots::create(&new, keyring, &mut FixedEntropy::new(1))
}

fn created(keyring: &dyn KeyringPort) -> Created {
    create(keyring, DeviceBinding::Keyring).unwrap()
}

#[test]
fn a_password_with_the_device_secret_opens_key_and_seed() {
    let keyring = MemoryKeyring::default();
    let made = created(&keyring);
    let opened = made.keyslots.unlock("Lan", PASSWORD, &keyring).unwrap();
    assert_eq!(opened.database_key.expose(), made.unlocked.database_key.expose());
    assert_eq!(opened.user_keys.public(), made.unlocked.user_keys.public());
    assert_eq!(opened.database_key.derive_check(), made.keyslots.key_check());
    assert_eq!(opened.user_name, "Lan");
    assert_eq!(made.keyslots.user_names().collect::<Vec<_>>(), ["Lan"]);
    for typed in ["lan", " LAN "] {
        assert!(made.keyslots.unlock(typed, PASSWORD, &keyring).is_ok(), "{typed}");
    }
}

#[test]
fn each_failure_to_unlock_has_its_own_name() {
    let keyring = MemoryKeyring::default();
    let made = created(&keyring);
    let unlock = |user, password| made.keyslots.unlock(user, password, &keyring).unwrap_err();
    assert_eq!(unlock("Lan", "marrow kettle pin"), KeyslotsError::WrongPassword);
    assert_eq!(unlock("Lan", ""), KeyslotsError::WrongPassword);
    assert_eq!(unlock("Minh", PASSWORD), KeyslotsError::UnknownUser);
    assert_eq!(unlock("", PASSWORD), KeyslotsError::BadUserName);
    for failure in [
        KeyringError::Absent,
        KeyringError::Empty,
        KeyringError::Locked,
        KeyringError::TimedOut,
        KeyringError::BadData,
        KeyringError::Failed("no bus".to_owned()),
    ] {
        keyring.fail_with(Some(failure.clone()));
        assert_eq!(unlock("Lan", PASSWORD), KeyslotsError::DeviceSecretMissing(failure));
    }
    keyring.fail_with(None);
    for wrong in [&[7; 32][..], b"short", b""] {
        keyring.overwrite_all(wrong);
        let expected = KeyslotsError::DeviceSecretMissing(KeyringError::BadData);
        assert_eq!(unlock("Lan", PASSWORD), expected);
    }
    keyring.wipe();
    let expected = KeyslotsError::DeviceSecretMissing(KeyringError::Empty);
    assert_eq!(unlock("Lan", PASSWORD), expected);
}

#[test]
fn a_hanging_keyring_is_given_up_and_nothing_is_created() {
    let (hanging, _gate) = HangingKeyring::new();
    let limited = TimeLimited::with_limit(hanging, Duration::from_millis(5));
    let made = created(&MemoryKeyring::default());
    assert_eq!(
        made.keyslots.unlock("Lan", PASSWORD, &limited).unwrap_err(),
        KeyslotsError::DeviceSecretMissing(KeyringError::TimedOut)
    );
    assert_eq!(
        create(&limited, DeviceBinding::Keyring).unwrap_err(),
        KeyslotsError::DeviceSecretNotStored(KeyringError::TimedOut)
    );
}

#[test]
fn a_keyring_that_takes_a_secret_and_loses_it_is_noticed_at_once() {
    struct Forgetful;
    impl KeyringPort for Forgetful {
        fn get(&self, _name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
            Err(KeyringError::Empty)
        }
        fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyringError> {
            Ok(())
        }
        fn delete(&self, _name: &str) -> Result<(), KeyringError> {
            Ok(())
        }
    }
    assert_eq!(
        create(&Forgetful, DeviceBinding::Keyring).unwrap_err(),
        KeyslotsError::DeviceSecretNotStored(KeyringError::Empty)
    );
}

#[test]
fn the_recovery_code_needs_no_keyring_and_brings_the_user_back() {
    let keyring = MemoryKeyring::default();
    let made = created(&keyring);
    let (mut keyslots, code) = (made.keyslots, made.recovery_code);
    let before: BTreeSet<String> = keyring.names().into_iter().collect();
    keyring.wipe();

    let typed = RecoveryCode::parse(&code.to_text().expose().to_lowercase()).unwrap();
    let key = keyslots.unlock_recovery(&typed).unwrap();
    assert_eq!(key.expose(), made.unlocked.database_key.expose());

    let mut entropy = FixedEntropy::new(2);
    let other = RecoveryCode::make(&mut entropy);
    let refused = keyslots.recover(
        &other,
        new_password("Lan", "new pass words here"),
        &keyring,
        &mut entropy,
    );
    assert_eq!(refused.unwrap_err(), KeyslotsError::WrongRecoveryCode);
    assert!(keyring.names().is_empty());

    let new = new_password("lan", "new pass words here");
    let recovered = keyslots.recover(&code, new, &keyring, &mut entropy).unwrap();
    let opened = keyslots.unlock("Lan", "new pass words here", &keyring).unwrap();
    assert_eq!(opened.database_key.expose(), key.expose());
    assert_eq!(opened.user_keys.public(), recovered.user_keys.public());
    assert_ne!(opened.user_keys.public(), made.unlocked.user_keys.public());
    assert!(keyring.names().iter().all(|name| !before.contains(name)), "a fresh entry name");
    let old = keyslots.unlock("Lan", PASSWORD, &keyring);
    assert_eq!(old.unwrap_err(), KeyslotsError::WrongPassword);
}

#[test]
fn recovery_keeps_a_device_secret_that_is_still_there() {
    let keyring = MemoryKeyring::default();
    let mut made = created(&keyring);
    let mut entropy = FixedEntropy::new(2);
    let minh = new_password("Minh", "other words are these");
    made.keyslots.add_user(&made.unlocked.database_key, minh, &keyring, &mut entropy).unwrap();
    let before = keyring.names();
    let new = new_password("Lan", "new pass words here");
    made.keyslots.recover(&made.recovery_code, new, &keyring, &mut entropy).unwrap();
    assert_eq!(keyring.names(), before);
    assert!(made.keyslots.unlock("Minh", minh.password, &keyring).is_ok());
}

#[test]
fn an_admin_who_is_signed_in_can_help_where_the_keyring_lost_its_secret() {
    let keyring = MemoryKeyring::default();
    let mut made = created(&keyring);
    let key = made.unlocked.database_key;
    for lose in [MemoryKeyring::wipe, |keyring: &MemoryKeyring| keyring.overwrite_all(b"other")] {
        lose(&keyring);
        let new = new_password("Lan", "new pass words here");
        let mut entropy = FixedEntropy::new(u64::try_from(keyring.names().len()).unwrap() + 50);
        made.keyslots.reset_password(&key, new, &keyring, &mut entropy).unwrap();
        assert!(made.keyslots.unlock("Lan", new.password, &keyring).is_ok());
        assert_eq!(made.keyslots.binding(), DeviceBinding::Keyring);
    }
}

#[test]
fn recovery_into_a_failing_keyring_changes_nothing() {
    let keyring = MemoryKeyring::default();
    let mut made = created(&keyring);
    let before = made.keyslots.clone();
    keyring.fail_with(Some(KeyringError::Locked));
    let new = new_password("Lan", "new pass words here");
    let refused =
        made.keyslots.recover(&made.recovery_code, new, &keyring, &mut FixedEntropy::new(2));
    assert_eq!(refused.unwrap_err(), KeyslotsError::DeviceSecretMissing(KeyringError::Locked));
    assert_eq!(made.keyslots, before);
    let refused =
        made.keyslots.recover(&made.recovery_code, new, &NoKeyring, &mut FixedEntropy::new(2));
    assert_eq!(refused.unwrap_err(), KeyslotsError::DeviceSecretNotStored(KeyringError::Absent));
    assert_eq!(made.keyslots, before);
    // Without any keyring a host gives the binding up first.
    let mut entropy = FixedEntropy::new(3);
    made.keyslots.rebind(DeviceBinding::PasswordOnly, &NoKeyring, &mut entropy).unwrap();
    made.keyslots.recover(&made.recovery_code, new, &NoKeyring, &mut entropy).unwrap();
    assert!(made.keyslots.unlock("Lan", new.password, &NoKeyring).is_ok());
}

#[test]
fn users_are_added_changed_and_removed() {
    let keyring = MemoryKeyring::default();
    let Created { mut keyslots, unlocked, recovery_code } = created(&keyring);
    let (key, mut entropy) = (unlocked.database_key, FixedEntropy::new(5));
    let minh = new_password("Minh", "other words are these");

    let added = keyslots.add_user(&key, minh, &keyring, &mut entropy).unwrap();
    let again =
        keyslots.add_user(&key, NewPassword { user: "MINH", ..minh }, &keyring, &mut entropy);
    assert_eq!(again.unwrap_err(), KeyslotsError::UserExists);
    let opened = keyslots.unlock("minh", minh.password, &keyring).unwrap();
    assert_eq!(opened.user_keys.public(), added.user_keys.public());
    let crossed = keyslots.unlock("minh", PASSWORD, &keyring);
    assert_eq!(crossed.unwrap_err(), KeyslotsError::WrongPassword);

    let changed = NewPassword { password: "and now for something else", ..minh };
    let wrong = keyslots.change_password("not the old one", changed, &keyring, &mut entropy);
    assert_eq!(wrong.unwrap_err(), KeyslotsError::WrongPassword);
    keyslots.change_password(minh.password, changed, &keyring, &mut entropy).unwrap();
    let opened = keyslots.unlock("Minh", changed.password, &keyring).unwrap();
    assert_eq!(opened.user_keys.public(), added.user_keys.public(), "signing keys stay");
    let old = keyslots.unlock("Minh", minh.password, &keyring);
    assert_eq!(old.unwrap_err(), KeyslotsError::WrongPassword);

    let reset = keyslots.reset_password(&key, minh, &keyring, &mut entropy).unwrap();
    assert_ne!(reset.user_keys.public(), added.user_keys.public(), "signing keys are new");
    let stranger = DatabaseKey::make(&mut entropy);
    let refused = keyslots.reset_password(&stranger, minh, &keyring, &mut entropy);
    assert_eq!(refused.unwrap_err(), KeyslotsError::WrongDatabaseKey);

    keyslots.remove_user("minh").unwrap();
    assert_eq!(keyslots.remove_user("minh"), Err(KeyslotsError::UnknownUser));
    assert_eq!(keyslots.remove_user("lan"), Err(KeyslotsError::LastUser));

    let code = keyslots.replace_recovery_code(&key, &mut entropy).unwrap();
    assert!(keyslots.unlock_recovery(&code).is_ok());
    let old = keyslots.unlock_recovery(&recovery_code);
    assert_eq!(old.unwrap_err(), KeyslotsError::WrongRecoveryCode);
}

#[test]
fn a_host_without_a_keyring_uses_the_password_alone() {
    let made = create(&NoKeyring, DeviceBinding::PasswordOnly).unwrap();
    assert_eq!(made.keyslots.binding(), DeviceBinding::PasswordOnly);
    assert!(made.keyslots.unlock("Lan", PASSWORD, &NoKeyring).is_ok());
    let wrong = made.keyslots.unlock("Lan", "marrow", &NoKeyring);
    assert_eq!(wrong.unwrap_err(), KeyslotsError::WrongPassword);
    let refused = create(&NoKeyring, DeviceBinding::Keyring);
    assert_eq!(refused.unwrap_err(), KeyslotsError::DeviceSecretNotStored(KeyringError::Absent));
}

#[test]
fn a_slot_moved_to_another_clinic_or_device_does_not_open() {
    let keyring = MemoryKeyring::default();
    let made = created(&keyring);
    // Clinic and device stand behind version (1), magic (19) and turn (8).
    for place in [28, 44] {
        let mut bytes = made.keyslots.to_bytes();
        bytes[place] ^= 1;
        let moved = Keyslots::from_bytes(&resummed(bytes)).unwrap();
        let opened = moved.unlock("Lan", PASSWORD, &keyring);
        assert_eq!(opened.unwrap_err(), KeyslotsError::WrongPassword);
        let opened = moved.unlock_recovery(&made.recovery_code);
        assert_eq!(opened.unwrap_err(), KeyslotsError::WrongRecoveryCode);
    }
}

/// Puts the right checksum behind altered contents, as a forger would.
fn resummed(mut bytes: Vec<u8>) -> Vec<u8> {
    use sha2::Digest;
    bytes.truncate(bytes.len() - 32);
    let sum = sha2::Sha256::digest(&bytes);
    bytes.extend(sum);
    bytes
}

#[test]
fn each_flipped_bit_of_a_copy_is_damage_and_no_wrong_password() {
    let bytes = created(&MemoryKeyring::default()).keyslots.to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Keyslots::from_bytes(&bad), Err(DecodeError::Damaged), "bit {bit}");
    }
    for cut in 0..bytes.len() {
        assert_eq!(Keyslots::from_bytes(&bytes[..cut]), Err(DecodeError::Damaged), "cut {cut}");
    }
    let mut newer = bytes;
    newer[0] = 2;
    newer.truncate(60);
    assert_eq!(Keyslots::from_bytes(&newer), Err(DecodeError::NewerFormat(2)));
}

#[test]
fn slots_of_unknown_kinds_are_kept() {
    let keyslots = created(&MemoryKeyring::default()).keyslots;
    let mut bytes = keyslots.to_bytes();
    // The count stands behind version, magic, turn, clinic, device, check and device secret.
    let count_at = 1 + 19 + 8 + 16 + 16 + 16 + 33;
    bytes[count_at + 1] += 1;
    bytes.truncate(bytes.len() - 32);
    bytes.extend([0, 3, 9, 9, 9]);
    bytes.extend([0; 32]);
    let read = Keyslots::from_bytes(&resummed(bytes)).unwrap();
    assert!(read.to_bytes().windows(5).any(|window| window == [0, 3, 9, 9, 9]));
    assert_eq!(Keyslots::from_bytes(&read.to_bytes()), Ok(read));
}

#[test]
fn stretching_beyond_all_measure_is_damage() {
    let bytes = created(&MemoryKeyring::default()).keyslots.to_bytes();
    let memory_at = bytes.windows(3).position(|window| window == b"Lan").unwrap() + 3;
    let mut greedy = bytes;
    greedy[memory_at] = 0xff;
    assert_eq!(Keyslots::from_bytes(&resummed(greedy)), Err(DecodeError::Damaged));
}

/// A store's folder with both copies written.
struct Store {
    folder: tempfile::TempDir,
    file: KeyslotsFile,
    keyslots: Keyslots,
}

fn store() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let file = KeyslotsFile::at(folder.path());
    let mut keyslots = created(&MemoryKeyring::default()).keyslots;
    file.create(&mut keyslots, &[]).unwrap();
    Store { folder, file, keyslots }
}

fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

#[test]
fn what_is_written_is_read() {
    let Store { folder, file, keyslots } = store();
    let loaded = file.read().unwrap();
    assert_eq!(loaded.keyslots, keyslots);
    assert!(matches!(loaded.copies, Copies::Whole));
    let names: BTreeSet<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, BTreeSet::from(["keyslots.a".into(), "keyslots.b".into()]));
    #[cfg(unix)]
    for path in file.paths() {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn one_bad_copy_is_healed_whichever_it_is() {
    type Harm = fn(&Path);
    let harms: [Harm; 4] = [
        |path| fs::remove_file(path).unwrap(),
        |path| flip(path, 0),
        |path| flip(path, 200),
        |path| fs::write(path, b"").unwrap(),
    ];
    for harm in harms {
        for place in 0..2 {
            let Store { folder: _folder, file, keyslots } = store();
            harm(&file.paths()[place]);
            let loaded = file.read().unwrap();
            assert_eq!(loaded.keyslots, keyslots);
            assert!(matches!(loaded.copies, Copies::Healed), "{:?}", loaded.copies);
            assert!(matches!(file.read().unwrap().copies, Copies::Whole));
        }
    }
}

#[test]
fn two_bad_copies_are_damage_and_stay_as_they_are() {
    let Store { folder: _folder, file, .. } = store();
    let paths = file.paths();
    flip(&paths[0], 100);
    flip(&paths[1], 300);
    let before = paths.each_ref().map(|path| fs::read(path).unwrap());
    assert!(matches!(file.read(), Err(KeyslotsFileError::DamagedSlots)));
    assert_eq!(paths.each_ref().map(|path| fs::read(path).unwrap()), before);
    fs::remove_file(&paths[0]).unwrap();
    assert!(matches!(file.read(), Err(KeyslotsFileError::DamagedSlots)));
    fs::remove_file(&paths[1]).unwrap();
    assert!(matches!(file.read(), Err(KeyslotsFileError::Absent)));
}

#[test]
fn a_crash_between_the_copies_leaves_the_newer_one() {
    for older in 0..2 {
        let Store { folder: _folder, file, mut keyslots } = store();
        let path = &file.paths()[older];
        let before = fs::read(path).unwrap();
        let minh = new_password("Minh", "other words are these");
        let made = created(&MemoryKeyring::default());
        keyslots
            .rebind(DeviceBinding::PasswordOnly, &NoKeyring, &mut FixedEntropy::new(1))
            .unwrap();
        let key = made.unlocked.database_key;
        keyslots.add_user(&key, minh, &NoKeyring, &mut FixedEntropy::new(9)).unwrap();
        file.write(&mut keyslots).unwrap();
        fs::write(path, before).unwrap();
        let loaded = file.read().unwrap();
        assert_eq!(loaded.keyslots.user_names().count(), 2);
        assert!(matches!(loaded.copies, Copies::Healed));
    }
}

#[test]
fn what_a_cut_write_left_beside_is_written_over() {
    let Store { folder, file, mut keyslots } = store();
    let beside = folder.path().join("keyslots.a.new");
    fs::write(&beside, b"half a cop").unwrap();
    assert!(matches!(file.read().unwrap().copies, Copies::Whole));
    file.write(&mut keyslots).unwrap();
    assert!(!beside.exists());
    assert_eq!(file.read().unwrap().keyslots, keyslots);
}

#[test]
fn nothing_is_created_over_anything() {
    for (name, contents) in
        [("keyslots.a", &b""[..]), ("keyslots.b", b"rubbish"), ("chart.db", b"a database")]
    {
        let folder = tempfile::tempdir().unwrap();
        let existing = folder.path().join(name);
        fs::write(&existing, contents).unwrap();
        let file = KeyslotsFile::at(folder.path());
        let mut keyslots = created(&MemoryKeyring::default()).keyslots;
        let database = folder.path().join("chart.db");
        let refused = file.create(&mut keyslots, &[&database]);
        assert!(
            matches!(&refused, Err(KeyslotsFileError::AlreadyExists(path)) if *path == existing),
            "{refused:?}"
        );
        assert_eq!(fs::read(&existing).unwrap(), contents);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_newer_format_is_refused_and_not_healed_over() {
    let Store { folder: _folder, file, .. } = store();
    let path = &file.paths()[0];
    let newer = [&[2], &b"fieldchart keyslots"[..], b"whatever version 2 holds"].concat();
    fs::write(path, &newer).unwrap();
    assert!(matches!(file.read(), Err(KeyslotsFileError::NewerFormat(2))));
    assert_eq!(fs::read(path).unwrap(), newer);
}

#[test]
fn a_folder_that_is_not_there_is_an_error_of_the_file_system() {
    let folder = tempfile::tempdir().unwrap();
    let file = KeyslotsFile::at(folder.path().join("nowhere"));
    let mut keyslots = created(&MemoryKeyring::default()).keyslots;
    let refused = file.create(&mut keyslots, &[]).unwrap_err();
    assert!(matches!(refused, KeyslotsFileError::Io { step: "writing", .. }), "{refused:?}");
    assert!(matches!(file.read(), Err(KeyslotsFileError::Absent)));
}

#[test]
fn the_ways_not_to_get_in_have_different_messages() {
    let messages: BTreeSet<String> = [
        KeyslotsError::WrongPassword.to_string(),
        KeyslotsError::WrongRecoveryCode.to_string(),
        KeyslotsError::UnknownUser.to_string(),
        KeyslotsError::DeviceSecretMissing(KeyringError::Absent).to_string(),
        KeyslotsError::DeviceSecretMissing(KeyringError::Empty).to_string(),
        KeyslotsError::DeviceSecretMissing(KeyringError::Locked).to_string(),
        KeyslotsError::DeviceSecretMissing(KeyringError::TimedOut).to_string(),
        KeyslotsError::DeviceSecretMissing(KeyringError::BadData).to_string(),
        KeyslotsFileError::DamagedSlots.to_string(),
        KeyslotsFileError::NewerFormat(2).to_string(),
        KeyslotsFileError::Absent.to_string(),
    ]
    .into();
    assert_eq!(messages.len(), 11, "{messages:#?}");
}
