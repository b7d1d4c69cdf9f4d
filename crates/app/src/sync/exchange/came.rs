//! What an exchange brings: membership, keys, envelopes, and how far the log was read.

use super::{Desk, Performed};
use crate::{
    error::ToldResult,
    host::Host,
    sync::{
        checkpoints::{self, told_row},
        coming,
        copies::note_strange,
        document_keys::worth_keeping,
        floor,
        held::{have_of, have_row},
        keys::device_of,
        names,
        quarantine::count_waiting,
        receive::{receive, recheck, recheck_decided},
    },
};
use api::ApiError;
use store::{CursorRow, EnvelopeRow, HaveRow, NamedRow, Receipt};
use sync::{
    check::{Awaits, QuarantineReason, check_origin},
    checkpoint::{Differing, Passed, Told},
    cursor::Cursor,
    envelope::Envelope,
    have::{Have, Lane, Position},
    ids::{EnvelopeId, LogEpoch},
    limits::FORKS_PER_COUNTER_MAX,
    membership::{EntryError, MembersHead, SignedEntry},
    session::{Alarm, SyncEvent},
    wire::{Brief, WrappedKey},
};

impl<H: Host> Desk<'_, '_, H> {
    pub(super) fn store_members(&mut self, entries: &[SignedEntry]) -> Result<SyncEvent, ApiError> {
        Ok(SyncEvent::MembersStored(self.take_members(entries)?))
    }

    /// Verifies entries against the own log and keeps them; none where one breaks a rule.
    pub(in crate::sync) fn take_members(
        &mut self,
        entries: &[SignedEntry],
    ) -> Result<Result<MembersHead, EntryError>, ApiError> {
        // Some may have come from another side meanwhile.
        let here = self.keys.members.head().count;
        let new: Vec<_> = entries.iter().filter(|e| e.entry().index >= here).cloned().collect();
        match self.keys.take_entries(&new) {
            Ok(mut rows) => {
                rows.extend(self.waits()?);
                self.session.open.store.put_named(&rows).told()?;
                self.recheck()?;
                Ok(Ok(self.keys.members.head()))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Keeps keys that another computer gave.
    pub(in crate::sync) fn take_keys(&mut self, keys: &[WrappedKey]) -> Result<(), ApiError> {
        let mut rows = worth_keeping(self.session, &self.keys.clinic_keys, keys)?;
        rows.extend(self.waits()?);
        self.session.open.store.put_named(&rows).told()?;
        self.recheck()
    }

    /// Notes that the peer holds what it gave.
    pub(in crate::sync) fn saw_peer(&mut self, envelopes: &[Envelope]) -> Result<(), ApiError> {
        self.see(envelopes, &[])?;
        let receipt = Receipt { have: self.seen_rows()?, ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()
    }

    /// Takes in envelopes that came in a file; answers how many were new.
    pub(in crate::sync) fn take_envelopes(
        &mut self,
        envelopes: &[Envelope],
    ) -> Result<u64, ApiError> {
        self.look_for_a_copy(envelopes)?;
        let found = receive(
            self.session,
            &mut self.keys,
            &mut self.document_keys,
            &mut self.have,
            (envelopes, &checkpoints::nowhere(), Vec::new()),
        )?;
        self.raise(found.forks, found.differing);
        self.prove_floors()?;
        Ok(found.new)
    }

    /// Whether this computer itself sealed what comes, in lanes that it opened without the server's
    /// word, and does not hold it: its store was put back, or goes on in another computer too. Of two
    /// envelopes of one counter, which are possible where one of those lanes was taken again, the
    /// fork tells.
    fn look_for_a_copy(&self, envelopes: &[Envelope]) -> Result<(), ApiError> {
        let own = device_of(self.session);
        let is_strange = |envelope: &Envelope| {
            let lane = envelope.header().lane();
            lane.device == own
                && lane.is_unmet()
                && envelope.header().counter > self.have.counter(lane)
                && check_origin(envelope, &self.keys.members).is_ok()
        };
        if envelopes.iter().any(is_strange) {
            note_strange(self.session)?;
        }
        Ok(())
    }

    fn raise(&mut self, forks: Vec<Lane>, differing: Vec<Differing>) {
        self.alarms.extend(forks.into_iter().map(|lane| Alarm::Forked { lane }));
        self.alarms.extend(differing.into_iter().map(Alarm::HistoriesDiffer));
    }

    pub(super) fn store_keys(
        &mut self,
        keys: &[WrappedKey],
        log_epoch: LogEpoch,
        through: u64,
    ) -> Result<(), ApiError> {
        let mut rows = worth_keeping(self.session, &self.keys.clinic_keys, keys)?;
        rows.push(self.keys_read_row(log_epoch, through));
        rows.extend(self.waits()?);
        self.session.open.store.put_named(&rows).told()?;
        self.recheck()
    }

    /// How far the peer's table of keys was read, as it is kept.
    fn keys_read_row(&self, log_epoch: LogEpoch, through: u64) -> NamedRow {
        let bytes = [&log_epoch.0[..], &through.to_be_bytes()[..]].concat();
        NamedRow { name: self.peer.keys_read(), bytes }
    }

    /// That something waits for membership entries or keys, to be kept with some that came: a death
    /// before it is looked at again loses nothing.
    fn waits(&self) -> Result<Option<NamedRow>, ApiError> {
        let waits = count_waiting(self.session)? > 0;
        Ok(waits.then(|| NamedRow { name: names::CHECK_AGAIN.to_owned(), bytes: Vec::new() }))
    }

    /// What waited for membership entries or keys may come in now.
    fn recheck(&mut self) -> Result<(), ApiError> {
        self.unmake();
        self.document_keys.clear();
        let reasons: Vec<_> = QuarantineReason::awaiting(Awaits::Membership).collect();
        let found = recheck(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.have,
            (&reasons, &checkpoints::nowhere()),
        )?;
        self.raise(found.forks, found.differing);
        if self.session.open.store.named(names::CHECK_AGAIN).told()?.is_some() {
            self.session.open.store.remove_named(names::CHECK_AGAIN).told()?;
        }
        self.prove_floors()
    }

    /// What a person decided to take in, waited for the last that counts of a removed computer, or for
    /// keys or entries that have come, where this one died before it looked again.
    pub(super) fn look_again(&mut self) -> Result<(), ApiError> {
        if self.session.open.store.named(names::CHECK_AGAIN).told()?.is_some() {
            self.recheck()?;
        }
        let found = recheck_decided(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.have,
            &checkpoints::nowhere(),
        )?;
        self.raise(found.forks, found.differing);
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        envelopes: &[Envelope],
        held: &[Brief],
        passed: &Passed,
    ) -> Result<SyncEvent, ApiError> {
        // What comes may take back what was made of it.
        self.unmake();
        if !self.peer.is_server() {
            self.look_for_a_copy(envelopes)?;
        }
        let met = match checkpoints::count(envelopes) {
            0 => None,
            count => self.told.map(|told| told.met(count)),
        };
        let found = receive(
            self.session,
            &mut self.keys,
            &mut self.document_keys,
            &mut self.have,
            (envelopes, passed, met.iter().map(told_row).collect()),
        )?;
        self.told = met.or(self.told);
        if found.full && !self.alarms.contains(&Alarm::SetAsideFull) {
            self.alarms.push(Alarm::SetAsideFull);
        }
        let mut all_held = true;
        for brief in held {
            all_held &= self.session.open.store.knows_envelope(&brief.position.id.0).told()?
                || floor::base(self.session)?.covers(brief.lane, brief.position);
        }
        self.see(envelopes, held)?;
        // Which of the two of a forked lane the peer holds is not known: all of it is passed on.
        found.forks.iter().for_each(|lane| self.seen.forget(*lane));
        self.prove_floors()?;
        coming::see_wholes(self.session)?;
        let outlook = self.outlook()?;
        Ok(SyncEvent::Received {
            all_held,
            forks: found.forks,
            differing: found.differing,
            outlook,
        })
    }

    /// Remembers what the peer was seen to hold, as far as it is held here too: what it makes up is not.
    /// Of one's own lanes it counts as it gives them whole, one after the other: after what was put back
    /// from a copy they come from there, and nothing of them is acknowledged any more.
    fn see(&mut self, envelopes: &[Envelope], held: &[Brief]) -> Result<(), ApiError> {
        let own = device_of(self.session);
        let whole = envelopes.iter().map(|e| (e.header().lane(), e.position()));
        let names = held.iter().map(|brief| (brief.lane, brief.position));
        let (mine, others): (Vec<_>, Vec<_>) = whole.partition(|(lane, _)| lane.device == own);
        let named = names.filter(|(lane, _)| lane.device != own);
        for (lane, position) in others.into_iter().chain(named) {
            let Some(here) = self.have.get(lane) else { continue };
            let position = if position.counter < here.counter { position } else { here };
            if position.counter > self.seen.counter(lane) {
                self.seen.set(lane, position);
            }
        }
        let noted = if mine.is_empty() { Have::new() } else { self.noted()? };
        for (lane, position) in mine {
            let next = self.seen.counter(lane).max(noted.counter(lane)).saturating_add(1);
            if position.counter == next && position.counter <= self.have.counter(lane) {
                self.seen.set(lane, position);
            }
        }
        Ok(())
    }

    fn noted(&self) -> Result<Have, ApiError> {
        have_of(self.session, &self.peer.name())
    }

    /// Notes what the server has taken in, and how far its table of keys counts as read: with what is
    /// kept next, where that is made.
    pub(super) fn acknowledge(
        &mut self,
        stored: &[Brief],
        keys_read: Option<(LogEpoch, u64)>,
    ) -> Result<Performed, ApiError> {
        let last: Have = stored.iter().map(|name| (name.lane, name.position)).collect();
        let taken: Vec<_> =
            last.iter().map(|it| self.taken_with(it)).collect::<Result<_, ApiError>>()?;
        let taken: Have = taken.into_iter().flatten().collect();
        let own = device_of(self.session);
        let of_server = last.iter().filter(|(lane, _)| lane.device == own && self.peer.is_server());
        let acknowledged =
            of_server.map(|(lane, at)| (lane.device.0, lane.generation, at.counter)).collect();
        let keys_read =
            keys_read.map(|(log_epoch, through)| self.keys_read_row(log_epoch, through));
        let named = keys_read.into_iter().collect();
        let have = self.rows_of(&taken);
        let receipt = Receipt { have, acknowledged, named, ..Receipt::default() };
        if self.sending.made.is_some() {
            self.sending.noted = Some(receipt);
        } else {
            self.session.open.store.receive(&receipt).told()?;
        }
        Ok(Performed::Done)
    }

    /// How far a lane is taken with an envelope: not as far as it where another of its counter is given
    /// after it, which an exchange that ends here would leave out for ever.
    fn taken_with(
        &self,
        (lane, at): (Lane, Position),
    ) -> Result<Option<(Lane, Position)>, ApiError> {
        let store = &self.session.open.store;
        if store.named(&names::fork_name(lane)).told()?.is_none() {
            return Ok(Some((lane, at)));
        }
        let before = at.counter.saturating_sub(1);
        let twins = u32::try_from(FORKS_PER_COUNTER_MAX).unwrap_or(u32::MAX).saturating_add(1);
        let rows = store.envelopes(&lane.device.0, lane.generation, before, twins).told()?;
        let is_after = |row: &EnvelopeRow| row.counter == at.counter && row.id > at.id.0;
        if !rows.iter().any(is_after) {
            return Ok(Some((lane, at)));
        }
        let before = Position { counter: before, id: EnvelopeId::NONE };
        Ok((before.counter > 0).then_some((lane, before)))
    }

    /// Keeps what was noted and not kept with anything else.
    pub(super) fn keep_noted(&mut self) -> Result<(), ApiError> {
        let noted = self.sending.noted.take();
        noted.iter().try_for_each(|noted| self.session.open.store.receive(noted).told())
    }

    /// Notes all that the server holds, in place of what was noted before: of one's own no more
    /// than it has acknowledged.
    pub(super) fn note_peer(&self, have: &Have) -> Result<Performed, ApiError> {
        let own = device_of(self.session);
        let noted = have_of(self.session, &self.peer.name())?;
        let of_own = |(lane, says): (Lane, Position)| {
            let acknowledged = noted.get(lane)?;
            Some((lane, if says.counter < acknowledged.counter { says } else { acknowledged }))
        };
        let is_own = |(lane, _): &(Lane, Position)| lane.device == own;
        let others = have.iter().filter(|at| !is_own(at));
        let all = have.iter().filter(is_own).filter_map(of_own).chain(others).collect();
        let rows = self.rows_of(&all);
        self.session.open.store.replace_have(&self.peer.name(), &rows).told()?;
        Ok(Performed::Done)
    }

    fn rows_of(&self, have: &Have) -> Vec<HaveRow> {
        let peer = self.peer.name();
        have.iter().map(|(lane, position)| have_row(&peer, lane, position)).collect()
    }

    /// What the peer was seen to hold beyond what was noted of it.
    fn seen_rows(&mut self) -> Result<Vec<HaveRow>, ApiError> {
        let seen = std::mem::take(&mut self.seen);
        if seen.is_empty() {
            return Ok(Vec::new());
        }
        let noted = have_of(self.session, &self.peer.name())?;
        let is_news = |(lane, at): &(Lane, Position)| at.counter > noted.counter(*lane);
        Ok(self.rows_of(&seen.iter().filter(is_news).collect()))
    }

    pub(super) fn save_cursor(&mut self, cursor: Cursor) -> Result<Performed, ApiError> {
        let begun = match self.told {
            Some(_) => None,
            None if !self.peer.is_server() => None,
            None => Some(Told::begin(cursor, self.session.host.now().unix_ms())),
        };
        let row = CursorRow {
            server: self.peer.name(),
            log_epoch: cursor.log_epoch.0,
            seq: cursor.mark.seq,
            chain: cursor.mark.chain.0,
        };
        let named = begun.iter().map(told_row).collect();
        let have = self.seen_rows()?;
        let receipt = Receipt { cursor: Some(row), named, have, ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()?;
        self.told = self.told.or(begun);
        Ok(Performed::Done)
    }
}
