//! Class 11. Programs of several versions share a clinic for months: what a newer one sealed is kept
//! as it came, told, and holds nothing up; a newer server is told as that.

use std::sync::Arc;

use api::{ListQuarantine, QuarantineAwaits, SyncPhase};
use app::Host as _;
use clinical::PatientId;
use store::{SELF, Store, StoreKeys};
use sync::{
    address::ServerAddress,
    codec::Canonical as _,
    envelope::{Envelope, Header, Kind},
    ids::{ClinicId, DeviceId, DocTag, EnvelopeId, Salt},
    payload::{DocumentName, PAYLOAD_VERSION, Payload},
    session::{Effect, SyncEvent},
    wire::{FRAME_VERSION, Principal, PushRequest, Verdict, path},
};
use tests::{computer::PASSWORD, scene::Scene};
use vault::{
    ClinicKeys, DeviceKeys, DocumentKey, KeyslotsFile,
    keyring::NoKeyring,
    seal::{SealContext, prepare},
};

use crate::{
    bad_server::{Liar, Met},
    hand::Hand,
    station::Station,
};

/// Sends, from the station's store and as its device, what a program of the next version seals. Its
/// own program must be closed.
fn push_of_next_version(station: &Station, address: &str, patient: PatientId) {
    let keyslots = KeyslotsFile::at(station.folder()).read().unwrap().keyslots;
    let key = keyslots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
    let keys = StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose());
    let store = Store::open(station.folder(), keys).unwrap();
    let named = |name: &str| store.named(name).unwrap().unwrap();
    let hand = Arc::new(Hand(DeviceKeys::from_bytes(&named("sync/device-keys")).unwrap()));
    let clinic_keys = ClinicKeys::from_bytes(&named("sync/clinic-keys")).unwrap();
    let (clinic, device) = (ClinicId(keyslots.clinic()), DeviceId(keyslots.device()));
    let id = *patient.uuid().as_bytes();
    let tag = DocTag(clinic_keys.doc_tag_key().derive_doc_tag("chart", &id));
    let wrapped = store.named_with_prefix(&format!("sync/key/{tag}/")).unwrap().remove(0).bytes;
    let under = clinic_keys.epoch(1).unwrap();
    let document_key = DocumentKey::unwrap(&wrapped, under, &clinic.0, &tag.0).unwrap();
    let last = store.have(SELF).unwrap().into_iter().rfind(|row| row.device == device.0).unwrap();

    let document = DocumentName::new("chart", id).unwrap();
    let mut payload =
        Payload::Changes { document, changes: vec![b"of tomorrow".to_vec()] }.to_bytes();
    payload[0] = PAYLOAD_VERSION + 1;
    let prepared = prepare(&payload).unwrap();
    let header = Header {
        clinic,
        kind: Kind::Change,
        doc_tag: tag,
        device,
        generation: last.generation,
        counter: last.counter + 1,
        prev_id: EnvelopeId(last.id),
        key_epoch: 1,
        salt: Salt([7; 32]),
        padded_len: prepared.padded_len(),
    };
    let context = SealContext { clinic: clinic.0, doc_tag: tag.0, epoch: 1, salt: [7; 32] };
    let ciphertext = prepared.seal(&document_key, &context, &header.aad()).unwrap();
    let envelope = Envelope::sign(header, ciphertext, hand.as_ref());

    let address: ServerAddress = address.parse().unwrap();
    let computer = host::Computer::new(station.folder().to_owned(), Box::new(|_| {}));
    let mut carrier = computer.connect(&address.url(), address.pin()).unwrap();
    carrier.identify(clinic, Principal::Device(device), hand);
    let push = PushRequest { clinic, keys: Vec::new(), envelopes: vec![envelope] };
    let Ok(SyncEvent::Pushed(reply)) = carrier.perform(Effect::SendPush(push)) else { panic!() };
    assert!(matches!(reply.verdicts.as_slice(), [Verdict::Stored { .. }]), "{reply:?}");
}

#[test]
fn what_a_newer_program_sealed_waits_and_holds_nothing_up() {
    let scene = Scene::new("class-versions");
    let server = scene.server();
    let [mut a, b] = Station::two(&scene, server.address());
    let patient = a.register("Okello");
    a.allergy(patient, "latex");
    a.synced();
    a.close();
    push_of_next_version(&a, server.address(), patient);
    a.open();
    a.allergy(patient, "penicillin");
    for on in [&a, &b, &a] {
        let view = on.sync();
        assert_eq!((&view.phase, view.to_send, view.quarantined), (&SyncPhase::Idle, 0, 1));
    }
    for on in [&a, &b] {
        assert_eq!(on.substances(patient), ["latex", "penicillin"].map(str::to_owned).into());
        let [aside] = on.call(ListQuarantine { limit: 9 }).items.try_into().expect("one");
        assert_eq!(aside.awaits, QuarantineAwaits::Update, "{aside:?}");
        on.must_be_sound();
    }
}

/// Everything works on, goes out later, and no alarm accuses the server.
#[test]
fn a_newer_server_is_told_as_newer_and_accused_of_nothing() {
    let met = Met::new("class-newer-server");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n", path::CONTENT_TYPE);
    let reply =
        [head.as_bytes(), b"content-length: 3\r\n\r\n", &[FRAME_VERSION + 1, 8, 0]].concat();
    let newer = Liar::trusted(&met.scene.folder().join("server"), reply);
    assert_eq!(met.fails(&newer.url(&met.pin)), "newer-peer");
    let view = met.computer.json(&["sync", "--status"]);
    assert_eq!(view["alarms"], serde_json::json!([]), "{view}");
    let told = met.computer.run(&["sync", "--server", &newer.url(&met.pin)]);
    assert!(told.err.contains("newer version"), "{told:?}");
    met.goes_on();
}
