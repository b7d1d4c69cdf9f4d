//! A computer of the clinic that seals what no program of ours would.

use super::{
    Station,
    server::{Server, Way},
};
use crate::support::PASSWORD;
use app::Host as _;
use clinical::PatientId;
use std::sync::Arc;
use store::{SELF, Store, StoreKeys};
use sync::{
    carrier::Carrier as _,
    codec::Canonical as _,
    envelope::{Envelope, Header, Kind},
    ids::{ClinicId, DeviceId, DocTag, EnvelopeId, Salt},
    payload::{DocumentName, Payload},
    session::{Effect, SyncEvent},
    signing::Signer,
    wire::{Principal, PushRequest, Verdict},
};
use vault::{
    ClinicKeys, DeviceKeys, DocumentKey, Keyslots, KeyslotsFile,
    keyring::NoKeyring,
    seal::{SealContext, prepare},
};

struct Hand(DeviceKeys);

impl Signer for Hand {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public().sign_key
    }
}

/// Opens a station's store. Its program must be closed.
pub(crate) fn open(station: &Station) -> (Keyslots, Store) {
    let keyslots = KeyslotsFile::at(station.directory()).read().unwrap().keyslots;
    let key = keyslots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
    let keys = StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose());
    let store = Store::open(station.directory(), keys).unwrap();
    (keyslots, store)
}

/// Pushes bytes as a change of a chart, rightly sealed and signed by the station's device. Its
/// program must be closed.
pub(crate) fn push_change(station: &Station, server: &Server, patient: PatientId, bytes: Vec<u8>) {
    let (keyslots, store) = open(station);
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
    let payload = Payload::Changes { document, changes: vec![bytes] };
    let prepared = prepare(&payload.to_bytes()).unwrap();
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

    let mut way = Way::new(server.clone());
    way.identify(clinic, Principal::Device(device), hand);
    let push = PushRequest { clinic, keys: Vec::new(), envelopes: vec![envelope] };
    let Ok(SyncEvent::Pushed(reply)) = way.perform(Effect::SendPush(push)) else { panic!() };
    assert!(matches!(reply.verdicts.as_slice(), [Verdict::Stored { .. }]));
}
