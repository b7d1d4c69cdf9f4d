//! Envelopes: the headers and ids of all, the bytes of those that may be asked for again.

use crate::{
    error::Result,
    sql::{all, count, one, run, sql, unsql},
    transaction::Tx,
};
use rusqlite::{Connection, Row};

/// One sealed envelope, its own or another device's. The store knows no more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRow {
    /// `SHA-256(header ‖ ciphertext)`.
    pub id: [u8; 32],
    /// The device that sealed it.
    pub device: [u8; 16],
    /// Which of the device's sequences.
    pub generation: u32,
    /// Its place in that sequence, from 1.
    pub counter: u64,
    /// The whole envelope; empty when only its header was kept.
    pub bytes: Vec<u8>,
}

/// Keeps an envelope; returns whether it was new.
pub(crate) fn keep(tx: &mut Tx<'_>, row: &EnvelopeRow) -> Result<bool> {
    let text = "INSERT OR IGNORE INTO envelope (id, device, generation, counter, bytes)
                VALUES (?1, ?2, ?3, ?4, ?5)";
    let counter = sql(row.counter);
    let is_new = run(tx.db, text, (row.id, row.device, row.generation, counter, &row.bytes))? == 1;
    if is_new {
        tx.mark.tally.add(&[b"envelope", &row.id]);
    }
    Ok(is_new)
}

/// Whether an envelope is known.
pub(crate) fn is_known(db: &Connection, id: &[u8; 32]) -> Result<bool> {
    Ok(one(db, "SELECT 1 FROM envelope WHERE id = ?1", [id], |_| Ok(()))?.is_some())
}

/// An envelope by its id.
pub(crate) fn find(db: &Connection, id: &[u8; 32]) -> Result<Option<EnvelopeRow>> {
    let text = "SELECT id, device, generation, counter, bytes FROM envelope WHERE id = ?1";
    one(db, text, [id], read)
}

/// Envelopes of a device's sequence after a counter, in order; two with one counter are both
/// given, by id.
pub(crate) fn of_lane(
    db: &Connection,
    device: &[u8; 16],
    generation: u32,
    after: u64,
    limit: u32,
) -> Result<Vec<EnvelopeRow>> {
    let text = "SELECT id, device, generation, counter, bytes FROM envelope
                WHERE device = ?1 AND generation = ?2 AND counter > ?3
                ORDER BY counter, id LIMIT ?4";
    all(db, text, (device, generation, sql(after), limit), read)
}

/// The counters of a device's sequence after one and up to another of which an envelope is known,
/// in order.
pub(crate) fn counters(
    db: &Connection,
    (device, generation): (&[u8; 16], u32),
    (after, through): (u64, u64),
    limit: u32,
) -> Result<Vec<u64>> {
    let text = "SELECT DISTINCT counter FROM envelope
                WHERE device = ?1 AND generation = ?2 AND counter > ?3 AND counter <= ?4
                ORDER BY counter LIMIT ?5";
    let bounds = (device, generation, sql(after), sql(through), limit);
    all(db, text, bounds, |row| Ok(unsql(row.get(0)?)))
}

/// The last counter that is known of every device's every sequence, whatever is missing before it.
pub(crate) fn ends(db: &Connection) -> Result<Vec<([u8; 16], u32, u64)>> {
    let text = "SELECT device, generation, max(counter) FROM envelope GROUP BY device, generation";
    all(db, text, [], |row| Ok((row.get(0)?, row.get(1)?, unsql(row.get(2)?))))
}

/// How many there are.
pub(crate) fn len(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM envelope", [])
}

fn read(row: &Row<'_>) -> rusqlite::Result<EnvelopeRow> {
    Ok(EnvelopeRow {
        id: row.get(0)?,
        device: row.get(1)?,
        generation: row.get(2)?,
        counter: unsql(row.get(3)?),
        bytes: row.get(4)?,
    })
}
