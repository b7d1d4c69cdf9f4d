//! The keys of documents: wrapped in the store, unwrapped for one exchange.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::{ApiError, ErrorCode};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};
use store::NamedRow;
use sync::{ids::DocTag, wire::WrappedKey};
use vault::{ClinicKeys, DocumentKey, document_key::epoch_of_wrapped};

use super::{keys::clinic_of, names};

/// Of the keys of a document that do not open here so many are kept: anybody can make up any number
/// of them. Of more that are no forgeries, the server's table has what is lacking.
const UNOPENED_MAX: usize = 8;

/// The keys met in one exchange.
#[derive(Default)]
pub(super) struct DocumentKeys {
    known: BTreeMap<DocTag, Vec<Known>>,
}

struct Known {
    wrapped: WrappedKey,
    /// `None` when it cannot be opened here.
    key: Option<DocumentKey>,
}

impl DocumentKeys {
    /// Forgets what was unwrapped: new wrapped keys or epochs have come.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// The keys of a document in an epoch.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn of<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        clinic_keys: &ClinicKeys,
        tag: DocTag,
        epoch: u32,
    ) -> Result<Vec<DocumentKey>, ApiError> {
        let known = self.load(session, clinic_keys, tag)?;
        let keys = known.iter().filter_map(|known| known.key.clone());
        Ok(keys.filter(|key| key.epoch() == epoch).collect())
    }

    /// The key to seal a document with in the newest epoch; `true` when it is new and must be
    /// kept with what it seals.
    ///
    /// # Errors
    /// `internal` where this device was given no epoch key; the store's.
    pub(super) fn for_sealing<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        clinic_keys: &ClinicKeys,
        tag: DocTag,
    ) -> Result<(DocumentKey, Option<WrappedKey>), ApiError> {
        let detail = "This computer has no key to seal with.";
        let (epoch, epoch_key) =
            clinic_keys.current().ok_or_else(|| ApiError::new(ErrorCode::Internal, detail))?;
        if let Some(key) = self.of(session, clinic_keys, tag, epoch)?.into_iter().next() {
            return Ok((key, None));
        }
        let entropy = &mut HostEntropy(session.host);
        let key = DocumentKey::make(epoch, entropy);
        let wrapped = key.wrap(epoch_key, &clinic_of(session).0, &tag.0, entropy);
        let wrapped = WrappedKey { doc_tag: tag, wrapped };
        let known = Known { wrapped: wrapped.clone(), key: Some(key.clone()) };
        self.known.entry(tag).or_default().push(known);
        Ok((key, Some(wrapped)))
    }

    /// The keys of a document in an epoch that open here, each as it is wrapped. Whether others are
    /// keys at all cannot be told.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn wrapped<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        clinic_keys: &ClinicKeys,
        (tag, epoch): (DocTag, u32),
    ) -> Result<Vec<(WrappedKey, DocumentKey)>, ApiError> {
        let known = self.load(session, clinic_keys, tag)?;
        let opened = known.iter().filter_map(|it| Some((it.wrapped.clone(), it.key.clone()?)));
        Ok(opened.filter(|(_, key)| key.epoch() == epoch).collect())
    }

    fn load<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        clinic_keys: &ClinicKeys,
        tag: DocTag,
    ) -> Result<&[Known], ApiError> {
        match self.known.entry(tag) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(read(session, clinic_keys, tag)?)),
        }
    }
}

fn read<H: Host>(
    session: &Session<'_, H>,
    clinic_keys: &ClinicKeys,
    tag: DocTag,
) -> Result<Vec<Known>, ApiError> {
    let rows = session.open.store.named_with_prefix(&names::keys_prefix(&tag)).told()?;
    let clinic = clinic_of(session);
    let known = rows.into_iter().map(|row| {
        let wrapped = WrappedKey { doc_tag: tag, wrapped: row.bytes };
        let key = unwrap(clinic_keys, &clinic.0, &wrapped);
        Known { wrapped, key }
    });
    let mut known: Vec<Known> = known.collect();
    if known.iter().any(|known| known.key.is_none()) {
        let lost = lost_keys(session)?;
        for known in known.iter_mut().filter(|known| known.key.is_none()) {
            known.key = lost.iter().find_map(|keys| unwrap(keys, &clinic.0, &known.wrapped));
        }
    }
    Ok(known)
}

/// Of wrapped keys that came the rows that are worth keeping: of those that open here all, of the
/// others a few of each document.
///
/// # Errors
/// The store's.
pub(super) fn worth_keeping<H: Host>(
    session: &Session<'_, H>,
    clinic_keys: &ClinicKeys,
    came: &[WrappedKey],
) -> Result<Vec<NamedRow>, ApiError> {
    let clinic = clinic_of(session);
    let (opening, others): (Vec<_>, Vec<_>) =
        came.iter().partition(|key| unwrap(clinic_keys, &clinic.0, key).is_some());
    let mut rows: Vec<NamedRow> = opening.into_iter().map(names::key_row).collect();
    let mut by_document: BTreeMap<DocTag, BTreeSet<&WrappedKey>> = BTreeMap::new();
    for key in others {
        by_document.entry(key.doc_tag).or_default().insert(key);
    }
    let lost = if by_document.is_empty() { Vec::new() } else { lost_keys(session)? };
    for (tag, keys) in by_document {
        let here = read(session, clinic_keys, tag)?;
        let mut places = here.iter().filter(|known| known.key.is_none()).count();
        for key in keys {
            let opens = lost.iter().any(|keys| unwrap(keys, &clinic.0, key).is_some());
            let is_here = here.iter().any(|known| known.wrapped == *key);
            if opens || (!is_here && places < UNOPENED_MAX) {
                places = places.saturating_add(usize::from(!opens));
                rows.push(names::key_row(key));
            }
        }
    }
    Ok(rows)
}

/// The clinic's keys as they were on lists that this computer held before.
///
/// # Errors
/// The store's.
pub(super) fn lost_keys<H: Host>(session: &Session<'_, H>) -> Result<Vec<ClinicKeys>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::LOST_KEYS).told()?;
    Ok(rows.iter().filter_map(|row| ClinicKeys::from_bytes(&row.bytes).ok()).collect())
}

/// Opens a wrapped key, where its epoch's key is among these.
pub(super) fn unwrap(
    clinic_keys: &ClinicKeys,
    clinic: &[u8; 16],
    key: &WrappedKey,
) -> Option<DocumentKey> {
    let epoch = epoch_of_wrapped(&key.wrapped).ok()?;
    let under = clinic_keys.epoch(epoch)?;
    DocumentKey::unwrap(&key.wrapped, under, clinic, &key.doc_tag.0).ok()
}
