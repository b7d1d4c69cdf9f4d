//! What an exchange brings: membership, keys, envelopes, and how far the log was read.

use super::{Desk, Performed};
use crate::{
    error::ToldResult,
    host::Host,
    sync::{
        checkpoints::{self, told_row},
        keys::device_of,
        names,
        receive::{receive, recheck},
    },
};
use api::ApiError;
use store::{CursorRow, HaveRow, NamedRow, Receipt};
use sync::{
    checkpoint::{Passed, Told},
    cursor::Cursor,
    envelope::Envelope,
    have::Have,
    ids::LogEpoch,
    membership::{EntryError, MembersHead, SignedEntry},
    session::{Alarm, SyncEvent},
    wire::{Brief, WrappedKey},
};

impl<H: Host> Desk<'_, '_, H> {
    pub(super) fn store_members(&mut self, entries: &[SignedEntry]) -> Result<SyncEvent, ApiError> {
        let stored: Result<MembersHead, EntryError> = match self.keys.take_entries(entries) {
            Ok(rows) => {
                self.session.open.store.put_named(&rows).told()?;
                self.recheck()?;
                Ok(self.keys.members.head())
            }
            Err(error) => Err(error),
        };
        Ok(SyncEvent::MembersStored(stored))
    }

    pub(super) fn store_keys(
        &mut self,
        keys: &[WrappedKey],
        log_epoch: LogEpoch,
        through: u64,
    ) -> Result<(), ApiError> {
        let mut rows: Vec<NamedRow> = keys.iter().map(names::key_row).collect();
        let bytes = [&log_epoch.0[..], &through.to_be_bytes()[..]].concat();
        rows.push(NamedRow { name: names::KEYS_READ.to_owned(), bytes });
        self.session.open.store.put_named(&rows).told()?;
        self.recheck()
    }

    /// What waited for membership entries or keys may come in now.
    fn recheck(&mut self) -> Result<(), ApiError> {
        self.document_keys.clear();
        let place = checkpoints::place(self.cursor()?);
        let found =
            recheck(self.session, &self.keys, &mut self.document_keys, &mut self.have, &place)?;
        self.alarms.extend(found.forks.into_iter().map(|lane| Alarm::Forked { lane }));
        self.alarms.extend(found.differing.into_iter().map(Alarm::HistoriesDiffer));
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        envelopes: &[Envelope],
        held: &[Brief],
        passed: &Passed,
    ) -> Result<SyncEvent, ApiError> {
        let met = match checkpoints::count(envelopes) {
            0 => None,
            count => self.told.map(|told| told.met(count)),
        };
        let found = receive(
            self.session,
            &self.keys,
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
            all_held &= self.session.open.store.knows_envelope(&brief.position.id.0).told()?;
        }
        Ok(SyncEvent::Received { all_held, forks: found.forks, differing: found.differing })
    }

    /// Notes what the server has of this computer. Of others it is told when it is asked.
    pub(super) fn acknowledge(&self, names: &[Brief]) -> Result<Performed, ApiError> {
        let own = device_of(self.session);
        let last: Have = names
            .iter()
            .filter(|name| name.lane.device == own)
            .map(|name| (name.lane, name.position))
            .collect();
        let have = last.iter().map(|(lane, position)| HaveRow {
            peer: self.server.clone(),
            device: lane.device.0,
            generation: lane.generation,
            counter: position.counter,
            id: position.id.0,
        });
        let receipt = Receipt { have: have.collect(), ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()?;
        Ok(Performed::Done)
    }

    pub(super) fn save_cursor(&mut self, cursor: Cursor) -> Result<Performed, ApiError> {
        let begun = match self.told {
            Some(_) => None,
            None => Some(Told::begin(cursor, self.session.host.now().unix_ms())),
        };
        let row = CursorRow {
            server: self.server.clone(),
            log_epoch: cursor.log_epoch.0,
            seq: cursor.mark.seq,
            chain: cursor.mark.chain.0,
        };
        let named = begun.iter().map(told_row).collect();
        let receipt = Receipt { cursor: Some(row), named, ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()?;
        self.told = self.told.or(begun);
        Ok(Performed::Done)
    }
}
