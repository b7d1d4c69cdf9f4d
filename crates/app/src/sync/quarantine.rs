//! What was set aside, told to who looks after the clinic's computers.

use crate::{
    error::ToldResult,
    hex::{bytes_of_hex, hex},
    host::Host,
    open::Session,
    permit::{Permit, may},
};
use api::{
    ApiError, AsideOf, Command as _, GetWhereabouts, Left, ListQuarantine, QuarantineAwaits,
    QuarantineItem, QuarantineReason, QuarantineView,
};
use chart::AsideDecision;
use clinical::{DeviceId, DocumentKind, PatientId, Stamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};
use sync::{
    check::{Awaits, QuarantineReason as Reason},
    codec::Canonical as _,
    envelope::{Envelope, Kind},
};
use uuid::Uuid;

use super::{
    document_keys::DocumentKeys,
    keys::{Keys, device_names},
    seal::{documents_in, tag_of_document},
};

/// Items given at a time.
const ITEMS_MAX: u32 = 500;
/// Of those so many are opened, to say whose charts they are of.
const OPENED_MAX: usize = 32;

/// Lists what was set aside, the newest first, and of whose chart each says that it is, for who may read
/// charts. Who is shown is in the audit, once for each time that somebody signs in.
///
/// # Errors
/// The store's.
pub(crate) fn list_quarantine<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListQuarantine>,
    command: &ListQuarantine,
) -> Result<QuarantineView, ApiError> {
    let names = device_names(session)?;
    let store = &session.open.store;
    let all = store.counts().told()?.quarantined;
    let aside = store.set_aside(command.limit.min(ITEMS_MAX)).told()?;
    let mut of = charts_of(session, permit, &aside)?;
    let (left, people) = (left(session)?, store.people().told()?);
    let left_of = |envelope: &[u8; 32]| {
        let stamp = left.get(envelope)?;
        let by = people.iter().find(|person| person.id == stamp.author);
        Some(Left { by: by.map(|person| person.name.clone()).unwrap_or_default(), at: stamp.at })
    };
    let item = |aside: store::SetAside| {
        let device = DeviceId::from_uuid(Uuid::from_bytes(aside.device));
        let reason = Reason::from_code(&aside.reason);
        QuarantineItem {
            envelope: hex(&aside.envelope),
            left: left_of(&aside.envelope),
            device,
            name: names.get(&device).cloned(),
            of: of.remove(&aside.envelope).unwrap_or_default(),
            at: aside.at,
            bytes: aside.bytes,
            reason: reason.map_or(QuarantineReason::Other, told_reason),
            awaits: reason.map_or(QuarantineAwaits::Update, |reason| told_awaits(reason.awaits())),
        }
    };
    let items: Vec<QuarantineItem> = aside.into_iter().map(item).collect();
    let more = all.saturating_sub(u64::try_from(items.len()).unwrap_or(u64::MAX));
    Ok(QuarantineView { items, more })
}

/// Whose charts are known by which tags, and who was shown, while somebody is signed in.
#[derive(Debug, Default)]
pub(crate) struct ChartsByTag(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    charts: BTreeMap<[u8; 32], PatientId>,
    /// How many documents were looked at.
    seen: usize,
    shown: BTreeSet<PatientId>,
}

/// Whose charts what was set aside is of, by envelope; nobody's for who may not read charts. A list that
/// is read again and again while it is looked at leaves one row in the audit for each who is shown.
fn charts_of<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListQuarantine>,
    aside: &[store::SetAside],
) -> Result<BTreeMap<[u8; 32], Vec<AsideOf>>, ApiError> {
    if aside.is_empty() || !may(session.open.person.role, GetWhereabouts::NAME) {
        return Ok(BTreeMap::new());
    }
    let tags: BTreeSet<[u8; 32]> = aside.iter().filter_map(|it| it.tag).collect();
    let mut known = session.open.by_tag.0.lock().unwrap_or_else(PoisonError::into_inner);
    if tags.iter().any(|tag| !known.charts.contains_key(tag)) {
        let (keys, all) = (Keys::load(session)?, session.open.store.documents(DocumentKind::Chart));
        let all = all.told()?;
        for document in all.iter().skip(known.seen) {
            if let Some(tag) = tag_of_document(&keys, *document) {
                known.charts.insert(tag.0, PatientId::from_uuid(document.id));
            }
        }
        known.seen = all.len();
    }
    let one_chart = |it: &store::SetAside| known.charts.get(&it.tag?).copied();
    let mut of: BTreeMap<_, Vec<_>> =
        aside.iter().filter_map(|it| Some((it.envelope, vec![one_chart(it)?]))).collect();
    of.extend(many_charts_of(session, aside.iter().filter(|it| one_chart(it).is_none()))?);
    let shown = of.values().flatten().copied();
    let new: BTreeSet<PatientId> = shown.filter(|it| !known.shown.contains(it)).collect();
    session.audit_listed(permit.deed(), new.iter().copied())?;
    known.shown.extend(new);
    drop(known);
    let one = |patient| Ok(AsideOf { patient, identity: session.identity(patient)? });
    let all = |(envelope, patients): (_, Vec<_>)| {
        Ok((envelope, patients.into_iter().map(one).collect::<Result<_, ApiError>>()?))
    };
    of.into_iter().map(all).collect()
}

/// Whose charts those are of that wait for a decision and hold changes of many: they open.
fn many_charts_of<'a, H: Host>(
    session: &Session<'_, H>,
    aside: impl Iterator<Item = &'a store::SetAside>,
) -> Result<BTreeMap<[u8; 32], Vec<PatientId>>, ApiError> {
    let waits = |it: &&store::SetAside| it.reason == Reason::AfterCut.code() && it.bytes > 0;
    let (keys, mut document_keys) = (Keys::load(session)?, DocumentKeys::default());
    let mut found = BTreeMap::new();
    for one in aside.filter(waits) {
        let kept = session.open.store.set_aside_bytes(&one.envelope).told()?;
        let Some(envelope) = kept.and_then(|it| Envelope::from_bytes(&it).ok()) else { continue };
        if envelope.header().kind != Kind::Pack {
            continue;
        }
        let documents = documents_in(session, &keys, &mut document_keys, &envelope)?;
        let mut patients = BTreeSet::new();
        for chart in documents.into_iter().filter(|it| it.kind == DocumentKind::Chart) {
            // Of one that is not here, or erased, nothing is told.
            if session.open.store.heads(chart).told()?.is_some() {
                patients.insert(PatientId::from_uuid(chart.id));
            }
        }
        found.insert(one.envelope, patients.into_iter().collect());
        if found.len() >= OPENED_MAX {
            break;
        }
    }
    Ok(found)
}

/// What somebody left aside for good, with who did so.
///
/// # Errors
/// The store's.
pub(super) fn left<H: Host>(
    session: &Session<'_, H>,
) -> Result<BTreeMap<[u8; 32], Stamp>, ApiError> {
    let decided = session.open.store.aside_decisions().told()?;
    let left = decided.into_iter().filter(|decision| !decision.take_in);
    let one = |it: AsideDecision| Some((envelope_of(&it.envelope)?, it.stamp));
    Ok(left.filter_map(one).collect())
}

/// An envelope's id of its hex.
pub(super) fn envelope_of(text: &str) -> Option<[u8; 32]> {
    bytes_of_hex(text)?.try_into().ok()
}

/// How many of what is set aside here somebody left aside for good.
///
/// # Errors
/// The store's.
pub(super) fn count_left<H: Host>(session: &Session<'_, H>) -> Result<u64, ApiError> {
    let mut count = 0;
    for envelope in left(session)?.keys() {
        count += u64::from(session.open.store.set_aside_one(envelope).told()?.is_some());
    }
    Ok(count)
}

/// How many of what was set aside come in by themselves, once keys or entries of the list of
/// computers have come.
///
/// # Errors
/// The store's.
pub(super) fn count_waiting<H: Host>(session: &Session<'_, H>) -> Result<u64, ApiError> {
    let reasons = session.open.store.set_aside_reasons().told()?;
    let waits = |code: &str| {
        Reason::from_code(code).is_some_and(|reason| reason.awaits() == Awaits::Membership)
    };
    Ok(reasons.iter().filter(|(code, _)| waits(code)).map(|(_, count)| count).sum())
}

/// How many of what was set aside wait for somebody's decision: nobody left them aside.
///
/// # Errors
/// The store's.
pub(super) fn count_deciding<H: Host>(session: &Session<'_, H>) -> Result<u64, ApiError> {
    let store = &session.open.store;
    let waits = |code: &str| {
        Reason::from_code(code).is_some_and(|reason| reason.awaits() == Awaits::Decision)
    };
    let reasons = store.set_aside_reasons().told()?;
    let mut count: u64 =
        reasons.iter().filter(|(code, _)| waits(code)).map(|(_, count)| count).sum();
    if count > 0 {
        for envelope in left(session)?.keys() {
            let row = store.set_aside_one(envelope).told()?;
            count = count.saturating_sub(u64::from(row.is_some_and(|row| waits(&row.reason))));
        }
    }
    Ok(count)
}

const fn told_awaits(awaits: Awaits) -> QuarantineAwaits {
    match awaits {
        Awaits::Membership => QuarantineAwaits::Keys,
        Awaits::Update => QuarantineAwaits::Update,
        Awaits::Decision => QuarantineAwaits::Decision,
        Awaits::Nothing => QuarantineAwaits::Nothing,
    }
}

const fn told_reason(reason: Reason) -> QuarantineReason {
    match reason {
        Reason::WrongClinic => QuarantineReason::WrongClinic,
        Reason::UnknownKind => QuarantineReason::UnknownKind,
        Reason::UnknownDevice => QuarantineReason::UnknownDevice,
        Reason::AfterCut => QuarantineReason::AfterCut,
        Reason::UnknownEpoch => QuarantineReason::UnknownEpoch,
        Reason::BadSignature => QuarantineReason::BadSignature,
        Reason::NoKey => QuarantineReason::NoKey,
        Reason::NotOpened => QuarantineReason::NotOpened,
        Reason::Malformed => QuarantineReason::Malformed,
        Reason::WrongTag => QuarantineReason::WrongTag,
        Reason::Panicked => QuarantineReason::Panicked,
        Reason::NotMerged => QuarantineReason::NotMerged,
    }
}
