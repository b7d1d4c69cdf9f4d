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
    have::Position,
    ids::{ClinicId, DeviceId, DocTag, EnvelopeId, Salt},
    payload::{DocumentName, Payload},
    session::{Effect, SyncEvent},
    signing::Signer,
    wire::{Principal, PushRequest, Verdict, WrappedKey},
};
use vault::{
    ClinicKeys, DeviceKeys, DocumentKey, Keyslots, KeyslotsFile,
    keyring::NoKeyring,
    random::Entropy,
    seal::{SealContext, prepare},
};

/// The hand of a computer, with which somebody signs in its name.
pub(crate) struct Hand(DeviceKeys);

impl Signer for Hand {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public().sign_key
    }
}

/// The clinic and the device of a station, and its hand. Its program must be closed.
pub(crate) fn hand(station: &Station) -> (ClinicId, DeviceId, Hand) {
    let (keyslots, store) = open(station);
    let keys = store.named("sync/device-keys").unwrap().unwrap();
    let hand = Hand(DeviceKeys::from_bytes(&keys).unwrap());
    (ClinicId(keyslots.clinic()), DeviceId(keyslots.device()), hand)
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
    let document = DocumentName::new("chart", *patient.uuid().as_bytes()).unwrap();
    push(station, server, &Payload::Changes { document, changes: vec![bytes] });
}

/// Pushes a payload, rightly sealed and signed by the station's device. Its program must be
/// closed.
pub(crate) fn push(station: &Station, server: &Server, payload: &Payload) {
    let next = |last: Position| Position { counter: last.counter + 1, id: last.id };
    let (hand, envelope, keys) = seal(station, payload, next);
    let header = envelope.header();
    let mut way = Way::new(server.clone());
    way.identify(header.clinic, Principal::Device(header.device), Arc::new(hand));
    let push = PushRequest { clinic: header.clinic, keys, envelopes: vec![envelope] };
    let Ok(SyncEvent::Pushed(reply)) = way.perform(Effect::SendPush(push)) else { panic!() };
    assert!(matches!(reply.verdicts.as_slice(), [Verdict::Stored { .. }]));
}

/// A payload rightly sealed and signed by the station's device, at a counter where it has sealed
/// something long ago. Its program must be closed.
pub(crate) fn twin(
    station: &Station,
    payload: &Payload,
    counter: u64,
) -> (Envelope, Vec<WrappedKey>) {
    let (_, envelope, keys) = seal(station, payload, |last| {
        assert!(counter < last.counter);
        Position { counter, id: EnvelopeId([9; 32]) }
    });
    (envelope, keys)
}

/// So many keys of a document, rightly wrapped by the station's device. Its program must be closed.
pub(crate) fn make_keys(station: &Station, tag: DocTag, many: usize) -> Vec<WrappedKey> {
    let (keyslots, store) = open(station);
    let clinic_keys = store.named("sync/clinic-keys").unwrap().unwrap();
    let clinic_keys = ClinicKeys::from_bytes(&clinic_keys).unwrap();
    let under = clinic_keys.epoch(1).unwrap();
    let mut entropy = HostEntropy(station);
    let mut make = || {
        let key = DocumentKey::make(1, &mut entropy);
        let wrapped = key.wrap(under, &keyslots.clinic(), &tag.0, &mut entropy);
        WrappedKey { doc_tag: tag, wrapped }
    };
    (0..many).map(|_| make()).collect()
}

/// The id of the first pack that a station holds. Its program must be closed.
pub(crate) fn pack_id(station: &Station) -> [u8; 16] {
    let (keyslots, store) = open(station);
    let clinic_keys = store.named("sync/clinic-keys").unwrap().unwrap();
    let clinic_keys = ClinicKeys::from_bytes(&clinic_keys).unwrap();
    let id = store.envelopes_of_kind(Kind::Pack.code()).unwrap()[0];
    let envelope = Envelope::from_bytes(&store.envelope(&id).unwrap().unwrap().bytes).unwrap();
    let header = envelope.header();
    let (clinic, tag, epoch) = (keyslots.clinic(), header.doc_tag, header.key_epoch);
    let key = &store.named_with_prefix(&format!("sync/key/{tag}/")).unwrap()[0].bytes;
    let under = clinic_keys.epoch(epoch).unwrap();
    let key = DocumentKey::unwrap(key, under, &clinic, &tag.0).unwrap();
    let context = SealContext { clinic, doc_tag: tag.0, epoch, salt: header.salt.0 };
    let plain = vault::seal::open(&key, &context, &header.aad(), envelope.ciphertext(), u32::MAX);
    let Payload::Pack(pack) = Payload::open(header.kind, plain.unwrap().expose()).unwrap() else {
        panic!()
    };
    *pack.id()
}

/// Seals a payload in the lane of the station's last envelope, at a counter and after an id.
fn seal(
    station: &Station,
    payload: &Payload,
    at: impl FnOnce(Position) -> Position,
) -> (Hand, Envelope, Vec<WrappedKey>) {
    let (keyslots, store) = open(station);
    let named = |name: &str| store.named(name).unwrap().unwrap();
    let hand = Hand(DeviceKeys::from_bytes(&named("sync/device-keys")).unwrap());
    let clinic_keys = ClinicKeys::from_bytes(&named("sync/clinic-keys")).unwrap();
    let (clinic, device) = (ClinicId(keyslots.clinic()), DeviceId(keyslots.device()));

    let (word, id) = match payload {
        Payload::Changes { document, .. } | Payload::Abridged { document, .. } => {
            (document.kind(), *document.id())
        }
        Payload::Pack(pack) => ("pack", *pack.id()),
        Payload::Batches(batches) => ("pack", *batches.id()),
        Payload::Notice(_) => ("notice", device.0),
        other => panic!("{other:?}"),
    };
    let tag = DocTag(clinic_keys.doc_tag_key().derive_doc_tag(word, &id));
    let under = clinic_keys.epoch(1).unwrap();
    let kept = store.named_with_prefix(&format!("sync/key/{tag}/")).unwrap();
    let (document_key, keys) = match kept.first() {
        Some(row) => {
            (DocumentKey::unwrap(&row.bytes, under, &clinic.0, &tag.0).unwrap(), Vec::new())
        }
        None => {
            let mut entropy = HostEntropy(station);
            let key = DocumentKey::make(1, &mut entropy);
            let wrapped = key.wrap(under, &clinic.0, &tag.0, &mut entropy);
            (key, vec![WrappedKey { doc_tag: tag, wrapped }])
        }
    };
    let last = store.have(SELF).unwrap().into_iter().rfind(|row| row.device == device.0).unwrap();
    let at = at(Position { counter: last.counter, id: EnvelopeId(last.id) });

    let prepared = prepare(&payload.to_bytes()).unwrap();
    let header = Header {
        clinic,
        kind: payload.kind(),
        doc_tag: tag,
        device,
        generation: last.generation,
        counter: at.counter,
        prev_id: at.id,
        key_epoch: 1,
        salt: Salt([7; 32]),
        padded_len: prepared.padded_len(),
    };
    let context = SealContext { clinic: clinic.0, doc_tag: tag.0, epoch: 1, salt: [7; 32] };
    let ciphertext = prepared.seal(&document_key, &context, &header.aad()).unwrap();
    let envelope = Envelope::sign(header, ciphertext, &hand);
    (hand, envelope, keys)
}

/// Draws from a station's randomness.
struct HostEntropy<'a>(&'a Station);

impl Entropy for HostEntropy<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_random(bytes);
    }
}
