//! Sealing: changes of the outbox become envelopes.

mod made;
mod opening;
mod payloads;
mod tags;

pub(super) use made::{Made, make};
pub(super) use opening::{Content, Opened, documents_in, open_envelope};
pub(crate) use payloads::payload_of_changes;
pub(super) use payloads::{payload_of_batches, whole_as_changes};
pub(super) use tags::{name_of, tag_of_document};

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::ApiError;
use std::collections::BTreeSet;
use store::{EnvelopeRow, HaveRow, NamedRow, Receipt, ReplicaRow, SELF, SealedChange, Sealing};
use sync::{
    codec::{Canonical as _, DecodeError},
    envelope::{Envelope, Header, Kind},
    have::{Lane, Position},
    ids::{DocTag, EnvelopeId, Salt},
    limits::PAYLOAD_BYTES_MAX,
    payload::{Notice, Payload},
    replica::{Replica, Stamp},
    session::{Limit, Outgoing},
    wire::WrappedKey,
};
use vault::{
    DocumentKey,
    random::make_array,
    seal::{Effort, OpenError, Prepared, SealContext, open, prepare, prepare_dense, prepare_many},
};

use super::{
    document_keys::DocumentKeys,
    held::have_row,
    keys::{Keys, internal},
    names,
    packing::{Fresh, pack_fresh},
};
use opening::open_payload;
use tags::payload_tag;

/// Of a document so many keys of one epoch go along unasked: each computer that wrote it before it heard
/// of another's key made one.
const KEYS_ALONG: usize = 8;

/// Seals charts that nobody else has yet, where many wait: many in one envelope, each envelope
/// durably.
///
/// # Errors
/// The store's; what was sealed before is.
pub(super) fn seal_packs<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    replica: &mut Replica,
    limit: Limit,
) -> Result<Outgoing, ApiError> {
    let mut work = Work { session, keys, document_keys, replica: replica.clone() };
    let envelopes = work.seal_packs(limit)?;
    *replica = work.replica;
    let keys = wrapped_keys(session, keys, document_keys, &envelopes)?;
    Ok(Outgoing { envelopes, keys })
}

/// Seals a payload by itself, with a row to be kept beside it.
///
/// # Errors
/// The store's; nothing was sealed.
pub(super) fn seal_alone<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    replica: &mut Replica,
    (ready, row): (Ready, impl FnOnce(&Envelope) -> Option<NamedRow>),
) -> Result<Envelope, ApiError> {
    let mut work = Work { session, keys, document_keys, replica: replica.clone() };
    let mut sealing = Sealing::default();
    let envelope = work.seal_ready(ready, &mut sealing.receipt)?;
    sealing.receipt.named.extend(row(&envelope));
    work.keep(&mut sealing)?;
    *replica = work.replica;
    Ok(envelope)
}

/// Seals what this device has to tell the others. Twice the same is as once: it may be forgotten
/// only afterwards.
///
/// # Errors
/// The store's; nothing was sealed.
pub(super) fn seal_notices<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    replica: &mut Replica,
    notices: Vec<Notice>,
) -> Result<Vec<Envelope>, ApiError> {
    let mut work = Work { session, keys, document_keys, replica: replica.clone() };
    let (mut sealing, mut sealed) = (Sealing::default(), Vec::new());
    for notice in notices {
        sealed.push(work.seal(&Payload::Notice(notice), &mut sealing.receipt)?);
    }
    work.keep(&mut sealing)?;
    *replica = work.replica;
    Ok(sealed)
}

/// Seals the content of envelopes anew, as when their lane is closed.
///
/// # Errors
/// The store's; nothing was sealed.
pub(super) fn seal_again<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    replica: &mut Replica,
    envelopes: &[Envelope],
) -> Result<Vec<Envelope>, ApiError> {
    let mut sealing = Sealing::default();
    let mut sealed = Vec::new();
    let mut work = Work { session, keys, document_keys, replica: replica.clone() };
    for envelope in envelopes {
        // What does not open any more cannot be sent by anyone.
        let opened = open_payload(session, keys, work.document_keys, envelope)?;
        let Ok(payload) = opened else { continue };
        let again = work.seal(&payload, &mut sealing.receipt)?;
        sealing.moved.push((place_of(envelope), place_of(&again)));
        sealed.push(again);
    }
    if !sealed.is_empty() {
        work.keep(&mut sealing)?;
        *replica = work.replica;
    }
    Ok(sealed)
}

/// The wrapped keys that go with envelopes: those of its document and epoch with each, and of more
/// than a few, as where a computer makes keys without end, those that open it. Whoever passed on all
/// of them would have no place left for the one that counts.
///
/// # Errors
/// The store's.
pub(super) fn wrapped_keys<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    envelopes: &[Envelope],
) -> Result<Vec<WrappedKey>, ApiError> {
    let (mut wrapped, mut whole) = (BTreeSet::new(), BTreeSet::new());
    for envelope in envelopes {
        let of = (envelope.header().doc_tag, envelope.header().key_epoch);
        if whole.contains(&of) {
            continue;
        }
        let mut known = document_keys.wrapped(session, &keys.clinic_keys, of)?;
        if known.len() > KEYS_ALONG {
            known.retain(|(_, key)| opens(key, envelope));
        } else {
            whole.insert(of);
        }
        wrapped.extend(known.into_iter().map(|(wrapped, _)| wrapped));
    }
    Ok(wrapped.into_iter().collect())
}

fn opens(key: &DocumentKey, envelope: &Envelope) -> bool {
    let (header, limit) = (envelope.header(), u32::try_from(PAYLOAD_BYTES_MAX).unwrap_or(u32::MAX));
    let opened = open(key, &context_of(header), &header.aad(), envelope.ciphertext(), limit);
    !matches!(opened, Err(OpenError::NotAuthentic))
}

const fn context_of(header: &Header) -> SealContext {
    SealContext {
        clinic: header.clinic.0,
        doc_tag: header.doc_tag.0,
        epoch: header.key_epoch,
        salt: header.salt.0,
    }
}

/// A payload that is compressed and not sealed yet.
pub(super) struct Ready {
    kind: Kind,
    tag: DocTag,
    prepared: Prepared,
}

impl Ready {
    /// Compresses a payload of this computer.
    ///
    /// # Errors
    /// `internal` of one that is too long.
    pub(super) fn of(keys: &Keys, payload: &Payload) -> Result<Self, ApiError> {
        Self::with(keys, payload, Effort::Utmost)
    }

    /// The same, with so much work where it is a pack.
    pub(super) fn with(keys: &Keys, payload: &Payload, effort: Effort) -> Result<Self, ApiError> {
        let tag = payload_tag(keys, payload, &keys.device.0);
        Ok(Self { kind: payload.kind(), tag, prepared: prepared(payload, effort)? })
    }

    /// The length of the envelope it takes.
    pub(super) fn len(&self) -> usize {
        Envelope::len_of(self.prepared.sealed_len())
    }
}

/// Sealing at work.
struct Work<'a, 's, H> {
    session: &'a Session<'s, H>,
    keys: &'a Keys,
    document_keys: &'a mut DocumentKeys,
    replica: Replica,
}

impl<H: Host> Work<'_, '_, H> {
    fn seal(&mut self, payload: &Payload, receipt: &mut Receipt) -> Result<Envelope, ApiError> {
        self.seal_ready(Ready::of(self.keys, payload)?, receipt)
    }

    fn seal_ready(&mut self, ready: Ready, receipt: &mut Receipt) -> Result<Envelope, ApiError> {
        let Ready { kind, tag, prepared } = ready;
        let (key, made) =
            self.document_keys.for_sealing(self.session, &self.keys.clinic_keys, tag)?;
        let header = self.header(kind, tag, key.epoch(), prepared.padded_len())?;
        let ciphertext = prepared.seal(&key, &context_of(&header), &header.aad());
        let ciphertext = ciphertext.map_err(|error| internal(&error))?;
        let envelope = Envelope::sign(header, ciphertext, self.keys.signer.as_ref());
        self.replica.sealed(envelope.header().generation, envelope.position());
        receipt.envelopes.push(envelope_row(&envelope));
        receipt.named.extend(made.as_ref().map(names::key_row));
        Ok(envelope)
    }

    fn header(
        &self,
        kind: Kind,
        doc_tag: DocTag,
        key_epoch: u32,
        padded_len: u32,
    ) -> Result<Header, ApiError> {
        let unmet = || internal(&DecodeError::NotCanonical("replica before it met a peer"));
        let Stamp { device, generation, counter, prev_id } =
            self.replica.stamp().ok_or_else(unmet)?;
        Ok(Header {
            clinic: self.keys.members.clinic(),
            kind,
            doc_tag,
            device,
            generation,
            counter,
            prev_id,
            key_epoch,
            salt: Salt(make_array(&mut HostEntropy(self.session.host))),
            padded_len,
        })
    }

    /// Seals charts that nobody else has yet, where there are many, each pack durably.
    fn seal_packs(&mut self, limit: Limit) -> Result<Vec<Envelope>, ApiError> {
        let (mut packs, mut bytes) = (Vec::new(), 0);
        while packs.len() < limit.envelopes && bytes < limit.bytes {
            let fresh = pack_fresh(self.session)?;
            let Some(Fresh { pack, places, effort }) = fresh else { break };
            let mut sealing = Sealing::default();
            let ready = Ready::with(self.keys, &Payload::Pack(pack), effort)?;
            let envelope = self.seal_ready(ready, &mut sealing.receipt)?;
            sealing.sealed = changes_in(&envelope, &places).collect();
            self.keep(&mut sealing)?;
            bytes += envelope.encoded_len();
            packs.push(envelope);
        }
        Ok(packs)
    }

    /// Keeps what was sealed, and where this computer stands after it.
    fn keep(&self, sealing: &mut Sealing) -> Result<(), ApiError> {
        self.stand(sealing);
        self.session.open.store.seal(sealing).told()
    }

    /// Puts to what was sealed where this computer stands after it.
    fn stand(&self, sealing: &mut Sealing) {
        sealing.replica = self.replica_row();
        sealing.receipt.have.extend(self.have_row());
    }

    /// Where this computer stands in what it seals for the server; nothing of another sequence.
    fn replica_row(&self) -> Option<ReplicaRow> {
        let stamp = self.replica.stamp().filter(|_| !self.replica.open_lane().is_unmet())?;
        Some(ReplicaRow {
            device: stamp.device.0,
            generation: stamp.generation,
            counter: stamp.counter.saturating_sub(1),
            prev_id: stamp.prev_id.0,
        })
    }

    fn have_row(&self) -> Option<HaveRow> {
        let Stamp { device, generation, counter, prev_id } =
            self.replica.stamp().filter(|stamp| stamp.prev_id != EnvelopeId::NONE)?;
        let last = Position { counter: counter.saturating_sub(1), id: prev_id };
        Some(have_row(SELF, Lane { device, generation }, last))
    }
}

fn prepared(payload: &Payload, effort: Effort) -> Result<Prepared, ApiError> {
    let plain = payload.to_bytes();
    let prepared = match payload {
        Payload::Pack(_) => prepare_dense(&plain, effort),
        Payload::Batches(_) => prepare_many(&plain),
        Payload::Changes { .. }
        | Payload::Abridged { .. }
        | Payload::Part { .. }
        | Payload::Checkpoint(_)
        | Payload::Floor(_)
        | Payload::Countersign(_)
        | Payload::Notice(_)
        | Payload::Outline(_)
        | Payload::People(_) => prepare(&plain),
    };
    prepared.map_err(|error| internal(&error))
}

/// The changes at these places of the outbox, as sealed with an envelope.
fn changes_in<'a>(
    envelope: &Envelope,
    places: &'a [i64],
) -> impl Iterator<Item = SealedChange> + use<'a> {
    let (generation, counter) = place_of(envelope);
    places.iter().map(move |ord| SealedChange { ord: *ord, generation, counter })
}

/// Where in its device's sequences an envelope stands.
fn place_of(envelope: &Envelope) -> (u32, u64) {
    (envelope.header().generation, envelope.header().counter)
}

/// An envelope as the store keeps it.
pub(super) fn envelope_row(envelope: &Envelope) -> EnvelopeRow {
    let header = envelope.header();
    EnvelopeRow {
        id: envelope.id().0,
        device: header.device.0,
        generation: header.generation,
        counter: header.counter,
        bytes: envelope.to_bytes(),
    }
}
