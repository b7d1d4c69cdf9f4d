//! Every sealed form, as it was first written, is readable for ever.
//!
//! A file under `tests/golden` is never written again: a form that changes gets a new version
//! byte, a new file, and the old file stays. `FIELDCHART_NEW_GOLDEN=1` writes files that are
//! missing, and only those.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use std::fs;
use std::path::Path;

use vault::card::Card;
use vault::enrolment::{EnrolmentCode, InviteSecret};
use vault::invitation::Invitation;
use vault::keyring::MemoryKeyring;
use vault::keyslots::{DeviceBinding, NewKeyslots, NewPassword};
use vault::random::{Entropy, FixedEntropy};
use vault::recovery_kit::{KitCode, KitContent};
use vault::room_code::RoomCode;
use vault::sas;
use vault::seal::{self, SealContext};
use vault::stretch::StretchParams;
use vault::{
    ClinicKeys, DatabaseKey, DeviceKeys, DocTagKey, DocumentKey, EpochKey, KeyringPort, Keyslots,
    RecoveryCode, Sensitive, UserKeys, device_name, given, hpke_box, user_keys,
};

const CLINIC: [u8; 16] = [0xc1; 16];
const DOC_TAG: [u8; 32] = [0xd0; 32];
const KIT_CODE: &str = "Y7RZ-3WFH-Y7RZ-3WFH-Y7RZ-3WFH-Y7RZ-3WFH-81";

/// Reads a golden file; where it is missing and new ones are asked for, writes `made` first.
fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("FIELDCHART_NEW_GOLDEN").is_some() {
        fs::write(&path, to_hex(made)).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    from_hex(&text)
}

fn to_hex(bytes: &[u8]) -> String {
    let line = |chunk: &[u8]| chunk.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    bytes.chunks(48).map(|chunk| line(chunk) + "\n").collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|sign| sign.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn secret<const N: usize>(byte: u8) -> Sensitive<[u8; N]> {
    Sensitive::new([byte; N])
}

/// Keys fixed for ever, whatever becomes of the test entropy.
fn device_keys() -> DeviceKeys {
    DeviceKeys::from_bytes(&[&[1][..], &[0x11; 32], &[0x22; 32]].concat()).unwrap()
}

fn clinic_keys() -> ClinicKeys {
    let bytes = [
        &[1][..],
        &[0x33; 32],
        &2_u32.to_be_bytes(),
        &1_u32.to_be_bytes(),
        &[0x44; 32],
        &2_u32.to_be_bytes(),
        &[0x55; 32],
    ]
    .concat();
    ClinicKeys::from_bytes(&bytes).unwrap()
}

fn entropy() -> FixedEntropy {
    FixedEntropy::new(2026)
}

#[test]
fn device_keys_v1() {
    let bytes = golden("device_keys_v1.hex", device_keys().to_bytes().expose());
    let read = DeviceKeys::from_bytes(&bytes).unwrap();
    assert_eq!(read.public(), device_keys().public());
}

#[test]
fn signature_v1() {
    let made = device_keys().sign(b"fieldchart golden");
    let signature = golden("signature_v1.hex", &made);
    assert_eq!(signature, made, "Ed25519 is deterministic");
    let signature = signature.try_into().unwrap();
    let sign_key = device_keys().public().sign_key;
    assert!(user_keys::verify(&sign_key, b"fieldchart golden", &signature));
}

#[test]
fn hpke_box_v1() {
    let hpke_key = device_keys().public().hpke_key;
    let made = hpke_box::seal_to(&hpke_key, b"golden", b"for one device", &mut entropy()).unwrap();
    let sealed = golden("hpke_box_v1.hex", &made);
    assert_eq!(device_keys().open(b"golden", &sealed).unwrap().expose(), b"for one device");
}

#[test]
fn recovery_kit_v1() {
    let code = KitCode::parse(KIT_CODE).unwrap();
    let content = KitContent {
        clinic_name: "Lakeside".to_owned(),
        founding_key: [0x66; 32],
        clinic_keys: clinic_keys(),
        people: Sensitive::new(b"people".to_vec()),
    };
    let made = code.seal(&CLINIC, &content, &mut entropy()).unwrap();
    let opened = code.open(&CLINIC, &golden("recovery_kit_v1.hex", &made)).unwrap();
    assert_eq!(opened.clinic_keys.to_bytes().expose(), clinic_keys().to_bytes().expose());
    assert_eq!((opened.clinic_name.as_str(), opened.founding_key), ("Lakeside", [0x66; 32]));
    assert_eq!(opened.people.expose(), b"people");
    // What the list of computers has of it.
    let public = code.derive_keys().public();
    let stands = [&code.derive_id()[..], &public.sign_key, &public.hpke_key].concat();
    assert_eq!(golden("recovery_kit_keys_v1.hex", &stands), stands);
}

#[test]
fn room_code_v1() {
    let text = golden("room_code_v1.hex", RoomCode::make(&mut entropy()).to_string().as_bytes());
    let read = RoomCode::parse(std::str::from_utf8(&text).unwrap()).unwrap();
    let id = read.derive_room_id();
    assert_eq!(golden("room_id_v1.hex", &id), id);
}

#[test]
fn sas_v1() {
    let joiner = sas::Joiner::make([0x10; 32], &mut entropy());
    let admitter = sas::Admitter::make([0x10; 32], &mut FixedEntropy::new(2027));
    let (committed, joiner_key) = (joiner.commitment(), joiner.public());
    let messages = [
        sas::Message::Commitment(committed),
        sas::Message::Key(admitter.public()),
        sas::Message::Key(joiner_key),
        sas::Message::Differs,
    ];
    for (name, message) in ["commitment", "admitter", "joiner", "differs"].iter().zip(&messages) {
        let bytes = golden(&format!("sas_{name}_v1.hex"), &message.to_bytes());
        assert_eq!(sas::Message::from_bytes(&bytes).as_ref(), Ok(message), "{name}");
    }
    let (there, here) =
        (joiner.meet(admitter.public()), admitter.meet(&committed, joiner_key).unwrap());
    let number = golden("sas_number_v1.hex", here.number().to_string().as_bytes());
    assert_eq!(number, there.number().to_string().as_bytes());
    let made = sas::Message::Sealed(here.seal(b"golden", &mut entropy()).unwrap());
    let sealed = sas::Message::from_bytes(&golden("sas_sealed_v1.hex", &made.to_bytes()));
    let Ok(sas::Message::Sealed(sealed)) = sealed else { panic!("{sealed:?}") };
    assert_eq!(there.open(&sealed).unwrap().expose(), b"golden");
}

#[test]
fn epoch_key_v1() {
    let hpke_key = device_keys().public().hpke_key;
    let key = EpochKey::from_bytes(secret(0x66));
    let made = key.seal_to(&hpke_key, &CLINIC, 7, &mut entropy()).unwrap();
    let sealed = golden("epoch_key_v1.hex", &made);
    let opened = EpochKey::open(&device_keys(), &CLINIC, 7, &sealed).unwrap();
    assert_eq!(opened.expose(), &[0x66; 32]);
}

#[test]
fn clinic_keys_v1() {
    let bytes = golden("clinic_keys_v1.hex", clinic_keys().to_bytes().expose());
    let read = ClinicKeys::from_bytes(&bytes).unwrap();
    assert_eq!(read.doc_tag_key().expose(), &[0x33; 32]);
    let (epoch, key) = read.current().unwrap();
    assert_eq!((epoch, key.expose()), (2, &[0x55; 32]));
}

#[test]
fn doc_tag_v1() {
    let made = DocTagKey::from_bytes(secret(0x33)).derive_doc_tag("chart", &[0x77; 16]);
    assert_eq!(golden("doc_tag_v1.hex", &made), made);
}

#[test]
fn epoch_commitment_v1() {
    let made = EpochKey::from_bytes(secret(0x66)).derive_commitment(&CLINIC, 7);
    assert_eq!(golden("epoch_commitment_v1.hex", &made), made);
}

#[test]
fn device_name_v1() {
    let keys = clinic_keys();
    let made = device_name::seal(&keys, &CLINIC, &[0xde; 16], "Quầy tiếp đón", &mut entropy());
    let sealed = golden("device_name_v1.hex", &made.unwrap());
    let opened = device_name::open(&keys, &CLINIC, &[0xde; 16], &sealed);
    assert_eq!(opened.as_deref(), Ok("Quầy tiếp đón"));
}

#[test]
fn wrapped_document_key_v1() {
    let under = EpochKey::from_bytes(secret(0x66));
    let key = DocumentKey::from_bytes(7, secret(0x88));
    let made = key.wrap(&under, &CLINIC, &DOC_TAG, &mut entropy());
    let wrapped = golden("wrapped_document_key_v1.hex", &made);
    let opened = DocumentKey::unwrap(&wrapped, &under, &CLINIC, &DOC_TAG).unwrap();
    assert_eq!(opened.expose(), &[0x88; 32]);
}

#[test]
fn wrapped_document_key_v2() {
    let under = EpochKey::from_bytes(secret(0x66));
    let key = DocumentKey::from_bytes(7, secret(0x88));
    let made = key.wrap_later((9, &under), &CLINIC, &DOC_TAG);
    let wrapped = golden("wrapped_document_key_v2.hex", &made);
    let opened = DocumentKey::unwrap(&wrapped, &under, &CLINIC, &DOC_TAG).unwrap();
    assert_eq!((opened.epoch(), opened.expose()), (7, &[0x88; 32]));
}

#[test]
fn envelope_bodies() {
    let key = DocumentKey::from_bytes(7, secret(0x88));
    let context = SealContext { clinic: CLINIC, doc_tag: DOC_TAG, epoch: 7, salt: [0x99; 32] };
    let mut noise = vec![0; 100];
    entropy().fill(&mut noise);
    let words = b"amoxicillin 500 mg, three times daily. ".repeat(20);
    // Noise is stored, words are compressed: one golden for each method.
    for (name, plaintext, prepared) in [
        ("envelope_body_stored_v1.hex", noise.clone(), seal::prepare(&noise)),
        (
            "envelope_body_zstd_v1.hex",
            words.clone(),
            seal::prepare_dense(&words, seal::Effort::Utmost),
        ),
        ("envelope_body_changes_1_v1.hex", words.clone(), seal::prepare(&words)),
    ] {
        let made = prepared.unwrap().seal(&key, &context, b"golden header").unwrap();
        let sealed = golden(name, &made);
        let opened = seal::open(&key, &context, b"golden header", &sealed, 4096).unwrap();
        assert_eq!(*opened.expose(), plaintext, "{name}");
    }
}

#[test]
fn invitation_v1() {
    let invite = InviteSecret::from_bytes(secret(0xaa));
    let contents = Invitation {
        clinic: CLINIC,
        clinic_name: "Phòng khám Hoa Sen".to_owned(),
        founding_key: [0xbb; 32],
        user: [0xcc; 16],
        user_name: "lan".to_owned(),
        invite_keys: UserKeys::from_seed(&secret(0xdd)),
        clinic_keys: clinic_keys(),
        extra: Sensitive::new(b"extra".to_vec()),
    };
    let made = invite.seal(contents.to_bytes().unwrap().expose(), &mut entropy());
    let sealed = golden("invitation_v1.hex", &made);
    let opened = Invitation::from_bytes(invite.open(&sealed).unwrap().expose()).unwrap();
    assert_eq!(opened.clinic_name, contents.clinic_name);
    assert_eq!(opened.invite_keys.public(), contents.invite_keys.public());
    assert_eq!(opened.clinic_keys.epochs().count(), 2);
    assert_eq!(opened.extra.expose(), b"extra");
    let id = invite.derive_invite_id();
    assert_eq!(golden("invite_id_v1.hex", &id), id);
}

#[test]
fn enrolment_code_v1() {
    let invite = InviteSecret::from_bytes(secret(0xaa));
    let code = EnrolmentCode::new("https://sync.example:8443", [0xee; 32], invite).unwrap();
    let text = golden("enrolment_code_v1.hex", code.to_text().expose().as_bytes());
    let read = EnrolmentCode::parse(std::str::from_utf8(&text).unwrap()).unwrap();
    assert_eq!(read.server_url, "https://sync.example:8443");
    assert_eq!(read.spki_pin, [0xee; 32]);
    assert_eq!(read.secret.expose(), &[0xaa; 16]);
}

#[test]
fn keys_derived_from_the_database_key_v1() {
    let key = DatabaseKey::from_bytes(secret(0x0f));
    let (anchor, check) = (key.derive_anchor_key(), key.derive_check());
    assert_eq!(golden("anchor_key_v1.hex", anchor.expose()), anchor.expose());
    assert_eq!(golden("key_check_v1.hex", &check), check);
}

#[test]
fn keyslots_v1() {
    let keyring = MemoryKeyring::default();
    let params = StretchParams::weak_for_tests();
    let first = NewPassword { user: "Lan", password: "marrow kettle pine", params };
    let binding = DeviceBinding::Keyring;
    let new = NewKeyslots { clinic: CLINIC, device: [0xde; 16], binding, first };
    let made = Keyslots::create(&new, &keyring, &mut entropy()).unwrap();
    let secret_name = keyring.names()[0].clone();
    let device_secret = keyring.get(&secret_name).unwrap();
    let bytes = golden("keyslots_v1.hex", &made.keyslots.to_bytes());
    let code = golden("keyslots_v1_recovery.hex", made.recovery_code.to_text().expose().as_bytes());
    let kept = golden("keyslots_v1_secret.hex", device_secret.expose());
    let name = golden("keyslots_v1_secret_name.hex", secret_name.as_bytes());

    let keyring = MemoryKeyring::default();
    keyring.set(std::str::from_utf8(&name).unwrap(), &kept).unwrap();
    let keyslots = Keyslots::from_bytes(&bytes).unwrap();
    let opened = keyslots.unlock("Lan", "marrow kettle pine", &keyring).unwrap();
    assert_eq!(opened.database_key.derive_check(), keyslots.key_check());
    let code = RecoveryCode::parse(std::str::from_utf8(&code).unwrap()).unwrap();
    let recovered = keyslots.unlock_recovery(&code).unwrap();
    assert_eq!(recovered.expose(), opened.database_key.expose());
}

#[test]
fn keyslots_standard_strength_v1() {
    // One slot with the parameters users get, password alone.
    let first =
        NewPassword { user: "Lan", password: "marrow kettle pine", params: StretchParams::FLOOR };
    let binding = DeviceBinding::PasswordOnly;
    let new = NewKeyslots { clinic: CLINIC, device: [0xde; 16], binding, first };
    let made = Keyslots::create(&new, &vault::keyring::NoKeyring, &mut entropy()).unwrap();
    let bytes = golden("keyslots_password_only_v1.hex", &made.keyslots.to_bytes());
    let keyslots = Keyslots::from_bytes(&bytes).unwrap();
    let opened = keyslots.unlock("lan", "marrow kettle pine", &vault::keyring::NoKeyring).unwrap();
    assert_eq!(opened.params, StretchParams::FLOOR);
    assert_eq!(opened.database_key.derive_check(), keyslots.key_check());
}

#[test]
fn card_and_what_is_given_by_it_v1() {
    let made = Card::derive(&clinic_keys(), &CLINIC, "Lira Clinic").unwrap();
    let card = Card::from_bytes(&golden("card_v1.hex", &made.to_bytes())).unwrap();
    assert_eq!(card, made);
    let number =
        String::from_utf8(golden("card_number_v1.hex", made.number().to_string().as_bytes()));
    assert_eq!(card.number().to_string(), number.unwrap());
    // From the clinic of these keys to another of the same keys.
    let other = Card::derive(&clinic_keys(), &[0xc2; 16], "Gulu").unwrap();
    let file = given::give(&clinic_keys(), &other, &card, b"a chart", &mut entropy()).unwrap();
    let opened =
        given::open(&clinic_keys(), &card, &golden("given_v1.hex", &file), 1 << 20).unwrap();
    assert_eq!((opened.from, opened.content.expose().as_slice()), (other, &b"a chart"[..]));
}
