//! Writes envelopes: the verdict of each, the counter row and the chain in one transaction.

use rusqlite::{Connection, OptionalExtension, params};
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::ids::EnvelopeId;
use sync::log::{LaneState, Placement, place};
use sync::wire::{Refused, Verdict};

use super::{Clinic, StepError, from_sql, to_sql};
use crate::quota::Usage;

pub(super) fn append(
    db: &Connection,
    clinic: &Clinic,
    envelopes: &[Envelope],
) -> Result<Vec<Verdict>, StepError> {
    let mut tail = Tail { head: clinic.bounds.head, bytes: clinic.bytes };
    let verdicts = envelopes
        .iter()
        .map(|envelope| append_one(db, clinic.number, &mut tail, envelope))
        .collect::<Result<_, _>>()?;
    if tail.head != clinic.bounds.head {
        let usage = Usage { bytes: tail.bytes, envelopes: tail.head.seq };
        if !clinic.quota.allows(usage) {
            return Err(StepError::OverQuota);
        }
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

fn append_one(
    db: &Connection,
    clinic: i64,
    tail: &mut Tail,
    envelope: &Envelope,
) -> Result<Verdict, StepError> {
    if let Some(seq) = place_of(db, clinic, envelope.id())? {
        return Ok(Verdict::Duplicate { seq });
    }
    let lane = lane_state(db, clinic, envelope)?;
    let placement = place(envelope, &lane);
    match placement {
        Placement::Next | Placement::Fork => {
            tail.head = tail.head.then(envelope.id());
            tail.bytes = tail.bytes.saturating_add(insert(db, clinic, tail.head, envelope)?);
            if envelope.header().counter > lane.last {
                move_lane(db, clinic, envelope)?;
            }
            let seq = tail.head.seq;
            let forked = placement == Placement::Fork;
            Ok(if forked { Verdict::Forked { seq } } else { Verdict::Stored { seq } })
        }
        Placement::Gap => Ok(Verdict::Gap { have: lane.last }),
        Placement::TooManyForks => Ok(Verdict::Refused(Refused::TooManyForks)),
    }
}

fn place_of(db: &Connection, clinic: i64, id: EnvelopeId) -> Result<Option<u64>, StepError> {
    let mut find =
        db.prepare_cached("SELECT seq FROM envelope WHERE clinic_no = ?1 AND id = ?2")?;
    let seq = find.query_row(params![clinic, id.as_bytes()], |row| row.get(0)).optional()?;
    seq.map(from_sql).transpose()
}

fn lane_state(db: &Connection, clinic: i64, envelope: &Envelope) -> Result<LaneState, StepError> {
    let header = envelope.header();
    let mut find = db.prepare_cached(
        "SELECT counter FROM lane WHERE clinic_no = ?1 AND device = ?2 AND generation = ?3",
    )?;
    let key = params![clinic, header.device.as_bytes(), header.generation];
    let last = find.query_row(key, |row| row.get(0)).optional()?;
    let last = last.map_or(Ok(0), from_sql)?;
    let next = last.saturating_add(1);
    if header.counter > next {
        // A gap whatever else is held; the counter may be more than the file can number.
        return Ok(LaneState { last, at_counter: 0, prev_held: false });
    }
    let before = ids_at(db, clinic, envelope, header.counter.saturating_sub(1))?;
    let at_counter = ids_at(db, clinic, envelope, header.counter)?.len();
    Ok(LaneState { last, at_counter, prev_held: before.contains(&header.prev_id.0) })
}

fn ids_at(
    db: &Connection,
    clinic: i64,
    envelope: &Envelope,
    counter: u64,
) -> Result<Vec<[u8; 32]>, StepError> {
    let header = envelope.header();
    let mut find = db.prepare_cached(
        "SELECT id FROM envelope
         WHERE clinic_no = ?1 AND device = ?2 AND generation = ?3 AND counter = ?4",
    )?;
    let key = params![clinic, header.device.as_bytes(), header.generation, to_sql(counter)?];
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

fn move_lane(db: &Connection, clinic: i64, envelope: &Envelope) -> Result<(), StepError> {
    let header = envelope.header();
    let mut update = db.prepare_cached(
        "INSERT INTO lane (clinic_no, device, generation, counter, id)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (clinic_no, device, generation)
         DO UPDATE SET counter = excluded.counter, id = excluded.id",
    )?;
    update.execute(params![
        clinic,
        header.device.as_bytes(),
        header.generation,
        to_sql(header.counter)?,
        envelope.id().as_bytes(),
    ])?;
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
