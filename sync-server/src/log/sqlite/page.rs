//! Reads a log: pages, marks, the HAVE vector.

use rusqlite::{Connection, Row, params};
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::{Have, Lane, Position};
use sync::ids::{Chain, DeviceId, EnvelopeId};
use sync::log::{Page, PageQuery, Standing};
use sync::wire::Item;

use super::{Clinic, StepError, from_sql, to_sql};

pub(super) fn page(
    db: &Connection,
    clinic: &Clinic,
    query: &PageQuery<'_>,
) -> Result<Page, StepError> {
    let Clinic { number, bounds, keys_head, .. } = *clinic;
    let start = start(db, number, bounds.head, query.after)?;
    let mut page = Page {
        log_epoch: bounds.log_epoch,
        start,
        items: Vec::new(),
        end: start,
        head: bounds.head.seq,
        keys_head,
    };
    if query.items_max > 0 {
        fill(db, clinic, query, &mut page)?;
    }
    Ok(page)
}

pub(super) fn standing(db: &Connection, clinic: &Clinic, at: u64) -> Result<Standing, StepError> {
    let Clinic { number, bounds, keys_head, .. } = *clinic;
    let at = start(db, number, bounds.head, at)?;
    Ok(Standing { bounds, have: have(db, clinic)?, at, keys_head })
}

pub(super) fn have(db: &Connection, clinic: &Clinic) -> Result<Have, StepError> {
    let mut find =
        db.prepare_cached("SELECT device, generation, counter, id FROM lane WHERE clinic_no = ?1")?;
    let mut rows = find.query([clinic.number])?;
    let mut have = Have::new();
    while let Some(row) = rows.next()? {
        let lane = Lane { device: DeviceId(row.get(0)?), generation: row.get(1)? };
        let counter = from_sql(row.get(2)?)?;
        have.set(lane, Position { counter, id: EnvelopeId(row.get(3)?) });
    }
    Ok(have)
}

pub(super) fn mark((seq, chain): (i64, [u8; 32])) -> Result<Mark, StepError> {
    Ok(Mark { seq: from_sql(seq)?, chain: Chain(chain) })
}

fn start(db: &Connection, clinic: i64, head: Mark, after: u64) -> Result<Mark, StepError> {
    if after == 0 {
        return Ok(Mark::START);
    }
    if after >= head.seq {
        return Ok(head);
    }
    let mut find =
        db.prepare_cached("SELECT seq, chain FROM envelope WHERE clinic_no = ?1 AND seq = ?2")?;
    let found = find.query_row(params![clinic, to_sql(after)?], seq_and_chain)?;
    mark(found)
}

fn seq_and_chain(row: &Row<'_>) -> rusqlite::Result<(i64, [u8; 32])> {
    Ok((row.get(0)?, row.get(1)?))
}

const WARM: &str = "SELECT seq, chain, bytes FROM envelope
    WHERE clinic_no = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
const MAYBE_COLD: &str = "SELECT envelope.seq, chain, coalesce(cold_envelope.bytes, envelope.bytes)
    FROM envelope LEFT JOIN cold_envelope USING (clinic_no, seq)
    WHERE envelope.clinic_no = ?1 AND envelope.seq > ?2 ORDER BY envelope.seq LIMIT ?3";

fn fill(
    db: &Connection,
    clinic: &Clinic,
    query: &PageQuery<'_>,
    page: &mut Page,
) -> Result<(), StepError> {
    // Below the floor the bytes may lie apart.
    let below = page.start.seq < clinic.bounds.floor.seq;
    let mut find = db.prepare_cached(if below { MAYBE_COLD } else { WARM })?;
    let limit = i64::try_from(query.items_max).unwrap_or(i64::MAX);
    let mut rows = find.query(params![clinic.number, to_sql(page.start.seq)?, limit])?;
    let mut bytes: usize = 0;
    while let Some(row) = rows.next()? {
        let at = mark(seq_and_chain(row)?)?;
        if at.seq != page.end.seq.saturating_add(1) {
            return Err(StepError::Damaged);
        }
        let sealed = row.get_ref(2)?.as_blob().map_err(|_| StepError::Damaged)?;
        let item = Item::for_reader(&Envelope::from_bytes(sealed)?, query.skip);
        bytes = bytes.saturating_add(item.encoded_len());
        if bytes > query.bytes_max && !page.items.is_empty() {
            break;
        }
        page.items.push(item);
        page.end = at;
    }
    Ok(())
}
