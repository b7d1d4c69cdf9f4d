//! Floors in an exchange: proven, countersigned, and told to the server.

use super::{Desk, Exchanged};
use crate::{
    error::ToldResult,
    host::Host,
    sync::{
        coming,
        floor::{self, Known},
        held::{Arrived, close_gap, have_of, have_row},
        keys::clinic_of,
        names,
        seal::{Content, Opened, open_envelope},
    },
};
use api::ApiError;
use std::collections::BTreeMap;
use store::{NamedRow, Receipt, SELF};
use sync::{
    carrier::Carrier,
    check::Signers,
    codec::Canonical as _,
    cursor::Cursor,
    envelope::Envelope,
    ids::EnvelopeId,
    membership::Role,
    payload::{Floor, Payload},
    session::Alarm,
    wire::FloorPut,
};

/// What stands below a floor that is older may be kept apart, in milliseconds: 400 days.
const COLD_MS: i64 = 400 * 24 * 60 * 60 * 1000;

/// No floor is made for a shorter log: it is read in a moment.
const FLOOR_ENVELOPES_MIN: u64 = 16 * 1024;

/// Where a floor could not be made it is tried again once the log has grown by so many envelopes.
const FLOOR_AGAIN_AFTER: u64 = 1024;

/// An envelope of changes of one document, in bytes. One of many documents weighs as much as many.
const ENVELOPE_BYTES: u64 = 1024;

/// Whether a log that has grown by so many envelopes since the last floor is worth another. Every
/// computer reads every floor: its packs have some 2 KiB for each patient, an envelope of changes
/// about half of that. So a floor costs a quarter of what it spares who joins.
const fn is_long(since: u64, patients: u64) -> bool {
    since >= FLOOR_ENVELOPES_MIN && since >= patients.saturating_mul(8)
}

impl<H: Host> Desk<'_, '_, H> {
    /// After which place a floor of the peer's log is begun at: of the server's, after one that
    /// nobody vouched for.
    pub(super) fn floors_after(&self) -> Result<u64, ApiError> {
        if !self.peer.is_server() {
            return Ok(u64::MAX);
        }
        let doubted = self.session.open.store.named(names::FLOOR_DOUBTED).told()?;
        let doubted = doubted.and_then(|bytes| Cursor::from_bytes(&bytes).ok());
        Ok(doubted.map_or(0, |doubted| doubted.mark.seq))
    }

    /// Counts as held what a floor covers, where one is proven by now.
    pub(super) fn prove_floors(&mut self) -> Result<(), ApiError> {
        let jumped = floor::jumped(self.session)?;
        let all = floor::known(self.session)?;
        // The server's word on where the floor stands is held against that of two computers.
        let is_begun_at = |known: &&Known| {
            let is_there = jumped.is_some_and(|jumped| known.floor.at().mark == jumped.mark);
            is_there && known.is_vouched_for()
        };
        let begun_at: Vec<&Known> = all.iter().filter(is_begun_at).collect();
        for known in &all {
            let reached = begun_at.iter().find(|begun| covers(&known.floor, &begun.floor));
            let brings = !known.floor.have().beyond(&self.have).is_empty();
            if !(brings || reached.is_some()) || !known.is_proven(self.session)? {
                continue;
            }
            self.raise_to(&known.floor)?;
            if let Some(begun) = reached {
                floor::note_proven(self.session, known.floor.at())?;
                if self.peer.is_server() {
                    self.see_covered(&begun.floor);
                }
            }
        }
        Ok(())
    }

    /// The server's log stands above the floor it was read from: it holds what is below. Of a later one
    /// it may hold nothing, where it was put back from a copy.
    fn see_covered(&mut self, floor: &Floor) {
        let own = self.keys.device;
        let others = floor.have().iter().filter(|(lane, _)| lane.device != own);
        for (lane, at) in others {
            if at.counter > self.seen.counter(lane) && at.counter <= self.have.counter(lane) {
                self.seen.set(lane, at);
            }
        }
    }

    fn raise_to(&mut self, floor: &Floor) -> Result<(), ApiError> {
        let mut base = floor::base(self.session)?;
        let grown = base.raise(&mut self.have, floor);
        if grown.is_empty() {
            return Ok(());
        }
        for lane in &grown {
            close_gap(self.session, &self.keys.members, &mut self.have, *lane)?;
        }
        let here = |lane| Some(have_row(SELF, lane, self.have.get(lane)?));
        let have = grown.into_iter().filter_map(here).collect();
        let receipt = Receipt { have, named: vec![floor::base_row(&base)], ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()
    }

    /// What is to be done about floors once everything was exchanged with the server. What the
    /// server makes of it fails no exchange.
    pub(super) fn tend_floors(
        mut self,
        carrier: &mut dyn Carrier,
        mut exchanged: Exchanged,
    ) -> Result<Exchanged, ApiError> {
        if exchanged.summary.failure.is_some() {
            return Ok(exchanged);
        }
        coming::follow_floor(self.session)?;
        if self.doubt_floor()? {
            exchanged.alarms.push(Alarm::FloorUnproven);
            return Ok(exchanged.and(self.run(carrier)?));
        }
        if self.alone(Self::countersign_floors)? {
            exchanged = exchanged.and(self.run(carrier)?);
        }
        if let Some((put, id)) = self.floor_to_put(exchanged.summary.floor)?
            && carrier.raise_floor(&put).is_ok()
            && put.cold
        {
            let told = NamedRow { name: format!("{}{id}", names::COLD), bytes: Vec::new() };
            self.session.open.store.put_named(&[told]).told()?;
        }
        let head = exchanged.summary.head;
        if self.is_floor_due(head)? {
            if self.alone(|desk| floor::make_floor(desk, head))?.is_some() {
                exchanged = exchanged.and(self.run(carrier)?);
            } else {
                self.put_off_floor(head)?;
            }
        }
        Ok(exchanged)
    }

    /// Notes that no floor could be made at a place: looking through every document for it again and
    /// again would hold up every exchange.
    fn put_off_floor(&self, head: u64) -> Result<(), ApiError> {
        let until = head.saturating_add(FLOOR_AGAIN_AFTER).to_be_bytes().to_vec();
        let row = NamedRow { name: names::FLOOR_PUT_OFF.to_owned(), bytes: until };
        self.session.open.store.put_named(&[row]).told()
    }

    /// Whether that was so not long ago; of a log that was replaced since it says nothing.
    fn is_floor_put_off(&self, head: u64) -> Result<bool, ApiError> {
        let kept = self.session.open.store.named(names::FLOOR_PUT_OFF).told()?;
        let until = kept.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
        Ok((until.saturating_sub(FLOOR_AGAIN_AFTER)..until).contains(&head))
    }

    /// Whether this computer is to make a floor: the log has grown long since the last, or the server
    /// lacks what a floor covers here, so that nobody else can give it.
    fn is_floor_due(&self, head: u64) -> Result<bool, ApiError> {
        let me = self.keys.members.device(self.keys.device);
        let (Some(cursor), Some(Role::Admin)) = (self.cursor()?, me.map(|me| me.role)) else {
            return Ok(false);
        };
        let mut known = floor::known(self.session)?.into_iter();
        let last = known.rfind(|known| known.floor.at().log_epoch == cursor.log_epoch);
        let since = head.saturating_sub(last.as_ref().map_or(0, |last| last.floor.at().mark.seq));
        let weight = floor::bytes_since(self.session, last.as_ref())? / ENVELOPE_BYTES;
        let since = since.max(weight);
        if since >= FLOOR_ENVELOPES_MIN {
            let counts = self.session.open.store.counts().told()?;
            return Ok(is_long(since, counts.patients) && !self.is_floor_put_off(head)?);
        }
        if last.is_some() {
            return Ok(false);
        }
        let noted = have_of(self.session, &self.peer.name())?;
        Ok(!floor::base(self.session)?.have().beyond(&noted).is_empty())
    }

    /// Where the log was read from a floor to its end, and nobody vouched for it: it is read from
    /// its start from now on.
    fn doubt_floor(&self) -> Result<bool, ApiError> {
        let Some(jumped) = floor::jumped(self.session)? else { return Ok(false) };
        if coming::left(self.session)?.is_some() {
            // It can be proven once what was left is here, or never.
            if floor::is_vouched_at(self.session, jumped)? {
                return Ok(false);
            }
            coming::note_left(self.session, None)?;
        }
        let store = &self.session.open.store;
        store.remove_named(names::JUMPED).told()?;
        let is_there = self.cursor()?.is_some_and(|cursor| {
            cursor.log_epoch == jumped.log_epoch && cursor.mark.seq >= jumped.mark.seq
        });
        if is_there {
            let bytes = jumped.to_bytes();
            let row = NamedRow { name: names::FLOOR_DOUBTED.to_owned(), bytes };
            store.forget_cursor(&self.peer.name(), &row).told()?;
        }
        Ok(is_there)
    }

    /// Says of floors of others that they are so, where they are and nobody else said it yet.
    fn countersign_floors(&mut self) -> Result<bool, ApiError> {
        let mut signed = false;
        for known in floor::known(self.session)? {
            let Known { id, by, floor, countersigned } = known;
            let needs_us = by != self.keys.device && countersigned.iter().all(|(it, _)| *it == by);
            let refused = format!("{}{id}", names::REFUSED);
            if !needs_us || self.session.open.store.named(&refused).told()?.is_some() {
                continue;
            }
            match floor::is_so(self, &floor)? {
                Some(true) => {}
                Some(false) => {
                    tracing::warn!("a floor of another computer lacks what is here");
                    let row = NamedRow { name: refused, bytes: Vec::new() };
                    self.session.open.store.put_named(&[row]).told()?;
                    continue;
                }
                None => continue,
            }
            let device = self.keys.device;
            let row = |envelope: &Envelope| Some(floor::countersign_row(id, device, envelope.id()));
            self.seal_with(&Payload::Countersign(id), row)?;
            signed = true;
        }
        Ok(signed)
    }

    /// What to tell a server that knows of a floor at `there`: of a later one that is proven, or
    /// that what is below it may be kept apart.
    fn floor_to_put(&self, there: u64) -> Result<Option<(FloorPut, EnvelopeId)>, ApiError> {
        for known in floor::known(self.session)?.into_iter().rev() {
            let Known { id, by, floor, countersigned } = &known;
            let Some((_, countersign)) = countersigned.iter().find(|(device, _)| device != by)
            else {
                continue;
            };
            let told = self.session.open.store.named(&format!("{}{id}", names::COLD)).told()?;
            let cold = told.is_none() && self.may_be_cold(floor)?;
            let mark = floor.at().mark;
            if mark.seq <= there && !cold {
                return Ok(None);
            }
            if known.is_proven(self.session)? {
                let (clinic, snapshot, countersign) = (clinic_of(self.session), *id, *countersign);
                return Ok(Some((FloorPut { clinic, mark, snapshot, countersign, cold }, *id)));
            }
        }
        Ok(None)
    }

    /// Whether a floor is old, or every computer of the clinic told that it has read up to it.
    fn may_be_cold(&self, floor: &Floor) -> Result<bool, ApiError> {
        let age_ms = self.session.host.now().unix_ms().saturating_sub(floor.made_at_ms());
        if age_ms >= COLD_MS {
            return Ok(true);
        }
        let told = self.session.open.store.named_with_prefix(names::READ_BY).told()?;
        let read: BTreeMap<_, _> = told.iter().filter_map(floor::read_by).collect();
        let has_read = |device| {
            device == self.keys.device
                || read.get(&device).is_some_and(|saw| {
                    saw.log_epoch == floor.at().log_epoch && saw.mark.seq >= floor.at().mark.seq
                })
        };
        let mut computers = self.keys.members.active().filter(|(_, member)| !member.is_kit);
        Ok(computers.all(|(device, _)| has_read(device)))
    }

    /// Seals what belongs to a floor, durably.
    pub(in crate::sync) fn seal_of_floor(
        &mut self,
        payload: &Payload,
    ) -> Result<Envelope, ApiError> {
        let (members, device) = (self.keys.members.clone(), self.keys.device);
        self.seal_with(payload, |envelope| match payload {
            Payload::Floor(floor) => floor::floor_row(&members, envelope.id(), device, floor),
            Payload::Changes { .. }
            | Payload::Abridged { .. }
            | Payload::Part { .. }
            | Payload::Checkpoint(_)
            | Payload::Pack(_)
            | Payload::Batches(_)
            | Payload::Countersign(_)
            | Payload::Notice(_)
            | Payload::Outline(_)
            | Payload::People(_) => None,
        })
    }

    /// What an envelope that is held brought; `None` where it is not, or does not open.
    pub(in crate::sync) fn open_held(
        &mut self,
        id: EnvelopeId,
    ) -> Result<Option<Opened>, ApiError> {
        let Some(row) = self.session.open.store.envelope(&id.0).told()? else { return Ok(None) };
        let Ok(envelope) = Envelope::from_bytes(&row.bytes) else { return Ok(None) };
        let arrived = Arrived::of(&envelope, &mut Signers::of(&self.keys.members));
        let opened = open_envelope(self.session, &self.keys, &mut self.document_keys, arrived)?;
        Ok(opened.ok())
    }

    /// Whether an envelope holds a part of a change that is not its last.
    pub(in crate::sync) fn is_unfinished_part(&mut self, id: EnvelopeId) -> Result<bool, ApiError> {
        Ok(match self.open_held(id)? {
            Some(Opened::Content(_, Content::Part { part, parts, .. })) => part + 1 < parts,
            Some(
                Opened::Content(_, Content::Changes(_))
                | Opened::Checkpoint(_)
                | Opened::Pack(_)
                | Opened::Batches(..)
                | Opened::Floor(_)
                | Opened::Countersign(_)
                | Opened::Notice(_)
                | Opened::Outline(_)
                | Opened::People(_),
            )
            | None => false,
        })
    }
}

/// Whether a floor covers all that another does: by its place alone it may be of what the log was before
/// it was put back from a copy.
fn covers(floor: &Floor, other: &Floor) -> bool {
    let is_as_late = floor.at().mark.seq >= other.at().mark.seq;
    is_as_late && other.have().beyond(floor.have()).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_worth_its_packs() {
        let check = |since, patients, expected| {
            assert_eq!(is_long(since, patients), expected, "{since} {patients}");
        };
        check(0, 0, false);
        check(FLOOR_ENVELOPES_MIN - 1, 10, false);
        check(FLOOR_ENVELOPES_MIN, 10, true);
        check(FLOOR_ENVELOPES_MIN, 2048, true);
        check(FLOOR_ENVELOPES_MIN, 2049, false);
        check(80_000, 10_000, true);
    }
}
