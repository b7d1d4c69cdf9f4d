//! What was sealed of the outbox and is not kept yet: kept while more is sealed, it leaves only then.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::ApiError;
use store::{Receipt, Sealing};
use sync::{
    envelope::Envelope,
    limits::{BATCH_BYTES_MAX, MESSAGE_BYTES_MAX},
    payload::Payload,
    replica::Replica,
    session::Limit,
};
use vault::random::make_array;

use super::{
    super::{
        document_keys::DocumentKeys,
        keys::Keys,
        outbox::{Batch, Next, Waiting},
    },
    Work, changes_in,
    payloads::{payload_of_batches, payloads_of},
};

/// Sealed, and not kept yet.
pub(in crate::sync) struct Made<'a, 's, H> {
    pub(in crate::sync) envelopes: Vec<Envelope>,
    /// Changes that were passed over: too large to travel.
    pub(in crate::sync) too_large: u64,
    /// What waits after it in the outbox, where it ended before the end.
    pub(in crate::sync) more: Option<Waiting<'a, 's, H>>,
    after: Replica,
    sealing: Sealing,
}

/// Seals of what waits what goes along, into the lane of `replica`; nothing when nothing waits.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn make<'a, 's, H: Host>(
    mut waiting: Waiting<'a, 's, H>,
    (session, keys): (&Session<'_, H>, &Keys),
    document_keys: &mut DocumentKeys,
    replica: &Replica,
    limit: Limit,
) -> Result<Made<'a, 's, H>, ApiError> {
    let mut work = Work { session, keys, document_keys, replica: replica.clone() };
    let (mut sealing, mut envelopes) = (Sealing::default(), Vec::new());
    let (mut bytes, mut too_large, mut ended) = (0, 0, false);
    while has_room(&envelopes, bytes, limit) {
        let Some(next) = waiting.next()? else {
            ended = true;
            break;
        };
        let (payloads, places) = made_of(session, next);
        // A change too large even for parts stays where it is.
        let Some(payloads) = payloads else {
            too_large += 1;
            continue;
        };
        for payload in &payloads {
            let envelope = work.seal(payload, &mut sealing.receipt)?;
            bytes += envelope.encoded_len();
            envelopes.push(envelope);
        }
        let last = envelopes.last();
        sealing.sealed.extend(last.into_iter().flat_map(|it| changes_in(it, &places)));
    }
    work.stand(&mut sealing);
    let more = (!ended).then_some(waiting);
    Ok(Made { envelopes, too_large, more, after: work.replica, sealing })
}

impl<H: Host> Made<'_, '_, H> {
    /// Where this computer stands in its sequences after it.
    pub(in crate::sync) const fn after(&self) -> &Replica {
        &self.after
    }

    /// Puts to it what is kept in the same transaction of what a peer took in.
    pub(in crate::sync) fn note(&mut self, noted: Receipt) {
        self.sealing.receipt.have.extend(noted.have);
        self.sealing.receipt.acknowledged.extend(noted.acknowledged);
        self.sealing.receipt.named.extend(noted.named);
    }

    /// Keeps it, in one transaction.
    ///
    /// # Errors
    /// The store's; nothing was sealed.
    pub(in crate::sync) fn keep(&self, session: &Session<'_, H>) -> Result<(), ApiError> {
        if self.envelopes.is_empty() {
            return Ok(());
        }
        session.open.store.seal(&self.sealing).told()
    }
}

/// What goes out next as it is sealed, with its places in the outbox; nothing of what is too large.
fn made_of<H: Host>(session: &Session<'_, H>, next: Next) -> (Option<Vec<Payload>>, Vec<i64>) {
    match next {
        Next::Alone(Batch { document, places, changes }) => {
            (payloads_of(document, &changes), places)
        }
        Next::Together(batches) => {
            let id = make_array(&mut HostEntropy(session.host));
            let all = batches.iter().map(|batch| (batch.document, batch.changes.as_slice()));
            let payload = payload_of_batches(id, all);
            let places = batches.iter().flat_map(|batch| batch.places.iter().copied()).collect();
            (payload.map(|payload| vec![payload]), places)
        }
    }
}

/// Whether another batch is sealed to go along: one like those before it is within the limit, and one
/// that is full fits a message. The first always is.
fn has_room(envelopes: &[Envelope], bytes: usize, limit: Limit) -> bool {
    let like_these = bytes.saturating_add(bytes / envelopes.len().max(1));
    let full = bytes.saturating_add(BATCH_BYTES_MAX);
    let is_within = like_these <= limit.bytes && full <= MESSAGE_BYTES_MAX;
    envelopes.is_empty() || (envelopes.len() < limit.envelopes && is_within)
}
