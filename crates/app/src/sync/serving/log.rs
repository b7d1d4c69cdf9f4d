//! This computer's envelopes as a log: in the order in which they came here.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
    sync::{exchange::Desk, held::have_of, keys::clinic_of, names},
};
use api::{ApiError, ErrorCode};
use std::{
    cell::{RefCell, RefMut},
    collections::BTreeMap,
};
use store::{NamedRow, SELF};
use sync::{
    codec::Canonical as _,
    cursor::Mark,
    envelope::Envelope,
    have::{Have, Lane},
    ids::{Chain, ClinicId, DeviceId, EnvelopeId, LogEpoch},
    limits::FORKS_PER_COUNTER_MAX,
    log::{Bounds, EnvelopeLog, KeyTable, LaneCounts, LaneState, LogError, Page, PageQuery},
    session::Alarm,
    wire::{Item, KeysPage, KeysPlaced, Refused, Verdict, WrappedKey},
};
use vault::random::make_array;

/// Envelopes that are read at a time.
const ROWS: u32 = 128;

/// The log of one clinic at one computer, as another one is served it.
pub(super) struct ServedLog<'a, 's, H> {
    session: &'a Session<'s, H>,
    desk: RefCell<Desk<'a, 's, H>>,
}

impl<'a, 's, H: Host> ServedLog<'a, 's, H> {
    pub(super) const fn new(session: &'a Session<'s, H>, desk: Desk<'a, 's, H>) -> Self {
        Self { session, desk: RefCell::new(desk) }
    }

    /// What a person should know of what was taken in.
    pub(super) fn into_alarms(self) -> Vec<Alarm> {
        self.desk.into_inner().alarms
    }

    fn check(&self, clinic: ClinicId) -> Result<(), LogError> {
        if clinic == clinic_of(self.session) { Ok(()) } else { Err(LogError::UnknownClinic) }
    }

    fn desk(&self) -> Result<RefMut<'_, Desk<'a, 's, H>>, LogError> {
        self.desk.try_borrow_mut().map_err(|_| LogError::Busy)
    }

    fn head(&self) -> Result<Mark, LogError> {
        head_of(self.session).map_err(unread)
    }

    /// The place that was asked for; the head where it is beyond.
    fn start(&self, after: u64, head: Mark) -> Result<Mark, LogError> {
        match after {
            0 => Ok(Mark::START),
            after if after >= head.seq => Ok(head),
            after => {
                let chain = self.session.open.store.served_chain(after).told().map_err(unread)?;
                Ok(chain.map_or(Mark::START, |chain| Mark { seq: after, chain: Chain(chain) }))
            }
        }
    }

    fn log_epoch(&self) -> Result<LogEpoch, LogError> {
        if let Some(life) = life_of(self.session).map_err(unread)? {
            return Ok(life);
        }
        let log_epoch: [u8; 16] = make_array(&mut HostEntropy(self.session.host));
        let row = NamedRow { name: names::OWN_LOG.to_owned(), bytes: log_epoch.to_vec() };
        self.session.open.store.put_named(&[row]).told().map_err(unread)?;
        Ok(LogEpoch(log_epoch))
    }

    fn seq_of(&self, envelope: &Envelope) -> Result<Option<u64>, LogError> {
        self.session.open.store.served_seq(&envelope.id().0).told().map_err(unread)
    }

    /// What will become of an envelope, the ones before it of the same push counted in `grown` and
    /// `lanes`; `None` when it is to be taken in.
    fn judge(
        &self,
        envelope: &Envelope,
        have: &Have,
        (grown, lanes): (&mut BTreeMap<Lane, u64>, &mut LaneCounts),
    ) -> Result<Option<Verdict>, LogError> {
        let lane = envelope.header().lane();
        let counter = envelope.header().counter;
        let held = grown.get(&lane).copied().unwrap_or_else(|| have.counter(lane));
        if let Some(seq) = self.seq_of(envelope)? {
            // One that came before those before it, as of a chart that was fetched.
            if counter == held.saturating_add(1) {
                grown.insert(lane, counter);
            }
            return Ok(Some(Verdict::Duplicate { seq }));
        }
        if counter > held.saturating_add(1) {
            return Ok(Some(Verdict::Gap { have: held }));
        }
        let too_many = Verdict::Refused(Refused::TooManyForks);
        if LaneState::begins(held, envelope) {
            if !lanes.may_begin(lane.device) {
                return Ok(Some(too_many));
            }
            lanes.begin(lane.device);
        }
        if counter > held {
            grown.insert(lane, counter);
            return Ok(None);
        }
        let after = counter.saturating_sub(1);
        let Lane { device, generation } = lane;
        let store = &self.session.open.store;
        let beside = store.envelopes(&device.0, generation, after, ROWS).told().map_err(unread)?;
        let beside = beside.iter().filter(|row| row.counter == counter).count();
        Ok((beside >= FORKS_PER_COUNTER_MAX).then_some(too_many))
    }
}

impl<H: Host> EnvelopeLog for ServedLog<'_, '_, H> {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        self.check(clinic)?;
        let mut desk = self.desk()?;
        let before = desk.have.clone();
        let (mut grown, mut lanes) = (BTreeMap::new(), LaneCounts::of(&before));
        let mut judged = Vec::new();
        let mut taken: Vec<Envelope> = Vec::new();
        for envelope in envelopes {
            let verdict = self.judge(envelope, &before, (&mut grown, &mut lanes))?;
            // The same one twice in a push has the place of the first.
            if verdict.is_none() && !taken.contains(envelope) {
                taken.push(envelope.clone());
            }
            judged.push((envelope, verdict));
        }
        desk.take_envelopes(&taken).map_err(unkept)?;
        desk.saw_peer(envelopes).map_err(unkept)?;
        let placed = |(envelope, verdict): (&Envelope, Option<Verdict>)| {
            if let Some(verdict) = verdict {
                return Ok(verdict);
            }
            let seq = self.seq_of(envelope)?.ok_or_else(|| LogError::Append("no place".into()))?;
            let is_next = envelope.header().counter > before.counter(envelope.header().lane());
            Ok(if is_next { Verdict::Stored { seq } } else { Verdict::Forked { seq } })
        };
        judged.into_iter().map(placed).collect()
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.check(clinic)?;
        let head = self.head()?;
        let start = self.start(query.after, head)?;
        let log_epoch = self.log_epoch()?;
        // After the head: the keys of what stands up to it are in the table by then.
        let keys_head = self.session.open.store.served_keys_head().told().map_err(unread)?;
        let (items, end, head_seq) = (Vec::new(), start, head.seq);
        let mut page = Page { log_epoch, start, items, end, head: head_seq, keys_head };
        let mut bytes: usize = 0;
        while page.items.len() < query.items_max {
            let rows = self.session.open.store.served_after(page.end.seq, ROWS);
            let rows = rows.told().map_err(unread)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                // What was served since the head was read comes with the next page.
                if row.seq > head.seq {
                    return Ok(page);
                }
                let envelope = Envelope::from_bytes(&row.bytes)
                    .map_err(|error| LogError::Read(Box::new(error)))?;
                let item = Item::for_reader(&envelope, query.skip);
                bytes = bytes.saturating_add(item.encoded_len());
                let is_full = bytes > query.bytes_max && !page.items.is_empty();
                if is_full || page.items.len() >= query.items_max {
                    return Ok(page);
                }
                page.items.push(item);
                page.end = Mark { seq: row.seq, chain: Chain(row.chain) };
            }
        }
        Ok(page)
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.check(clinic)?;
        have_of(self.session, SELF).map_err(unread)
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.check(clinic)?;
        Ok(Bounds { log_epoch: self.log_epoch()?, floor: Mark::START, head: self.head()? })
    }
}

impl<H: Host> KeyTable for ServedLog<'_, '_, H> {
    fn put_keys(
        &self,
        clinic: ClinicId,
        _by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        self.check(clinic)?;
        let store = &self.session.open.store;
        let head = || store.served_keys_head().told().map_err(unread);
        let before = head()?;
        self.desk()?.take_keys(keys).map_err(unkept)?;
        let after = head()?;
        // What another thread put between is to be read, and these with it; so where the one that was the
        // last was erased, whose place is counted still.
        let placed = store.served_keys(before, u32::MAX).told().map_err(unread)?;
        let is_one = |row: &NamedRow| names::key_of_row(row).is_some_and(|key| keys.contains(&key));
        let most = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        let are_these =
            placed.iter().all(|(_, row)| is_one(row)) && after.saturating_sub(before) <= most;
        let before = if are_these { before.min(after) } else { after };
        Ok(KeysPlaced { before, after })
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.check(clinic)?;
        let store = &self.session.open.store;
        let head = store.served_keys_head().told().map_err(unread)?;
        let limit = u32::try_from(max).unwrap_or(u32::MAX);
        let rows = store.served_keys(after, limit).told().map_err(unread)?;
        // Erased ones leave holes: a page with nothing more after it ends at the head.
        let last = rows.last().map_or(after.min(head), |(place, _)| *place);
        let end = if rows.len() < max { head } else { last };
        let keys = rows.iter().filter_map(|(_, row)| names::key_of_row(row)).collect();
        Ok(KeysPage { keys, end, head })
    }
}

/// Where the log ends.
///
/// # Errors
/// The store's.
pub(super) fn head_of<H: Host>(session: &Session<'_, H>) -> Result<Mark, ApiError> {
    let step = |chain: &[u8; 32], id: &[u8; 32]| {
        let before = Mark { seq: 0, chain: Chain(*chain) };
        before.then(EnvelopeId(*id)).chain.0
    };
    let head = session.open.store.served_head(Chain::START.0, &step).told()?;
    Ok(Mark { seq: head.seq, chain: Chain(head.chain) })
}

/// The life of the log; `None` where nobody has asked for it yet.
///
/// # Errors
/// The store's.
pub(super) fn life_of<H: Host>(session: &Session<'_, H>) -> Result<Option<LogEpoch>, ApiError> {
    let kept = session.open.store.named(names::OWN_LOG).told()?;
    Ok(kept.and_then(|bytes| bytes.try_into().ok()).map(LogEpoch))
}

fn unread(error: ApiError) -> LogError {
    LogError::Read(error.into())
}

fn unkept(error: ApiError) -> LogError {
    if error.code == ErrorCode::DiskFull { LogError::Full } else { LogError::Append(error.into()) }
}
