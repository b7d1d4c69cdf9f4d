//! Sealing: what leaves a disk is the same for ever.

use sha2::{Digest as _, Sha256};
use sync::checkpoint::Told;
use sync::codec::Canonical as _;
use sync::cursor::Cursor;
use sync::envelope::{Envelope, Header};
use sync::fixtures::{clinic, key, wrapped_key};
use sync::have::Lane;
use sync::ids::{DocTag, Salt};
use sync::payload::{Batch, Batches, DocumentName, Payload};
use sync::replica::Replica;
use sync::session::{Limit, Outgoing};

use super::{Disk, Edit, edits_in};

impl Disk {
    pub(crate) fn edit(&mut self, edit: Edit) {
        self.edits.insert(edit);
        self.outbox.push(edit);
    }

    /// The newest epoch this device has the key of, with a key of the document under it.
    fn epoch_for(&mut self, tag: DocTag) -> u32 {
        let epoch = *self.epochs.last().unwrap();
        if !self.keys.iter().any(|key| key.doc_tag == tag && key.epoch() == Some(epoch)) {
            self.keys.insert(wrapped_key(tag, epoch, self.number.into()));
        }
        epoch
    }

    /// Seals edits in batches of up to three of one document; of many documents now and then together.
    pub(crate) fn seal(&mut self, generation: u32, limit: Limit) -> Outgoing {
        let mut replica = self.local().replica;
        replica.open(generation);
        replica.meet();
        let mut sealed = Vec::new();
        while sealed.len() < limit.envelopes.min(4) && !self.outbox.is_empty() {
            let some = self.outbox.len().min(TOGETHER_MAX);
            if self.outbox[0].is_multiple_of(3) && some > 1 {
                let edits: Vec<_> = self.outbox.drain(..some).collect();
                sealed.push(self.seal_one(&mut replica, PACKS, &together(self.number, &edits)));
                continue;
            }
            let tag = tag_of(self.outbox[0]);
            let same = self.outbox.iter().take_while(|e| tag_of(**e) == tag).count().min(3);
            let batch: Vec<_> = self.outbox.drain(..same).collect();
            sealed.push(self.seal_one(&mut replica, tag, &payload(&batch)));
        }
        self.with_keys(sealed)
    }

    /// Seals a checkpoint beside what was sealed.
    pub(crate) fn tell(&mut self, generation: u32, cursor: Cursor, now_ms: i64) -> Envelope {
        let mut replica = self.local().replica;
        replica.open(generation);
        replica.meet();
        self.told = Some(Told::tell(cursor, now_ms));
        self.seal_one(&mut replica, CHECKPOINTS, &Payload::Checkpoint(cursor))
    }

    pub(super) fn seal_one(
        &mut self,
        replica: &mut Replica,
        doc_tag: DocTag,
        payload: &Payload,
    ) -> Envelope {
        let stamp = replica.stamp().unwrap();
        let plain = payload.to_bytes();
        let header = Header {
            clinic: clinic(1),
            kind: payload.kind(),
            doc_tag,
            device: stamp.device,
            generation: stamp.generation,
            counter: stamp.counter,
            prev_id: stamp.prev_id,
            key_epoch: self.epoch_for(doc_tag),
            salt: Salt(Sha256::digest(&plain).into()),
            padded_len: plain.len() as u32,
        };
        let ciphertext = [&plain[..], &tag_bytes(&header, &plain)].concat();
        let envelope = Envelope::sign(header, ciphertext, &key(self.number));
        replica.sealed(stamp.generation, envelope.position());
        self.hold(&envelope);
        envelope
    }

    /// Seals what waits without having met anyone: in a generation of its own.
    pub(crate) fn seal_for_a_file(&mut self, random: u64) {
        let generation = Lane::unmet_generation(random as u32);
        let limit = Limit { envelopes: usize::MAX, bytes: usize::MAX };
        while !self.seal(generation, limit).envelopes.is_empty() {}
    }

    /// Puts the edits of own envelopes back to be sealed.
    pub(crate) fn reseal(&mut self, lane: Lane, from: u64) {
        let envelopes = self.envelopes[&lane].range(from..).flat_map(|(_, twins)| twins);
        let edits: Vec<_> = envelopes.flat_map(edits_in).collect();
        self.outbox.splice(0..0, edits);
    }
}

/// So many edits are sealed together.
pub(crate) const TOGETHER_MAX: usize = 6;

/// The document tag of every checkpoint.
const CHECKPOINTS: DocTag = DocTag([9; 32]);
/// Those of every pack, and of what is said of floors.
pub(super) const PACKS: DocTag = DocTag([8; 32]);
pub(super) const FLOORS: DocTag = DocTag([7; 32]);

fn tag_of(edit: Edit) -> DocTag {
    DocTag([(edit % 5) as u8; 32])
}

fn payload(edits: &[Edit]) -> Payload {
    let changes = edits.iter().map(|edit| edit.to_be_bytes().to_vec()).collect();
    Payload::Changes { document: document_of(edits[0]), changes }
}

/// Edits of any documents, each a batch.
fn together(number: u8, edits: &[Edit]) -> Payload {
    let batch = |edit: &Edit| Batch {
        document: document_of(*edit),
        changes: vec![edit.to_be_bytes().to_vec()],
    };
    Payload::Batches(Batches::new([number; 16], edits.iter().map(batch).collect()).unwrap())
}

fn document_of(edit: Edit) -> DocumentName {
    DocumentName::new("chart", [(edit % 5) as u8; 16]).unwrap()
}

pub(super) fn tag_bytes(header: &Header, plain: &[u8]) -> [u8; 16] {
    let digest = Sha256::new().chain_update(header.aad()).chain_update(plain).finalize();
    digest[..16].try_into().unwrap()
}
