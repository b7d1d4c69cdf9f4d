//! How far a server ever acknowledged each sequence: what was acknowledged once and is not with the
//! server now is not said to be there.

use crate::{
    error::Result,
    sql::{all, run, sql, unsql},
};
use rusqlite::Connection;

/// Notes that a server has taken in a sequence up to a counter.
pub(crate) fn put(db: &Connection, device: &[u8; 16], generation: u32, counter: u64) -> Result<()> {
    let text = "INSERT INTO acknowledged (device, generation, counter) VALUES (?1, ?2, ?3)
                ON CONFLICT (device, generation) DO UPDATE
                SET counter = max(counter, excluded.counter)";
    run(db, text, (device, generation, sql(counter))).map(drop)
}

/// How far each sequence of a device was acknowledged, by generation.
pub(crate) fn of_device(db: &Connection, device: &[u8; 16]) -> Result<Vec<(u32, u64)>> {
    let text = "SELECT generation, counter FROM acknowledged WHERE device = ?1 ORDER BY generation";
    all(db, text, [device], |row| Ok((row.get(0)?, unsql(row.get(1)?))))
}
