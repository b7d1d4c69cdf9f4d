//! Writes envelopes: the verdict of each, the counter row and the chain in one transaction.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Connection, OptionalExtension, params};
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::Lane;
use sync::ids::{DeviceId, EnvelopeId};
use sync::log::{LaneCounts, LaneState, Placement, place};
use sync::wire::{Refused, Verdict};

use super::{Clinic, StepError, from_sql, to_sql};
use crate::quota::Usage;

pub(super) fn append(
    db: &Connection,
    clinic: &Clinic,
    envelopes: &[Envelope],
) -> Result<Vec<Verdict>, StepError> {
    let mut tail = Tail { head: clinic.bounds.head, bytes: clinic.bytes };
    let mut lanes = Lanes { db, clinic: clinic.number, ends: BTreeMap::new(), counts: None };
    let verdicts = envelopes
        .iter()
        .map(|envelope| append_one(&mut lanes, &mut tail, envelope))
        .collect::<Result<_, _>>()?;
    if tail.head != clinic.bounds.head {
        let usage = Usage { bytes: tail.bytes, envelopes: tail.head.seq };
        if !clinic.quota.allows(usage) {
            return Err(StepError::OverQuota);
        }
        lanes.keep_moved()?;
        move_head(db, clinic.number, &tail)?;
    }
    Ok(verdicts)
}

/// The end of a log as it grows.
struct Tail {
    head: Mark,
    /// Of everything the clinic keeps.
    bytes: u64,
}

/// The lanes of one push as they grow: each is read once.
struct Lanes<'c> {
    db: &'c Connection,
    clinic: i64,
    ends: BTreeMap<Lane, End>,
    /// How many there are of each device, once one begins.
    counts: Option<LaneCounts>,
}

/// Where a lane ends.
#[derive(Default)]
struct End {
    counter: u64,
    /// Of the envelopes at that counter.
    ids: Vec<[u8; 32]>,
    /// Whether it is further than is kept.
    moved: bool,
}

fn append_one(
    lanes: &mut Lanes<'_>,
    tail: &mut Tail,
    envelope: &Envelope,
) -> Result<Verdict, StepError> {
    let (db, clinic, counter) = (lanes.db, lanes.clinic, envelope.header().counter);
    let end = lanes.end(envelope.header().lane())?;
    // What goes on is not held: all that is held of the lane stands at its end or before.
    let goes_on = counter == end.counter.saturating_add(1);
    if !goes_on && let Some(seq) = place_of(db, clinic, envelope.id())? {
        return Ok(Verdict::Duplicate { seq });
    }
    let lane = if goes_on {
        let prev_held = end.ids.contains(&envelope.header().prev_id.0);
        let last = end.counter;
        let may_begin = !LaneState::begins(last, envelope) || lanes.may_begin(envelope)?;
        LaneState { last, at_counter: 0, prev_held, may_begin }
    } else {
        lane_state(db, clinic, envelope, end.counter)?
    };
    let placement = place(envelope, &lane);
    match placement {
        Placement::Next | Placement::Fork => {
            tail.head = tail.head.then(envelope.id());
            tail.bytes = tail.bytes.saturating_add(insert(db, clinic, tail.head, envelope)?);
            lanes.take(envelope)?;
            let seq = tail.head.seq;
            let forked = placement == Placement::Fork;
            Ok(if forked { Verdict::Forked { seq } } else { Verdict::Stored { seq } })
        }
        Placement::Gap => Ok(Verdict::Gap { have: lane.last }),
        Placement::TooManyForks => Ok(Verdict::Refused(Refused::TooManyForks)),
    }
}

impl Lanes<'_> {
    fn end(&mut self, lane: Lane) -> Result<&mut End, StepError> {
        match self.ends.entry(lane) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(read_end(self.db, self.clinic, lane)?)),
        }
    }

    /// Whether the device of an envelope may begin one more.
    fn may_begin(&mut self, envelope: &Envelope) -> Result<bool, StepError> {
        let device = envelope.header().device;
        if let Some(counts) = &self.counts {
            return Ok(counts.may_begin(device));
        }
        let counts = self.counts.insert(read_counts(self.db, self.clinic)?);
        Ok(counts.may_begin(device))
    }

    /// Goes on with what is stored.
    fn take(&mut self, envelope: &Envelope) -> Result<(), StepError> {
        let end = self.end(envelope.header().lane())?;
        let begins = LaneState::begins(end.counter, envelope);
        end.take(envelope);
        if let Some(counts) = self.counts.as_mut().filter(|_| begins) {
            counts.begin(envelope.header().device);
        }
        Ok(())
    }

    fn keep_moved(&self) -> Result<(), StepError> {
        for (lane, end) in self.ends.iter().filter(|(_, end)| end.moved) {
            move_lane(self.db, self.clinic, *lane, end)?;
        }
        Ok(())
    }
}

impl End {
    fn take(&mut self, envelope: &Envelope) {
        let counter = envelope.header().counter;
        if counter > self.counter {
            *self = Self { counter, ids: vec![envelope.id().0], moved: true };
        } else if counter == self.counter {
            self.ids.push(envelope.id().0);
        }
    }
}

fn read_end(db: &Connection, clinic: i64, lane: Lane) -> Result<End, StepError> {
    let mut find = db.prepare_cached(
        "SELECT counter FROM lane WHERE clinic_no = ?1 AND device = ?2 AND generation = ?3",
    )?;
    let key = params![clinic, lane.device.as_bytes(), lane.generation];
    let Some(counter) = find.query_row(key, |row| row.get(0)).optional()? else {
        return Ok(End::default());
    };
    let counter = from_sql(counter)?;
    Ok(End { counter, ids: ids_at(db, clinic, lane, counter)?, moved: false })
}

/// How many lanes of each device are kept.
fn read_counts(db: &Connection, clinic: i64) -> Result<LaneCounts, StepError> {
    let mut find = db
        .prepare_cached("SELECT device, count(*) FROM lane WHERE clinic_no = ?1 GROUP BY device")?;
    let counts = find.query_map(params![clinic], |row| {
        let many: u32 = row.get(1)?;
        Ok((DeviceId(row.get(0)?), usize::try_from(many).unwrap_or(usize::MAX)))
    })?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn place_of(db: &Connection, clinic: i64, id: EnvelopeId) -> Result<Option<u64>, StepError> {
    let mut find =
        db.prepare_cached("SELECT seq FROM envelope WHERE clinic_no = ?1 AND id = ?2")?;
    let seq = find.query_row(params![clinic, id.as_bytes()], |row| row.get(0)).optional()?;
    seq.map(from_sql).transpose()
}

fn lane_state(
    db: &Connection,
    clinic: i64,
    envelope: &Envelope,
    last: u64,
) -> Result<LaneState, StepError> {
    let header = envelope.header();
    if header.counter > last {
        // A gap whatever else is held; the counter may be more than the file can number.
        return Ok(LaneState { last, at_counter: 0, prev_held: false, may_begin: true });
    }
    let before = ids_at(db, clinic, header.lane(), header.counter.saturating_sub(1))?;
    let at_counter = ids_at(db, clinic, header.lane(), header.counter)?.len();
    let prev_held = before.contains(&header.prev_id.0);
    Ok(LaneState { last, at_counter, prev_held, may_begin: true })
}

fn ids_at(
    db: &Connection,
    clinic: i64,
    lane: Lane,
    counter: u64,
) -> Result<Vec<[u8; 32]>, StepError> {
    let mut find = db.prepare_cached(
        "SELECT id FROM envelope
         WHERE clinic_no = ?1 AND device = ?2 AND generation = ?3 AND counter = ?4",
    )?;
    let key = params![clinic, lane.device.as_bytes(), lane.generation, to_sql(counter)?];
    let ids = find.query_map(key, |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// Answers with how many bytes it has.
fn insert(db: &Connection, clinic: i64, at: Mark, envelope: &Envelope) -> Result<u64, StepError> {
    let (header, bytes) = (envelope.header(), envelope.to_bytes());
    let mut insert = db.prepare_cached(
        "INSERT INTO envelope (clinic_no, seq, id, device, generation, counter, chain, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        clinic,
        to_sql(at.seq)?,
        envelope.id().as_bytes(),
        header.device.as_bytes(),
        header.generation,
        to_sql(header.counter)?,
        at.chain.as_bytes(),
        bytes,
    ])?;
    u64::try_from(bytes.len()).map_err(|_| StepError::Overflow)
}

fn move_lane(db: &Connection, clinic: i64, lane: Lane, end: &End) -> Result<(), StepError> {
    let mut update = db.prepare_cached(
        "INSERT INTO lane (clinic_no, device, generation, counter, id)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (clinic_no, device, generation)
         DO UPDATE SET counter = excluded.counter, id = excluded.id",
    )?;
    let Some(first) = end.ids.first() else { return Ok(()) };
    let counter = to_sql(end.counter)?;
    update.execute(params![clinic, lane.device.as_bytes(), lane.generation, counter, first])?;
    Ok(())
}

fn move_head(db: &Connection, clinic: i64, tail: &Tail) -> Result<(), StepError> {
    let mut update = db.prepare_cached(
        "UPDATE clinic SET head = ?2, chain = ?3, bytes = ?4 WHERE clinic_no = ?1",
    )?;
    let Tail { head, bytes } = tail;
    update.execute(params![clinic, to_sql(head.seq)?, head.chain.as_bytes(), to_sql(*bytes)?])?;
    Ok(())
}
