//! What this computer serves to others of its clinic: envelopes and wrapped keys, each in the
//! order in which they came here.

use crate::{
    error::Result,
    sql::{all, count, one, run, sql, unsql},
    tables::named::NamedRow,
};
use rusqlite::Connection;

/// The running hash after one more envelope, of the one before and the envelope's id.
pub type ChainStep<'a> = &'a (dyn Fn(&[u8; 32], &[u8; 32]) -> [u8; 32] + Sync);

/// An envelope at its place in the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedRow {
    /// Its place, from 1, without holes.
    pub seq: u64,
    /// The running hash over the ids up to it.
    pub chain: [u8; 32],
    /// The whole envelope.
    pub bytes: Vec<u8>,
}

/// How many envelopes have come, and the running hash as far as it was worked out.
pub(crate) fn head(db: &Connection) -> Result<(u64, u64, Option<[u8; 32]>)> {
    let all = count(db, "SELECT coalesce(max(ord), 0) FROM envelope", [])?;
    let text = "SELECT envelope, chain FROM envelope_chain ORDER BY envelope DESC LIMIT 1";
    let last = one(db, text, [], |row| Ok((unsql(row.get(0)?), row.get(1)?)))?;
    Ok((all, last.map_or(0, |(seq, _)| seq), last.map(|(_, chain)| chain)))
}

/// Works out the running hash of at most `limit` more; answers whether there was any.
pub(crate) fn extend(
    db: &Connection,
    start: [u8; 32],
    step: ChainStep<'_>,
    limit: u32,
) -> Result<bool> {
    let (_, last, chain) = head(db)?;
    let text = "SELECT ord, id FROM envelope WHERE ord > ?1 ORDER BY ord LIMIT ?2";
    let rows: Vec<(i64, [u8; 32])> =
        all(db, text, (sql(last), limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut chain = chain.unwrap_or(start);
    for (ord, id) in &rows {
        chain = step(&chain, id);
        run(db, "INSERT INTO envelope_chain (envelope, chain) VALUES (?1, ?2)", (ord, chain))?;
    }
    Ok(!rows.is_empty())
}

/// The running hash at a place.
pub(crate) fn chain_at(db: &Connection, seq: u64) -> Result<Option<[u8; 32]>> {
    let text = "SELECT chain FROM envelope_chain WHERE envelope = ?1";
    one(db, text, [sql(seq)], |row| row.get(0))
}

/// The place of an envelope.
pub(crate) fn seq_of(db: &Connection, id: &[u8; 32]) -> Result<Option<u64>> {
    one(db, "SELECT ord FROM envelope WHERE id = ?1", [id], |row| Ok(unsql(row.get(0)?)))
}

/// The last place there is, and the bytes of the envelopes after another, of each no more than `most`.
pub(crate) fn bytes_after(db: &Connection, seq: u64, most: u32) -> Result<(u64, u64)> {
    let text = "SELECT coalesce(max(ord), ?1), coalesce(sum(min(length(bytes), ?2)), 0)
                FROM envelope WHERE ord > ?1";
    let sums = one(db, text, (sql(seq), most), |row| Ok((unsql(row.get(0)?), unsql(row.get(1)?))))?;
    Ok(sums.unwrap_or((seq, 0)))
}

/// Envelopes after a place, as far as the running hash was worked out.
pub(crate) fn after(db: &Connection, seq: u64, limit: u32) -> Result<Vec<ServedRow>> {
    let text = "SELECT e.ord, c.chain, e.bytes FROM envelope e
                JOIN envelope_chain c ON c.envelope = e.ord
                WHERE e.ord > ?1 ORDER BY e.ord LIMIT ?2";
    all(db, text, (sql(seq), limit), |row| {
        Ok(ServedRow { seq: unsql(row.get(0)?), chain: row.get(1)?, bytes: row.get(2)? })
    })
}

/// The last place among the wrapped keys.
pub(crate) fn keys_head(db: &Connection) -> Result<u64> {
    count(db, "SELECT coalesce(max(ord), 0) FROM key_order", [])
}

/// Wrapped keys after a place, each with its own; erased ones are passed over.
pub(crate) fn keys_after(db: &Connection, after: u64, limit: u32) -> Result<Vec<(u64, NamedRow)>> {
    let text = "SELECT k.ord, n.name, n.bytes FROM key_order k JOIN named n ON n.name = k.name
                WHERE k.ord > ?1 ORDER BY k.ord LIMIT ?2";
    all(db, text, (sql(after), limit), |row| {
        Ok((unsql(row.get(0)?), NamedRow { name: row.get(1)?, bytes: row.get(2)? }))
    })
}
